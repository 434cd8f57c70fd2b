# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Push a marker to the gateway and follow it to each place that it should come to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._api.prometheus import PrometheusApi, Series
from ..._api.pushgateway import read_gateway
from ..._api.pushgateway_groups import path_of
from ..._api.victoriametrics import export
from ..._check import Check, Probe, run_side_by_side
from ..._grafana.client import Grafana
from ..._http.session import HttpError, Session, authorization, check_url
from ..metrics.arrival import judge_target
from .grafana import has_value

JOB = "roundtrip_check"
NAME = "roundtrip_check_marker_timestamp_seconds"
PAUSE = 0.25  # seconds between two looks
ON_GATEWAY = 5.0  # seconds: a gateway shows a push at once
PAST = 300.0  # seconds of the past that stores are asked for: Prometheus's lookback
STORES = {"prometheus": "Prometheus", "victoriametrics": "VictoriaMetrics"}


@dataclass
class Marker:
    """The group that is pushed, and when it was seen where."""

    instance: str
    run: str
    pushed: float = 0.0  # monotonic clock; 0 until then
    hops: dict[str, float] = field(default_factory=dict)  # seconds since the push, by name
    pushing: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False  # it is being removed: no push any more

    @property
    def labels(self) -> dict[str, str]:
        """The grouping key."""
        return {"job": JOB, "instance": self.instance, "run": self.run}

    @property
    def selector(self) -> str:
        """The marker in PromQL, also under labels that a scrape has changed."""
        return f'{NAME}{{run="{self.run}"}}'

    @property
    def age(self) -> float:
        """Seconds since the push."""
        return time.monotonic() - self.pushed


def hop_names(params: Mapping[str, Any]) -> list[str]:
    """All hops that the options ask for, the gateway first."""
    uids = dict.fromkeys((params["grafana"] or {}).get("data_sources", ()))
    stores = [title for kind, title in STORES.items() if params[kind]]
    return ["gateway", *stores, *(f"Grafana {uid}" for uid in uids)]


def skipped(names: Sequence[str], why: str) -> list[Check]:
    """Checks of hops that were not made."""
    return [Check(f"roundtrip {name}", "skip", f"the marker at {name}", why) for name in names]


def push_and_follow(
    session: Session, params: Mapping[str, Any], marker: Marker, until: float
) -> list[Check]:
    """All hops, each with its check. C(until): of the monotonic clock, for the whole."""
    started = time.monotonic()
    options = params["pushgateway"]
    check_id, expected = "roundtrip gateway", f"the marker on the gateway at {options['url']}"
    try:
        push(session, options, marker)
        first = _on_gateway(session, options, marker, check_id, expected)
    except HttpError as error:
        first = replace(explain(session, "pushgateway", options, expected, error), id=check_id)
    first = replace(first, seconds=time.monotonic() - started)
    names = hop_names(params)[1:]
    if first.status != "pass":
        return [first, *skipped(names, "it is not on the gateway: see roundtrip gateway")]
    end = min(marker.pushed + params["wait"], until - 1)
    probes = [
        Probe(f"roundtrip {name}", f"the marker in {name}", partial(look, session, params[kind]))
        for kind, name, look in (
            ("prometheus", "Prometheus", partial(_in_prometheus, marker, end)),
            ("victoriametrics", "VictoriaMetrics", partial(_in_victoriametrics, marker, end)),
        )
        if params[kind]
    ]
    probes += [
        Probe(
            f"roundtrip {name}",
            f"the marker through data source {name.split(' ', 1)[1]}",
            partial(_through_grafana, marker, end, session, params["grafana"], name),
        )
        for name in names
        if name.startswith("Grafana ")
    ]
    return [first, *run_side_by_side(probes, max(until - time.monotonic(), 0.1))]


def push(session: Session, options: Mapping[str, Any], marker: Marker) -> None:
    """Push the marker; its value is this moment. Raises HttpError."""
    now = time.time()
    text = (
        f"# HELP {NAME} When the round trip of this group began. It is removed at its end.\n"
        f"# TYPE {NAME} gauge\n{NAME} {now:.3f}\n"
    )
    url = check_url(options["url"]) + path_of(marker.labels)
    headers = authorization(options)
    with marker.pushing:
        if marker.closed:
            raise HttpError("http.stopped", f"PUT {url}", "a push", "it was not sent")
        marker.pushed = time.monotonic()
        session.request("PUT", url, data=text.encode(), headers=headers, expected=(200, 202))


def _watch(marker: Marker, look: Callable[[], bool], until: float) -> float | None:
    """Look until it is there; the seconds since the push, or None."""
    while not look():
        if time.monotonic() + PAUSE > until:
            return None
        time.sleep(PAUSE)
    return marker.age


def _arrived(marker: Marker, name: str, expected: str, seconds: float) -> Check:
    marker.hops[name] = seconds
    seen = f"{seconds:.2f} s after the push"
    return Check(f"roundtrip {name}", "pass", expected, seen)


