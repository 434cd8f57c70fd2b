# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the servers tell of themselves at /metrics: what they could not read, keep or pass on.

Each is read at the beginning of a run and at its end. What rises in between is a fault of now; what
was counted before is history, and accuses nobody (but for a store that lost data when it started).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from ..._api.exposition import Sample, samples
from ..._api.identify import KINDS
from ..._api.prometheus import PrometheusApi
from ..._check import Ask, Check, Probe, run_side_by_side, wait_for
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import Text, text

Read = Optional[list[Sample]]  # None: /metrics is hidden
STARTED = "process_start_time_seconds"
FRESH = 3600.0  # seconds after its start in which a server is accused of what it lost then
RECENT = 2  # minutes: failures within them are looked for again
ENOUGH = 6  # batches without a failure, after which remote write is well again
BEHIND = 120.0  # seconds
# Seconds: Prometheus sends what it has after five at the latest. Before SURE, nobody is accused.
QUIET, SURE = 15.0, 6.0
RELOADED = {
    "prometheus": "prometheus_config_last_reload_successful",
    "alertmanager": "alertmanager_config_last_reload_successful",
}
# What was lost at the start, if it is more than 0.
CORRUPT = (
    "prometheus_tsdb_wal_corruptions_total",
    "prometheus_tsdb_mmap_chunk_corruptions_total",
    "prometheus_tsdb_head_chunks_corruptions_total",
)
# Rising: the server cannot write its files.
NOT_STORED = (
    "prometheus_tsdb_wal_writes_failed_total",
    "prometheus_tsdb_wal_truncations_failed_total",
    "prometheus_tsdb_head_truncations_failed_total",
    "prometheus_tsdb_checkpoint_creations_failed_total",
    "prometheus_tsdb_compactions_failed_total",
    "alertmanager_nflog_maintenance_errors_total",
    "alertmanager_silences_maintenance_errors_total",
)
# Rising: a limit in its configuration drops data.
LIMITS = (
    "prometheus_target_scrapes_exceeded_sample_limit_total",
    "prometheus_target_scrapes_exceeded_body_size_limit_total",
    "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
    "prometheus_target_scrape_pool_exceeded_target_limit_total",
    "prometheus_target_scrape_pool_exceeded_label_limits_total",
    "vm_hourly_series_limit_rows_dropped_total",
    "vm_daily_series_limit_rows_dropped_total",
)
# Rising: samples or alerts that it does not take.
REFUSED = (
    "prometheus_target_scrapes_sample_duplicate_timestamp_total",
    "prometheus_target_scrapes_sample_out_of_order_total",
    "prometheus_target_scrapes_sample_out_of_bounds_total",
    "alertmanager_alerts_invalid_total",
    "vm_rows_ignored_total",
)
READ_ONLY, FREE = "vm_storage_is_read_only", "vm_free_disk_space_bytes"
FREE_LIMIT = "vm_free_disk_space_limit_bytes"
WRITE = "prometheus_remote_storage_"
WANTED = {
    STARTED,
    *RELOADED.values(),
    *CORRUPT,
    *NOT_STORED,
    *LIMITS,
    *REFUSED,
    READ_ONLY,
    FREE,
    FREE_LIMIT,
    "alertmanager_notification_requests_total",
    "alertmanager_notification_requests_failed_total",
}


def read_own(session: Session, params: Mapping[str, Any], seconds: float) -> dict[str, Read]:
    """Return what each server tells of itself.

    Source: GET /metrics of each.

    Args:
        params: The options of metrics_check.
        seconds: How long it may take.
    """
    found: dict[str, Read] = {}

    def read(kind: str) -> Check:
        found[kind] = read_server(session, params[kind])
        return Ask("own_metrics", KINDS[kind].title).ok()

    kinds = [each for each in ("prometheus", "alertmanager", "victoriametrics") if params.get(each)]
    probes = [Probe(Ask("own_metrics", KINDS[k].title), partial(read, k)) for k in kinds]
    run_side_by_side(probes, seconds)
    return {kind: found.get(kind) for kind in kinds}


def read_server(session: Session, options: Mapping[str, Any]) -> Read:
    """Return what one server tells of itself; None if it is hidden."""
    url = f"{check_url(options['url'])}/metrics"
    try:
        page = session.get(url, headers=authorization(options), retries=0).text
    except HttpError:
        return None
    read = [s for s in samples(page) if s.name in WANTED or s.name.startswith(WRITE)]
    return read if any(each.name == STARTED for each in read) else None


