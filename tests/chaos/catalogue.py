# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of faults, ``faults.yml``: what is broken, how, how it is repaired, and what a
validation has to say of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FAULTS, EVENTS = HERE / "faults.yml", HERE / "events.yml"
# The way of a sample, from its source to a person.
HOPS = (
    *("source", "collector", "database", "dns", "tls", "proxy", "gateway", "scrape", "rule"),
    *("remote write", "store", "alertmanager", "receiver", "container", "file"),
)
TWO = 0.4  # of the rounds have two faults
BAD = ("fail", "warn")


@dataclass(frozen=True)
class Step:
    """Something that is done to the stack, and undone.

    Args:
        do: Shell commands, with the functions of their file before them.
        undo: The same. They may run again, and after a `do` that was cut off.
        functions: The functions of their file.
    """

    name: str
    do: str
    undo: str
    functions: str


@dataclass(frozen=True)
class Fault(Step):
    """A fault.

    Args:
        hop: One of HOPS.
        title: What it is, in English.
        title_pt: The same in Portuguese.
        expected: The checks that tell it (pattern of the id, code). At least one of them is a
            cause; the others may follow from it.
        hides: Hops, or names of faults, that cannot be judged meanwhile.
    """

    hop: str
    title: str
    title_pt: str
    expected: tuple[tuple[str, str], ...]
    hides: tuple[str, ...] = ()

    def tells(self, check: Mapping[str, Any]) -> bool:
        """Whether a check is one of those that tell the fault."""
        return any(meets(check, one) for one in self.expected)

    def apart_from(self, other: Fault) -> bool:
        """Whether both can be judged at one time."""
        hidden = {self.hop, self.name} & {*other.hides} | {other.hop, other.name} & {*self.hides}
        return self.hop != other.hop and not hidden


def meets(check: Mapping[str, Any], expected: tuple[str, str]) -> bool:
    """Whether a check has the expected id and code."""
    pattern, code = expected
    return fnmatchcase(check["id"], pattern) and check["code"] == code


def read_faults(path: Path = FAULTS) -> dict[str, Fault]:
    """All faults, by name."""
    data = yaml.safe_load(path.read_text("utf-8"))
    return {
        name: Fault(
            name,
            one["do"],
            one["undo"],
            data["functions"],
            one["hop"],
            one["title"],
            one["title_pt"],
            tuple(one["expected"].items()),
            tuple(one.get("hides", ())),
        )
        for name, one in data["faults"].items()
    }


def read_events(path: Path = EVENTS) -> dict[str, Step]:
    """What happens to a stack that is well, by name: no fault."""
    data = yaml.safe_load(path.read_text("utf-8"))
    functions = yaml.safe_load(FAULTS.read_text("utf-8"))["functions"]
    return {
        name: Step(name, one["do"], one.get("undo", ""), functions)
        for name, one in data["events"].items()
    }


def draw(faults: Sequence[Fault], rounds: int, seed: int) -> list[tuple[Fault, ...]]:
    """Faults for each round, one or two; each comes once before one comes again."""
    chance = random.Random(seed)  # noqa: S311
    waiting: list[Fault] = []
    drawn: list[tuple[Fault, ...]] = []
    for _round in range(rounds):
        if not waiting:
            waiting = chance.sample(faults, len(faults))
        first = waiting.pop()
        fitting = [each for each in waiting if first.apart_from(each)]
        if fitting and chance.random() < TWO:
            second = fitting[-1]
            waiting.remove(second)
            drawn.append((first, second))
        else:
            drawn.append((first,))
    return drawn


@dataclass(frozen=True)
class Verdict:
    """What a validation says while faults are there.

    Args:
        missed: Expected checks that did not fail.
        causes: Codes of the expected checks that follow from none other.
        others: Others that are accused.
    """

    missed: tuple[str, ...]
    causes: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether all is told, and nothing else."""
        return bool(self.causes) and not self.missed and not self.others


def accused(checks: Iterable[Mapping[str, Any]], known: Iterable[str] = ()) -> list[Any]:
    """The checks that did not pass and follow from no other, without those known before."""
    before = {*known}
    return [
        each
        for each in checks
        if each["status"] in BAD and not each.get("follows") and each["id"] not in before
    ]


def judge(
    faults: Sequence[Fault], checks: Sequence[Mapping[str, Any]], known: Iterable[str] = ()
) -> Verdict:
    """Compare what a validation says with the faults that are there.

    Args:
        checks: Those of its report.
        known: Ids of checks that did not pass before, either.
    """
    bad = [each for each in checks if each["status"] in BAD]
    roots = accused(checks, known)
    missed = [
        f"{pattern}: {code}"
        for fault in faults
        for pattern, code in fault.expected
        if not any(meets(each, (pattern, code)) for each in bad)
    ]
    missed += [f"{fault.name}: no cause" for fault in faults if not any(map(fault.tells, roots))]
    return Verdict(
        tuple(missed),
        tuple(each["code"] for each in roots if any(one.tells(each) for one in faults)),
        tuple(
            f"{each['id']}: {each['code']}"
            for each in roots
            if not any(one.tells(each) for one in faults)
        ),
    )
