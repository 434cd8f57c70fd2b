# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle proves after writing: data sources, and the data behind each panel."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ...http_stand_in import between
from .bundle_tools import DEAD, bundle, dashboard, panel, source, try_bundle
from .replay import recording

ALL = {"value": ["$__all"], "text": ["All"]}


def status(result: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["status"] for check in result["checks"]}


def codes(result: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["code"] for check in result["checks"]}


def values(result: dict[str, Any], check_id: str) -> dict[str, Any]:
    (found,) = [check["values"] for check in result["checks"] if check["id"] == check_id]
    return dict(found)


def proven(
    grafana: Any, url: str, *panels: dict[str, Any], timeout: float = 10, **prove: Any
) -> dict[str, Any]:
    """Write one data source and one dashboard with these panels, and prove them."""
    variable = {"name": "job", "type": "query", "current": ALL, "includeAll": True}
    content = dashboard("d", "D", *panels, templating={"list": [variable]})
    options = {"window": 600, **prove}
    return try_bundle(
        grafana,
        datasources=[source(url)],
        dashboards=[{"content": content}],
        prove=options,
        fail_on="never",
        timeout=timeout,
    )


def refusal(url: str, query: str) -> str:
    """Prometheus's own words for a query; without the place, which the panel's query moves."""
    answer = requests.get(f"{url}/api/v1/query", params={"query": query}, timeout=5)
    return str(answer.json()["error"]).rpartition("parse error: ")[2]


def test_one_bad_query_does_not_hide_the_good_ones(grafana: Any, prometheus: str) -> None:
    panels = [panel(f"Good {n}") for n in range(25)]
    panels.insert(3, panel("Bad", "up{"))
    panels.insert(20, panel("Bad too", "rate(up)"))
    result = proven(grafana, prometheus, *panels)
    assert result["counts"] == {"pass": 26, "warn": 0, "fail": 2, "skip": 0}
    bad = values(result, "panel d/Bad")
    assert (bad["ref"], bad["source"], bad["query"]) == ("A", "prom", "up{")
    assert refusal(prometheus, "up{") in bad["reason"]
    assert refusal(prometheus, "rate(up)") in values(result, "panel d/Bad too")["reason"]
    queries = [one for one in grafana.recorder.requests if "/ds/query" in one.path]
    assert len(queries) <= 6


def test_a_query_that_takes_too_long_costs_itself(grafana: Any, prometheus: str) -> None:
    """The first request is the data source's, the second that of all panels."""
    panels = [panel(f"Good {n}") for n in range(3)]
    for times, expected in ((1, "panel.ok"), (None, "panel.unasked")):
        grafana.recorder.forget()
        grafana.recorder.slow(4, path="/ds/query", after=1, times=times)
        result = proven(grafana, prometheus, *panels, scope="all", timeout=2)
        told = codes(result)
        assert {told.pop("data source prom"), *told.values()} == {"data_source.ok", expected}
        assert result["counts"]["fail"] == 0
    assert result["counts"]["skip"] == 3


def test_a_query_that_does_not_parse_is_not_called_empty(
    make_grafana: Callable[..., Any], prometheus: str
) -> None:
    server = make_grafana("9.4.0-pre")
    result = proven(server, prometheus, panel("Bad", "up{"), panel("None", "no_such_name"))
    assert codes(result)["panel d/Bad"] == "panel.invalid"
    assert status(result)["panel d/Bad"] == "fail"
    assert codes(result)["panel d/None"] == "panel.empty"


def test_a_panel_without_data_is_named_with_query_and_reason(grafana: Any, prometheus: str) -> None:
    panels = [
        panel("Up", 'up{job=~"$job"}'),
        panel("None", "no_such_name"),
        panel("Rare", "rare_thing"),
        panel("No number", "0 / (up - up)"),
    ]
    rare = {"may_be_empty": ["d/Ra*"]}
    result = proven(grafana, prometheus, *panels, **rare)
    assert status(result) == {
        "data source prom": "pass",
        "panel d/Up": "pass",
        "panel d/None": "warn",
        "panel d/Rare": "pass",
        "panel d/No number": "warn",
    }
    assert codes(result)["panel d/None"] == codes(result)["panel d/Rare"] == "panel.empty"
    assert values(result, "panel d/None")["query"] == "no_such_name"
    assert codes(result)["panel d/No number"] == "panel.no_number"
    again = try_bundle(
        grafana,
        datasources=[source(prometheus)],
        dashboards=[{"content": dashboard("d", "D", panel("None", "no_such_name"))}],
        prove={"empty": "fail"},
    )
    assert (again["failed"], again["code"]) == (True, "checks_failed")
    assert status(again)["panel d/None"] == "fail"
    assert "panel d/None" in again["msg"]


