# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module grafana_bundle: read, compare, check everything, write, prove."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._check import Check, exit_with
from .._failure import Failure, fail
from .._http.answer import understood
from .client import grafana_for
from .kind import Task
from .plan import carry_out, diff_of, in_order
from .problems import Problem, refused
from .prove import prove
from .registry import KINDS, NAMES

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class _Clock:
    def __init__(self) -> None:
        self._last = self._start = time.monotonic()
        self.seconds: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self.seconds["total"] = round(now - self._start, 3)
        self._last = now


def run_module(module: AnsibleModule) -> None:
    """Run the module `grafana_bundle`."""
    params, clock = module.params, _Clock()
    done: list[str] = []
    result: dict[str, Any] = {"changed": False, "seconds": clock.seconds, "notes": []}
    left_out = {kind.name: "(left out)" for kind in KINDS if not kind.echoed}
    result["invocation"] = {"module_args": {**params, **left_out}}
    task = Task(grafana_for(module), params, KINDS)
    plan, checks = task.plan, list[Check]()
    try:
        with understood(task.grafana.url):
            _compare(task, clock)
        steps = in_order(plan.steps, NAMES)
        result |= {
            "objects": plan.objects(name for kind in KINDS for name in (kind.name, *kind.parts)),
            "changes": [str(change) for change in plan.changes],
            "version": task.grafana.version_text,
        }
        noted = [*plan.warnings, *(plan.foreseen if module.check_mode else [])]
        _warn(module, result, noted, plan.left)
        _refuse(task, result)
        result["changed"] = bool(plan.changes)
        if module._diff:
            result["diff"] = [diff_of(change) for change in plan.changes]
        if not module.check_mode:
            told = len(plan.warnings)
            with understood(task.grafana.url):
                carry_out(steps, done)
            _warn(module, result, plan.warnings[told:])
            clock.lap("write")
            with understood(task.grafana.url):
                checks = prove(task)
            clock.lap("prove")
    except Failure as error:
        left = [s.label for s in plan.steps if s.label not in done] if done else []
        more = f" Written before: {'; '.join(done)}. Not: {'; '.join(left)}." if done else ""
        again = " The next run completes it." if done else " Nothing was written."
        if done and error.code == "http.encoded_path":
            again = ""
        values = {**error.values, "written": done, "left": left}
        result |= {"changed": bool(done), "requests": task.grafana.requests}
        fail(module, Failure(error.code, f"{error}.{more}{again}", **values), **result)
    exit_with(module, checks, 0.0, requests=task.grafana.requests, **result)


def _warn(
    module: AnsibleModule,
    result: dict[str, Any],
    noted: Iterable[Problem],
    left: Iterable[Problem] = (),
) -> None:
    """Warn, and add the warnings' codes to the result."""
    for one in noted:
        module.warn(str(one))
    for one in left:
        module.warn(f"unchanged, so it is left as it is: {one}")
    result["notes"] += [one.as_data() for one in (*noted, *left)]


def _compare(task: Task, clock: _Clock) -> None:
    """Read what the server has, compare, check, and plan."""
    task.grafana.learn_version()
    kinds = task.kinds_given()
    task.state.read(reader for kind in kinds for reader in kind.reads)
    clock.lap("read")
    for kind in kinds:
        kind.plan(task)
    task.plan.settle()
    clock.lap("compare")


def _refuse(task: Task, result: dict[str, Any]) -> None:
    """Fail if something must not be written."""
    url, most, losses = task.grafana.url, task.options["max_deletions"], task.plan.losses()
    if task.plan.problems:
        failure = refused(task.plan.problems)
        result["problems"] = [one["message"] for one in failure.values["problems"]]
        raise Failure(failure.code, f"{url}: {failure}", **failure.values)
    if len(losses) > most:
        names = [f"{change.kind} {change.key}" for change in losses]
        raise Failure(
            "grafana.too_many_deletions",
            f"{url}: expected at most {most} deletions; seen: {len(names)}: {', '.join(names)}; "
            "likely cause: a section of the bundle came out shorter than meant; next: look at the "
            "list, and raise max_deletions if it is right",
            most=most,
            deletions=names,
        )
