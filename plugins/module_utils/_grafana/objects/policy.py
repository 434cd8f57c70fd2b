# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notification policy, mute timings and templates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..._http.session import HttpError
from ..client import NO_PROVENANCE, Grafana, path_of
from ..options import seconds_of, twice
from ..plan import LEFTOVERS, MESSAGES, POLICY, Change, Plan, Step

PROVISIONING = "/api/v1/provisioning"
MATCHER = re.compile(r'\s*"?([^"=!~\s]+)"?\s*(=~|!~|!=|=)\s*(.*?)\s*', re.DOTALL)
DURATIONS = ("group_wait", "group_interval", "repeat_interval")
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
ANSWERED = (200, 201, 202)


def _provenances(
    grafana: Grafana, option: str, held: Mapping[str, Any] | None, differs: bool
) -> tuple[str, str]:
    """The provenance of a mute timing or template: what it has, and what it will have.

    Servers that give api to all of them do not tell it.
    """
    if not grafana.can_do_without_provenance:
        return "api", "api"
    has = str((held or {}).get("provenance") or "")
    return has, grafana.provenance(option, has if held is not None else None, differs)


def _headers_for(provenance: str) -> dict[str, str]:
    return {} if provenance else NO_PROVENANCE


# --- the policy


def _matchers(route: Mapping[str, Any], problems: list[str]) -> list[list[str]]:
    found = [[str(part) for part in m] for m in route.get("object_matchers") or []]
    for text in route.get("matchers") or []:
        parts = MATCHER.fullmatch(str(text))
        if not parts:
            problems.append(f"matcher {text!r} is not of the form name=value")
            continue
        value = parts[3]
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = json.loads(value)
        found.append([parts[1], parts[2], value])
    for operator, name in (("=", "match"), ("=~", "match_re")):
        found += [[str(k), operator, str(v)] for k, v in (route.get(name) or {}).items()]
    return found


