# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exporter against the stand-in, and a real Pushgateway and VictoriaMetrics.

What takes any_exporter runs against a real n8n where N8N_URL and N8N_KEY_FILE name one; it has to
have a workflow, and an execution that has ended.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from ...n8n_stand_in import KEY, N8n
from ..checks.conftest import wait_until
from .exporter import JOB, Exporter

ORDERS = {"workflow_id": "w1", "workflow_name": "Orders to ERP", "mode": "webhook"}


def group(exporter: Exporter) -> dict[str, object]:
    """Its group, as the gateway lists it."""
    labels = {"job": JOB, "instance": exporter.host}
    listed = requests.get(f"{exporter.gateway}/api/v1/metrics", timeout=5).json()["data"]
    (found,) = [each for each in listed if each["labels"] == labels]
    return dict(found)


def test_two_runs(any_exporter: Exporter) -> None:
    assert any_exporter.run() == 0, any_exporter.output
    assert group(any_exporter)["last_push_successful"] is True
    assert any_exporter.of_run("run_success") == 1
    last = any_exporter.of_run("last_success_timestamp_seconds")
    assert last == pytest.approx(time.time(), abs=30)
    series = any_exporter.series()
    names = {each.name for each in series}
    assert "n8n_exporter_workflow_info" in names
    assert "n8n_exporter_executions_total" not in names
    states = [any_exporter.said("workflows", state=each) for each in ("active", "inactive")]
    assert sum(each or 0 for each in states) >= 1
    assert not any(each.value for each in series if each.name == "n8n_exporter_run_capped")
    assert any_exporter.run() == 0
    assert (any_exporter.of_run("run_requests") or 99) <= 6
    again = any_exporter.of_run("last_success_timestamp_seconds")
    assert again is not None
    assert again > (last or 0)


def test_a_refused_key(any_exporter: Exporter, tmp_path: Path) -> None:
    assert any_exporter.run() == 0
    last = any_exporter.of_run("last_success_timestamp_seconds")
    (tmp_path / "wrong").write_text("a-key-that-nobody-knows")
    assert any_exporter.run(api_key_file=str(tmp_path / "wrong")) == 1
    assert "the key is refused: check api_key_file" in any_exporter.output
    assert any_exporter.of_run("run_success") == 0
    assert any_exporter.of_run("run_errors", error_type="http_401") == 1
    assert any_exporter.of_run("last_success_timestamp_seconds") == last
    assert any_exporter.said("executions_open", status="running") is None
    assert any_exporter.said("workflows", state="active") is None


def test_what_has_ended_is_counted(exporter: Exporter, stand_in: N8n) -> None:
    stand_in.workflow("w3", "Old", active=False, isArchived=True)
    assert exporter.run() == 0
    for state in ("active", "inactive", "archived"):
        assert exporter.said("workflows", state=state) == 1
    orders = {"workflow_id": "w1", "workflow_name": "Orders to ERP", "state": "active"}
    assert exporter.said("workflow_info", saved="all", saved_manual="yes", **orders) == 1
    stand_in.execution("w1", seconds=2)
    stand_in.execution("w1", "error", seconds=3)
    stand_in.execution("w1", "error", mode="manual")
    stand_in.execution("w1", "running", seconds=700)
    assert exporter.run() == 0
    assert exporter.said("executions_total", status="success", **ORDERS) == 0
    assert exporter.said("executions_open", status="running") == 1
    assert exporter.said("oldest_running_seconds") == pytest.approx(700, abs=30)
    assert exporter.run() == 0
    assert exporter.said("executions_total", status="success", **ORDERS) == 1
    assert exporter.said("executions_total", status="error", **ORDERS) == 1
    manual = {**ORDERS, "mode": "manual"}
    assert exporter.said("executions_total", status="error", **manual) == 1
    assert exporter.said("workflow_duration_seconds_sum", **ORDERS) == pytest.approx(5, abs=0.5)
    webhook = {"mode": "webhook"}
    assert exporter.said("execution_duration_seconds_bucket", le="1", **webhook) == 0
    assert exporter.said("execution_duration_seconds_bucket", le="5", **webhook) == 2
    stand_in.key = "another"
    assert exporter.run() == 1
    assert exporter.said("executions_total", status="error", **ORDERS) == 1


