# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where alerts go: contact points, policy, mute timings, templates, and who uses which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .client import Grafana
from .objects.contact_points import leftovers as leftover_points
from .objects.contact_points import plan_contact_points, plan_leftovers
from .objects.policy import plan_mute_timings, plan_policy, plan_templates, receivers_of
from .objects.rule import carries_mark, sends_to
from .plan import Plan
from .state import State, read_state


def receivers_there(plan: Plan, params: Mapping[str, Any], state: State) -> set[str]:
    """Names of the contact points that there will be."""
    gone = {c.key for c in plan.deletions() if c.kind == "contact_points"}
    names = {str(p["name"]) for uid, p in state.contact_points.items() if uid not in gone}
    names |= {str(point["name"]) for point in params["contact_points"] or []}
    return names | state.default_receivers


def timings_there(params: Mapping[str, Any], state: State) -> set[str]:
    """Names of the mute timings that there will be."""
    return {*state.mute_timings, *(str(t["name"]) for t in params["mute_timings"] or [])}


def plan_notifications(
    grafana: Grafana, plan: Plan, params: Mapping[str, Any], state: State
) -> None:
    """Compare templates, mute timings, contact points and the policy."""
    if params["templates"] is not None:
        plan_templates(grafana, plan, params["templates"], state.templates, params)
    if params["mute_timings"] is not None:
        timings = params["mute_timings"]
        plan_mute_timings(grafana, plan, timings, state.mute_timings, params["provenance"])
    points = params["contact_points"]
    if points is not None:
        plan_contact_points(grafana, plan, points, state.contact_points, params)
        gone = leftover_points(points, state.contact_points, params["mark"])
        if gone and params["prune"]:
            read_state(grafana, {"policy", "rules"} - state.read, state)
            stay = {p["name"] for uid, p in state.contact_points.items() if uid not in gone}
            stay |= {point["name"] for point in points}
            plan_leftovers(grafana, plan, gone, stay, _users(params, state))
    if params["notification_policy"] is not None:
        names = receivers_there(plan, params, state) | receivers_of(state.policy)
        plan_policy(
            grafana,
            plan,
            params["notification_policy"],
            state.policy,
            (names, timings_there(params, state)),
            params["provenance"],
        )


def _users(params: Mapping[str, Any], state: State) -> dict[str, str]:
    """Names of contact points that will be in use, and by what."""
    rules = dict(state.rules)
    for group in params["rule_groups"] or []:
        rules |= {str(rule.get("uid")): rule for rule in group["rules"]}
    if params["rule_groups"] is not None and params["prune"]:
        rules = {
            uid: rule
            for uid, rule in rules.items()
            if rule is not state.rules.get(uid) or not carries_mark(rule, params["mark"])
        }
    used = {sends_to(rule)[0]: f"rule {rule.get('title')!r}" for rule in rules.values()}
    policy = params["notification_policy"] or state.policy
    return {**used, **dict.fromkeys(receivers_of(policy), "the notification policy")}
