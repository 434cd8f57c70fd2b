# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow a marker to each place where it should arrive."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._api.prometheus import PrometheusApi, Series
from ..._api.pushgateway import read_gateway
from ..._api.store import newest
from ..._check import Ask, Check, Probe, run_side_by_side, wait_for
from ..._grafana.client import Grafana
from ..._http.session import HttpError, Session, authorization
from ..target import judge_target, other_gateway
from .grafana import has_value
from .marker import JOB, PAUSE, Marker

ON_GATEWAY = 5.0  # seconds: a gateway shows a push at once
PAST = 300.0  # seconds of the past that are read: Prometheus's lookback


Look = Callable[[Session, Ask, Mapping[str, Any], Marker, float], Check]


def on_gateway(session: Session, ask: Ask, options: Mapping[str, Any], marker: Marker) -> Check:
    """Judge whether the gateway shows the marker, which was pushed to it.

    Source: Pushgateway, GET /api/v1/metrics.

    Raises:
        HttpError: The gateway does not answer as it should.
    """

    def there() -> bool:
        found = read_gateway(session, options["url"], authorization(options)).groups
        return any(dict(g.labels) == marker.labels and g.last_push_successful for g in found)

    if wait_for(there, ON_GATEWAY, PAUSE):
        return _arrived(ask, marker)
    return ask.fail("dropped", seconds=marker.age)


def follow(
    session: Session,
    params: Mapping[str, Any],
    hops: Mapping[str, Ask],
    marker: Marker,
    until: float,
) -> list[Check]:
    """Watch the hops after the gateway in parallel, and return their checks.

    Args:
        params: The options of roundtrip_check.
        hops: What is asked of each hop, by its name.
        until: When the time is over, by the monotonic clock.
    """
    end = min(marker.pushed + params["wait"], until - 1)
    scraped = partial(_in_prometheus, params["pushgateway"])
    looks: dict[str, Look] = {"Prometheus": scraped, "VictoriaMetrics": _in_victoriametrics}
    probes = []
    for name, ask in hops.items():
        look = looks.get(name, _through_grafana)
        kind = name.lower() if name in looks else "grafana"
        run = partial(_explained, session, ask, kind, params[kind], marker, end, look)
        probes.append(Probe(ask, run))
    return run_side_by_side(probes, max(until - time.monotonic(), 0.1))


def _explained(
    session: Session,
    ask: Ask,
    kind: str,
    options: Mapping[str, Any],
    marker: Marker,
    until: float,
    look: Look,
) -> Check:
    """Return the check of a look; if its request fails, find out who answers there instead."""
    try:
        return look(session, ask, options, marker, until)
    except HttpError as error:
        return explain(session, ask, kind, options, error)


def _arrived(ask: Ask, marker: Marker) -> Check:
    marker.hops[ask.subject] = marker.age
    return ask.ok(seconds=marker.hops[ask.subject])


def judge_labels(ask: Ask, marker: Marker, found: Sequence[Series]) -> Check | None:
    """Return what is wrong with the labels that the marker has in a store, or None.

    Args:
        found: The marker's series in the store, at least one.
    """
    if any(s.path == (JOB, marker.instance) and "exported_job" not in s.labels for s in found):
        return None
    labels = found[0].labels
    job, instance = labels.get("job", ""), labels.get("instance", "")
    if labels.get("exported_job") == JOB:
        return ask.fail("no_honor_labels", job=job, exported_job=JOB, seconds=marker.age)
    return ask.fail("relabelled", job=job, instance=instance)


def _in_store(
    ask: Ask, marker: Marker, read: Callable[[], Sequence[Series]], until: float
) -> Check | None:
    """Wait until a store has the marker, and judge its labels; None if it does not arrive."""
    found: list[Series] = []

    def there() -> bool:
        found[:] = read()
        return bool(found)

    if not wait_for(there, until - time.monotonic(), PAUSE):
        return None
    return judge_labels(ask, marker, found) or _arrived(ask, marker)


def _in_prometheus(
    gateway: Mapping[str, Any],
    session: Session,
    ask: Ask,
    options: Mapping[str, Any],
    marker: Marker,
    until: float,
) -> Check:
    api = PrometheusApi(session, options["url"], authorization(options))
    check = _in_store(ask, marker, partial(api.query, marker.selector), until)
    if check:
        return check
    target = judge_target(api.targets(), options["scrape_job"])
    code = "not_scraped" if target.status == "pass" else target.code
    check = ask.made("fail", code, {**target.values, "seconds": marker.age})
    if target.status != "pass":
        return check
    return other_gateway(session, api, gateway, options["scrape_job"], check)


def _missing(ask: Ask, marker: Marker, outcome: str, **values: Any) -> Check:
    """Return the failed check of a hop that gets its data from Prometheus."""
    outcome = outcome if "Prometheus" in marker.hops else "see_prometheus"
    return ask.fail(outcome, seconds=marker.age, **values)


def _in_victoriametrics(
    session: Session, ask: Ask, options: Mapping[str, Any], marker: Marker, until: float
) -> Check:
    read = partial(newest, session, options, marker.selector, PAST)
    return _in_store(ask, marker, read, until) or _missing(ask, marker, "not_written")


def _through_grafana(
    session: Session, ask: Ask, options: Mapping[str, Any], marker: Marker, until: float
) -> Check:
    uid = ask.subject.split(" ", 1)[1]
    grafana = Grafana(session, options["url"], options["org_id"])
    look = partial(has_value, grafana, authorization(options), uid, marker.selector)
    if wait_for(look, until - time.monotonic(), PAUSE):
        return _arrived(ask, marker)
    return _missing(ask, marker, "other_source", uid=uid)
