# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of the module grafana_bundle: read, compare, check everything, write, prove."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .._check import STATUSES, Check
from .._http.session import HttpError
from .client import Grafana, GrafanaError, grafana_for
from .notifications import plan_notifications, receivers_there, timings_there
from .objects.dashboard_files import Dashboard, load
from .objects.dashboards import check_dashboards, leftovers, plan_dashboards
from .objects.datasources import Rules, normal, plan_datasources
from .objects.folders import plan_folders, plan_organization
from .objects.rule_groups import Around, plan_rule_groups
from .plan import DATASOURCES, Plan, Step, carry_out, diff_of, in_order
from .prove import prove
from .queries.parse import Parsers, check_expressions, new_expressions
from .state import State, lists_for, read_state

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
    # What was given may be megabytes, of which nobody needs a copy in the answer; and a setting of
    # a contact point may be a secret though it is not given as one.
    left_out = dict.fromkeys(("dashboards", "contact_points"), "(left out)")
    result["invocation"] = {"module_args": {**params, **left_out}}
    try:
        dashboards, problems = load(params["dashboards"] or [])
        plan, sources = _planned(grafana, params, dashboards, problems, clock)
        clock.lap("compare")
        steps = in_order(plan.steps)
        result |= _told(plan, grafana)
        for warning in plan.warnings + (plan.foreseen if module.check_mode else []):
            module.warn(warning)
        _refuse(grafana, plan, params, result)
        result["changed"] = bool(plan.changes)
        if module._diff:
            result["diff"] = [diff_of(change) for change in plan.changes]
        checks: list[Check] = []
        if not module.check_mode:
            told = len(plan.warnings)
            carry_out(steps, done)
            for warning in plan.warnings[told:]:
                module.warn(warning)
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
    deletions = plan.losses()
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
    plan = Plan(problems=problems)
    grafana.learn_version()
    state = read_state(grafana, lists_for(params))
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
    present = _present(plan, state)
    sources = {**present, **{source["uid"]: source for source in params["datasources"] or []}}
    if params["dashboards"] is not None:
        hits = dict(state.hits)
        if params["prune"]:
            for uid in leftovers(grafana, plan, dashboards, hits, params["mark"]):
                del hits[uid]
        now = {uid: normal(source) for uid, source in state.datasources.items()}
        check_dashboards(grafana, plan, dashboards, hits, folders, (sources, now))
        plan_dashboards(grafana, plan, dashboards, hits, params["mark"], MESSAGE)
    plan_notifications(grafana, plan, params, state)
    if params["rule_groups"] is not None:
        around = _around(plan, params, state, folders, sources)
        plan_rule_groups(grafana, plan, params["rule_groups"], state.rules, around, params)
        _plan_expressions(grafana, plan, params, sources, present)
    plan.settle()
    return plan, sources


def _present(plan: Plan, state: State) -> dict[str, dict[str, Any]]:
    """The data sources that are on the server and stay there, by uid, in the form of the option."""
    gone = {c.key for c in plan.deletions() if c.kind == "datasources"}
    return {uid: normal(source) for uid, source in state.datasources.items() if uid not in gone}


def _around(
    plan: Plan,
    params: Mapping[str, Any],
    state: State,
    folders: Mapping[str, Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
) -> Around:
    """What rules may refer to."""
    receivers, timings = receivers_there(plan, params, state), timings_there(params, state)
    return Around(folders, sources, state.datasources, receivers, timings)


def _plan_expressions(
    grafana: Grafana,
    plan: Plan,
    params: Mapping[str, Any],
    sources: Mapping[str, dict[str, Any]],
    present: Mapping[str, dict[str, Any]],
) -> None:
    """Have the rules' queries parsed: now, or once the data source has been written."""
    wanted = new_expressions(plan, params["rule_groups"])
    known = [e for e in wanted if e.source in sources]
    problems, unsure = check_expressions(grafana, known, Parsers(sources, present))
    plan.problems += problems
    changing = {c.key for c in plan.changes if c.kind == "datasources" and c.action != "deleted"}
    later = [e for e in known if e.source in unsure and e.source in changing]
    said = "queries of data source {} could not be parsed beforehand: {}"
    for source, reason in sorted(unsure.items()):
        text = said.format(source, reason)
        if source in changing:
            plan.foreseen.append(f"{text}; each is parsed once that is written")
        else:
            plan.warnings.append(text)

    def parse_later() -> None:
        found, still = check_expressions(grafana, later, Parsers(sources, sources))
        if found:
            raise GrafanaError("; ".join(found))
        plan.warnings.extend(said.format(source, still[source]) for source in sorted(still))

    if later:
        label = "have the queries of new data sources parsed"
        plan.steps.append(Step(DATASOURCES, label, parse_later))
