# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the clocks of all servers with this host's, and with one another.

An answer's header `Date` has whole seconds, and some servers renew it once a second. So the clock
of who wrote it is known within two seconds and the time of the request, and only what is certain is
told.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from ..._api.identify import KINDS
from ..._check import Ask, Check, Probe
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import Text, text

GRAVE = 30.0  # seconds from which on it is a failure: samples are refused, tokens and TLS break
WIDTH = 2.0  # seconds that a Date may be older than its answer


@dataclass(frozen=True)
class Clock:
    """How far a server's clock is ahead of this host's: at least, and at most (seconds)."""

    name: str
    least: float
    most: float

    @classmethod
    def read(cls, name: str, date: str | None, sent: float, received: float) -> Clock | None:
        """Return what the header `Date` of an answer says; None if it says nothing.

        Args:
            sent: Unix time of the request, by this host's clock; `received` that of the answer.
        """
        try:
            at = parsedate_to_datetime(date or "").timestamp()
        except (TypeError, ValueError, IndexError):
            return None
        return cls(name, at - received, at + WIDTH - sent)

    @property
    def said(self) -> Text:
        """Return it for people."""
        middle, half = (self.least + self.most) / 2, (self.most - self.least) / 2
        return text("server_clock", name=self.name, offset=middle, uncertainty=half)


def clock_probe(session: Session, services: Sequence[Mapping[str, Any]], limit: float) -> Probe:
    """Return a probe that asks each service for its time.

    Args:
        services: Elements of `services` of service_check.
        limit: Seconds that two clocks may be apart.
    """
    return Probe(Ask("clocks", limit=limit), partial(_check, session, services, limit))


def _check(session: Session, services: Sequence[Mapping[str, Any]], limit: float) -> Check:
    found = []
    for service in services:
        kind, url = service["kind"], check_url(service["url"])
        paths = KINDS.get(kind)
        address = url + ((paths.ready or paths.proof) if paths else "")
        try:
            answer = session.get(address, expected=None, headers=authorization(service), retries=0)
        except HttpError:
            continue  # the service's own check says why
        received = time.time()
        date = answer.headers.get("Date")
        read = Clock.read(service["name"], date, received - answer.seconds, received)
        found += [read] if read else []
    return judge_clocks(found, limit)


def judge_clocks(clocks: Sequence[Clock], limit: float) -> Check:
    """Judge the clocks of all servers that answered.

    Where all agree with one another and not with this host, it is this host's, or they are all on
    one machine.
    """
    ask = Ask("clocks", limit=limit, clocks=[each.said for each in clocks])
    if not clocks:
        return ask.skip("none")
    off = [each for each in clocks if each.least > limit or each.most < -limit]
    apart = any(one.least - other.most > limit for one in clocks for other in clocks)
    if not off and not apart:
        return ask.ok()
    names = [each.name for each in off]
    spread = [0.0, *(each.least for each in off), *(-each.most for each in off)]
    spread += [one.least - other.most for one in clocks for other in clocks]
    ask_for = ask.fail if max(spread) > GRAVE else ask.warn
    if off and len(off) == len(clocks) and not apart:
        return ask_for("controller", names=names, off=[each.said for each in off])
    if not off:  # some ahead, others behind
        first, last = min(clocks, key=lambda c: c.most), max(clocks, key=lambda c: c.least)
        off = [first, last]
    return ask_for("apart", names=[each.name for each in off], off=[each.said for each in off])
