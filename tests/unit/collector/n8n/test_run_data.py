# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run data as a real n8n 2.41.1 has written them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.n8n.run_data import NodeRun, node_runs

ROWS = json.loads(
    (Path(__file__).parents[3] / "fixtures/n8n/n8n-2.41.1-execution-data.json").read_text("utf-8")
)


def test_recorded_run_data() -> None:
    first, second, third = (node_runs(row["data_text"]).runs for row in ROWS)
    assert first == [
        NodeRun("Webhook", "success", 0.001),
        NodeRun("Code", "success", 0.043),
        NodeRun("HTTP", "success", 0.068),
    ]
    assert [(run.node, run.status) for run in second] == [("Webhook", "success"), ("Code", "error")]
    assert third[-1] == NodeRun("HTTP", "error", third[-1].seconds)


def test_a_node_that_ran_more_than_once_and_an_older_form() -> None:
    runs = [{"executionTime": 5}, {"executionTime": 7, "error": "6"}, {"executionStatus": "8"}]
    flat = [{"resultData": "1"}, {"runData": "2"}, {"Set": "3"}, ["4", "5", "7"], *runs[:2]]
    flat += [{"message": "x"}, runs[2], "waiting"]
    assert node_runs(json.dumps(flat)).runs == [
        NodeRun("Set", "success", 0.005),
        NodeRun("Set", "error", 0.007),
    ]


def test_a_name_that_is_no_text() -> None:
    flat = [{"resultData": "1"}, {"runData": "2"}, {"A\ud800": "3"}, ["4"], {"executionTime": 5}]
    assert node_runs(json.dumps(flat)).runs == [NodeRun("A?", "success", 0.005)]


def test_no_node_ran() -> None:
    assert node_runs('[{"resultData": "1"}, {"error": "2"}, {}]') == ([], 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '[{"resultData": "9"}]',
        '[{"resultData": "x"}]',
        '[{"resultData": "1"}, {"runData": "2"}, 5]',
        "[" * 100_000,
    ],
)
def test_what_is_no_run_data(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the JSON library's own, too
        node_runs(text)
