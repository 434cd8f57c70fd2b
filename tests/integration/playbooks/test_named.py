# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules say of an option names the variable of the role."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from .tools import play

PLAYBOOK = """
- hosts: here
  gather_facts: false
  tasks:
    - vya.observability.service_check:
        services: []
        ca_path: "{{ validate_ca_path | default(omit, true) }}"
      register: checked
      ignore_errors: true
    - vya.observability.alert_drill:
        pushgateway: {url: http://127.0.0.1:1}
        prometheus: {url: http://127.0.0.1:1}
        alertmanager: {url: http://127.0.0.1:1}
        alerts: [CollectorStale]
        ca_path: "{{ observability_ca_path }}"
      register: drilled
      ignore_errors: true
    - vya.observability.service_check:
        services: []
        ca_path: /none/of/ours.crt
      register: alone
      ignore_errors: true
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/found.json"
        content: "{{ [checked, drilled, alone] | to_json }}"
        mode: "0600"
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """The results of the three tasks."""
    directory: Path = tmp_path_factory.mktemp("named")
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "validate_ca_path": "/none/validate.crt",
        "observability_ca_path": "/none/ca.crt",
    }
    done = play(directory, PLAYBOOK, {"all": {"hosts": {"here": host}}})
    assert done.returncode == 0, done.stdout + done.stderr
    results: list[dict[str, object]] = json.loads((directory / "found.json").read_text())
    return results


def test_variables_of_roles(found: list[dict[str, object]]) -> None:
    assert [each["code"] for each in found] == ["http.option"] * 3
    assert [each.get("variable") for each in found] == [
        "validate_ca_path",
        "observability_ca_path",
        None,
    ]
