# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs neither the API nor a server: spool, worker, deadline, logs, health check, limits."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import queue
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import collector
from collector.api.protocol import HEAD_LIMIT
from collector.deadline import deadline
from collector.logs import JsonFormatter
from collector.metrics import Metrics
from collector.service import Listener, metrics_app
from collector.settings import VictoriaMetrics
from collector.spool import Spool
from collector.victoria import _BUFFER_SAMPLES, VictoriaPusher
from collector.worker import Worker


def test_the_spool_keeps_order_over_a_restart(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path), 100)
    for number in range(12):
        assert spool.append([f"line {number}\n"]) == 0
    (tmp_path / "0000000000000099-1.tmp").write_text("half a ba")
    (tmp_path / "notes").write_text("not ours")

    again = Spool(str(tmp_path), 100)
    assert again.samples == 12
    assert not list(tmp_path.glob("*.tmp"))
    again.append(["line 12\n"])
    seen = []
    while batch := again.first():
        seen.append(batch.path.read_text())
        again.remove_first()
    assert seen == [f"line {number}\n" for number in range(13)]
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_the_spool_drops_the_oldest(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path), 10)
    dropped = sum(spool.append([f"{n}\n"] * 4) for n in range(5))
    assert dropped == 12
    assert spool.samples == 8
    assert (first := spool.first())
    assert first.path.read_text() == "3\n" * 4


def test_a_spool_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(str(tmp_path), 10)

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        spool.append(["x\n"])
    assert not list(tmp_path.iterdir())
    assert spool.samples == 0


def pusher(tmp_path: Path, rehearse: bool = False) -> VictoriaPusher:
    settings = VictoriaMetrics(url="http://127.0.0.1:9", spool_directory=str(tmp_path))
    return VictoriaPusher(settings, Metrics(), rehearse)


def test_samples_stay_in_memory_while_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    victoria = pusher(tmp_path)
    for number in range(5):
        victoria.add("m", number, number)
    monkeypatch.setattr("os.fsync", full)
    victoria._step()
    assert victoria.spooled == 5
    assert "No space left" in victoria.state.health()["last_error"]
    monkeypatch.undo()
    victoria._step()
    (batch,) = tmp_path.iterdir()
    assert batch.read_text() == "".join(f"m {n} {n}\n" for n in range(5))


def test_the_buffer_is_bounded(tmp_path: Path) -> None:
    metrics = Metrics()
    settings = VictoriaMetrics(url="http://127.0.0.1:9", spool_directory=str(tmp_path))
    victoria = VictoriaPusher(settings, metrics)
    for number in range(_BUFFER_SAMPLES + 3):
        victoria.add("m", number, number)
    assert victoria.spooled == _BUFFER_SAMPLES
    name = "collector_spool_dropped_total"
    assert metrics.registry.get_sample_value(name, {"target": "victoriametrics"}) == 3


def test_a_rehearsal_writes_no_spool(tmp_path: Path) -> None:
    (tmp_path / "0000000000000001-1.prom").write_text("m 1 1\n")
    (tmp_path / "0000000000000002-1.tmp").write_text("of the release in service")
    victoria = pusher(tmp_path, rehearse=True)
    victoria.add("m", 1, 1)
    victoria._step()
    victoria._final()
    assert {path.suffix for path in tmp_path.iterdir()} == {".prom", ".tmp"}
    assert victoria.spooled == 0


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


def test_the_health_check_is_light(tmp_path: Path) -> None:
    script = (
        "import sys; from collector.cli import main; "
        "code = main(['healthcheck', '--config', '/nowhere']); "
        "heavy = {'fastapi', 'pydantic', 'prometheus_client', 'uvicorn'} & set(sys.modules); "
        "sys.exit(f'imports {heavy}' if heavy else code)"
    )
    where = Path(collector.__file__).parents[1]
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, check=False, cwd=where)
    assert done.returncode == 1
    assert done.stderr.startswith(b"not ready: ")


async def _talk(payload: bytes) -> bytes:
    listener = Listener(metrics_app(Metrics()))
    server = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(listener.serve(sockets=[server]))
    while not listener.started:
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection(*server.getsockname())
    try:
        writer.write(payload)
        return await asyncio.wait_for(reader.read(65536), 60)
    finally:
        writer.close()
        listener.end()
        await task


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /other HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b"404"),
        (b"GET /" + b"a" * (HEAD_LIMIT + 1), b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * (HEAD_LIMIT + 1), b"400"),
        (b"GET / HTTP/1.1\r\n" + b"X: aaaaaaaaaa\r\n" * 10_000, b"400"),
    ],
    ids=range(6),
)
def test_the_metrics_listener_and_its_limits(payload: bytes, status: bytes) -> None:
    answer = asyncio.run(_talk(payload))
    assert answer.split(b" ")[1] == status
    assert (b"collector_api_up" in answer) == (status == b"200")
