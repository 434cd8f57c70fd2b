# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that are published on an address of IPv6 only."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
import requests

from ..conftest import free_port
from ..deployment import Deployment


@pytest.mark.parametrize(
    "role", ["alertmanager", pytest.param("prometheus", marks=pytest.mark.long)]
)
def test_a_configuration_that_is_loaded_over_ipv6(
    deployment: Callable[..., Deployment], role: str
) -> None:
    port = free_port()
    deployed = deployment(
        role,
        observability_bind_address="::1",
        **{
            f"{role}_container_name": "{{ deployment_name }}",
            f"{role}_volume": "{{ deployment_name }}",
            f"{role}_port": port,
        },
    )
    deployed.ok()
    assert requests.get(f"http://[::1]:{port}/-/ready", timeout=5).ok
    assert "changed=0" in deployed.ok()


def test_a_certificate_that_is_presented_over_ipv6(deployment: Callable[..., Deployment]) -> None:
    port = free_port()
    servers = ["http://[fd00::1]:9090"]
    deployed = deployment(
        "traefik",
        traefik_container_name="{{ deployment_name }}",
        traefik_bind_address="::1",
        traefik_api_bind_address="::1",
        traefik_https_port=port,
        traefik_api_port=free_port(),
        traefik_routes=[{"name": "one", "host": "one.example.com", "servers": servers}],
    )
    deployed.ok()
    assert "BEGIN CERTIFICATE" in ssl.get_server_certificate(("::1", port))
    assert "changed=0" in deployed.ok()
