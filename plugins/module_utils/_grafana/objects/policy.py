# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notification policy: one tree of routes, compared in a normal form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..client import Grafana
from ..kind import Kind, Task
from ..options import seconds_of
from ..plan import Key
from ..problems import Problem, Sentences
from ..provisioning import PROVISIONING, ensure, request
from . import contact_points, mute_timings

problem = Sentences(
    policy_no_receiver="its root route has no receiver",
    policy_matcher="matcher {matcher!r} is not of the form name=value",
)

MATCHER = re.compile(
    r'\s*(?:"((?:[^"\\]|\\.)+)"|([^"=!~\s]+))\s*(=~|!~|!=|=)\s*(.*?)\s*', re.DOTALL
)
BRACES = re.compile(r"\s*\{(.*)\}\s*", re.DOTALL)
# A comma that is in no quoted text.
COMMA = re.compile(r',(?=(?:[^"\\]|\\.|"(?:\\.|[^"\\])*")*\Z)', re.DOTALL)
# Before other letters, a backslash stays.
ESCAPED = re.compile(r'\\([n"\\])')
DURATIONS = ("group_wait", "group_interval", "repeat_interval")
KEY = ("notification_policy", "policy")
WHAT = "notification policy"


def read(grafana: Grafana) -> dict[str, Any]:
    """Return the notification policy of the server.

    Source: Grafana HTTP API, GET /api/v1/provisioning/policies.
    """
    found: dict[str, Any] = grafana.get(f"{PROVISIONING}/policies")
    return found


def _matchers(route: Mapping[str, Any], problems: list[Problem]) -> list[list[str]]:
    found = [[str(part) for part in m] for m in route.get("object_matchers") or []]
    for text in route.get("matchers") or []:
        several = [MATCHER.fullmatch(one) for one in _listed(str(text))]
        for parts in several:
            if not parts:
                problems.append(problem("policy_matcher", WHAT, matcher=text))
                continue
            name, value = parts[2] or _unescaped(parts[1]), parts[4]
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = _unescaped(value[1:-1])
            found.append([name, parts[3], value])
    for operator, name in (("=", "match"), ("=~", "match_re")):
        found += [[str(k), operator, str(v)] for k, v in (route.get(name) or {}).items()]
    return found


def _listed(text: str) -> list[str]:
    """Return the matchers of a text: it may be a list, in braces or not, as `{a="b", c="d"}`."""
    inner = BRACES.sub(r"\1", text)
    listed = [one for one in COMMA.split(inner) if one.strip()]
    return listed if listed and all(map(MATCHER.fullmatch, listed)) else [text]


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def normal(route: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return a tree of routes in normal form: matchers and durations are written in one way.

    Args:
        problems: Receives what is wrong with it.
    """
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
                invalid = problem("duration_invalid", WHAT, field=key, value=found[key])
                problems.append(invalid)
            found[key] = seconds
    matchers = _matchers(route, problems)
    if matchers:
        found["object_matchers"] = sorted(matchers)
    routes = [normal(below, problems) for below in route.get("routes") or []]
    if routes:
        found["routes"] = routes
    return found


def routes_of(route: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the route and all routes below it."""
    yield route
    for below in route.get("routes") or []:
        yield from routes_of(below)


def receivers_of(policy: Mapping[str, Any]) -> set[str]:
    """Return the names of the contact points that a policy uses."""
    return {str(route["receiver"]) for route in routes_of(policy) if route.get("receiver")}


def timings_of(policy: Mapping[str, Any]) -> set[str]:
    """Return the names of the mute timings that a policy uses."""
    return {
        str(name)
        for route in routes_of(policy)
        for key in ("mute_time_intervals", "active_time_intervals")
        for name in route.get(key) or []
    }


def plan(task: Task) -> None:
    """Compare the policy, and what it refers to."""
    wanted, existing = task.given("notification_policy"), task.state.of(read)
    problems: list[Problem] = []
    after, before = normal(wanted, problems), normal(existing, [])
    if not wanted.get("receiver"):
        problems.append(problem("policy_no_receiver", WHAT))
    receivers = receivers_of(wanted) - contact_points.there(task) - receivers_of(existing)
    problems += [problem("receiver_unknown", WHAT, name=name) for name in sorted(receivers)]
    timings = timings_of(wanted)
    if timings:
        timings -= mute_timings.there(task)
    problems += [problem("timing_unknown", WHAT, name=name) for name in sorted(timings)]
    task.plan.doubt([KEY], problems)
    body = _untold(wanted)
    write = partial(request, task.grafana, "PUT", ("policies",), body)
    ensure(task, KEY, WHAT, existing, before, after, write)


def users(task: Task) -> Iterable[tuple[Key, str]]:
    """Yield the contact points that the policy will use."""
    wanted = task.given("notification_policy") or task.state.of(read)
    for name in receivers_of(wanted):
        yield ("contact_points", name), f"the {WHAT}"


def _untold(policy: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in policy.items() if key != "provenance"}


KIND = Kind(
    name="notification_policy",
    option={"type": "dict"},
    reads=(read, contact_points.read),
    plan=plan,
    export=lambda task: _untold(task.state.of(read)),
    users=users,
)
