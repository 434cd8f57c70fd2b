# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role traefik with certificates by ACME, from Pebble, the protocol's own test server.

Skipped unless it is on the PATH: `go install` of both programs below makes it, in a minute or two.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from ..conftest import free_port
from ..deployment import Deployment

# github.com/letsencrypt/pebble/v2/cmd/<program>@v2.10.1
PROGRAMS = ("pebble", "pebble-challtestsrv")
HOST = "prometheus.example.com"
BRIDGE = "172.17.0.1"  # where containers reach this machine
CERTIFICATE = f"""
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - vya.observability.certificate_local:
        path: "{{{{ directory }}}}/certificates"
        names: ["{BRIDGE}", localhost]
"""


@dataclass
class Pebble:
    directory_url: str
    ca: Path  # of its own API
    roots: Path  # of what it issues


@pytest.fixture(scope="module")
def programs() -> list[str]:
    found = [shutil.which(program) for program in PROGRAMS]
    if not all(found):
        pytest.skip(f"{' and '.join(PROGRAMS)} are not on the PATH")
    return [str(path) for path in found]


@pytest.fixture(scope="module")
def https_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def pebble(
    programs: list[str],
    https_port: int,
    deployment: Callable[..., Deployment],
    eventually: Callable[..., Any],
) -> Iterator[Pebble]:
    """Pebble, and a DNS for it in which every name is this machine."""
    made = deployment(CERTIFICATE)
    made.ok()
    certificates = made.directory / "certificates"
    api, management, dns = free_port(), free_port(), free_port()
    config = {
        "listenAddress": f"0.0.0.0:{api}",
        "managementListenAddress": f"127.0.0.1:{management}",
        "certificate": str(certificates / "server.crt"),
        "privateKey": str(certificates / "server.key"),
        "httpPort": 1,
        "tlsPort": https_port,
        "retryAfter": {"authz": 1, "order": 1},
    }
    (made.directory / "pebble.json").write_text(json.dumps({"pebble": config}))
    resolver = [programs[1], "-defaultIPv6", "", "-dnsserver", f"127.0.0.1:{dns}"]
    for unused in ("-doh", "-http01", "-https01", "-tlsalpn01", "-management"):
        resolver += [unused, f"127.0.0.1:{free_port()}" if unused == "-management" else ""]
    issuer = [programs[0], "-config", str(made.directory / "pebble.json")]
    issuer += ["-dnsserver", f"127.0.0.1:{dns}"]
    with (
        (made.directory / "pebble.log").open("w") as log,
        subprocess.Popen(resolver, stdout=log, stderr=log) as first,
        subprocess.Popen(
            issuer, stdout=log, stderr=log, env={**os.environ, "PEBBLE_VA_NOSLEEP": "1"}
        ) as second,
    ):
        try:
            found = Pebble(
                f"https://{BRIDGE}:{api}/dir", certificates / "ca.crt", made.directory / "roots.crt"
            )
            url, ca = f"https://localhost:{management}/roots/0", str(found.ca)
            answer = eventually(lambda: requests.get(url, verify=ca, timeout=5), 30, url)
            found.roots.write_text(answer.text)
            yield found
        finally:
            first.terminate()
            second.terminate()
            print((made.directory / "pebble.log").read_text()[-3000:])


@pytest.fixture(scope="module")
def traefik(pebble: Pebble, https_port: int, deployment: Callable[..., Deployment]) -> Deployment:
    return deployment(
        "traefik",
        traefik_container_name="{{ deployment_name }}",
        traefik_acme_volume="{{ deployment_name }}",
        traefik_https_port=https_port,
        traefik_api_port=free_port(),
        traefik_certificate_source="acme",
        traefik_acme_email="ops@example.com",
        traefik_acme_server=pebble.directory_url,
        traefik_acme_ca=pebble.ca.read_text(),
        traefik_acme_wait=60,
        traefik_routes=[{"name": "prometheus", "host": HOST, "servers": ["http://127.0.0.1:9"]}],
        observability_ca_path=str(pebble.roots),
    )


def test_a_certificate_that_never_comes_is_named(traefik: Deployment) -> None:
    """The deploy does not end as if all were well: nobody would trust Traefik's own certificate."""
    nobody = f"https://{BRIDGE}:{free_port()}/dir"
    done = traefik.run(traefik_acme_server=nobody, traefik_acme_wait=6)
    assert done.returncode != 0
    assert f"certificate {HOST}" in done.stdout
    assert "TRAEFIK DEFAULT CERT" in done.stdout


def test_the_deploy_waits_for_the_first_certificate(traefik: Deployment) -> None:
    said = traefik.ok()
    assert "Pebble" in said
    assert "changed=0" in traefik.ok()
