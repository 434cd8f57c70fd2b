# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of dashboards."""

from __future__ import annotations

from typing import Any

from ..grafana.bundle_tools import bundle, dashboard, panel, problems, source, try_bundle
from .registry import incident


@incident(
    13,
    "Grafana: two data sources with one uid, panels without theirs; what was deleted lived on",
    "Grafana: duas fontes com um uid, painéis sem a sua; o que foi apagado continuava lá",
    "refused",
    "grafana_bundle",
)
def test_dashboards_and_their_data_sources(grafana: Any, prometheus: str) -> None:
    where = {"type": "prometheus", "uid": "nowhere"}
    twice = [source(prometheus), source(prometheus, name="Other", is_default=False)]
    assert problems(grafana, datasources=twice) == [("given_twice", "datasources")]
    undeclared = [{"content": dashboard("d", "D", panel("Latency", source=where))}]
    found = problems(grafana, datasources=[source(prometheus)], dashboards=undeclared)
    assert found == [("source_unknown", "dashboard d")]
    # What is no longer in the bundle does not live on.
    items = [{"content": dashboard(uid, uid)} for uid in ("kept", "old")]
    bundle(grafana, datasources=[source(prometheus)], dashboards=items)
    bundle(grafana, datasources=[source(prometheus)], dashboards=items[:1], prune=True)
    assert grafana.try_api("GET", "/api/dashboards/uid/kept").ok
    assert grafana.try_api("GET", "/api/dashboards/uid/old").status_code == 404


@incident(
    14,
    "Dashboards asked for names that nobody exports",
    "Dashboards consultavam nomes que ninguém exporta",
    "found",
    "grafana_bundle",
)
def test_a_metric_that_nobody_exports(grafana: Any, prometheus: str) -> None:
    panels = [panel("Up", "up"), panel("Latency", "n8n_latency_that_nobody_exports")]
    proven = {"window": 60, "empty": "fail"}
    sources = [source(prometheus, json_data={"timeInterval": "1s"})]
    good = [{"content": dashboard("d", "D", panels[0])}]
    bundle(grafana, datasources=sources, dashboards=good, prove={**proven, "wait": 30})
    both = [{"content": dashboard("d", "D", *panels)}]
    result = try_bundle(grafana, datasources=sources, dashboards=both, prove=proven)
    assert (result["failed"], result["code"]) == (True, "checks_failed")
    codes = {check["id"]: check["code"] for check in result["checks"]}
    assert codes["panel d/Latency"] == "panel.empty"
    assert codes["panel d/Up"] == "panel.ok"
    assert "n8n_latency_that_nobody_exports" in result["msg"]
