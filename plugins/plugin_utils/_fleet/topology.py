# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reaches whom, and where: addresses, URLs, routes and the CA follow from the groups."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from .inventory import Fleet, is_managed, machine

# Who opens connections to a role's service, and the variable that says where to, if it does not
# follow from the groups.
CONSUMERS = {
    "pushgateway": {"traefik": "traefik_routes", "prometheus": "prometheus_pushgateway_target"},
    "prometheus": {"traefik": "traefik_routes", "grafana": "grafana_prometheus_url"},
    "alertmanager": {
        "traefik": "traefik_routes",
        "prometheus": "prometheus_alertmanager_targets",
        "grafana": "grafana_alertmanager_url",
    },
    "victoriametrics": {
        "prometheus": "prometheus_remote_write_url",
        "collector": "collector_victoriametrics_url",
        "grafana": "grafana_victoriametrics_url",
    },
    "grafana": {"traefik": "traefik_routes"},
    "collector": {"traefik": "traefik_routes"},
    "ping": {"prometheus": "prometheus_ping_targets"},
}
# The listener of a role that has several: its variables and its port inside are named so.
_LISTENER = {"collector": "collector_api", "traefik": "traefik_api"}
# The public name and path of each service of the stack are those of observability_urls.
_ROUTED = ("pushgateway", "prometheus", "alertmanager", "grafana")


def users(fleet: Fleet, host: str, role: str) -> Iterator[tuple[str, str]]:
    """Yield who reaches a role's service on a host from another machine: role and host of each.

    One that the inventory tells where to go is not asked for: its service may be another.
    """
    own = machine(fleet[host])
    for consumer, variable in CONSUMERS.get(role, {}).items():
        for each in fleet.hosts(consumer):
            told = is_managed(fleet[each], consumer) and fleet.is_set(each, variable)
            if machine(fleet[each]) != own and not told:
                yield consumer, each
    if role == "victoriametrics":
        checker = checks_from(fleet, host)
        if checker != "localhost" and machine(fleet[checker]) != own:
            yield "validate", checker
    if role == "traefik":  # all that use its public names
        for consumer in ("collector", "ping", "n8n_exporter"):
            for each in fleet.hosts(consumer):
                if machine(fleet[each]) != own:
                    yield consumer, each


def bind_address(fleet: Fleet, host: str, role: str) -> str:
    """Return the address at which a role's service on a host listens.

    The private one if another machine needs the service. ``observability_bind_address`` wins unless
    it is a loopback address.
    """
    common = str(fleet[host]["observability_bind_address"])
    needed = _is(common, "is_loopback") and next(users(fleet, host, role), None)
    return private_address(fleet[host]) if needed and has_address(fleet, host) else common


def private_address(of: Mapping[str, Any]) -> str:
    """Return the address at which other hosts of the inventory reach a host.

    A name is resolved here, on the controller; one that has not exactly one address stays a name.
    """
    given = str(of["observability_address"])
    found = () if _is(given, "version") else _resolved(given)
    return found[0] if len(found) == 1 else given


@lru_cache
def _resolved(name: str) -> tuple[str, ...]:
    try:
        return tuple({str(each[4][0]) for each in socket.getaddrinfo(name, None, socket.AF_INET)})
    except OSError:
        return ()


def has_address(fleet: Fleet, host: str) -> bool:
    """Return whether a host's address is one to listen on: no name, and public only if so set."""
    address = private_address(fleet[host])
    if not _is(address, "version") or _is(address, "is_loopback"):
        return False
    return not _is(address, "is_global") or fleet.is_set(host, "observability_address")


def reached_at(fleet: Fleet, consumer: str, host: str, role: str) -> str:
    """Return ``host:port`` at which a container on one host reaches a role's service on another.

    On one machine that is the container's name. Empty if the service listens on loopback only.
    """
    of, listener = fleet[host], _LISTENER.get(role, role)
    if machine(of) == machine(fleet[consumer]):
        return f"{of[f'{role}_container_name']}:{of['observability_ports'][listener]}"
    name = f"{listener}_bind_address"
    address = str(of[name if name in of else f"{role}_bind_address"])
    if _is(address, "is_loopback"):
        return ""
    if _is(address, "is_unspecified"):
        address = private_address(of)
    return _joined(address, of[f"{listener}_port"])


def provider(fleet: Fleet, consumer: str, role: str) -> str | None:
    """Return the host whose managed service a host uses: its own machine's, else the first."""
    managed = [each for each in fleet.hosts(role) if is_managed(fleet[each], role)]
    own = machine(fleet[consumer])
    near = [each for each in managed if machine(fleet[each]) == own]
    return next(iter([*near, *managed]), None)


def service_address(fleet: Fleet, consumer: str, role: str) -> str:
    """Return ``host:port`` of the managed service that a host's containers use; empty if none."""
    host = provider(fleet, consumer, role)
    return reached_at(fleet, consumer, host, role) if host else ""


def service_url(fleet: Fleet, consumer: str, role: str, path: str = "") -> str:
    """Return the URL of the managed service that a host's containers use; empty if none."""
    address = service_address(fleet, consumer, role)
    return f"http://{address}{path}" if address else ""


def derives_routes(fleet: Fleet) -> bool:
    """Return whether a managed Traefik takes its routes from the groups."""
    return any(
        is_managed(fleet[host], "traefik") and not fleet.is_set(host, "traefik_routes")
        for host in fleet.hosts("traefik")
    )


def collector_url(fleet: Fleet, host: str) -> str:
    """Return the URL of a collector: its own name if Traefik's routes follow from the groups."""
    of = fleet[host]
    if not derives_routes(fleet):
        return str(of["observability_urls"]["collector"])
    domain, suffix = of["observability_domain"], of["observability_port_suffix"]
    return f"https://api-{of['collector_host']}.{domain}{suffix}"


