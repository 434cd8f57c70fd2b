# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each role's preflight refuses and takes; all cases in one run, a host for each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from collector.settings import Settings

from ...certificates import pem
from .cases import CASES, GOOD, KEY, OTHER
from .tools import ROOT, play

PLAYBOOK = """
- hosts: cases
  gather_facts: false
  tasks:
    - block:
        - ansible.builtin.include_role:
            name: "vya.observability.{{ role }}"
            tasks_from: preflight
        - ansible.builtin.set_fact:
            found: []
      rescue:
        - ansible.builtin.set_fact:
            found: "{{ failed.faults | default(failed.argument_errors) }}"
          vars:
            failed: "{{ ansible_failed_result }}"
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/found.json"
        content: "{{ dict(groups.cases | zip(found)) | to_json }}"
        mode: "0600"
      vars:
        found: "{{ groups.cases | map('extract', hostvars, 'found') }}"
"""


# What was found by case - faults, or errors of the argument specification - and the run.
Run = tuple[dict[str, list[Any]], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, clean_python: str) -> Run:
    """What was found in each case, and the run."""
    directory = tmp_path_factory.mktemp("preflights")
    hosts = {
        name: {"role": role, "collector_host": "case", **GOOD[role], **variables}
        for name, (role, variables, _expected) in CASES.items()
    }
    done = play(
        directory,
        PLAYBOOK,
        {
            "all": {
                "vars": {
                    "ansible_connection": "local",
                    "ansible_python_interpreter": sys.executable,
                },
                "children": {
                    "cases": {"hosts": hosts},
                    "others": {"hosts": {"clean": {"ansible_python_interpreter": clean_python}}},
                },
            }
        },
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return json.loads((directory / "found.json").read_text()), done


@pytest.mark.parametrize("case", CASES)
def test_a_preflight(case: str, run: Run) -> None:
    found, expected = run[0][case], CASES[case][2]
    codes = [f"{each['code']} {each['variable']}" for each in found if isinstance(each, dict)]
    if "." in expected.split(" ")[0] and " " in expected:
        assert expected in codes
        assert {each["role"] for each in found} == {CASES[case][0]}
    elif expected:
        assert expected in json.dumps(found)
    else:
        assert found == []


def test_no_secret_is_shown(
    run: Run,
) -> None:
    shown = run[1].stdout + run[1].stderr + json.dumps(run[0])
    assert "pass-word" not in shown
    assert KEY not in shown
    assert pem(OTHER).splitlines()[1] not in shown


def test_the_settings_that_the_role_knows_are_those_of_the_program() -> None:
    options = yaml.safe_load((ROOT / "roles/collector/meta/argument_specs.yml").read_text())
    known = options["argument_specs"]["main"]["options"]["collector_settings"]["options"]

    def compare(model: type[BaseModel], specs: Mapping[str, Any], where: str) -> None:
        assert set(specs) == set(model.model_fields), where
        for name, field in model.model_fields.items():
            inner = [
                t
                for t in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if isinstance(t, type)
            ]
            models = [t for t in inner if issubclass(t, BaseModel)]
            if models:
                compare(models[0], specs[name]["options"], f"{where}.{name}")

    compare(Settings, known, "collector_settings")
