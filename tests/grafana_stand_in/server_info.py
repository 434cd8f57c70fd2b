# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Health, settings, plugins and the reload of file provisioning."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.requests import Request

from .answers import Call, Refused
from .auth import needs
from .state import Behaviour

router = APIRouter()

TOGGLES = ("cloudWatchDynamicLabels", "commandPalette", "internationalization", "lokiMonacoEditor")
# Some of those of 12.0.0-pre and 12.4.0.
TOGGLES_12 = ("dashboardScene", "topnav")
# The types of data source that every server brings along.
SOURCES = {
    "alertmanager": "Alertmanager",
    "grafana-azure-monitor-datasource": "Azure Monitor",
    "cloudwatch": "CloudWatch",
    "elasticsearch": "Elasticsearch",
    "stackdriver": "Google Cloud Monitoring",
    "graphite": "Graphite",
    "influxdb": "InfluxDB",
    "jaeger": "Jaeger",
    "loki": "Loki",
    "mssql": "Microsoft SQL Server",
    "mysql": "MySQL",
    "opentsdb": "OpenTSDB",
    "postgres": "PostgreSQL",
    "prometheus": "Prometheus",
    "tempo": "Tempo",
    "testdata": "TestData DB",
    "zipkin": "Zipkin",
}
# What 12.0.0-pre and 12.4.0 call otherwise, or have besides.
RENAMED = {"postgres": "grafana-postgresql-datasource", "testdata": "grafana-testdata-datasource"}
# By their former names, which a write may still give.
FORMER = {**RENAMED, "phlare": "grafana-pyroscope-datasource"}
ADDED = {
    "grafana-pyroscope-datasource": "Grafana Pyroscope",
    "parca": "Parca",
    "grafana-testdata-datasource": "TestData",
}


def sources(behaviour: Behaviour) -> dict[str, str]:
    """The types of data source that the server has, with their names."""
    if not behaviour.recorded_12:
        return SOURCES
    renamed = {RENAMED.get(kind, kind): name for kind, name in SOURCES.items()}
    return {**renamed, **ADDED}


@router.get("/api/health")
async def health(request: Request) -> Any:
    behaviour = request.app.state.grafana.behaviour
    if behaviour.hidden_version:
        return {"database": "ok"}
    return {"commit": "unknown", "database": "ok", "version": behaviour.version}


@router.get("/api/frontend/settings")
async def settings(call: Annotated[Call, needs("")]) -> Any:
    behaviour = call.state.behaviour
    newer = behaviour.recorded_94
    toggles = TOGGLES if newer else (*TOGGLES, "promQueryBuilder")
    stamp, more = 1673600000 if newer else 1670000000, {}
    if behaviour.recorded_12:
        toggles, stamp = TOGGLES_12, 1771891200 if behaviour.recorded_124 else 1745193600
        named = f"Grafana v{behaviour.version} (unknown)"
        more = {"commitShort": "unknown", "versionString": named}
    return {
        "buildInfo": {
            **more,
            "buildstamp": stamp,
            "commit": "unknown",
            "edition": "Open Source",
            "env": "production",
            "hasUpdate": False,
            "hideVersion": False,
            "latestVersion": "",
            "version": behaviour.version,
        },
        "featureToggles": dict.fromkeys(toggles, True),
        "unifiedAlertingEnabled": True,
    }


@router.get("/api/plugins")
async def plugins(call: Annotated[Call, needs("")]) -> Any:
    if call.query.get("type", "datasource") != "datasource":
        return []
    return [
        {"id": plugin, "type": "datasource", "name": name, "signature": "internal"}
        for plugin, name in sorted(sources(call.behaviour).items(), key=lambda each: each[1])
    ]


@router.post("/api/admin/provisioning/{what}/reload")
async def reload(call: Annotated[Call, needs("server:provisioning:reload")], what: str) -> Any:
    names = {
        "dashboards": "Dashboards",
        "datasources": "Datasources",
        "plugins": "Plugins",
        "notifications": "Notifications",
        "alerting": "Alerting",
    }
    if what not in names:
        raise Refused(404, "Not found", trace=False)
    return {"message": f"{names[what]} config reloaded"}
