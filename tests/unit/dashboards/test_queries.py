# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""No dashboard asks for a name that nobody exports, or for a label that it does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from collector.n8n.answers import MODES

from ...generate.grafana.n8n import PRODUCTION, WHOLE
from ...loki_stand_in.logql import parse
from .files import DEFAULTS, NAMES, Query, panels, queries, render
from .promql import CATALOGUE, COMMON, KNOWN, PROMETHEUS, ask, of_legend

DASHBOARDS = [render(name) for name in NAMES]
ALL = [query for dashboard in DASHBOARDS for query in queries(dashboard)]
QUERIES = [query for query in ALL if query.kind == "prometheus"]
OF_LINES = [query for query in ALL if query.kind == "loki"]
# The labels of log lines, as the role log_shipper sets them.
LABELS = {"host", "container", "service", "level"}
ALL_VARIABLES = [
    (dashboard["uid"], variable)
    for dashboard in DASHBOARDS
    for variable in dashboard["templating"]["list"]
]
VARIABLES = [each for each in ALL_VARIABLES if each[1]["datasource"]["type"] == "prometheus"]
EACH_QUERY = pytest.mark.parametrize("query", QUERIES, ids=str)


def _legends() -> list[tuple[str, str, str]]:
    found = []
    for dashboard in DASHBOARDS:
        targets = [(panel, target) for panel in panels(dashboard) for target in panel["targets"]]
        for (panel, target), query in zip(targets, queries(dashboard), strict=True):
            if query.kind == "loki":
                continue
            found.append((panel["title"], target["legendFormat"], query.filled))
    return found


@EACH_QUERY
def test_it_asks_for_what_is_exported(query: Query) -> None:
    asked = ask(query.filled)
    assert asked.selectors
    known: set[str] = set()
    for selector in asked.selectors:
        assert selector.name in KNOWN, f"{selector.name}: nobody exports it"
        unknown = selector.labels - KNOWN[selector.name]
        assert not unknown, f"{selector.name} has no label {sorted(unknown)}"
        known |= KNOWN[selector.name]
    assert asked.grouped <= known, f"no label {sorted(asked.grouped - known)} to group by"


@pytest.mark.parametrize(("panel", "legend", "expr"), _legends())
def test_a_legend_names_labels_that_the_series_have(panel: str, legend: str, expr: str) -> None:
    asked = ask(expr)
    known = {label for each in asked.selectors for label in KNOWN[str(each.name)]}
    assert of_legend(legend) <= known, panel


@pytest.mark.parametrize(("uid", "variable"), VARIABLES, ids=lambda value: str(value)[:30])
def test_variables_list_what_is_exported(uid: str, variable: dict[str, str]) -> None:
    found = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"])
    assert found, variable["query"]
    (selector,) = ask(found[1]).selectors
    assert selector.name in KNOWN
    assert {*selector.labels, found[2]} <= KNOWN[selector.name]


@pytest.mark.parametrize("query", OF_LINES, ids=str)
def test_lines_are_asked_for_by_labels_that_the_shipper_sets(query: Query) -> None:
    parse(query.filled.replace("6h", "1h"))
    selectors = re.findall(r"\{(.+?)\}", query.filled)
    named = {name for each in selectors for name in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\"", each)}
    named |= {name for each in re.findall(r"by \((.+?)\)", query.expr) for name in each.split(", ")}
    assert named
    assert named <= LABELS


def test_variables_of_lines_are_labels_that_the_shipper_sets() -> None:
    found = [each for _uid, each in ALL_VARIABLES if each["datasource"]["type"] == "loki"]
    assert {variable["query"] for variable in found} == {
        "label_values(host)",
        "label_values(service)",
    }
    # Loki refuses a selector that an empty label fits.
    assert {variable["allValue"] for variable in found} == {".+"}


def test_each_variable_of_a_dashboard_is_used_in_it() -> None:
    for uid, variable in ALL_VARIABLES:
        exprs = [query.expr for query in ALL if query.dashboard == uid]
        assert any(f"${variable['name']}" in expr for expr in exprs), (uid, variable["name"])


def test_a_data_source_of_ours_is_asked() -> None:
    ours = {DEFAULTS["grafana_prometheus_uid"], DEFAULTS["grafana_victoriametrics_uid"]}
    assert {query.datasource for query in QUERIES} == ours
    assert {query.datasource for query in OF_LINES} == {DEFAULTS["grafana_loki_uid"]}
    single = [query for query in QUERIES if "ping_sample_" in query.expr]
    assert single
    for query in QUERIES:
        stored = "victoriametrics" if query in single else "prometheus"
        assert query.datasource == DEFAULTS[f"grafana_{stored}_uid"], str(query)


def test_the_list_of_prometheus_own_names_has_no_more_than_is_used() -> None:
    used = {each.name for query in QUERIES for each in ask(query.filled).selectors}
    assert set(PROMETHEUS) <= used
    assert not set(PROMETHEUS) & set(CATALOGUE)


def test_families_that_no_dashboard_shows() -> None:
    # What is missing here is shown; what is here, nobody needs to look at all day.
    used = {each.name for query in QUERIES for each in ask(query.filled).selectors}
    shown = {re.sub(r"_(bucket|sum|count)$", "", str(name)) for name in used}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in CATALOGUE}
    assert families - shown == {"process_virtual_memory_bytes"}


@pytest.mark.parametrize(
    ("expr", "wrong"),
    [
        ("rate(network_latency_rtt_seconds[5m])", "a histogram has no series of its own name"),
        ("collector_api_upp", "no such name"),
        ("sum(collector_push_duration_seconds_bucket)", "a summary has no buckets"),
        ('up{job="x"} or node_load1', "the second name"),
    ],
)
def test_a_wrong_name_is_found(expr: str, wrong: str) -> None:
    assert {each.name for each in ask(expr).selectors} - set(KNOWN), wrong


def test_a_wrong_label_is_found() -> None:
    asked = ask('sum by (hostname) (database_available{database="a", host=~"b"})')
    assert asked.selectors[0].labels - KNOWN["database_available"] == {"host"}
    assert asked.grouped - KNOWN["database_available"] == {"hostname"}


def test_what_is_no_query_is_found() -> None:
    with pytest.raises(ValueError, match="unclosed"):
        ask("sum(up")


def test_common_labels_are_no_metrics_own() -> None:
    assert not any(COMMON & labels for labels in CATALOGUE.values())


def test_the_alert_and_the_dashboards_of_n8n_mean_the_same_by_production() -> None:
    alerts = Path(__file__).parents[3] / "roles/prometheus/files/alerts"
    alert = yaml.safe_load((alerts / "N8nErrorRateHigh.yml").read_text())
    assert alert["expr"].count(PRODUCTION) == alert["expr"].count(WHOLE) == 2
    assert PRODUCTION in alert["query"]
    assert set(PRODUCTION.split('"')[1].split("|")) < set(MODES)