def normal_policy(route: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    """A tree of routes in one form, whatever form its matchers and durations have."""
    left_out = {"matchers", "match", "match_re", "object_matchers", "routes", "provenance"}
    found: dict[str, Any] = {
        key: value
        for key, value in route.items()
        if key not in left_out and value not in (None, [], "", False)
    }
    for key in DURATIONS:
        if key in found:
            seconds = seconds_of(found[key])
            if seconds is None:
                problems.append(f"{key} is {found[key]!r}, not a duration such as 5m")
            found[key] = seconds
    matchers = _matchers(route, problems)
    if matchers:
        found["object_matchers"] = sorted(matchers)
    routes = [normal_policy(below, problems) for below in route.get("routes") or []]
    if routes:
        found["routes"] = routes
    return found


def routes_of(route: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The route and all below it."""
    yield route
    for below in route.get("routes") or []:
        yield from routes_of(below)


def receivers_of(policy: Mapping[str, Any]) -> set[str]:
    """Names of the contact points that a policy uses."""
    return {str(route["receiver"]) for route in routes_of(policy) if route.get("receiver")}


def timings_of(policy: Mapping[str, Any]) -> set[str]:
    """Names of the mute timings that a policy uses."""
    return {
        str(name)
        for route in routes_of(policy)
        for key in ("mute_time_intervals", "active_time_intervals")
        for name in route.get(key) or []
    }


def plan_policy(
    grafana: Grafana,
    plan: Plan,
    wanted: Mapping[str, Any],
    existing: Mapping[str, Any],
    names: tuple[set[str], set[str]],
    provenance: str,
) -> None:
    """Compare the policy. C(names): contact points and mute timings that there will be."""
    receivers, timings = names
    problems: list[str] = []
    after = normal_policy(wanted, problems)
    if not wanted.get("receiver"):
        problems.append("its root has no receiver")
    unknown = receivers_of(wanted) - receivers
    problems += [f"contact point {name!r} does not exist" for name in sorted(unknown)]
    used = timings_of(wanted)
    problems += [f"mute timing {name!r} does not exist" for name in sorted(used - timings)]
    key = ("notification_policy", "policy")
    plan.doubt([key], [f"notification_policy: {problem}" for problem in problems])
    before = normal_policy(existing, [])
    held = str(existing.get("provenance") or "")
    written = grafana.provenance(provenance, held, before != after)
    then, now = {**before, "provenance": held}, {**after, "provenance": written}
    if then == now:
        plan.same("notification_policy", "policy")
        return
    if held not in ("", "api"):
        plan.problems.append(
            f"notification_policy: it differs, and is provisioned by {held}, which alone can "
            "change it"
        )
    plan.changes.append(Change("notification_policy", "updated", "policy", "", then, now))
    body = {key: value for key, value in wanted.items() if key != "provenance"}
    headers = {} if written else NO_PROVENANCE
    path = f"{PROVISIONING}/policies"
    run = partial(grafana.ask, "PUT", path, body, expected=ANSWERED, headers=headers)
    plan.steps.append(Step(POLICY, "write notification policy", run))


# --- mute timings and templates


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {}, "")}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def _check_holder(plan: Plan, what: str, provenance: str) -> None:
    if provenance not in ("", "api"):
        plan.problems.append(
            f"{what}: it differs, and is provisioned by {provenance}, which alone can change it"
        )


def normal_timing(timing: Mapping[str, Any]) -> dict[str, Any]:
    """A mute timing without what the server adds."""
    return {"name": timing["name"], "time_intervals": _without_empty(timing["time_intervals"])}


def plan_mute_timings(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Mapping[str, Any]],
    existing: Mapping[str, Mapping[str, Any]],
    provenance: str,
) -> None:
    """Compare the mute timings. They carry no mark, so none is ever deleted."""
    plan.problems += twice("mute_timings: name", (timing["name"] for timing in wanted))
    for timing in wanted:
        name = str(timing["name"])
        for interval in timing["time_intervals"]:
            clocks = [
                str(times.get(key))
                for times in interval.get("times") or []
                for key in ("start_time", "end_time")
            ]
            wrong = [clock for clock in clocks if not CLOCK.fullmatch(clock)]
            said = "is not a time of day such as 06:30"
            plan.doubt(
                [("mute_timings", name)], [f"mute timing {name}: {c!r} {said}" for c in wrong]
            )
        after = normal_timing(timing)
        held = existing.get(name)
        before = None if held is None else normal_timing(held)
        has, gets = _provenances(grafana, provenance, held, before != after)
        if before == after and has == gets:
            plan.same("mute_timings", name)
            continue
        body = dict(after)
        if grafana.can_do_without_provenance:
            after["provenance"] = gets
            if before is not None:
                before["provenance"] = has
        _check_holder(plan, f"mute timing {name}", has)
        action = "updated" if held else "created"
        plan.changes.append(Change("mute_timings", action, name, "", before, after))
        method, path = "POST", f"{PROVISIONING}/mute-timings"
        if held:
            method, path = "PUT", path_of("v1", "provisioning", "mute-timings", name)
        headers = _headers_for(gets)
        run = partial(grafana.ask, method, path, body, expected=ANSWERED, headers=headers)
        plan.steps.append(Step(MESSAGES, f"write mute timing {name}", run))


def _comment(mark: str) -> str:
    return "{{/* managed by " + mark.replace("*/", "") + " */}}\n"


def normal_template(name: str, text: str, mark: str) -> str:
    """A template without the mark; where it defines nothing, as the server would wrap it."""
    text = text.replace(_comment(mark), "").strip()
    if re.search(r"\{\{-?\s*define\b", text):
        return text
    return '{{ define "' + name + '" }}\n  ' + text + "\n{{ end }}"


def plan_templates(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Mapping[str, Any]],
    existing: Mapping[str, Mapping[str, Any]],
    options: Mapping[str, Any],
) -> None:
    """Compare the templates; the mark is a comment in them."""
    mark = options["mark"]
    plan.problems += twice("templates: name", (template["name"] for template in wanted))
    for template in wanted:
        name = str(template["name"])
        opened, closed = (template["template"].count(sign) for sign in ("{{", "}}"))
        if opened != closed:
            text = f"template {name}: {opened} times {{{{ and {closed} times }}}}"
            plan.doubt([("templates", name)], [text])
        after = normal_template(name, template["template"], mark)
        held = existing.get(name)
        before = None if held is None else normal_template(name, str(held["template"]), mark)
        has, gets = _provenances(grafana, options["provenance"], held, before != after)
        if before == after and has == gets:
            plan.same("templates", name)
            continue
        _check_holder(plan, f"template {name}", has)
        action = "updated" if held else "created"
        then = None if before is None else {"template": before, "provenance": has}
        now = {"template": after, "provenance": gets}
        plan.changes.append(Change("templates", action, name, "", then, now))
        path = path_of("v1", "provisioning", "templates", name)
        body = {"template": _comment(mark) + after}
        headers = _headers_for(gets)
        run = partial(grafana.ask, "PUT", path, body, expected=ANSWERED, headers=headers)
        plan.steps.append(Step(MESSAGES, f"write template {name}", run))
    ours = {template["name"] for template in wanted}
    for name, held in existing.items():
        if options["prune"] and name not in ours and _comment(mark) in str(held["template"]):
            plan.changes.append(Change("templates", "deleted", name, "", {"name": name}))
            path = path_of("v1", "provisioning", "templates", name)
            expected = (200, 202, 204, 404)
            headers = _headers_for(_provenances(grafana, "keep", held, False)[0])
            run = partial(grafana.ask, "DELETE", path, expected=expected, headers=headers)
            plan.steps.append(Step(LEFTOVERS, f"delete template {name}", run))


def read_list(grafana: Grafana, what: str, parse: Callable[[Any], str]) -> dict[str, Any]:
    """The objects below C(/api/v1/provisioning/what), by what C(parse) takes as their key."""
    try:
        answer = grafana.get(f"{PROVISIONING}/{what}")
    except HttpError as error:
        if error.status == 404 and what == "templates":  # some versions: none are there
            return {}
        raise
    return {parse(item): item for item in answer or []}
