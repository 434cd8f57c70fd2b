# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run as Ansible runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

PREFIX = "ansible_collections.vya.observability.plugins.modules"


def start_module(
    name: str, check: bool = False, under: Sequence[str] = (), **arguments: Any
) -> subprocess.Popen[str]:
    """Start a module in a process of its own, or below the command C(under)."""
    arguments |= {"_ansible_check_mode": check, "_ansible_diff": True}
    process = subprocess.Popen(
        [*under, sys.executable, "-m", f"{PREFIX}.{name}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdin
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
    process.stdin.close()
    process.stdin = None
    return process


def run_module(name: str, check: bool = False, seconds: float = 120, **arguments: Any) -> Any:
    """Run a module to its end; its answer."""
    process = start_module(name, check, **arguments)
    output, errors = process.communicate(timeout=seconds)
    assert output, errors
    result = json.loads(output)
    assert result.get("exception") is None, result["exception"]
    return result
