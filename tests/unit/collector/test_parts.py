# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs neither the API nor a server: spool, worker, deadline, logs, health check."""

from __future__ import annotations

import asyncio
import errno
import io
import itertools
import json
import logging
import os
import queue
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from collector import logs, probes
from collector.deadline import deadline
from collector.drivers import ProbeError
from collector.logs import JsonFormatter
from collector.metrics import Metrics
from collector.settings import Database, VictoriaMetrics
from collector.spool import Entry, SpoolError
from collector.victoria import VictoriaPusher
from collector.worker import Worker

from ...processes import python


def pusher(tmp_path: Path, rehearse: bool = False) -> VictoriaPusher:
    settings = VictoriaMetrics(url="http://127.0.0.1:9", spool_directory=str(tmp_path))
    return VictoriaPusher(settings, Metrics(), rehearse)


def test_a_database_is_probed_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("secret")

    def refuse(_settings: Database) -> None:
        raise ProbeError("permission", "no CONNECT", "42501")

    monkeypatch.setattr(probes, "connect", refuse)
    monkeypatch.setattr(probes, "load", lambda _settings: None)
    settings = Database(
        name="n8n",
        type="postgresql",
        host="db",
        user="u",
        password_file=str(tmp_path / "password"),
        database="d",
    )
    probe = probes.DatabaseProbe(settings, Metrics())
    asked = probe.request()
    assert not asked.done()
    probe._step()
    told = asked.result(0)
    assert (told["ok"], told["last_error"]["type"], told["last_error"]["code"]) == (
        False,
        "permission",
        "42501",
    )


def test_a_rehearsal_writes_no_spool(tmp_path: Path) -> None:
    (tmp_path / "0000000000000001-1.prom").write_text("m 1 1\n")
    victoria = pusher(tmp_path, rehearse=True)
    assert asyncio.run(victoria.keep(Entry("m 1 1\n")))
    victoria._step()
    victoria._final()
    assert [path.name for path in tmp_path.iterdir()] == ["0000000000000001-1.prom"]


def test_what_an_earlier_version_left_is_taken_over(tmp_path: Path) -> None:
    for number in (2, 0, 1):
        (tmp_path / f"{number:016d}-2.prom").write_text(f"a 1 {number}\nb 2 {number}\n")
    (tmp_path / "0000000000000009-²2.prom").write_text("not ours\n")
    (tmp_path / "link-1.prom").symlink_to("/etc/passwd")
    victoria = pusher(tmp_path)
    victoria._step()
    items = victoria.spool.first(100)
    assert [item.body for item in items] == [f"a 1 {n}\nb 2 {n}\n" for n in range(3)]
    assert victoria.spool.size == 6
    assert not list(tmp_path.glob("0*-2.prom"))
    assert (tmp_path / "0000000000000009-²2.prom").exists()


def test_much_of_an_earlier_version_is_taken_over_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f"a 1 {n}\n" for n in range(400))
    for number in range(12):
        (tmp_path / f"{number:016d}-400.prom").write_text(text)
    victoria = pusher(tmp_path)
    rounds = []
    add = victoria.spool.add

    def counted(entries: Any) -> Any:
        rounds.append(sum(entry.size for entry in entries))
        return add(entries)

    monkeypatch.setattr(victoria.spool, "add", counted)
    victoria._step()
    assert rounds == [1200] * 4


@pytest.mark.parametrize("refused", ["read_text", "unlink"])
def test_a_file_of_an_earlier_version_that_refuses_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    for number in range(3):
        (tmp_path / f"{number:016d}-1.prom").write_text(f"a 1 {number}\n")
    real = getattr(Path, refused)

    def call(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == f"{1:016d}-1.prom":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *arguments, **options)

    monkeypatch.setattr(Path, refused, call)
    victoria = pusher(tmp_path)
    assert victoria._step() > 0
    taken = [item.body for item in victoria.spool.first(9)]
    assert taken == [f"a 1 {n}\n" for n in range(3) if refused == "unlink" or n != 1]
    assert [path.name for path in tmp_path.glob("*.prom")] == [f"{1:016d}-1.prom"]
    assert victoria.spool_error
    # It was looked at once: what comes later is delivered all the same.
    assert asyncio.run(victoria.keep(Entry("m 1 1\n")))
    assert victoria._step() > 0
    assert victoria.spool.size == len(taken) + 1