def test_variables_expressions_rows_and_mixed_panels(grafana: Any, prometheus: str) -> None:
    mixed = {
        "type": "timeseries",
        "title": "Mixed",
        "datasource": {"type": "datasource", "uid": "-- Mixed --"},
        "targets": [
            {"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prom"}},
            {
                "refId": "B",
                "datasource": {"type": "__expr__", "uid": "__expr__"},
                "type": "math",
                "expression": "$A * 2",
            },
        ],
    }
    hidden = panel("Hidden")
    hidden["targets"][0]["hide"] = True
    variable = {"type": "prometheus", "uid": "${source}"}
    panels = [
        panel("Rate", 'count_over_time(up{job=~"${job:regex}"}[$__rate_interval])'),
        panel("Range", "count_over_time(up[$__range])"),
        panel("By variable", source=variable),
        *([mixed] if grafana.real else []),  # the stand-in knows no expressions
        hidden,
        {"type": "row", "title": "Row", "panels": [panel("Inside")]},
        {"type": "text", "title": "Text"},
    ]
    content = dashboard(
        "d",
        "D",
        *panels,
        templating={
            "list": [
                {"name": "job", "type": "query", "current": ALL},
                {"name": "source", "type": "datasource", "query": "prometheus", "current": {}},
            ]
        },
    )
    result = bundle(
        grafana,
        datasources=[source(prometheus)],
        dashboards=[{"content": content}],
        prove={"window": 600},
    )
    names = ["Rate", "Range", "By variable", "Inside", *(["Mixed"] if grafana.real else [])]
    assert status(result) == {
        "data source prom": "pass",
        **{f"panel d/{name}": "pass" for name in names},
    }


def test_expressions_are_asked_with_what_they_refer_to(make_grafana: Callable[..., Any]) -> None:
    """The stand-in computes none: its answer is what a real 9.3.2 was recorded to say."""
    pair = recording("9.3.2-more-alerting")[34]
    asked, told = pair["request"]["body"]["queries"], pair["response"]
    mixed = {
        "type": "timeseries",
        "title": "Mixed",
        "datasource": {"type": "datasource", "uid": "-- Mixed --"},
        "targets": [{**query, "datasource": {"uid": "__expr__"}} for query in asked],
    }
    mixed["targets"][0]["datasource"] = {"type": "prometheus", "uid": "prom"}
    server = make_grafana("11.6.0", source_health=True)
    for answered, body, expected in (
        (told["status"], told["body"], "pass"),
        (400, {"results": {"B": {"error": "no variable specified to reference"}}}, "fail"),
    ):
        server.recorder.forget()
        well = {"results": {"A": {"frames": [{}]}}}
        server.recorder.fail(200, path="/ds/query", body=well, times=1)
        server.recorder.fail(answered, path="/ds/query", body=body)
        result = proven(server, DEAD, mixed, scope="all")
        assert status(result)["panel d/Mixed"] == expected
        _source, sent = [one.body for one in server.recorder.requests if "/ds/query" in one.path]
        # All in one request, under their own names.
        assert [one["refId"] for one in sent["queries"]] == [one["refId"] for one in asked]
    assert "no variable specified" in values(result, "panel d/Mixed")["reason"]


def test_a_number_is_only_asked_where_the_proxy_cuts_uids(
    make_grafana: Callable[..., Any], grafana: Any, prometheus: str
) -> None:
    options = {"json_data": {"implementation": "prometheus"}, "url": prometheus}
    asked = {"uid": "with-hyphen", "name": "AM", "type": "alertmanager", **options}
    later = make_grafana("11.6.0")
    for server, numbers in ((later, 0), (grafana, int(grafana.release < (10, 0)))):
        if server.real:
            continue
        try_bundle(server, datasources=[asked], prove={"scope": "all"}, fail_on="never")
        paths = [one.path for one in server.recorder.requests]
        assert len([p for p in paths if re.match(r"/api/datasources/proxy/\d", p)]) == numbers


