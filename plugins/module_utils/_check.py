# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check is, and how many of them run in parallel.

A check has a name (``rtt``), a subject (``wf001``) and a code for its result (``rtt.slow``). Its
texts for people follow from the code and its values, by the catalogue of their language
(:mod:`._texts.text`).
"""

from __future__ import annotations

import platform
import queue
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ._failure import Failure
from ._follows.linked import linked
from ._signals import background
from ._texts.en.catalogue import TEXTS
from ._texts.text import as_data, fields_of, find

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

STATUSES = ("pass", "warn", "fail", "skip")
# The statuses that fail a task, by its option `fail_on`.
FAILING = {"never": (), "fail": ("fail",), "warn": ("fail", "warn")}
FAIL_ON = {"type": "str", "default": "fail", "choices": [*FAILING]}
PAUSE = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Check:
    """One fact that was checked. Made by an :class:`Ask`.

    Args:
        name: What was asked; the first part of its code, unless a request failed.
        subject: What it was asked about, for example a host.
        status: One of STATUSES.
        code: The result.
        values: Values of the texts' placeholders, by name.
        seconds: How long it took.
    """

    name: str
    subject: str
    status: str
    code: str
    values: Mapping[str, Any]
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"check {self.id}: status {self.status!r}")
        for part, of in (("expected", self.name), ("seen", self.code)):
            if find(TEXTS, of, part) is None:
                raise ValueError(f"no text for {part} of {of}")

    @property
    def id(self) -> str:
        """Return the id that reports and comparisons use."""
        return f"{self.name.replace('_', ' ')} {self.subject}".strip()

    @property
    def texts(self) -> dict[str, str]:
        """Return what the check says in English, by FIELDS."""
        return fields_of(self.name, self.code, self.status, self.values)

    def as_data(self) -> dict[str, Any]:
        """Return the check in JSON's types, as modules return it."""
        return {
            "id": self.id,
            "status": self.status,
            **self.texts,
            "seconds": round(self.seconds, 3),
            "name": self.name,
            "subject": self.subject,
            "code": self.code,
            "values": as_data(self.values),
        }


class Ask:
    """What is asked, and about what: makes the checks that answer it.

    ::

        ask = Ask("rtt", "wf001", limit=1.0)
        return ask.ok(p95=p95) if p95 <= 1.0 else ask.warn("slow", p95=p95)

    Args:
        name: A code of the catalogues that has the field ``expected``; its underscores become
            spaces in the check's id.
        subject: What it is about; empty if there is only one.
        values: For the placeholders of ``expected`` and of every outcome.
    """

    def __init__(self, name: str, subject: str = "", **values: Any) -> None:
        self.name = name
        self.subject = subject
        self.values = values

    def ok(self, outcome: str = "ok", **values: Any) -> Check:
        """Return the check of something that is as expected."""
        return self.made("pass", outcome, values)

    def warn(self, outcome: str, **values: Any) -> Check:
        """Return the check of something that is not as expected, while data still flow."""
        return self.made("warn", outcome, values)

    def fail(self, outcome: str, **values: Any) -> Check:
        """Return the check of something that is not as expected."""
        return self.made("fail", outcome, values)

    def skip(self, outcome: str, **values: Any) -> Check:
        """Return the check of something that cannot be judged."""
        return self.made("skip", outcome, values)

    def error(self, failure: Failure, status: str = "fail") -> Check:
        """Return the check of a request that failed, with the failure's code."""
        return self.made(status, failure.code, failure.values)

    def made(self, status: str, outcome: str, values: Mapping[str, Any]) -> Check:
        """Return the check of a status and an outcome, or of a whole code of another name."""
        code = f"{self.name}.{outcome}"
        if "." in outcome and code not in TEXTS:
            code = outcome
        return Check(self.name, self.subject, status, code, {**values, **self.values})


@dataclass(frozen=True)
class Probe:
    """Something that makes one check or several. `ask` makes the failed check if it cannot."""

    ask: Ask
    run: Callable[[], Check | Sequence[Check]]


def wait_for(look: Callable[[], bool], seconds: float, pause: float = PAUSE) -> bool:
    """Look until it is so or the time is over, and return whether it is so.

    Args:
        seconds: How long to look.
        pause: Seconds between two looks.
    """
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() + pause > end:
            return False
        time.sleep(pause)
    return True


def worst(statuses: Iterable[str]) -> str:
    """Return the status of a whole: fail before warn before pass before skip."""
    return max(statuses, key=("skip", "pass", "warn", "fail").index, default="skip")


def _made(probe: Probe) -> list[Check]:
    """Return the probe's checks, each with its seconds; a probe that raises is a failed check."""
    started = time.monotonic()
    try:
        result = probe.run()
        checks = [result] if isinstance(result, Check) else list(result)
    except Failure as error:
        checks = [probe.ask.error(error)]
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        seen = f"{type(error).__name__}: {error}"
        checks = [
            probe.ask.fail("defect.raised", error=seen, function=where.name, line=where.lineno)
        ]
    if not checks:
        checks = [probe.ask.fail("defect.no_result")]
    seconds = time.monotonic() - started
    return [check if check.seconds else replace(check, seconds=seconds) for check in checks]


def run_side_by_side(
    probes: Sequence[Probe], deadline_seconds: float, workers: int = 16
) -> list[Check]:
    """Run all probes in parallel, and return their checks in the order of the probes.

    A probe without a result after `deadline_seconds` is a failed check (`deadline.passed`), and is
    not waited for: the threads are daemons, which a ThreadPoolExecutor's are not.

    Args:
        workers: Number of threads.
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
        background(work)
    results: dict[int, list[Check]] = {}
    while len(results) < len(probes):
        left = started + deadline_seconds - time.monotonic()
        try:
            index, checks = finished.get(timeout=max(left, 0))
        except queue.Empty:
            break
        results[index] = checks
    return [
        check
        for index, probe in enumerate(probes)
        for check in results.get(index)
        or [
            replace(
                probe.ask.fail("deadline.passed", deadline=deadline_seconds),
                seconds=deadline_seconds,
            )
        ]
    ]


def check_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of the doc fragment `check`."""
    return {
        "deadline": {"type": "float", "default": 60.0},
        "fail_on": FAIL_ON,
    }


def _line(check: Check) -> str:
    said = check.texts
    return (
        f"{check.id}: expected {said['expected']}; seen: {said['seen']}; "
        f"likely cause: {said['cause']}; next: {said['fix']}"
    )


def exit_with(module: AnsibleModule, checks: Sequence[Check], started: float, **more: Any) -> None:
    """End a check module with its checks; the option `fail_on` decides whether it fails.

    Args:
        started: When the module started, by the monotonic clock.
        more: Further facts for the result.
    """
    counts = {status: sum(c.status == status for c in checks) for status in STATUSES}
    result: dict[str, Any] = {
        "changed": False,
        "checks": linked(check.as_data() for check in checks),
        "counts": counts,
        "seconds": round(time.monotonic() - started, 3),
        "asked_from": platform.node(),
        **more,
    }
    failing = FAILING[module.params["fail_on"]]
    wrong = [c for c in checks if c.status in failing]
    if wrong:
        following = {each["id"] for each in result["checks"] if "follows" in each}
        roots = [c for c in wrong if c.id not in following]
        module.fail_json(
            msg=f"{len(wrong)} of {len(checks)} checks failed. " + " | ".join(map(_line, roots)),
            code="checks_failed",
            **result,
        )
    module.exit_json(**result)
