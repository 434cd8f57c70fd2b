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
    "observability_registry": "",
    "traefik_certificate_source": "files",
}
RUNS = {**PLAIN, **COLLECTOR}
EXISTING = {**PLAIN, "prometheus_mode": "existing"}


def parts(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups of each host, without those of the plays."""
    return [each for each in found if not each["groups"][0].startswith("deploy_play_")]


def plays(found: list[dict[str, Any]], name: str) -> list[str]:
    """The hosts of a play."""
    return [each["host"] for each in found if each["groups"] == [f"deploy_play_{name}"]]


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
    assert parts(found) == [{"host": "one", "groups": groups_of}]


SAME = {"reference": "registry/collector@sha256:1", "changed": False}


@pytest.mark.parametrize(
    ("builder", "settled"),
    [
        ({"settled": True, "images": {"collector": SAME}}, True),
        # Something else is to do there; the image stays.
        ({"settled": False, "images": {"collector": SAME}}, True),
        ({"settled": False, "images": {"collector": {**SAME, "changed": True}}}, False),
        ({"settled": True, "images": {"collector": {**SAME, "reference": "other"}}}, False),
        ({"settled": False, "images": {"collector": {"failed": True}}}, False),
        ({}, False),
    ],
    ids=["the same", "only that", "built", "another", "no answer", "not looked at"],
)
def test_an_image_that_another_host_builds(builder: dict[str, Any], settled: bool) -> None:
    registry = {"observability_registry": "registry", "image_build_host": "one"}
    look = {"settled": True, "images": {"collector": SAME, "grafana": {"failed": True}}}
    hosts = {
        "one": {**RUNS, **registry, "deploy_look": builder},
        "two": {**RUNS, **registry, "deploy_look": look},
    }
    found = stages.seen_groups(fleet(all=hosts, collector=hosts), ["two"], ["all"], [])
    assert (found[0]["groups"] == ["deploy_settled"]) is settled


@pytest.mark.parametrize(
    ("seen", "groups_of"),
    [
        ({}, []),
        (
            {"deploy_plan": {"pending": ["prod-collector-api"]}},
            ["deploy_collector", "deploy_watched"],
        ),
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
    assert parts(found) == [{"host": "one", "groups": groups_of}] * bool(groups_of)


def test_a_play_has_one_host_more_than_those_that_it_is_for() -> None:
    settled = {**RUNS, "deploy_look": {"settled": True}}
    hosts = {"one": settled, "two": RUNS, "three": RUNS, "four": settled}
    found = stages.seen_groups(fleet(all=hosts, collector=hosts), [*hosts], ["all"], [])
    assert plays(found, "unsettled") == ["two", "three", "one"]
    assert plays(found, "existing") == []
    changing = {"deploy_plan": {"pending": ["other"]}}
    changed = {host: {**RUNS, **changing} for host in hosts}
    made = fleet(
        all=changed,
        collector=changed,
        grafana={"two": {**changed["two"], "grafana_container_name": "grafana"}},
    )
    found = stages.planned_groups(made, [*hosts], ["all"], [])
    assert plays(found, "stack") == [*hosts]
    assert plays(found, "grafana") == ["two", "one"]


@pytest.mark.parametrize(
    ("changing", "gate", "first"),
    [
        (["b", "c"], [], ["b"]),
        (["a", "b", "c"], ["c"], ["c"]),
        (["a", "b"], ["c"], ["a"]),
        ([], ["a"], []),
        (["elsewhere"], [], []),
    ],
    ids=["the first that changes", "a test host", "it does not change", "nothing", "no collector"],
)
def test_whom_the_others_wait_for(changing: list[str], gate: list[str], first: list[str]) -> None:
    collectors = dict.fromkeys(("a", "b", "c"), RUNS)
    made = fleet(collector=collectors, gate={host: {} for host in gate})
    assert stages.watched(made, changing) == first
