# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reaches whom, and where: addresses, URLs, routes and the CA follow from the groups."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.parsing.convert_bool import boolean

from .._variables import entry
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
# Each of these is reached, of the others only the one that a consumer uses.
_EACH = ("collector", "ping")
# Services that refuse who has no credentials, or only lead to others.
_CLOSED = ("collector", "traefik")
# Variables that say what the controller needs for the checks, or where it listens.
_FROM_CONTROLLER = (
    "observability_ca_path",
    "validate_ca_path",
    "validate_victoriametrics_url",
)
# The listener of a role that has several: its variables and its port inside are named so.
_LISTENER = {"collector": "collector_api", "traefik": "traefik_api"}
_ADDRESSES = ("observability_address", "ansible_host", "inventory_hostname")
# The public name and path of each service of the stack are those of observability_urls.
_ROUTED = ("pushgateway", "prometheus", "alertmanager", "grafana")
# Those that are used at their public URL, whoever is beside them.
_PUBLIC = ("pushgateway", "prometheus", "grafana")
# Groups of which a fleet uses one service.
ONE_OF = (*_ROUTED, "victoriametrics", "traefik")


def users(fleet: Fleet, host: str, role: str) -> Iterator[tuple[str, str]]:
    """Yield who reaches a role's service on a host from another machine: role and host of each.

    Only those that the collection tells to go there: none that the inventory sends elsewhere, and
    none that exists already, whose settings are its own.
    """
    own = machine(fleet[host])
    for consumer, variable in CONSUMERS.get(role, {}).items():
        for each in fleet.hosts(consumer):
            if machine(fleet[each]) == own or not is_managed(fleet[each], consumer):
                continue
            if fleet.is_set(each, variable):
                continue
            if role == "victoriametrics" and fleet[each].get("observability_storage_write_url"):
                continue  # another store takes its place
            if role in _EACH or provider(fleet, each, role) == host:
                yield consumer, each
    if role == "victoriametrics":
        checker = checks_from(fleet, host)
        if checker != "localhost" and machine(fleet[checker]) != own:
            yield "validate", checker
    if role == "traefik" and derives_routes(fleet):  # those that use its public names
        yield from _callers(fleet, own)


def _callers(fleet: Fleet, own: str) -> Iterator[tuple[str, str]]:
    for consumer in ("collector", "ping", "grafana"):
        for each in fleet.hosts(consumer):
            asks = consumer != "grafana" or not is_managed(fleet[each], consumer)
            if asks and machine(fleet[each]) != own:
                yield consumer, each
    # Their containers are in another network than Traefik, also on its machine.
    yield from (("n8n_exporter", each) for each in fleet.hosts("n8n_exporter"))


def bind_address(fleet: Fleet, host: str, role: str) -> str:
    """Return the address at which a role's service on a host listens.

    The private one if another machine needs the service; people need the names of a Traefik that is
    not on the controller. ``observability_bind_address`` wins unless it is a loopback address.
    """
    of = fleet[host]
    common = str(of["observability_bind_address"])
    if not _is(common, "is_loopback"):
        return common
    people = role == "traefik" and derives_routes(fleet) and machine(of) != "localhost"
    needed = people or next(users(fleet, host, role), None)
    return private_address(of) if needed and has_address(fleet, host, role) else common


def private_address(of: Mapping[str, Any]) -> str:
    """Return the address at which other hosts of the inventory reach a host.

    A name is resolved here, on the controller; one that has not exactly one address of IPv4, or
    else of IPv6, stays a name.
    """
    given = str(of["observability_address"])
    found = () if _is(given, "version") else _resolved(given)
    short = [each for each in found if ":" not in each] or found
    return short[0] if len(short) == 1 else given


@lru_cache
def _resolved(name: str) -> tuple[str, ...]:
    try:
        return tuple({str(each[4][0]) for each in socket.getaddrinfo(name, None)})
    except OSError:
        return ()


def has_address(fleet: Fleet, host: str, role: str) -> bool:
    """Return whether a role's service may listen at a host's address.

    A public one only if it is set, and only for what asks for credentials. One of a link means
    nothing without the name of an interface.
    """
    address = private_address(fleet[host])
    if not _is(address, "version"):
        return False
    if any(_is(address, what) for what in ("is_loopback", "is_link_local", "is_unspecified")):
        return False
    public = role in _CLOSED and fleet.is_set(host, "observability_address")
    return public or not _is(address, "is_global")


def reached_at(fleet: Fleet, consumer: str, host: str, role: str) -> str:
    """Return ``host:port`` at which a container on one host reaches a role's service on another.

    On one machine that is the container's name. Empty if the service listens on loopback only.
    """
    of, listener = fleet[host], _LISTENER.get(role, role)
    if machine(of) == machine(fleet[consumer]):
        return f"{of[f'{role}_container_name']}:{entry(of, 'observability_ports', listener)}"
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


