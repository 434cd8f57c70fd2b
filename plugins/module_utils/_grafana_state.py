# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server has, as far as the given sections need it: one list per kind, side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._grafana_api import Grafana
from ansible_collections.vya.observability.plugins.module_utils._grafana_dashboards import (
    dashboards_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_folders import folders_of
from ansible_collections.vya.observability.plugins.module_utils._grafana_notifications import (
    PROVISIONING,
    read_list,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_rules import read_rules

ByKey = dict[str, dict[str, Any]]


@dataclass
class State:
    """Objects by uid or name; what was not needed is empty."""

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


def read_state(grafana: Grafana, sections: Collection[str]) -> State:
    """Read what these sections need."""
    state = State()

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

    needed: dict[Callable[[], None], set[str]] = {
        search: {"folders", "dashboards", "rule_groups"},
        datasources: {"datasources", "dashboards", "rule_groups"},
        rules: {"rule_groups"},
        contact_points: {"contact_points", "notification_policy"},
        policy: {"contact_points", "notification_policy"},
        mute_timings: {"mute_timings", "notification_policy"},
        templates: {"templates"},
    }
    readers = [reader for reader, for_whom in needed.items() if for_whom & set(sections)]
    grafana.side_by_side(lambda reader: reader(), readers)
    return state
