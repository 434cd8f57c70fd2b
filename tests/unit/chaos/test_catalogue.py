# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of faults is whole, what is drawn depends on the seed only, and a validation is
judged by codes."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._texts.en.catalogue import TEXTS

from ...chaos.catalogue import HOPS, Fault, draw, judge, read_events, read_faults
from ...chaos.run import begun

FAULTS = read_faults()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda each: each.name)
def test_a_fault_is_whole(fault: Fault) -> None:
    assert fault.hop in HOPS
    assert {*fault.hides} <= {*HOPS, *FAULTS}
    assert fault.expected
    for _pattern, code in fault.expected:
        assert code in TEXTS, code
    for commands in (fault.do, fault.undo):
        script = f"{fault.functions}\n{commands}"
        assert not subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode


def test_all_hops_are_broken_and_events_are_none() -> None:
    assert {fault.hop for fault in FAULTS.values()} == {*HOPS}
    assert not {*FAULTS} & {*read_events()}


def test_what_is_drawn() -> None:
    faults = [*FAULTS.values()]
    drawn = draw(faults, 60, 7)
    assert drawn == draw(faults, 60, 7) != draw(faults, 60, 8)
    assert {len(each) for each in drawn} == {1, 2}
    assert all(one.apart_from(other) for one, *rest in drawn for other in rest)
    first = [fault.name for each in drawn for fault in each][: len(faults)]
    assert sorted(first) == sorted(FAULTS)


def fault(name: str, **expected: str) -> Fault:
    return Fault(name, "", "", "", "proxy", "", "", tuple(expected.items()))


def check(name: str, code: str, follows: str = "") -> dict[str, Any]:
    more = {"follows": {"id": follows, "code": ""}} if follows else {}
    status = "pass" if code.endswith("ok") else "fail"
    return {"id": name, "status": status, "code": code, **more}


ONE, TWO = fault("one", a="a.x", b="b.x"), fault("two", c="c.x")


@pytest.mark.parametrize(
    ("checks", "missed", "causes", "others"),
    [
        ([check("a", "a.x"), check("b", "b.x", "a"), check("c", "c.x")], 0, ["a.x", "c.x"], 0),
        ([check("a", "a.x"), check("b", "b.x"), check("c", "c.x")], 0, ["a.x", "b.x", "c.x"], 0),
        # Something else is accused, or only follows.
        ([check(n, f"{n}.x") for n in "abcd"], 0, ["a.x", "b.x", "c.x"], 1),
        ([*(check(n, f"{n}.x") for n in "abc"), check("d", "d.x", "a")], 0, 3, 0),
        # Another code.
        ([check("a", "a.y"), check("b", "b.x"), check("c", "c.x")], 1, ["b.x", "c.x"], 1),
        # All that tells a fault follows from something else.
        ([check("a", "a.x"), check("b", "b.x"), check("c", "c.x", "d")], 1, ["a.x", "b.x"], 0),
        ([check("a", "a.ok")], 5, [], 0),
    ],
)
def test_a_validation_is_judged(
    checks: list[dict[str, Any]], missed: int, causes: list[str] | int, others: int
) -> None:
    verdict = judge([ONE, TWO], checks)
    assert (len(verdict.missed), len(verdict.others)) == (missed, others)
    assert len(verdict.causes) == causes or [*verdict.causes] == causes
    assert verdict.right is (not missed and not others)


def test_alerts_of_an_earlier_round_are_no_accusation() -> None:
    def alerts(*seconds: float) -> dict[str, Any]:
        return {"id": "alerts", "values": {"alerts": [{"values": {"seconds": s}} for s in seconds]}}

    others = [{"id": "targets", "values": {"alerts": 1}}, {"id": "alerts", "values": {}}]
    assert begun([*others, alerts(30.0)], 20.0) == others
    assert begun([alerts(30.0, 10.0)], 20.0) == [alerts(30.0, 10.0)]


def test_what_was_known_before_is_no_accusation() -> None:
    checks = [check("a", "a.x"), check("old", "old.x")]
    assert judge([fault("one", a="a.x")], checks, {"old"}).right
