# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the servers tell of themselves at /metrics: what they could not read, keep or pass on.

Each is read at the beginning of a run and at its end. What rises in between is a fault of now; what
was counted before is history, and accuses nobody (but for a store that lost data when it started).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from ..._api.exposition import Sample, samples
from ..._api.identify import KINDS
from ..._check import Ask, Check, Probe, run_side_by_side
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import Text, text

Read = Optional[list[Sample]]  # None: /metrics is hidden
STARTED = "process_start_time_seconds"
FRESH = 3600.0  # seconds after its start in which a server is accused of what it lost then
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
