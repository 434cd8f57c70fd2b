# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out whether a notification has arrived: by a webhook, or by Alertmanager's counters."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from .._api.exposition import samples
from .._http.answer import parse, shaped
from .._signals import background

LARGEST = 4 * 1024 * 1024  # bytes of a message
MESSAGE = {"alerts": [{"status": str, "labels": {str: str}}]}
SENT = "alertmanager_notifications_total"
ATTEMPTS = "alertmanager_notification_requests_total"
# Given-up notifications are counted by all versions; failed attempts are counted at once.
FAILED = "alertmanager_notifications_failed_total"
FAILED_ATTEMPTS = "alertmanager_notification_requests_failed_total"
Failures = dict[tuple[str, str], float]  # by counter and receiver


class Webhook:
    """Receive Alertmanager's notifications during the drill."""

    def __init__(self, address: str) -> None:
        """Listen at `host:port`.

        Raises:
            OSError: The address is not free.
            ValueError: It is no address.
        """
        self._seen: list[tuple[str, dict[str, str]]] = []
        self._lock = threading.Lock()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                try:
                    length = int(self.headers.get("Content-Length") or 0)
                    content = self.rfile.read(max(0, min(length, LARGEST)))
                    sink._take(shaped(parse(content), MESSAGE))
                    self.send_response(200)
                except ValueError:
                    self.send_response(400)  # not a message of Alertmanager
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Print nothing: a module's output is its result."""

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if "[" in address else socket.AF_INET

        host, _colon, port = address.rpartition(":")
        self._server = Server((host.strip("[]"), int(port)), Handler)
        self._server.daemon_threads = True
        background(self._server.serve_forever)

    def _take(self, message: dict[str, Any]) -> None:
        alerts = [(each["status"], dict(each["labels"])) for each in message["alerts"]]
        with self._lock:
            self._seen += alerts

    def arrived(self, status: str, labels: dict[str, str]) -> bool:
        """Return whether a notification had an alert with these labels.

        Args:
            status: `firing` or `resolved`.
        """
        with self._lock:
            return any(
                seen == status and labels.items() <= told.items() for seen, told in self._seen
            )

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def failures(text: str) -> Failures:
    """Return how often each counter and receiver has failed.

    A receiver is known by its kind (webhook, email, ...), and by its name if Alertmanager shows it.

    Args:
        text: The answer of Alertmanager's GET /metrics.
    """
    found: Failures = {}
    for counter, labels, value in samples(text, FAILED, FAILED_ATTEMPTS):
        name = labels.get("receiver_name", "")
        key = counter, labels.get("integration", "unknown") + (f" of {name}" if name else "")
        found[key] = found.get(key, 0.0) + value
    return found


def rises(before: Failures, after: Failures) -> dict[str, int]:
    """Return how often each receiver has failed in between; only those that have."""
    found: dict[str, int] = {}
    for key, value in after.items():
        risen = round(value - before.get(key, 0.0))
        if risen > 0:
            found[key[1]] = max(found.get(key[1], 0), risen)
    return found


class Sent(NamedTuple):
    """What Alertmanager has counted of its notifications; none of the two ever falls.

    Args:
        begun: Notifications that it has begun to send, or had no need to send, as to a receiver
            that is not told of an alert's end.
        delivered: Those that a receiver has taken.
    """

    begun: float = 0.0
    delivered: float = 0.0


def notifications(text: str) -> Sent:
    """Return what was sent.

    Attempts are counted when they have ended, notifications when they begin: one that was under
    way and fails would lower the difference to the failed ones. Before 0.22 attempts were not
    counted, so what has begun is taken for delivered.

    Args:
        text: The answer of Alertmanager's GET /metrics.
    """
    begun = sum(each.value for each in samples(text, SENT))
    attempts = [(each.name, each.value) for each in samples(text, ATTEMPTS, FAILED_ATTEMPTS)]
    if not any(name == ATTEMPTS for name, _value in attempts):
        return Sent(begun, begun)
    return Sent(begun, sum(v if name == ATTEMPTS else -v for name, v in attempts))
