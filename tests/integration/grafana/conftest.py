# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Grafana for the tests: the stand-in, or the real server that GRAFANA_URL names.

GRAFANA_URL needs GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD; GRAFANA_PROVISIONING may name
its provisioning directory on this machine. Take a throw-away server: what a test adds there is
removed after it, what a test changes is not changed back.

GRAFANA_VERSION names the server that the stand-in plays, where a test does not: 9.3.2 without it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import docker
import pytest
import requests

from ...grafana_stand_in import Behaviour, Recorder, State, serve
from ...grafana_stand_in.passing_on import passing_on
from ..past import prometheus_with
from .cleaning import empty, present

APART = {"X-Stand-In-Apart": "1"}
SECONDS_FOR_AN_ORG = 70
VERSION = os.environ.get("GRAFANA_VERSION", "9.3.2")


@dataclass
class Grafana:
    """What a test needs to know of its server.

    ``recorder`` lists what was asked (``requests``, ``writes``, ``forget()``) and puts faults in
    between (``fail()``, ``slow()``), in front of the real server too. ``state`` is what the
    stand-in remembers; a real server has none.
    """

    url: str
    user: str
    password: str
    token: str
    version: str
    recorder: Recorder
    state: State | None
    orgs: list[int] = field(default_factory=list)

    @property
    def real(self) -> bool:
        return self.state is None

    @property
    def release(self) -> tuple[int, int]:
        """Major and minor of its version."""
        major, minor, *_rest = self.version.split(".")
        return int(major), int(minor)

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the server, apart from the log and the faults; the answer, or an error."""
        reply = self.try_api(method, path, body, **headers)
        assert reply.ok, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.text else None

    def try_api(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> requests.Response:
        """The same, whatever the answer is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token and not self.user:
            named.setdefault("Authorization", f"Bearer {self.token}")
        return requests.request(
            method,
            self.url + path,
            json=body,
            headers={**APART, **named},
            auth=(self.user, self.password) if self.user else None,
            timeout=60,
        )

    def add_org(self, name: str) -> int:
        """An organisation whose notification settings are made; its number."""
        number: int = self.api("POST", "/api/orgs", {"name": name})["orgId"]
        self.orgs.append(number)
        if self.state is not None:
            self.state.orgs[number].alerting = True
        until = time.monotonic() + SECONDS_FOR_AN_ORG
        header = {"X_Grafana_Org_Id": str(number)}
        while not self.try_api("GET", "/api/v1/provisioning/policies", **header).ok:
            assert time.monotonic() < until, "the organisation has no notification settings"
            time.sleep(1)
        return number

    def remove_orgs(self) -> None:
        """Remove the organisations that were added."""
        while self.orgs:
            self.api("DELETE", f"/api/orgs/{self.orgs.pop()}")


def _stand_in(stack: ExitStack, behaviour: Behaviour) -> Grafana:
    server = stack.enter_context(serve(behaviour))
    account = server.state.add_account("sa-tests", "tests", {1: "Admin"})
    token = server.state.add_token(account, 1)
    return Grafana(
        server.url, "admin", "admin", token, behaviour.version, server.recorder, server.state
    )


def _real(stack: ExitStack, url: str) -> Grafana:
    user, password = os.environ.get("GRAFANA_USER", ""), os.environ.get("GRAFANA_PASSWORD", "")
    token = os.environ.get("GRAFANA_TOKEN", "")
    if not token and not user:
        pytest.fail("GRAFANA_URL needs GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD")
    seen, recorder = stack.enter_context(passing_on(url))
    grafana = Grafana(seen, user, password, token, "", recorder, None)
    # /api/health may hide it.
    grafana.version = grafana.api("GET", "/api/frontend/settings")["buildInfo"]["version"]
    if not token:
        name = f"tests {time.time_ns()}"
        account = grafana.api("POST", "/api/serviceaccounts", {"name": name, "role": "Admin"})
        path = f"/api/serviceaccounts/{account['id']}"
        grafana.token = grafana.api("POST", f"{path}/tokens", {"name": name})["key"]
        stack.callback(grafana.api, "DELETE", path)
    before = present(grafana.try_api)
    stack.callback(empty, grafana.try_api, before)
    stack.callback(grafana.remove_orgs)
    return grafana


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    """A Grafana with nothing in it; or the real server."""
    with ExitStack() as stack:
        url = os.environ.get("GRAFANA_URL", "").rstrip("/")
        yield _real(stack, url) if url else _stand_in(stack, Behaviour(VERSION))


@pytest.fixture
def make_grafana() -> Iterator[Callable[..., Grafana]]:
    """Stand-ins of other servers: ``make_grafana("9.4.0-pre")``, ``make_grafana("11.6.0",
    whole_groups=True)``. Never a real one: what is tested is a branch of the module."""
    with ExitStack() as stack:
        yield lambda version="9.3.2", **flags: _stand_in(stack, Behaviour(version, **flags))


@pytest.fixture(scope="module")
def prometheus(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[str]:
    """The URL of a real Prometheus that has ``up{instance="127.0.0.1:9390"}``.

    For each module its own, as a recorded query asks for what must be older than its samples. From
    ten minutes ago to hours from now, so that a slow run does not come to the end of it.
    """
    now = int(time.time())
    labels = 'instance="127.0.0.1:9390",job="prometheus"'
    samples = [f"up{{{labels}}} 1 {moment}" for moment in range(now - 600, now + 7200, 5)]
    with prometheus_with(docker_client, service_image, "up", samples) as url:
        yield url
