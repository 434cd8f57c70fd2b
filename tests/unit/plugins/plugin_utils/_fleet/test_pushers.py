# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collectors, exporters and their groups, for fleets that differ."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import pushers

from .fleets import COLLECTOR, EXPORTER, ROOT, fleet

TWO = fleet(
    collector={
        "wf001": {**COLLECTOR, "collector_host": "wf001", "collector_region": "usa"},
        "wf008": {
            **COLLECTOR,
            "collector_host": "wf008.example.com",
            "collector_region": "brazil",
            "collector_pushgateway_interval_seconds": "90",
        },
    },
    n8n_exporter={
        "wf001": {**EXPORTER, "n8n_exporter_host": "wf001"},
        "wf009": {
            **EXPORTER,
            "n8n_exporter_host": "nine",
            "n8n_exporter_exporters": ["nodes"],
            "n8n_exporter_schedule": "7 * * * *",
        },
        "wf010": {**EXPORTER, "n8n_exporter_victoriametrics_url": "http://vm.example.com:8428"},
    },
)
USA = {"job": "collector_api_wf001_usa", "instance": "wf001"}
BRAZIL = {"job": "collector_api_wf008.example.com_brazil", "instance": "wf008.example.com"}
EXECUTIONS = {"job": "n8n_executions", "instance": "wf001"}
NODES = {"job": "n8n_nodes", "instance": "wf001"}
NODES_OF_NINE = {"job": "n8n_nodes", "instance": "nine"}
NOBODY = fleet()


def test_the_job_is_the_one_under_which_the_collector_pushes() -> None:
    program = ROOT / "roles/image/files/collector/collector/pushgateway.py"
    assert "/job/{quote(f'collector_api_{host}_{region}')}/" in program.read_text()
    assert pushers.collector_job("wf001", "usa") == "collector_api_wf001_usa"


def test_collectors() -> None:
    assert pushers.collector_groups(TWO) == [USA, BRAZIL]
    assert pushers.collector(TWO["wf008"]) == {
        "host": "wf008.example.com",
        "region": "brazil",
        "url": "https://api.example.com",
        "keys": ["a key"],
        "interval": "90",
        "databases": ["n8n"],
        "database_hosts": {"n8n": "postgresql"},
        "victoriametrics": True,
    }
    assert pushers.collector_groups(NOBODY) == []


@pytest.mark.parametrize(
    ("settings", "sends"),
    [(None, False), ({"log_level": "debug"}, False), ({"victoriametrics": {"url": "x"}}, True)],
    ids=["switched off", "other settings", "by its settings"],
)
def test_a_collector_that_sends_no_pings_to_victoriametrics(settings: Any, sends: bool) -> None:
    off = {"collector_victoriametrics_url": "", "collector_settings": settings}
    assert pushers.collector({**TWO["wf008"], **off})["victoriametrics"] is sends


@pytest.mark.parametrize(("of", "seconds"), [(TWO, 90), (NOBODY, 60)], ids=["two", "nobody"])
def test_the_slowest_push(of: Any, seconds: int) -> None:
    assert pushers.slowest_push(of) == seconds


def test_exporters_that_push_to_victoriametrics_are_not_on_the_gateway() -> None:
    assert pushers.n8n_exporters(TWO) == [
        {"instance": "wf001", "exporter": "executions"},
        {"instance": "wf001", "exporter": "nodes"},
        {"instance": "nine", "exporter": "nodes"},
    ]


def test_exporters_for_the_checks() -> None:
    found = pushers.pipeline_exporters(TWO)
    assert [(each["name"], each["job"], each["instance"], each["interval"]) for each in found] == [
        ("n8n_executions wf001", "n8n_executions", "wf001", 180),
        ("n8n_nodes wf001", "n8n_nodes", "wf001", 180),
        ("n8n_nodes wf009", "n8n_nodes", "nine", 3600),
    ]
    assert [each["name"] for each in pushers.pipeline_exporters(TWO, ["wf009"])] == [
        "n8n_nodes wf009"
    ]


def test_validations_that_are_published() -> None:
    off = {"validate_publish": False, "validate_publish_instance": "staging"}
    on = {"validate_publish": "yes", "validate_publish_instance": "production"}
    assert pushers.validations(fleet(all={"wf001": on, "wf008": on, "wf009": off})) == [
        "production"
    ]
    assert pushers.validations(NOBODY) == []


def test_owned_groups() -> None:
    assert pushers.owned_groups(TWO) == [USA, BRAZIL, EXECUTIONS, NODES, NODES_OF_NINE]


@pytest.mark.parametrize(
    ("among", "exporters"),
    [(None, False), (["wf001", "wf009", "wf010"], False), (["wf001"], True)],
    ids=["whole inventory", "all of them", "one of them"],
)
def test_known_jobs(among: list[str] | None, exporters: bool) -> None:
    known = pushers.known_jobs(TWO, ["mine"], among)
    assert {"mine", "roundtrip_check", r"collector_api_wf008\.example\.com_brazil"} < set(known)
    assert ("n8n_(executions|nodes)" in known) is exporters


@pytest.mark.parametrize(
    ("labels", "stale"),
    [
        (USA, False),
        (NODES_OF_NINE, False),
        ({"job": "collector_api_drill_usa", "instance": "drill"}, False),
        ({"job": "roundtrip_check"}, False),
        ({"job": "mine"}, False),
        ({"job": "validation", "instance": "production"}, False),
        ({"job": "mine_too"}, True),
        ({"job": "collector_api_wf001_brazil", "instance": "wf001"}, True),
        ({"job": "n8n_executions", "instance": "nine"}, True),
        ({**USA, "more": "labels"}, True),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else None,
)
def test_stale_groups(labels: dict[str, str], stale: bool) -> None:
    group = {"labels": labels, "age": 5.5}
    assert pushers.stale_groups(TWO, [group], ["mine"]) == ([group] if stale else [])
