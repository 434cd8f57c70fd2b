# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the validation expects of a fleet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._release.unwanted import (
    unwanted_checks,
)
from ansible_collections.vya.observability.plugins.plugin_utils._fleet import expected

from .fleets import COLLECTOR, EXPORTER, ROOT, fleet

METRICS = json.loads((ROOT / "roles/image/files/collector/collector/catalogue.json").read_text())[
    "metrics"
]
PROMETHEUS = {"prometheus_alerting_rules": True, "prometheus_existing_rules_directory": ""}
EXISTING = {**PROMETHEUS, "prometheus_mode": "existing"}
ALL = {"vya-collector", "vya-database", "vya-ping", "vya-n8n", "vya-pipeline"}


@pytest.mark.parametrize(
    ("prometheus", "exporters", "groups"),
    [
        ({"one": PROMETHEUS}, {}, ALL - {"vya-n8n"}),
        ({"one": PROMETHEUS}, {"two": EXPORTER | {"n8n_exporter_host": "two"}}, ALL),
        ({"one": PROMETHEUS | {"prometheus_alerting_rules": "false"}}, {}, set()),
        ({"one": EXISTING}, {}, set()),
        (
            {"one": EXISTING, "two": EXISTING | {"prometheus_existing_rules_directory": "/r/v"}},
            {},
            ALL - {"vya-n8n"},
        ),
        ({}, {}, set()),
    ],
    ids=["managed", "with n8n", "no rules", "existing", "existing with rules", "none"],
)
def test_rule_groups(prometheus: Any, exporters: Any, groups: set[str]) -> None:
    assert set(expected.rule_groups(fleet(prometheus=prometheus, n8n_exporter=exporters))) == groups


NAMES = {
    "collector_container_name": "prod-collector-api",
    "ping_container_name": "prod-ping-service",
}
NEAR = {**NAMES, "ansible_host": "192.0.2.1", "observability_other_releases": []}
FOUND = ["prod-collector-api", "prod-ping-service", "mine", "yours-1"]


def _own(name: str, **entry: str) -> dict[str, Any]:
    return {"observability_services": [{"release": {"name": name}, **entry}]}


@pytest.mark.parametrize(
    ("groups", "left"),
    [
        ({"collector": {"a": NEAR}}, {"prod-ping-service", "mine", "yours-1"}),
        ({"collector": {"a": NEAR}, "ping": {"b": NEAR}}, {"mine", "yours-1"}),
        ({"ping": {"b": {**NEAR, "ansible_host": "192.0.2.2"}}}, {*FOUND}),
        ({"ping": {"b": {**NEAR, "ping_mode": "existing"}}}, {*FOUND} - {"prod-ping-service"}),
        ({"services": {"b": NEAR | _own("mine")}}, {*FOUND} - {"mine"}),
        ({"services": {"b": NEAR | _own("mine", state="absent")}}, {*FOUND} - {"mine"}),
        ({"all": {"a": {"observability_other_releases": ["yours-*"]}}}, {*FOUND} - {"yours-1"}),
    ],
    ids=["of a group", "of a host beside it", "elsewhere", "existing", "own", "own gone", "others"],
)
def test_what_nobody_wants(groups: Any, left: set[str]) -> None:
    groups = {"all": {}, **groups}
    known = fleet(**{**groups, "all": {"a": NEAR, "b": {}, **groups["all"]}})
    checks = unwanted_checks("a", FOUND, expected.wanted_releases(known, "a"))
    assert {check.subject for check in checks} == {f"a {name}" for name in left}
    assert {(check.code, check.status) for check in checks} <= {("wanted.nobody", "warn")}


@pytest.mark.parametrize(
    ("groups", "looked"),
    [
        ({}, True),
        ({"deploy_reached": {"a": {}}}, True),
        ({"webservers": {"a": {}}}, False),
        ({"webservers": {"a": {}}, "gate": {"a": {}}}, True),
        ({"prometheus": {"a": EXISTING}}, True),
        ({"prometheus": {"a": PROMETHEUS}}, False),
    ],
    ids=["no group", "while it is deployed", "others", "ours and others", "existing", "it runs"],
)
def test_a_host_that_runs_nothing_is_looked_at(groups: Any, looked: bool) -> None:
    assert expected.is_looked_at(fleet(**{"all": {"a": {}}, **groups}), "a") is looked


