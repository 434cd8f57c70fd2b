# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be changed: what the result says about it, and the requests in their order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._failure import Failure
from .problems import Problem, problem

Key = tuple[str, str]  # kind and key of an object
Write = Callable[[], object]
ACTIONS = ("created", "updated", "recreated", "deleted", "unchanged")
VERBS = {"created": "create", "updated": "update", "recreated": "recreate", "deleted": "delete"}


@dataclass(frozen=True)
class Change:
    """An object that differs.

    Attributes:
        action: `created`, `updated`, `recreated` or `deleted`.
        before: Its normal form on the server; None if it does not exist.
        after: Its desired normal form; None if it is deleted.
        secrets: Names of the secrets to write again.
    """

    kind: str
    action: str
    key: str
    title: str
    before: Any = None
    after: Any = None
    secrets: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = self.key if self.title in ("", self.key) else f"{self.key} ({self.title})"
        return f"{VERBS[self.action]} {self.kind} {name}"


@dataclass(frozen=True)
class Step:
    """One write.

    Attributes:
        kind: The type of object with which it is written.
        takes: A name or title that it needs; it waits for the step that frees it.
        frees: A name or title that is free after it.
        last: It comes after the writes of all types, because others referred to its object.
    """

    kind: str
    label: str
    run: Write
    takes: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
    last: bool = False


