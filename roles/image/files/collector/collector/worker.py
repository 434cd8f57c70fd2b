# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A background task: one thread that repeats one step."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


class Worker:
    """Repeats ``step``, which returns the seconds to wait until its next turn.

    A step handles the errors it expects. Any other one ends the worker: it is logged, ``died``
    says so, and the collector stops being ready. No task dies in silence.
    """

    def __init__(
        self, name: str, step: Callable[[], float], finish: Callable[[], None] | None = None
    ) -> None:
        self.name = name
        self.died: str | None = None
        self._step = step
        self._finish = finish
        self._stopping = False
        self._wake = threading.Event()
        # A daemon: a server that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the task runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Take the first step now."""
        self._thread.start()

    def wake(self) -> None:
        """Take the next step without waiting any longer."""
        self._wake.set()

    def stop(self) -> None:
        """Ask for the end; ``finish`` is called after the step that may be under way."""
        self._stopping = True
        self._wake.set()

    def join(self, seconds: float) -> bool:
        """Wait for the end; False when it did not come within ``seconds``."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._wake.wait(self._step())
                self._wake.clear()
            if self._finish:
                self._finish()
        except BaseException as error:
            self.died = f"{type(error).__name__}: {error}"
            log.exception("background task died", extra={"data": {"task": self.name}})


class Requests(Generic[T]):
    """Who waits for the end of a worker's next step, and what it came to."""

    def __init__(self) -> None:
        self._waiting: list[Future[T]] = []
        self._lock = threading.Lock()

    def add(self) -> Future[T]:
        """One more."""
        future: Future[T] = Future()
        with self._lock:
            self._waiting.append(future)
        return future

    def take(self) -> list[Future[T]]:
        """All that wait until now; the step that took them answers them."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting
