# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role docker_engine where it may not install, or where that would be of no use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .tools import play

ENGINE = """
- hosts: clean
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.docker_engine
"""


@pytest.mark.parametrize(
    ("variables", "arguments", "expected"),
    [
        ({"docker_engine_install": False}, [], "docker_engine_install is false."),
        ({"docker_engine_disk_minimum": 1000000}, [], "disk.full"),
    ],
    ids=["not allowed", "no disk"],
)
def test_a_host_without_docker_is_left_alone(
    tmp_path: Path,
    clean_python: str,
    variables: Mapping[str, Any],
    arguments: list[str],
    expected: str,
) -> None:
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": clean_python,
        # Its Python is not the distribution's; what is missing there is the engine alone.
        "docker_engine_python_modules": [],
        **variables,
    }
    done = play(tmp_path, ENGINE, {"all": {"hosts": {"clean": host}}}, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert expected in " ".join(done.stdout.split())
    assert "changed=0" in done.stdout
    assert "TASK [vya.observability.docker_engine : Install the packages]" not in done.stdout


def test_check_mode_foresees_it(tmp_path: Path, clean_python: str) -> None:
    host = {"ansible_connection": "local", "ansible_python_interpreter": clean_python}
    done = play(tmp_path, ENGINE, {"all": {"hosts": {"clean": host}}}, "--check")
    # Its Python is not the distribution's, so there is no package of it to install.
    assert done.returncode == 2, done.stdout + done.stderr
    host["docker_engine_python_modules"] = []
    done = play(tmp_path, ENGINE, {"all": {"hosts": {"clean": host}}}, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "foresight" in done.stdout
