# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted: each execution that has ended, once, whatever happens between the runs."""

from __future__ import annotations

from typing import Any

import pytest

from collector.n8n.answers import OPEN
from collector.n8n.budget import CappedError, RunError

from ....n8n_stand_in import N8n
from .conftest import Runs

SMALL = {"executions": 4}


def asked(n8n: N8n, what: str) -> int:
    return sum(what in each.path for each in n8n.asked)


def test_the_first_run_counts_from_now_on(runs: Runs, n8n: N8n) -> None:
    one = runs.run()
    assert runs.state.floor == "3"
    assert (runs.ended("w1"), runs.ended("w2")) == ({}, {})
    assert (one.open, one.oldest_running) == ({"running": 0, "new": 0, "waiting": 0}, 0)
    n8n.execution("w1")
    n8n.execution("w1", "error")
    n8n.execution("w2", "crashed")
    n8n.execution("w2", "canceled")
    n8n.execution("w2", "a status of the future")
    runs.run()
    assert runs.ended("w1") == {"success": 1, "error": 1}
    assert runs.ended("w2") == {"crashed": 1, "canceled": 1, "unknown": 1}
    runs.run()
    assert sum(runs.ended("w2").values()) == 3
    of_mode = runs.state.workflows["w1"].modes["webhook"]
    assert of_mode.timed == 2
    assert 0.4 <= of_mode.seconds < 2


