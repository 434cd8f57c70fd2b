# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A type of object (Kind), and one run of a module with all types (Task)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._check import Check
from .client import Grafana
from .plan import Key, Plan
from .problems import Problem
from .queries.run import Query
from .state import State


class Task:
    """One run of a module.

    Attributes:
        options: The module's options.
        kinds: All types of objects, in the order in which they are written.
        state: What the server has.
        plan: What is wrong, and what to write.
    """

    def __init__(
        self, grafana: Grafana, options: Mapping[str, Any], kinds: tuple[Kind, ...]
    ) -> None:
        self.grafana = grafana
        self.options = options
        self.kinds = kinds
        self.state = State(grafana)
        self.plan = Plan()
        self._given = {
            kind.name: kind.load(options[kind.name], self.plan.problems)
            for kind in kinds
            if options.get(kind.name) is not None
        }

    @property
    def mark(self) -> str:
        """The mark that identifies the objects of this bundle."""
        return str(self.options["mark"])

    def given(self, name: str) -> Any:
        """Return the objects of a kind in the bundle; empty if its option is not given."""
        return self._given.get(name, ())

    def kinds_given(self) -> list[Kind]:
        """Return the kinds whose option is given."""
        return [kind for kind in self.kinds if kind.name in self._given]


@dataclass
class Proof:
    """What to prove on the server: data sources by uid, and panels by their queries.

    Attributes:
        checks: Of what needs no question.
    """

    sources: list[str] = field(default_factory=list)
    panels: list[list[Query]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


def _as_given(value: Any, _problems: list[Problem]) -> Any:
    return value


def _no_users(_task: Task) -> Iterable[tuple[Key, str]]:
    return ()


def _no_proof(_task: Task, _changed: Collection[str] | None) -> Proof:
    return Proof()


def _no_files(_value: Any, _directory: Path) -> dict[Path, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """A type of object. Each is defined in its file in objects/.

    Attributes:
        name: The option that holds its objects, and their key in `objects` and in an export.
        option: Argument spec of that option.
        plan: Compares the option with the server, checks it, and plans the writes.
        export: Returns all objects of the server in the form of the option.
        reads: The lists of the server that `plan` and `export` need in any case.
        settings: Argument spec of options that say how to handle its objects.
        parts: Other keys of `objects` under which its changes are listed.
        echoed: Whether the result repeats the given objects.
        load: Turns the option's value into what `Task.given` returns; gets a list for problems.
        users: Which objects (kind and name) its objects will refer to, and who does.
        proof: What to prove of the objects with these keys; None means all of them.
        files: Which parts of its export are files of their own; replaces them by their paths.
    """

    name: str
    option: Mapping[str, Any]
    plan: Callable[[Task], None]
    export: Callable[[Task], Any]
    reads: tuple[Callable[[Grafana], Any], ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    echoed: bool = True
    load: Callable[[Any, list[Problem]], Any] = _as_given
    users: Callable[[Task], Iterable[tuple[Key, str]]] = _no_users
    proof: Callable[[Task, Collection[str] | None], Proof] = _no_proof
    files: Callable[[Any, Path], dict[Path, Any]] = _no_files