@dataclass(frozen=True)
class Own:
    """What a server told at the beginning of the run, and now."""

    kind: str
    before: Sequence[Sample]
    now: Sequence[Sample]

    def value(self, name: str) -> float | None:
        """Return the value of a metric now, the sum of its series; None if there is none."""
        found = [each.value for each in self.now if each.name == name]
        return sum(found) if found else None

    @property
    def started(self) -> float:
        """Return when the server's process started (Unix time)."""
        return self.value(STARTED) or 0.0

    def risen(self, names: Iterable[str]) -> list[Text]:
        """Return what has risen since the beginning; after a restart, all that it counts."""
        old = {_series(each): each.value for each in self.before}
        again = not any(_series(s) in old and s.name == STARTED for s in self.now) or any(
            s.name == STARTED and old[_series(s)] != s.value for s in self.now
        )
        wanted = {*names}
        return [
            text("risen", metric=each.name, labels=_shown(each), count=count)
            for each in self.now
            if each.name in wanted
            and (count := each.value - (0 if again else old.get(_series(each), 0.0))) > 0
        ]


def _series(each: Sample) -> tuple[str, tuple[tuple[str, str], ...]]:
    return each.name, tuple(sorted(each.labels.items()))


def _shown(each: Sample) -> str:
    inside = ", ".join(f'{name}="{value}"' for name, value in sorted(each.labels.items()))
    return f"{{{inside}}}" if inside else ""


def judge_own(kind: str, before: Read, now: Read, at: float) -> list[Check]:
    """Judge what a server tells of itself.

    Args:
        kind: One of `identify.KINDS`.
        before: What it told at the beginning of the run.
        now: What it tells now.
        at: Unix time.
    """
    title = KINDS[kind].title
    if now is None:
        return [Ask("own_metrics", title).skip("hidden")]
    own = Own(kind, before or now, now)
    checks = [_judge_stored(Ask("storage", title), own, at), _judge_limits(own, title)]
    if kind in RELOADED and own.value(RELOADED[kind]) is not None:
        ask = Ask("reload", title)
        checks.append(ask.ok() if own.value(RELOADED[kind]) else ask.fail("refused"))
    return checks


def _judge_stored(ask: Ask, own: Own, at: float) -> Check:
    risen = own.risen(NOT_STORED)
    if risen:
        return ask.fail("not_written", metrics=risen)
    free, limit = own.value(FREE), own.value(FREE_LIMIT)
    if own.value(READ_ONLY) or (free is not None and limit and free < limit):
        return ask.fail("read_only", free=(free or 0.0) / 2**20, limit=(limit or 0.0) / 2**20)
    corrupt = {name: own.value(name) for name in CORRUPT if own.value(name)}
    if corrupt:
        lost = [text("risen", metric=n, labels="", count=count) for n, count in corrupt.items()]
        made = ask.fail if at - own.started < FRESH else ask.warn
        return made("corrupt", metrics=lost, age=at - own.started)
    return ask.ok()


def _judge_limits(own: Own, title: str) -> Check:
    ask = Ask("limits", title)
    risen = own.risen(LIMITS)
    if risen:
        return ask.fail("exceeded", metrics=risen)
    refused = own.risen(REFUSED)
    return ask.warn("refused", metrics=refused) if refused else ask.ok()


# --- remote write


@dataclass(frozen=True)
class Queue:
    """What Prometheus counts of one address that it writes to."""

    url: str
    sent: float
    failed: float
    retried: float
    dropped: float
    pending: float
    batches: float
    behind: float
    relabelled: float = 0.0

    def since(self, before: Queue) -> Queue:
        """Return what was counted since then; all, after a restart."""
        if self.sent < before.sent:
            return self
        return Queue(
            self.url,
            self.sent - before.sent,
            self.failed - before.failed,
            self.retried - before.retried,
            self.dropped - before.dropped,
            self.pending,
            self.batches - before.batches,
            self.behind,
            self.relabelled,
        )


def queues(found: Iterable[Sample]) -> dict[str, Queue]:
    """Return the addresses that Prometheus writes to, by the name of each."""
    values: dict[str, dict[str, float]] = {}
    urls: dict[str, str] = {}
    newest = 0.0
    for each in found:
        part = each.name[len(WRITE) :]
        if part == "highest_timestamp_in_seconds":
            newest = max(newest, each.value)
        if "remote_name" not in each.labels:
            continue
        name = each.labels["remote_name"]
        urls[name] = each.labels.get("url", name)
        if part == "samples_dropped_total" and each.labels.get("reason") in (None, *_MEANT):
            part = "relabelled"  # in older versions, which give no reason, all of them
        of = values.setdefault(name, {})
        of[part] = of.get(part, 0.0) + each.value
    return {
        name: Queue(
            urls[name],
            of.get("samples_total", 0.0),
            of.get("samples_failed_total", 0.0),
            of.get("samples_retried_total", 0.0),
            of.get("samples_dropped_total", 0.0),
            of.get("samples_pending", 0.0),
            of.get("sent_batch_duration_seconds_count", 0.0),
            max(newest - of.get("queue_highest_sent_timestamp_seconds", newest), 0.0),
            of.get("relabelled", 0.0),
        )
        for name, of in values.items()
    }


