# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be changed: what the task says of it, and the requests that do it, in their order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._http.session import HttpError
from .client import GrafanaError

Key = tuple[str, str]  # kind and key of an object
KINDS = (
    "organization",
    "folders",
    "datasources",
    "dashboards",
    "templates",
    "mute_timings",
    "contact_points",
    "notification_policy",
    "rule_groups",
    "rules",
)
ACTIONS = ("created", "updated", "recreated", "deleted", "unchanged")
# Phases of writing: what others refer to first, and what they referred to last.
ORGANIZATION, FOLDERS, DATASOURCES, ROOM, DASHBOARDS, MESSAGES, POLICY, RULES, LEFTOVERS = range(9)
VERBS = {
    "created": "create",
    "updated": "update",
    "recreated": "delete and make anew",
    "deleted": "delete",
}


@dataclass(frozen=True)
class Change:
    """One object that differs, in normal form; None is an object that is not there."""

    kind: str
    action: str
    key: str
    title: str
    before: Any = None
    after: Any = None
    secrets: tuple[str, ...] = ()  # names of those that are written anew

    def __str__(self) -> str:
        name = self.key if self.title in ("", self.key) else f"{self.key} ({self.title})"
        return f"{VERBS[self.action]} {self.kind} {name}"


@dataclass(frozen=True)
class Step:
    """One write. It waits for the one that frees the name (or title) that it takes."""

    phase: int
    label: str
    run: Callable[[], object]
    takes: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()


@dataclass
class Plan:
    """All of it. C(problems): why nothing of it may be written."""

    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, list[str]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    foreseen: list[str] = field(default_factory=list)  # warnings of check mode alone
    # What is wrong with objects, by kind and key: a problem only if one of them is to be written.
    doubts: list[tuple[frozenset[Key], str]] = field(default_factory=list)

    def doubt(self, keys: Iterable[Key], texts: Iterable[str]) -> None:
        """Note what is wrong with objects, which does not matter while they stay as they are."""
        held = frozenset(keys)
        self.doubts += [(held, text) for text in texts]

    def settle(self) -> None:
        """Make each doubt a problem, or a warning where all it is about stays as it is."""
        written = {(change.kind, change.key) for change in self.changes}
        for keys, text in self.doubts:
            if keys & written:
                self.problems.append(text)
            else:
                self.warnings.append(f"unchanged, so it is left as it is: {text}")
        self.doubts.clear()

    def same(self, kind: str, key: str) -> None:
        """Note an object that is as it should be."""
        self.unchanged.setdefault(kind, []).append(key)

    def objects(self) -> dict[str, dict[str, list[str]]]:
        """Keys by kind and action."""
        found: dict[str, dict[str, list[str]]] = {}
        for kind in KINDS:
            by_action = {
                action: sorted(c.key for c in self.changes if (c.kind, c.action) == (kind, action))
                for action in ACTIONS[:-1]
            }
            by_action["unchanged"] = sorted(self.unchanged.get(kind, []))
            if any(by_action.values()):
                found[kind] = by_action
        return found

    def deletions(self) -> list[Change]:
        """What would be deleted, for good."""
        return [change for change in self.changes if change.action == "deleted"]

    def losses(self) -> list[Change]:
        """What would be deleted, for good or to be made anew."""
        return [c for c in self.changes if c.action in ("deleted", "recreated")]


def _free_first(steps: Sequence[Step]) -> Iterator[Step]:
    """Steps in an order in which each name is freed before it is taken."""
    left = list(steps)
    while left:
        held = {step.frees for step in left if step.frees}
        ready = [s for s in left if not s.takes or s.takes not in held or s.takes == s.frees]
        if not ready:
            names = "; ".join(step.label for step in left)
            raise GrafanaError(
                f"expected names that can be taken one after the other; seen: {names}, each waits "
                "for a name that another gives up; likely cause: names were exchanged; next: give "
                "one of them a third name for one run"
            )
        yield from ready
        left = [step for step in left if step not in ready]


def in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps as they can be made. Raises GrafanaError when names are exchanged in a circle."""
    by_phase: dict[int, list[Step]] = {}
    for step in steps:
        by_phase.setdefault(step.phase, []).append(step)
    return [step for phase in sorted(by_phase) for step in _free_first(by_phase[phase])]


def carry_out(steps: Iterable[Step], done: list[str]) -> None:
    """Write. C(done) receives the labels of what was written. Raises GrafanaError.

    One after the other: side by side, 9.3 with its SQLite answers some writes with a 500 that
    does not name the cause ("database is locked"); and SQLite does one at a time anyway.
    """
    for step in steps:
        try:
            step.run()
        except HttpError as error:
            raise GrafanaError(f"{step.label}: {error}") from error
        done.append(step.label)


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Paths at which two values differ, with both values."""
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
    """A change in Ansible's form: of an update only what differs, by its path."""
    header = f"{change.kind} {change.key}"
    before = after = ""
    if change.action in ("updated", "recreated"):
        changed = differences(change.before, change.after)
        old, new = ({p: pair[i] for p, *pair in changed} for i in (0, 1))
        for name in change.secrets:
            old[f"secret {name}"], new[f"secret {name}"] = "(hidden)", "(hidden, another value)"
        if change.action == "recreated":
            old["(the object)"], new["(the object)"] = "(kept)", "(deleted and made anew)"
        before, after = _text(old), _text(new)
    elif change.action == "created":
        after = _text(change.after)
    else:
        before = _text(change.before)
    return {"before_header": header, "after_header": header, "before": before, "after": after}
