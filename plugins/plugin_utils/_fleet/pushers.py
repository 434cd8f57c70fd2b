# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who pushes what: collectors, exporters of n8n, and their groups on the gateway."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .inventory import Fleet, truth

# Jobs of the validation and of drills; each removes its own groups.
TRANSIENT_JOBS = ("roundtrip_check", "(collector_api_)?drill_.+")
# What a validation publishes stays until the next run.
VALIDATION_JOB = "validation"
EXPORTER_FAMILIES = ("n8n_exporter_run_success", "n8n_exporter_last_success_timestamp_seconds")
_EVERY_MINUTES = re.compile(r"[*]/([0-9]+) ")


def collector_job(host: str, region: str) -> str:
    """Return the label `job` of a collector's group, as the collector itself builds it."""
    return f"collector_api_{host}_{region}"


def collector_group(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of a collector's group on the gateway."""
    host = str(variables["collector_host"])
    job = collector_job(host, str(variables["collector_region"]))
    return {"job": job, "instance": host}


def collector_groups(fleet: Fleet) -> list[dict[str, str]]:
    """Return the group of each collector of the inventory."""
    return [collector_group(fleet[host]) for host in fleet.hosts("collector")]


def collector(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return one collector in the form of ``validate_collectors``. Its keys are secrets."""
    return {
        "host": str(variables["collector_host"]),
        "region": str(variables["collector_region"]),
        "url": variables["collector_url"],
        "keys": variables["collector_api_keys"],
        "interval": variables["collector_pushgateway_interval_seconds"],
        "databases": [database["name"] for database in variables["collector_databases"] or ()],
        "database_hosts": {
            database["name"]: str(database["host"])
            for database in variables["collector_databases"] or ()
            if database.get("host")
        },
        "victoriametrics": bool(
            variables["collector_victoriametrics_url"]
            or (variables.get("collector_settings") or {}).get("victoriametrics")
        ),
    }


def slowest_push(fleet: Fleet) -> int:
    """Return the seconds between two pushes of the slowest collector."""
    name = "collector_pushgateway_interval_seconds"
    return max((int(float(fleet[host][name])) for host in fleet.hosts("collector")), default=60)


def n8n_exporters(fleet: Fleet) -> list[dict[str, str]]:
    """Return the labels of the exporters of n8n that push to the gateway."""
    return [
        {"instance": str(fleet[host]["n8n_exporter_host"]), "exporter": str(exporter)}
        for host in _hosts_with_exporters(fleet)
        for exporter in fleet[host]["n8n_exporter_exporters"]
    ]


def pipeline_exporters(fleet: Fleet, among: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Return the exporters of these hosts as the module pipeline_check takes them."""
    return [
        {
            "name": f"n8n_{exporter} {host}",
            "job": f"n8n_{exporter}",
            "instance": str(fleet[host]["n8n_exporter_host"]),
            "interval": _cron_seconds(str(fleet[host]["n8n_exporter_schedule"])),
            "families": list(EXPORTER_FAMILIES),
        }
        for host in _hosts_with_exporters(fleet, among)
        for exporter in fleet[host]["n8n_exporter_exporters"]
    ]


def log_hosts(fleet: Fleet, among: Collection[str] | None = None) -> list[str]:
    """Return the labels `host` of the lines that the log shippers send."""
    return [str(fleet[host]["log_shipper_host"]) for host in fleet.hosts("log_shipper", among)]


def validations(fleet: Fleet) -> list[str]:
    """Return the labels `instance` under which validations of this inventory are published."""
    return sorted(
        {
            str(fleet[host]["validate_publish_instance"])
            for hosts in fleet.groups.values()
            for host in hosts
            if truth(fleet[host].get("validate_publish"))
        }
    )


def owned_groups(fleet: Fleet) -> list[dict[str, str]]:
    """Return the labels of each group on the gateway that a host of the inventory owns."""
    return collector_groups(fleet) + [
        {"job": f"n8n_{each['exporter']}", "instance": each["instance"]}
        for each in n8n_exporters(fleet)
    ]


def known_jobs(
    fleet: Fleet, others: Sequence[str] = (), among: Collection[str] | None = None
) -> list[str]:
    """Return regular expressions for known jobs on the gateway.

    Args:
        others: Expressions for the user's own jobs.
        among: The hosts of this run. Exporters of other hosts are known, too.
    """
    outside = [host for host in fleet.hosts("n8n_exporter") if among and host not in among]
    return [
        *TRANSIENT_JOBS,
        VALIDATION_JOB,
        *others,
        *(["n8n_(executions|nodes)"] if outside else []),
        *(re.escape(group["job"]) for group in collector_groups(fleet)),
    ]


def stale_groups(
    fleet: Fleet, found: Sequence[dict[str, Any]], others: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return the gateway's groups that nobody owns.

    Args:
        found: Groups as pushgateway_group_info returns them.
        others: Expressions for jobs that belong there.
    """
    owned = owned_groups(fleet)
    known = re.compile("|".join(f"(?:{job})" for job in (*TRANSIENT_JOBS, VALIDATION_JOB, *others)))
    return [
        group
        for group in found
        if group["labels"] not in owned and not known.fullmatch(group["labels"].get("job", ""))
    ]


def _hosts_with_exporters(fleet: Fleet, among: Collection[str] | None = None) -> list[str]:
    """Return the hosts whose exporters push to the gateway, not to VictoriaMetrics."""
    return [
        host
        for host in fleet.hosts("n8n_exporter", among)
        if not fleet[host]["n8n_exporter_victoriametrics_url"]
    ]


def _cron_seconds(schedule: str) -> int:
    """Return the seconds between two runs; an hour if the minutes are no plain step."""
    found = _EVERY_MINUTES.match(schedule)
    return 60 * (int(found.group(1)) if found else 60)
