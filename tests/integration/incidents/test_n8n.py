# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The incident of n8n and its collector."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from ...n8n_stand_in import KEY, N8n, serve
from ..n8n.exporter import JOB, Exporter
from .registry import incident

LIMITS = {"executions": 1000, "requests": 30, "seconds": 50, "workflows": 200}
HOST = "wf015"


@pytest.fixture
def huge() -> Iterator[N8n]:
    """A stand-in for n8n that has one execution; more is to come."""
    with serve() as n8n:
        n8n.workflow("w1", "Orders to ERP")
        n8n.execution("w1")
        yield n8n


@pytest.fixture
def exporter(huge: N8n, gateway: str, tmp_path: Path) -> Iterator[Exporter]:
    """The real exporter, with small caps."""
    (tmp_path / "key").write_text(KEY)
    settings = {
        "url": huge.url,
        "api_key_file": str(tmp_path / "key"),
        "timeout_seconds": 20,
        "pause_seconds": 0.05,
    }
    yield Exporter(tmp_path / HOST, HOST, settings, gateway, {"limits": LIMITS})
    requests.delete(f"{gateway}/metrics/job/{JOB}/instance/{HOST}", timeout=5)


def counted(exporter: Exporter) -> float | None:
    """Executions that the gateway has heard of."""
    labels = {"workflow_id": "w1", "workflow_name": "Orders to ERP", "mode": "webhook"}
    return exporter.said("executions_total", status="success", **labels)


@incident(
    15,
    "n8n was overloaded by an unbounded collector",
    "O n8n foi sobrecarregado por um coletor sem limites",
    "prevented",
    "collector",
)
def test_an_n8n_without_end(huge: N8n, exporter: Exporter) -> None:
    assert exporter.run() == 0
    assert counted(exporter) is None
    # Thousands of executions, workflows (and with them nodes) without end, and it is busy.
    for _number in range(3000):
        huge.execution("w1")
    huge.endless = True
    huge.refuse(429, retry_after="1")
    huge.asked.clear()
    assert exporter.run(workflows_interval_seconds=0) == 0, exporter.output
    assert len(huge.asked) == exporter.of_run("run_requests") <= LIMITS["requests"]
    assert huge.at_once == 1
    assert not any("includeData" in each.path for each in huge.asked)
    assert huge.asked[0].status == 429
    assert huge.asked[1].at - huge.asked[0].at >= 1
    assert all(then.at - one.at >= 0.05 for one, then in pairwise(huge.asked))
    assert exporter.of_run("run_errors", error_type="http_429") == 1
    assert exporter.of_run("run_capped", cap="executions") == 1
    assert exporter.of_run("run_capped", cap="workflows") == 1
    assert exporter.of_run("run_success") == 1
    assert counted(exporter) == 0  # that it begins there is told first
    # The next runs go on where this one stopped: nothing is lost, nothing counted twice.
    for expected in (2000, 3000):
        assert exporter.run() == 0
        assert counted(exporter) == expected
    assert exporter.run() == 0
    assert counted(exporter) == 3000
    assert exporter.of_run("run_capped", cap="executions") == 0

    # It wants no requests at all any more: so it gets none, in this run and in the next one.
    huge.refuse(429, 1000, retry_after="60")
    huge.asked.clear()
    for error_type in ("http_429", "retry_after"):
        assert exporter.run() == 1
        assert exporter.of_run("run_success") == 0
        assert exporter.of_run("run_errors", error_type=error_type) == 1
    assert len(huge.asked) == 1
