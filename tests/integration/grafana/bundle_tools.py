# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the Grafana modules as Ansible does, and a bundle with one object of each kind."""

from __future__ import annotations

import copy
import json
from typing import Any

from ansible_collections.vya.observability.tests.integration.grafana import module_runner

PASSWORD = "a-password-of-the-test"
HOOK_PASSWORD = "another-password-of-the-test"
DEAD = "http://127.0.0.1:9"


def run(grafana: Any, name: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """Run a module in a process of its own; its result, in which no secret may be."""
    login: dict[str, Any] = {"bearer_token": grafana.token}
    if grafana.user:
        login = {"url_username": grafana.user, "url_password": grafana.password}
    if "bearer_token" in options:
        login = {}
    given = {"url": grafana.url, **login, **options}
    arguments = {**given, "_ansible_check_mode": check, "_ansible_diff": True}
    stdout, stderr = module_runner.run(name, {"ANSIBLE_MODULE_ARGS": arguments})
    assert stdout, stderr
    assert PASSWORD not in stdout
    assert HOOK_PASSWORD not in stdout
    result: dict[str, Any] = json.loads(stdout)
    assert not result.get("exception"), result["exception"]
    return result


def bundle(grafana: Any, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """Run grafana_bundle, which must succeed."""
    result = try_bundle(grafana, check=check, **options)
    assert not result.get("failed"), result["msg"]
    return result


def try_bundle(grafana: Any, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """Run grafana_bundle; nothing is proven unless that is asked for."""
    options.setdefault("prove", {"scope": "none"})
    return run(grafana, "grafana_bundle", check=check, **options)


def problems(grafana: Any, *, check: bool = False, **options: Any) -> list[tuple[str, str]]:
    """Run grafana_bundle, which must find problems and write nothing; their codes and objects."""
    before = len(grafana.recorder.writes)
    result = try_bundle(grafana, check=check, **options)
    assert (result.get("code"), result["changed"]) == ("grafana.bundle_refused", False), result
    assert len(grafana.recorder.writes) == before
    assert len(result["problems"]) == len(result["values"]["problems"])
    return coded(result["values"]["problems"])


def coded(problems: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Codes and objects of problems or notes."""
    return [(one["code"], one["what"]) for one in problems]


def failure(grafana: Any, **options: Any) -> tuple[str, dict[str, Any]]:
    """Run grafana_bundle, which must fail; its code and values."""
    result = try_bundle(grafana, **options)
    assert result.get("failed"), result
    return result["code"], result["values"]


def panel(title: str, expr: str = "up", source: Any = "prom", **more: Any) -> dict[str, Any]:
    """A panel with one query."""
    where = {"type": "prometheus", "uid": source} if isinstance(source, str) else source
    target = {"refId": "A", "expr": expr, "datasource": where}
    return {"type": "timeseries", "title": title, "datasource": where, "targets": [target], **more}


def dashboard(uid: str, title: str, *panels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A dashboard; with one panel unless some are given."""
    return {"uid": uid, "title": title, "panels": list(panels) or [panel("Up")], **more}


def rule(uid: str, title: str, expr: str = "up", **more: Any) -> dict[str, Any]:
    """An alert rule: a query, its last value, a threshold."""
    threshold = {"evaluator": {"type": "lt", "params": [1]}}
    return {
        "uid": uid,
        "title": title,
        "condition": "C",
        "for": "5m",
        "labels": {"severity": "warning"},
        "annotations": {"summary": "it is down"},
        "data": [
            {
                "refId": "A",
                "datasourceUid": "prom",
                "relativeTimeRange": {"from": 600, "to": 0},
                "model": {"expr": expr, "instant": True},
            },
            {
                "refId": "B",
                "datasourceUid": "__expr__",
                "model": {"type": "reduce", "expression": "A", "reducer": "last"},
            },
            {
                "refId": "C",
                "datasourceUid": "__expr__",
                "model": {"type": "threshold", "expression": "B", "conditions": [threshold]},
            },
        ],
        **more,
    }


def group(*rules: dict[str, Any], name: str = "g1", **more: Any) -> dict[str, Any]:
    """A rule group in folder f1."""
    return {"folder": "f1", "name": name, "interval_seconds": 60, "rules": list(rules), **more}


def source(url: str = DEAD, **more: Any) -> dict[str, Any]:
    """A data source without secrets."""
    return {
        "uid": "prom",
        "name": "Prometheus",
        "type": "prometheus",
        "url": url,
        "is_default": True,
        "json_data": {"httpMethod": "POST"},
        **more,
    }


WHOLE: dict[str, Any] = {
    "organization": "Main Org.",
    "folders": [{"uid": "f1", "title": "Collectors"}],
    "datasources": [
        source(
            basic_auth=True,
            basic_auth_user="u",
            secure_json_data={"basicAuthPassword": PASSWORD},
        ),
        {"uid": "logs", "name": "Logs", "type": "loki", "url": DEAD},
    ],
    "dashboards": [
        {"folder": "f1", "content": dashboard("d1", "One", tags=["vya"])},
        {"content": dashboard("d2", "Two")},
    ],
    "rule_groups": [group(rule("r1", "Down"), rule("r2", "Down too"))],
    "contact_points": [
        {
            "uid": "cp1",
            "name": "ops",
            "type": "webhook",
            "settings": {"url": f"{DEAD}/hook", "username": "u"},
            "secure_settings": {"password": HOOK_PASSWORD},
        },
        {"uid": "cp2", "name": "ops", "type": "email", "settings": {"addresses": "a@example.com"}},
    ],
    "notification_policy": {
        "receiver": "ops",
        "group_by": ["grafana_folder", "alertname"],
        "routes": [
            {
                "receiver": "ops",
                "matchers": ["severity=critical"],
                "mute_time_intervals": ["night"],
                "group_wait": "60s",
            }
        ],
    },
    "mute_timings": [
        {
            "name": "night",
            "time_intervals": [{"times": [{"start_time": "00:00", "end_time": "06:00"}]}],
        }
    ],
    "templates": [{"name": "t1", "template": "{{ .CommonLabels.severity }}"}],
}
SETUP = ("folders", "datasources")


def whole(**other: Any) -> dict[str, Any]:
    """A copy of WHOLE, with some sections replaced."""
    return copy.deepcopy({**WHOLE, **other})


def part(*sections: str, **other: Any) -> dict[str, Any]:
    """Some sections of WHOLE, and others."""
    return copy.deepcopy({**{name: WHOLE[name] for name in sections}, **other})


def did(result: dict[str, Any], action: str) -> dict[str, list[str]]:
    """The keys by kind of what was created, updated, deleted or unchanged."""
    found = {kind: actions[action] for kind, actions in result["objects"].items()}
    return {kind: keys for kind, keys in found.items() if keys}