def test_a_spool_that_cannot_be_used_is_told_and_ends_nothing(tmp_path: Path) -> None:
    victoria = pusher(tmp_path / "none")
    with pytest.raises(SpoolError):
        asyncio.run(victoria.keep(Entry("m 1 1\n")))
    assert victoria._step() > 0
    victoria._final()
    assert victoria.spool_error
    (tmp_path / "none").mkdir()
    assert asyncio.run(victoria.keep(Entry("m 1 1\n")))
    assert victoria.spool_error is None


def test_what_comes_together_is_one_transaction(tmp_path: Path) -> None:
    victoria = pusher(tmp_path)
    transactions = []
    add = victoria.spool.add
    victoria.spool.add = lambda entries: transactions.append(len(entries)) or add(entries)

    async def come() -> list[bool]:
        return await asyncio.gather(
            *(victoria.keep(Entry("m 1 1\n", key=bytes([n % 4]))) for n in range(5))
        )

    assert asyncio.run(come()) == [True] * 4 + [False]
    assert transactions == [5]
    assert victoria.spool.size == 4


def test_a_worker_that_dies_says_so(caplog: pytest.LogCaptureFixture) -> None:
    def step() -> float:
        raise RuntimeError("boom")

    worker = Worker("doomed", step)
    worker.start()
    assert worker.join(60)
    assert worker.died == "RuntimeError: boom"
    assert not worker.alive
    assert "background task died" in caplog.text


def test_a_worker_is_woken_and_finishes() -> None:
    steps: queue.SimpleQueue[int] = queue.SimpleQueue()
    number, finished = itertools.count(1), []
    worker = Worker("test", lambda: steps.put(next(number)) or 600.0, lambda: finished.append(1))
    worker.start()
    assert steps.get(timeout=60) == 1
    worker.wake()
    assert steps.get(timeout=60) == 2
    worker.stop()
    assert worker.join(60)
    assert steps.empty()
    assert (finished, worker.died) == ([1], None)


def test_a_deadline_ends_a_read_that_gets_a_byte_now_and_then() -> None:
    ours, theirs = socket.socketpair()

    def drip() -> None:
        with theirs:
            while True:
                try:
                    theirs.sendall(b".")
                except OSError:
                    return
                time.sleep(0.1)

    def read() -> None:
        with ours, deadline(ours.fileno(), 0.5):
            while ours.recv(1):
                pass
            raise ConnectionError("end")

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(TimeoutError):
        read()


def test_logs_are_json() -> None:
    record = logging.LogRecord("n", logging.INFO, "f", 1, "hello %s", ("a\nb",), None)
    record.data = {"target": "x"}
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "hello a\nb"
    assert json.loads(line)["target"] == "x"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_flood_of_records_is_limited_and_counted() -> None:
    clock, written, counted = Clock(), io.StringIO(), []
    handler = logs.Limited(written, clock)
    handler.counted = lambda: counted.append(1)
    log = logging.Logger("flooded")
    log.addHandler(handler)

    def lines() -> list[dict[str, Any]]:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    for number in range(10_000):
        log.warning("bad request %d from %s", number, "x" * number)
    log.warning("another kind")
    assert [line["message"].split()[0] for line in lines()] == ["bad"] * logs.BURST + ["another"]
    assert len(counted) == 10_000 - logs.BURST
    for _second in range(120):
        clock.now += 1
        for number in range(100):
            log.warning("bad request %d", number)
    said = lines()
    told = [line for line in said if "suppressed" in line]
    # The first loop's place in the code is another one.
    most = logs.BURST + 120 / logs.REFILL_SECONDS
    assert most - 1 <= len(said) - len(told) <= most
    assert len(told) == 2
    clock.now += 1
    handler.tell()
    handler.tell(last=True)
    told += lines()
    assert sum(line["suppressed"] for line in told) == len(counted)
    assert {logger for line in told for logger in line["loggers"]} == {"flooded"}


def test_the_health_check_is_light(tmp_path: Path) -> None:
    script = (
        "import sys; from collector.cli import main; "
        "code = main(['healthcheck', '--config', '/nowhere']); "
        "heavy = {'fastapi', 'pydantic', 'prometheus_client', 'uvicorn'} & set(sys.modules); "
        "sys.exit(f'imports {heavy}' if heavy else code)"
    )
    done = python("-c", script)
    assert done.returncode == 1
    assert done.stderr.startswith("not ready: ")
