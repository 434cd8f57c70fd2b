# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loki behind Grafana: a stand-in held to a recording, or the real one that LOKI_URL names.

LOKI_URL takes LOKI_TENANT for one with auth_enabled; Grafana has to reach it at that address.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from ...loki_stand_in import serve
from ...unit.dashboards.files import render
from ...unit.dashboards.grafana_rules import grafana_rules
from ..conftest import wait_until
from .bundle_tools import bundle, dashboard, panel, try_bundle
from .conftest import Grafana

FIXTURE = Path(__file__).parents[2] / "fixtures/loki/loki-3.5.9-recorded.json"
RECORDED_AT = 1795407493.7  # what was pushed then is refused by the age that it had
PAIRS = 25
TENANT = "tenant-of-the-test"


def normal(path: str, status: int, body: Any) -> Any:
    """An answer without what differs each time: the time it was made, the order of sets."""
    if isinstance(body, str):
        return status, sorted(body.splitlines()) if path == "/services" else body
    data = body.get("data")
    if isinstance(data, dict):
        found = [
            {**each, "value": each["value"][1]} if "value" in each else each
            for each in data["result"]
        ]
        data = [data["resultType"], sorted(found, key=json.dumps)]
    return status, {**body, "data": data}


@pytest.mark.parametrize("auth", [False, True])
def test_it_answers_as_recorded(auth: bool) -> None:
    name = f"auth_enabled: {str(auth).lower()}"
    pairs = [p for p in json.loads(FIXTURE.read_text("utf-8")) if p["server"] == name]
    assert len(pairs) == PAIRS
    with serve(auth, starting=1, clock=lambda: RECORDED_AT) as loki:
        for pair in pairs:
            asked, told = pair["request"], pair["response"]
            body = asked["body"]
            reply = requests.request(
                asked["method"],
                loki.url + asked["path"],
                data=json.dumps(body) if isinstance(body, dict) else body,
                headers=asked["headers"],
                timeout=10,
            )
            kind = reply.headers.get("Content-Type", "")
            seen = reply.json() if "json" in kind else reply.text
            path = asked["path"]
            assert normal(path, reply.status_code, seen) == normal(
                path, told["status"], told["body"]
            ), f"{asked['method']} {path} ({pair.get('note', '')})"


@dataclass
class Logs:
    """A Loki with some lines of the job ``collector_api``. ``tenant``: empty where it has none."""

    url: str
    tenant: str

    def source(self, tenant: str = "") -> dict[str, Any]:
        """It as a data source, as the role gives it."""
        source: dict[str, Any] = {
            "uid": "vya-loki",
            "name": "Loki",
            "type": "loki",
            "url": self.url,
        }
        if tenant:
            source["json_data"] = {"httpHeaderName1": "X-Scope-OrgID"}
            source["secure_json_data"] = {"httpHeaderValue1": tenant}
        return source


@pytest.fixture(scope="module")
def logs() -> Iterator[Logs]:
    real = os.environ.get("LOKI_URL", "").rstrip("/")
    tenant = os.environ.get("LOKI_TENANT", "") if real else TENANT
    with serve(auth=True) as loki:
        found = Logs(real or loki.url, tenant)
        stamp = time.time_ns() - 60 * 1_000_000_000
        lines = [[str(stamp + number), '{"level":"info","event":"push"}'] for number in range(3)]
        stream = {"stream": {"job": "collector_api", "host": "wf001"}, "values": lines}
        labels = {"host": "wf001", "service": "prod-collector-api", "level": "error"}
        failed = {"stream": labels, "values": [[str(stamp), '{"level":"error","event":"push"}']]}
        reply = requests.post(
            f"{found.url}/loki/api/v1/push",
            json={"streams": [stream, failed]},
            headers={"X-Scope-OrgID": tenant} if tenant else {},
            timeout=30,
        )
        assert reply.status_code == 204, reply.text
        yield found


