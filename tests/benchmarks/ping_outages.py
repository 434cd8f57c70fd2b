# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings through outages of each kind and kills of both sides: what was sent, acknowledged, stored.

Senders and the collector are processes as their commands run them; between them stands a server
that breaks, and behind the collector one that counts samples in place of VictoriaMetrics.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import requests
from collector_common import KEY, free_port, image_environment

import collector
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between

INTERVAL = 0.5
CIRCUIT_SECONDS = 5
# What the server between them does; the last one stands for an answer that is lost.
OUTAGES: Mapping[str, Reply | None] = {
    "500": (500, b""),
    "429, Retry-After": (429, b"", {"Retry-After": "3"}),
    "401": (401, b"{}"),
    "garbage": (200, b"<html>it works</html>"),
    "cut": (0, b""),
    "answers lost": None,
    "storage away": None,
}
_PING_SAMPLE = re.compile(r"^(ping_sample_processing_seconds\{.*\}) \S+ (\d+)$", re.MULTILINE)


class Between:
    """The server between senders and collector, and what it has seen."""

    def __init__(self, port: int) -> None:
        self.outage: str | None = None
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self._url = f"http://127.0.0.1:{port}"
        self._session = threading.local()

    def answer(self, _method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        outage = self.outage
        ping_id = json.loads(body)["ping_id"]
        self.sent.add(ping_id)
        if outage and OUTAGES[outage]:
            return OUTAGES[outage] or (0, b"")
        session = getattr(self._session, "value", None)
        if session is None:
            session = self._session.value = requests.Session()
        try:
            found = session.post(self._url + path, data=body, headers=headers, timeout=10)
        except requests.RequestException:
            return 0, b""
        if found.status_code == 200:
            self.acknowledged.add(ping_id)
        if outage == "answers lost":
            return 0, b""
        later = found.headers.get("Retry-After")
        more = {"Retry-After": later} if later else {}
        return found.status_code, found.content, more


class Storage:
    """What VictoriaMetrics would have: samples, and how often the same one came."""

    def __init__(self, between: Between) -> None:
        self._between = between
        self.samples: dict[tuple[str, str], int] = {}

    def answer(self, _method: str, _path: str, _headers: dict[str, str], body: bytes) -> Reply:
        if self._between.outage == "storage away":
            return 503, b""
        for key in _PING_SAMPLE.findall(body.decode()):
            self.samples[key] = self.samples.get(key, 0) + 1
        return 204, b""


class Program:
    """One process that is killed and started again."""

    def __init__(self, command: str, directory: Path, settings: dict[str, object]) -> None:
        self._command, self.config = command, directory / "settings.json"
        self.config.write_text(json.dumps(settings))
        self._log = (directory / "log").open("ab")
        self.start()

    def start(self) -> None:
        """Start it; it need not be ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "collector", self._command, "--config", str(self.config)],
            stdout=self._log,
            stderr=self._log,
            cwd=Path(collector.__file__).parents[1],
        )

    def kill(self) -> None:
        """SIGKILL, and a new process."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()

    def end(self) -> None:
        """SIGTERM."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self._log.close()


def waiting(buffers: list[Path]) -> int:
    """Pings in all buffers."""
    total = 0
    for path in buffers:
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=5)) as database:
            total += database.execute("SELECT count(*) FROM item").fetchone()[0]
    return total


def memory(process: subprocess.Popen[bytes]) -> float:
    """Resident memory in MB."""
    text = Path(f"/proc/{process.pid}/status").read_text("ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024


def plan(seconds: float, kills: int) -> Iterator[tuple[float, str]]:
    """What happens when: outages in turn, and kills at random moments."""
    period = seconds / len(OUTAGES)
    for number, name in enumerate(OUTAGES):
        yield number * period + period * 0.2, name
        yield number * period + period * 0.6, "back"
    for number in range(kills):
        who = "kill collector" if number % 2 else "kill sender"
        yield random.uniform(0.05, 0.95) * seconds, who  # noqa: S311


def run(senders: int, seconds: float, kills: int, directory: Path) -> None:
    """Run it all and print what came of it."""
    api, metrics = free_port(), free_port()
    (directory / "key").write_text(KEY)
    middle = Between(api)
    storage = Storage(middle)
    with ExitStack() as stack:
        url = stack.enter_context(between(middle.answer))
        store = stack.enter_context(between(storage.answer))
        (directory / "api" / "spool").mkdir(parents=True)
        settings = {
            "host": "bench",
            "region": "local",
            "location": "here",
            "api": {"listen": "127.0.0.1", "port": api, "keys_file": str(directory / "key")},
            "metrics": {"listen": "127.0.0.1", "port": metrics},
            "victoriametrics": {
                "url": store,
                "interval_seconds": 1,
                "timeout_seconds": 1,
                "spool_directory": str(directory / "api" / "spool"),
            },
        }
        receiver = Program("api", directory / "api", settings)
        stack.callback(receiver.end)
        pingers, buffers = [], []
        for number in range(senders):
            place = directory / f"sender{number}"
            place.mkdir()
            target = {
                "name": "bench",
                "location": "here",
                "url": url,
                "api_key_file": str(directory / "key"),
                "timeout_seconds": 0.5,
            }
            settings = {
                "host": f"sender{number}",
                "source": {"location": f"sender{number}", "datacenter": "dc", "country": "ZZ"},
                "targets": [target],
                "interval_seconds": INTERVAL,
                "circuit": {"seconds": CIRCUIT_SECONDS},
                "buffer": {"directory": str(place)},
                "metrics": {"listen": "127.0.0.1", "port": free_port()},
                "log_level": "error",
            }
            pingers.append(Program("ping", place, settings))
            stack.callback(pingers[-1].end)
            buffers.append(place / "bench.db")
        started, recoveries, last = time.monotonic(), dict.fromkeys(OUTAGES, 0.0), ""
        for at, what in sorted(plan(seconds, kills)):
            time.sleep(max(0.0, started + at - time.monotonic()))
            if what == "kill sender":
                random.choice(pingers).kill()  # noqa: S311
            elif what == "kill collector":
                receiver.kill()
            elif what == "back":
                middle.outage, back = None, time.monotonic()
                while waiting(buffers) > senders and time.monotonic() - back < 60:
                    time.sleep(0.1)
                recoveries[last] = time.monotonic() - back
            else:
                middle.outage = last = what
        time.sleep(max(0.0, started + seconds - time.monotonic()))
        resident = max(memory(pinger.process) for pinger in pingers)
        for pinger in pingers:
            # No new ones, but what waits: a long interval.
            pinger.process.terminate()
            pinger.process.wait(10)
            settings = json.loads(pinger.config.read_text())
            settings["interval_seconds"] = 3600
            pinger.config.write_text(json.dumps(settings))
            pinger.start()
        until = time.monotonic() + 120
        while waiting(buffers) and time.monotonic() < until:
            time.sleep(0.2)
        while len(storage.samples) < len(middle.acknowledged) and time.monotonic() < until:
            time.sleep(0.2)
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics") as answer:
            dropped = re.findall(
                r"^collector_spool_dropped_total\S* (\S+)", answer.read().decode(), re.M
            )
    print(f"{senders} senders, a ping each {INTERVAL:g} s, {kills} kills, {seconds:g} s")
    print(f"{'sent':30}{len(middle.sent):8}")
    print(f"{'acknowledged':30}{len(middle.acknowledged):8}")
    print(f"{'stored':30}{len(storage.samples):8}")
    twice = sum(count - 1 for count in storage.samples.values())
    print(f"{'of these sent again, unchanged':30}{twice:8}")
    print(f"{'stored twice':30}{max(0, len(storage.samples) - len(middle.acknowledged)):8}")
    print(f"{'left in buffers':30}{waiting(buffers):8}")
    print(f"{'dropped by the collector':30}{sum(map(float, dropped)):8.0f}")
    print(f"{'memory of a sender, MB':30}{resident:8.1f}")
    print(f"\noutage              s to empty buffers (circuit of {CIRCUIT_SECONDS} s)")
    for name, took in recoveries.items():
        print(f"{name:20}{took:8.1f}")


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=260)
    parser.add_argument("--kills", type=int, default=10)
    options = parser.parse_args()
    os.environ.update(image_environment())
    with tempfile.TemporaryDirectory() as name:
        run(options.senders, options.seconds, options.kills, Path(name))


if __name__ == "__main__":
    main()
