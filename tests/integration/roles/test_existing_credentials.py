# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Existing servers that ask for credentials, behind a path prefix."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ...http_stand_in import between, passed_on
from ..conftest import RunService
from ..deployment import Deployment

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.{}
"""
PASSWORD = "password-of-an-existing-server"
BASIC = "Basic " + base64.b64encode(f"shift:{PASSWORD}".encode()).decode()
PREFIX = "/monitoring"


def named(role: str, **variables: str) -> dict[str, str]:
    return {f"{role}_existing_{name}": value for name, value in variables.items()}


@pytest.mark.parametrize(
    ("role", "wanted", "given"),
    [
        ("prometheus", BASIC, named("prometheus", username="shift", password=PASSWORD)),
        ("prometheus", f"Bearer {PASSWORD}", named("prometheus", bearer_token=PASSWORD)),
        ("alertmanager", BASIC, named("alertmanager", username="shift", password=PASSWORD)),
        (
            "victoriametrics",
            BASIC,
            {"observability_storage_username": "shift", "observability_storage_password": PASSWORD},
        ),
    ],
)
def test_it_is_asked_as_it_wants_to_be(
    role: str,
    wanted: str,
    given: dict[str, str],
    run_service: RunService,
    deployment: Callable[..., Deployment],
) -> None:
    server = run_service(role).url()

    def answer(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        if headers.get("Authorization") != wanted:
            return 401, b"who are you"
        if not path.startswith(PREFIX):
            return 404, b"nothing here"
        return passed_on(server, method, path[len(PREFIX) :], {}, body)

    with between(answer) as url:
        place = {f"{role}_mode": "existing", f"{role}_url": url + PREFIX}
        played = deployment(PLAY.format(role))
        assert PASSWORD not in played.ok(**place, **given)
        assert "checks_failed" in played.run(**place).stdout