def test_a_quiet_run_asks_little(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.asked.clear()
    runs.run()
    # The newest, three statuses of what is open; workflows were read lately.
    assert len(n8n.asked) == runs.budget.requests == 4
    assert asked(n8n, "workflows") == 0
    assert n8n.at_once == 1


def test_one_that_runs_is_counted_when_it_has_ended_below_the_floor(runs: Runs, n8n: N8n) -> None:
    runs.run()
    long = n8n.execution("w1", "running", 700)
    n8n.execution("w1")
    one = runs.run()
    assert one.open == {"running": 1, "new": 0, "waiting": 0}
    assert one.oldest_running == pytest.approx(700, abs=60)
    assert runs.ended() == {"success": 1}
    assert (runs.state.floor, runs.state.open) == (str(long + 1), [str(long)])
    runs.run()
    assert runs.ended() == {"success": 1}
    n8n.change(long, "error")
    assert runs.run().open == {"running": 0, "new": 0, "waiting": 0}
    assert runs.ended() == {"success": 1, "error": 1}
    assert runs.state.open == []
    runs.run()
    assert runs.ended() == {"success": 1, "error": 1}


def test_one_that_waits_and_then_is_thrown_away(runs: Runs, n8n: N8n) -> None:
    runs.run()
    number = n8n.execution("w1", "waiting")
    runs.run()
    assert runs.state.open == [str(number)]
    n8n.execution("w1")
    del n8n.executions[number]
    runs.run()
    runs.run()
    assert (runs.state.open, runs.ended()) == ([], {"success": 1})
    assert not runs.budget.errors


def test_cursors_are_followed_to_the_floor_and_no_further(runs: Runs, n8n: N8n) -> None:
    runs.run(page_size=2)
    for _number in range(5):
        n8n.execution("w1")
    n8n.asked.clear()
    runs.run(page_size=2)
    assert runs.ended() == {"success": 5}
    assert asked(n8n, "cursor=") == 2


def test_the_cap_leaves_the_rest_for_the_next_runs(runs: Runs, n8n: N8n) -> None:
    runs.run(page_size=2)
    for _number in range(9):
        n8n.execution("w1")
    for expected in (4, 8):
        with pytest.raises(CappedError):
            runs.run(SMALL, page_size=2)
        assert runs.budget.capped == {"executions"}
        assert runs.ended() == {"success": expected}
        n8n.execution("w2")  # newer ones do not get before the rest
    runs.run(SMALL, page_size=2)
    assert (runs.ended("w1"), runs.ended("w2")) == ({"success": 9}, {"success": 2})
    assert runs.state.walk is None


def test_a_cursor_that_is_no_longer_taken(runs: Runs, n8n: N8n) -> None:
    runs.run(page_size=2)
    for _number in range(7):
        n8n.execution("w1")
    with pytest.raises(CappedError):
        runs.run(SMALL, page_size=2)
    assert runs.state.walk
    runs.state.walk.cursor = "%zz"
    runs.run(page_size=2)
    assert runs.ended() == {"success": 7}
    assert not runs.budget.errors


def test_one_that_ran_when_its_page_was_read(runs: Runs, n8n: N8n) -> None:
    runs.run(page_size=2)
    numbers = [n8n.execution("w1") for _number in range(9)]
    n8n.change(numbers[8], "running")
    n8n.change(numbers[1], "running")
    with pytest.raises(CappedError):
        runs.run(SMALL, page_size=2)
    n8n.change(numbers[8], "success")
    n8n.change(numbers[1], "success")
    runs.run(page_size=2)
    runs.run(page_size=2)
    assert runs.ended() == {"success": 9}
    assert runs.state.open == []


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("begins", ["new", "waiting"])
def test_one_that_begins_to_run_while_it_is_asked_for(
    runs: Runs, n8n: N8n, status: str, begins: str
) -> None:
    runs.run()
    number = n8n.execution("w1", begins)
    n8n.execution("w1")
    n8n.after(f"status={status}", lambda: n8n.change(number, "running"))
    runs.run()
    n8n.change(number, "error")
    runs.run()
    assert runs.ended() == {"success": 1, "error": 1}


def below_the_floor(runs: Runs, n8n: N8n, count: int) -> list[int]:
    """So many that ran when all above them had ended, and now have ended too."""
    runs.run()
    numbers = [n8n.execution("w1", "running") for _number in range(count)]
    n8n.execution("w2")
    runs.run()
    assert runs.state.open == [str(number) for number in numbers]
    for number in numbers:
        n8n.change(number, "success")
    return numbers


def test_one_that_cannot_be_read_now_is_asked_for_again(runs: Runs, n8n: N8n) -> None:
    numbers = below_the_floor(runs, n8n, 2)
    n8n.after("status=running", lambda: n8n.refuse(500))
    runs.run()
    assert runs.budget.errors == {"http_500": 1}
    assert not runs.budget.failed
    assert (runs.ended(), runs.state.open) == ({"success": 1}, [str(numbers[0])])
    runs.run()
    assert (runs.ended(), runs.state.open) == ({"success": 2}, [])


def test_many_that_have_ended_below_the_floor(runs: Runs, n8n: N8n) -> None:
    below_the_floor(runs, n8n, 40)
    runs.run()
    assert runs.ended() == {"success": 40}
    assert not runs.budget.capped


def test_more_of_them_than_a_run_may_ask_for(runs: Runs, n8n: N8n) -> None:
    below_the_floor(runs, n8n, 15)
    for expected in (6, 12):
        with pytest.raises(CappedError):
            runs.run({"requests": 10})
        assert runs.budget.capped == {"requests", "open"}
        assert runs.ended() == {"success": expected}
    runs.run({"requests": 10})
    assert (runs.ended(), runs.state.open) == ({"success": 15}, [])
    assert not runs.budget.capped


def test_they_do_not_wait_for_the_end_of_a_walk(runs: Runs, n8n: N8n) -> None:
    below_the_floor(runs, n8n, 3)
    for _number in range(9):
        n8n.execution("w2")
    with pytest.raises(CappedError):
        runs.run(SMALL, page_size=2)
    assert runs.budget.capped == {"executions"}
    assert runs.ended() == {"success": 3}


def test_a_database_that_begins_anew(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.executions.clear()
    n8n.execution("w1")
    runs.run()
    n8n.execution("w1")
    runs.run()
    assert runs.ended() == {"success": 1}


def test_a_new_workflow_is_known_in_the_same_run(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.workflow("w3", "Brand new")
    n8n.execution("w3")
    runs.run()
    assert runs.state.workflows["w3"].name == "Brand new"
    n8n.execution("gone")  # its workflow is in no list
    runs.run()
    assert runs.state.workflows["gone"].name == "gone"


def test_names_that_were_not_read_are_not_made_up(runs: Runs, n8n: N8n) -> None:
    for number in range(12):
        n8n.workflow(f"w{number:02}", "Many")
    runs.run()
    n8n.workflow("x", "Last")
    n8n.execution("x")
    runs.run({"requests": 10}, workflows_page_size=1)
    assert runs.budget.capped == {"requests"}
    assert runs.state.workflows["x"].name == ""
    runs.run()
    assert (runs.state.workflows["x"].name, runs.ended("x")) == ("Last", {"success": 1})


def test_names_that_are_not_read_do_not_hold_up_the_counting(runs: Runs, n8n: N8n) -> None:
    test_names_that_were_not_read_are_not_made_up(runs, n8n)
    runs.state.workflows["x"].name = ""
    n8n.execution("w1")
    runs.run({"requests": 10}, workflows_page_size=1)
    assert runs.budget.capped == {"requests"}
    assert runs.ended() == {"success": 1}


def test_a_new_name_begins_at_zero(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.execution("w1")
    runs.run()
    counts = runs.state.workflows["w1"]
    of_mode = counts.modes["webhook"]
    of_mode.announced = True
    n8n.workflows[0]["name"] = "Orders"
    n8n.execution("w1", "error")
    runs.run(workflows_interval_seconds=0)
    assert (counts.name, of_mode.announced, of_mode.timed) == ("Orders", False, 1)
    assert of_mode.ended == {"success": 0, "error": 1}
    assert 0 < of_mode.seconds < 1


def test_a_name_of_no_text(runs: Runs, n8n: N8n) -> None:
    n8n.workflow("w3", "A\ud800")
    runs.run()
    assert runs.state.workflows["w3"].name == "A?"


def test_a_workflow_that_is_gone_is_forgotten_a_day_after_it_last_ran(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.execution("w1")
    runs.run(workflows_interval_seconds=0)
    n8n.workflows.clear()
    n8n.workflow("w9", "Another")
    runs.run(workflows_interval_seconds=0)
    assert set(runs.state.workflows) == {"w1", "w9"}
    runs.state.workflows["w1"].last_ended -= 86_401
    runs.run(workflows_interval_seconds=0)
    assert set(runs.state.workflows) == {"w9"}


def test_endless_workflows(runs: Runs, n8n: N8n) -> None:
    n8n.endless = True
    n8n.execution("w1", "running")
    for total in (260, 520):
        runs.run({"workflows": 40}, workflows_page_size=10)
        assert runs.budget.capped == {"workflows", "requests"}
        assert runs.budget.requests <= 31 + 1  # half of them are left for the executions
        assert len(runs.state.workflows) == 40
        assert runs.state.listing
        assert runs.state.listing.states == {"active": total}
    n8n.change(4, "success")
    runs.run({"workflows": 40}, workflows_page_size=10)
    assert runs.ended() == {"success": 1}


def test_all_workflows_are_counted_and_only_series_are_capped(runs: Runs, n8n: N8n) -> None:
    for number in range(51):
        n8n.workflow(f"a{number:02}", "Many")
    for number in range(10):
        n8n.workflow(f"b{number:02}", "Many", active=False)
    n8n.workflow("c", "Old", active=False, isArchived=True)
    for _number in range(2):
        runs.run({"workflows": 20}, workflows_page_size=7)
        assert runs.state.listed
        assert runs.state.listed.states == {"active": 52, "inactive": 11, "archived": 1}
        assert len(runs.state.workflows) == 20
        assert runs.budget.capped == {"workflows"}
    # One that runs takes the place of one that never did.
    n8n.execution("b09")
    runs.run({"workflows": 20}, workflows_page_size=7)
    assert (runs.ended("b09"), len(runs.state.workflows)) == ({"success": 1}, 20)


def test_the_list_of_workflows_goes_on_in_the_next_run(runs: Runs, n8n: N8n) -> None:
    for number in range(18):
        n8n.workflow(f"w{number:02}", "Many")
    lengths = []
    for _number in range(4):
        runs.run({"requests": 20}, workflows_page_size=1)
        lengths.append(len(runs.state.workflows))
    assert lengths == [6, 12, 18, 20]
    assert runs.state.listed
    assert runs.state.listed.states == {"active": 19, "inactive": 1}
    assert runs.state.listing is None
    runs.state.workflows_read_at = 0
    runs.run({"requests": 20}, workflows_page_size=1)
    assert runs.state.listing
    runs.state.listing.cursor = "bnVsbA=="  # what n8n does not take any more
    runs.run()
    assert runs.state.listed.states == {"active": 19, "inactive": 1}


def test_more_open_ones_than_the_cap(runs: Runs, n8n: N8n) -> None:
    for _number in range(9):
        n8n.execution("w1", "waiting")
    one = runs.run({"open": 2})
    assert one.open == {"running": 0, "new": 0, "waiting": 2}
    assert runs.budget.capped == {"open"}


def test_the_seconds_are_over(runs: Runs, n8n: N8n) -> None:
    runs.run(page_size=1)
    for _number in range(9):
        n8n.execution("w1")
    with pytest.raises(CappedError):
        runs.run({"seconds": 5}, page_size=1, pause_seconds=0.5, timeout_seconds=5)
    assert runs.budget.capped == {"seconds"}
    assert 0 < runs.ended()["success"] < 9
    assert set(runs.slept) == {0.5}


def test_no_workflow_at_all_is_an_error(runs: Runs, n8n: N8n) -> None:
    n8n.workflows.clear()
    with pytest.raises(RunError) as caught:
        runs.run()
    assert caught.value.error_type == "empty"


@pytest.mark.parametrize("identity", [None, "0195a0de-5a52-7c1e-9d7b-1f0b8d4a2c11"])
def test_a_new_n8n_without_executions(runs: Runs, n8n: N8n, identity: str | None) -> None:
    n8n.executions.clear()
    one = runs.run()
    assert runs.state.floor == ""
    assert one.open == {"running": 0, "new": 0, "waiting": 0}
    assert not runs.budget.errors
    runs.run()
    n8n.execution("w1", identity=identity)
    runs.run()
    runs.run()
    assert runs.ended() == {"success": 1}
    n8n.executions.clear()  # all of them are too old to be kept
    runs.run()
    assert runs.state.floor == (identity or "1")


def test_modes_are_told_apart(runs: Runs, n8n: N8n) -> None:
    runs.run()
    for mode in ("webhook", "manual", "manual", "error", "integrated", "of the future"):
        n8n.execution("w1", mode=mode)
    runs.run()
    modes = {mode: each.ended for mode, each in runs.state.workflows["w1"].modes.items()}
    one = {"success": 1}
    expected = {"webhook": one, "manual": {"success": 2}, "error": one, "integrated": one}
    assert modes == {**expected, "unknown": one}
    assert set(runs.state.durations) == set(modes)


@pytest.mark.parametrize(
    ("settings", "saved", "manual"),
    [
        (None, "all", True),
        ({"executionOrder": "v1"}, "all", True),
        ({"saveDataSuccessExecution": "none"}, "error", True),
        ({"saveDataErrorExecution": "none"}, "success", True),
        ({"saveDataSuccessExecution": "none", "saveDataErrorExecution": "none"}, "none", True),
        ({"saveDataSuccessExecution": "DEFAULT", "saveManualExecutions": "DEFAULT"}, "all", True),
        ({"saveManualExecutions": False}, "all", False),
        ("nonsense", "all", True),
    ],
)
def test_what_n8n_saves(runs: Runs, n8n: N8n, settings: Any, saved: str, manual: bool) -> None:
    n8n.workflows[0]["settings"] = settings
    runs.run()
    counts = runs.state.workflows["w1"]
    assert (counts.saved, counts.saved_manual) == (saved, manual)


def test_what_n8n_saves_where_a_workflow_does_not_say(runs: Runs, n8n: N8n) -> None:
    n8n.workflows[1]["settings"] = {"saveDataSuccessExecution": "all"}
    runs.config["saved"] = ["error"]
    runs.run()
    found = [(each.saved, each.saved_manual) for each in runs.state.workflows.values()]
    assert found == [("error", False), ("all", False)]


def test_with_what_is_saved_a_series_changes(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.execution("w1")
    runs.run()
    of_mode = runs.state.workflows["w1"].modes["webhook"]
    of_mode.announced = True
    n8n.workflows[0]["settings"] = {"saveDataSuccessExecution": "none"}
    runs.run(workflows_interval_seconds=0)
    assert (of_mode.announced, of_mode.ended) == (False, {"success": 0})


def test_a_name_with_an_end_of_a_line(runs: Runs, n8n: N8n) -> None:
    n8n.workflow("w3", "Orders\r\nto\u2028ERP")
    runs.run()
    assert runs.state.workflows["w3"].name == "Orders to ERP"


def test_one_that_starts_again_does_not_lose_what_was_open(runs: Runs, n8n: N8n) -> None:
    numbers = below_the_floor(runs, n8n, 45)
    n8n.after("status=running", lambda: n8n.restart(4))
    with pytest.raises(RunError) as caught:
        runs.run()
    assert caught.value.error_type == "http_404"
    assert len(runs.state.open) == 45
    del n8n.executions[numbers[7]]
    n8n.restart(1)
    runs.run()
    assert (runs.ended(), runs.state.open) == ({"success": 44}, [])


def test_queue_mode_lists_what_has_not_ended(runs: Runs, n8n: N8n) -> None:
    n8n.queue = True
    runs.run()
    running, new = n8n.execution("w1", "running"), n8n.execution("w1", "new")
    n8n.execution("w1")
    runs.run()
    assert runs.state.open == [str(running), str(new)]
    n8n.change(running, "error")
    n8n.change(new, "success")
    runs.run()
    runs.run()
    assert runs.ended() == {"success": 2, "error": 1}


@pytest.mark.parametrize("after", ["error", "running"])
def test_a_crash_of_a_worker_is_counted_once(runs: Runs, n8n: N8n, after: str) -> None:
    n8n.queue = True
    runs.run()
    crashed, young = (n8n.execution("w1", "running") for _number in range(2))
    n8n.execution("w1")
    runs.run()
    n8n.change(crashed, "crashed")
    runs.run()
    for status in (after, "error"):
        n8n.change(crashed, status)
        runs.run()
    n8n.change(young, "crashed")
    runs.run()
    assert runs.ended() == {"success": 1, "crashed": 2}
    assert runs.state.open == []


UUID = "0195a0de-5a52-7c1e-9d7b-1f0b8d4a2c11"


def page(runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch, *odd: Any) -> None:
    """A run whose list has these odd ones beside two good ones."""
    runs.run()
    n8n.execution("w1")
    n8n.execution(None, "error")
    real = n8n._executions

    def answered(limit: int, below: str, asked: dict[str, str]) -> Any:
        found = real(limit, below, asked)
        return found if "status" in asked else {**found, "data": [*odd, *found["data"]][:limit]}

    monkeypatch.setattr(n8n, "_executions", answered)
    runs.run()


@pytest.mark.parametrize(
    "odd",
    [
        {"id": UUID, "status": "success", "workflowId": "w1"},
        {"id": None, "status": "success", "workflowId": "w1"},
        {"id": "9", "status": None, "workflowId": "w1"},
        {"id": "9", "status": "success", "workflowId": {}},
        {"id": "9", "status": "success", "workflowId": "w1", "startedAt": "soon"},
        {"status": "success"},
        "nothing",
        None,
    ],
)
def test_one_that_cannot_be_read_costs_only_itself(
    runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch, odd: Any
) -> None:
    page(runs, n8n, monkeypatch, odd)
    assert dict(runs.budget.errors) == {"unreadable": 1}
    assert (runs.ended("w1"), runs.ended("")) == ({"success": 1}, {"error": 1})
    assert runs.state.workflows[""].name == "(no workflow)"
    n8n.execution("w1")
    runs.run()
    assert (runs.ended("w1"), runs.ended("")) == ({"success": 2}, {"error": 1})


def test_if_nothing_can_be_read_the_run_fails(
    runs: Runs, n8n: N8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RunError) as caught:
        page(runs, n8n, monkeypatch, *[{"id": each} for each in range(20)])
    assert caught.value.error_type == "bad_response"


def test_a_workflow_that_cannot_be_read_costs_only_itself(runs: Runs, n8n: N8n) -> None:
    n8n.workflows.append({"id": "w3", "name": None})
    runs.run()
    assert dict(runs.budget.errors) == {"unreadable": 1}
    assert set(runs.state.workflows) == {"w1", "w2"}


def test_ids_that_are_texts(runs: Runs, n8n: N8n) -> None:
    identities = [f"0195a0de-5a52-7c1e-9d7b-1f0b8d4a2c{number:02}" for number in range(10, 30)]
    n8n.executions.clear()
    for identity in identities[:2]:
        n8n.execution("w1", identity=identity)
    runs.run()
    assert runs.state.floor == identities[1]
    for identity in identities[2:]:
        n8n.execution("w1", identity=identity)
    n8n.change(identities[4], "running")
    runs.run(page_size=4)
    assert (runs.ended(), runs.state.open) == ({"success": 17}, [identities[4]])
    n8n.change(identities[4], "error")
    runs.run(page_size=4)
    assert runs.ended() == {"success": 17, "error": 1}
    assert not runs.budget.errors
