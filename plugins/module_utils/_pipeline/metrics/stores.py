# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read Prometheus and VictoriaMetrics until the collectors' pushes have arrived, and judge them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..._api.prometheus import PrometheusApi, Series, Target, matcher
from ..._api.pushgateway import Gateway, Group, shown
from ..._api.store import newest, takes_promql_only
from ..._api.times import unix_time
from ..._check import Ask, Check, wait_for
from ..._http.session import HttpError, Session, authorization
from ..collector import SAME, Collector
from ..target import judge_target, judge_twice, other_gateway
from .arrival import (
    arrived,
    honored,
    judge_arrived,
    judge_families,
    renamed,
    sample_names,
)
from .dedup import check_deduplication
from .health import (
    PINGED,
    REFUSED,
    Up,
    judge_ages,
    judge_run,
    judge_sources,
    judge_targets,
    refusals_window,
)
from .labels import judge_labels, judge_once, own_families
from .rules import Alerts, check_rules
from .senders import judge_senders, pinged_locations, read_senders

DAYS = 14  # of the past that is read for a target that is down
EXPORTED = 300.0  # seconds of the past that are read: Prometheus's lookback


def _decided(targets: Sequence[Target], since: float) -> bool:
    """Return whether each target that is down was scraped after `since`: a restart has ended."""
    down = [unix_time(each.last_scrape) for each in targets if each.health == "down"]
    return all(scraped is None or scraped > since for scraped in down)


def _past(api: PrometheusApi, targets: Sequence[Target]) -> dict[tuple[str, str], Up]:
    """Return the targets' past: of a day, or of DAYS where one is down."""
    day = "max_over_time(timestamp(up == 0)[1d:5m])", "min_over_time(timestamp(up)[1d:5m])"
    last_down, first_seen = ({s.path: s.value for s in api.query(each)} for each in day)
    last_up = {}
    if any(each.health == "down" for each in targets):
        # The coarse steps end up to one of them ago, so the last hours are read in fine ones.
        for steps in (f"{DAYS}d:10m", "2h:10s"):
            up = api.query(f"max_over_time(timestamp(up == 1)[{steps}])")
            last_up.update({series.path: series.value for series in up})
    paths = {(each.job, each.instance) for each in targets}
    return {p: Up(first_seen.get(p), last_up.get(p), last_down.get(p)) for p in paths}


def _again(reread: Callable[[], Gateway], collectors: Sequence[Collector]) -> list[Group | None]:
    """Return the groups as they are now; None for each if the gateway does not answer."""
    try:
        gateway = reread()
    except HttpError:  # its own checks tell it
        return [None for _each in collectors]
    return [gateway.group(*each.path) for each in collectors]


def _is_in(group: Group | None, series: Sequence[Series]) -> bool:
    """Return whether a store shows this push, and not an earlier or a later one."""
    times = [one.value for one in series if one.name == "push_time_seconds"]
    return group is not None and bool(times) and abs(max(times) - group.push_time) <= SAME


def _why(
    session: Session,
    api: PrometheusApi,
    options: Mapping[str, Any],
    job: str,
    gateway: Gateway,
    group: Group,
    targets: Sequence[Target],
    check: Check,
) -> Check:
    """Return the check of a push that did not arrive, with the reason if there is evidence of one.

    Source: Prometheus, GET /api/v1/query.

    Args:
        options: The option `pushgateway`.
        job: The scrape job.
        group: What was pushed.
        check: The failed check.
    """
    mine = [each for each in targets if each.job == job]
    every = max((each.every for each in mine), default=0.0)
    if every > check.values["wait"]:
        return Ask(check.name, check.subject, **check.values).fail("seldom", every=every)
    if not mine or any(each.health != "up" for each in mine):
        return check
    # The push, or a later one, with other labels: the gateway has no such group.
    known = {(each.job, each.instance) for each in gateway.groups}
    found = [
        each
        for each in api.query(f"push_time_seconds >= {group.push_time - SAME:.3f}")
        if each.path not in known
        and "exported_job" not in each.labels
        and (each.path[0] == group.job or each.path[1] == group.instance)
    ]
    if found:
        labels = [shown(*each.path) for each in found]
        return Ask(check.name, check.subject, **check.values).fail("relabelled", labels=labels)
    return other_gateway(session, api, options, job, check)


def _of_one_push(
    api: PrometheusApi,
    collector: Collector,
    before: Group,
    reread: Callable[[], Gateway],
    wait: float,
) -> Check:
    """Judge the families of a push that the gateway and Prometheus both show.

    Pushes go on meanwhile, and a restart or another validation ends families for a moment, so what
    one push has says nothing of another.
    """
    judged = judge_families(collector, before, (), "Prometheus", came=False)

    def same() -> bool:
        nonlocal judged
        (group,) = _again(reread, [collector])
        mine = honored(collector, api.query(f"{{{matcher('job', [collector.job])}}}"))
        came, names = _is_in(group, mine), {one.name for one in mine}
        judged = judge_families(collector, group or before, names, "Prometheus", came)
        return came or judged.status == "pass"

    wait_for(same, wait)
    return judged