def test_the_gateway_is_away(make: Callable[..., Exporter], stand_in: N8n, gateway: str) -> None:
    exporter = make(stand_in.url, gateway="http://127.0.0.1:9")
    assert exporter.run() == 1
    assert "nothing listens" in exporter.output
    stand_in.execution("w1")
    assert exporter.run() == 1
    exporter.gateway = gateway
    for value in (0, 1):  # that it begins at 0 is told when somebody hears it
        assert exporter.run() == 0
        assert exporter.said("executions_total", status="success", **ORDERS) == value


def test_n8n_is_away(exporter: Exporter) -> None:
    assert exporter.run(url="http://127.0.0.1:9", retries=0) == 1
    assert exporter.of_run("run_success") == 0
    assert exporter.of_run("run_errors", error_type="connection_error") == 1
    assert exporter.of_run("last_success_timestamp_seconds") == 0


def test_two_runs_do_not_overlap(exporter: Exporter, stand_in: N8n) -> None:
    stand_in.answers.clear()
    first = exporter.start()
    wait_until(lambda: stand_in.at_once == 1, "its first request")
    before = len(stand_in.asked)
    assert exporter.run() == 3
    assert "has not ended" in exporter.output
    stand_in.answers.set()
    assert exporter.end(first) == 0
    assert stand_in.at_once == 1
    assert len(stand_in.asked) - before <= 5
    assert exporter.of_run("run_success") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143)])
def test_a_run_that_is_cut_off(exporter: Exporter, stand_in: N8n, number: int, code: int) -> None:
    assert exporter.run() == 0
    stand_in.execution("w1")
    asked = len(stand_in.asked)
    stand_in.after("", lambda: stand_in.after("", stand_in.answers.clear))
    cut = exporter.start()
    wait_until(lambda: len(stand_in.asked) == asked + 2, "two answers, and then none")
    cut.send_signal(number)
    assert exporter.end(cut) == code
    stand_in.answers.set()
    for value in (0, 1):
        assert exporter.run() == 0
        assert exporter.said("executions_total", status="success", **ORDERS) == value


def test_the_state_is_lost(exporter: Exporter) -> None:
    assert exporter.run() == 0
    (exporter.state / "executions.json").write_text("{")
    assert exporter.run() == 1
    assert exporter.of_run("run_errors", error_type="state") == 1
    assert exporter.run() == 0


def test_a_crash_is_told(
    exporter: Exporter, stand_in: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exporter.run() == 0
    stand_in.execution("w1")
    crash = "import collector.n8n.executions as e; e.Executions._count = lambda *_: 1 / 0\n"
    (exporter.directory / "sitecustomize.py").write_text(crash)
    monkeypatch.setenv("PYTHONPATH", f"{exporter.directory}:.")
    assert exporter.run() == 1
    assert "ZeroDivisionError" in exporter.output
    assert exporter.of_run("run_success") == 0
    assert exporter.of_run("run_errors", error_type="other") == 1


def test_the_key_is_nowhere(exporter: Exporter, stand_in: N8n) -> None:
    said = ""
    for status in (200, 401, 429):
        if status != 200:
            stand_in.refuse(status)
        exporter.more = {"log_level": "debug"}
        exporter.run()
        said += exporter.output
    for file in exporter.state.iterdir():
        said += file.read_text()
    said += requests.get(f"{exporter.gateway}/metrics", timeout=5).text
    assert KEY not in said
    assert KEY[:12] not in said


def test_victoriametrics_has_it_with_its_time(
    make: Callable[..., Exporter], stand_in: N8n, storage: str
) -> None:
    exporter = make(stand_in.url, gateway="", victoriametrics={"url": storage})
    begun = time.time()
    assert exporter.run() == 0, exporter.output
    selector = f'{{__name__=~"n8n_exporter_.+",instance="{exporter.host}"}}'
    found: list[dict[str, Any]] = []

    def arrived() -> bool:
        exported = f"{storage}/api/v1/export"
        text = requests.get(exported, params={"match[]": selector}, timeout=5).text
        found[:] = [json.loads(line) for line in text.splitlines()]
        return len(found) > 15

    wait_until(arrived, "the samples", 30)
    assert {each["metric"]["job"] for each in found} == {JOB}
    (at,) = {stamp for each in found for stamp in each["timestamps"]}
    assert datetime.fromtimestamp(at / 1000, UTC).timestamp() == pytest.approx(begun, abs=30)
