# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who opens a dashboard sees: form, places, titles, units, links, languages."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from .files import DEFAULTS, NAMES, TEXTS, fill, panels, render, render_text, variables

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "fixtures/grafana/dashboard-11.6.schema.json").read_text("utf-8")
)
# Where Grafana's model says "anything" its published schema says "object", and it forbids the null
# that Grafana itself writes for the lowest threshold.
for definition, key in (("MatcherConfig", "options"), ("DynamicConfigValue", "value")):
    SCHEMA["definitions"][definition]["properties"][key] = {}
SCHEMA["definitions"]["Threshold"]["properties"]["value"]["type"] = ["number", "null"]

DASHBOARDS = {name: render(name) for name in NAMES}
UIDS = {dashboard["uid"] for dashboard in DASHBOARDS.values()}
EACH_NAME = pytest.mark.parametrize("name", NAMES)
EACH_DASHBOARD = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=NAMES)
# Panels that show a number; the others show a state or a table with a unit for each column.
NUMERIC = {"stat", "timeseries", "bargauge", "heatmap"}
TYPES = NUMERIC | {"state-timeline", "table", "row", "logs"}
OTHER = {
    "grafana_language": "pt-BR",
    "grafana_refresh": "5m",
    "grafana_prometheus_uid": "another-prometheus",
    "grafana_victoriametrics_uid": "another-victoriametrics",
    "grafana_n8n_uid": "another-n8n",
    "grafana_loki_uid": "another-loki",
    "grafana_push_interval_seconds": 30,
    "grafana_push_stale_seconds": 100,
    "grafana_n8n_interval_seconds": 600,
    "grafana_n8n_stale_seconds": 2000,
    "grafana_rate_window": "7m",
    "grafana_n8n_rate_window": "17m",
    "grafana_quantile_window": "21m",
    "grafana_rtt_warning_ms": 10,
    "grafana_rtt_critical_ms": 20,
    "grafana_database_warning_ms": 11,
    "grafana_database_critical_ms": 21,
    "grafana_clock_offset_warning_ms": 12,
    "grafana_clock_offset_critical_ms": 22,
    "grafana_n8n_error_warning_percent": 13,
    "grafana_n8n_error_critical_percent": 23,
    "grafana_memory_critical_mb": 77,
}


def _texts(value: Any, key: str) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, key)]
    if isinstance(value, dict):
        own = [value[key]] if isinstance(value.get(key), str) else []
        return own + [text for each in value.values() for text in _texts(each, key)]
    return []


def _thresholds(panel: dict[str, Any]) -> list[list[float]]:
    # The lowest may have no value.
    fields = panel["fieldConfig"]
    found = [fields["defaults"]["thresholds"]] + [
        prop["value"]
        for override in fields["overrides"]
        for prop in override["properties"]
        if prop["id"] == "thresholds"
    ]
    return [
        [float("-inf") if step["value"] is None else step["value"] for step in each["steps"]]
        for each in found
    ]


def test_there_are_the_seven_dashboards() -> None:
    assert {dashboard["title"] for dashboard in DASHBOARDS.values()} == {
        "Collector API overview",
        "Network latency Brazil → USA",
        "Database health",
        "Pipeline health",
        "n8n overview",
        "n8n nodes",
        "Errors and logs",
    }
    assert len(UIDS) == len(NAMES) == 7
    assert all(re.fullmatch(r"vya-[a-z0-9-]{1,36}", uid) for uid in UIDS)


