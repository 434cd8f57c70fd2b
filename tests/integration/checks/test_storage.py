# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of a store that is larger than one machine: what is written at one URL is read at
another, for its tenant, with its credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from ...cluster_stand_in import PASSWORD, USER, cluster, tenants
from .conftest import KEY, Collector, Servers, run_module, scrape_job
from .test_roundtrip_check import in_storage, places

LOGIN = {"url_username": USER, "url_password": PASSWORD}


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def front(storage: str, asked: list[Any]) -> Iterator[str]:
    with cluster(storage, asked) as url:
        yield url


def store(front: str, tenant: str = "0", **more: Any) -> dict[str, Any]:
    part = f"{tenant}/prometheus"
    return {
        "url": f"{front}/select/{part}",
        "delete_url": f"{front}/delete/{part}",
        **LOGIN,
        **more,
    }


def test_a_marker_goes_through_the_cluster_and_back(
    servers: Servers, gateway: str, storage: str, front: str, asked: list[Any]
) -> None:
    login = {"username": USER, "password": PASSWORD}
    write = {"url": f"{front}/insert/0/prometheus/api/v1/write", "basic_auth": login}
    prometheus = servers.prometheus(scrape_job(gateway), remote_write=front, write=write)
    answer = run_module(
        "roundtrip_check",
        pushgateway={"url": gateway},
        prometheus={"url": prometheus},
        victoriametrics=store(front),
    )
    assert answer.statuses["roundtrip VictoriaMetrics"] == "pass"
    assert places(answer) == ["off_gateway", "ended_in_prometheus", "deleted"]
    assert in_storage(storage) == ""
    assert {*asked} == {("insert", "0"), ("select", "0"), ("delete", "0")}


@pytest.mark.skipif("CLUSTER_URL" not in os.environ, reason="a real vmauth, by hand")
def test_a_marker_goes_through_a_real_cluster(servers: Servers, gateway: str) -> None:
    front, tenant = os.environ["CLUSTER_URL"], os.environ.get("CLUSTER_TENANT", "0")
    login = dict(
        zip(("username", "password"), os.environ["CLUSTER_LOGIN"].split(":", 1), strict=True)
    )
    write = {"url": f"{front}/insert/{tenant}/prometheus/api/v1/write", "basic_auth": login}
    prometheus = servers.prometheus(scrape_job(gateway), remote_write=front, write=write)
    credentials = {f"url_{name}": value for name, value in login.items()}
    answer = run_module(
        "roundtrip_check",
        pushgateway={"url": gateway},
        prometheus={"url": prometheus},
        victoriametrics=store(front, tenant) | credentials,
    )
    assert answer.statuses["roundtrip VictoriaMetrics"] == "pass"
    assert places(answer) == ["off_gateway", "ended_in_prometheus", "deleted"]


def test_pings_are_read_and_deleted_there(collector: Collector, front: str) -> None:
    one = {"name": "wf001", "url": collector.url, "key": KEY}
    answer = run_module("ping_check", collectors=[one], victoriametrics=store(front))
    assert answer.statuses["sampled wf001"] == "pass"
    assert answer.codes["forgotten wf001"] == "forgotten.ok"


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"url_password": "another"}, "http.status.401"), ({"url": "/select"}, "http.status.400")],
    ids=["wrong password", "no tenant"],
)
def test_what_is_wrong_with_the_reading_is_named(
    collector: Collector, front: str, changed: dict[str, str], code: str
) -> None:
    options = store(front) | changed
    if "url" in changed:
        options["url"] = front + changed["url"]
    one = {"name": "wf001", "url": collector.url, "key": KEY}
    answer = run_module("ping_check", collectors=[one], victoriametrics=options, forget=False)
    assert answer.codes["sampled wf001"] == code


def test_a_store_with_tenants(servers: Servers, gateway: str, asked: list[Any]) -> None:
    kept = servers.prometheus(flags=["--web.enable-remote-write-receiver"])
    with tenants(kept, asked) as front:
        write = {"url": f"{front}/api/v1/push", "headers": {"X-Scope-OrgID": "vya"}}
        prometheus = servers.prometheus(scrape_job(gateway), remote_write=front, write=write)
        answer = run_module(
            "roundtrip_check",
            pushgateway={"url": gateway},
            prometheus={"url": prometheus},
            victoriametrics={
                "url": f"{front}/prometheus",
                "kind": "prometheus",
                "headers": {"X-Scope-OrgID": "vya"},
            },
        )
    assert answer.statuses["roundtrip VictoriaMetrics"] == "pass"
    # It cannot delete: the marker has ended there, as in Prometheus.
    assert places(answer) == ["off_gateway", "ended_in_prometheus", "ended_in_store"]
    assert {*asked} - {"forgotten"} == {"vya"}
