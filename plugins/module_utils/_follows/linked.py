# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which failed check follows from which: the hops are a graph, and the first broken one is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .causes import Failed, Named
from .data import Data, values
from .edges import ALERTS, EDGES, PLACES, TARGETS, Cause
from .request import request_cause

BAD = ("warn", "fail")
# Where the time of a run went: to what did not answer, or else to the first that it ran out for.
DEADLINE = (Failed("http.timeout"), Failed("deadline.passed"))


def linked(checks: Iterable[Data]) -> list[dict[str, Any]]:
    """Return the checks; one that fails only because of another has `follows`: its id and code."""
    found = [{k: v for k, v in check.items() if k != "follows"} for check in checks]
    bad = [check for check in found if check["status"] in BAD and check.get("code")]
    proxies = [check["id"] for check in found if _runs_traefik(check)]
    proxy = proxies[0] if len(proxies) == 1 else ""
    causes = {number: _cause(bad, number, proxy) for number in range(len(bad))}
    for number, check in enumerate(bad):
        root, way = number, {number}
        while (following := causes[root]) is not None and following not in way:
            root = following
            way.add(root)
        if root != number:
            check["follows"] = {"id": bad[root]["id"], "code": bad[root]["code"]}
    return found


def _runs_traefik(check: Data) -> bool:
    last = str(check.get("subject", "")).split()[-1:]
    return check.get("name") == "running" and "traefik" in "".join(last)


def _cause(bad: Sequence[Data], number: int, proxy: str) -> int | None:
    """Return the number of the check that this one follows from directly."""
    check = bad[number]
    # A warning is no cause of a failure.
    others = {
        n: each
        for n, each in enumerate(bad)
        if n != number and (each["status"] == "fail" or check["status"] == "warn")
    }
    request = request_cause(check, others, number, proxy)
    if request is not None:
        return request
    # Of checks with one code, the first one is the cause.
    others = {n: each for n, each in others.items() if each["code"] != check["code"] or n < number}
    if check["name"] == "alerts":
        return _each(check, _of_alerts(check), others)
    if check["code"] == "targets.down":
        return _each(check, _of_targets(check), others)
    if check["name"] == "health":
        found = _each(check, _of_parts(check), others)
        if found is not None:
            return found
    if check["code"] == "deadline.passed":
        return _first(check, DEADLINE, others)
    for edge in EDGES:
        if edge.is_of(check):
            cause = _first(check, edge.causes, others)
            if cause is not None:
                return cause
    if check["name"] == "roundtrip":
        return _first(check, PLACES.get(str(check["subject"]).partition(" ")[0], ()), others)
    return None


def _first(check: Data, causes: Iterable[Cause], others: Mapping[int, Data]) -> int | None:
    for cause in causes:
        for number, other in others.items():
            if cause.is_met(check, other):
                return number
    return None


def _each(check: Data, causes: Iterable[Iterable[Cause]], others: Mapping[int, Data]) -> int | None:
    """Return the check that tells the same as a list of things, if each of them has one."""
    found = [_first(check, known, others) for known in causes]
    return found[0] if found and None not in found else None


def _of_alerts(check: Data) -> Iterator[Iterable[Cause]]:
    for alert in values(check).get("alerts", ()):
        name = str(values(alert).get("alert", ""))
        yield next((of for start, of in ALERTS.items() if name.startswith(start)), ())


def _of_targets(check: Data) -> Iterator[Iterable[Cause]]:
    for target in values(check).get("targets", ()):
        of = values(target)
        yield (Named(str(of.get("job", "")), str(of.get("instance", "")).rpartition(":")[0]),)


def _of_parts(check: Data) -> Iterator[Iterable[Cause]]:
    for part in values(check).get("parts", ()):
        name, of = str(values(part).get("name", "")), values(part)
        target = TARGETS.get(name, ()) if part["code"] == "health_target" else ()
        yield (Named(name, str(of.get("host", ""))), *target)