def gateway_scrape(fleet: Fleet, consumer: str) -> dict[str, str]:
    """Return `target`, `scheme` and `path` at which the Prometheus on a host scrapes the gateway.

    That of an existing gateway follows from its URL, if one is set that a container can use.
    """
    of = fleet[consumer]
    port = entry(of, "observability_ports", "pushgateway")
    address = service_address(fleet, consumer, "pushgateway") or f"pushgateway:{port}"
    for host in (
        fleet.hosts("pushgateway") if provider(fleet, consumer, "pushgateway") is None else ()
    ):
        given = any(fleet.is_set(host, name) for name in ("pushgateway_url", "observability_urls"))
        url = urlsplit(str(fleet[host]["pushgateway_url"]))
        near = url.hostname in (None, "localhost") or _is(str(url.hostname), "is_loopback")
        if given and not near and not fleet.is_set(consumer, "prometheus_pushgateway_target"):
            target = _joined(str(url.hostname), url.port or (443 if url.scheme == "https" else 80))
            path = f"{url.path.rstrip('/')}/metrics"
            return {"target": target, "scheme": url.scheme, "path": path}
    return {"target": address, "scheme": "http", "path": "/metrics"}


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
        return str(entry(of, "observability_urls", "collector"))
    domain, suffix = of["observability_domain"], of["observability_port_suffix"]
    return f"https://api-{of['collector_host']}.{domain}{suffix}"