def routes(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return the routes of the Traefik on a host, in the form of ``traefik_routes``.

    Each leads to a service that it can reach; preflight names the others.
    """
    found = []
    for role in _ROUTED:
        for each in fleet.hosts(role)[:1]:
            of = fleet[each]
            if is_managed(of, role):
                url = str(of["observability_urls"][role])
                found.append(_route(role, url, reached_at(fleet, host, each, role)))
    for each in fleet.hosts("collector"):
        url = str(fleet[each]["collector_url"])
        if url.startswith("https:"):
            address = reached_at(fleet, host, each, "collector")
            found.append(_route(f"collector-{each}", url, address))
    return [route for route in found if route["servers"]]


def _route(name: str, url: str, address: str) -> dict[str, Any]:
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    prefix = {"path_prefix": path, "strip_prefix": True} if path else {}
    servers = [f"http://{address}"] if address else []
    return {"name": name, "host": parts.hostname or "", **prefix, "servers": servers}


def unreachable(fleet: Fleet, host: str) -> Iterator[tuple[str, str, str]]:
    """Yield services of a host that listen on loopback although another machine needs them.

    Yields:
        The role, and role and host of the first that needs it.
    """
    for role in (*CONSUMERS, "traefik"):
        if role not in fleet.managed(host):
            continue
        loopback = _is(str(fleet[host][f"{role}_bind_address"]), "is_loopback")
        needed = loopback and next(users(fleet, host, role), None)
        if needed:
            yield (role, *needed)


def ca_host(fleet: Fleet) -> str | None:
    """Return the host on which the CA of the public names is made, if it is a local one."""
    for host in fleet.hosts("traefik"):
        of = fleet[host]
        if is_managed(of, "traefik") and str(of["traefik_certificate_source"]) == "local":
            return host
    return None


def ca_path(fleet: Fleet, host: str) -> str:
    """Return the path of the CA of the public names; it is the same on each host."""
    if ca_host(fleet) is None:
        return ""
    return f"{fleet[host]['observability_state_directory']}/certificates/ca.crt"


def needs_ca(fleet: Fleet, host: str) -> bool:
    """Return whether a host of another machine lacks the CA of the public names, or has another.

    The digests are those that a deploy has seen; an unknown one counts as another.
    """
    maker = ca_host(fleet)
    if maker is None or not fleet.roles(host) or machine(fleet[maker]) == machine(fleet[host]):
        return False
    own = _ca_digest(fleet[host])
    given = fleet.is_set(host, "observability_ca_path")
    return not given and (own is None or own != _ca_digest(fleet[maker]))


def has_old_ca(fleet: Fleet, host: str) -> bool:
    """Return whether a host has another CA than its maker, as a deploy has seen them both."""
    if not needs_ca(fleet, host) or _ca_digest(fleet[host]) is None:
        return False
    return "files" in (fleet[str(ca_host(fleet))].get("deploy_look") or {})


def _ca_digest(of: Mapping[str, Any]) -> str | None:
    seen = (of.get("deploy_look") or {}).get("files") or {}
    digest: str | None = seen.get(of["observability_ca_path"])
    return digest


def checks_from(fleet: Fleet, host: str) -> str:
    """Return the host that runs the checks; ``localhost`` is the controller.

    ``validate_from`` wins. Otherwise it is a host that has the CA and reaches VictoriaMetrics,
    unless the inventory says how the controller does.
    """
    chosen = fleet[host].get("validate_from")
    if chosen:
        return str(chosen)
    wanted = []
    if not (fleet.is_set(host, "observability_ca_path") or fleet.is_set(host, "validate_ca_path")):
        wanted.append(ca_host(fleet))
    if not fleet.is_set(host, "validate_victoriametrics_url"):
        wanted.append(provider(fleet, host, "victoriametrics"))
    remote = [each for each in wanted if each and machine(fleet[each]) != "localhost"]
    return remote[0] if remote else "localhost"


def storage_url(fleet: Fleet, host: str) -> str:
    """Return the URL of the managed VictoriaMetrics as the host that runs the checks reaches it."""
    storage = provider(fleet, host, "victoriametrics")
    if storage is None:
        return ""
    of, checker = fleet[storage], checks_from(fleet, host)
    near = machine(of) == ("localhost" if checker == "localhost" else machine(fleet[checker]))
    address = str(of["victoriametrics_bind_address"])
    if _is(address, "is_unspecified"):
        address = "127.0.0.1" if near else private_address(of)
    elif _is(address, "is_loopback") and not near:
        return ""
    return f"http://{_joined(address, of['victoriametrics_port'])}"


def names(fleet: Fleet, host: str, inside: bool = True) -> dict[str, str]:
    """Return the public names and the address of the Traefik that serves them, seen from a host.

    Args:
        inside: Seen from a container. On Traefik's own machine Docker tells it the names.
    """
    for each in fleet.hosts("traefik"):
        of = fleet[each]
        if not is_managed(of, "traefik"):
            continue
        near = machine(of) == machine(fleet[host])
        address = str(of["traefik_bind_address"])
        if _is(address, "is_unspecified"):
            address = "127.0.0.1" if near else private_address(of)
        hosts = [] if inside and near else [str(route["host"]) for route in of["traefik_routes"]]
        return dict.fromkeys(hosts, address)
    return {}


def _joined(address: str, port: Any) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _is(address: str, what: str) -> bool:
    try:
        return bool(getattr(ipaddress.ip_address(address), what))
    except ValueError:
        return False
