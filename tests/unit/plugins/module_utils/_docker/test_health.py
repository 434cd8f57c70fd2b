# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a container that ended, from the answers of Docker that led there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import health
from ansible_collections.vya.observability.plugins.module_utils._docker.health import (
    NotHealthy,
    wait_exited,
    wait_healthy,
)

KILLED = {"Status": "exited", "Running": False, "ExitCode": 137}
AGAIN = {"Status": "running", "Running": True, "ExitCode": 0}
RESTARTING = {"Status": "restarting", "Running": True, "Restarting": True, "ExitCode": 137}


class Api:
    """Answers inspect with one state after the other, the last one over and over."""

    def __init__(self, *states: dict[str, Any], limit: int = 64 << 20) -> None:
        self._states, self._limit = list(states), limit

    def inspect_container(self, _name: str) -> dict[str, Any]:
        state = dict(self._states.pop(0) if len(self._states) > 1 else self._states[0])
        return {
            "Id": "c1",
            "RestartCount": state.pop("restarts", 0),
            "State": {"OOMKilled": False, "Restarting": False, **state},
            "Config": {"Healthcheck": {"Test": ["CMD", "check"]}},
            "HostConfig": {"Memory": self._limit},
        }

    def exec_create(self, *_: Any) -> dict[str, str]:
        return {"Id": "e1"}

    def exec_start(self, *_: Any, **__: Any) -> None:
        """Nothing to run."""

    def exec_inspect(self, *_: Any) -> dict[str, Any]:
        return {"Running": True, "ExitCode": None}


def why(*states: dict[str, Any], limit: int = 64 << 20) -> str:
    with pytest.raises(NotHealthy) as caught:
        wait_healthy(SimpleNamespace(api=Api(*states, limit=limit)), "app", timeout=5)
    return str(caught.value)


def test_docker_says_that_memory_was_short() -> None:
    assert why({**KILLED, "OOMKilled": True}) == "it was killed for want of memory (limit 64 MiB)"


def test_docker_missed_that_memory_was_short() -> None:
    """A busy machine's containerd drops the notice when the group is gone before it reads it."""
    said = why(KILLED)
    assert said.startswith("it was killed (SIGKILL, exit code 137)")
    assert said.endswith("for want of memory (limit 64 MiB), or by docker kill or stop")


def test_a_kill_without_a_limit() -> None:
    said = why(KILLED, limit=0)
    assert said.endswith("for want of memory on the host, or by docker kill or stop")


def test_another_code_is_not_a_kill() -> None:
    assert why({**KILLED, "ExitCode": 3}) == "it exited with code 3"


def test_a_loop_is_followed_until_it_says_its_code() -> None:
    said = why({**AGAIN, "restarts": 1}, {**AGAIN, "restarts": 1}, {**RESTARTING, "restarts": 2})
    assert said.startswith("it restarts in a loop (it was killed (SIGKILL, exit code 137)")
    assert "want of memory" in said


def test_a_loop_that_tells_docker_of_memory_is_named_so() -> None:
    said = why({**AGAIN, "restarts": 1}, {**RESTARTING, "OOMKilled": True, "restarts": 2})
    assert said == "it was killed for want of memory (limit 64 MiB)"


def test_a_loop_that_does_not_say_it_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CODE_SECONDS", 0.1)
    assert why({**AGAIN, "restarts": 1}) == "it restarts in a loop"


def test_a_job_that_was_killed() -> None:
    with pytest.raises(NotHealthy, match=r"for want of memory.*or by docker kill"):
        wait_exited(SimpleNamespace(api=Api(KILLED)), "app", timeout=5)
    with pytest.raises(NotHealthy, match=r"for want of memory \(limit 64 MiB\)$"):
        wait_exited(SimpleNamespace(api=Api({**KILLED, "OOMKilled": True})), "app", timeout=5)