def checks(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The proofs of a run, by what was proven."""
    return {check["id"]: check for check in result["checks"]}


def test_the_source_answers_and_panels_have_lines_and_numbers(grafana: Grafana, logs: Logs) -> None:
    def asks(title: str, expr: str, **more: Any) -> dict[str, Any]:
        found = panel(title, expr, source={"type": "loki", "uid": "vya-loki"})
        found["targets"][0] |= more
        return found

    board = dashboard(
        "logs",
        "Logs",
        asks("Lines", '{job="collector_api"} |= "push"'),
        asks("Number", 'sum(count_over_time({job="collector_api"}[1h]))', queryType="instant"),
        asks("Nobody", '{job="nobody"}'),
    )
    stale = grafana_rules()["LokiStale"]
    group = {"folder": "f-logs", "name": "logs", "interval_seconds": 60, "rules": [stale]}
    wanted: dict[str, Any] = {
        "folders": [{"uid": "f-logs", "title": "Logs of the test"}],
        "datasources": [logs.source(logs.tenant)],
        "dashboards": [{"content": board, "folder": "f-logs"}],
        "rule_groups": [group],
    }
    result = try_bundle(grafana, **wanted, prove={"scope": "all"})
    assert not result.get("failed"), result["msg"]
    assert not bundle(grafana, **wanted)["changed"]
    seen = {name: check["status"] for name, check in checks(result).items()}
    assert seen == {
        "data source vya-loki": "pass",
        "panel logs/Lines": "pass",
        "panel logs/Number": "pass",
        "panel logs/Nobody": "warn",
    }
    nobody = checks(result)["panel logs/Nobody"]
    assert (nobody["code"], nobody["values"]["query"]) == ("panel.empty", '{job="nobody"}')


def test_error_lines_stand_beside_the_metrics(
    grafana: Grafana, logs: Logs, prometheus: str
) -> None:
    store = {"uid": "vya-prometheus", "name": "Prometheus", "type": "prometheus", "url": prometheus}
    result = try_bundle(
        grafana,
        datasources=[logs.source(logs.tenant), store],
        dashboards=[{"content": render("errors")}],
        prove={"scope": "all"},
    )
    assert not result.get("failed"), result["msg"]
    seen = {name: check["status"] for name, check in checks(result).items()}
    with_lines = ("Error lines", "Error lines by service", "Error lines, 1 h", "Lines, 5 min")
    for title in (*with_lines, "Lines by level"):
        assert seen[f"panel vya-errors/{title}"] == "pass", checks(result)
    # This Prometheus has nothing: none of its panels is called broken.
    assert "fail" not in seen.values()


def test_a_real_server_evaluates_the_rule_of_the_role(grafana: Grafana, logs: Logs) -> None:
    if not grafana.real:
        pytest.skip("the stand-in evaluates nothing")
    group = {
        "folder": "f-logs",
        "name": "evaluated",
        "interval_seconds": 10,
        "rules": [grafana_rules()["LokiStale"]],
    }
    bundle(
        grafana,
        folders=[{"uid": "f-logs", "title": "Logs of the test"}],
        datasources=[logs.source(logs.tenant)],
        rule_groups=[group],
    )

    def well() -> bool:
        groups = grafana.api("GET", "/api/prometheus/grafana/api/v1/rules")["data"]["groups"]
        (rule,) = [rule for each in groups for rule in each["rules"] if each["name"] == "evaluated"]
        evaluated = not rule["lastEvaluation"].startswith("0001")
        return evaluated and (rule["health"], rule["state"]) == ("ok", "inactive")

    # The first time it may still ask the data source of the test before.
    wait_until(well, 60, "the rule is evaluated and well")


def test_without_its_tenant_it_is_401_and_that_is_said(grafana: Grafana, logs: Logs) -> None:
    """Incident 21."""
    if not logs.tenant:
        pytest.skip("this Loki has no tenants")
    result = try_bundle(grafana, datasources=[logs.source()], prove={"scope": "all"})
    assert result["failed"]
    (check,) = result["checks"]
    assert (check["status"], check["code"]) == ("fail", "data_source.down")
    assert "no org id" in check["values"]["answer"]
    if grafana.real:
        time.sleep(1)  # it tells one state of a data source from the next by the second
    again = try_bundle(grafana, datasources=[logs.source(logs.tenant)], prove={"scope": "all"})
    assert not again.get("failed"), again["msg"]


def test_what_is_no_logql_is_refused_before_anything_is_written(
    grafana: Grafana, logs: Logs
) -> None:
    try_bundle(grafana, datasources=[logs.source(logs.tenant)])
    wrong = json.loads(json.dumps(grafana_rules()["LokiStale"]))
    wrong["data"][0]["model"]["expr"] = "{job="
    result = try_bundle(
        grafana,
        folders=[{"uid": "f-logs", "title": "Logs of the test"}],
        rule_groups=[
            {"folder": "f-logs", "name": "logs", "interval_seconds": 60, "rules": [wrong]}
        ],
    )
    assert result["code"] == "grafana.bundle_refused"
    (found,) = result["values"]["problems"]
    assert found["code"] == "query_invalid"
    assert "parse error at line 1, col 6" in found["values"]["reason"]
    assert grafana.try_api("GET", "/api/folders/f-logs").status_code == 404
