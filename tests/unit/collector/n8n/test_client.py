# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How n8n is asked, and what becomes of its refusals."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from collector.n8n.budget import RunError
from collector.outbound import retry_after

from ....n8n_stand_in import KEY, N8n
from .conftest import Runs


def failure(runs: Runs, **changes: Any) -> RunError:
    with pytest.raises(RunError) as caught:
        runs.run(**changes)
    assert KEY not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_n8n_is_asked_again_later_and_later(runs: Runs, n8n: N8n, status: int) -> None:
    n8n.refuse(status, 3)
    runs.run()
    assert [each for each in runs.slept if each] == [1, 2, 4]
    assert dict(runs.budget.errors) == {f"http_{status}": 3}


def test_retry_after_is_obeyed(runs: Runs, n8n: N8n) -> None:
    n8n.refuse(429, retry_after="7")
    runs.run()
    assert [each for each in runs.slept if each] == [7]


def test_retries_are_bounded(runs: Runs, n8n: N8n) -> None:
    n8n.refuse(429, 100)
    assert failure(runs, retries=2).error_type == "http_429"
    assert len(n8n.asked) == runs.budget.requests == 3


def test_a_wait_that_is_longer_than_the_run_is_left_to_the_next_one(runs: Runs, n8n: N8n) -> None:
    n8n.refuse(429, retry_after="600")
    found = failure(runs)
    assert found.error_type == "http_429"
    assert (len(n8n.asked), sum(runs.slept)) == (1, 0)
    assert runs.budget.not_before > datetime.now(UTC).timestamp() + 590


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "api_key_file"),
        (403, "execution:list"),
        (500, "HTTP 500"),
        (302, "redirected"),
    ],
)
def test_what_asking_again_does_not_help(runs: Runs, n8n: N8n, status: int, said: str) -> None:
    n8n.refuse(status)
    found = failure(runs)
    assert found.error_type == f"http_{status}"
    assert said in str(found)
    assert len(n8n.asked) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_n8n_that_starts_is_asked_again(runs: Runs, n8n: N8n, times: int) -> None:
    n8n.restart(times)
    runs.run()
    assert dict(runs.budget.errors) == {"http_404": times, "bad_response": 1}


@pytest.mark.parametrize("body", ["<html>404</html>", {"message": "not found"}, ["Not Found"]])
def test_a_404_that_is_not_the_word_of_n8n(
    runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch, body: Any
) -> None:
    monkeypatch.setattr(n8n, "_answer", lambda _target: (404, body))
    found = failure(runs)
    assert (found.error_type, len(n8n.asked)) == ("http_404", 4)
    assert "n8n.url" in str(found)


def test_an_answer_that_stays_no_json(runs: Runs, n8n: N8n, monkeypatch: Any) -> None:
    monkeypatch.setattr(n8n, "_answer", lambda _target: (200, "n8n is starting up"))
    assert failure(runs, retries=1).error_type == "bad_response"
    assert len(n8n.asked) == 2


def test_a_wrong_key(runs: Runs, n8n: N8n) -> None:
    n8n.key = "another-key"
    assert failure(runs).error_type == "http_401"


def test_a_slow_n8n_is_not_asked_again(runs: Runs, n8n: N8n) -> None:
    n8n.answers.clear()
    assert failure(runs, timeout_seconds=0.5).error_type == "timeout"
    assert runs.budget.requests == 1


def test_nobody_listens(runs: Runs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert failure(runs, url=f"http://127.0.0.1:{port}").error_type == "connection_error"
    assert dict(runs.budget.errors) == {"connection_error": 3}


def test_no_tls_there(runs: Runs, n8n: N8n) -> None:
    url = n8n.url.replace("http://", "https://")
    assert failure(runs, url=url).error_type == "tls_error"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"data": None},
        {"data": [{"id": "x"}]},
        {"data": [{"id": "1", "workflowId": "w", "status": "success", "startedAt": "soon"}]},
    ],
)
def test_an_answer_that_is_none(
    runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(n8n, "_answer", lambda _target: (200, answer))
    assert failure(runs).error_type == "bad_response"


@pytest.mark.parametrize("kind", ["_workflows", "_executions"])
def test_a_cursor_that_stands_still(
    runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    runs.run()
    n8n.execution("w1")
    real = getattr(n8n, kind)
    monkeypatch.setattr(n8n, kind, lambda *asked: {**real(*asked), "nextCursor": "again"})
    monkeypatch.setattr(
        "base64.b64decode", lambda *_given, **_options: b'{"limit": 1, "offset": 0}'
    )
    found = failure(runs, workflows_interval_seconds=0)
    assert found.error_type == "bad_response"
    assert runs.budget.requests < 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, None), ("5", 5), ("0", 0), ("-3", 0), ("99999", 3600), ("soon", None), ("nan", None)],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    assert retry_after(value) == pytest.approx(600, abs=60)
