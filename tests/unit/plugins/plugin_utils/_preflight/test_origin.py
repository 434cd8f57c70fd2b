# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variable of the user a fault is about, and where it is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.vya.observability.plugins.plugin_utils._preflight import origin
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.fault import Fault

TEXT = """---
observability_bind_address: 127.0.0.300
collector_databases:
  - name: first
    password: x
  - name: n8n
    password: y
collector_settings:
  api:
    port: often
prometheus_retension: true
"""
DEFAULTS = {
    "prometheus_bind_address": "{{ observability_bind_address }}",
    "observability_bind_address": "127.0.0.1",
    "observability_urls": {"one": "http://{{ prometheus_bind_address }}"},
    "prometheus_url": "{{ observability_urls.one }}",
    "prometheus_port": 9090,
    "traefik_bind_address": "{{ lookup('vya.observability.fleet', 'bind_address') }}",
    "collector_pushgateway_username": "{{ observability_pushgateway_username }}",
    "collector_pushgateway_password": "{{ observability_pushgateway_password }}",
    "observability_pushgateway_username": "",
    "observability_pushgateway_password": "",
}


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Variables as Ansible has read them."""
    (tmp_path / "vars.yml").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = DataLoader().load_from_file(str(tmp_path / "vars.yml"))
    return found


def traced(known: dict[str, Any], variable: str, code: str = "x.y") -> tuple[str, str]:
    fault = origin.traced(Fault(code, variable, "", ""), known, DEFAULTS)
    return fault.variable, fault.where


@pytest.mark.parametrize(
    ("variable", "name", "where"),
    [
        ("observability_bind_address", "observability_bind_address", "vars.yml:2"),
        ("prometheus_bind_address", "observability_bind_address", "vars.yml:2"),
        ("prometheus_url", "observability_bind_address", "vars.yml:2"),
        ("observability_urls.one", "observability_bind_address", "vars.yml:2"),
        ("traefik_bind_address", "observability_bind_address", "vars.yml:2"),
        ("prometheus_port", "prometheus_port", ""),
        ("collector_databases[n8n].password", "collector_databases[n8n].password", "vars.yml:7"),
        ("collector_databases[0].password", "collector_databases[0].password", "vars.yml:5"),
        ("collector_databases[n8n].user", "collector_databases[n8n].user", "vars.yml:6"),
        ("collector_settings.api.port", "collector_settings.api.port", "vars.yml:10"),
        ("no_such_variable", "no_such_variable", ""),
        ("--tags", "--tags", ""),
    ],
)
def test_a_variable(known: dict[str, Any], variable: str, name: str, where: str) -> None:
    assert traced(known, variable) == (name, where)


def test_the_place_of_a_name_whose_value_has_none(known: dict[str, Any]) -> None:
    assert traced(known, "prometheus_retension", "variable.unknown")[1] == "vars.yml:11"


def test_a_pair_is_told_by_what_both_are_by_default(known: dict[str, Any]) -> None:
    expected = "a value beside collector_pushgateway_username"
    fault = Fault("pair.incomplete", "collector_pushgateway_password", expected, "")
    found = origin.traced(fault, {**known, "observability_pushgateway_username": "push"}, DEFAULTS)
    assert found.variable == "observability_pushgateway_password"
    assert found.expected == "a value beside observability_pushgateway_username"


def test_a_default_that_two_variables_make(known: dict[str, Any]) -> None:
    more = {**known, "observability_urls": {"one": "x"}}
    of_two = {**DEFAULTS, "prometheus_url": "{{ observability_urls }}{{ prometheus_bind_address }}"}
    fault = origin.traced(Fault("x.y", "prometheus_url", "", ""), more, of_two)
    assert (fault.variable, fault.where) == ("prometheus_url", "")


def test_inside_a_role_its_defaults_are_not_what_the_user_set(known: dict[str, Any]) -> None:
    inside = {**DEFAULTS, **known}
    assert traced(inside, "prometheus_bind_address") == ("observability_bind_address", "vars.yml:2")


def test_values_of_older_versions_have_a_position(tmp_path: Path) -> None:
    class Text(str):
        ansible_pos = (str(tmp_path / "a.yml"), 7, 1)

    assert origin.where(Text("x")) == f"{tmp_path}/a.yml:7"
    assert origin.where("x") == ""
