# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command in a container has said, over a Docker that loses some of it."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._backup import databases, running
from ansible_collections.vya.observability.plugins.module_utils._backup.kind import Job
from ansible_collections.vya.observability.plugins.module_utils._backup.running import TRIES, Server
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure


class Api:
    """Runs the commands here.

    Args:
        kept: How many bytes of each answer arrive; None: all.
        running: How often it says that a command still runs, when its output has ended.
    """

    def __init__(self, kept: list[int | None], running: int = 0) -> None:
        self.api, self.kept, self.running = self, kept, running
        self.asked = 0
        self.ended: subprocess.CompletedProcess[bytes] | None = None

    def exec_create(self, _container: str, command: list[str]) -> dict[str, str]:
        self.ended = subprocess.run(command, capture_output=True, check=False)
        return {"Id": "an exec"}

    def exec_start(self, _made: str, **_: Any) -> Iterator[tuple[bytes | None, bytes | None]]:
        assert self.ended
        kept = self.kept[self.asked] if self.asked < len(self.kept) else None
        self.asked += 1
        yield self.ended.stdout[:kept], self.ended.stderr

    def exec_inspect(self, _made: str) -> dict[str, Any]:
        assert self.ended
        self.running -= 1
        runs = self.running >= 0
        return {"Running": runs, "ExitCode": None if runs else self.ended.returncode}


def server(api: Api) -> Server:
    return Server(api, {"Id": "a container", "Name": "/db"}, 3306, {})


@pytest.mark.parametrize("kept", [[], [0], [3], [0, 4, 0, 12]])
def test_an_answer_that_was_lost_is_asked_for_again(kept: list[int | None]) -> None:
    api = Api(kept)
    assert server(api).ask(["echo", "777 rows"]) == b"777 rows\n"
    assert api.asked == len(kept) + 1


def test_an_answer_that_never_arrives_is_no_answer() -> None:
    api = Api([0] * TRIES)
    with pytest.raises(Failure) as failed:
        server(api).ask(["echo", "777 rows"])
    assert (failed.value.code, api.asked) == ("backup.unheard", TRIES)


def test_no_rows_are_an_answer() -> None:
    api = Api([])
    assert server(api).ask(["true"]) == b""
    assert api.asked == 1


def test_a_command_that_fails_is_not_repeated() -> None:
    api = Api([])
    with pytest.raises(Failure) as failed:
        server(api).ask(["sh", "-c", "echo some; exit 3"])
    assert (failed.value.code, failed.value.values["exit_code"], api.asked) == (
        "backup.command",
        3,
        1,
    )


def test_a_command_that_has_not_ended_has_not_succeeded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server(Api([], running=3)).run(["echo", "rows"]) == b"rows\n"
    monkeypatch.setattr(running, "ENDED_SECONDS", 0.2)
    with pytest.raises(Failure) as failed:
        server(Api([], running=1000)).run(["echo", "rows"])
    assert failed.value.code == "backup.command"


class Dumps(databases.MariaDb):
    """Writes two lines where it would dump a database."""

    def dump(self) -> list[str]:
        return ["printf", "insert into t\nDump completed\n"]

    def count(self, _server: Server, _at: float) -> dict[str, float]:
        return {"a.t": 1}


@pytest.mark.parametrize(("lost", "whole"), [(0, True), (2, True), (TRIES, False)])
def test_a_dump_whose_end_was_lost_is_made_again(lost: int, whole: bool, tmp_path: Path) -> None:
    api = Api([14] * lost)
    state = {"Running": True, "Paused": False, "Restarting": False}
    record = {"Id": "a container", "Name": "/db", "State": state, "Path": "", "Args": []}
    job = Job(api, {}, record, tmp_path, tmp_path / "journal")
    if not whole:
        with pytest.raises(Failure) as failed:
            Dumps().capture(job)
        assert failed.value.code == "backup.cut_off"
        return
    Dumps().capture(job)
    assert gzip.decompress((tmp_path / databases.DUMP).read_bytes()).endswith(b"Dump completed\n")
    assert (job.figures, api.asked) == ({"a.t": 1}, lost + 1)
