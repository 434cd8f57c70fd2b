# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role traefik: what a real one says of its certificates, and of itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from ..conftest import free_port
from ..deployment import Deployment


@pytest.fixture(scope="module")
def traefik(deployment: Callable[..., Deployment]) -> Deployment:
    deployed = deployment(
        "traefik",
        traefik_container_name="{{ deployment_name }}",
        traefik_https_port=free_port(),
        traefik_api_port=free_port(),
        # Names below .localhost are this machine.
        traefik_routes=[
            {"name": "a", "host": "a.localhost", "servers": ["http://127.0.0.1:9"]},
            {"name": "b", "host": "b.localhost", "servers": ["http://127.0.0.1:9"]},
        ],
    )
    deployed.ok()
    return deployed


def test_the_expiry_of_its_certificate_is_a_metric(traefik: Deployment) -> None:
    port = traefik.variables["traefik_api_port"]
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    (expiry,) = (
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "traefik_tls_certs_not_after"
    )
    assert expiry.labels["cn"] == "a.localhost"
    assert expiry.labels["sans"] == "a.localhost,b.localhost"
    assert time.time() < expiry.value < time.time() + 3650 * 86400


def test_an_existing_one_is_asked_who_it_is_and_for_its_certificates(traefik: Deployment) -> None:
    existing = {
        "traefik_mode": "existing",
        "traefik_existing_url": f"http://127.0.0.1:{traefik.variables['traefik_api_port']}",
        "observability_ca_path": str(traefik.directory / "state" / "certificates" / "ca.crt"),
    }
    said = traefik.ok(**existing)
    assert "changed=0" in said
    for check in ("service traefik", "certificate a.localhost", "certificate b.localhost"):
        assert check in said
    # Its HTTPS port is no API, and nobody trusts its CA.
    https = f"https://127.0.0.1:{traefik.variables['traefik_https_port']}"
    wrong = traefik.run(**existing | {"traefik_existing_url": https, "observability_ca_path": ""})
    assert wrong.returncode != 0
    assert "service traefik: expected" in wrong.stdout
    assert "certificate a.localhost" in wrong.stdout
    said = traefik.ok(traefik_mode="existing", traefik_routes=[])
    assert "traefik_existing_url and traefik_routes are both empty" in said


@pytest.mark.long
def test_a_name_more_is_foreseen_and_gets_its_certificate(traefik: Deployment) -> None:
    """What is there when check mode looks has the names of before."""
    routes = traefik.variables["traefik_routes"]
    more = [*routes, {"name": "c", "host": "c.localhost", "servers": ["http://127.0.0.1:9"]}]
    assert "changed=0" not in traefik.ok("--check", traefik_routes=more)
    assert "changed=0" not in traefik.ok(traefik_routes=more)
    assert "changed=0" in traefik.ok("--check", traefik_routes=more)
