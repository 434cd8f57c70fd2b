# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where services listen, which of them are in each other's way, and which images they need."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet import machines

from .fleets import fleet

TRAEFIK = {
    "traefik_bind_address": "0.0.0.0",
    "traefik_https_port": "443",
    "traefik_http_port": 0,
    "traefik_api_bind_address": "127.0.0.1",
    "traefik_api_port": 8081,
    "traefik_retries": 3,
}
GATEWAY = {"pushgateway_bind_address": "127.0.0.1", "pushgateway_port": 9091}


def listening(**variables: Any) -> list[dict[str, Any]]:
    of = {**TRAEFIK, **GATEWAY, "pushgateway_mode": "existing", **variables}
    return machines.listeners(fleet(traefik={"one": of}, pushgateway={"one": of}), "one")


def test_each_port_has_its_own_address_or_the_roles() -> None:
    assert listening() == [
        {"host": "one", "variable": "traefik_api_port", "address": "127.0.0.1", "port": 8081},
        {"host": "one", "variable": "traefik_https_port", "address": "0.0.0.0", "port": 443},
    ]


def test_what_is_managed_counts() -> None:
    assert listening(pushgateway_mode="managed")[0]["variable"] == "pushgateway_port"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (("127.0.0.1", 9090), ("127.0.0.1", 9091), 0),
        (("127.0.0.1", 9090), ("127.0.0.1", 9090), 1),
        (("127.0.0.1", 9090), ("127.0.0.2", 9090), 0),
        (("0.0.0.0", 9090), ("127.0.0.1", 9090), 1),
        (("127.0.0.1", 9090), ("::", 9090), 1),
    ],
)
def test_conflicts(one: tuple[str, int], other: tuple[str, int], count: int) -> None:
    both = [
        {"host": host, "variable": f"{host}_port", "address": address, "port": port}
        for host, (address, port) in (("a", one), ("b", other))
    ]
    assert machines.port_conflicts(both) == [tuple(both)] * count


def test_images() -> None:
    host = {"alertmanager_mode": "existing", "grafana_mode": "auto"}
    groups = ("n8n_exporter", "ping", "collector", "alertmanager", "grafana", "probe_databases")
    of = fleet(**{group: {"one": host} for group in groups})
    assert of.managed("one") == ["collector", "ping", "n8n_exporter", "grafana", "probe_databases"]
    assert machines.images(of, "one") == ["collector", "grafana", "postgresql", "mariadb"]
