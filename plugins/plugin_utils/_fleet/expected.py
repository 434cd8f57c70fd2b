# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the validation expects, according to the inventory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from ...module_utils._check import Ask
from ...module_utils._release.unwanted import unwanted
from .._alerts.files import GROUPS
from . import plan
from .inventory import DEPLOYED, Fleet, is_managed, truth
from .machines import neighbours
from .own import own_names
from .pushers import collector_job, pipeline_exporters
from .receivers import tells_nobody

# Services that must run. Grafana may be left out, databases exist in the local inventory only.
EXPECTED = (
    "collector",
    "ping",
    "pushgateway",
    "prometheus",
    "alertmanager",
    "victoriametrics",
    "traefik",
    "log_shipper",
)
# Roles with other containers than one of their own name.
PARTS: dict[str, tuple[str, ...]] = {
    "probe_databases": ("probe_databases_postgresql", "probe_databases_mariadb"),
    "n8n_exporter": (),
}
# Groups that have a meaning for this collection.
OURS = (*DEPLOYED, "services", "gate")
# Labels of what a collector pushes from its start: the image's healthcheck is its first request.
_LABELS_AT_START = {
    "target",
    "status",
    "version",
    "revision",
    "endpoint",
    "method",
    "status_code",
}
_COMPARED = ("alert", "record", "expr", "for", "keep_firing_for", "labels")
_NOT_AT_START = ("collector_spool_", "api_request_duration_")


def collector_families(metrics: Sequence[Mapping[str, Any]], databases: bool) -> list[str]:
    """Return the metrics that a collector pushes from its start.

    Args:
        metrics: Metrics of the catalogue.
        databases: Whether it probes any; their metrics exist before one has answered.
    """
    of_collector = [metric for metric in metrics if metric["component"] == "collector"]
    at_start = [
        metric["name"]
        for metric in of_collector
        if metric["path"] == "pushgateway"
        and _LABELS_AT_START.issuperset(metric["labels"])
        and not metric["name"].startswith(_NOT_AT_START)
    ]
    of_databases = [
        metric["name"] for metric in of_collector if metric["labels"] == ["db_type", "database"]
    ]
    return at_start + (of_databases if databases else [])


