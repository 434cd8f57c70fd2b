# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in is held to what a real n8n 2.41.1 has answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from ...n8n_stand_in import KEY, serve

PAIRS = json.loads(
    (Path(__file__).parents[2] / "fixtures/n8n/n8n-2.41.1-recorded.json").read_text("utf-8")
)
KEYS = {None: "", "bad key": "another", "X-N8N-API-KEY": KEY}


def recorded(name: str) -> Any:
    return next(pair["body"] for pair in PAIRS if pair["name"] == name)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_it_answers_as_recorded(pair: Any) -> None:
    workflows = [
        *recorded("workflows_limit1")["data"],
        *recorded("workflows_limit1_page2")["data"],
        recorded("workflow_by_id"),
    ]
    listed = set(recorded("workflows_limit1")["data"][0])
    with serve(workflows, recorded("executions_nodata_limit100")["data"]) as n8n:
        reply = requests.get(
            n8n.url + pair["request"]["path"],
            headers={"X-N8N-API-KEY": KEYS[pair["request"]["auth"]]},
            timeout=5,
        )
    assert reply.status_code == pair["status"]
    assert reply.json() == pair["body"]
    assert listed >= {"id", "name", "active"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/executions/abc", 400),
        ("/api/v1/executions?cursor=eyJ4IjoxfQ%3D%3D", 500),  # JSON, but no place
    ],
)
def test_refusals_that_were_seen(path: str, status: int) -> None:
    with serve() as n8n:
        found = requests.get(n8n.url + path, headers={"X-N8N-API-KEY": KEY}, timeout=5)
    assert found.status_code == status
    assert isinstance(found.json()["message"], str)


def test_lists_that_were_seen() -> None:
    with serve() as n8n:
        ids = [n8n.execution("w", each) for each in ("error", "crashed", "running", "new")]

        def listed(**query: Any) -> list[int]:
            found = requests.get(
                f"{n8n.url}/api/v1/executions",
                params=query,
                headers={"X-N8N-API-KEY": KEY},
                timeout=5,
            )
            return [int(each["id"]) for each in found.json()["data"]]

        error, crashed, running, new = ids
        assert listed(status="error") == [error]
        assert running not in listed()
        n8n.queue = True
        assert listed() == [new, running, crashed, error]
        assert n8n.executions[new]["startedAt"] is None
        for _number in range(300):
            n8n.execution("w")
        assert (len(listed(limit=0)), len(listed(limit=300))) == (304, 250)


def test_what_it_answers_while_it_starts_and_without_its_database() -> None:
    with serve() as n8n:
        n8n.restart()
        n8n.refuse(503)
        found = [requests.get(f"{n8n.url}/api/v1/executions", timeout=5) for _number in range(3)]
    assert [each.status_code for each in found] == [404, 200, 503]
    assert [each.headers["Content-Type"].partition(";")[0] for each in found] == [
        "text/html",
        "text/html",
        "application/json",
    ]
    assert found[2].json()["code"] == 503
