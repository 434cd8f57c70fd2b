# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps from a step of a playbook or role, and the variables that only playbooks read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader

from ansible_collections.vya.observability.plugins.modules import preflight
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.options import (
    playbook_faults,
)
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.run import (
    INVENTORY,
    STEPS,
    step_faults,
)

GROUPS = {"gate": ["wf001"], "collector": ["wf001", "wf008"]}
GRAFANA: dict[str, Any] = {
    "grafana_paths": {"results": []},
    "grafana_folders": [{"uid": "vya"}],
    "grafana_file_dashboards": [
        {"folder": "vya", "content": {"uid": "one"}},
        {"folder": "", "content": {"uid": "two"}},
    ],
    "grafana_rule_groups": [],
    "grafana_before": dict.fromkeys(("datasources", "rules", "points", "templates", "deleted"), ()),
    "grafana_files_found": {"files": [{"path": "/etc/dashboards/one.json"}]},
    "grafana_datasources": [{"uid": "prometheus", "name": "Prometheus"}],
    "grafana_wanted_rules": ["rule"],
    "grafana_all_contact_points": [{"uid": "point"}],
    "grafana_templates": [{"name": "template"}],
    "grafana_max_deletions": 4,
    "grafana_provisioned": {
        "bundle": {
            "datasources": [{"uid": "prometheus", "name": "Prometheus"}],
            "dashboards": [{"content": {"uid": "one"}}, {"content": {"uid": "two"}}],
            "rule_groups": [{"rules": [{"uid": "rule"}]}],
            "contact_points": [{"uid": "point"}],
        }
    },
}


def hostvars(**variables: Any) -> Any:
    """What a host's inventory says."""
    return SimpleNamespace(raw_get=lambda _host: variables)


# What is fine for each step, and what is not.
FINE: dict[str, dict[str, Any]] = {
    "decommission": {
        "groups": {"all": ["wf001", "wf005"]},
        "decommission_host": "wf005",
        "decommission_roles": ["collector"],
        "decommission_needed_by": [],
        "decommission_own": ["mine"],
    },
    "backup": {"backup_known": ["prometheus"], "backup_services": ["prometheus"]},
    "restore": {
        "groups": {"all": ["wf001", "wfdb01"]},
        "restore_host": "wf001",
        "restore_service": "prometheus",
    },
    "checker": {
        "groups": {**GROUPS, "deploy_unreachable": ["wf008"]},
        "validate_checker": "wfdb01",
    },
    "drill": {"groups": GROUPS},
    "gate": {"groups": GROUPS, "ansible_play_hosts_all": ["wf001"]},
    "hosts": {
        "groups": {
            **GROUPS,
            "deploy_left_out": ["wf008"],
            "deploy_reached": ["wf001", "db"],
            "deploy_asked": ["wf001", "wf008"],
        }
    },
    "reached": {"groups": {**GROUPS, "deploy_unreachable": ["wf008"], "deploy_reached": ["wf001"]}},
    "remove": {
        "groups": GROUPS,
        "inventory_hostname": "wf001",
        "hostvars": hostvars(remove_volumes=True, remove_old_files=True),
    },
    "rollback": {"inventory_hostname": "wf001", "hostvars": hostvars(rollback_hosts="wf001")},
    "stale_groups": {"deploy_stale_groups": [{}] * 10},
    "tags": {"ansible_run_tags": ["ping"], "validate_tags": ["all", "ping"]},
    **{step: GRAFANA for step in STEPS if step.startswith("grafana_")},
    # Whatever else it said, its turn comes later.
    "grafana_asked": {"grafana_asked": {"code": "http.refused", "failed": True}},
}


def kept(step: str, **facts: Any) -> list[str]:
    """Code and variable of each fault of a step, with what was seen."""
    found = step_faults(DataLoader(), {**FINE[step], **facts}, step)
    return [f"{fault.code} {fault.variable} {fault.seen}" for fault in found]


def test_the_documentation_names_them_all() -> None:
    options = yaml.safe_load(preflight.DOCUMENTATION)["options"]
    assert {name: options[name].get("choices") for name in ("inventory", "steps")} == {
        "inventory": sorted(INVENTORY),
        "steps": sorted(STEPS),
    }


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_may_be_taken(step: str) -> None:
    assert kept(step) == []


