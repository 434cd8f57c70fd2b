# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove markers from the gateway, then, once Prometheus has ended them, from VictoriaMetrics."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..._api.prometheus import PrometheusApi
from ..._api.pushgateway import Gateway, Group, read_gateway
from ..._api.pushgateway_groups import age_of, remove_group
from ..._api.store import forget, newest, takes_promql_only
from ..._api.victoriametrics import EXPORTED, uncached
from ..._check import Ask, Check, wait_for, worst
from ..._http.session import HttpError, Response, Session, authorization, check_url
from ..._texts.text import Text, text
from .marker import JOB, PAUSE, Marker

RUN = re.compile(r"[0-9a-f]{8}")
DEAD = 600.0  # seconds: an older marker of another host was left behind
LAG = 12.0  # seconds that remote write may take, if nothing has waited for it yet
DAY = 86400.0  # seconds
ASK = Ask("roundtrip_removed")


def left_behind(gateway: Gateway, instance: str, deadline: float) -> list[Group]:
    """Return the groups of runs that were killed.

    Args:
        instance: Name of this host.
        deadline: Seconds after which a group of this host was left behind; DEAD, or `deadline` if
            it is longer, holds for other hosts.
    """
    mine = [
        group
        for group in gateway.groups
        if group.job == JOB
        and set(group.labels) == {"job", "instance", "run"}
        and RUN.fullmatch(group.labels["run"])
    ]
    limits = {instance: deadline}
    return [
        group
        for group in mine
        if age_of(group, gateway.now) > limits.get(group.instance, max(DEAD, deadline))
    ]


@dataclass(frozen=True)
class Place:
    """What was found of the marker at one place.

    Args:
        status: Status of a check.
        seen: What was seen there.
        outcome: Why it is not gone: an outcome of the check `roundtrip removed`, or a whole code.
        values: For its texts.
        ever: Whether it was ever there; None if that is not known.
    """

    status: str
    seen: Text
    outcome: str = "ok"
    values: Mapping[str, Any] = field(default_factory=dict)
    ever: bool | None = None


def remove_marker(
    session: Session, params: Mapping[str, Any], marker: Marker, others: Collection[str]
) -> Check:
    """Remove the marker, and those of killed runs, everywhere, and check that they are gone.

    The deadline does not cut this short: each place has `wait` seconds.

    Args:
        params: The options of roundtrip_check.
        others: The label `run` of the killed runs.
    """
    started = time.monotonic()
    marker.closed = True
    with marker.pushing:  # one that is on its way is waited for
        pass
    if not marker.pushed and not others:
        return ASK.skip("not_pushed")
    runs = {marker.run, *others}
    places = [_from_gateway(session, params, marker, runs)]
    if places[0].status == "pass":
        ever: bool | None = None
        if params["prometheus"]:
            places.append(_from_prometheus(session, params["prometheus"], params, marker, runs))
            ever = places[-1].ever
        if params["victoriametrics"]:
            places.append(_from_victoriametrics(session, params, marker, runs, ever))
        again = _from_gateway(session, params, marker, runs)  # a push that timed out comes late
        if again.status != "pass":
            places[0] = again
    status = worst(place.status for place in places)
    bad = next(place for place in places if place.status == status)
    seen = [place.seen for place in places]
    if others:
        seen.append(text("marker_others", n=len(others)))
    check = ASK.made(status, bad.outcome, {**bad.values, "places": seen})
    return replace(check, seconds=time.monotonic() - started)


def _from_gateway(
    session: Session, params: Mapping[str, Any], marker: Marker, runs: Collection[str]
) -> Place:
    options = params["pushgateway"]
    headers, failed = authorization(options), ""

    def gone() -> bool:
        nonlocal failed
        try:
            # Looked at, as a DELETE is answered 202 whether there is such a group or not.
            left = _groups(session, options, runs)
            for group in left:
                remove_group(session, options["url"], group.labels, headers)
            left = left and _groups(session, options, runs)
        except HttpError as error:
            failed = f"{error.subject}: {error.seen}"
            return False
        failed = ""
        return not left

    if wait_for(gone, params["wait"], PAUSE):
        return Place("pass", text("marker_off_gateway", seconds=marker.age))
    seen = text("marker_gateway_silent", error=failed) if failed else text("marker_on_gateway")
    return Place("fail", seen, "gateway", {"job": JOB})


def _groups(session: Session, options: Mapping[str, Any], runs: Collection[str]) -> list[Group]:
    found = read_gateway(session, options["url"], authorization(options)).groups
    return [group for group in found if group.job == JOB and group.labels.get("run") in runs]


