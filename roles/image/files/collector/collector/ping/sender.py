# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings to one target: a new one each interval, and those that wait when it can be reached."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from collector.metrics import Metrics
from collector.ping.circuit import Circuit
from collector.ping.client import Exchange, PingClient, PingError
from collector.ping.key import Key
from collector.ping.message import (
    OLDEST_SECONDS,
    Measurement,
    Ping,
    acknowledged,
    boot_id,
    measure,
)
from collector.ping.plan import Plan, Target
from collector.ping.state import PingState
from collector.spool import Entry, Item, Spool, SpoolError
from collector.worker import Worker

log = logging.getLogger(__name__)
# A key that was refused may be changed at any time.
_KEY_LOOK_SECONDS = 1.0
_IDLE_SECONDS = 3600.0
# A collector may have forgotten that ping, and would take it for one of now.
_OLDEST_MEASUREMENT_SECONDS = 3600.0


class Sender:
    """A thread that sends. Each ping is in the buffer before it is sent, and until it is answered:
    a process that is killed loses none."""

    def __init__(
        self,
        plan: Plan,
        target: Target,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = target
        self._plan = plan
        self._clock = clock
        self.client = PingClient(target)
        self._key = Key(target.api_key_file)
        self._boot = boot_id()
        self.buffer = Spool(
            Path(plan.buffer_directory) / f"{target.name}.db", plan.buffer_max_pings
        )
        self.buffer_error: str | None = None
        self.circuit = Circuit(plan.circuit_failures, plan.circuit_seconds)
        self.state = PingState(plan.source["location"], target.location, metrics)
        self._due = clock()
        self._sequence = 0
        self._refused_key = False
        # Travels with the next ping, once; until then it is the buffer's note.
        self._measured: Measurement | None = None
        self.worker = Worker(target.name, self.step, self.close)

    def step(self) -> float:
        """Send one ping, if it is time for one; the seconds until the next may be."""
        if self._plan.rehearse:
            return _IDLE_SECONDS
        now = self._clock()
        if self._key.changed():
            self.circuit.send_at = self.circuit.retry_at = now
            self._refused_key = False
        if now >= self._due:
            self._new(now)
        elif self.buffer.size and now >= max(self.circuit.send_at, self.circuit.retry_at):
            self._again()
        self.state.show(self.buffer.size, self.circuit.open)
        return self._wait()

    def close(self) -> None:
        """Close what is open; what is needed again is opened again."""
        self.client.close()
        self.buffer.close()

    def health(self) -> dict[str, Any]:
        """The state of this target."""
        damaged = self.buffer.damaged
        health = self.state.health()
        return {
            **health,
            "ok": health["ok"] and not self.buffer_error and not self._key.error,
            "location": self.target.location,
            "failures_in_row": self.circuit.failures,
            "circuit_open": self.circuit.open,
            "buffer_pings": self.buffer.size,
            "buffer_error": self.buffer_error,
            "buffer_damaged": str(damaged) if damaged else None,
            "key_error": self._key.error,
        }

    def _wait(self) -> float:
        until = self._due
        if self.buffer.size:
            until = min(until, max(self.circuit.send_at, self.circuit.retry_at))
        wait = max(0.0, until - self._clock())
        return min(wait, _KEY_LOOK_SECONDS) if self._refused_key or self._key.error else wait

    def _new(self, now: float) -> None:
        # Steady: what could not be sent in its time, because a server held us up, is left out.
        late = (now - self._due) // self._plan.interval_seconds
        self._due += self._plan.interval_seconds * (late + 1)
        if not self._sequence:
            self._measured = self._noted()
        self._sequence += 1
        measured, self._measured = self._measured, None
        ping = Ping.new(self._sequence, self._boot, measured)
        item = self._keep(ping)
        if now >= self.circuit.send_at:
            self._send(ping, item, new=True)
        elif item is None:
            self.state.dropped(1, "the buffer cannot be written")

    def _again(self) -> None:
        item = self._first()
        if item is None:
            return
        try:
            ping = Ping.restored(item.body)
            too_old = ping.age(self._boot) > OLDEST_SECONDS
        except (ValueError, KeyError, TypeError, AttributeError):
            self._drop(item, "not readable")
            return
        if too_old:
            self._drop(item, "too old")
            return
        self._send(ping, item, new=False)
        pace = self._clock() + 1 / self._plan.replay_per_second
        self.circuit.retry_at = max(self.circuit.retry_at, pace)

    def _send(self, ping: Ping, item: Item | None, new: bool) -> None:
        try:
            exchange = self.client.send(
                self._key.value, lambda: ping.wire(self._plan.source, self._boot)
            )
            answer = _answer(exchange, ping, self.target.url)
        except PingError as error:
            self._failed(error, item)
            return
        measured = None
        if new:  # what an old one measures is of now, and would be taken for one of then
            measured = measure(answer, exchange.sent_ns, exchange.elapsed_ns)
            self._measured = measured
        self.circuit.succeeded()
        self._refused_key = False
        # In one transaction: a kill costs neither the ping nor its measurement.
        noted = replace(ping, previous=measured).stored() if measured else ""
        self._remove(item, noted if new else None)
        self.state.succeeded(measured)

    def _failed(self, error: PingError, item: Item | None) -> None:
        now = self._clock()
        if error.final:
            self.circuit.succeeded()  # the server is there, and takes others perhaps
        elif error.retry_after is None or error.error_type != "http_429":
            self.circuit.failed(now)
        if error.retry_after is not None and not error.final:
            self.circuit.asked_to_wait(now, error.retry_after)
        if error.error_type == "http_401":
            # Again when the key is another one, or the next ping is due.
            self._refused_key = True
            self.circuit.retry_at = max(self.circuit.send_at, self._due)
        self.state.failed(error, self.circuit.failures)
        if error.final:
            self._drop(item, "refused")
        elif item is None:
            self.state.dropped(1, "the buffer cannot be written")

    def _keep(self, ping: Ping) -> Item | None:
        try:
            (item,), dropped = self.buffer.add([Entry(ping.stored())], note="")
        except SpoolError as error:
            self._unwritable(error)
            return None
        self.buffer_error = None
        self.state.dropped(dropped, "buffer full")
        return item

    def _first(self) -> Item | None:
        try:
            return next(iter(self.buffer.first(1)), None)
        except SpoolError as error:
            self._unwritable(error)
            return None

    def _noted(self) -> Measurement | None:
        """What the process before this one measured last, and has not reported."""
        try:
            ping = Ping.restored(self.buffer.note())
            recent = 0 <= ping.age(self._boot) <= _OLDEST_MEASUREMENT_SECONDS
        except (SpoolError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return ping.previous if recent else None

    def _remove(self, item: Item | None, note: str | None = None) -> None:
        if item is None:
            return
        try:
            self.buffer.remove([item], note)
        except SpoolError as error:
            self._unwritable(error)  # it is sent again, and is one ping there

    def _drop(self, item: Item | None, reason: str) -> None:
        self._remove(item)
        self.state.dropped(1, reason)

    def _unwritable(self, error: SpoolError) -> None:
        if self.buffer_error != str(error):
            log.error("buffer not usable", extra={"data": {"error": str(error)}})
        self.buffer_error = str(error)
        self.circuit.retry_at = self._clock() + self._plan.interval_seconds


def _answer(exchange: Exchange, ping: Ping, url: str) -> dict[str, Any]:
    try:
        return acknowledged(exchange.body, ping.ping_id)
    except ValueError as error:
        text = f"{url}: {error}; does a collector answer there?"
        raise PingError("bad_response", text) from error
