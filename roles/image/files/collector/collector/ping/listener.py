# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener for /metrics, /health and /ready: the standard library's server, bounded."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from collector.deadline import deadline

# A page: status, content type, body.
Page = tuple[int, str, bytes]
_REQUEST_SECONDS = 5.0
_CONNECTIONS = 16


def json_page(status: int, data: Any) -> Page:
    """A page of JSON."""
    return status, "application/json", json.dumps(data).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Listener
    timeout = _REQUEST_SECONDS

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path.partition("?")[0])
        known = " ".join(self.server.pages)
        status, kind, body = page() if page else (404, "text/plain", f"See {known}\n".encode())
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - so it is called

    def version_string(self) -> str:
        """Nothing of what this is built with."""
        return "collector"

    def log_message(self, format: str, *_arguments: Any) -> None:  # noqa: A002
        """Requests are not logged."""


class Listener(ThreadingHTTPServer):
    """One request for each connection, which ends after some seconds; some at once."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str, port: int, pages: dict[str, Callable[[], Page]]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.pages = pages
        self._free = threading.BoundedSemaphore(_CONNECTIONS)
        super().__init__((address, port), _Handler)

    def server_bind(self) -> None:
        """Bind, and ask no DNS for a name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def start(self) -> None:
        """Serve from a thread."""
        threading.Thread(target=self.serve_forever, name="listener", daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve from a thread of its own, or close it where there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, within its time."""
        try:
            with deadline(request.fileno(), _REQUEST_SECONDS):
                self.finish_request(request, client_address)
        except OSError:
            pass  # whoever asked has not waited, or asked too slowly
        finally:
            self.shutdown_request(request)
            self._free.release()