def selectors(runs: Collection[str] = ()) -> list[str]:
    """Return selectors for all series of such groups, scraped with and without honor_labels.

    Args:
        runs: Only these runs; all if empty.
    """
    chosen = f', run=~"{"|".join(sorted(runs))}"' if runs else ', run=~"[0-9a-f]{8}"'
    return [f'{{{label}="{JOB}"{chosen}}}' for label in ("job", "exported_job")]


def _from_prometheus(
    session: Session,
    options: Mapping[str, Any],
    params: Mapping[str, Any],
    marker: Marker,
    runs: Collection[str],
) -> Place:
    api = PrometheusApi(session, options["url"], authorization(options))
    query = " or ".join(selectors(runs))
    try:
        ended = wait_for(lambda: not api.query(query), params["wait"], PAUSE)
        ever = bool(api.query(f"count_over_time({marker.selector}[1h])"))
    except HttpError as error:
        seen = text("marker_prometheus_silent", error=error.seen)
        return Place("warn", seen, error.code, error.values)
    if not ended:
        seen = text("marker_in_prometheus", seconds=marker.age)
        return Place("warn", seen, "prometheus", ever=ever)
    code = "marker_ended_in_prometheus" if ever else "marker_not_in_prometheus"
    return Place("pass", text(code, seconds=marker.age), ever=ever)


@dataclass(frozen=True)
class Stored:
    """A series in VictoriaMetrics.

    Args:
        run: Its label `run`.
        ended: Nothing is written to it any more.
    """

    run: str
    ended: bool


def stored(session: Session, options: Mapping[str, Any]) -> list[Stored]:
    """Return all series of markers of the last day, also those that have ended.

    Source: VictoriaMetrics, GET /api/v1/export; others, GET /api/v1/query.

    Raises:
        HttpError: The request failed, or its answer is not an export.
    """
    if takes_promql_only(options):
        api = PrometheusApi(session, options["url"], authorization(options))
        alive = {one.labels["run"] for each in selectors() for one in api.query(each)}
        ever = {
            one.labels["run"] for each in selectors() for one in newest(session, options, each, DAY)
        }
        return [Stored(run, run not in alive) for run in sorted(ever | alive)]
    address = f"{check_url(options['url'])}/api/v1/export"
    params = {"match[]": [uncached(one) for one in selectors()], "start": f"-{DAY:g}s"}
    response = session.get(address, params=params, headers=authorization(options))
    return read_stored(response, time.time())


def read_stored(response: Response, now: float) -> list[Stored]:
    """Return the series of an export.

    A series has ended if it ends with a null, or if it is older than DEAD seconds: Prometheus was
    killed and could not mark it as stale.

    Args:
        now: Unix time.

    Raises:
        HttpError: `http.not_json`, if it is not an export.
    """

    def make(lines: Any) -> list[Stored]:
        return [
            Stored(
                line["metric"]["run"],
                line["values"][-1] is None or line["timestamps"][-1] / 1000 < now - DEAD,
            )
            for line in lines
        ]

    return response.read(make, "VictoriaMetrics's export", EXPORTED, lines=True)


def _from_victoriametrics(
    session: Session,
    params: Mapping[str, Any],
    marker: Marker,
    runs: Collection[str],
    ever: bool | None,
) -> Place:
    options = params["victoriametrics"]
    known = "VictoriaMetrics" in marker.hops
    # It was waited for already, or it was not on its way: then there is nothing to wait for.
    coming = not known and ever is not False and marker.age < params["wait"] - 2 * PAUSE

    def complete() -> bool:
        mine = [one for one in stored(session, options) if one.run in runs]
        return all(one.ended for one in mine) and (not coming or bool(mine))

    try:
        seconds = min(params["wait"], LAG) if coming else params["wait"]
        ended = wait_for(complete, seconds, PAUSE)
        found = stored(session, options)
        dead = {*runs, *(one.run for one in found if one.ended)}
        count = sum(one.run in dead for one in found)
        kept = takes_promql_only(options)  # it cannot delete: that it has ended is all
        if count and not kept:
            for selector in selectors(dead):
                forget(session, options, selector)
        left = [] if kept else [one for one in stored(session, options) if one.run in dead]
    except HttpError as error:
        seen = text("marker_victoriametrics_silent", request=error.subject, error=error.seen)
        if error.status in (400, 401, 403):
            return Place("warn", seen, "not_allowed", {"job": JOB})
        return Place("warn", seen, error.code, error.values)
    if left or (not ended and not coming):
        seen = text("marker_in_victoriametrics", seconds=marker.age)
        return Place("warn", seen, "victoriametrics")
    if count and kept:
        return Place("pass", text("marker_ended_in_store", seconds=marker.age))
    code = "marker_deleted" if count else "marker_not_in_victoriametrics"
    return Place("pass", text(code, seconds=marker.age))
