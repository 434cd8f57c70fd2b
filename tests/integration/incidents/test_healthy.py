# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The opposite of the incidents: all is well, and nothing is called otherwise."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.vya.observability.tests.integration.checks.conftest import (
    KEY,
    OTHER_KEY,
    Authority,
    Collector,
    Proxy,
    run_module,
)


@pytest.fixture
def healthy(
    collector: Collector,
    gateway: str,
    prometheus: str,
    storage: str,
    proxy: Proxy,
    authority: Authority,
) -> dict[str, Any]:
    """Options of pipeline_check for the real system."""
    services = [
        ("gateway", "pushgateway", gateway),
        ("gateway behind Traefik", "pushgateway", proxy.url("good", "/pushgateway")),
        ("Prometheus behind Traefik", "prometheus", proxy.url("good")),
        ("VictoriaMetrics", "victoriametrics", storage),
        ("Traefik", "traefik", proxy.api),
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
        "fail_on": "warn",
        "wait": 20,
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