def _on_gateway(
    session: Session, options: Mapping[str, Any], marker: Marker, check_id: str, expected: str
) -> Check:
    def there() -> bool:
        found = read_gateway(session, options["url"], authorization(options)).groups
        return any(dict(g.labels) == marker.labels and g.last_push_successful for g in found)

    seconds = _watch(marker, there, time.monotonic() + ON_GATEWAY)
    if seconds is not None:
        return _arrived(marker, "gateway", expected, seconds)
    seen = f"the push was accepted, but its group is not there after {marker.age:.0f} s"
    cause = "the address leads to several gateways, or something else takes pushes and drops them"
    fix = "give the address of one gateway, the one that Prometheus scrapes"
    return Check(check_id, "fail", expected, seen, cause, fix)


def judge_labels(marker: Marker, name: str, expected: str, found: Sequence[Series]) -> Check | None:
    """What is wrong with the labels that the marker has in a store; None when nothing is."""
    if any(s.path == (JOB, marker.instance) and "exported_job" not in s.labels for s in found):
        return None
    labels = found[0].labels
    scrape_job = labels.get("job", "")
    if labels.get("exported_job") == JOB:
        seen = f'only as job="{scrape_job}" exported_job="{JOB}", {marker.age:.2f} s after the push'
        cause = f"the scrape job {scrape_job} has no honor_labels: true"
        fix = "set honor_labels: true in that scrape job and reload Prometheus"
    else:
        seen = f'as job="{scrape_job}" instance="{labels.get("instance", "")}"'
        cause = f"relabelling changes job or instance on the way to {name}"
        fix = "look for metric_relabel_configs, write_relabel_configs and external_labels"
    return Check(f"roundtrip {name}", "fail", expected, seen, cause, fix)


def _in_prometheus(
    marker: Marker, until: float, session: Session, options: Mapping[str, Any]
) -> Check:
    name, job = "Prometheus", options["scrape_job"]
    expected = f"the marker in Prometheus at {options['url']}, as it was pushed"
    found: list[Series] = []
    try:
        api = PrometheusApi(session, options["url"], authorization(options))

        def there() -> bool:
            found[:] = api.query(marker.selector)
            return bool(found)

        seconds = _watch(marker, there, until)
        if seconds is not None:
            wrong = judge_labels(marker, name, expected, found)
            return wrong or _arrived(marker, name, expected, seconds)
        seen = f"not within {marker.age:.0f} s"
        targets = api.targets()
    except HttpError as error:
        check = explain(session, "prometheus", options, expected, error)
        return replace(check, id=f"roundtrip {name}")
    target = judge_target(targets, job)
    if target.status == "pass":
        last = max(each.last_scrape for each in targets if each.job == job)
        seen += f"; {target.seen}, last scraped at {last}"
        cause = "Prometheus scrapes another gateway than the one pushed to, or less often than that"
        fix = "compare the target's address with the gateway's; make wait longer than the interval"
    else:
        seen, cause, fix = f"{seen}; {target.seen}", target.cause, target.fix
    return Check(f"roundtrip {name}", "fail", expected, seen, cause, fix)


def _before(marker: Marker, way: str) -> tuple[str, str]:
    """Cause and fix for a hop that does not get what Prometheus may have. C(way): from there."""
    if "Prometheus" in marker.hops:
        return way, "compare it with the servers that were asked here"
    fix = "see roundtrip Prometheus, and repair that first"
    return "it may not have come to Prometheus as it was pushed either", fix


def _in_victoriametrics(
    marker: Marker, until: float, session: Session, options: Mapping[str, Any]
) -> Check:
    name = "VictoriaMetrics"
    expected = f"the marker in VictoriaMetrics at {options['url']}, as it was pushed"
    headers = authorization(options)
    found: list[Series] = []

    def there() -> bool:
        found[:] = export(session, options["url"], marker.selector, PAST, headers)
        return bool(found)

    try:
        seconds = _watch(marker, there, until)
    except HttpError as error:
        check = explain(session, "victoriametrics", options, expected, error)
        return replace(check, id=f"roundtrip {name}")
    if seconds is not None:
        wrong = judge_labels(marker, name, expected, found)
        return wrong or _arrived(marker, name, expected, seconds)
    cause, fix = _before(
        marker,
        "Prometheus has no remote_write to this VictoriaMetrics, drops the marker"
        " (write_relabel_configs), or is behind",
    )
    seen = f"not within {marker.age:.0f} s"
    return Check(f"roundtrip {name}", "fail", expected, seen, cause, fix)


def _through_grafana(
    marker: Marker, until: float, session: Session, options: Mapping[str, Any], name: str
) -> Check:
    uid = name.split(" ", 1)[1]
    check_id = f"roundtrip {name}"
    expected = f"the marker through data source {uid} of {options['url']}"
    try:
        grafana = Grafana(session, options["url"], options["org_id"])
        look = partial(has_value, grafana, authorization(options), uid, marker.selector)
        seconds = _watch(marker, look, until)
    except HttpError as error:
        if error.code.startswith("http.grafana_source"):
            return Check.of_error(check_id, expected, error)
        return replace(explain(session, "grafana", options, expected, error), id=check_id)
    if seconds is not None:
        return _arrived(marker, name, expected, seconds)
    cause, fix = _before(
        marker,
        f"the data source {uid} leads to another server; or to a VictoriaMetrics, which hides"
        " samples younger than its -search.latencyOffset (30 s by default)",
    )
    seen = f"it answers, but without the marker, for {marker.age:.0f} s"
    return Check(check_id, "fail", expected, seen, cause, fix)
