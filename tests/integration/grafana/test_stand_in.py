# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof of the stand-in: what four real servers answered, it answers."""

from __future__ import annotations

import json

import pytest

from ...grafana_stand_in import Behaviour, serve
from .replay import Replay, recording

# The recordings, with how many pairs each has, and the pairs that are not compared, by number, and
# why. Each of these must in fact differ.
PAIRS = {
    "9.3.2": 245,
    "9.4.0-pre": 245,
    "12.0.0-pre": 245,
    "12.4.0": 245,
    "9.3.2-more-dashboards": 81,
    "9.3.2-more-alerting": 180,
    "9.3.2-more-queries": 22,
    "9.3.2-more-hidden": 4,
}
EXPORTS = dict.fromkeys((229, 230), "exports are YAML of the server, which nothing here reads")
LEFT_OUT: dict[str, dict[int, str]] = {
    "9.3.2": {231: "the recorded build carries a data source plugin that Grafana does not"},
    "12.0.0-pre": EXPORTS,
    "12.4.0": EXPORTS,
    "9.3.2-more-alerting": {34: "expressions are not computed"},
}


@pytest.mark.parametrize("name", PAIRS)
def test_answers_as_recorded(name: str, prometheus: str) -> None:
    differences, pairs = {}, recording(name)
    behaviour = Behaviour(name.split("-more")[0], hidden_version=name.endswith("-hidden"))
    with serve(behaviour) as server:
        replay = Replay(server.url, prometheus)
        for number, pair in enumerate(pairs):
            if difference := replay.ask(pair):
                request = pair["request"]
                differences[number] = f"{request['method']} {request['path']} {difference}"
    assert len(pairs) == PAIRS[name]
    left_out = LEFT_OUT.get(name, {})
    unexpected = {number: text for number, text in differences.items() if number not in left_out}
    assert not unexpected, json.dumps(unexpected, indent=1)
    assert set(differences) == set(left_out), "a pair that is left out is answered"


def test_the_comparison_sees_a_difference(prometheus: str) -> None:
    """9.3.2 asked what 9.4.0-pre answered: the pairs that differ between the two are found."""
    with serve(Behaviour("9.3.2")) as server:
        replay = Replay(server.url, prometheus)
        pairs = enumerate(recording("9.4.0-pre"))
        differing = {number for number, pair in pairs if replay.ask(pair)}
    accounts, folders, queries = {8, 12}, {14, 20, 22, 24, 25, 26, 27}, {62, 63, 64, 67, 68}
    assert differing == {0, 1, 7, 89, 98} | accounts | folders | queries