_MEANT = ("relabelled", "dropped_series", "unintentional_dropped_series")


def check_remote_write(
    reread: Callable[[], Read],
    api: PrometheusApi,
    before: Read,
    wanted: bool,
    wait: float,
    began: float,
) -> list[Check]:
    """Check that what Prometheus writes to other stores is accepted there.

    If some was refused in the minutes before, and none yet in this run, a few batches more are
    waited for: they tell whether it still is.

    Args:
        reread: Reads what Prometheus tells of itself.
        before: What it told at the beginning of the run.
        wanted: Whether it should write somewhere.
        wait: Seconds to wait for more batches.
        began: When `before` was read, by the monotonic clock.

    Raises:
        HttpError: Prometheus does not answer as it should.
    """
    now, ask = reread(), Ask("remote_write", "Prometheus")
    if now is None:
        return [ask.skip("own_metrics.hidden")]
    old, new = queues(before or now), queues(now)
    if not new:
        return [ask.fail("none") if wanted else ask.ok("off")]
    recent = _recent(api, new)

    def settled() -> bool:
        nonlocal new
        new = queues(reread() or ()) or new  # one that does not answer for a moment tells nothing
        return all(
            (done := new[name].since(old[name])).failed > 0 or done.batches >= ENOUGH
            for name in recent
            if name in new and name in old
        )

    if recent and not all(new[n].since(old[n]).failed > 0 for n in recent if n in old):
        wait_for(settled, wait)

    def quiet() -> set[str]:
        return {name for name, queue in new.items() if is_quiet(queue, old.get(name))}

    def heard() -> bool:
        nonlocal new
        new = queues(reread() or ()) or new
        return not quiet()

    silent = quiet()
    if silent:
        all_along = all(was_quiet(new[name], old.get(name)) for name in silent)
        held = time.monotonic() - began if all_along else 0.0
        more = max(min(QUIET - held, wait), 0.0)
        wait_for(heard, more)
        silent = quiet() if held + more >= SURE else set()
    return [
        judge_remote_write(queue, old.get(name, queue), recent.get(name, 0.0), name in silent)
        for name, queue in sorted(new.items())
    ]


def _recent(api: PrometheusApi, new: Mapping[str, Queue]) -> dict[str, float]:
    """Return how many samples each address has refused lately, if Prometheus scrapes itself."""
    query = f"sum by (remote_name) (increase({WRITE}samples_failed_total[{RECENT}m])) > 0"
    found = {labels.get("remote_name", ""): value for labels, value in api.query_values(query)}
    return {name: value for name, value in found.items() if name in new}


def is_quiet(queue: Queue, before: Queue | None) -> bool:
    """Return whether nothing is sent, as all is dropped, or what is sent gets no answer.

    Args:
        before: What was counted at the beginning of the run; None for an address of later.
    """
    if not queue.sent and queue.relabelled > 0:
        return True
    return before is not None and queue.pending > 0 and not queue.since(before).batches


def was_quiet(queue: Queue, before: Queue | None) -> bool:
    """Return whether an address that is quiet now was so at the beginning, in the same process."""
    if before is None or queue.sent < before.sent:
        return False
    return before.pending > 0 or (not before.sent and before.relabelled > 0)


def judge_remote_write(
    queue: Queue, before: Queue, recent: float = 0.0, quiet: bool = False
) -> Check:
    """Judge one address.

    Args:
        queue: What Prometheus counts now.
        before: What it counted at the beginning of the run.
        recent: Samples that were refused in the last RECENT minutes.
        quiet: Whether nothing was sent, or nothing answered, for QUIET seconds at least.
    """
    done = queue.since(before)
    ask = Ask("remote_write", queue.url, url=queue.url)
    told: dict[str, Any] = {"sent": done.sent, "failed": done.failed, "pending": queue.pending}
    told.update(retried=done.retried, dropped=done.dropped, behind=queue.behind)
    if done.failed > 0:
        return ask.fail("refused", **told)
    if done.dropped > 0:
        return ask.fail("dropped", **told)
    if done.retried > 0 and queue.behind >= before.behind and queue.pending:
        return ask.fail("retried", **told)
    if quiet:
        nothing = not queue.sent and queue.relabelled > 0
        return ask.fail("nothing" if nothing else "stuck", relabelled=queue.relabelled, **told)
    if queue.behind > BEHIND and queue.behind >= before.behind:
        return ask.fail("behind", **told)
    if recent:
        return ask.warn("refused_before", recent=recent, minutes=RECENT, **told)
    return ask.ok(**told)
