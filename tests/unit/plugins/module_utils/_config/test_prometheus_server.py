# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a reload of Prometheus may take, and what is asked after it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config import (
    prometheus_rules,
    prometheus_server,
)
from ansible_collections.vya.observability.plugins.module_utils._config.server import NotLoaded
from ansible_collections.vya.observability.plugins.module_utils._http.session import HttpError

FLUSH = 60.0  # seconds that a remote write that is removed has for what it has not sent


def test_a_reload_may_wait_for_a_remote_write_that_is_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    def request(_method: str, _url: str, timeout: float, **_more: Any) -> Any:
        asked.append(timeout)
        return SimpleNamespace(status=404, text="")

    monkeypatch.setattr(prometheus_server, "last_reload", lambda *_: (0.0, True))
    monkeypatch.setattr(prometheus_server, "loaded", lambda *_: [])
    session: Any = SimpleNamespace(request=request)
    connection: Any = SimpleNamespace(session=session, url="http://127.0.0.1:9", container=None)
    server = prometheus_server.PrometheusServer(connection, rehearsal=None)  # type: ignore[arg-type]
    with pytest.raises(NotLoaded):
        server.reload()
    assert asked[0] > 2 * FLUSH


def group(name: str, *rules: tuple[str, str]) -> dict[str, Any]:
    """A group as a Prometheus tells it: each rule's expression and health."""
    return {
        "file": "/etc/prometheus/rules.yml",
        "name": name,
        "rules": [
            {"name": "R", "query": query, "type": "alerting", "health": health}
            | ({"lastError": "many-to-many"} if health == "err" else {})
            for query, health in rules
        ],
    }


def test_what_fails_side_by_side_is_asked_alone() -> None:
    asked: list[str] = []

    def request(_method: str, _url: str, data: Any, **_more: Any) -> Any:
        asked.append(data["query"])
        if data["query"] == "slow" and asked.count("slow") == 1:
            raise HttpError("http.timeout", "POST http://127.0.0.1:9", "an answer", "none")
        if data["query"] == "bad":
            return SimpleNamespace(status=422, json=lambda _shape: {"error": "many-to-many"})
        return SimpleNamespace(status=200, json=lambda _shape: {"data": {"resultType": "vector"}})

    session: Any = SimpleNamespace(request=request)
    rules = [
        prometheus_rules.Rule("r.yml", "g", name, name, records=False, error="")
        for name in ("good", "slow", "bad")
    ]
    found = prometheus_rules.not_evaluable(session, "http://127.0.0.1:9", rules)
    assert found == ["g/bad: many-to-many"]
    assert [asked.count(name) for name in ("good", "slow", "bad")] == [1, 2, 2]


def test_only_what_the_server_has_not_evaluated_is_asked_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def request(_method: str, url: str, data: Any = None, **_more: Any) -> Any:
        if url.endswith("/query"):
            asked.append(data["query"])
        answer = {"data": {"resultType": "vector"}}
        return SimpleNamespace(status=200, text="", json=lambda _shape: answer)

    before = [group("old", ("up", "ok"), ("new > 0", "unknown")), group("bad", ("a * b", "err"))]
    after = [*before, group("new", ("up", "unknown"), ("down", "unknown"), ("down", "unknown"))]
    stamps = iter([(0.0, True), (1.0, True)])
    monkeypatch.setattr(prometheus_server, "last_reload", lambda *_: next(stamps))
    monkeypatch.setattr(prometheus_server, "never_seen", lambda *_: {})
    session: Any = SimpleNamespace(request=request)
    connection: Any = SimpleNamespace(
        session=session, url="http://127.0.0.1:9", mount_path="/etc/prometheus", wait_timeout=1
    )
    server = prometheus_server.PrometheusServer(connection, rehearsal=None)  # type: ignore[arg-type]
    monkeypatch.setattr(prometheus_rules, "groups_of", lambda *_: before)
    server.reload()
    monkeypatch.setattr(prometheus_server, "groups_of", lambda *_: after)
    assert server._prove_rules()["rules"] == 6
    assert sorted(asked) == ["down", "new > 0"]
    server._prove_rules()
    assert len(asked) == 2
