# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role traefik: a real Traefik says when its certificates expire, as the alert asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable

import requests
from prometheus_client.parser import text_string_to_metric_families

from ..conftest import free_port
from ..deployment import Deployment

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.traefik
"""


def test_the_expiry_of_its_certificate_is_a_metric(deployment: Callable[..., Deployment]) -> None:
    port = free_port()
    deployment(
        PLAYBOOK,
        traefik_container_name="{{ deployment_name }}",
        traefik_https_port=free_port(),
        traefik_api_port=port,
        traefik_routes=[
            {"name": "a", "host": "a.example.com", "servers": ["http://127.0.0.1:9"]},
            {"name": "b", "host": "b.example.com", "servers": ["http://127.0.0.1:9"]},
        ],
    ).ok()
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    (expiry,) = (
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "traefik_tls_certs_not_after"
    )
    assert expiry.labels["cn"] == "a.example.com"
    assert expiry.labels["sans"] == "a.example.com,b.example.com"
    assert time.time() < expiry.value < time.time() + 3650 * 86400
