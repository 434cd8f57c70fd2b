# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ping a collector's API as the ping service does, and as somebody without the key would."""

from __future__ import annotations

import math
import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._api.times import unix_time
from ..._check import Check, Probe
from ..._http.session import HttpError, Response, Session, check_url, excerpt

FIELDS = (
    "status",
    "ping_id",
    "timestamp_received",
    "timestamp_processed",
    "processing_time_ms",
    "message",
)
SOURCE = {"location": "validation", "datacenter": "validation", "country": "validation"}


@dataclass(frozen=True)
class Pong:
    """What one ping measured, in seconds."""

    rtt: float
    clock_offset: float  # collector's clock minus this host's
    processing: float


def clean_key(key: str, option: str) -> str:
    """The key as a header can carry it; raises HttpError, which does not show it."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise HttpError.option(option, "a key of printable ASCII", "another text, or none")
    return key


def ping_probes(
    session: Session, collector: Mapping[str, Any], count: int, slow: float, offset: float
) -> list[Probe]:
    """The probes of one collector: with its key, with a wrong one, with none."""
    name = collector["name"]
    check_url(collector["url"], f"collectors[{name}].url")
    key = clean_key(collector["key"], f"collectors[{name}].key")
    wrong = {"X-API-Key": secrets.token_urlsafe(32)}
    right = partial(_right, session, collector, {"X-API-Key": key}, count, slow, offset)
    refused = partial(_refused, session, collector)
    further = [
        Probe(f"key {number} {name}", "200", partial(_further, session, collector, number, other))
        for number, other in enumerate(collector.get("further_keys") or [], 2)
    ]
    return [
        Probe(f"ping {name}", "an answer to each ping", right),
        *further,
        Probe(f"wrong key {name}", "401", partial(refused, "a wrong key", wrong)),
        Probe(f"no key {name}", "401", partial(refused, "no key", {})),
    ]


def _send(
    session: Session,
    collector: Mapping[str, Any],
    headers: Mapping[str, str],
    number: int,
    previous: Mapping[str, Any] | None = None,
) -> tuple[Response, str, float, float]:
    """The answer, the ping's id, Unix time of departure and seconds until the answer was there."""
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
    url = check_url(collector["url"]) + "/api/ping"
    # When it is refused, the collector counts it apart from senders whose key is wrong.
    headers = {**headers, "X-Validation": "1"}
    response = session.request("POST", url, json=body, headers=headers, expected=None)
    return response, ping_id, departed, time.monotonic() - started


def read_pong(answer: Any, ping_id: str, departed: float, elapsed: float) -> Pong | str:
    """What the answer to a ping measured (as NTP does), or what is wrong with the answer."""
    if not isinstance(answer, dict):
        return "the answer is no JSON object"
    missing = [field for field in FIELDS if field not in answer]
    if missing:
        return f"the answer lacks {', '.join(missing)}"
    if answer["ping_id"] != ping_id:
        return f"the answer is for another ping: {answer['ping_id']}, not {ping_id}"
    received = unix_time(answer["timestamp_received"])
    processed = unix_time(answer["timestamp_processed"])
    if received is None or processed is None:
        return f"no ISO-8601 UTC time: {answer['timestamp_received']!r}"
    if processed < received:
        return "processed before it was received"
    back = departed + elapsed
    return Pong(
        rtt=max(elapsed - (processed - received), 0.0),
        clock_offset=((received - departed) + (processed - back)) / 2,
        processing=processed - received,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least C(share) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered) - 1e-9) - 1, 0)]