@dataclass
class Plan:
    """What is to be written, and why not.

    Attributes:
        unchanged: Keys of objects that are already right, by type.
        problems: Why nothing may be written.
        foreseen: Warnings of check mode only.
        doubts: What is wrong with objects; a problem only if one of them is written.
        left: Doubts about objects that are not changed.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, list[str]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    foreseen: list[Problem] = field(default_factory=list)
    doubts: list[tuple[frozenset[Key], Problem]] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)

    def ensure(
        self,
        key: Key,
        what: str,
        before: Any,
        after: Any,
        write: Write,
        *,
        title: str = "",
        secrets: Iterable[str] = (),
        locked: object = "",
        recreate: bool = False,
        takes: tuple[str, ...] = (),
        frees: tuple[str, ...] = (),
    ) -> None:
        """Plan the write of one object, unless it is already right.

        Args:
            key: Its type and its key.
            what: Its name in messages.
            before: Its normal form on the server; None if it does not exist.
            after: Its desired normal form.
            write: Writes it.
            secrets: Names of the secrets that must be written.
            locked: What it is provisioned by, if only that may change it.
            recreate: `write` deletes it first.
            takes: See `Step`.
            frees: See `Step`.
        """
        secrets = tuple(secrets)
        if before == after and not secrets:
            self.same(*key)
            return
        if locked:
            self.problems.append(problem("locked", what, by=locked))
        action = "created" if before is None else "recreated" if recreate else "updated"
        self.changes.append(Change(key[0], action, key[1], title, before, after, secrets))
        self.steps.append(Step(key[0], f"{VERBS[action]} {what}", write, takes, frees))

    def delete(
        self, key: Key, what: str, title: str, before: Any, write: Write, *, last: bool = True
    ) -> None:
        """Plan the deletion of one object, by default after all other writes."""
        self.changes.append(Change(key[0], "deleted", key[1], title, before))
        self.steps.append(Step(key[0], f"delete {what}", write, last=last))

    def doubt(self, keys: Iterable[Key], problems: Iterable[Problem]) -> None:
        """Note what is wrong with objects, which only matters if they are changed."""
        held = frozenset(keys)
        self.doubts += [(held, one) for one in problems]

    def settle(self) -> None:
        """Make each doubt a problem, unless none of its objects is changed."""
        written = {(change.kind, change.key) for change in self.changes}
        for keys, one in self.doubts:
            (self.problems if keys & written else self.left).append(one)
        self.doubts.clear()

    def same(self, kind: str, key: str) -> None:
        """Note an object that is already right."""
        self.unchanged.setdefault(kind, []).append(key)

    def objects(self, kinds: Iterable[str]) -> dict[str, dict[str, list[str]]]:
        """Return keys by type and action; types without objects are missing."""
        found = {}
        for kind in kinds:
            by_action = {action: sorted(self.keys(kind, action)) for action in ACTIONS[:-1]}
            by_action["unchanged"] = sorted(self.unchanged.get(kind, []))
            if any(by_action.values()):
                found[kind] = by_action
        return found

    def keys(self, kind: str, *actions: str) -> set[str]:
        """Return the keys of the objects of a type with one of these actions."""
        return {c.key for c in self.changes if c.kind == kind and c.action in actions}

    def losses(self) -> list[Change]:
        """Return what is deleted, including what is created again."""
        return [c for c in self.changes if c.action in ("deleted", "recreated")]


def _free_first(steps: Sequence[Step]) -> Iterator[Step]:
    """Sort steps so that each name is freed before it is taken."""
    left = list(steps)
    while left:
        held = {step.frees for step in left if step.frees}
        ready = [s for s in left if not s.takes or s.takes not in held or s.takes == s.frees]
        if not ready:
            names = "; ".join(step.label for step in left)
            raise Failure(
                "grafana.names_exchanged",
                f"expected names that can be taken one after the other; seen: {names}, each waits "
                "for a name that another gives up; likely cause: names were exchanged; next: give "
                "one of them a third name for one run",
                steps=[step.label for step in left],
            )
        yield from ready
        left = [step for step in left if step not in ready]


def in_order(steps: Iterable[Step], kinds: Sequence[str]) -> list[Step]:
    """Return the steps in a possible order, type after type.

    Raises:
        Failure: `grafana.names_exchanged`: names are exchanged in a circle.
    """
    phases: dict[tuple[bool, int], list[Step]] = {}
    for step in steps:
        phases.setdefault((step.last, kinds.index(step.kind)), []).append(step)
    return [step for phase in sorted(phases) for step in _free_first(phases[phase])]


def carry_out(steps: Iterable[Step], done: list[str]) -> None:
    """Write, one after the other.

    In parallel, 9.3 with SQLite answers some writes with a 500 that does not name the cause
    ("database is locked"), and SQLite does one at a time anyway.

    Args:
        done: Receives the labels of what was written.

    Raises:
        Failure: The server refuses a write; the value `step` names it.
    """
    for step in steps:
        try:
            step.run()
        except Failure as error:
            values = {**error.values, "step": step.label}
            raise Failure(error.code, f"{step.label}: {error}", **values) from error
        done.append(step.label)


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Return the paths at which two values differ, with both values."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found = []
        for key in sorted({*before, *after}, key=str):
            below = f"{path}.{key}" if path else str(key)
            if key not in before or key not in after:
                found.append((below, before.get(key), after.get(key)))
            else:
                found += differences(before[key], after[key], below)
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            one
            for index, (old, new) in enumerate(zip(before, after))
            for one in differences(old, new, f"{path}[{index}]")
        ]
    return [] if before == after else [(path, before, after)]


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def diff_of(change: Change) -> dict[str, str]:
    """Return a change as an entry of Ansible's diff; an update has only the paths that differ."""
    header = f"{change.kind} {change.key}"
    before = after = ""
    if change.action in ("updated", "recreated"):
        changed = differences(change.before, change.after)
        old, new = ({p: pair[i] for p, *pair in changed} for i in (0, 1))
        for name in change.secrets:
            old[f"secret {name}"], new[f"secret {name}"] = "(hidden)", "(hidden, another value)"
        if change.action == "recreated":
            old["(the object)"], new["(the object)"] = "(kept)", "(deleted and created again)"
        before, after = _text(old), _text(new)
    elif change.action == "created":
        after = _text(change.after)
    else:
        before = _text(change.before)
    return {"before_header": header, "after_header": header, "before": before, "after": after}
