# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which plays of a deploy a host takes part in."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import stages

from .fleets import COLLECTOR, fleet

PLAIN: dict[str, Any] = {
    "observability_ca_path": "",
    "observability_other_releases": [],
    "collector_ca_path": "",
    "traefik_certificate_source": "files",
}
RUNS = {**PLAIN, **COLLECTOR}
EXISTING = {**PLAIN, "prometheus_mode": "existing"}


@pytest.mark.parametrize(
    ("groups", "groups_of"),
    [
        ({"collector": {"one": {**RUNS, "deploy_look": {"settled": True}}}}, ["deploy_settled"]),
        ({"collector": {"one": {**RUNS, "deploy_look": {"settled": False}}}}, ["deploy_unsettled"]),
        ({"collector": {"one": RUNS}}, ["deploy_unsettled"]),
        ({"all": {"one": PLAIN}}, ["deploy_unsettled", "deploy_looked_at"]),
        (
            {"prometheus": {"one": EXISTING}},
            ["deploy_unsettled", "deploy_existing", "deploy_looked_at"],
        ),
    ],
    ids=["settled", "not settled", "not looked at", "nothing runs", "existing service"],
)
def test_after_the_look(groups: Any, groups_of: list[str]) -> None:
    found = stages.seen_groups(fleet(**groups), ["one"], ["all"], [])
    assert found == [{"host": "one", "groups": groups_of}]


@pytest.mark.parametrize(
    ("seen", "groups_of"),
    [
        ({}, []),
        ({"deploy_plan": {"pending": ["prod-collector-api"]}}, ["deploy_collector"]),
        ({"deploy_plan": {"pending": ["other"]}}, ["deploy_stack"]),
        ({"deploy_plan": {"pending": [], "releases": ["prod-collector-api"]}}, []),
        ({"deploy_plan": {"pending": [], "releases": ["old"]}}, ["deploy_unwanted"]),
        ({"deploy_left": {"releases": ["old"]}}, ["deploy_unwanted"]),
    ],
    ids=["nothing", "collector", "stack", "wanted", "unwanted", "unwanted on a host without roles"],
)
def test_after_the_plan(seen: dict[str, Any], groups_of: list[str]) -> None:
    hosts = {"one": {**RUNS, **seen}, "two": RUNS}
    found = stages.planned_groups(fleet(all=hosts, collector=hosts), ["one", "two"], ["all"], [])
    assert found == [{"host": "one", "groups": groups_of}] * bool(groups_of)
