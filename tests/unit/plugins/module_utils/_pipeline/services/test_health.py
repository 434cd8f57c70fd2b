# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a collector says of its parts, against what it should have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._http.session import Session
from ansible_collections.vya.observability.plugins.module_utils._pipeline.collector import Collector
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.health import (
    check_health,
    judge_health,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.run import (
    service_probes,
)
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between

OK = {"ok": True, "last_error": None}
DOWN = {"ok": False, "last_error": "connection refused"}
N8N = {"databases": ["n8n"], "targets": ["pushgateway"]}


@pytest.mark.parametrize(
    ("expected", "health", "status", "code", "values"),
    [
        (["n8n"], {}, "pass", "ok", N8N),
        (None, {}, "pass", "ok", N8N),
        (["n8n", "mysql"], {}, "fail", "not_probed", {"missing": ["mysql"]}),
        (["mysql"], {}, "fail", "not_probed", {"missing": ["mysql"], "databases": ["n8n"]}),
        ([], {}, "warn", "not_expected", {"more": ["n8n"]}),
        (None, {"push": {}}, "fail", "no_target", {}),
        (None, {"died": {"spool": "ValueError: x"}}, "fail", "part_down", {"names": ["spool"]}),
    ],
)
def test_health(
    expected: list[str] | None,
    health: dict[str, Any],
    status: str,
    code: str,
    values: dict[str, Any],
) -> None:
    made = {"databases": {"n8n": OK}, "push": {"pushgateway": OK}, "died": {}, **health}
    check = judge_health(Ask("health", "x"), "http://x/health", made, expected)
    assert (check.status, check.code) == (status, f"health.{code}")
    assert values.items() <= check.values.items()


def test_a_push_target_does_not_hide_a_database_of_its_name() -> None:
    made = {"databases": {"pushgateway": DOWN}, "push": {"pushgateway": OK}}
    check = judge_health(Ask("health", "x"), "http://x/health", made, None)
    (part,) = check.values["parts"]
    assert part.code == "health_database"
    assert part.values == {"name": "pushgateway", "error": "connection refused"}


ANONYMOUS = {"status": "ok", "databases": [{"ok": True}], "push": {"pushgateway": {"ok": True}}}


@pytest.mark.parametrize(
    ("health", "status", "code", "names"),
    [
        ({}, "pass", "ok", None),
        ({"databases": [{"ok": True}, {"ok": False}]}, "fail", "part_down", ["2"]),
        ({"push": {"pushgateway": {"ok": False}}}, "fail", "part_down", ["pushgateway"]),
        ({"push": {}}, "fail", "no_target", None),
        ({"status": "failed"}, "fail", "part_down", ["?"]),
    ],
)
def test_what_is_said_without_a_key_is_judged_as_well(
    health: dict[str, Any], status: str, code: str, names: list[str] | None
) -> None:
    check = judge_health(Ask("health", "x"), "http://x/health", {**ANONYMOUS, **health}, ["n8n"])
    assert (check.status, check.code) == (status, f"health.{code}")
    assert check.values.get("names") == names


def test_a_collector_is_asked_with_its_key() -> None:
    asked = []

    def answer(method: str, path: str, headers: dict[str, str], _body: bytes) -> Reply:
        asked.append((path, headers.get("X-API-Key")))
        body = {"service": "collector", "version": "1", "databases": {"n8n": OK}}
        return 200, json.dumps({**body, "push": {"pushgateway": OK}}).encode()

    with between(answer) as url:
        services = [{"name": "x", "kind": "collector", "url": url + "/", "databases": ["n8n"]}]
        collectors = [{"name": "x", "url": url, "keys": ["the-key"]}]
        params = {"services": services, "collectors": collectors}
        limits = {"slow": 60.0, "certificate_days": 1.0}
        checks = [probe.run() for probe in service_probes(Session(), {**params, **limits})]
    assert [check.status for check in checks if check.id.startswith("health")] == ["pass"]
    assert ("/health", "the-key") in asked


REFUSED = {"type": "permission", "meaning": "no CONNECT", "code": "42501"}


@pytest.mark.parametrize(
    ("probed", "outcome"),
    [
        # It went down after the last probe that /health tells of.
        ({"ok": False, "last_error": REFUSED}, "health.part_down.permission"),
        ({"ok": True, "last_error": None}, "health.ok"),
        # An older collector cannot probe on request, and a probe may not have ended.
        (None, "health.ok"),
        (404, "health.ok"),
    ],
)
def test_databases_are_probed_now(probed: Any, outcome: str) -> None:
    asked = []

    def answer(method: str, path: str, _headers: dict[str, str], _body: bytes) -> Reply:
        asked.append(f"{method} {path}")
        if path == "/api/probe":
            return (404, b"") if probed == 404 else (200, json.dumps(made(probed)).encode())
        body = {"push": {"pushgateway": OK}, **made(OK)}
        return 200, json.dumps(body).encode()

    def made(part: Any) -> dict[str, Any]:
        return {"databases": {"n8n": part}}

    with between(answer) as url:
        collector = Collector("x", url=url, keys=("k",))
        service = {"url": url, "databases": ["n8n"]}
        check = check_health(Session(), Ask("health", "x"), service, collector)
    assert check.code == outcome
    # What it says of the time before this run's own push is history.
    assert asked[-2:] == ["POST /api/push", "GET /health"]


@pytest.mark.parametrize(
    ("database", "died", "outcome"),
    [
        # What cannot be pushed has checks of its own.
        ({"ok": False, "last_error": REFUSED}, {}, "part_down.permission"),
        (OK, {}, "part_down.push"),
        (OK, {"spool": "ValueError: x"}, "part_down"),
    ],
)
def test_a_target_does_not_hide_what_else_is_wrong(
    database: Any, died: dict[str, str], outcome: str
) -> None:
    made = {"databases": {"a": database}, "push": {"pushgateway": DOWN}, "died": died}
    check = judge_health(Ask("health", "x"), "http://x/health", made, None)
    assert check.code == f"health.{outcome}"
    assert check.values["names"][-1 if not died else 0] == "pushgateway"


def test_faults_of_several_kinds_have_no_cause_in_common() -> None:
    other = {"ok": False, "last_error": {**REFUSED, "type": "timeout", "code": ""}}
    both = {"a": {"ok": False, "last_error": REFUSED}, "b": other}
    made = {"databases": both, "push": {"pushgateway": OK}}
    check = judge_health(Ask("health", "x"), "http://x/health", made, None)
    assert check.code == "health.part_down"
    errors = [part.values["error"].code for part in check.values["parts"]]
    assert errors == ["database_error.code", "database_error"]