def test_families_are_those_of_a_collector_that_was_never_pinged() -> None:
    without, with_databases = (expected.collector_families(METRICS, of) for of in (False, True))
    assert {"collector_api_up", "collector_build_info", "api_requests_total"} <= set(without)
    assert not {"pings_received_total", "database_available", "collector_spool_samples"} & set(
        without
    )
    assert {"database_available"} <= set(with_databases) - set(without)


MINIMAL = {"host": "wf001", "region": "usa", "url": "https://api.example.com", "keys": ["a key"]}


def test_a_collector_for_the_checks() -> None:
    (found,) = expected.pipeline_collectors([MINIMAL], METRICS)
    assert found.pop("families") == expected.collector_families(METRICS, databases=False)
    assert found == {
        "name": "wf001",
        "url": "https://api.example.com",
        "keys": ["a key"],
        "job": "collector_api_wf001_usa",
        "instance": "wf001",
        "interval": 60,
        "victoriametrics": True,
    }


def test_what_is_said_of_a_collector_goes_before_what_follows() -> None:
    said = {"job": "mine", "instance": "other", "interval": 15, "families": ["up"]}
    (found,) = expected.pipeline_collectors([{**MINIMAL, **said}], METRICS)
    assert said.items() <= found.items()


@pytest.mark.parametrize("databases", [{}, {"databases": []}, {"databases": ["n8n"]}], ids=str)
def test_databases_are_compared_where_they_are_given(databases: dict[str, Any]) -> None:
    (found,) = expected.collector_services([{**MINIMAL, **databases}])
    assert found == {
        "name": "collector wf001",
        "kind": "collector",
        "host": "wf001",
        "url": "https://api.example.com",
        **databases,
    }


LOCAL = {"ansible_connection": "local"}
MACHINES = fleet(
    collector={
        "wf001": {**COLLECTOR, **LOCAL},
        "wf008": {**COLLECTOR, "ansible_host": "192.0.2.8", "collector_container_name": "own"},
        "also8": {**COLLECTOR, "ansible_host": "192.0.2.8"},
    },
    prometheus={"wfdb01": {**LOCAL, "prometheus_container_name": "prometheus"}},
    alertmanager={"wfdb01": {"alertmanager_mode": "existing"}},
    grafana={"wfdb01": {}},
)


@pytest.mark.parametrize(
    ("host", "among", "containers"),
    [
        ("wf001", ["wf001", "wf008", "also8", "wfdb01"], ["prod-collector-api", "prometheus"]),
        ("wf001", ["wf001"], ["prod-collector-api"]),
        ("wf008", ["wf001", "wf008", "also8", "wfdb01"], ["own", "prod-collector-api"]),
    ],
    ids=["one machine", "the others are left out", "one address"],
)
def test_releases_of_a_machine(host: str, among: list[str], containers: list[str]) -> None:
    assert expected.expected_releases(MACHINES, host, among) == containers


def test_containers_of_collectors() -> None:
    assert expected.collector_containers(MACHINES) == ["own", "prod-collector-api"]


def test_a_lost_host_is_a_failed_check() -> None:
    found = expected.lost_host_checks(["wf001", "wf008"])
    assert [(check["id"], check["status"], check["code"]) for check in found] == [
        ("host wf001", "fail", "host.lost"),
        ("host wf008", "fail", "host.lost"),
    ]


@pytest.mark.parametrize("removed", [False, True], ids=["kept", "removed"])
def test_a_stale_group_is_a_warning(removed: bool) -> None:
    groups = [
        {"labels": {"job": "collector_api_old_usa", "instance": "old"}, "age": 61.9},
        {"labels": {"job": "other"}, "age": 1},
    ]
    found = expected.stale_group_checks(groups, removed)
    end = ".removed" if removed else ""
    assert [(check["id"], check["status"], check["code"]) for check in found] == [
        ("group collector_api_old_usa", "warn", f"group.left{end}"),
        ("group other", "warn", f"group.unknown{end}"),
    ]
    assert found[0]["values"] == {
        "labels": ["instance=old", "job=collector_api_old_usa"],
        "age": 61.9,
    }
