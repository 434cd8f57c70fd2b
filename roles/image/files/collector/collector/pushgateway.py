# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushes the registry to the Pushgateway."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future
from urllib.parse import quote

from collector.metrics import CONTENT_TYPE, Metrics
from collector.outbound import Answer, Outbound, PushError, refusal
from collector.settings import Pushgateway
from collector.state import Outcome, PushState
from collector.worker import Requests, Worker

log = logging.getLogger(__name__)
FINAL_SECONDS = 3.0


class PushgatewayPusher:
    """Replaces this host's group: at the start, every interval, on request, and at the end."""

    def __init__(
        self, settings: Pushgateway, host: str, region: str, metrics: Metrics, rehearse: bool
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._rehearse = rehearse
        self._outbound = Outbound(settings)
        self._path = (
            f"/metrics/job/{quote(f'collector_api_{host}_{region}')}/instance/{quote(host)}"
        )
        self._requests: Requests[Outcome] = Requests()
        self.state = PushState("pushgateway", metrics, log)
        self.worker = Worker("pushgateway", self._step, self._final)

    def request(self) -> Future[Outcome]:
        """Push now; the future holds the outcome."""
        future = self._requests.add()
        self.worker.wake()
        return future

    def _step(self) -> float:
        waiting = self._requests.take()
        if self._rehearse:
            outcome = Outcome("pushgateway", "skipped", 0.0, "a rehearsal pushes nothing")
        else:
            outcome = self._push(self._settings.timeout_seconds)
        for future in waiting:
            future.set_result(outcome)
        interval = self._settings.interval_seconds
        return self.state.backoff(interval) if outcome.status == "failure" else interval

    def _final(self) -> None:
        if self._rehearse:
            return
        timeout = min(FINAL_SECONDS, self._settings.timeout_seconds)
        if self._settings.delete_on_shutdown:
            self._push(timeout, "DELETE")
        else:
            self._push(timeout)

    def _push(self, timeout: float, method: str = "PUT") -> Outcome:
        started = time.monotonic()
        body = self._metrics.exposition() if method == "PUT" else b""
        error = None
        try:
            answer = self._outbound.request(method, self._path, body, CONTENT_TYPE, timeout)
            if answer.status not in (200, 202):
                error = f"{self._outbound.url}: {gateway_refusal(answer)}"
        except PushError as failure:
            error = str(failure)
        return self.state.record(started, error)


def gateway_refusal(answer: Answer) -> str:
    """Why a gateway, or what answers in its place, has not taken a push."""
    if answer.status in (404, 405):
        return (
            f"HTTP {answer.status}: this answers like a Prometheus, or a proxy without that "
            "route, not like a Pushgateway; check pushgateway.url, its port and its path"
        )
    return refusal(answer)
