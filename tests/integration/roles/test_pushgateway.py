# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role pushgateway with users and a certificate of its own, on a real daemon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import docker
import pytest
import requests

from ..conftest import free_port
from ..deployment import Deployment

USER, PASSWORD = "collector", "push-password-of-the-test"
# Of PASSWORD, with the smallest cost.
HASH = "$2y$04$cnz4lbmD07nIFYLJu6nRUOzlp9G1XY1WgG9Yn3z.iL7xNSGFY.gyW"

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - vya.observability.certificate_local:
        path: "{{ directory }}/certificates"
        names: [localhost, 127.0.0.1]
    - ansible.builtin.include_role:
        name: vya.observability.pushgateway
      vars:
        pushgateway_tls_certificate: "{{ lookup('file', directory ~ '/certificates/server.crt') }}"
        pushgateway_tls_key: "{{ lookup('file', directory ~ '/certificates/server.key') }}"
"""


PROXY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.traefik
"""


class Gateway:
    """The deployed gateway, and how to ask it."""

    def __init__(self, deployment: Deployment, port: int) -> None:
        self.deployment = deployment
        self.url = f"https://localhost:{port}"
        self.ca = deployment.directory / "certificates" / "ca.crt"

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, self.url + path, verify=str(self.ca), timeout=10, **options)


@pytest.fixture(scope="module")
def gateway(deployment: Callable[..., Deployment]) -> Gateway:
    port = free_port()
    deployed = deployment(
        PLAYBOOK,
        pushgateway_container_name="{{ deployment_name }}",
        pushgateway_volume="{{ deployment_name }}",
        pushgateway_port=port,
        pushgateway_url=f"https://localhost:{port}",
        pushgateway_basic_auth_users={USER: HASH},
        # So long that what is kept was written at the end.
        pushgateway_persistence_interval="10m",
        observability_pushgateway_username=USER,
        observability_pushgateway_password=PASSWORD,
    )
    said = deployed.ok()
    key = (deployed.directory / "certificates" / "server.key").read_text().splitlines()[1]
    assert key not in said
    assert HASH not in said.replace("\\", "")
    return Gateway(deployed, port)


def test_it_wants_a_password(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/metrics").status_code == 401
    assert gateway.ask("GET", "/metrics", auth=(USER, PASSWORD)).status_code == 200


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_traefik_reaches_it_by_a_certificate_of_its_own(
    gateway: Gateway, deployment: Callable[..., Deployment]
) -> None:
    port = free_port()
    proxy = deployment(
        PROXY,
        traefik_container_name="{{ deployment_name }}",
        traefik_https_port=port,
        traefik_api_port=free_port(),
        observability_network=gateway.deployment.name,
        traefik_routes=[
            {
                "name": "pushgateway",
                "host": "prometheus.localhost",
                "path_prefix": "/pushgateway",
                "strip_prefix": True,
                "servers": [f"https://{gateway.deployment.name}:9091"],
                "server_ca": gateway.ca.read_text(),
                "server_name": "localhost",
            }
        ],
    )
    try:
        proxy.ok()
        answer = requests.get(
            f"https://127.0.0.1:{port}/pushgateway/metrics",
            headers={"Host": "prometheus.localhost"},
            auth=(USER, PASSWORD),
            verify=False,  # noqa: S501 - whether Traefik trusts the gateway is what is asked
            timeout=10,
        )
    finally:
        # It is on the gateway's network, which is removed first.
        proxy.remove()
    assert answer.status_code == 200, answer.text
    assert "pushgateway_build_info" in answer.text


def test_it_speaks_tls_only(gateway: Gateway) -> None:
    answer = requests.get(gateway.url.replace("https", "http"), timeout=10)
    assert answer.status_code == 400


def test_groups_outlive_a_restart(
    gateway: Gateway, docker_client: docker.DockerClient, eventually: Callable[..., Any]
) -> None:
    pushed = gateway.ask("PUT", "/metrics/job/kept", data="kept_value 42\n", auth=(USER, PASSWORD))
    assert pushed.status_code == 200
    docker_client.containers.get(gateway.deployment.name).restart()

    def kept() -> bool:
        return "kept_value" in gateway.ask("GET", "/metrics", auth=(USER, PASSWORD)).text

    eventually(kept, 30, "the group after a restart")


def test_groups_outlive_a_new_container(
    gateway: Gateway, docker_client: docker.DockerClient
) -> None:
    before = docker_client.containers.get(gateway.deployment.name).id
    gateway.ask("PUT", "/metrics/job/swapped", data="swapped 43\n", auth=(USER, PASSWORD))
    pushed = _groups(gateway)
    assert "changed=1" in gateway.deployment.ok(pushgateway_memory="96m")
    assert docker_client.containers.get(gateway.deployment.name).id != before
    assert _groups(gateway) == pushed
    assert any(group["labels"] == {"job": "swapped"} for group in pushed)
    gateway.deployment.variables["pushgateway_memory"] = "96m"


def _groups(gateway: Gateway) -> list[dict[str, Any]]:
    answer = gateway.ask("GET", "/api/v1/metrics", auth=(USER, PASSWORD)).json()
    return sorted(answer["data"], key=lambda group: str(group["labels"]))


def test_a_second_deploy_changes_nothing(gateway: Gateway) -> None:
    assert "changed=0" in gateway.deployment.ok()
