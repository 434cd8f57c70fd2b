# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names are taken for misspelt ones of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._preflight.names import (
    PLAYBOOKS,
    key_faults,
    names,
    variable_faults,
)

ROOT = Path(__file__).parents[5]
ROLES = sorted(path.parent.parent for path in ROOT.glob("roles/*/meta/argument_specs.yml"))


def found(*given: str, others: tuple[str, ...] = ()) -> list[str]:
    return [f"{f.code} {f.variable} {f.expected}" for f in variable_faults(given, others)]


def test_names_are_those_of_the_roles() -> None:
    known, computed = set(PLAYBOOKS), set()
    for role in ROLES:
        specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
        known |= {name for entry in specs.values() for name in entry.get("options", {})}
        for folder, of in (("defaults", known), ("vars", computed)):
            path = role / folder / "main.yml"
            of |= set(yaml.safe_load(path.read_text()) or {}) if path.exists() else set()
    assert (names().known, names().computed) == (known, computed - known)


def _defined(node: Any) -> Iterator[str]:
    """Names that a playbook gives a value itself."""
    if isinstance(node, list):
        for each in node:
            yield from _defined(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("register", "loop_var"):
                yield value
            if key in ("vars", "ansible.builtin.set_fact") and isinstance(value, dict):
                yield from value
            yield from _defined(value)


def test_variables_of_the_playbooks_are_known() -> None:
    files = list(ROOT.glob("playbooks/**/*.yml"))
    text = "\n".join(
        line
        for path in files
        for line in path.read_text().splitlines()
        if not line.lstrip().startswith("#")
    )
    text = re.sub(r"groups\['\w+'\]|key: .*", "", text)
    used = set(
        re.findall(r"\b(?:backup|decommission|deploy|drill|restore|rollback|validate)_\w+", text)
    )
    defined = {name for path in files for name in _defined(yaml.safe_load(path.read_text()))}
    groups = {"deploy_unreachable", "deploy_reached", "drill_"}
    # Plugins, facts of the lookup and keys of results.
    plugins = {
        "deploy_summary",
        "rollback_command",
        "drill_checks",
        "backup_names",
        "validate_report",
    }
    of = names()
    of_roles = of.computed | (of.known - {*PLAYBOOKS})
    read_by_plugins = {"deploy_remove_limit", "validate_from"}
    assert used - defined - groups - plugins - of_roles | read_by_plugins == {*PLAYBOOKS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prometheus_retension", "variable.unknown prometheus_retention"),
        ("collector_memmory", "variable.unknown collector_memory"),
        ("colector_bind_address", "variable.unknown collector_bind_address"),
        ("deploy_gat", "variable.unknown deploy_gate"),
        ("pign_interval_seconds", "variable.unknown ping_interval_seconds"),
        ("grafna_password", "variable.unknown grafana_password"),
        ("n8n_exporters_url", "variable.unknown n8n_exporter_url"),
        ("Prometheus-Port", "variable.unknown prometheus_port"),
        ("rollback_contaner", "variable.unknown rollback_container"),
        ("traefik_services", "variable.computed"),
        ("prometheus_port", ""),
        ("deploy_serial", ""),
        # Of others
        ("ansible_ping_x", ""),
        ("vault_prometheus_password", ""),
        ("collection_path", ""),
        ("images", ""),
        ("images_of_ours", ""),
        ("databases_address", ""),
        ("prometheus", ""),
        ("motd", ""),
    ],
)
def test_a_name(name: str, expected: str) -> None:
    code, _, near = expected.partition(" ")
    faults = found(name)
    assert len(faults) == bool(code)
    assert all(each.startswith(f"{code} {name} {near}") for each in faults)


def test_names_of_the_user_are_exempted() -> None:
    assert found("deploy_user", "image_mirror_url", others=("deploy_user", "image_mirror_")) == []


def test_a_key_of_a_dictionary() -> None:
    faults = list(key_faults("collector_settings.api", {"port": {}, "burst": {}}, ["prot", "port"]))
    assert [(f.code, f.variable, f.expected) for f in faults] == [
        ("variable.unknown", "collector_settings.api.prot", "port")
    ]
