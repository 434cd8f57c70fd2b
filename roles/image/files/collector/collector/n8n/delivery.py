# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivers what an exporter says: to the Pushgateway, or to VictoriaMetrics."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote, urlencode

from collector.metrics import CONTENT_TYPE
from collector.n8n.settings import Common
from collector.outbound import Outbound, PushError
from collector.pushgateway import gateway_refusal
from collector.victoria import storage_refusal

_ATTEMPTS = 2
_PAUSE_SECONDS = 2.0
# Nothing will change within seconds.
_FINAL = (400, 401, 403, 404, 405, 413)


class Delivery:
    """The one target of an exporter; ``job`` and the host are the group, or labels there."""

    def __init__(
        self,
        settings: Common,
        job: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sleep = sleep
        host = settings.host
        if settings.pushgateway:
            self._target = settings.pushgateway
            self._method = "PUT"
            self._path = f"/metrics/job/{quote(job)}/instance/{quote(host)}"
            self._accepted, self._refusal = (200, 202), gateway_refusal
        elif settings.victoriametrics:
            self._target = settings.victoriametrics
            self._method = "POST"
            extra = [("extra_label", f"job={job}"), ("extra_label", f"instance={host}")]
            self._path = f"/api/v1/import/prometheus?{urlencode(extra)}"
            self._accepted, self._refusal = (200, 204), storage_refusal
        # The gateway refuses timestamps; it says itself when it was pushed to.
        self.timestamp = None if settings.pushgateway else time.time()

    def deliver(self, body: bytes) -> str | None:
        """Send it, twice if need be; None, or why it was not taken."""
        outbound = Outbound(self._target)
        error = None
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(_PAUSE_SECONDS)
            try:
                answer = outbound.request(
                    self._method, self._path, body, CONTENT_TYPE, self._target.timeout_seconds
                )
            except PushError as failure:
                error = str(failure)
                continue
            if answer.status in self._accepted:
                return None
            error = f"{outbound.url}: {self._refusal(answer)}"
            if answer.status in _FINAL:
                break
        return error
