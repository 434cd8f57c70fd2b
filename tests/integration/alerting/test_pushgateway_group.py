# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""pushgateway_group and pushgateway_group_info against a real Pushgateway."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import (
    read_gateway,
)
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway_groups import (
    path_of,
)
from ansible_collections.vya.observability.plugins.module_utils._http.session import Session

from ...http_stand_in import between
from ...processes import run_module
from ..conftest import RunService

ODD = [
    {"job": "backup", "path": "/var/lib/data"},
    {"job": "backup", "path": ""},
    {"job": "a/b", "instance": "wf001:9102"},
    {"job": "ação", "note": "two words & 100 %"},
    {"job": "dots", "dir": ".."},
    {"job": "backup"},
]


def run(name: str, check: bool = False, **arguments: Any) -> dict[str, Any]:
    """Run a module; its answer."""
    return run_module(name, arguments, check=check)[0]


@pytest.fixture(scope="module")
def gateway(run_module_service: RunService) -> str:
    service = run_module_service("pushgateway")
    return service.url()


def push(url: str, labels: dict[str, str], text: str = "one 1\n") -> int:
    return requests.post(url + path_of(labels), data=text.encode(), timeout=10).status_code


def groups(url: str) -> list[dict[str, str]]:
    # In this process: a module takes a second to start.
    with Session() as session:
        return [dict(group.labels) for group in read_gateway(session, url, {}).groups]


def test_what_is_told_of_a_group(gateway: str) -> None:
    labels = {"job": "told", "instance": "wf001"}
    assert push(gateway, labels, "one 1\ntwo 2\n") == 200
    assert push(gateway, labels, "one 1 1700000000000\n") == 400  # a timestamp
    (told,) = run("pushgateway_group_info", url=gateway, job="tol.")["groups"]
    assert told["labels"] == labels
    assert told["families"] == 2
    assert told["last_push_successful"] is False
    assert told["push_failure_time"] > told["push_time"] > 1_700_000_000
    assert 0 <= told["age"] < 60
    assert run("pushgateway_group_info", url=gateway, job="tol")["groups"] == []


def test_groups_with_any_labels_are_removed_one_by_one(gateway: str) -> None:
    for labels in ODD:
        assert push(gateway, labels) == 200, labels
    told = [group["labels"] for group in run("pushgateway_group_info", url=gateway)["groups"]]
    assert all(labels in told for labels in ODD)
    for number, labels in enumerate(ODD, 1):
        arguments: dict[str, Any] = {"url": gateway, "labels": labels}
        foreseen = run("pushgateway_group", check=True, **arguments)
        assert labels in groups(gateway)
        done = run("pushgateway_group", **arguments)
        assert foreseen["changed"] is done["changed"] is True
        assert foreseen["diff"] == done["diff"]
        assert [group["labels"] for group in done["removed"]] == [labels]
        left = groups(gateway)
        assert labels not in left
        assert all(other in left for other in ODD[number:])
        again = run("pushgateway_group", **arguments)
        assert (again["changed"], again["removed"]) == (False, [])


def test_old_groups_are_removed_by_age_and_job_up_to_the_limit(gateway: str) -> None:
    for host in ("a", "b", "c"):
        push(gateway, {"job": f"old_{host}", "instance": host})
    push(gateway, {"job": "other"})
    arguments: dict[str, Any] = {"url": gateway, "job": "old_.", "older_than": 0}
    refused = run("pushgateway_group", limit=2, **arguments)
    assert refused["failed"]
    assert refused["code"] == "pushgateway.too_many_groups"
    assert len(refused["values"]["groups"]) == 3
    young = run("pushgateway_group", **{**arguments, "older_than": 3600})
    assert young["changed"] is False
    foreseen = run("pushgateway_group", check=True, **arguments)
    done = run("pushgateway_group", **arguments)
    names = [group["labels"]["job"] for group in done["removed"]]
    assert sorted(names) == ["old_a", "old_b", "old_c"]
    assert [group["labels"]["job"] for group in foreseen["removed"]] == names
    jobs = [labels["job"] for labels in groups(gateway)]
    assert "other" in jobs
    assert not {"old_a", "old_b", "old_c"} & set(jobs)


@pytest.mark.parametrize(
    ("wrong", "option"),
    [
        # Ansible itself refuses these.
        ({}, None),
        ({"labels": {"job": "a"}, "older_than": 5, "job": "a"}, None),
        ({"older_than": 5}, None),
        ({"labels": {"instance": "a"}}, "labels"),
        ({"older_than": -5, "job": "a"}, "older_than"),
        ({"older_than": 5, "job": "a("}, "job"),
        ({"labels": {"job": "a"}, "url": "gateway:9091"}, "url"),
    ],
)
def test_wrong_options_are_named(gateway: str, wrong: dict[str, Any], option: str | None) -> None:
    result = run("pushgateway_group", **{"url": gateway, **wrong})
    assert result["failed"]
    assert result.get("code") == ("http.option" if option else None)
    assert result.get("values", {}).get("option") == option


def test_an_address_that_leads_elsewhere_is_an_error(gateway: str) -> None:
    removal: dict[str, Any] = {"labels": {"job": "a"}}
    for module, more in (("pushgateway_group_info", {}), ("pushgateway_group", removal)):
        result = run(module, url=f"{gateway}/pushgateway", **more)
        assert result["failed"]
        assert result["code"] == "http.status.404"
        assert "/pushgateway/api/v1/metrics" in result["values"]["request"]


def test_metrics_that_are_named_like_fields_of_the_answer(gateway: str) -> None:
    labels = {"job": "named", "instance": "till-1"}
    assert push(gateway, labels, "labels 1\nlast_push_successful 0\n") == 200
    (told,) = run("pushgateway_group_info", url=gateway, job="named")["groups"]
    assert (told["labels"], told["last_push_successful"]) == (labels, True)
    assert told["families"] == 2
    assert run("pushgateway_group", url=gateway, job="named", older_than=0)["changed"]
    assert run("pushgateway_group_info", url=gateway, job="named")["groups"] == []


def test_what_was_removed_before_a_refusal_is_told() -> None:
    """The others are tried as well."""
    names = ["run-1", "run-2", "run-3"]

    def answer(method: str, path: str, _headers: Any, _body: bytes) -> tuple[int, bytes]:
        name = path.rpartition("/")[2]
        if method == "DELETE" and name != "run-2":
            names.remove(name)
        if method == "DELETE":
            return (403, b"no") if name == "run-2" else (202, b"")
        groups = [{"labels": {"job": "n", "instance": each}} for each in names]
        data = [{**each, "last_push_successful": True} for each in groups]
        return 200, json.dumps({"data": data}).encode()

    with between(answer) as url:
        result = run("pushgateway_group", url=url, job="n", older_than=0)
    assert (result["failed"], result["changed"], result["code"]) == (True, True, "http.status.403")
    assert [one["labels"]["instance"] for one in result["removed"]] == ["run-1", "run-3"]
    assert result["values"]["left"] == ['{instance="run-2", job="n"}']
