# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at the daemon asks each question once."""

from __future__ import annotations

import json
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker.client import (
    NotFound,
    client_of,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.container import inspect

ID = "0123456789ab"
ANSWERS = {
    "/version": {"ApiVersion": "1.41", "Version": "20.10.24"},
    "/v1.41/containers/json": [{"Id": ID, "Names": ["/app"]}],
    "/v1.41/containers/app/json": {"Id": ID, "Name": "/app"},
    f"/v1.41/containers/{ID}/json": {"Id": ID, "Name": "/app"},
}


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Run a stand-in for the daemon; yield its address, and how often each path was asked."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked[path] += 1
            body = json.dumps(ANSWERS.get(path, {"message": "no such container"})).encode()
            self.send_response(200 if path in ANSWERS else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: Any) -> None:
            pass

    path = str(tmp_path / "docker.sock")
    with socketserver.ThreadingUnixStreamServer(path, Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"unix://{path}", asked
        server.shutdown()


@pytest.mark.parametrize(("snapshot", "times"), [(True, 1), (False, 3)])
def test_a_snapshot_asks_once(daemon: tuple[str, Counter[str]], snapshot: bool, times: int) -> None:
    host, asked = daemon
    client = client_of({"docker_host": host, "timeout": 10}, snapshot=snapshot)
    found = [inspect(client, "app") for _n in range(3)]
    assert asked["/v1.41/containers/app/json"] == times
    # Who changes an answer changes its own copy.
    found[0]["Name"] = "changed"  # type: ignore[index]
    assert found[1] == found[2] == inspect(client, "app") == {"Id": ID, "Name": "/app"}


@pytest.mark.parametrize("snapshot", [True, False])
def test_a_container_is_found_by_name_and_id_alone(
    daemon: tuple[str, Counter[str]], snapshot: bool
) -> None:
    host, asked = daemon
    client = client_of({"docker_host": host, "timeout": 10}, snapshot=snapshot)
    assert client.api.inspect_container(ID)["Name"] == "/app"
    assert inspect(client, "app.previous") is None
    with pytest.raises(NotFound):
        client.api.inspect_container("other")
    assert asked["/v1.41/containers/other/json"] == (0 if snapshot else 1)