def in_prometheus(
    collectors: Sequence[Collector],
    gateway: Gateway,
    reread: Callable[[], Gateway],
    params: Mapping[str, Any],
    wait: float,
    session: Session,
    options: Mapping[str, Any],
) -> list[Check]:
    """Wait until Prometheus has the collectors' pushes, and return all checks of Prometheus.

    Source: Prometheus HTTP API, GET /api/v1/query, /api/v1/targets and /api/v1/rules.

    Args:
        gateway: What the gateway has.
        reread: Reads the gateway again.
        params: The options of metrics_check.
        wait: Seconds to wait for the pushes.
        options: The option `prometheus`.

    Raises:
        HttpError: Prometheus or the gateway does not answer as it should.
    """
    api = PrometheusApi(session, options["url"], authorization(options))
    job = options["scrape_job"]
    jobs = [each.job for each in collectors]
    groups = {each: gateway.group(*each.path) for each in collectors}
    times: list[Series] = []
    others = params["others"]

    def watched() -> list[Target]:
        return [each for each in api.targets() if others or each.job == job]

    targets = watched()
    target = judge_target(targets, job)
    since = time.time()

    def complete() -> bool:
        nonlocal target, targets
        # A restarted gateway is down until its next scrape.
        if target.status != "pass" or not _decided(targets, since):
            targets = watched()
            target = judge_target(targets, job)
        if not jobs:
            return target.status == "pass" and _decided(targets, since)
        by_job = (f"push_time_seconds{{{matcher(name, jobs)}}}" for name in ("job", "exported_job"))
        times[:] = api.query(" or ".join(by_job))
        known = any(each.job == job for each in targets)
        return (
            (target.status == "pass" or not known)
            and _decided(targets, since)
            and all(
                group is None
                or arrived(group, honored(each, times))
                or arrived(group, renamed(each, times))
                for each, group in groups.items()
            )
        )

    until = time.monotonic() + wait
    wait_for(complete, wait)
    rules = api.rules()
    # What rules make of the collectors' series is none of theirs, whatever labels it has.
    made = {"ALERTS", "ALERTS_FOR_STATE"}
    made |= {rule["name"] for rule in rules if rule.get("type") == "recording"}
    for group in groups.values():
        made.difference_update(sample_names(group.families.items()) if group else ())
    series: list[Series] = []
    refused: dict[tuple[str, str], float] = {}
    if jobs:
        for label in ("job", "exported_job"):
            found = api.query(f"{{{matcher(label, jobs)}}}")
            series += [one for one in found if one.name not in made]
        refused = _refused(api, matcher("job", jobs), series)
    own = [n for g in groups.values() if g for n in sample_names(own_families(g).items())]
    elsewhere = f"{{{matcher('__name__', own)}, {matcher('job', jobs, '!~')}}}"
    foreign = api.query(elsewhere) if own else []
    checks = [target]
    if others:
        if target.status == "pass":
            slowest = max(each.every for each in targets)
            checks = [judge_twice(target, api.gateways(2 * slowest), targets)]
        checks.append(judge_targets(targets, _past(api, targets), time.time(), DAYS))
    ages: list[Check] = []
    sources, age = params["ping_sources"], params["ping_age"]
    facts = read_senders(api, sources, age) if sources else []
    pinged = pinged_locations(facts)
    for each, group in groups.items():
        mine = honored(each, series)
        names = {s.name for s in mine}
        there = judge_arrived(each, group, times, "prometheus", wait)
        if group and there.code.startswith("prometheus.not_arrived"):
            there = _why(session, api, params["pushgateway"], job, gateway, group, targets, there)
        checks.append(there)
        came = group is not None and (arrived(group, mine) or arrived(group, renamed(each, times)))
        families = judge_families(each, group, names, "Prometheus", came)
        if group and families.status == "fail" and arrived(group, mine):
            families = _of_one_push(api, each, group, reread, until - time.monotonic())
        checks.append(families)
        checks.append(judge_labels(each, gateway, series, params["catalogue_labels"]))
        run = judge_run(each, mine, time.time())
        of_it = refused.get(each.path, 0.0)
        ages.append(run or judge_ages(each, mine, time.time(), age, of_it, pinged))
    checks += ages
    if sources:
        now = time.time()
        # A collector that was swapped does not know of the pings that the one before it got.
        newest = f"max_over_time({PINGED}{{{matcher('job', jobs)}}}[{age:.0f}s])"
        before = [replace(each, name=PINGED) for each in api.query(newest)]
        arriving = judge_sources(sources, collectors, [*series, *before], now, age)
        told = [*ages, arriving]
        checks.append(arriving)
        to = params["ping_locations"]
        checks += judge_senders(sources, facts, collectors, series, told, now, age, to)
    if others:
        own, names, deployed = (params[n] for n in ("catalogue_labels", "rule_groups", "rules"))
        alerts = Alerts(params["expected_alerts"])
        checks += check_rules(api, rules, own, names, deployed, time.time(), DAYS, alerts)
    return checks + judge_once(collectors, gateway, [*series, *foreign])


