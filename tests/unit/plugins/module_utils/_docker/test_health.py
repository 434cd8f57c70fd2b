# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a container that ended, from the answers of Docker that led there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import health
from ansible_collections.vya.observability.plugins.module_utils._docker.health import (
    NotHealthy,
    mask,
    wait_exited,
    wait_healthy,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import Text, text

KILLED = {"Status": "exited", "Running": False, "ExitCode": 137}
AGAIN = {"Status": "running", "Running": True, "ExitCode": 0}
RESTARTING = {"Status": "restarting", "Running": True, "Restarting": True, "ExitCode": 137}


class Api:
    """Answers inspect with one state after the other, the last one over and over."""

    def __init__(self, *states: dict[str, Any], limit: int = 64 << 20) -> None:
        self._states, self._limit = list(states), limit
        self.memory = [(0, 0)]

    def inspect_container(self, _name: str) -> dict[str, Any]:
        state = dict(self._states.pop(0) if len(self._states) > 1 else self._states[0])
        return {
            "Id": "c1",
            "RestartCount": state.pop("restarts", 0),
            "State": {"OOMKilled": False, "Restarting": False, **state},
            "Config": {"Healthcheck": {"Test": ["CMD", "check"]}},
            "HostConfig": {"Memory": self._limit},
        }

    def stats(self, _name: str, stream: bool) -> dict[str, Any]:
        assert not stream
        usage, faults = self.memory.pop(0) if len(self.memory) > 1 else self.memory[0]
        return {"memory_stats": {"usage": usage, "stats": {"pgmajfault": faults}}}

    timeout = 60

    def exec_create(self, *_: Any) -> dict[str, str]:
        return {"Id": "e1"}

    def exec_start(self, *_: Any, **__: Any) -> None:
        """Nothing to run."""

    def exec_inspect(self, *_: Any) -> dict[str, Any]:
        return {"Running": True, "ExitCode": None}


def why(*states: dict[str, Any], limit: int = 64 << 20) -> NotHealthy:
    with pytest.raises(NotHealthy) as caught:
        wait_healthy(SimpleNamespace(api=Api(*states, limit=limit)), "app", timeout=5)
    return caught.value


LIMIT = text("container.limit", megabytes=64)


@pytest.mark.parametrize(
    ("state", "limit", "reason"),
    [
        ({**KILLED, "OOMKilled": True}, 64 << 20, text("container.out_of_memory", limit=LIMIT)),
        # A busy machine's containerd drops the notice when the group is gone before it reads it.
        (KILLED, 64 << 20, text("container.killed", limit=LIMIT)),
        (KILLED, 0, text("container.killed", limit="")),
        ({**KILLED, "ExitCode": 3}, 0, text("container.exited", exit_code=3, error="")),
    ],
)
def test_why_it_ended(state: dict[str, Any], limit: int, reason: Text) -> None:
    for error in (why(state, limit=limit), ended(state, limit)):
        assert error.code == reason.code
        assert error.values == {"reason": reason, "after": ""}
        assert str(error) == str(reason)


def test_memory_that_was_short_for_another_process_before() -> None:
    """As for one of `docker exec`: Docker keeps the flag for as long as the container exists."""
    state = {"Running": True, "OOMKilled": True, "ExitCode": 0, "Health": {"Status": "healthy"}}
    assert wait_healthy(SimpleNamespace(api=Api(state)), "app", timeout=5)


FULL = 64 << 20
SICK = {"Status": "running", "Running": True, "ExitCode": 0, "Health": {"Status": "unhealthy"}}


@pytest.mark.parametrize(
    ("memory", "limit", "code"),
    [
        ([(FULL, 100), (FULL, 400)], FULL, "container.memory_full"),
        ([(FULL, 100), (FULL, 100)], FULL, "container.unhealthy"),
        ([(FULL // 2, 100), (FULL, 400)], FULL, "container.unhealthy"),
        ([(FULL, 100), (FULL // 2, 400)], FULL, "container.unhealthy"),
        # Without a limit there is nothing that it does not fit into.
        ([(FULL, 100), (FULL, 400)], 0, "container.unhealthy"),
    ],
)
def test_memory_that_a_program_does_not_fit_into(
    monkeypatch: pytest.MonkeyPatch, memory: list[tuple[int, int]], limit: int, code: str
) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(health, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    api = Api(SICK, limit=limit)
    api.memory = memory
    with pytest.raises(NotHealthy) as caught:
        wait_healthy(SimpleNamespace(api=api), "app", timeout=5)
    assert caught.value.code == code
    if code == "container.memory_full":
        values = caught.value.values["reason"].values
        assert (values["megabytes"], values["faults"]) == (64, 300)
        assert values["reason"].code == "container.unhealthy"


@pytest.mark.parametrize("figures", [{}, {"usage": FULL}, {"usage": FULL, "stats": None}, None])
def test_figures_of_the_memory_that_are_missing(figures: dict[str, Any] | None) -> None:
    api = Api(SICK)
    api.stats = lambda *_, **__: {"memory_stats": figures}  # type: ignore[method-assign]
    with pytest.raises(NotHealthy) as caught:
        wait_healthy(SimpleNamespace(api=api), "app", timeout=5)
    assert caught.value.code == "container.unhealthy"


def test_one_page_read_between_two_quick_answers_is_not_many() -> None:
    api = Api(SICK)
    api.memory = [(FULL, 100), (FULL, 101)]
    with pytest.raises(NotHealthy) as caught:
        wait_healthy(SimpleNamespace(api=api), "app", timeout=5)
    assert caught.value.code == "container.unhealthy"


def ended(state: dict[str, Any], limit: int) -> NotHealthy:
    with pytest.raises(NotHealthy) as caught:
        wait_exited(SimpleNamespace(api=Api(state, limit=limit)), "app", timeout=5)
    return caught.value


def test_a_loop_is_followed_until_it_says_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CODE_SECONDS", 60)
    error = why({**AGAIN, "restarts": 1}, {**AGAIN, "restarts": 1}, {**RESTARTING, "restarts": 2})
    end = text("container.killed", limit=LIMIT)
    assert error.values["reason"] == text("container.restarts_after", end=end)


def test_a_loop_that_tells_docker_of_memory_is_named_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "CODE_SECONDS", 60)
    error = why({**AGAIN, "restarts": 1}, {**RESTARTING, "OOMKilled": True, "restarts": 2})
    assert error.values["reason"] == text("container.out_of_memory", limit=LIMIT)


def test_a_loop_that_does_not_say_it_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CODE_SECONDS", 0.1)
    assert why({**AGAIN, "restarts": 1}).code == "container.restarts"


@pytest.mark.parametrize(
    ("text", "secrets", "masked"),
    [
        ("login as hunter2 failed", ["hunter2"], "login as ******** failed"),
        ("login as hunter2 failed", ["hunter2\n"], "login as ******** failed"),
        ("key: zwei-drei", ["eins-zwei\nzwei-drei\n"], "key: ********"),
        ("to p4ssw0rd@db", ["postgresql://user:p4ssw0rd@db/x"], "to ********@db"),
        ("x is ab", ["ab"], "x is ********"),
        ("plain", [], "plain"),
    ],
)
def test_mask(text: str, secrets: list[str], masked: str) -> None:
    assert mask(text, secrets) == masked
