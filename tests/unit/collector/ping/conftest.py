# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver that does what a test tells it, and a sender whose clock the test sets."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from collector.metrics import Metrics
from collector.ping import message
from collector.ping.message import iso
from collector.ping.plan import Plan, Target
from collector.ping.sender import Sender

from ....http_stand_in import Reply, between

KEY = "the-first-key-0123456789"
INTERVAL = 30.0


class Receiver:
    """Takes each ping once. ``reply`` is what it answers instead, if anything."""

    def __init__(self) -> None:
        self.key = KEY
        self.offset_seconds = 0.0
        self.reply: Callable[[], Reply] | Reply | None = None
        self.takes_and_replies = False
        self.accepted: list[dict[str, Any]] = []
        self.requests = 0
        self.bodies: list[dict[str, Any]] = []

    @property
    def ids(self) -> list[str]:
        return [ping["ping_id"] for ping in self.accepted]

    def answer(self, _method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        self.requests += 1
        ping = json.loads(body)
        self.bodies.append(ping)
        reply = self.reply() if callable(self.reply) else self.reply
        if reply and not self.takes_and_replies:
            return reply
        if path != "/api/ping" or headers.get("X-API-Key") != self.key:
            return 401, b"{}"
        if ping["ping_id"] not in self.ids:
            self.accepted.append(ping)
        now = iso(time.time_ns() + round(self.offset_seconds * 1e9))
        times = {"timestamp_received": now, "timestamp_processed": now}
        return reply or (200, json.dumps({"ping_id": ping["ping_id"], **times}).encode())


class Rig:
    """A sender that is stepped rather than started; ``now`` is its clock."""

    def __init__(self, plan: Plan, metrics: Metrics, target: Target) -> None:
        self.now = 1000.0
        self._source, self._target = plan.source["location"], target.location
        self._metrics = metrics
        self.sender = Sender(plan, target, metrics, lambda: self.now)

    def run(self, seconds: float) -> None:
        """Let time pass: all steps that fall into it."""
        until = self.now + seconds
        while self.now <= until:
            self.now += max(self.sender.step(), 0.001)
        self.now = until

    def value(self, name: str, **labels: str) -> float:
        place = {"source_location": self._source, "target_location": self._target}
        found = self._metrics.registry.get_sample_value(name, {**place, **labels})
        return 0.0 if found is None else found


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def rig(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Rig]]:
    """Make a sender to that receiver, or to ``url``; all share their metrics and directory."""
    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    metrics: list[Metrics] = []
    made: list[Rig] = []
    with ExitStack() as stack:
        served = stack.enter_context(between(receiver.answer))

        def make(
            url: str = served,
            name: str = "usa",
            again: bool = False,
            ca_file: Path | None = None,
            timeout: float = 30,
            **changes: Any,
        ) -> Rig:
            trusts = str(ca_file) if ca_file else None
            target = Target(name, name, url, str(key), timeout, trusts, None, None)
            plan = Plan(
                **{
                    "host": "wf008",
                    "source": {"location": "SP", "datacenter": "dc1", "country": "BR"},
                    "targets": (target,),
                    "interval_seconds": INTERVAL,
                    "circuit_failures": 5,
                    "circuit_seconds": 60.0,
                    "buffer_directory": str(tmp_path),
                    "buffer_max_pings": 1000,
                    "replay_per_second": 10.0,
                    "listen": "127.0.0.1",
                    "port": 9101,
                    "log_level": "info",
                    "rehearse": False,
                    **changes,
                }
            )
            if again or not metrics:
                metrics.append(Metrics("ping"))
            made.append(Rig(plan, metrics[-1], target))
            monkeypatch.setattr(message, "since_boot", lambda rig=made[-1]: rig.now)
            return made[-1]

        yield make
        for one in made:
            one.sender.close()
