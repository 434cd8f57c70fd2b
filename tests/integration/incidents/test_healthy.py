# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The opposite of the incidents: all is well, and nothing is called otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from ...grafana_stand_in import serve as stand_in
from ..checks.conftest import KEY, OTHER_KEY, Authority, Collector, Proxy, Servers, run_module


@pytest.fixture
def data_source(prometheus: str) -> Iterator[dict[str, Any]]:
    """A stand-in of Grafana, whose data source leads to the real Prometheus."""
    login = {"url_username": "admin", "url_password": "admin"}
    with stand_in() as server:
        source = {"uid": "prom", "name": "prom", "type": "prometheus", "access": "proxy"}
        requests.post(
            f"{server.url}/api/datasources",
            json={**source, "url": prometheus},
            auth=("admin", "admin"),
            timeout=5,
        ).raise_for_status()
        yield {"url": server.url, "data_sources": ["prom"], **login}


@pytest.fixture
def healthy(
    servers: Servers,
    data_source: dict[str, Any],
    collector: Collector,
    gateway: str,
    prometheus: str,
    storage: str,
    proxy: Proxy,
    authority: Authority,
) -> dict[str, Any]:
    """Options of pipeline_check for the real system; Grafana alone is a stand-in."""
    services = [
        ("gateway", "pushgateway", gateway),
        ("gateway behind Traefik", "pushgateway", proxy.url("good", "/pushgateway")),
        ("Prometheus behind Traefik", "prometheus", proxy.url("good")),
        ("VictoriaMetrics", "victoriametrics", storage),
        ("Traefik", "traefik", proxy.api),
        ("Alertmanager", "alertmanager", servers.alertmanager()),
        ("Grafana", "grafana", data_source["url"]),
        ("collector", "collector", collector.url),
    ]
    one = {
        "name": collector.host,
        "url": collector.url,
        "keys": [KEY, OTHER_KEY],
        "job": collector.job,
        "families": ["collector_api_up", "collector_push_duration_seconds"],
    }
    return {
        "ca_path": str(authority.path),
        "services": [dict(zip(("name", "kind", "url"), each, strict=True)) for each in services],
        "collectors": [one],
        "pushgateway": {"url": proxy.url("good", "/pushgateway")},
        "prometheus": {"url": proxy.url("good")},
        "victoriametrics": {"url": storage},
        "grafana": data_source,
        "fail_on": "warn",
        "wait": 60,
        # A busy machine is no fault of theirs.
        "rtt": 30,
        "slow": 30,
    }


@pytest.mark.parametrize(
    ("runs", "parts"),
    [(15, ["services", "ping", "metrics"]), (5, ["services", "ping", "metrics", "roundtrip"])],
)
def test_no_false_alarm(
    runs: int, parts: list[str], healthy: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    seconds, checks, wrong = [], 0, []
    for number in range(runs):
        began = time.monotonic()
        answer = run_module("pipeline_check", parts=parts, **healthy)
        seconds.append(time.monotonic() - began)
        checks += len(answer.result.get("checks", []))
        alarms = answer.result.get("failed") or answer.wrong
        wrong += [(number, answer.result.get("msg"), answer.wrong)] if alarms else []
    with capsys.disabled():
        print(
            f"\n{', '.join(parts)}: {len(wrong)} false alarms in {runs} runs of"
            f" {checks // runs} checks; {min(seconds):.1f} to {max(seconds):.1f} s each"
        )
    assert wrong == []
    assert checks >= runs * 20
