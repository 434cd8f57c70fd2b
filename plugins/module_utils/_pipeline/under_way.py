# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is restarted or replaced during a validation fails for a moment, and is no fault.

What may have failed for such a moment is looked at a second time. What passes then is told, and
accuses nobody: whether it comes and goes cannot be known from one moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._check import Ask, Check
from .._follows.linked import linked
from .services.run import PASSING

BAD = ("warn", "fail")
# The beginnings of the codes of what a restart, a swap or a reload makes fail for a moment: no
# answer, no way to a server, a value that is not there yet. What is refused or differs is not here.
MOMENT = (
    *PASSING,
    *("ping.lost", "push.refused", "pushed.refused", "counted.missing", "sampled.queued"),
    *(f"health.part_down.{how}" for how in ("push", "connection_refused", "starting")),
    *(f"health.part_down.{how}" for how in ("dns", "timeout")),
    *(f"target.down.{how}" for how in ("dns", "refused", "status", "timeout", "unreachable")),
    *("target.not_scraped", "targets.down", "families.not_pushed"),
    *(f"{where}.not_arrived" for where in ("prometheus", "victoriametrics")),
    *("prometheus.other_gateway", "roundtrip.other_gateway", "roundtrip.dropped"),
    *(f"roundtrip.not_{what}" for what in ("on_gateway", "scraped", "written")),
    *(f"roundtrip_removed.{where}" for where in ("gateway", "prometheus", "victoriametrics")),
    *("forgotten.left", "forgotten.not_done", "remote_write.retried", "remote_write.behind"),
    "remote_write.stuck",
    *("alerts_sent.lost", "ping_service.unanswered", "ping_service.circuit", "rules.broken"),
)

# The same, as whole codes: the connection to a target broke off.
BROKEN_OFF = ("target.down",)


def _passes(check: Check) -> bool:
    return check.code in BROKEN_OFF or check.code.startswith(MOMENT)


def roots(checks: Sequence[Check]) -> list[Check]:
    """Return what did not pass and follows from nothing else."""
    following = {c["id"] for c in linked(each.as_data() for each in checks) if "follows" in c}
    return [each for each in checks if each.status in BAD and each.id not in following]


def of_a_moment(checks: Sequence[Check]) -> bool:
    """Return whether something failed that a restart makes fail for a moment."""
    return any(_passes(each) for each in roots(checks))


def under_way(before: Sequence[Check], now: Sequence[Check], seconds: float) -> list[Check]:
    """Return the checks of both looks: those of now, and what failed at first and passes now.

    What no restart makes fail stays as it was seen first; the rest is told in one check.

    Args:
        before: What was seen first.
        now: What was seen then.
        seconds: How much later that was.
    """
    still = {each.id for each in now if each.status in BAD}
    passed = [each for each in before if each.status in BAD and each.id not in still]
    first = roots(passed)
    stays = {each.id: each for each in first if not _passes(each)}
    checks = [stays.get(each.id, each) for each in now]
    gone = [each for each in first if each.id not in stays]
    if not gone:
        return checks
    names, codes = [each.id for each in gone], {each.code for each in gone}
    told = Ask("under_way").skip("passed", checks=names, codes=codes, seconds=seconds)
    return [*checks, told]