def pipeline_collectors(
    collectors: Sequence[Mapping[str, Any]], metrics: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return collectors as pipeline_check takes them, from the form of ``validate_collectors``."""
    return [
        {
            "name": each["host"],
            "url": each["url"],
            "keys": each["keys"],
            "job": each.get("job") or collector_job(each["host"], each["region"]),
            "instance": each.get("instance") or each["host"],
            "interval": each.get("interval", 60),
            "victoriametrics": truth(each.get("victoriametrics", True)),
            "families": each.get("families")
            or collector_families(metrics, bool(each.get("databases"))),
        }
        for each in collectors
    ]


def collector_services(collectors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return collectors as service_check takes them."""
    return [
        {
            "name": f"collector {each['host']}",
            "kind": "collector",
            "url": each["url"],
            "host": each.get("instance") or each["host"],
            **{name: each[name] for name in ("databases", "database_hosts") if name in each},
        }
        for each in collectors
    ]


def rule_groups(fleet: Fleet, among: Collection[str] | None = None) -> list[str]:
    """Return the names of the rule groups that the role prometheus writes, if it writes any."""
    for host in fleet.hosts("prometheus"):
        of = fleet[host]
        written = is_managed(of, "prometheus") or of["prometheus_existing_rules_directory"]
        if written and truth(of["prometheus_alerting_rules"]):
            exporters = pipeline_exporters(fleet, among)
            return [f"vya-{group}" for group in GROUPS if group != "n8n" or exporters]
    return []


def deployed_rules(fleet: Fleet) -> list[dict[str, Any]]:
    """Return the rule groups that the role prometheus writes, as far as they are compared."""
    for host in fleet.hosts("prometheus"):
        of = fleet[host]
        managed = is_managed(of, "prometheus")
        if not managed and not of["prometheus_existing_rules_directory"]:
            continue
        every = {"interval": str(of["prometheus_evaluation_interval"])} if managed else {}
        groups = [*of["prometheus_rule_groups"], *chain(*of["prometheus_rules"].values())]
        return [
            {
                "name": group["name"],
                **every,
                **({"interval": str(group["interval"])} if group.get("interval") else {}),
                "rules": [{k: rule[k] for k in _COMPARED if k in rule} for rule in group["rules"]],
            }
            for group in groups
        ]
    return []


def alertmanager(fleet: Fleet) -> dict[str, Any]:
    """Return where Prometheus should send its alerts, and whether somebody should be told."""
    targets = [
        str(target)
        for host in fleet.hosts("prometheus")
        if is_managed(fleet[host], "prometheus")
        for target in fleet[host]["prometheus_alertmanager_targets"]
    ]
    known = [fleet[host] for host in fleet.hosts("alertmanager")]
    return {"targets": targets, "notifies": not any(map(tells_nobody, known))}


def expected_releases(fleet: Fleet, host: str, among: Collection[str]) -> list[str]:
    """Return the containers that must be on a host's machine.

    Args:
        among: The hosts of this run; several may be the same machine.
    """
    return [
        str(fleet[each][f"{role}_container_name"])
        for each in neighbours(fleet, host, among)
        for role in EXPECTED
        if role in fleet.managed(each)
    ] + [name for each in neighbours(fleet, host, among) for name in own_names(fleet[each])]


def wanted_releases(fleet: Fleet, host: str) -> list[str]:
    """Return the names, or shell patterns, of the releases that a host's machine may have.

    An existing service may be a container that a role ran before.
    """
    near = neighbours(fleet, host, fleet.groups["all"])
    return [
        *(
            str(fleet[each][f"{part}_container_name"])
            for each in near
            for role in fleet.roles(each)
            for part in PARTS.get(role, (role,))
        ),
        *(
            str(entry["release"].get("name"))
            for each in near
            for entry in fleet[each]["observability_services"] or ()
        ),
        *(str(name) for each in near for name in fleet[each]["observability_other_releases"] or ()),
    ]


def removed_services(fleet: Fleet, host: str, found: Sequence[str]) -> list[dict[str, Any]]:
    """Return what removes the releases that nobody wants, as container_services takes it.

    Args:
        found: Names of the releases on the host.
    """
    asked = ("remove_volumes", "decommission_remove_volumes")
    release = {"remove_volumes": any(truth(fleet[host].get(name)) for name in asked)}
    return [
        {"state": "absent", "release": {"name": name, **release}}
        for name in unwanted(found, wanted_releases(fleet, host))
    ]


def is_looked_at(fleet: Fleet, host: str) -> bool:
    """Return whether a host that runs nothing may have releases from before.

    One that is only in groups of somebody else's is left alone.
    """
    groups = {name for name, hosts in fleet.groups.items() if host in hosts}
    of_others = {name for name in groups if not name.startswith("deploy_")} - {"all", "ungrouped"}
    return not plan.runs(fleet, host) and (not of_others or not groups.isdisjoint(OURS))


def collector_containers(fleet: Fleet) -> list[str]:
    """Return the names of containers that run the collector's program, each once."""
    return sorted(
        {
            str(fleet[host][f"{role}_container_name"])
            for role in ("collector", "ping")
            for host in fleet.hosts(role)
        }
    )


def lost_host_checks(hosts: Sequence[str]) -> list[dict[str, Any]]:
    """Return a failed check for each host that left the run before its checks."""
    return [Ask("host", host).fail("lost").as_data() for host in hosts]


def stale_group_checks(groups: Sequence[Mapping[str, Any]], removed: bool) -> list[dict[str, Any]]:
    """Return a warning for each group on the gateway that no host owns."""
    checks = []
    for group in groups:
        job = group["labels"]["job"]
        labels = [f"{name}={value}" for name, value in sorted(group["labels"].items())]
        outcome = "left" if job.startswith("collector_api_") else "unknown"
        if removed:
            outcome += ".removed"
        ask = Ask("group", job, labels=labels, age=group["age"])
        checks.append(ask.warn(f"group.{outcome}").as_data())
    return checks