@EACH_NAME
@pytest.mark.parametrize("changes", [{}, OTHER], ids=["defaults", "changed"])
def test_the_schema_accepts_it(name: str, changes: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(render(name, **changes))


@EACH_DASHBOARD
def test_panels_do_not_overlap_and_stay_inside(dashboard: dict[str, Any]) -> None:
    places = {panel["id"]: panel["gridPos"] for panel in dashboard["panels"]}
    for number, place in places.items():
        assert place["x"] >= 0, number
        assert place["x"] + place["w"] <= 24, number
        assert min(place["w"], place["h"]) >= 1, number
    for (one, a), (two, b) in combinations(places.items(), 2):
        apart = (
            a["x"] + a["w"] <= b["x"]
            or b["x"] + b["w"] <= a["x"]
            or a["y"] + a["h"] <= b["y"]
            or b["y"] + b["h"] <= a["y"]
        )
        assert apart, f"panels {one} and {two} overlap"


@EACH_DASHBOARD
def test_no_line_of_panels_has_a_hole(dashboard: dict[str, Any]) -> None:
    lines: dict[int, int] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        lines[place["y"]] = lines.get(place["y"], 0) + place["w"]
    assert set(lines.values()) == {24}, lines


@EACH_DASHBOARD
def test_ids_are_unique_and_types_are_known_to_9_and_12(dashboard: dict[str, Any]) -> None:
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(numbers) == len(set(numbers))
    assert {panel["type"] for panel in dashboard["panels"]} <= TYPES
    assert dashboard["schemaVersion"] == 37, "newer panels and options would come with a newer one"


@EACH_DASHBOARD
def test_it_opens_with_whether_all_is_well(dashboard: dict[str, Any]) -> None:
    first, *others = dashboard["panels"]
    assert first["type"] == "row"
    assert first["title"] == "Is it well?"
    second_row = next(panel for panel in others if panel["type"] == "row")
    answers = [p for p in others if p["gridPos"]["y"] < second_row["gridPos"]["y"]]
    assert len(answers) >= 4
    for panel in answers:
        assert panel["type"] == "stat", panel["title"]
        assert panel["options"]["colorMode"] == "background", panel["title"]
        assert all(target["instant"] for target in panel["targets"]), panel["title"]
        # Grafana colours a panel without a value like the lowest step: that must not look well.
        lowest = panel["fieldConfig"]["defaults"]["thresholds"]["steps"][0]
        assert lowest["value"] is None, panel["title"]
        assert lowest["color"] in {"red", "#5c616b"}, panel["title"]


@EACH_DASHBOARD
def test_each_panel_explains_itself(dashboard: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in panels(dashboard)]
    assert len(titles) == len(set(titles))
    for panel in panels(dashboard):
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["description"].endswith("."), panel["title"]
        assert defaults["noValue"], panel["title"]
        if panel["type"] in NUMERIC and "mappings" not in defaults:
            assert defaults["unit"], panel["title"]
        for target in panel["targets"]:
            assert target.get("format") == "table" or target["legendFormat"] != "__auto", panel[
                "title"
            ]
        for steps in _thresholds(panel):
            assert steps == sorted(set(steps)), panel["title"]


@EACH_DASHBOARD
def test_links_lead_to_dashboards_that_exist(dashboard: dict[str, Any]) -> None:
    (to_all,) = dashboard["links"]
    assert to_all["type"] == "dashboards"
    assert set(to_all["tags"]) <= set(dashboard["tags"])
    assert to_all["includeVars"] is False, "their variables have other values"
    values = {variable["name"]: "x" for variable in dashboard["templating"]["list"]}
    for panel in panels(dashboard):
        for link in panel.get("links", []):
            found = re.fullmatch(r"/d/([\w-]+)\?(.*)", link["url"])
            assert found, link
            assert found[1] in UIDS - {dashboard["uid"]}, link
            fill(link["url"], values)


@EACH_DASHBOARD
def test_what_all_have_in_common(dashboard: dict[str, Any]) -> None:
    assert dashboard["tags"] == ["vya-observability"]
    assert dashboard["timezone"] == "browser"
    assert dashboard["refresh"] == DEFAULTS["grafana_refresh"]
    deploys = [each for each in dashboard["annotations"]["list"] if not each.get("builtIn")]
    assert [each["target"]["tags"] for each in deploys] == [["deploy"]]
    assert all(each["enable"] and not each["hide"] for each in deploys)


@EACH_NAME
def test_each_title_has_a_portuguese_one(name: str) -> None:
    english, portuguese = DASHBOARDS[name], render(name, grafana_language="pt-BR")
    assert english["title"] != portuguese["title"]
    pairs = list(zip(_texts(english, "title"), _texts(portuguese, "title"), strict=True))
    same = {en for en, pt in pairs if en == pt}
    # Words that Portuguese speakers in this trade use as they are.
    assert same <= {"Annotations & Alerts", "Job", "CPU", "Pings"}
    for key in ("noValue", "label"):
        assert len(_texts(english, key)) == len(_texts(portuguese, key))


@EACH_NAME
def test_only_texts_differ_between_the_languages(name: str) -> None:
    def without_texts(value: Any, parent: str = "") -> Any:
        if isinstance(value, list):
            return [without_texts(each, parent) for each in value]
        if isinstance(value, dict):
            texts = {"title", "noValue", "label", "displayName", "renameByName"}
            # Legends, the colours that follow from them, and words of states.
            texts |= {"legendFormat", "text"}
            if value.get("id") == "byRegexp":
                texts |= {"options"}
            if (parent == "list" and "iconColor" in value) or "matcher" in value:
                texts |= {"name", "matcher"}
            return {k: without_texts(v, k) for k, v in value.items() if k not in texts}
        return value

    assert without_texts(DASHBOARDS[name]) == without_texts(render(name, grafana_language="pt-BR"))


@pytest.mark.parametrize("variable", sorted(set(DEFAULTS) - {"grafana_language"}))
def test_each_variable_changes_what_it_says(variable: str) -> None:
    changes = {**variables(), variable: OTHER[variable]}
    changed = [name for name in NAMES if render(name, **changes) != DASHBOARDS[name]]
    assert changed == [name for name in NAMES if re.search(rf"\b{variable}\b", TEXTS[name])]


def test_the_owners_thresholds_are_the_defaults() -> None:
    def steps(name: str, title: str) -> list[float]:
        found = [p for p in panels(DASHBOARDS[name]) if p["title"] == title]
        return _thresholds(found[0])[0][2:]

    assert steps("network_latency", "Round trip p95") == [0.15, 0.25]
    assert steps("database_health", "Query p95, slowest") == [0.05, 0.5]
    assert steps("collector_api", "Most memory") == [150e6, 200e6]
    assert steps("n8n_overview", "Failed executions, 1 h") == [0.01, 0.05]


@EACH_NAME
def test_nothing_is_left_to_be_filled_in(name: str) -> None:
    text = render_text(name)
    assert not re.search(r"<<|>>|<%|%>|<#|#>", text)