def _right(
    session: Session,
    collector: Mapping[str, Any],
    headers: Mapping[str, str],
    count: int,
    slow: float,
    offset: float,
) -> list[Check]:
    name = collector["name"]
    check_id, expected = f"ping {name}", f"200 to {count} pings, each with its id and all fields"
    pongs: list[Pong] = []
    previous = None
    for number in range(1, count + 1):
        response, ping_id, departed, elapsed = _send(session, collector, headers, number, previous)
        if response.status != 200:
            return [_not_taken(session, collector, check_id, expected, response)]
        pong = read_pong(response.json(), ping_id, departed, elapsed)
        if isinstance(pong, str):
            cause = "another version of the API, or another service, answers at this address"
            fix = "compare the version at / with what was deployed"
            return [Check(check_id, "fail", expected, pong, cause, fix)]
        pongs.append(pong)
        previous = {
            "ping_id": ping_id,
            "rtt_ms": pong.rtt * 1000,
            "clock_offset_ms": pong.clock_offset * 1000,
        }
    # The first one paid for the connection and the TLS handshake.
    rtts = [pong.rtt for pong in pongs[1:] or pongs]
    p50, p95 = quantile(rtts, 0.5), quantile(rtts, 0.95)
    best = min(pongs, key=lambda pong: pong.rtt)
    seen = f"{count} of {count}, processing {best.processing * 1000:.1f} ms"
    return [
        Check(check_id, "pass", expected, seen),
        _latency(name, p50, p95, slow),
        _clock(name, best, offset),
    ]


def _not_taken(
    session: Session,
    collector: Mapping[str, Any],
    check_id: str,
    expected: str,
    response: Response,
) -> Check:
    error = HttpError.status_of(response, (200,))
    cause, fix = error.cause, error.fix
    if response.status in (401, 403):
        cause = "the collector has a different key: it was not deployed since the key changed"
        fix = "deploy the collector, or give this check the key that was deployed"
    elif response.status == 422:
        cause, fix = "another version of the API", "compare the version at / with the deployed one"
    elif response.status != 429:
        found = explain(session, "collector", collector, expected, error)
        return replace(found, id=check_id)
    return Check(check_id, "fail", expected, error.seen, cause, fix)


def _latency(name: str, p50: float, p95: float, slow: float) -> Check:
    check_id, expected = f"rtt {name}", f"p95 at most {slow * 1000:g} ms"
    seen = f"p50 {p50 * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"
    if p95 <= slow:
        return Check(check_id, "pass", expected, seen)
    cause = "the collector or the way there is overloaded, or far"
    return Check(check_id, "warn", expected, seen, cause, "compare with a ping on its own host")


def _clock(name: str, pong: Pong, limit: float) -> Check:
    """Half a round trip is what the measurement itself cannot tell."""
    check_id, expected = f"clock {name}", f"clocks at most {limit:g} s apart"
    seen = f"{pong.clock_offset:+.3f} s, ±{pong.rtt / 2:.3f} s"
    if abs(pong.clock_offset) - pong.rtt / 2 <= limit:
        return Check(check_id, "pass", expected, seen)
    cause = "the clock of the collector's host, or of this one, is not kept by NTP"
    return Check(check_id, "warn", expected, seen, cause, "check timedatectl on both hosts")


def _further(session: Session, collector: Mapping[str, Any], number: int, key: str) -> Check:
    """The other key of a rotation."""
    name = collector["name"]
    check_id, expected = f"key {number} {name}", f"a ping with key {number} is answered 200"
    headers = {"X-API-Key": clean_key(key, f"collectors[{name}].further_keys")}
    response, *_times = _send(session, collector, headers, 0)
    if response.status == 200:
        return Check(check_id, "pass", expected, "200")
    return _not_taken(session, collector, check_id, expected, response)


def _refused(
    session: Session, collector: Mapping[str, Any], what: str, headers: Mapping[str, str]
) -> Check:
    check_id = f"{what.replace('a ', '')} {collector['name']}"
    expected = f"a ping with {what} is answered 401"
    response, *_times = _send(session, collector, headers, 0)
    seen = f"{response.status} {excerpt(response.text, 80)}"
    if response.status == 401:
        return Check(check_id, "pass", expected, "401")
    if response.status == 200:
        cause = "the API does not check keys: anybody can send pings"
        fix = "check the collector's keys_file; take it off the net until then"
        return Check(check_id, "fail", expected, seen, cause, fix)
    return _not_taken(session, collector, check_id, expected, response)
