# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Prometheus counts of its remote writes: whether what it sends is taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._api.exposition import Sample
from ..._api.prometheus import PrometheusApi
from ..._check import Ask, Check, wait_for
from .own import WRITE, Read

RECENT = 2  # minutes: failures within them are looked for again
ENOUGH = 6  # batches without a failure, after which remote write is well again
BEHIND = 120.0  # seconds
# Seconds: Prometheus sends what it has after five at the latest. Before SURE, nobody is accused.
QUIET, SURE = 15.0, 6.0
# Reasons to drop a sample that somebody has asked for.
_MEANT = ("relabelled", "dropped_series", "unintentional_dropped_series")


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


class Watch:
    """What Prometheus counts of the addresses that it writes to, since the beginning of a run.

    Args:
        reread: Reads what Prometheus tells of itself.
        before: What it told at the beginning.
        now: What it tells now.
    """

    def __init__(self, reread: Callable[[], Read], before: Read, now: Sequence[Sample]) -> None:
        self._reread = reread
        self.old, self.new = queues(before or now), queues(now)

    def look(self) -> None:
        """Count again; a Prometheus that does not answer for a moment tells nothing."""
        self.new = queues(self._reread() or ()) or self.new

    def wait(self, until: Callable[[], bool], seconds: float) -> None:
        """Look again and again until something holds, for so many seconds at most."""

        def looked() -> bool:
            self.look()
            return until()

        wait_for(looked, seconds)

    def since(self, name: str) -> Queue:
        """Return what was counted of an address since the beginning."""
        return self.new[name].since(self.old.get(name, self.new[name]))

    def decided(self, names: Iterable[str]) -> bool:
        """Return whether each has refused something again, or has taken ENOUGH."""
        known = [self.since(name) for name in names if name in self.new and name in self.old]
        return all(done.failed > 0 or done.batches >= ENOUGH for done in known)

    def quiet(self) -> set[str]:
        """Return the addresses to which nothing goes."""
        return {name for name, queue in self.new.items() if is_quiet(queue, self.old.get(name))}

    def quiet_for(self, began: float) -> float:
        """Return for how many seconds those have been quiet at least, of this run."""
        all_along = all(was_quiet(self.new[name], self.old.get(name)) for name in self.quiet())
        return time.monotonic() - began if all_along else 0.0


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
    watch = Watch(reread, before, now)
    if not watch.new:
        return [ask.fail("none") if wanted else ask.ok("off")]
    recent = _recent(api, watch.new)
    if not all(watch.since(name).failed > 0 for name in recent if name in watch.old):
        watch.wait(lambda: watch.decided(recent), wait)
    silent = watch.quiet()
    if silent:
        held = watch.quiet_for(began)
        more = max(min(QUIET - held, wait), 0.0)
        watch.wait(lambda: not watch.quiet(), more)
        silent = watch.quiet() if held + more >= SURE else set()
    return [
        judge_remote_write(queue, watch.old.get(name, queue), recent.get(name, 0.0), name in silent)
        for name, queue in sorted(watch.new.items())
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
