# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of the module grafana_bundle: read, compare, check everything, write, prove."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .._check import STATUSES, Check
from .._http.session import HttpError
from .client import GrafanaError, grafana_for
from .kind import Task
from .plan import carry_out, diff_of, in_order
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
    """The whole of the module."""
    params, clock = module.params, _Clock()
    done: list[str] = []
    result: dict[str, Any] = {"changed": False, "seconds": clock.seconds}
    left_out = {kind.name: "(left out)" for kind in KINDS if not kind.echoed}
    result["invocation"] = {"module_args": {**params, **left_out}}
    task = Task(grafana_for(module), params, KINDS)
    plan, checks = task.plan, list[Check]()
    try:
        _compare(task, clock)
        steps = in_order(plan.steps, NAMES)
        result |= {
            "objects": plan.objects(name for kind in KINDS for name in (kind.name, *kind.parts)),
            "changes": [str(change) for change in plan.changes],
            "version": task.grafana.version_text,
        }
        for warning in plan.warnings + (plan.foreseen if module.check_mode else []):
            module.warn(warning)
        _refuse(task, result)
        result["changed"] = bool(plan.changes)
        if module._diff:
            result["diff"] = [diff_of(change) for change in plan.changes]
        if not module.check_mode:
            told = len(plan.warnings)
            carry_out(steps, done)
            for warning in plan.warnings[told:]:
                module.warn(warning)
            clock.lap("write")
            checks = prove(task)
            clock.lap("prove")
    except (GrafanaError, HttpError) as error:
        left = [s.label for s in plan.steps if s.label not in done] if done else []
        more = f" Written before: {'; '.join(done)}. Not: {'; '.join(left)}." if done else ""
        again = " The next run completes it." if done else " Nothing was written."
        result |= {"changed": bool(done), "requests": task.grafana.requests}
        module.fail_json(msg=f"{error}.{more}{again}", **result)
    result["requests"] = task.grafana.requests
    result["checks"] = [{**asdict(c), "seconds": round(c.seconds, 3)} for c in checks]
    result["counts"] = {status: sum(c.status == status for c in checks) for status in STATUSES}
    failing = {"never": (), "fail": ("fail",), "warn": ("fail", "warn")}[params["fail_on"]]
    wrong = [check for check in checks if check.status in failing]
    if wrong:
        texts = (
            f"{c.id}: expected {c.expected}; seen: {c.seen}; likely cause: {c.cause}; next: {c.fix}"
            for c in wrong
        )
        msg = f"written, but {len(wrong)} of {len(checks)} checks failed. {' | '.join(texts)}"
        module.fail_json(msg=msg, **result)
    module.exit_json(**result)


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
    """Raise GrafanaError when something must not be written."""
    url, most = task.grafana.url, task.options["max_deletions"]
    problems = list(dict.fromkeys(task.plan.problems))
    if problems:
        result["problems"] = problems
        numbered = "; ".join(f"({n}) {problem}" for n, problem in enumerate(problems, 1))
        raise GrafanaError(f"{url}: {len(problems)} problems in the bundle: {numbered}")
    losses = task.plan.losses()
    if len(losses) > most:
        names = ", ".join(f"{change.kind} {change.key}" for change in losses)
        raise GrafanaError(
            f"{url}: expected at most {most} deletions; seen: {len(losses)}: {names}; likely "
            "cause: a section of the bundle came out shorter than meant; next: look at the list, "
            "and raise max_deletions if it is right"
        )
