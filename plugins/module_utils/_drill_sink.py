# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a drill sees that a message has arrived: a webhook of its own, or Alertmanager's counts."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._http import Session

LARGEST = 4 * 1024 * 1024  # bytes of a message
COUNTER = re.compile(
    r"^alertmanager_notifications(_failed)?_total(?:\{[^}]*\})? (\S+)$", re.MULTILINE
)


class Webhook:
    """Takes Alertmanager's messages while the drill lasts."""

    def __init__(self, address: str) -> None:
        """Listen at C(host:port). Raises OSError."""
        self._seen: list[tuple[str, dict[str, str]]] = []
        self._lock = threading.Lock()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                try:
                    sink._take(json.loads(self.rfile.read(min(length, LARGEST))))
                    self.send_response(200)
                except (ValueError, KeyError, TypeError, AttributeError):
                    self.send_response(400)  # not a message of Alertmanager
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Nothing: a module's output is its result."""

        host, _colon, port = address.rpartition(":")
        self._server = ThreadingHTTPServer((host.strip("[]"), int(port)), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, message: dict[str, Any]) -> None:
        alerts = [(each["status"], dict(each["labels"])) for each in message["alerts"]]
        with self._lock:
            self._seen += alerts

    def arrived(self, status: str, labels: dict[str, str]) -> bool:
        """Whether a message has told of an alert with these labels, C(firing) or C(resolved)."""
        with self._lock:
            return any(
                seen == status and labels.items() <= told.items() for seen, told in self._seen
            )

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


def notifications(session: Session, url: str) -> float:
    """How many messages Alertmanager has sent with success. Raises HttpError."""
    text = session.get(f"{url}/metrics").text
    return sum(-float(value) if failed else float(value) for failed, value in COUNTER.findall(text))
