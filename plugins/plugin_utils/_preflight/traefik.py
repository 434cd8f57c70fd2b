# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role traefik needs."""

from __future__ import annotations

from collections.abc import Iterator

from . import rules
from .fault import VAULT, Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "traefik_bind_address", "traefik_https_port")
    yield from rules.port(v, "traefik_http_port", lowest=0)
    yield from rules.listens(v, "traefik_api_bind_address", "traefik_api_port", private=True)
    names = ("traefik_acme_server", "traefik_existing_url")
    yield from rules.login(v, "traefik_existing")
    yield from rules.urls(v, *names, optional=names)
    routes = v["traefik_routes"]
    yield from rules.once("traefik_routes", (route["name"] for route in routes))
    for route in routes:
        for server in route["servers"]:
            yield from rules.url(f"traefik_routes[{route['name']}].servers", server)
    source = v["traefik_certificate_source"]
    if source == "acme":
        pattern = "[^@ ]+@[^@ ]+"
        expected = "an e-mail address, for the source acme"
        yield from rules.matches(v, "traefik_acme_email", pattern, expected)
    if source == "files":
        pair = ("traefik_certificate", "traefik_certificate_key")
        for name in pair:
            if not v[name]:
                yield Fault("value.missing", name, "PEM text, for the source files", "empty", VAULT)
        if all(v[name] for name in pair):
            hosts = dict.fromkeys(route["host"] for route in routes)
            chain, key = (str(v[name]) for name in pair)
            yield from rules.certificate(pair[0], chain, key, hosts, v.get(rules.CA_PATH))
