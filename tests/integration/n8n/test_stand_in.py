# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in is held to what a real n8n 2.41.1 has answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.tests.n8n_stand_in import KEY, serve

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