@pytest.mark.parametrize(
    ("step", "facts", "expected"),
    [
        (
            "backup",
            {"backup_services": ["promeheus"]},
            ["reference.unknown backup_services promeheus"],
        ),
        (
            "backup",
            {"backup_services": "prometheus"},
            ["value.invalid backup_services 'prometheus'"],
        ),
        (
            "restore",
            {"restore_state": "prove", "restore_service": ""},
            ["value.invalid restore_state 'prove'"],
        ),
        (
            "drill",
            {"drill_timeout_seconds": "long", "drill_stop_collector": "wf001"},
            ["value.invalid drill_timeout_seconds 'long'"],
        ),
        (
            "decommission",
            {"decommission_host": None},
            ["value.missing decommission_host nothing"],
        ),
        (
            "decommission",
            {"decommission_host": "wf05"},
            ["reference.unknown decommission_host wf05"],
        ),
        (
            "decommission",
            {"decommission_roles": ["collector", "pushgateway"]},
            ["host.needed decommission_host it has pushgateway"],
        ),
        (
            "decommission",
            {"decommission_needed_by": ["wf008", "wf001", "wf008"]},
            ["host.needed decommission_host of wf001, wf008"],
        ),
        (
            "decommission",
            {"decommission_roles": ["ping", "traefik"], "decommission_service": "ping"},
            [],
        ),
        (
            "decommission",
            {"decommission_service": "mine"},
            ["service.wanted decommission_service mine"],
        ),
        (
            "decommission",
            {"decommission_service": "ping"},
            ["reference.unknown decommission_service ping"],
        ),
        ("decommission", {"decommission_service": "of-nobody"}, []),
        ("restore", {"restore_host": "wf0001"}, ["reference.unknown restore_host wf0001"]),
        (
            "restore",
            {"restore_host": "", "restore_service": ""},
            ["value.missing restore_host nothing", "value.missing restore_service nothing"],
        ),
        ("drill", {"drill_stop_collector": "wf001"}, []),
        (
            "drill",
            {"drill_stop_collector": "wf007"},
            ["reference.unknown drill_stop_collector wf007"],
        ),
        (
            "gate",
            {"ansible_play_hosts_all": ["wf008"]},
            ["gate.left_out deploy_gate wf008"],
        ),
        (
            "gate",
            {"ansible_play_hosts_all": ["wf008"], "groups": {"collector": ["wf008"]}},
            [],
        ),
        (
            "checker",
            {"validate_checker": "wf008"},
            ["checker.unreachable validate_from wf008"],
        ),
        (
            "hosts",
            {"groups": {**GROUPS, "deploy_left_out": ["wf001", "wf008"]}},
            ["host.none ansible_host wf001, wf008"],
        ),
        (  # the other host runs nothing
            "hosts",
            {
                "groups": {
                    **GROUPS,
                    "deploy_left_out": ["wf001"],
                    "deploy_reached": ["db"],
                    "deploy_asked": ["wf001"],
                },
            },
            ["host.none ansible_host wf001"],
        ),
        (  # nobody is left out: what is deployed is reached another way
            "hosts",
            {
                "groups": {**GROUPS, "deploy_reached": ["db"]},
            },
            [],
        ),
        (
            "reached",
            {"groups": {**GROUPS, "deploy_unreachable": ["wf001", "wf008"]}},
            ["gate.unreachable gate wf001"],
        ),
        (
            "reached",
            {"groups": {**GROUPS, "deploy_left_out": ["wf001"], "deploy_reached": ["wf008"]}},
            ["gate.unreachable gate wf001"],
        ),
        (
            "reached",
            {"groups": {**GROUPS, "deploy_left_out": ["wf001", "wf008"], "deploy_reached": []}},
            [],
        ),
        ("rollback", {"hostvars": hostvars(prometheus_retension="1d", rolback="x")}, []),
        (
            "rollback",
            {"hostvars": hostvars(rolback_container="prometheus")},
            ["variable.unknown rolback_container a name that nothing reads"],
        ),
        (
            "remove",
            {"hostvars": hostvars(remove_volume=True)},
            ["variable.unknown remove_volume a name that nothing reads"],
        ),
        ("stale_groups", {"deploy_remove_limit": "10"}, []),
        (
            "stale_groups",
            {"deploy_remove_limit": 9},
            ["groups.too_many deploy_remove_stale_groups 10"],
        ),
        (
            "tags",
            {"ansible_run_tags": ["metric", "ping"]},
            ["tags.unknown --tags metric"],
        ),
        (
            "grafana_dashboards",
            {
                "grafana_paths": {"results": [{"item": {"path": "/none"}, "files": []}]},
                "grafana_rule_groups": [{"folder": "nowhere"}],
                "grafana_file_dashboards": [
                    {"content": {}, "problems": ["a.json: not valid JSON"]},
                    *[{"folder": "vya", "content": {"uid": "one"}}] * 2,
                ],
            },
            [
                "path.empty grafana_extra_dashboards /none",
                "reference.unknown grafana_extra_folders no nowhere",
                "dashboard.invalid grafana_extra_dashboards a.json: not valid JSON",
                "name.twice grafana_extra_dashboards one twice",
            ],
        ),
        (
            "grafana_deletions",
            {
                "grafana_before": {
                    "datasources": ["Prometheus", "More", "Old"],
                    "rules": ["rule", "gone"],
                    "points": ["point", "hook"],
                    "templates": ["template", "short"],
                    "deleted": ["Old"],
                },
                "grafana_files_found": {
                    "files": [{"path": "/a/one.json"}, {"path": "/b/own.json"}]
                },
            },
            ["deletions.too_many grafana_max_deletions 5: More, gone, hook, own, short"],
        ),
        (
            "grafana_provisioned",
            {
                "grafana_before": {"rules": ["rule", "old"], "datasources": ["Prometheus"]},
                "grafana_wanted_rules": ["old-and-new"],
                "grafana_datasources": [{"uid": "more", "name": "More"}],
            },
            [
                "provisioning.unread grafana_provisioning_directory no data source more, "
                "no rule old-and-new, still Prometheus, still rule"
            ],
        ),
    ],
)
def test_what_keeps_from_a_step(step: str, facts: dict[str, Any], expected: list[str]) -> None:
    assert kept(step, **facts) == expected


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        *(
            ({"deploy_serial": value}, False)
            for value in (1, -1, "2", " 2 ", "50 %", [1, "10%", "50%"], 2.0)
        ),
        *(({"deploy_serial": value}, True) for value in ("fast", "", None, [[1]], "1.5", "[1, 2]")),
        # The module makes a list of it itself.
        ({"drill_alerts": "ClockOffsetHigh,PushFailing"}, False),
        ({"backup_services": "prometheus"}, True),
    ],
)
def test_variables_of_playbooks(variables: dict[str, Any], wrong: bool) -> None:
    assert bool(list(playbook_faults(variables, variables))) is wrong
