# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted: each execution that has ended, once, whatever happens between the runs."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.tests.n8n_stand_in import N8n
from collector.n8n.answers import OPEN
from collector.n8n.budget import CappedError, RunError

from .conftest import Runs

SMALL = {"executions": 4}


def asked(n8n: N8n, what: str) -> int:
    return sum(what in each.path for each in n8n.asked)


def test_the_first_run_counts_from_now_on(runs: Runs, n8n: N8n) -> None:
    one = runs.run()
    assert runs.state.floor == 3
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
    assert runs.state.workflows["w1"].timed == 2
    assert 0.4 <= runs.state.workflows["w1"].seconds < 2


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
    assert one.oldest_running == pytest.approx(700, abs=5)
    assert runs.ended() == {"success": 1}
    assert (runs.state.floor, runs.state.open) == (long + 1, [long])
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
    assert runs.state.open == [number]
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
    assert runs.state.open == numbers
    for number in numbers:
        n8n.change(number, "success")
    return numbers


def test_one_that_cannot_be_read_now_is_asked_for_again(runs: Runs, n8n: N8n) -> None:
    numbers = below_the_floor(runs, n8n, 2)
    n8n.after("status=running", lambda: n8n.refuse(500))
    runs.run()
    assert runs.budget.errors == {"http_500": 1}
    assert not runs.budget.failed
    assert (runs.ended(), runs.state.open) == ({"success": 1}, numbers[:1])
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
    with pytest.raises(CappedError):
        runs.run({"requests": 10}, workflows_page_size=1)
    assert runs.state.workflows["x"].name == ""
    runs.run()
    assert (runs.state.workflows["x"].name, runs.ended("x")) == ("Last", {"success": 1})


def test_names_that_are_not_read_do_not_hold_up_the_counting(runs: Runs, n8n: N8n) -> None:
    test_names_that_were_not_read_are_not_made_up(runs, n8n)
    runs.state.workflows["x"].name = ""
    n8n.execution("w1")
    with pytest.raises(CappedError):
        runs.run({"requests": 10}, workflows_page_size=1)
    assert runs.ended() == {"success": 1}


def test_a_new_name_begins_at_zero(runs: Runs, n8n: N8n) -> None:
    runs.run()
    n8n.execution("w1")
    runs.run()
    counts = runs.state.workflows["w1"]
    counts.announced = True
    n8n.workflows[0]["name"] = "Orders"
    n8n.execution("w1", "error")
    runs.run(workflows_interval_seconds=0)
    assert (counts.name, counts.announced, counts.timed) == ("Orders", False, 1)
    assert counts.ended == {"success": 0, "error": 1}
    assert 0 < counts.seconds < 1


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
    runs.run({"workflows": 40}, workflows_page_size=10)
    assert runs.budget.capped == {"workflows"}
    assert asked(n8n, "workflows") == 4
    assert len(runs.state.workflows) == 40
    runs.state.workflows_read_at = 0
    with pytest.raises(CappedError):
        runs.run({"requests": 12}, workflows_page_size=10)
    assert (runs.budget.capped, runs.budget.requests) == ({"requests"}, 12)


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


@pytest.mark.parametrize("kind", ["workflows", "executions"])
def test_nothing_at_all_is_an_error(runs: Runs, n8n: N8n, kind: str) -> None:
    getattr(n8n, kind).clear()
    with pytest.raises(RunError) as caught:
        runs.run()
    assert caught.value.error_type == "empty"
