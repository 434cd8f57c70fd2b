# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check is, and how many of them are made side by side."""

from __future__ import annotations

import platform
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from ._http.error import HttpError

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

STATUSES = ("pass", "warn", "fail", "skip")
PAUSE = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Check:
    """One fact that was looked at. C(cause) and C(fix) are for what did not pass."""

    id: str
    status: str
    expected: str
    seen: str
    cause: str = ""
    fix: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"check {self.id}: status {self.status!r}")

    @classmethod
    def of_error(cls, check_id: str, expected: str, error: HttpError) -> Check:
        """A failed check for a request that failed."""
        seen = f"{error.subject}: {error.seen}"
        return cls(check_id, "fail", expected, seen, error.cause, error.fix)


@dataclass(frozen=True)
class Probe:
    """Something that makes one check or several. C(id) and C(expected) serve when it cannot."""

    id: str
    expected: str
    run: Callable[[], Check | Sequence[Check]]


def wait_for(look: Callable[[], bool], seconds: float, pause: float = PAUSE) -> bool:
    """Look until it is so, or the seconds are over; whether it is so."""
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() + pause > end:
            return False
        time.sleep(pause)
    return True


def worst(statuses: Iterable[str]) -> str:
    """The status of a whole: fail over warn over pass over skip."""
    return max(statuses, key=("skip", "pass", "warn", "fail").index, default="skip")


def _made(probe: Probe) -> list[Check]:
    """The probe's checks, each with its seconds; a probe that raises is a failed check."""
    started = time.monotonic()
    try:
        result = probe.run()
        checks = [result] if isinstance(result, Check) else list(result)
    except HttpError as error:
        checks = [Check.of_error(probe.id, probe.expected, error)]
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        seen = f"{type(error).__name__}: {error}"
        cause = f"a defect in the check itself ({where.name}, line {where.lineno})"
        checks = [Check(probe.id, "fail", probe.expected, seen, cause, "report it")]
    if not checks:
        cause = "a defect in the check itself"
        checks = [Check(probe.id, "fail", probe.expected, "no result", cause, "report it")]
    seconds = time.monotonic() - started
    return [check if check.seconds else replace(check, seconds=seconds) for check in checks]


def run_side_by_side(
    probes: Sequence[Probe], deadline_seconds: float, workers: int = 16
) -> list[Check]:
    """Run all probes on C(workers) threads; return their checks in the order of the probes.

    A probe without a result after C(deadline_seconds) is a failed check, and is not waited for:
    the threads are daemons, which a ThreadPoolExecutor's are not.
    """
    started = time.monotonic()
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    finished: queue.SimpleQueue[tuple[int, list[Check]]] = queue.SimpleQueue()
    for index in range(len(probes)):
        waiting.put(index)

    def work() -> None:
        while True:
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            finished.put((index, _made(probes[index])))

    for _number in range(min(workers, len(probes))):
        threading.Thread(target=work, daemon=True).start()
    results: dict[int, list[Check]] = {}
    while len(results) < len(probes):
        left = started + deadline_seconds - time.monotonic()
        try:
            index, checks = finished.get(timeout=max(left, 0))
        except queue.Empty:
            break
        results[index] = checks
    late = f"did not answer within {deadline_seconds:g} s"
    cause = "the service hangs, or the deadline is shorter than the waits and timeouts inside it"
    fix = "find out what hangs, or raise deadline"
    return [
        check
        for index, probe in enumerate(probes)
        for check in results.get(index)
        or [Check(probe.id, "fail", probe.expected, late, cause, fix, deadline_seconds)]
    ]


def check_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of the doc fragment C(check)."""
    return {
        "deadline": {"type": "float", "default": 60.0},
        "fail_on": {"type": "str", "default": "fail", "choices": ["never", "fail", "warn"]},
    }


def exit_with(module: AnsibleModule, checks: Sequence[Check], started: float, **more: Any) -> None:
    """End a check module with its checks and C(more); whether it fails, O(fail_on) says."""
    counts = {status: sum(c.status == status for c in checks) for status in STATUSES}
    result: dict[str, Any] = {
        "changed": False,
        "checks": [{**asdict(c), "seconds": round(c.seconds, 3)} for c in checks],
        "counts": counts,
        "seconds": round(time.monotonic() - started, 3),
        "asked_from": platform.node(),
        **more,
    }
    failing = {"never": (), "fail": ("fail",), "warn": ("fail", "warn")}[module.params["fail_on"]]
    wrong = [c for c in checks if c.status in failing]
    if wrong:
        texts = (
            f"{c.id}: expected {c.expected}; seen: {c.seen}; likely cause: {c.cause}; next: {c.fix}"
            for c in wrong
        )
        module.fail_json(
            msg=f"{len(wrong)} of {len(checks)} checks failed. " + " | ".join(texts), **result
        )
    module.exit_json(**result)