def routes(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return the routes of the Traefik on a host, in the form of ``traefik_routes``.

    Each leads to a service that it can reach; preflight names the others.
    """
    found: list[dict[str, Any]] = []
    for role in _ROUTED:
        each = provider(fleet, host, role)
        url = fleet[each]["observability_urls"].get(role) if each else None
        if each and url:
            found.append(_route(role, str(url), reached_at(fleet, host, each, role)))
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


def sent_to(fleet: Fleet, host: str, role: str) -> str | None:
    """Return the host and the variable that send a consumer to a service of a host, if one does."""
    of = fleet[host]
    port = of[f"{_LISTENER.get(role, role)}_port"]
    places = {_joined(str(of[name]), port) for name in _ADDRESSES if name in of}
    for consumer, variable in CONSUMERS.get(role, {}).items():
        for each in fleet.hosts(consumer):
            if machine(fleet[each]) == machine(of) or not fleet.is_set(each, variable):
                continue
            if places & {urlsplit(url).netloc or url for url in _urls(fleet[each][variable])}:
                return f"{variable} of {each}"
    return None


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _urls(value.get("servers") or ())
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _urls(each)


def used_instead(fleet: Fleet, host: str, role: str) -> str | None:
    """Return the host whose service of a role is used in place of this one's, which nobody uses.

    A second one is used if it is beside who uses it, or if a variable leads to it.
    """
    managed = [each for each in fleet.hosts(role) if is_managed(fleet[each], role)]
    first = managed[0] if managed else host
    if host not in managed or machine(fleet[first]) == machine(fleet[host]):
        return None
    if role == "traefik":
        told = fleet.is_set(host, "traefik_routes")
    else:
        consumers = set(CONSUMERS[role]) - {"traefik"} if role not in _PUBLIC else ()
        told = bool(
            sent_to(fleet, host, role)
            or (role in _ROUTED and fleet[host][f"{role}_url"] != fleet[first][f"{role}_url"])
            or any(
                is_managed(fleet[each], consumer) and provider(fleet, each, role) == host
                for consumer in consumers
                for each in fleet.hosts(consumer)
            )
        )
    return None if told else first


def ca_host(fleet: Fleet) -> str | None:
    """Return the host on which the CA of the public names is made, if it is a local one."""
    return next(iter(ca_hosts(fleet)), None)


def ca_hosts(fleet: Fleet) -> list[str]:
    """Return the hosts that make a CA of the public names, one of each machine."""
    found: dict[str, str] = {}
    for host in fleet.hosts("traefik"):
        of = fleet[host]
        if is_managed(of, "traefik") and str(of["traefik_certificate_source"]) == "local":
            found.setdefault(machine(of), host)
    return list(found.values())


def ca_path(fleet: Fleet, host: str) -> str:
    """Return the path of the CA of the public names on a host; empty if no local one signs them.

    A copy is not where a Traefik of that host would make its own.
    """
    maker = ca_host(fleet)
    if maker is None:
        return ""
    if machine(fleet[maker]) == machine(fleet[host]):
        return f"{fleet[maker]['observability_state_directory']}/certificates/ca.crt"
    return f"{fleet[host]['observability_state_directory']}/trusted/ca.crt"


def checks_ca_path(fleet: Fleet, host: str) -> str:
    """Return the path of the CA on the host that runs the checks."""
    if fleet.is_set(host, "observability_ca_path"):
        return str(fleet[host]["observability_ca_path"])
    checker, maker = checks_from(fleet, host), ca_host(fleet)
    if checker != "localhost":
        known = any(checker in hosts for hosts in fleet.groups.values())
        return ca_path(fleet, checker) if known else ""
    here = maker is not None and machine(fleet[maker]) == "localhost"
    return ca_path(fleet, str(maker)) if here else ""


def needs_ca(fleet: Fleet, host: str) -> bool:
    """Return whether a host of another machine lacks the CA of the public names, or has another.

    The digests are those that a deploy has seen; an unknown one counts as another.
    """
    maker = ca_host(fleet)
    if maker is None or not _trusts_ca(fleet, host):
        return False
    own = _ca_digest(fleet[host])
    other = own is None or own != _ca_digest(fleet[maker]) or is_ca_replaced(fleet)
    return other and machine(fleet[maker]) != machine(fleet[host])


def has_old_ca(fleet: Fleet, host: str) -> bool:
    """Return whether a host has another CA than its maker will have, as a deploy has seen both."""
    replaced = is_ca_replaced(fleet) and _trusts_ca(fleet, host)
    if not (replaced or needs_ca(fleet, host)) or _ca_digest(fleet[host]) is None:
        return False
    return "files" in (fleet[str(ca_host(fleet))].get("deploy_look") or {})


def is_ca_replaced(fleet: Fleet) -> bool:
    """Return whether this run gives the CA of the public names a new key."""
    maker = ca_host(fleet)
    return maker is not None and boolean(fleet[maker].get("traefik_replace_ca", False))


def _trusts_ca(fleet: Fleet, host: str) -> bool:
    return bool(fleet.roles(host)) and not fleet.is_set(host, "observability_ca_path")


def _ca_digest(of: Mapping[str, Any]) -> str | None:
    seen = (of.get("deploy_look") or {}).get("files") or {}
    digest: str | None = seen.get(of["observability_ca_path"])
    return digest


def checks_from(fleet: Fleet, host: str) -> str:
    """Return the host that runs the checks; ``localhost`` is the controller.

    ``validate_from`` wins. Otherwise it is a host that has the CA and reaches VictoriaMetrics, if
    the routes follow from the groups and no variable says how the controller does.
    """
    chosen = fleet[host].get("validate_from")
    if chosen:
        return str(chosen)
    if not derives_routes(fleet) or any(fleet.is_set(host, name) for name in _FROM_CONTROLLER):
        return "localhost"
    wanted = (ca_host(fleet), provider(fleet, host, "victoriametrics"))
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
        address = _loopback(address) if near else private_address(of)
    if not near and (_is(address, "is_loopback") or not derives_routes(fleet)):
        return ""  # nobody says that it can be reached
    return f"http://{_joined(address, of['victoriametrics_port'])}"


def names(
    fleet: Fleet, host: str, seen_from: str = "container", urls: Sequence[str] | None = None
) -> dict[str, str]:
    """Return public names and the address of the Traefik that serves them.

    Args:
        seen_from: `container`, which Docker tells the names on Traefik's own machine; `bridge`, a
            container of another network; or `host`.
        urls: Only the names in these, so that one more elsewhere is no change; None for all.
    """
    for each in fleet.hosts("traefik"):
        of = fleet[each]
        if not is_managed(of, "traefik"):
            continue
        near = machine(of) == machine(fleet[host])
        if near and seen_from == "container":
            return {}
        address = str(of["traefik_bind_address"])
        if _is(address, "is_unspecified"):
            here = near and seen_from == "host"
            address = _loopback(address) if here else private_address(of)
        return dict.fromkeys(sorted(_served(of, urls)), address)
    return {}


def _served(of: Mapping[str, Any], urls: Sequence[str] | None) -> set[str]:
    """Return the names that a Traefik serves, as far as they are in the URLs."""
    if urls is not None:
        asked = {urlsplit(str(url)).hostname or "" for url in urls}
        # Most are names of the stack, which need not look at each collector.
        stack = {urlsplit(str(url)).hostname or "" for url in of["observability_urls"].values()}
        if asked <= {"", *stack}:
            return asked - {""}
    served = {str(route["host"]) for route in of["traefik_routes"]}
    return served if urls is None else served & asked


def _loopback(unspecified: str) -> str:
    return "::1" if ":" in unspecified else "127.0.0.1"


def _joined(address: str, port: Any) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _is(address: str, what: str) -> bool:
    try:
        return bool(getattr(ipaddress.ip_address(address), what))
    except ValueError:
        return False
