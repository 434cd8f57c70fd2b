# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of faults, and validations of a stack that is well, both on the local stack."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from .catalogue import Fault, Step, Verdict, accused, judge

PROJECT = Path(__file__).parents[2]
DIRECTORY = PROJECT / ".local/chaos"
LOOKS = 3  # validations until a fault is missed, and until the stack is not green
SECONDS = 600  # for a validation
OFFSET = 12.0  # seconds, at most, between what happens and a validation
OTHERS = "vyatest-"  # what other tests run on this machine
Checks = list[dict[str, Any]]


class Guarded:
    """The process that breaks and restores (``guard.py``). It restores when this one ends."""

    def __init__(self, directory: Path = DIRECTORY, *faults: Path) -> None:
        command = [sys.executable, "-m", f"{__package__}.guard", str(directory)]
        self._process = subprocess.Popen(
            [*command, *map(str, faults)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            start_new_session=True,  # neither Ctrl-C nor the end of the terminal reaches it
        )
        self._heard()

    def __enter__(self) -> Guarded:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        if self._process.wait():
            raise SystemExit("not everything was restored: see above")

    def do(self, name: str) -> None:
        """Break."""
        self._say(f"do {name}")

    def undo(self, name: str) -> None:
        """Restore."""
        self._say(f"undo {name}")

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        self._heard()

    def _heard(self) -> None:
        assert self._process.stdout
        answer = self._process.stdout.readline()
        if answer != "\n":
            raise RuntimeError(answer.strip() or "the guard has ended")


class Validation:
    """Runs the validation, in a directory of its own.

    Args:
        directory: For reports and logs.
        arguments: Further ones of ansible-playbook.
    """

    def __init__(self, directory: Path = DIRECTORY, arguments: Sequence[str] = ()) -> None:
        self._directory, self._arguments = directory, arguments
        self._number = itertools.count(1)

    def checks(self) -> Checks:
        """Those of a run."""
        report = self._directory / "reports/validation.json"
        report.unlink(missing_ok=True)
        log = self._directory / f"validation-{next(self._number)}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with (
            log.open("w") as output,
            subprocess.Popen(
                [
                    *(Path(sys.executable).with_name("ansible-playbook"), "-i"),
                    *("inventories/local", "vya.observability.validate"),
                    *("-e", f"validate_report_directory={report.parent}"),
                    *("-e", '{"validate_report_formats": ["json"], "validate_publish": false}'),
                    *self._arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                start_new_session=True,
            ) as playbook,
        ):
            try:
                playbook.wait(SECONDS)
            except subprocess.TimeoutExpired:
                raise RuntimeError(f"not done within {SECONDS} s: see {log}") from None
            finally:
                # Ansible's workers outlive it.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(playbook.pid, signal.SIGKILL)
        if not report.exists():
            raise RuntimeError(f"no report: see {log}")
        found: Checks = json.loads(report.read_text("utf-8"))["checks"]
        report.replace(log.with_suffix(".json"))
        return [each for each in found if OTHERS not in each["id"]]


@dataclass
class Round:
    """A round, and what came of it.

    Args:
        seen: Seconds until all of it was told; None if it was not.
        green: Seconds until a validation passed again; None if none did.
        after: What the first validation after the repair still accuses.
    """

    faults: Sequence[Fault]
    verdict: Verdict
    seen: float | None
    green: float | None
    after: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return self.verdict.right and self.green is not None and not self.after


def begun(checks: Checks, seconds: float) -> Checks:
    """The checks without that of alerts, if all of these have fired for longer: they are right,
    but of an earlier round.
    """

    def is_old(check: Mapping[str, Any]) -> bool:
        alerts = check["values"].get("alerts", ()) if check["id"] == "alerts" else ()
        return bool(alerts) and all(one["values"].get("seconds", 0.0) > seconds for one in alerts)

    return [each for each in checks if not is_old(each)]


def told(validation: Validation, known: Iterable[str]) -> list[str]:
    """What a validation accuses; or why there is none."""
    try:
        return [f"{each['id']}: {each['code']}" for each in accused(validation.checks(), known)]
    except RuntimeError as error:
        return [str(error)]


def play(
    guarded: Guarded, validation: Validation, faults: Sequence[Fault], known: set[str]
) -> Round:
    """Bring the faults about, look until they are told, undo them, look until all is well."""
    started, seen = time.monotonic(), None
    others: list[str] = []
    verdict = Verdict((), (), ())
    try:
        for fault in faults:
            guarded.do(fault.name)
        for _look in range(LOOKS):
            checks = validation.checks()
            verdict = judge(faults, begun(checks, time.monotonic() - started), known)
            others += [each for each in verdict.others if each not in others]
            if not verdict.missed:
                seen = time.monotonic() - started
                break
        # A wrong accusation is one, also if it is taken back.
        verdict = replace(verdict, others=tuple(others))
    except RuntimeError as error:
        verdict = Verdict((str(error),), (), ())
    for fault in reversed(faults):
        guarded.undo(fault.name)
    repaired, green = time.monotonic(), None
    after: list[str] = []
    for look in range(LOOKS):
        # An alert looks back further than this does: it fires for some minutes more, and is right.
        left = told(validation, known | {"alerts"})
        after = left if not look else after
        if not left:
            green = time.monotonic() - repaired
            break
    return Round(faults, verdict, seen, green, after)


def well(validation: Validation) -> set[str]:
    """Ids of the checks that warn on the stack as it is; it ends if one fails."""
    found = accused(validation.checks())
    failed = [f"{each['id']}: {each['code']}" for each in found if each["status"] == "fail"]
    if failed:
        raise SystemExit(f"the stack is not well, so nothing is broken: {'; '.join(failed)}")
    for each in found:
        print(f"known before: {each['id']}: {each['code']}")
    return {each["id"] for each in found}


COLUMNS = (
    *("fault", "caught", "cause", "others accused"),
    *("s until seen", "s until green", "accused after it"),
)


def row(one: Round) -> list[str]:
    """A round as cells of the table."""

    def seconds(of: float | None) -> str:
        return "never" if of is None else f"{of:.0f}"

    verdict = one.verdict
    return [
        " + ".join(fault.name for fault in one.faults),
        "yes" if not verdict.missed else f"no: {'; '.join(verdict.missed)}",
        ", ".join(dict.fromkeys(verdict.causes)) or "none",
        "; ".join(verdict.others) or "none",
        seconds(one.seen),
        seconds(one.green),
        "; ".join(one.after) or "none",
    ]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def chaos(
    guarded: Guarded, validation: Validation, drawn: Sequence[Sequence[Fault]]
) -> list[Round]:
    """All rounds, with the table as it grows, and the sum."""
    known = well(validation)
    print(line(COLUMNS), line("---" for _each in COLUMNS), sep="\n", flush=True)
    rounds = []
    for faults in drawn:
        rounds.append(play(guarded, validation, faults, known))
        print(line(row(rounds[-1])), flush=True)
    count = sum(len(one.faults) for one in rounds)
    caught = sum(len(one.faults) for one in rounds if not one.verdict.missed)
    right = sum(len(one.faults) for one in rounds if one.verdict.right)
    others = sum(len(one.verdict.others) + len(one.after) for one in rounds)
    print(f"\n{len(rounds)} rounds: {count} faults brought about, {caught} caught,", end=" ")
    print(f"{right} with the right cause and no other; {others} other accusations")
    return rounds


# --- the quiet test


@dataclass
class Quiet:
    """A validation while something happens that is no fault.

    Args:
        offset: Seconds from the beginning of what happens to that of the validation.
        accusations: Those of it, and of the one at the same time.
        failed: What went wrong with what happens itself.
    """

    event: str
    offset: float
    accusations: list[str]
    failed: str = ""


def happening(
    guarded: Guarded, validations: Sequence[Validation], event: Step, offset: float, known: set[str]
) -> Quiet:
    """Let something happen, and validate meanwhile."""
    failed: list[str] = []

    def happen() -> None:
        try:
            guarded.do(event.name)
            guarded.undo(event.name)
        except RuntimeError as error:
            failed.append(str(error))

    found: list[str] = []

    def look(validation: Validation) -> None:
        found.extend(told(validation, known))

    happens = threading.Thread(target=happen)
    happens.start()
    time.sleep(offset)
    looks = [threading.Thread(target=look, args=(each,)) for each in validations]
    for each in looks:
        each.start()
    for each in (*looks, happens):
        each.join()
    return Quiet(event.name, offset, sorted({*found}), "".join(failed))


def quiet(
    guarded: Guarded,
    validations: Sequence[Validation],
    events: Mapping[str, Step],
    runs: int,
    seed: int,
) -> list[Quiet]:
    """Validations of a stack that is well, while things happen that are no faults.

    Args:
        validations: Two: the second one runs at the same time as the first, now and then.
        runs: How many validations.
    """
    known = well(validations[0])
    chance, done, results = random.Random(seed), 0, []  # noqa: S311
    waiting: list[Step] = []
    print(line(("event", "s before it", "validations", "accusations")))
    print(line(["---"] * 4), flush=True)
    while done < runs:
        if not waiting:
            waiting = chance.sample([*events.values()], len(events))
        count = 2 if chance.random() < 0.2 else 1
        one = happening(
            guarded, validations[:count], waiting.pop(), chance.uniform(0, OFFSET), known
        )
        done += count
        results.append(one)
        said = "; ".join([*one.accusations, *([f"({one.failed})"] if one.failed else [])])
        print(line([one.event, f"{one.offset:.0f}", str(count), said or "none"]), flush=True)
    cried = sum(len(one.accusations) for one in results)
    print(f"\n{done} validations, {len(results)} events: {cried} accusations")
    for event, count in Counter(one.event for one in results if one.accusations).items():
        print(f"  {event}: {count}")
    return results
