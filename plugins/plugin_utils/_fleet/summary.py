# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user wants to know at the end of a deploy: where everything is, and what to do next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Union

from ...module_utils._texts.text import Text, text
from .inventory import Fleet
from .receivers import tells_nobody

Row = tuple[Union[str, Text], Union[str, Text]]  # a name, and what is said of it

# Services that people look at in a browser, by their role.
SERVICES = {
    "prometheus": "Prometheus",
    "pushgateway": "Pushgateway",
    "alertmanager": "Alertmanager",
}
COLLECTORS = 6  # that are shown


def addresses(fleet: Fleet, among: Collection[str]) -> Iterator[Row]:
    """Yield where each service is, and whose signature its certificate has.

    Args:
        among: The hosts of this run.
    """
    for role, title in SERVICES.items():
        for host in fleet.hosts(role, among):
            yield title, str(fleet[host][f"{role}_url"])
    for host in fleet.hosts("grafana", among):
        yield "Grafana", _grafana(fleet[host])
    collectors = fleet.hosts("collector", among)
    for host in collectors[:COLLECTORS]:
        yield text("summary.collector", host=host), str(fleet[host]["collector_url"])
    if len(collectors) > COLLECTORS:
        yield "", text("summary.more", n=len(collectors) - COLLECTORS)
    paths = {str(fleet[host]["observability_ca_path"]) for host in among if fleet.roles(host)}
    for path in sorted(paths - {""}):
        yield text("summary.ca"), path


def _grafana(of: Any) -> str | Text:
    url, reason = str(of["grafana_url"]), (of.get("image_left_out") or {}).get("grafana")
    if str(of["grafana_mode"]) != "existing" and reason:
        return text("summary.grafana_left_out", reason=str(reason).strip().splitlines()[0])
    if of["grafana_token"]:
        return url
    return text("summary.grafana_user", url=url, user=str(of["grafana_username"]))


def next_steps(fleet: Fleet, among: Collection[str], deploy: str, drill: str) -> Iterator[Text]:
    """Yield what to do after a deploy.

    Args:
        among: The hosts of this run.
        deploy: The command that deploys.
        drill: The command that drills an alert.
    """
    alertmanagers = [fleet[host] for host in fleet.hosts("alertmanager", among)]
    if any(tells_nobody(of) for of in alertmanagers):
        yield text("summary.next.receiver", command=deploy)
    elif alertmanagers:
        yield text("summary.next.drill", command=drill)
    if fleet.hosts("collector", among):
        yield text("summary.next.rotate")
        yield text("summary.next.host", command=deploy)
