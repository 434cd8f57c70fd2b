# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
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
        pushgateway_persistence_interval="1s",
    )
    said = deployed.ok()
    key = (deployed.directory / "certificates" / "server.key").read_text().splitlines()[1]
    assert key not in said
    assert HASH not in said.replace("\\", "")
    return Gateway(deployed, port)


def test_it_wants_a_password(gateway: Gateway) -> None:
    assert gateway.ask("GET", "/metrics").status_code == 401
    assert gateway.ask("GET", "/metrics", auth=(USER, PASSWORD)).status_code == 200


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


def test_a_second_deploy_changes_nothing(gateway: Gateway) -> None:
    assert "changed=0" in gateway.deployment.ok()
