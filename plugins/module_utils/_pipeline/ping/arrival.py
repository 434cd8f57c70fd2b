# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the pings of a validation arrive in Prometheus and VictoriaMetrics."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from ..._api.prometheus import PrometheusApi
from ..._api.store import newest
from ..._api.times import unix_time
from ..._check import Ask, Check, Probe, wait_for
from ..._http.session import HttpError, Session, authorization
from ..._texts.text import text
from ..collector import HEALTH, SAME, SOURCE, Collector
from .send import send_ping

SINCE = 60.0  # seconds: pings of another validation may come after those of this one
LOCATION = SOURCE["location"]
MOST = 5  # times that a collector is pinged again
LAST = "ping_last_received_timestamp_seconds"
SAMPLE = "ping_sample_processing_seconds"
STATS = "/api/ping/stats"
# Of its answer (`_http.answer`).
COUNTED = {"sources?": [{"source": {"location": str}, "count": int, "last_received?": str}]}


def arrival_probes(
    session: Session,
    params: Mapping[str, Any],
    answered: Sequence[Collector],
    took: float,
    until: float,
    gate: Gate,
) -> list[Probe]:
    """Return probes that look for the pings: counted in Prometheus, as samples in VictoriaMetrics.

    Source: the collector, GET /api/ping/stats; Prometheus, GET /api/v1/query; VictoriaMetrics,
    GET /api/v1/export.

    Args:
        params: The options of ping_check.
        answered: The collectors that have accepted all pings.
        took: Seconds that sending the pings took, so none of them is older.
        until: When to stop looking, by the monotonic clock.
        gate: Closed when the pings are removed.
    """
    probes = []
    for collector in answered:
        arguments = (session, params, collector, until, gate)
        if params["prometheus"]:
            ask = Ask("counted", collector.name, metric=LAST, instance=collector.instance)
            probes.append(Probe(ask, partial(_counted, ask, *arguments)))
        if params["victoriametrics"]:
            ask = Ask("sampled", collector.name, metric=SAMPLE, host=collector.instance)
            look = partial(_sampled, ask, *arguments, took)
            off = partial(ask.skip, "off")
            probes.append(Probe(ask, look if collector.victoriametrics else off))
    return probes


def known_pings(session: Session, collector: Collector) -> tuple[int, float]:
    """Return how many pings of the validation a collector has counted, and when the last one came.

    Source: the collector, GET /api/ping/stats (docs/collector.md).

    Returns:
        The count, and a Unix time (0.0 if there is none).

    Raises:
        HttpError: The request failed.
    """
    answer = collector.ask(session, "GET", STATS, COUNTED)
    mine = [one for one in answer.get("sources") or () if one["source"]["location"] == LOCATION]
    last = max((unix_time(one.get("last_received")) or 0.0 for one in mine), default=0.0)
    return sum(one["count"] for one in mine), last


def selector_of(name: str, **labels: str) -> str:
    """Return a PromQL selector for series of the validation.

    Args:
        name: Regular expression for the metric's name.
        labels: Further labels, matched literally.
    """
    wanted = {"source_location": LOCATION, **labels}
    matchers = [f"{key}={json.dumps(value)}" for key, value in wanted.items()]
    return f"{{{', '.join([f'__name__=~{json.dumps(name)}', *matchers])}}}"


class Gate:
    """Open while pings may be sent again; threads may outlive the time of their checks."""

    def __init__(self) -> None:
        self.lock, self.closed = threading.Lock(), False

    def close(self) -> None:
        """Let no more through, and wait for who is inside."""
        with self.lock:
            self.closed = True


class _Again:
    """Pings a collector again when it has forgotten the pings.

    Another validation has removed them then, for all have the same source; or it was restarted.

    Attributes:
        times: How often it was pinged again.
    """

    def __init__(self, session: Session, collector: Collector, gate: Gate) -> None:
        self._session, self._collector, self._gate = session, collector, gate
        self._refused = False
        self.times = 0

    def wait_for(self, arrived: Callable[[], bool], until: float) -> tuple[bool, float]:
        """Wait until they have arrived; return whether they have, and after how many seconds."""
        started = time.monotonic()
        came = wait_for(lambda: arrived() or self._pinged(), until - started)
        return came, time.monotonic() - started

    def _pinged(self) -> bool:
        """Ping and push if that is so; False, as that has to arrive first."""
        if self.times == MOST or self._refused:
            return False
        # One that is being restarted is asked again.
        with suppress(HttpError), self._gate.lock:
            if not self._gate.closed and not known_pings(self._session, self._collector)[0]:
                headers = self._collector.headers()
                answer, *_times = send_ping(self._session, self._collector, headers)
                self._refused = answer.status != 200
                self.times += not self._refused
                self._collector.ask(self._session, "POST", "/api/push")
        return False


def _counted(
    ask: Ask,
    session: Session,
    params: Mapping[str, Any],
    collector: Collector,
    until: float,
    gate: Gate,
) -> Check:
    known, last = known_pings(session, collector)
    # The counter alone would be fooled by what an earlier process had counted.
    if known < params["count"]:
        return ask.fail("ping.lost", known=known, count=params["count"])
    collector.ask(session, "POST", "/api/push")
    options = params["prometheus"]
    api = PrometheusApi(session, options["url"], authorization(options))
    found = [0.0]

    def arrived() -> bool:
        series = api.query(selector_of(LAST, instance=collector.instance))
        found[0] = max((one.value for one in series), default=0.0)
        return found[0] >= last - SAME

    again = _Again(session, collector, gate)
    came, seconds = again.wait_for(arrived, until)
    if came:
        return ask.ok(pings=known, seconds=seconds)
    if again.times:
        return ask.skip("another_run", seconds=seconds)
    if found[0]:
        return ask.fail("missing.older", seconds=seconds, behind=last - found[0])
    return ask.fail("missing", seconds=seconds)


def _sampled(
    ask: Ask,
    session: Session,
    params: Mapping[str, Any],
    collector: Collector,
    until: float,
    gate: Gate,
    took: float,
) -> Check:
    options = params["victoriametrics"]
    known, last = known_pings(session, collector)
    if known < params["count"]:
        return ask.fail("ping.lost", known=known, count=params["count"])
    # Samples have the time of the collector's clock: those of an earlier run are older than this.
    # One of these pings is enough: the others may wait for the collector's next delivery.
    start = last - took - SAME
    read = partial(newest, session, options, start=start)
    selector = selector_of(SAMPLE, host=collector.instance)
    again = _Again(session, collector, gate)
    came, seconds = again.wait_for(lambda: bool(read(selector, SINCE)), until)
    if came:
        return ask.ok(seconds=seconds)
    if again.times:
        return ask.skip("another_run", seconds=seconds)
    url, headers = f"{collector.url}/health", collector.headers()
    health = session.request("GET", url, expected=(200, 503), headers=headers)
    pusher = health.json(HEALTH)["push"].get("victoriametrics")
    if pusher is None:
        return ask.fail("not_sent", seconds=seconds)
    if not pusher.get("ok") or pusher.get("spool_samples"):
        error = pusher.get("last_error") or text("samples_queued")
        samples = pusher.get("spool_samples") or 0
        return ask.fail("queued", seconds=seconds, error=error, samples=samples)
    return ask.fail("elsewhere", seconds=seconds)
