# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of the user's own, which are entries of ``observability_services``."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ...module_utils._docker.ports import Port, read_ports
from .inventory import Fleet, machine


def own_services(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the services of a host as options of ``container_services``.

    One that says nothing about networks joins the network of the collection's services.
    """
    return [_service(v, entry) for entry in v["observability_services"] or ()]


def _service(v: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    service = {name: value for name, value in entry.items() if name != "scrape"}
    release = dict(entry.get("release") or {})
    if not {"networks", "network_mode"} & {*release} and entry.get("state") != "absent":
        release["networks"] = [{"name": v["observability_network"]}]
    return {"state": "present", "config": None, "gated": False, **service, "release": release}


def own_names(v: Mapping[str, Any]) -> list[str]:
    """Return the names of a host's own services that are to run."""
    return [
        str(entry["release"].get("name"))
        for entry in own_services(v)
        if entry["state"] == "present"
    ]


def own_scrapes(fleet: Fleet, host: str) -> dict[str, list[dict[str, Any]]]:
    """Return the own services that are scraped, as target groups of a host's Prometheus, by job."""
    jobs: dict[str, list[dict[str, Any]]] = {}
    for each in fleet.groups["all"]:
        for entry in fleet[each]["observability_services"] or ():
            scrape = entry.get("scrape")
            if not scrape or entry.get("state") == "absent":
                continue
            target = scrape_target(fleet, host, each, entry)
            if target:  # preflight has refused what cannot be reached
                labels = {"host": each, **(scrape.get("labels") or {})}
                group = {"targets": [target], "labels": labels}
                jobs.setdefault(str(scrape["job"]), []).append(group)
    return jobs


def scrape_target(fleet: Fleet, prometheus: str, host: str, entry: Mapping[str, Any]) -> str:
    """Return ``address:port`` at which the Prometheus on one host reaches a service on another.

    Empty if it cannot be derived: the service is published on loopback only, or it is in the
    network of a machine whose address is not known.
    """
    of, release, scrape = fleet[host], entry["release"], entry["scrape"]
    if scrape.get("target"):
        return str(scrape["target"])
    port = int(scrape["port"])
    near = machine(of) == machine(fleet[prometheus])
    if near and "network_mode" not in release:
        return f"{release['name']}:{port}"
    if release.get("network_mode") == "host":
        return _joined(machine(of), port) if machine(of) != "localhost" else ""
    for each in published(release):
        address = ipaddress.ip_address(each.address)
        if each.container == port and not address.is_loopback:
            return _joined(machine(of) if address.is_unspecified else str(address), each.host)
    return ""


def published(release: Mapping[str, Any]) -> list[Port]:
    """Return the ports that a service publishes; those that cannot be read are told elsewhere."""
    found = []
    for each in release.get("ports") or ():
        with suppress(ValueError):
            found += read_ports(each)
    return found


def _joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
