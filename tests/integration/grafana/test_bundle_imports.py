# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards of other people: what Grafana's own import takes is taken, and not blamed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .bundle_tools import bundle, coded, dashboard, panel, problems, source, try_bundle

EMPTY = {"type": "text", "title": "Text"}
STORED = "/api/dashboards/uid/"


def written(grafana: Any, url: str, path: Path, **item: Any) -> dict[str, Any]:
    """Write a file with one data source; a second run changes nothing."""
    options = {"datasources": [source(url)], "dashboards": [{"path": str(path), **item}]}
    first = bundle(grafana, **options)
    assert first["changed"]
    again = bundle(grafana, **options)
    assert not again["changed"], again["diff"]
    return first


def board(tmp_path: Path, content: Any, encoding: str = "utf-8") -> Path:
    path = tmp_path / "board.json"
    path.write_text(json.dumps(content), encoding=encoding)
    return path


def blame(grafana: Any, url: str, content: Any, *more: Any) -> dict[str, tuple[str, str]]:
    """Prove a dashboard; the status and code of each panel."""
    result = try_bundle(
        grafana,
        datasources=[source(url), *more],
        dashboards=[{"content": content}],
        prove={"window": 600, "empty": "fail"},
        fail_on="never",
    )
    checks = [one for one in result["checks"] if one["name"] == "panel"]
    return {one["id"].partition("/")[2]: (one["status"], one["code"]) for one in checks}


@pytest.mark.parametrize("uid", [{}, {"uid": None}, {"uid": ""}])
def test_a_dashboard_without_a_uid_is_given_one(
    grafana: Any, prometheus: str, tmp_path: Path, uid: dict[str, Any]
) -> None:
    content = {"title": " Bare ", "panels": [panel("Up")], **uid}
    written(grafana, prometheus, board(tmp_path, content))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_encoding_mark_and_a_wrapper(
    grafana: Any, prometheus: str, tmp_path: Path, encoding: str
) -> None:
    content = {"dashboard": dashboard("d", "D\u00e3"), "meta": {}}
    written(grafana, prometheus, board(tmp_path, content, encoding))


