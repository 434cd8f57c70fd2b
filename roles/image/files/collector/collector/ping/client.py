# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One collector over a connection that is kept."""

from __future__ import annotations

import http.client
import json
import select
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from collector.deadline import deadline
from collector.outbound import Answer, Outbound, error_type, refusal, retry_after, whole
from collector.ping.plan import Target

_PATH = "/api/ping"
_ANSWER_LIMIT = 65_536
# A collector says so of the ping itself: sending it again would hold up all that follow.
_REFUSED_FOR_GOOD = (400, 413, 422)


class PingError(Exception):
    """A ping has not arrived, as far as is known.

    Args:
        error_type: Value of the label.
        message: For the log and /health.
        retry_after: Seconds that the server asks for.
        final: The collector will never take this ping.
    """

    def __init__(
        self,
        error_type: str,
        message: str,
        retry_after: float | None = None,
        final: bool = False,
    ) -> None:
        self.error_type = error_type
        self.retry_after = retry_after
        self.final = final
        super().__init__(message)


@dataclass(frozen=True)
class Exchange:
    """A 200: its body, when the request was sent (Unix time) and how long its answer took."""

    body: bytes
    sent_ns: int
    elapsed_ns: int


class PingClient(Outbound):
    """Sends pings to one collector; not for two threads."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._headers["Content-Type"] = "application/json"
        self._timeout = target.timeout_seconds
        self.kept: http.client.HTTPConnection | None = None

    def send(self, key: str, body: Callable[[], bytes]) -> Exchange:
        """Send one ping; ``body`` makes it in the moment in which it is sent.

        Raises:
            PingError: There was no answer, or it was not 200.
        """
        try:
            return self._send(key, body)
        except PingError:
            raise
        except ValueError as error:
            # The library's, for heads that make no sense; its text may hold the key.
            self.close()
            text = f"{self.url}: a request or an answer with a head that makes no sense"
            raise PingError(error_type(error), text) from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            text = f"{self.url}: {self._explain(error, self._timeout)}"
            raise PingError(error_type(error), text) from error

    def close(self) -> None:
        """Close the connection; the next ping makes a new one."""
        if self.kept:
            self.kept.close()
            self.kept = None

    def _send(self, key: str, body: Callable[[], bytes]) -> Exchange:
        if self.kept and self._ended(self.kept):
            self.close()
        reused = self.kept is not None
        try:
            return self._ping(key, body)
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            self.close()
            if not reused:
                raise
        # The server has closed it between two pings. A ping that arrives twice is one.
        return self._ping(key, body)

    def _ping(self, key: str, body: Callable[[], bytes]) -> Exchange:
        connection = self.kept = self.kept or self.connect(self._timeout)
        headers, content = {**self._headers, "X-API-Key": key}, body()
        with deadline(connection.sock.fileno(), self._timeout):
            sent_ns, started = time.time_ns(), time.perf_counter_ns()
            connection.request("POST", self._path + _PATH, content, headers)
            response = connection.getresponse()
            elapsed_ns = time.perf_counter_ns() - started
            content = whole(response, _ANSWER_LIMIT + 1)
        location, later = response.getheader("Location", ""), response.getheader("Retry-After")
        if len(content) > _ANSWER_LIMIT:
            raise http.client.HTTPException(f"more than {_ANSWER_LIMIT >> 10} KiB in an answer")
        # Who refuses is asked over a new connection, with files that are read again.
        if response.will_close or response.status == 401:
            self.close()
        if response.status != 200:
            answer = Answer(response.status, content[:300].decode("utf-8", "replace"), location)
            text = f"{self.url}: {_refusal(answer)}"
            final = response.status in _REFUSED_FOR_GOOD and _of_a_collector(content)
            raise PingError(f"http_{response.status}", text, retry_after(later), final)
        return Exchange(content, sent_ns, elapsed_ns)

    @staticmethod
    def _ended(connection: http.client.HTTPConnection) -> bool:
        """Whether the server has ended it: nothing else can be read before a request."""
        poll = select.poll()
        poll.register(connection.sock.fileno(), select.POLLIN | select.POLLHUP)
        return bool(poll.poll(0))


def _of_a_collector(content: bytes) -> bool:
    """Whether a refusal is a collector's own, and not one of a proxy before it."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and "detail" in answer


def _refusal(answer: Answer) -> str:
    if answer.status == 401:
        return "HTTP 401: the API key is wrong or missing: check api_key_file"
    if answer.status in (404, 405):
        return (
            f"HTTP {answer.status}: this does not answer like a collector; "
            "check the target's url, its port and its path"
        )
    return refusal(answer)