def test_a_data_source_that_is_down_is_named_once_and_its_panels_with_it(grafana: Any) -> None:
    result = proven(grafana, DEAD, panel("Up"), panel("Down"))
    assert codes(result) == {
        "data source prom": "data_source.down",
        "panel d/Up": "panel.source_down",
        "panel d/Down": "panel.source_down",
    }
    queries = [one for one in grafana.recorder.requests if "/ds/query" in one.path]
    assert len(queries) == 1


def test_what_is_asked_is_the_data_source_as_it_is_now(grafana: Any, prometheus: str) -> None:
    for url, expected in ((prometheus, "pass"), (DEAD, "fail"), (prometheus, "pass")):
        if grafana.real:  # which tells two states of one second apart by nothing
            time.sleep(1.1)
        result = try_bundle(grafana, datasources=[source(url)], prove={}, fail_on="never")
        assert status(result) == {"data source prom": expected}


def test_scope_and_wait(grafana: Any, prometheus: str) -> None:
    options = {
        "datasources": [source(prometheus)],
        "dashboards": [{"content": dashboard("d", "D", panel("None", "no_such_name"))}],
    }
    assert bundle(grafana, check=True, prove={"scope": "all"}, **options)["checks"] == []
    assert len(bundle(grafana, prove={}, **options)["checks"]) == 2
    assert bundle(grafana, prove={}, **options)["checks"] == []
    assert bundle(grafana, prove={"scope": "none"}, **options)["checks"] == []
    grafana.recorder.forget()
    result = bundle(grafana, prove={"scope": "all", "wait": 6.0}, **options)
    assert len(result["checks"]) == 2
    queries = [one for one in grafana.recorder.requests if "/ds/query" in one.path]
    assert len(queries) >= 3  # the data source, the panel, and the panel once more


def test_health_where_the_server_has_one_and_where_it_has_none(
    make_grafana: Callable[..., Any], prometheus: str
) -> None:
    sources = [
        source(prometheus),
        source(DEAD, uid="down", name="Down", is_default=False),
        {"uid": "am", "name": "AM", "type": "alertmanager", "url": DEAD},
    ]
    for version, flags in (("9.3.2", {}), ("11.6.0", {"source_health": True})):
        server = make_grafana(version, **flags)
        result = try_bundle(server, datasources=sources, prove={}, fail_on="never")
        assert status(result) == {
            "data source prom": "pass",
            "data source down": "fail",
            "data source am": "fail",
        }


@pytest.mark.parametrize("version", ["9.3.2", "12.4.0"])
def test_a_loki_that_refuses_the_credentials(
    make_grafana: Callable[..., Any], version: str
) -> None:
    """12.4's health check of Loki says only that there is something in the server's log."""
    with between(lambda *_request: (401, b"no credentials\n")) as url:
        loki = {"uid": "loki", "name": "Loki", "type": "loki", "url": url}
        server = make_grafana(version)
        result = try_bundle(server, datasources=[loki], prove={}, fail_on="never")
    assert codes(result) == {"data source loki": "data_source.down"}
    assert "no credentials" in values(result, "data source loki")["answer"]


def test_an_alertmanager_is_asked_whatever_its_uid(
    grafana: Any, run_service: Callable[..., Any]
) -> None:
    """9.3 cuts uids with a hyphen in the path of its proxy."""
    server = run_service(
        "alertmanager",
        entrypoint=["/bin/sh", "-c"],
        command=[
            "printf 'route: {receiver: x}\\nreceivers: [{name: x}]\\n' > /tmp/a.yml; "
            "exec /bin/alertmanager --config.file=/tmp/a.yml --storage.path=/tmp "
            "--cluster.listen-address="
        ],
    )
    for uid in ("plain", "with-hyphen"):
        options = {"json_data": {"implementation": "prometheus"}, "url": server.url()}
        asked = {"uid": uid, "name": uid, "type": "alertmanager", **options}
        result = bundle(grafana, datasources=[asked], prove={"scope": "all"})
        assert status(result) == {f"data source {uid}": "pass"}
