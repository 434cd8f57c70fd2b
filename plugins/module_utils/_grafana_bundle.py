# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of the module grafana_bundle: read, compare, check everything, write, prove."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ansible_collections.vya.observability.plugins.module_utils._check import STATUSES, Check
from ansible_collections.vya.observability.plugins.module_utils._grafana_api import (
    Grafana,
    GrafanaError,
    grafana_for,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_contact_points import (
    plan_contact_points,
    plan_leftovers,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_dashboard_files import (
    Dashboard,
    load,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_dashboards import (
    check_dashboards,
    leftovers,
    plan_dashboards,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_datasources import (
    Rules,
    normal,
    plan_datasources,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_folders import (
    plan_folders,
    plan_organization,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_notifications import (
    plan_mute_timings,
    plan_policy,
    plan_templates,
    receivers_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_options import SECTIONS
from ansible_collections.vya.observability.plugins.module_utils._grafana_parse import (
    check_expressions,
    new_expressions,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_plan import (
    DATASOURCES,
    Plan,
    Step,
    carry_out,
    diff_of,
    in_order,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_prove import prove
from ansible_collections.vya.observability.plugins.module_utils._grafana_rules import (
    Around,
    plan_rule_groups,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_state import (
    State,
    read_state,
)
from ansible_collections.vya.observability.plugins.module_utils._http import HttpError

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

MESSAGE = "written by vya.observability.grafana_bundle"


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
    grafana = grafana_for(module)
    done: list[str] = []
    result: dict[str, Any] = {"changed": False, "seconds": clock.seconds}
    # What was given may be megabytes, of which nobody needs a copy in the answer.
    result["invocation"] = {"module_args": {**params, "dashboards": "(left out)"}}
    try:
        dashboards, problems = load(params["dashboards"] or [])
        plan, sources = _planned(grafana, params, dashboards, problems, clock)
        clock.lap("compare")
        steps = in_order(plan.steps)
        result |= _told(plan, grafana)
        for warning in plan.warnings:
            module.warn(warning)
        _refuse(grafana, plan, params, result)
        result["changed"] = bool(plan.changes)
        if module._diff:
            result["diff"] = [diff_of(change) for change in plan.changes]
        checks: list[Check] = []
        if not module.check_mode:
            carry_out(steps, done)
            clock.lap("write")
            checks = prove(grafana, params, plan, dashboards, sources)
            clock.lap("prove")
    except (GrafanaError, HttpError) as error:
        left = [s.label for s in plan.steps if s.label not in done] if done else []
        more = f" Written before: {'; '.join(done)}. Not: {'; '.join(left)}." if done else ""
        again = " The next run completes it." if done else " Nothing was written."
        result |= {"changed": bool(done), "requests": grafana.requests}
        module.fail_json(msg=f"{error}.{more}{again}", **result)
    result["requests"] = grafana.requests
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


def _told(plan: Plan, grafana: Grafana) -> dict[str, Any]:
    return {
        "objects": plan.objects(),
        "changes": [str(change) for change in plan.changes],
        "version": grafana.version_text,
    }


def _refuse(
    grafana: Grafana, plan: Plan, params: Mapping[str, Any], result: dict[str, Any]
) -> None:
    """Raise GrafanaError when something must not be written."""
    problems = list(dict.fromkeys(plan.problems))
    if problems:
        result["problems"] = problems
        numbered = "; ".join(f"({n}) {problem}" for n, problem in enumerate(problems, 1))
        raise GrafanaError(f"{grafana.url}: {len(problems)} problems in the bundle: {numbered}")
    deletions = plan.deletions()
    if len(deletions) > params["max_deletions"]:
        names = ", ".join(f"{change.kind} {change.key}" for change in deletions)
        raise GrafanaError(
            f"{grafana.url}: expected at most {params['max_deletions']} deletions; seen: "
            f"{len(deletions)}: {names}; likely cause: a section of the bundle came out shorter "
            "than meant; next: look at the list, and raise max_deletions if it is right"
        )


def _planned(
    grafana: Grafana,
    params: Mapping[str, Any],
    dashboards: list[Dashboard],
    problems: list[str],
    clock: _Clock,
) -> tuple[Plan, dict[str, dict[str, Any]]]:
    """Read, compare, check. Also returns the data sources that there will be."""
    given = {name for name in SECTIONS if params[name] is not None}
    plan = Plan(problems=problems)
    grafana.learn_version()
    state = read_state(grafana, given)
    clock.lap("read")
    if params["organization"] is not None:
        name, rename = params["organization"], params["rename_organization"]
        plan_organization(grafana, plan, name, rename)
    if params["folders"] is not None:
        plan_folders(grafana, plan, params["folders"], state.folders, params["when_no_nesting"])
    folders = {
        **state.folders,
        **{f["uid"]: {**f, "parent_uid": f["parent_uid"] or ""} for f in params["folders"] or []},
    }
    if params["datasources"] is not None:
        rules = Rules(params["mark"], params["prune"], params["rewrite_secrets"])
        plan_datasources(grafana, plan, params["datasources"], state.datasources, rules)
    sources = _sources(plan, params, state)
    if params["dashboards"] is not None:
        hits = dict(state.hits)
        if params["prune"]:
            for uid in leftovers(grafana, plan, dashboards, hits, params["mark"]):
                del hits[uid]
        check_dashboards(grafana, plan, dashboards, hits, folders, sources)
        plan_dashboards(grafana, plan, dashboards, hits, params["mark"], MESSAGE)
    _plan_notifications(grafana, plan, params, state)
    if params["rule_groups"] is not None:
        around = Around(folders, sources)
        plan_rule_groups(grafana, plan, params["rule_groups"], state.rules, around, params)
        _plan_expressions(grafana, plan, params, state)
    return plan, sources


def _sources(plan: Plan, params: Mapping[str, Any], state: State) -> dict[str, dict[str, Any]]:
    """The data sources that there will be, by uid, in the form of the option."""
    gone = {c.key for c in plan.deletions() if c.kind == "datasources"}
    there = {uid: normal(source) for uid, source in state.datasources.items() if uid not in gone}
    return {**there, **{source["uid"]: source for source in params["datasources"] or []}}


def _plan_notifications(
    grafana: Grafana, plan: Plan, params: Mapping[str, Any], state: State
) -> None:
    if params["templates"] is not None:
        plan_templates(grafana, plan, params["templates"], state.templates, params)
    if params["mute_timings"] is not None:
        timings = params["mute_timings"]
        plan_mute_timings(grafana, plan, timings, state.mute_timings, params["provenance"])
    points = params["contact_points"]
    if points is not None:
        plan_contact_points(grafana, plan, points, state.contact_points, params)
        if params["prune"]:
            policy = params["notification_policy"] or state.policy
            used = receivers_of(policy)
            plan_leftovers(grafana, plan, points, state.contact_points, params["mark"], used)
    if params["notification_policy"] is not None:
        gone = {c.key for c in plan.deletions() if c.kind == "contact_points"}
        names = {p["name"] for uid, p in state.contact_points.items() if uid not in gone}
        names |= {point["name"] for point in points or []} | receivers_of(state.policy)
        timings = {*state.mute_timings, *(t["name"] for t in params["mute_timings"] or [])}
        plan_policy(
            grafana,
            plan,
            params["notification_policy"],
            state.policy,
            (names | state.default_receivers, timings),
            params["provenance"],
        )


def _plan_expressions(
    grafana: Grafana, plan: Plan, params: Mapping[str, Any], state: State
) -> None:
    """Have the rules' queries parsed: now, or once the data source has been written."""
    changing = {
        change.key
        for change in plan.changes
        if change.kind == "datasources" and change.action != "deleted"
    }
    wanted = new_expressions(plan, params["rule_groups"])
    types = {uid: str(source.get("type")) for uid, source in state.datasources.items()}
    types |= {source["uid"]: source["type"] for source in params["datasources"] or []}
    now = [e for e in wanted if e.source in state.datasources and e.source not in changing]
    later = [e for e in wanted if e.source in changing]
    problems, warnings = check_expressions(grafana, now, types)
    plan.problems += problems
    plan.warnings += warnings

    def parse_later() -> None:
        found, _unsure = check_expressions(grafana, later, types)
        if found:
            raise GrafanaError("; ".join(found))

    if later:
        label = "have the queries of new data sources parsed"
        plan.steps.append(Step(DATASOURCES, label, parse_later))
