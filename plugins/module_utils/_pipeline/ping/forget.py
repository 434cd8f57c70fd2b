# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove the pings of a validation, and check that they are gone."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.store import forget as forget_series
from ..._api.store import newest
from ..._check import Ask, Check, Probe, run_side_by_side, wait_for
from ..._http.session import HttpError, Session
from ..._texts.text import text
from ..collector import Collector
from .arrival import LOCATION, STATS, known_pings, selector_of

SHOWN = 4.0  # seconds: VictoriaMetrics shows new series a second or two after it got them
# A collector that answers like this has accepted no ping, unless it has answered one before.
NOT_REACHED = tuple(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "redirect", "login")
)
NOT_TAKEN = (401, 403, 404, 405)


def forget_pings(
    session: Session,
    params: Mapping[str, Any],
    collectors: Sequence[Collector],
    answered: Sequence[Collector],
    seconds: float,
) -> list[Check]:
    """Remove what `check_pings` has left, also from collectors that did not answer.

    Source: the collector, DELETE /api/ping/stats and POST /api/push; VictoriaMetrics,
    POST /api/v1/admin/tsdb/delete_series.

    Args:
        params: The options of ping_check.
        answered: The collectors that have accepted all pings.
        seconds: How long it may take.
    """
    if not params["forget"]:
        return []
    probes = []
    for one in collectors:
        ask = Ask("forgotten", one.name)
        probes.append(Probe(ask, partial(_forget, session, ask, params, one, one in answered)))
    return run_side_by_side(probes, seconds)


def _forget(
    session: Session, ask: Ask, params: Mapping[str, Any], collector: Collector, answered: bool
) -> Check:
    pinged, another, left, outcome = True, False, [], "left"
    # If it does not answer, the next request says why.
    with contextlib.suppress(HttpError):
        pinged = known_pings(session, collector)[0] > 0
    try:
        collector.ask(session, "DELETE", f"{STATS}?location={LOCATION}")
    except HttpError as error:
        if not answered and (error.status in NOT_TAKEN or error.code in NOT_REACHED):
            # The ping's own check says why it does not answer.
            return ask.error(error, "skip")
        left.append(text("left_on_collector", path=STATS, error=error.seen))
        outcome = "not_able" if error.status in (404, 405) else "not_done"
    else:
        if not _pushed(session, collector):
            left.append(text("left_on_gateway"))
        another = known_pings(session, collector)[0] > 0
    storage = params["victoriametrics"] if collector.victoriametrics else None
    if _left_in_victoriametrics(session, storage, collector.instance, pinged):
        left.append(text("left_in_victoriametrics"))
    if left:
        return ask.warn(outcome, left=left)
    return ask.ok("another_run" if another else "ok")


def _pushed(session: Session, collector: Collector) -> bool:
    """Ask for a push, as the gateway shows the old group until then."""
    try:
        return bool(
            collector.ask(session, "POST", "/api/push", {"status?": str}).get("status") != "failure"
        )
    except HttpError:
        return False


def _left_in_victoriametrics(
    session: Session, options: Mapping[str, Any] | None, host: str, pinged: bool
) -> bool:
    """Delete the samples, and return whether some are left."""
    if not options:
        return False
    selector = selector_of("ping_sample_.+", host=host)

    def there() -> bool:
        return bool(newest(session, options, selector, 300.0))

    if pinged:
        # It cannot delete a series that it does not show yet.
        wait_for(there, SHOWN)
    forget_series(session, options, selector)
    return there()
