# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on a real server, and its removal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[..., Any]
V1 = "/api/v1/provisioning"

# In the order in which they can be deleted: the path of the list, the key, the path of one.
KINDS = (
    ("/api/annotations?limit=5000&type=annotation", "id", "/api/annotations/{}"),
    ("/api/search?type=dash-db&limit=5000", "uid", "/api/dashboards/uid/{}"),
    (f"{V1}/contact-points", "uid", f"{V1}/contact-points/{{}}"),
    (f"{V1}/mute-timings", "name", f"{V1}/mute-timings/{{}}"),
    (f"{V1}/templates", "name", f"{V1}/templates/{{}}"),
    ("/api/datasources", "uid", "/api/datasources/uid/{}"),
    ("/api/search?type=dash-folder&limit=5000", "uid", "/api/folders/{}?forceDeleteRules=true"),
)


def _rules(ask: Ask) -> set[str]:
    reply = ask("GET", "/api/ruler/grafana/api/v1/rules")
    groups = [group for folder in reply.json().values() for group in folder]
    return {rule["grafana_alert"]["uid"] for group in groups for rule in group["rules"]}


def present(ask: Ask) -> dict[str, set[str]]:
    """The keys of all there is."""
    # 12.4 gives null for no templates.
    lists = {one: (key, ask("GET", path).json() or []) for path, key, one in KINDS}
    found = {one: {str(each[key]) for each in items} for one, (key, items) in lists.items()}
    return {**found, f"{V1}/alert-rules/{{}}": _rules(ask)}


def empty(ask: Ask, before: dict[str, set[str]]) -> None:
    """Remove what was not there before, and the policy tree when contact points were added."""
    now = present(ask)
    added = {one: now[one] - before[one] for one in now}
    if any(added[path] for path in (KINDS[2][2], KINDS[3][2])):
        ask("DELETE", f"{V1}/policies")
    for one in (f"{V1}/alert-rules/{{}}", *(kind[2] for kind in KINDS)):
        for key in added[one]:
            reply = ask("DELETE", one.format(key))
            assert reply.ok or reply.status_code == 404, f"{one} {key}: {reply.text}"
