# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where samples are written and read, by kind of store."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet.storage import (
    checked_storage,
    storage,
)

from .fleets import fleet

NONE = {
    "observability_storage_kind": "victoriametrics",
    "observability_storage_write_url": "",
    "observability_storage_read_url": "",
    "observability_storage_tenant": "",
    "observability_bind_address": "127.0.0.1",
}
W, R = "https://write.example.com", "https://read.example.com/"


def of(kind: str, write: str = W, read: str = R, tenant: str = "") -> Any:
    return fleet(
        prometheus={
            "wfdb01": {
                **NONE,
                "observability_storage_kind": kind,
                "observability_storage_write_url": write,
                "observability_storage_read_url": read,
                "observability_storage_tenant": tenant,
            }
        }
    )


CLUSTER = {
    "remote_write": "https://write.example.com/insert/7:1/prometheus/api/v1/write",
    "import": "https://write.example.com/insert/7:1/prometheus",
    "read": "https://read.example.com/select/7:1/prometheus",
    "delete": "https://read.example.com/delete/7:1/prometheus",
    "headers": {},
}


def test_the_cluster_has_a_path_for_each_task_and_tenant() -> None:
    found = of("victoriametrics_cluster", tenant="7:1")
    assert storage(found, "wfdb01") == CLUSTER
    assert checked_storage(found, "wfdb01") == {
        "url": CLUSTER["read"],
        "kind": "victoriametrics",
        "delete_url": CLUSTER["delete"],
        "headers": {},
    }


def test_vmauth_serves_all_at_one_url_and_the_first_tenant_is_0() -> None:
    found = storage(of("victoriametrics_cluster", read=""), "wfdb01")
    assert found["read"] == "https://write.example.com/select/0/prometheus"


@pytest.mark.parametrize("tenant", ["", "vya"])
def test_other_stores_are_written_to_as_they_are_and_told_the_tenant(tenant: str) -> None:
    found = of("prometheus", f"{W}/api/v1/push", f"{R}prometheus", tenant)
    headers = {"X-Scope-OrgID": "vya"} if tenant else {}
    assert storage(found, "wfdb01") == {
        "remote_write": f"{W}/api/v1/push",
        "import": "",
        "read": "https://read.example.com/prometheus",
        "delete": "",
        "headers": headers,
    }
    assert checked_storage(found, "wfdb01")["kind"] == "prometheus"


def test_without_a_store_there_is_no_url() -> None:
    nothing = fleet(prometheus={"wfdb01": NONE})
    assert not any(storage(nothing, "wfdb01").values())
    assert checked_storage(nothing, "wfdb01") == {}
