# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge who pushes, what is scraped, and how old what arrived is. Nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..._api.prometheus import Series, Target
from ..._api.pushgateway import Gateway
from ..._check import Check
from ..collector import SOURCE, STALE_INTERVALS
from .arrival import Expected, labels_text, some

# Labels that are not the metric's own: where it came from, and the parts of a histogram.
NOT_OWN = frozenset({"job", "instance", "le", "quantile"})
PUSHED = "collector_push_last_success_timestamp_seconds"
WAITING = "collector_spool_samples"
STARTED = "process_start_time_seconds"
PINGED = "ping_last_received_timestamp_seconds"
RAN = "n8n_exporter_run_success"
LAST_RUN = "n8n_exporter_last_success_timestamp_seconds"
ERRORS = "n8n_exporter_run_errors"
REFUSED = 15  # minutes
PART = re.compile(r"_(bucket|sum|count)$")


class Up(NamedTuple):
    """Unix times of a target's past day, by its job and instance; None where there is none."""

    first_seen: float | None
    last_up: float | None
    last_down: float | None


def duration(seconds: float) -> str:
    """``45 s``, ``12 min``, ``5.0 h`` or ``13.9 d``."""
    for size, unit in ((86400, "d"), (3600, "h")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{max(seconds, 0):.0f} s"


def judge_pushers(
    collectors: Sequence[Expected], gateway: Gateway, known_jobs: Sequence[str]
) -> Check:
    """Does anybody push whom nobody expects? C(known_jobs): patterns of whole job names."""
    check_id, wanted = "pushers", "no group on the gateway that nobody is known to push"
    expected = [{"job": each.job, "instance": each.instance} for each in collectors]
    known = [re.compile(pattern) for pattern in known_jobs]
    strange = [
        group
        for group in gateway.groups
        if dict(group.labels) not in expected
        and not any(pattern.fullmatch(group.job) for pattern in known)
    ]
    if not strange:
        return Check(check_id, "pass", wanted, f"{len(gateway.groups)} groups, all known")
    oldest = sorted(strange, key=lambda group: group.push_time)
    texts = [
        f"{labels_text(group.labels)}, pushed {duration(gateway.now - group.push_time)} ago"
        for group in oldest[:3]
    ]
    more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
    still = any(gateway.now - group.push_time < 600 for group in strange)
    cause = (
        "a program that the inventory does not know pushes here"
        if still
        else "whoever pushed is gone; the gateway shows the last values for ever"
    )
    fix = "stop it, or name its job in known_jobs; delete a dead group with pushgateway_group"
    return Check(check_id, "warn", wanted, "; ".join(texts) + more, cause, fix)


def judge_targets(
    targets: Sequence[Target], past: Mapping[tuple[str, str], Up], now: float, days: float
) -> Check:
    """Is everything up that Prometheus scrapes, and for how long? C(days): how far C(past) goes."""
    check_id, wanted = "targets", "every scrape target is up"
    down = [target for target in targets if target.health == "down"]
    if not targets:
        cause, fix = "Prometheus has no scrape configuration", "give it one, and reload"
        return Check(check_id, "fail", wanted, "no target at all", cause, fix)
    if not down:
        since = [max(up.last_down or 0, up.first_seen or now) for up in past.values()]
        least = duration(now - max(since, default=now))
        return Check(check_id, "pass", wanted, f"{len(targets)} of {len(targets)}, for {least}")
    texts = []
    for target in down[:4]:
        up = past.get((target.job, target.instance), Up(None, None, None))
        length = duration(now - up.last_up) if up.last_up else f"{days:g} d or more"
        texts.append(f"{target.job} {target.instance}, down for {length}: {target.error}")
    seen = "; ".join([f"{len(down)} of {len(targets)} down", *texts])
    cause = (
        "what is scraped is gone, has moved, or does not let Prometheus in; its series end there"
    )
    fix = "repair it, or remove the target; a gap in a graph is this, not a short retention"
    return Check(check_id, "fail", wanted, seen, cause, fix)


def judge_ages(
    expected: Expected,
    series: Sequence[Series],
    now: float,
    ping_seconds: float,
    refused: float = 0.0,
) -> Check:
    """Is what the collector says of its own work and of its senders recent?

    C(series): the collector's in Prometheus. C(ping_seconds): how long a source may be silent.
    C(refused): how many pings it has answered 401 within REFUSED minutes.
    """
    check_id = f"ages {expected.host}"
    limit = expected.interval * STALE_INTERVALS
    wanted = f"pushes at most {limit:g} s old, pings of each source at most {ping_seconds:g} s"
    pushes = {s.labels.get("target", ""): s.value for s in series if s.name == PUSHED}
    pings = {
        s.labels.get("source_location", ""): s.value
        for s in series
        if s.name == PINGED and s.labels.get("source_location") != SOURCE["location"]
    }
    if not pushes:
        cause, fix = "see the checks of push and scrape", "repair those first"
        return Check(check_id, "skip", wanted, "no series", cause, fix)
    started = max((s.value for s in series if s.name == STARTED), default=0.0)
    # Where samples are spooled, only those that wait say that one should have been sent.
    waiting = {s.labels.get("target", ""): s.value for s in series if s.name == WAITING}
    old = [
        f"none to {target} for {duration(now - at)}" if at else f"none to {target} ever"
        for target, at in sorted(pushes.items())
        if now - max(at, started) > limit and waiting.get(target, 1) > 0
    ]
    if old:
        seen = f"successful pushes: {'; '.join(old)}"
        cause = (
            "the collector cannot deliver there; what it shows elsewhere is whole, there it is not"
        )
        fix = "ask the collector's /health for the error of that target"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    silent = {where: now - at for where, at in pings.items() if now - at > ping_seconds}
    if silent:
        texts = [f"{where} {duration(age)}" for where, age in sorted(silent.items())]
        cause = "that ping service has stopped, has no way here, or is refused (its own log says)"
        fix = "look at it; if it is gone for good, DELETE /api/ping/stats?location=... on the API"
        return Check(check_id, "warn", wanted, f"silent: {', '.join(texts)}", cause, fix)
    if refused >= 1:
        seen = f"{refused:.0f} pings were answered 401 within {REFUSED} min"
        cause = "a sender has another key than this collector"
        fix = "deploy whichever of the two has the old key; the collector's log has the address"
        return Check(check_id, "warn", wanted, seen, cause, fix)
    seen = f"pushes to {some(pushes)}; " + (f"pings of {some(pings)}" if pings else "no pings")
    return Check(check_id, "pass", wanted, seen)


def judge_run(expected: Expected, series: Sequence[Series], now: float) -> Check | None:
    """Did an exporter's last run do its work? None: it is no exporter. C(series): its own."""
    told = {s.name: s.value for s in series if s.name in (RAN, LAST_RUN)}
    if RAN not in told:
        return None
    check_id, limit = f"run {expected.host}", expected.interval * STALE_INTERVALS
    wanted = f"its last run did its work, {limit:g} s ago at most"
    last = told.get(LAST_RUN, 0.0)
    seen = f"the last that did ended {duration(now - last)} ago" if last else "none ever did"
    if told[RAN] and now - last <= limit:
        return Check(check_id, "pass", wanted, seen)
    errors = [s.labels.get("error_type", "") for s in series if s.name == ERRORS and s.value]
    if errors:
        seen += f"; errors of the last: {some(errors)}"
    cause = "n8n or its database does not answer, or refuses its credentials"
    fix = "read the log of its last run, in n8n_exporter_logs on its host"
    return Check(check_id, "fail", wanted, seen, cause, fix)


def judge_sources(
    sources: Collection[str],
    collectors: Sequence[Expected],
    series: Iterable[Series],
    now: float,
    ping_seconds: float,
) -> Check:
    """Is each ping service that there should be heard of by one of the collectors?"""
    wanted = f"a ping of each ping service within {ping_seconds:g} s"
    paths = {each.path for each in collectors}
    last: dict[str, float] = {}
    for one in series:
        if one.name == PINGED and one.path in paths:
            where = one.labels.get("source_location", "")
            last[where] = max(one.value, last.get(where, 0.0))
    silent = [each for each in sorted(sources) if now - last.get(each, 0.0) > ping_seconds]
    if not silent:
        return Check("ping sources", "pass", wanted, some(sources))
    cause = "it does not run, has no way to the collectors, or its key is refused"
    fix = "read its log; see the checks ages for pings that were answered 401"
    return Check("ping sources", "fail", wanted, f"none of {some(silent)}", cause, fix)


def judge_own_labels(
    expected: Expected, series: Sequence[Series], wanted_labels: Mapping[str, Collection[str]]
) -> Check | None:
    """Has each series the labels that the catalogue gives it? None: all have."""
    wrong: dict[str, str] = {}
    for one in series:
        base = one.name if one.name in wanted_labels else PART.sub("", one.name)
        if base not in wanted_labels:
            continue
        differing = set(one.labels) - NOT_OWN ^ set(wanted_labels[base])
        if differing:
            wrong[base] = ", ".join(sorted(differing))
    if not wrong:
        return None
    wanted = "the labels that the catalogue gives each metric"
    texts = [f"{name}: {labels}" for name, labels in sorted(wrong.items())[:3]]
    seen = f"{len(wrong)} metrics with a label too many or too few: {'; '.join(texts)}"
    cause = "another version of the collector, or relabelling on the way"
    fix = "compare the collector's version; look for metric_relabel_configs"
    return Check(f"labels {expected.host}", "fail", wanted, seen, cause, fix)
