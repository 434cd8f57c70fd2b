# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in for a store that is larger than one machine: only its paths, tenants and
credentials. The samples are kept by a real VictoriaMetrics or Prometheus behind it.

The real cluster was asked the same by hand: docs/storage.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .http_stand_in import Reply, between, passed_on

USER, PASSWORD = "writer", "a password"
# What vminsert, and vmselect for each of its two beginnings, has a route for.
ROUTES = {
    "insert": r"/api/v1/(write|import/prometheus)",
    "select": r"/api/v1/(query|query_range|series|labels|export|status/buildinfo)",
    "delete": r"/api/v1/admin/tsdb/delete_series",
}
PATH = re.compile(r"/(insert|select|delete)/(\d+(?::\d+)?)/prometheus(/[^?]*)(.*)")
DROPPED = {"host", "authorization", "content-length", "connection", "accept-encoding"}


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in DROPPED}


@contextmanager
def cluster(storage: str, asked: list[tuple[str, str]]) -> Iterator[str]:
    """vmauth before vminsert and vmselect. C(asked) gets task and tenant of each request."""
    pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def answer(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if headers.get("Authorization") != f"Basic {pair}":
            return 401, b"", {"WWW-Authenticate": 'Basic realm="Restricted"'}
        found = PATH.fullmatch(path)
        if not found or not re.fullmatch(ROUTES[found[1]], found[3]):
            return 400, f"missing route for {path}".encode()
        asked.append((found[1], found[2]))
        return passed_on(storage, method, found[3] + found[4], _kept(headers), body)

    with between(answer) as url:
        yield url


@contextmanager
def tenants(prometheus: str, asked: list[str]) -> Iterator[str]:
    """A store with tenants, as Mimir has them: /api/v1/push, and queries below /prometheus."""

    def answer(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        tenant = headers.get("X-Scope-OrgID", "")
        # Prometheus 2.42 takes the setting `headers` of remote write, and sends none.
        forgotten = "Prometheus/2.42" in headers.get("User-Agent", "")
        if not tenant and not forgotten:
            return 401, b"no org id\n"
        asked.append(tenant or "forgotten")
        if path == "/api/v1/push":
            return passed_on(prometheus, method, "/api/v1/write", _kept(headers), body)
        if not path.startswith("/prometheus/api/v1/query"):
            return 404, b"404 page not found\n"
        return passed_on(prometheus, method, path.removeprefix("/prometheus"), _kept(headers), body)

    with between(answer) as url:
        yield url
