# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collectors with other settings, and small servers that stand between real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vya.observability.tests.integration.checks.conftest import (
    KEY,
    ROOT,
    Answer,
    free_port,
    run_module,
    wait_until,
)

Reply = tuple[int, bytes]
SOURCE = ROOT / "roles/image/files/collector"
TEXT = """\
# TYPE thing_total counter
thing_total 1
# TYPE thing_seconds histogram
thing_seconds_bucket{le="1"} 1
thing_seconds_bucket{le="+Inf"} 2
thing_seconds_sum 1
thing_seconds_count 2
"""


def metrics(
    gateway: str, prometheus: str, *collectors: Mapping[str, Any], wait: float = 10, **options: Any
) -> Answer:
    """Run metrics_check."""
    servers: dict[str, Any] = {"pushgateway": {"url": gateway}, "prometheus": {"url": prometheus}}
    return run_module("metrics_check", collectors=list(collectors), wait=wait, **servers, **options)


def service(kind: str, url: str, **options: Any) -> dict[str, Any]:
    """Ask one service; its check."""
    asked = {"name": "x", "kind": kind, "url": url, **options}
    return run_module("service_check", services=[asked]).check("service x")


def settings(directory: Path, **changes: Any) -> dict[str, Any]:
    """Settings of a collector that pushes nowhere."""
    (directory / "keys").write_text(f"{KEY}\n")
    return {
        "host": "wf009",
        "region": "test",
        "location": "test",
        "api": {"listen": "127.0.0.1", "port": free_port(), "keys_file": str(directory / "keys")},
        "metrics": {"listen": "127.0.0.1", "port": free_port()},
        **changes,
    }


def run_collector(directory: Path, command: str, chosen: Mapping[str, Any]) -> list[str]:
    """The command line that gives the collector these settings."""
    directory.joinpath("collector.json").write_text(json.dumps(chosen))
    return [sys.executable, "-m", "collector", command, "--config", f"{directory}/collector.json"]


def refused(directory: Path, chosen: Mapping[str, Any]) -> str:
    """Start the collector with settings that it must refuse; what it says."""
    done = subprocess.run(
        run_collector(directory, "api", chosen),
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2, done
    assert "does not start" in done.stderr
    return done.stderr


@contextmanager
def collector(directory: Path, chosen: Mapping[str, Any]) -> Iterator[str]:
    """A real collector with these settings; its URL."""
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            run_collector(directory, "api", chosen),
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{chosen['api']['port']}"
        try:
            wait_until(lambda: requests.get(f"{url}/ready", timeout=2).ok, "the collector", 30)
            yield url
        finally:
            process.terminate()
            process.wait(15)


def push_now(url: str) -> dict[str, Any]:
    """Ask a collector to push; what came of it."""
    answer = requests.post(f"{url}/api/push", headers={"X-API-Key": KEY}, timeout=40)
    found: dict[str, Any] = answer.json()
    return found


@contextmanager
def between(answer: Callable[[str, str, dict[str, str], bytes], Reply]) -> Iterator[str]:
    """A server that answers as C(answer) says: method, path, headers, body. Its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = answer(self.command, self.path, dict(self.headers), body)
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # whoever asked has not waited

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - so they are called

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def passed_on(to: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
    """The answer of the real server."""
    answer = requests.request(method, to + path, headers=headers, data=body, timeout=30)
    return answer.status_code, answer.content
