# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collector import catalogue
from collector.n8n.executions_exporter import ExecutionsExporter
from collector.n8n.exposition import Families, Run, add_run
from collector.n8n.nodes_exporter import NodesExporter
from collector.n8n.settings import ExecutionsSettings
from collector.n8n.state import (
    Durations,
    Listing,
    ModeCounts,
    NodeCounts,
    NodesState,
    State,
    WorkflowCounts,
)

CATALOGUE = {m.name: m for m in catalogue.load() if m.component == "n8n_exporter"}
NOW = SimpleNamespace(open={"running": 2}, oldest_running=5.0)


def text(exporter: Any, state: Any, timestamp: float | None = None, **changes: Any) -> str:
    given: dict[str, Any] = {"success": True, "capped": set(), "errors": Counter(), **changes}
    families = Families(timestamp)
    run = Run(exporter.name, seconds=1.5, requests=4, caps=exporter.caps, **given)
    add_run(families, run, state.last_success)
    exporter.add(families, state)
    return families.text().decode()


def series(exposed: str) -> dict[str, float]:
    """Each series, with its timestamp too where it has one, and its last number."""
    lines = [line.rpartition(" ") for line in exposed.splitlines() if line[0] != "#"]
    return {name: float(value) for name, _space, value in lines}


@pytest.fixture
def executions(
    config: dict[str, Any], read: Callable[[Any], ExecutionsSettings]
) -> ExecutionsExporter:
    exporter = ExecutionsExporter(read(config))
    exporter.now = NOW  # type: ignore[assignment]
    return exporter


@pytest.fixture
def nodes() -> NodesExporter:
    return NodesExporter(None)  # type: ignore[arg-type]


@pytest.fixture
def state() -> State:
    ended = {"success": 3, "crashed": 1}
    counts = WorkflowCounts(
        name='Orders "1"',
        state="active",
        saved="all",
        modes={"webhook": ModeCounts(announced=True, ended=ended, seconds=2.5, timed=4)},
        last_ended=1000,
    )
    buckets = [1, 2, 0, 0, 0, 0, 0, 0, 1]
    return State(
        floor="9",
        workflows={"w": counts},
        listed=Listing(begun=1, states={"active": 1}),
        durations={"webhook": Durations(buckets=buckets, seconds=2.5, announced=True)},
    )


@pytest.fixture
def nodes_state() -> NodesState:
    counts = NodeCounts(
        workflow="w",
        workflow_name="Orders",
        node="HTTP",
        type="n8n-nodes-base.httpRequest",
        mode="webhook",
        saved="all",
        announced=True,
        success=2,
        error=1,
        seconds=0.5,
        slowest=0.3,
    )
    counted = Durations(announced=True, buckets=[0, 2, 1, 0, 0, 0, 0, 0])
    return NodesState(
        newest="9",
        nodes={"w/HTTP/webhook": counts},
        types={"n8n-nodes-base.httpRequest": {"webhook": counted}},
    )


def test_both_together_say_what_the_catalogue_says_and_no_more(
    executions: ExecutionsExporter, nodes: NodesExporter, state: State, nodes_state: NodesState
) -> None:
    said: set[str] = set()
    failed = {"success": False, "errors": Counter(timeout=1)}
    for exposed in (text(executions, state, **failed), text(nodes, nodes_state, **failed)):
        for family in text_string_to_metric_families(exposed):
            metric = CATALOGUE[family.name + ("_total" if family.type == "counter" else "")]
            said.add(metric.name)
            assert (family.type, family.documentation) == (metric.type, metric.help)
            labels = {name for sample in family.samples for name in sample.labels} - {"le"}
            assert labels == set(metric.labels)
    assert said == set(CATALOGUE)


def test_the_caps_are_those_that_the_catalogue_names(
    executions: ExecutionsExporter, nodes: NodesExporter
) -> None:
    said = CATALOGUE["n8n_exporter_run_capped"].help
    caps = said.partition("(")[2].partition(")")[0].split(", ")
    assert set(caps) == {*executions.caps, *nodes.caps}


def test_values(executions: ExecutionsExporter, state: State) -> None:
    said = series(text(executions, state))
    orders = 'workflow_id="w",workflow_name="Orders \\"1\\""'
    counted = "n8n_exporter_executions_total"
    assert said[f'{counted}{{mode="webhook",saved="all",status="success",{orders}}}'] == 3
    assert said[f'{counted}{{mode="webhook",saved="all",status="error",{orders}}}'] == 0
    assert said[f'{counted}{{mode="webhook",saved="all",status="crashed",{orders}}}'] == 1
    for status in ("canceled", "unknown"):
        assert said[f'{counted}{{mode="webhook",saved="all",status="{status}",{orders}}}'] == 0
    assert said['n8n_exporter_execution_duration_seconds_bucket{le="0.5",mode="webhook"}'] == 3
    assert said['n8n_exporter_execution_duration_seconds_bucket{le="+Inf",mode="webhook"}'] == 4
    assert said['n8n_exporter_execution_duration_seconds_count{mode="webhook"}'] == 4
    assert said['n8n_exporter_workflows{state="active"}'] == 1
    assert said['n8n_exporter_run_capped{cap="seconds",exporter="executions"}'] == 0


def test_what_is_not_known_is_not_said(executions: ExecutionsExporter, state: State) -> None:
    executions.now = None
    said = series(text(executions, state, success=False, errors={"http_401": 1}))
    assert not any("open" in name.partition("{")[0] or "oldest" in name for name in said)
    assert not any(name.startswith("n8n_exporter_workflows") for name in said)
    assert said['n8n_exporter_run_success{exporter="executions"}'] == 0
    assert said['n8n_exporter_run_errors{error_type="http_401",exporter="executions"}'] == 1
    never = series(text(executions, State(), success=False))
    assert not any("duration_seconds_" in name for name in never)
    assert never['n8n_exporter_last_success_timestamp_seconds{exporter="executions"}'] == 0


def test_a_workflow_and_a_node_begin_at_zero(
    executions: ExecutionsExporter, nodes: NodesExporter, state: State, nodes_state: NodesState
) -> None:
    (kind,) = nodes_state.types.values()
    for each in (
        state.workflows["w"].modes["webhook"],
        nodes_state.nodes["w/HTTP/webhook"],
        kind["webhook"],
        state.durations["webhook"],
    ):
        each.announced = False

    def counted() -> list[float]:
        exposed = text(executions, state) + text(nodes, nodes_state)
        names = (
            "n8n_exporter_executions_total",
            "n8n_exporter_node_executions_total",
            "n8n_exporter_node_type_duration_seconds_count",
            "n8n_exporter_execution_duration_seconds_count",
        )
        return [v for name, v in series(exposed).items() if name.startswith(names)]

    assert set(counted()) == {0}
    executions.told(state)
    nodes.told(nodes_state)
    assert sum(counted()) == 4 + 3 + 3 + 4


def test_timestamps_are_milliseconds(executions: ExecutionsExporter, state: State) -> None:
    assert set(series(text(executions, state, timestamp=1234.5)).values()) == {1234500}
