# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks, and the collection's modules as Ansible runs them: each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
MODULES = "ansible_collections.vya.observability.plugins.modules"
COLLECTOR = PROJECT / "roles/image/files/collector"  # where Python finds it
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")


def environment(**more: str) -> dict[str, str]:
    """What Ansible is told beside its arguments, however whoever runs the tests has set it."""
    return {
        **os.environ,
        "ANSIBLE_CALLBACK_PLUGINS": str(PROJECT / "tests/callback"),
        "ANSIBLE_COLLECTIONS_PATH": str(PROJECT / ".build"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "COLUMNS": "1000",
        **more,
    }


def play(
    *arguments: str | Path, seconds: float = 300, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run ansible-playbook to its end.

    Args:
        arguments: Those of its command line.
        seconds: When it is given up.
        cwd: Where it runs.
        more: Environment variables.
    """
    return subprocess.run(
        [PLAYBOOK, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=cwd,
        env=environment(**more),
    )


def start_module(
    name: str,
    arguments: Mapping[str, Any],
    *,
    check: bool = False,
    under: Sequence[str] = (),
    switches: Sequence[str] = (),
    **more: str,
) -> subprocess.Popen[str]:
    """Start a module, which shows differences.

    Args:
        name: Its name.
        arguments: Its options.
        check: Whether in check mode.
        under: A command that runs it.
        switches: Of Python.
        more: Environment variables.
    """
    process = subprocess.Popen(
        [*under, sys.executable, *switches, "-m", f"{MODULES}.{name}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more},
    )
    given = {**arguments, "_ansible_check_mode": check, "_ansible_diff": True}
    assert process.stdin
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": given}))
    process.stdin.close()
    process.stdin = None
    return process


def run_module(
    name: str, arguments: Mapping[str, Any], *, seconds: float = 120, **how: Any
) -> tuple[dict[str, Any], str]:
    """Run a module to its end; its answer, and all that it printed."""
    process = start_module(name, arguments, **how)
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert output, errors
    result: dict[str, Any] = json.loads(output)
    assert not result.get("exception"), result["exception"]
    return result, output + errors


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where it finds the collector."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=COLLECTOR,
        timeout=60,
    )


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the collector."""
    return python("-m", "collector", *arguments)