def _refused(api: PrometheusApi, of: str, series: Sequence[Series]) -> dict[tuple[str, str], float]:
    """Return how many pings with a wrong key each collector refuses still, by job and instance."""
    total = f'api_requests_total{{endpoint="/api/ping", status_code="401", {of}}}'
    counted = api.query(f"increase({total}[{REFUSED}m])")
    # A process has not refused more than it counts: what one before it refused is history.
    by_now = {each.path: each.value for each in api.query(f"sum by (job, instance) ({total})")}
    found = {each.path: min(each.value, by_now.get(each.path, 0.0)) for each in counted}
    for path, count in found.items():
        seconds = refusals_window(count, [one for one in series if one.path == path], time.time())
        if count >= 1 and seconds < REFUSED * 60:
            earlier = api.query(f"sum by (job, instance) ({total} offset {seconds:.0f}s)")
            before = max((one.value for one in earlier if one.path == path), default=0.0)
            # A counter that is lower than before has begun again.
            found[path] = by_now[path] - (before if before <= by_now[path] else 0.0)
    return found


def in_victoriametrics(
    collectors: Sequence[Collector],
    gateway: Gateway,
    reread: Callable[[], Gateway],
    params: Mapping[str, Any],
    wait: float,
    session: Session,
    options: Mapping[str, Any],
) -> list[Check]:
    """Wait until VictoriaMetrics has the collectors' pushes, and return all checks of it.

    Source: VictoriaMetrics, GET /api/v1/export, /flags and /metrics; others, GET /api/v1/query.

    Args:
        gateway: What the gateway has.
        reread: Reads the gateway again.
        params: The options of metrics_check.
        wait: Seconds to wait for the pushes.
        options: The option `victoriametrics`.

    Raises:
        HttpError: VictoriaMetrics or the gateway does not answer as it should.
    """
    headers = authorization(options)
    read = partial(newest, session, options, seconds=EXPORTED)
    jobs = matcher("job", [each.job for each in collectors])
    groups = {each: gateway.group(*each.path) for each in collectors}
    series: list[Series] = []
    # When Prometheus scraped the push, by its own clock: all of it has this time, or a later one.
    scraped: dict[Collector, float] = {}
    # What has come since, also if a restart of the collector has ended it for a moment.
    names: dict[Collector, set[str]] = {each: set() for each in groups}
    now = dict(groups)
    # The last ones that decide: the next push may be on its way when the time is over.
    decided: dict[Collector, Check] = {}

    def families(each: Collector) -> Check:
        """Judge those that are pushed still; what is missing of another push proves nothing."""
        group, left = groups[each], now[each]
        if group and left:
            kinds = {name: kind for name, kind in group.families.items() if name in left.families}
            group = replace(group, families=kinds)
        came = each in scraped and _is_in(left, honored(each, series))
        return judge_families(each, group, names[each], "VictoriaMetrics", came)

    def complete() -> bool:
        if not groups:
            return True
        # What Prometheus writes comes in parts, so one family is no proof of the others.
        series[:] = read(f"{{{jobs}}}")
        for each, group in groups.items():
            mine = honored(each, series)
            if group and each not in scraped and arrived(group, mine):
                scraped[each] = max(s.at for s in mine if s.name == "push_time_seconds")
            if each in scraped:
                names[each] |= {one.name for one in mine if one.at >= scraped[each]}
        left = [each for each in scraped if families(each).status != "pass"]
        if left:
            now.update(zip(left, _again(reread, left)))
        decided.update({e: c for e in scraped if (c := families(e)).status != "skip"})
        return all(
            group is None or (each in decided and decided[each].status == "pass")
            for each, group in groups.items()
        )

    wait_for(complete, wait)
    checks = [
        check
        for each, group in groups.items()
        for check in (
            judge_arrived(each, group, series, "victoriametrics", wait),
            decided.get(each) or families(each),
        )
    ]
    if takes_promql_only(options):
        return checks
    pings = params["ping_interval"] if params["ping_sources"] else None
    return [*checks, check_deduplication(session, options["url"], headers, pings)]