def test_a_file_of_brackets_alone_is_named(grafana: Any, tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_text("[" * 100_000)
    assert problems(grafana, dashboards=[{"path": str(path)}]) == [("file_unreadable", str(path))]


def test_inputs_of_an_export_have_the_values_that_it_gives(
    grafana: Any, prometheus: str, tmp_path: Path
) -> None:
    asked = [
        {"name": "VAR_JOB", "type": "constant", "value": "j"},
        {"name": "VAR_N", "type": "constant", "value": "1"},
        {"name": "DS", "type": "datasource", "pluginId": "prometheus"},
    ]
    content = dashboard("d", "D", panel("Up", 'up{job="${VAR_JOB}"} > ${VAR_N}', "${DS}"))
    path = board(tmp_path, {**content, "__inputs": asked})
    written(grafana, prometheus, path, inputs={"DS": "prom", "VAR_N": 2})
    stored = grafana.api("GET", f"{STORED}d")["dashboard"]["panels"][0]["targets"][0]
    assert (stored["expr"], stored["datasource"]["uid"]) == ('up{job="j"} > 2', "prom")


def test_inputs_without_a_value_are_named(grafana: Any, prometheus: str) -> None:
    asked = [{"name": name, "type": "constant"} for name in ("A", "B", "UNUSED")]
    content = {**dashboard("d", "D", panel("Up", "${A} + ${B}")), "__inputs": asked}
    given = {"datasources": [source(prometheus)], "dashboards": [{"content": content}]}
    assert problems(grafana, **given) == [("inputs_missing", "dashboards[0]")]


def test_inputs_that_no_dashboard_has_are_told(grafana: Any, prometheus: str) -> None:
    items = [{"content": dashboard("d", "D"), "inputs": {"DS_PROM": "prom"}}]
    result = bundle(grafana, datasources=[source(prometheus)], dashboards=items)
    assert coded(result["notes"]) == [("inputs_unknown", "dashboards[0]")]


def test_sources_are_looked_up_with_their_variables_filled_in(
    grafana: Any, prometheus: str
) -> None:
    listed = [
        {"name": "site", "type": "custom", "query": "north", "current": {"value": "north"}},
        {"name": "prefix", "type": "constant", "query": "prometheus"},
        {"name": "found", "type": "query", "query": "x"},
    ]
    panels = [
        panel("End", source="prometheus-${site}"),
        panel("Start", source="${prefix}-north"),
        panel("Old", source={"type": "prometheus", "uid": "[[prefix]]-$site"}),
        panel("Type", source={"type": "prometheus"}),
        panel("Unknown", source="$found"),
    ]
    panels.append({**panel("Text"), "datasource": "Prometheus $site", "targets": []})
    content = dashboard("d", "D", *panels, templating={"list": listed})
    named = {**source(prometheus), "uid": "prometheus-north", "name": "Prometheus north"}
    found = blame(grafana, prometheus, content, {**named, "is_default": False})
    assert found.pop("Unknown") == ("skip", "panel.valueless")
    assert found == dict.fromkeys(("End", "Start", "Old", "Type"), ("pass", "panel.ok"))


def test_variables_without_a_value_take_what_their_query_finds(
    grafana: Any, prometheus: str
) -> None:
    prom = {"type": "prometheus", "uid": "prom"}
    query = {"type": "query", "datasource": prom}
    listed = [
        {"name": "job", **query, "query": "label_values(job)", "current": {}},
        {"name": "node", **query, "query": {"query": 'label_values(up{job="$job"}, instance)'}},
        {"name": "stale", **query, "query": "label_values(job)", "current": {"value": "gone"}},
        {"name": "name", **query, "query": "metrics(^up$)"},
        {"name": "other", **query, "query": "query_result(up)"},
        {"name": "all", **query, "query": "query_result(up)", "includeAll": True},
        {"name": "step", "type": "interval", "auto": True, "current": {"value": "$__auto"}},
    ]
    panels = [
        panel("Equals", 'up{job="$job"}'),
        panel("Chained", 'up{instance="$node"}'),
        panel("Stale", 'up{job="$stale"}'),
        panel("Name", "${name}"),
        panel("Unknown", 'up{job="$other"}'),
        panel("All", 'up{job=~"$all"}'),
        panel("Not all", 'up{job!="$all"}'),
        panel("Step", "count_over_time(up[$step])"),
        panel("Blank", targets=[{"refId": "A", "expr": "", "datasource": prom}]),
    ]
    found = blame(grafana, prometheus, dashboard("d", "D", *panels, templating={"list": listed}))
    skipped = {name for name, (status, _code) in found.items() if status == "skip"}
    assert skipped == {"Unknown", "Not all"}
    good = ("Equals", "Chained", "Stale", "Name", "All", "Step")
    assert {name: found.get(name) for name in good} == dict.fromkeys(good, ("pass", "panel.ok"))
    assert "Blank" not in found


def test_library_panels_are_created_or_named(grafana: Any, prometheus: str, tmp_path: Path) -> None:
    uid = f"shared{len(str(tmp_path))}"
    shared = {"title": "Shared", "libraryPanel": {"uid": uid, "name": "Shared"}}
    content = dashboard("d", "D", shared, panel("Own"))
    given = {"datasources": [source(prometheus)], "dashboards": [{"content": content}]}
    assert problems(grafana, **given) == [("library_missing", "dashboard d")]
    model = {"type": "timeseries", "title": "Shared", "targets": []}
    elements = {uid: {"name": "Shared", "uid": uid, "kind": 1, "model": model}}
    written(grafana, prometheus, board(tmp_path, {**content, "__elements": elements}))
    assert not bundle(grafana, **given)["changed"]
    assert blame(grafana, prometheus, content) == {}
    changed = {**content, "tags": ["x"]}
    assert blame(grafana, prometheus, changed)["Shared"] == ("skip", "panel.library")


def test_a_dashboard_with_odd_places_is_read(grafana: Any, prometheus: str, tmp_path: Path) -> None:
    content = {**dashboard("d", "D"), "templating": {"list": None}, "annotations": None}
    content["rows"] = [{"title": "Old", "panels": None}]
    content["panels"].append({"type": "row", "title": "R", "panels": []})
    written(grafana, prometheus, board(tmp_path, content))


@pytest.mark.parametrize("version", ["11.3.0", "12.4.0"])
def test_titles_that_later_servers_allow_twice(
    make_grafana: Callable[..., Any], version: str
) -> None:
    server = make_grafana(version, nested_folders=True)
    options = {
        "folders": [{"uid": uid, "title": "Same"} for uid in "fg"],
        "dashboards": [{"content": dashboard(uid, "Same", EMPTY)} for uid in "ab"],
    }
    assert bundle(server, **options)["changed"]
    assert not bundle(server, **options)["changed"]
    options["dashboards"] = [{"content": dashboard("a", "Same", EMPTY, tags=["x"])}]
    assert bundle(server, **options)["changed"]


def test_matchers_and_mute_timings_in_any_spelling(grafana: Any) -> None:
    point = {"uid": "d", "name": "d", "type": "webhook", "settings": {"url": "http://127.0.0.1:9"}}
    matchers = [r'instance=~"till\.[a-z]+"', 'path="C:\temp"']
    interval = {"weekdays": ["Monday"], "months": ["January", "march:may"]}
    options = {
        "contact_points": [point],
        "notification_policy": {
            "receiver": "d",
            "routes": [{"receiver": "d", "matchers": matchers}],
        },
        "mute_timings": [{"name": "n", "time_intervals": [interval]}],
    }
    assert bundle(grafana, **options)["changed"]
    again = bundle(grafana, **options)
    assert not again["changed"], again["diff"]


def test_panels_of_one_title_are_told_one_by_one(grafana: Any, prometheus: str) -> None:
    panels = [panel("Same"), panel("Same", "no_such_name"), panel("Same", "up{")]
    twice = panel("Twice")
    twice["targets"] += [{**twice["targets"][0], "expr": "up{"}]
    result = try_bundle(
        grafana,
        datasources=[source(prometheus)],
        dashboards=[{"content": dashboard("d", "D", *panels, twice)}],
        prove={"window": 600},
        fail_on="never",
    )
    checks = [(one["status"], one["values"].get("query")) for one in result["checks"][1:]]
    assert checks == [("pass", None), ("warn", "no_such_name"), ("fail", "up{"), ("fail", "up{")]


def test_what_the_browser_does_not_ask_is_not_blamed(grafana: Any, prometheus: str) -> None:
    """Hidden queries, those of panels without data, and values that only the browser knows."""
    half = panel("Half")
    half["targets"].append({**half["targets"][0], "refId": "B", "expr": "up{", "hide": True})
    was = panel("Was a graph", "up{", {"type": "prometheus", "uid": "gone"})
    panels = [half, {**was, "type": "text"}, panel("Mine", 'up{user="${__user.login}"}')]
    found = blame(grafana, prometheus, dashboard("d", "D", *panels))
    assert found == {"Half": ("pass", "panel.ok"), "Mine": ("skip", "panel.valueless")}


def test_a_source_that_only_the_browser_asks_is_not_judged(grafana: Any, prometheus: str) -> None:
    """Its plugin has no part in the server."""
    if grafana.release >= (12, 0):
        pytest.skip("the plugin has a part in this server")
    place = {"type": "zipkin", "uid": "traces"}
    query = {"refId": "A", "datasource": place, "query": "x", "queryType": "traceID"}
    mixed = panel("Mixed", source={"type": "datasource", "uid": "-- Mixed --"})
    mixed["targets"] = [{**panel("Up")["targets"][0]}, {**query, "refId": "B"}]
    traces = {"type": "traces", "title": "Traces", "datasource": place, "targets": [query]}
    other = {"uid": "traces", "name": "Traces", "type": "zipkin", "url": prometheus}
    found = blame(grafana, prometheus, dashboard("d", "D", traces, mixed), other)
    assert found == {"Traces": ("skip", "panel.browser"), "Mixed": ("pass", "panel.ok")}


def test_former_names_of_types_mean_the_same(make_grafana: Callable[..., Any]) -> None:
    server = make_grafana("12.4.0")
    place = {"type": "postgres", "uid": "sql"}
    query = {"refId": "A", "datasource": place, "rawSql": "SELECT 1"}
    shown = {"type": "table", "title": "T", "datasource": {"type": "postgres"}, "targets": [query]}
    listed = [{"name": "s", "type": "datasource", "query": "postgres"}]
    other = {**shown, "datasource": {"type": "postgres", "uid": "$s"}}
    content = dashboard("d", "D", shown, other, templating={"list": listed})
    for kind in ("grafana-postgresql-datasource", "postgres"):
        sql = {"uid": "sql", "name": "SQL", "type": kind, "url": "127.0.0.1:9"}
        given = {"datasources": [sql], "dashboards": [{"content": content}]}
        assert not bundle(server, **given)["notes"]
        assert not bundle(server, **given)["changed"]


@pytest.mark.parametrize("kind", ["postgres", "testdata", "phlare"])
def test_a_source_of_a_former_type_is_written_once(
    make_grafana: Callable[..., Any], kind: str
) -> None:
    server, given = make_grafana("12.4.0"), [{"uid": "x", "name": "X", "type": kind}]
    assert bundle(server, datasources=given)["changed"]
    assert not bundle(server, check=True, datasources=given)["changed"]
    assert not bundle(server, datasources=given)["changed"]
    changed = bundle(server, datasources=[{**given[0], "url": "127.0.0.1:9"}])
    assert [line for line in changed["diff"][0]["after"].split() if "type" in line] == []


def test_a_type_that_the_server_only_has_by_its_former_name(grafana: Any) -> None:
    if grafana.release >= (10, 0):
        pytest.skip("the server has it by its new name")
    given = [{"uid": "x", "name": "X", "type": "grafana-postgresql-datasource"}]
    assert problems(grafana, datasources=given) == [("source_type_unknown", "data source x")]


def test_a_variable_that_no_source_fits_is_not_the_default_one(
    grafana: Any, prometheus: str
) -> None:
    listed = [
        {"name": "logs", "type": "datasource", "query": "loki"},
        {"name": "metrics", "type": "datasource", "query": "prometheus"},
        {"name": "north", "type": "datasource", "query": "prometheus", "regex": "/North/"},
    ]
    panels = [
        panel("Logs", source={"type": "loki", "uid": "${logs}"}),
        panel("Metrics", source={"type": "prometheus", "uid": "$metrics"}),
        panel("North", source="$north"),
    ]
    above = {**panel("Above"), "datasource": {"type": "loki", "uid": "$logs"}}
    del above["targets"][0]["datasource"]
    content = dashboard("d", "D", *panels, above, templating={"list": listed})
    found = blame(grafana, prometheus, content)
    missing = ("fail", "panel.no_source")
    assert found.pop("Metrics") == ("pass", "panel.ok")
    assert found == dict.fromkeys(("Logs", "North", "Above"), missing)


def test_an_input_for_expressions_has_its_only_value(
    grafana: Any, prometheus: str, tmp_path: Path
) -> None:
    asked = [{"name": "DS_EXPRESSION", "type": "datasource", "pluginId": "__expr__"}]
    place = {"type": "__expr__", "uid": "${DS_EXPRESSION}"}
    two = panel("Two")
    two["targets"].append({"refId": "B", "datasource": place, "type": "math", "expression": "$A"})
    path = board(tmp_path, {**dashboard("d", "D", two), "__inputs": asked})
    written(grafana, prometheus, path)
    stored = grafana.api("GET", f"{STORED}d")["dashboard"]["panels"][0]["targets"][1]
    assert stored["datasource"]["uid"] == "__expr__"


def test_templates_may_have_any_braces_outside_of_actions(grafana: Any) -> None:
    texts = (
        '{{ define "a" }}{"a": {"b": "{{ .CommonLabels.x }}"}}{{ end }}',
        '{{ define "b" }}{{ "{{" }} x {{ `}}` }}{{ end }}',
        '{{ define "c" }}{{/* of old: {{ .A } */}}}}{{ end }}',
    )
    templates = [{"name": f"t{n}", "template": text} for n, text in enumerate(texts)]
    assert bundle(grafana, templates=templates)["changed"]
    assert not bundle(grafana, templates=templates)["changed"]


def test_a_mute_timing_of_another_shape_is_told(grafana: Any) -> None:
    for times in ({"start_time": "06:00", "end_time": "07:00"}, ["06:00-07:00"]):
        timing = {"name": "x", "time_intervals": [{"times": times}]}
        found = problems(grafana, mute_timings=[timing])
        assert set(found) == {("timing_clock", "mute timing x")}
