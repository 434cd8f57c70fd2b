# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTP server that answers as a function says; perhaps between real parts."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from requests.structures import CaseInsensitiveDict

# Status (0: the connection is closed without an answer), body, perhaps headers.
Reply = tuple[int, bytes] | tuple[int, bytes, Mapping[str, str]]
Headers = CaseInsensitiveDict[str]


@contextmanager
def between(
    answer: Callable[[str, str, Headers, bytes], Reply],
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
) -> Iterator[str]:
    """A server that answers as C(answer) says: method, path, headers, body. Its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content, *more = answer(self.command, self.path, Headers(self.headers), body)
            if not status:
                self.close_connection = True
                return
            try:
                self.send_response(status)
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # whoever asked has not waited

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - so they are called

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    if tls:  # each handler shakes hands in its own thread
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def passed_on(
    to: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes]:
    """The answer of the real server."""
    answer = requests.request(method, to + path, headers=headers, data=body, timeout=30)
    return answer.status_code, answer.content
