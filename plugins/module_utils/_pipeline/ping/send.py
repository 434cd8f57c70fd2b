# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ping a collector's API as the ping service does, and as a caller without the key would."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._check import Ask, Check, Probe
from ..._http.session import HttpError, Response, Session, excerpt
from ..collector import SOURCE, Collector
from .pong import Pong, quantile, read_pong


@dataclass(frozen=True)
class Limits:
    """How many pings each collector gets, and above how many seconds it is a warning."""

    count: int
    rtt: float
    clock_offset: float


def ping_probes(session: Session, collector: Collector, limits: Limits) -> list[Probe]:
    """Return the probes of one collector: with each of its keys, with a wrong one, with none.

    Source: the collector, POST /api/ping (docs/collector.md).
    """
    name = collector.name
    ask = Ask("ping", name, count=limits.count)
    probes = [Probe(ask, partial(_ping, session, ask, collector, limits))]
    for number in range(2, len(collector.keys) + 1):
        ask = Ask("key", f"{number} {name}", number=number)
        probes.append(Probe(ask, partial(_other_key, session, ask, collector, number)))
    wrong = {"X-API-Key": secrets.token_urlsafe(32)}
    for question, headers in (("wrong_key", wrong), ("no_key", {})):
        ask = Ask(question, name)
        probes.append(Probe(ask, partial(_refused, session, ask, collector, headers)))
    return probes


def send_ping(
    session: Session,
    collector: Collector,
    headers: Mapping[str, str],
    number: int = 0,
    previous: Mapping[str, Any] | None = None,
) -> tuple[Response, str, float, float]:
    """Send a ping. Return the answer, the ping's id, its Unix time and the seconds it took."""
    ping_id = str(uuid.uuid4())
    departed, started = time.time(), time.monotonic()
    moment = datetime.fromtimestamp(departed, timezone.utc).isoformat()
    body = {
        "ping_id": ping_id,
        "timestamp_start": moment,
        "source": SOURCE,
        "sequence_number": number,
        "previous": previous,
    }
    url = f"{collector.url}/api/ping"
    # If it is refused, the collector does not count it among senders with a wrong key.
    headers = {**headers, "X-Validation": "1"}
    response = session.request("POST", url, json=body, headers=headers, expected=None)
    return response, ping_id, departed, time.monotonic() - started


def _ping(session: Session, ask: Ask, collector: Collector, limits: Limits) -> list[Check]:
    pongs: list[Pong] = []
    previous = None
    for number in range(1, limits.count + 1):
        response, ping_id, departed, elapsed = send_ping(
            session, collector, collector.headers(), number, previous
        )
        if response.status != 200:
            return [_not_taken(session, ask, collector, response)]
        pong = read_pong(response.json(), ping_id, departed, elapsed)
        if not isinstance(pong, Pong):
            return [ask.fail(pong.code, **pong.values)]
        pongs.append(pong)
        previous = {
            "ping_id": ping_id,
            "rtt_ms": pong.rtt * 1000,
            "clock_offset_ms": pong.clock_offset * 1000,
        }
    best = min(pongs, key=lambda pong: pong.rtt)
    return [
        ask.ok(processing=best.processing),
        _judge_rtt(collector.name, pongs, limits.rtt),
        _judge_clock(collector.name, best, limits.clock_offset),
    ]


def _not_taken(session: Session, ask: Ask, collector: Collector, response: Response) -> Check:
    """Return the failed check for a ping that was not answered with 200."""
    error = HttpError.status_of(response, (200,))
    outcomes = {401: "ping.key_refused", 403: "ping.key_refused", 422: "ping.other_version"}
    if response.status in outcomes:
        return ask.fail(outcomes[response.status], answer=error.seen)
    if response.status == 429:
        return ask.error(error)
    return explain(session, ask, "collector", {"url": collector.url}, error)


def _judge_rtt(name: str, pongs: list[Pong], limit: float) -> Check:
    # The first one includes the connection and the TLS handshake.
    rtts = [pong.rtt for pong in pongs[1:] or pongs]
    p50, p95 = quantile(rtts, 0.5), quantile(rtts, 0.95)
    ask = Ask("rtt", name, limit=limit, p50=p50, p95=p95)
    return ask.ok() if p95 <= limit else ask.warn("slow")


def _judge_clock(name: str, pong: Pong, limit: float) -> Check:
    # The measurement is uncertain by half a round trip.
    ask = Ask("clock", name, limit=limit, offset=pong.clock_offset, uncertainty=pong.rtt / 2)
    return ask.ok() if abs(pong.clock_offset) - pong.rtt / 2 <= limit else ask.warn("apart")


def _other_key(session: Session, ask: Ask, collector: Collector, number: int) -> Check:
    """Send a ping with the other key of a rotation."""
    response, *_times = send_ping(session, collector, collector.headers(number - 1))
    return ask.ok() if response.status == 200 else _not_taken(session, ask, collector, response)


def _refused(session: Session, ask: Ask, collector: Collector, headers: Mapping[str, str]) -> Check:
    response, *_times = send_ping(session, collector, headers)
    if response.status == 401:
        return ask.ok()
    if response.status == 200:
        return ask.fail("ping.not_protected", body=excerpt(response.text, 80))
    return _not_taken(session, ask, collector, response)
