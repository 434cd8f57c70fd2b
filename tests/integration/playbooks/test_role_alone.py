# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role in a playbook of the user's own tells a misspelt choice as a deploy does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .tools import play

ALONE = """
- hosts: all
  gather_facts: false
  roles: [vya.observability.ROLE]
"""
MANAGED = ("alertmanager", "ping", "prometheus", "pushgateway", "traefik", "victoriametrics")
CASES = {
    **{role: (f"{role}_mode", "managd", "managed") for role in MANAGED},
    "grafana": ("grafana_mode", "exsting", "existing"),
    "docker_engine": ("observability_storage_kind", "prometeus", "prometheus"),
    "image": ("observability_image_source", "registy", "registry"),
    "validate": ("validate_report_language", "pt_BR", "pt-BR"),
    "collector": ("collector_databases", [{"name": "n8n", "type": "postgres"}], "postgresql"),
}


@pytest.mark.parametrize("role", CASES)
def test_a_choice_that_is_misspelt(role: str, tmp_path: Path) -> None:
    variable, value, nearest = CASES[role]
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory = {"all": {"hosts": {"one": {**host, variable: value}}}}
    environment = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    done = play(tmp_path, ALONE.replace("ROLE", role), inventory, environment=environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert '"code": "value.invalid"' in done.stdout
    assert f'"expected": "{nearest}' in done.stdout
    assert "argument_spec_data" not in done.stdout
    assert len(done.stdout.splitlines()) < 80
