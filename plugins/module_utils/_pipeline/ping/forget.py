# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the pings of a validation gone afterwards?"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.victoriametrics import delete_series, export
from ..._check import Check, Probe, run_side_by_side, wait_for
from ..._http.session import HttpError, Session, authorization
from .arrival import LOCATION, STATS, answered_by, call_api, instance_of, known_pings, selector_of

SHOWN = 4.0  # seconds: VictoriaMetrics shows new series a second or two after it got them
# What answers like this has taken no ping, unless it has answered one before.
NOT_REACHED = tuple(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "redirect", "login")
)
NOT_TAKEN = (401, 403, 404, 405)


def forget_pings(
    session: Session, params: Mapping[str, Any], checks: Sequence[Check], deadline: float
) -> list[Check]:
    """Remove what check_pings has left; for all collectors, whatever it found there: C(checks)."""
    if not params["forget"]:
        return []
    answered = answered_by(params["collectors"], checks)
    expected = "no series of the validation is left on the collector"
    probes = [
        Probe(
            f"forgotten {one['name']}",
            expected,
            partial(_forget, session, params, one, one in answered),
        )
        for one in params["collectors"]
    ]
    return run_side_by_side(probes, deadline)


def _forget(
    session: Session, params: Mapping[str, Any], collector: Mapping[str, Any], answered: bool
) -> Check:
    check_id, expected = f"forgotten {collector['name']}", "no series of the validation is left"
    pinged, another, left = True, False, []
    cause, fix = "see what was seen", "validate again"
    # Why it does not answer, the next request tells.
    with contextlib.suppress(HttpError):
        pinged = known_pings(session, collector)[0] > 0
    try:
        call_api(session, collector, "DELETE", f"{STATS}?location={LOCATION}")
    except HttpError as error:
        seen = f"DELETE {STATS}: {error.seen}"
        if not answered and (error.status in NOT_TAKEN or error.code in NOT_REACHED):
            # Why it does not answer, the ping's own check says.
            return Check(check_id, "skip", expected, seen, error.cause, error.fix)
        left.append(f"series of the validation on the collector and the gateway: {seen}")
        cause, fix = error.cause, "restart the collector: its next push is without them"
        if error.status in (404, 405):
            cause = "the collector is older than this check: it cannot forget a source"
            fix = "deploy the collector"
    else:
        if not _pushed(session, collector):
            left.append("what the gateway has, as the collector cannot push")
        another = known_pings(session, collector)[0] > 0
    if _left_in_victoriametrics(session, params["victoriametrics"], instance_of(collector), pinged):
        left.append("samples in VictoriaMetrics")
    if left:
        return Check(check_id, "warn", expected, "; ".join(left), cause, fix)
    seen = "removed; another validation goes on" if another else "removed"
    return Check(check_id, "pass", expected, seen)


def _pushed(session: Session, collector: Mapping[str, Any]) -> bool:
    """The gateway shows the old group until the next push."""
    try:
        return bool(call_api(session, collector, "POST", "/api/push").get("status") != "failure")
    except HttpError:
        return False


def _left_in_victoriametrics(
    session: Session, options: Mapping[str, Any] | None, host: str, pinged: bool
) -> bool:
    """Delete the samples; whether some are left."""
    if not options:
        return False
    selector, headers = selector_of("ping_sample_.+", host=host), authorization(options)

    def there() -> bool:
        return bool(export(session, options["url"], selector, 300.0, headers))

    if pinged:
        # What it does not show yet it does not delete either.
        wait_for(there, SHOWN)
    delete_series(session, options["url"], selector, headers)
    return there()
