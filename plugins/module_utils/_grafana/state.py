# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server has, as far as it is needed: one list per kind, side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from .client import Grafana
from .objects.dashboards import dashboards_of
from .objects.folders import folders_of
from .objects.policy import PROVISIONING, read_list, timings_of
from .objects.rule import sends_to
from .objects.rule_groups import read_rules

ByKey = dict[str, dict[str, Any]]


@dataclass
class State:
    """Objects by uid or name; what was not read is empty."""

    folders: dict[str, dict[str, str]] = field(default_factory=dict)
    hits: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # dashboards, as searched
    datasources: ByKey = field(default_factory=dict)
    rules: ByKey = field(default_factory=dict)
    contact_points: ByKey = field(default_factory=dict)
    # Names that the list of contact points does not tell, such as that of the server's default.
    default_receivers: set[str] = field(default_factory=set)
    policy: dict[str, Any] = field(default_factory=dict)
    mute_timings: ByKey = field(default_factory=dict)
    templates: ByKey = field(default_factory=dict)
    read: set[str] = field(default_factory=set)  # the lists that were read


# What each section needs to be read, or compared at all.
LISTS: dict[str, set[str]] = {
    "organization": set(),
    "folders": {"search"},
    "datasources": {"datasources"},
    "dashboards": {"search", "datasources"},
    "rule_groups": {"search", "datasources", "rules"},
    "contact_points": {"contact_points"},
    "notification_policy": {"policy", "contact_points"},
    "mute_timings": {"mute_timings"},
    "templates": {"templates"},
}


def lists_of(sections: Collection[str]) -> set[str]:
    """The lists that these sections need."""
    return {name for section in sections for name in LISTS[section]}


def lists_for(params: Mapping[str, Any]) -> set[str]:
    """The lists that a bundle needs: with what its policy and its rules refer to."""
    rules = [rule for group in params["rule_groups"] or [] for rule in group["rules"]]
    sending = any(rule.get("notification_settings") for rule in rules)
    muting = timings_of(params["notification_policy"] or {}) or any(sends_to(r)[1] for r in rules)
    return {
        *lists_of([name for name in LISTS if params[name] is not None]),
        *(["contact_points"] if sending else []),
        *(["mute_timings"] if muting else []),
    }


def read_state(grafana: Grafana, lists: Collection[str], state: State | None = None) -> State:
    """Read these lists, into C(state) if one is given."""
    state = State() if state is None else state
    state.read.update(lists)

    def search() -> None:
        hits = grafana.search()
        state.folders, state.hits = folders_of(hits), dashboards_of(hits)

    def datasources() -> None:
        state.datasources = {str(d["uid"]): d for d in grafana.get("/api/datasources")}

    def rules() -> None:
        state.rules = read_rules(grafana)

    def contact_points() -> None:
        points = grafana.get(f"{PROVISIONING}/contact-points")
        state.contact_points = {str(point["uid"]): point for point in points if point.get("uid")}
        if any(not point.get("uid") for point in points):
            state.default_receivers = {"grafana-default-email"}

    def policy() -> None:
        state.policy = grafana.get(f"{PROVISIONING}/policies")

    def mute_timings() -> None:
        state.mute_timings = read_list(grafana, "mute-timings", lambda item: str(item["name"]))

    def templates() -> None:
        state.templates = read_list(grafana, "templates", lambda item: str(item["name"]))

    readers = (search, datasources, rules, contact_points, policy, mute_timings, templates)
    asked = [reader for reader in readers if reader.__name__ in lists]
    grafana.side_by_side(lambda reader: reader(), asked)
    return state
