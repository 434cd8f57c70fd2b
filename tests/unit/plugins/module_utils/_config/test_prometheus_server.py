# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a reload of Prometheus may take."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config import prometheus_server
from ansible_collections.vya.observability.plugins.module_utils._config.server import NotLoaded

FLUSH = 60.0  # seconds that a remote write that is removed has for what it has not sent


def test_a_reload_may_wait_for_a_remote_write_that_is_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    def request(_method: str, _url: str, timeout: float, **_more: Any) -> Any:
        asked.append(timeout)
        return SimpleNamespace(status=404, text="")

    monkeypatch.setattr(prometheus_server, "last_reload", lambda *_: (0.0, True))
    monkeypatch.setattr(prometheus_server, "failing", lambda *_: set())
    session: Any = SimpleNamespace(request=request)
    connection: Any = SimpleNamespace(session=session, url="http://127.0.0.1:9", container=None)
    server = prometheus_server.PrometheusServer(connection, rehearsal=None)  # type: ignore[arg-type]
    with pytest.raises(NotLoaded):
        server.reload()
    assert asked[0] > 2 * FLUSH
