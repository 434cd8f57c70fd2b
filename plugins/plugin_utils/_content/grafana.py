# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grafana's data sources, dashboards and marks."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...module_utils._grafana.objects.dashboard_files import dashboard_of, parsed
from ...module_utils._grafana.problems import Problem
from .._fleet.inventory import Fleet


def datasources(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the data sources that have a URL, in the form of grafana_bundle."""
    queried = {
        "httpMethod": "POST",
        "timeInterval": f"{v['grafana_push_interval_seconds']}s",
    }
    kinds: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("prometheus", "Prometheus", "prometheus", queried),
        ("victoriametrics", "VictoriaMetrics", "prometheus", queried),
        (
            "alertmanager",
            "Alertmanager",
            "alertmanager",
            {"implementation": "prometheus", "handleGrafanaManagedAlerts": False},
        ),
        ("loki", "Loki", "loki", {}),
    )
    return [_datasource(v, *kind) for kind in kinds if v[f"grafana_{kind[0]}_url"]]


def _datasource(
    v: Mapping[str, Any], key: str, name: str, kind: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a data source. Credentials and the CA are its secrets."""
    settings, secrets = dict(settings), {}
    username = v[f"grafana_{key}_username"]
    if v["grafana_datasource_ca"]:
        settings["tlsAuthWithCACert"] = True
        secrets["tlsCACert"] = v["grafana_datasource_ca"]
    if username:
        secrets["basicAuthPassword"] = v[f"grafana_{key}_password"]
    tenant = v.get(f"grafana_{key}_tenant", "")
    if tenant:
        settings["httpHeaderName1"] = "X-Scope-OrgID"
        secrets["httpHeaderValue1"] = tenant
    return {
        "uid": v[f"grafana_{key}_uid"],
        "name": name,
        "type": kind,
        "url": v[f"grafana_{key}_url"],
        "is_default": key == "prometheus",
        "basic_auth": bool(username),
        "basic_auth_user": username,
        "json_data": settings,
        "secure_json_data": secrets,
    }


def dashboards(v: Mapping[str, Any], texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return the role's own dashboards, in the form of grafana_bundle."""
    return [{"folder": v["grafana_folder_uid"], "content": json.loads(text)} for text in texts]


def file_dashboards(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return folder and content of all dashboards, also of those that are given by their path.

    They are read as grafana_bundle reads them; ``problems`` of one are why Grafana cannot.
    """
    found = []
    for source, given, contents, problems in _given(v):
        one = None
        for raw in contents:
            one = dashboard_of(source, raw, given, set(), problems)
        entry = {"folder": given.get("folder", ""), "content": dict(one.content) if one else {}}
        found.append({**entry, "problems": list(map(str, problems))} if problems else entry)
    return found


def _given(
    v: Mapping[str, Any],
) -> Iterator[tuple[str, Mapping[str, Any], list[Any], list[Problem]]]:
    """Yield the place, the settings and the content of each dashboard, and a list for problems."""
    for index, one in enumerate(v["grafana_dashboards"]):
        if "content" in one:
            yield f"dashboards[{index}]", one, [one["content"]], []
    for read in v["grafana_texts"]["results"]:
        given, file = read["item"][0]["item"], read["item"][1]["path"]
        problems: list[Problem] = []
        contents = parsed(file, base64.b64decode(read["content"]), problems)
        yield file, given, contents, problems


def marks(v: Mapping[str, Any], fleet: Fleet) -> list[dict[str, str]]:
    """Return a mark for each collector and release, at the time when its container was created.

    ``collector_result`` of a host is what the role collector has registered in this run,
    ``deploy_plan`` what a deploy has found before. In check mode a release that does not exist yet
    has no id.
    """
    found = []
    for host in fleet.hosts("collector"):
        told = _release(fleet[host])
        release, key = told.get("release"), f"release:{host.replace(':', '-')}"
        if v["ansible_check_mode"] and told.get("changed"):
            image = (fleet[host].get("image_references") or {}).get("collector", "")
            text = f"Collector on {host}: {image}"
            found.append({"host": host, "key": f"{key}-foreseen", "text": text})
        elif release:
            image = f"{release['image_reference']} (release {release['id']})"
            found.append(
                {
                    "host": host,
                    "key": f"{key}-{release['id']}",
                    "text": f"Collector on {host}: {image}",
                    "time": re.sub("[.][0-9]+", "", release["created"]),
                }
            )
    return found


def _release(v: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a host's collector; empty if this run has not looked at it."""
    for name in ("collector_result", "deploy_plan"):
        known: Mapping[str, Any] = (v.get(name) or {}).get("services") or {}
        if v["collector_container_name"] in known:
            return dict(known[v["collector_container_name"]])
    return {}
