# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may end a module that has to clean up: signals, and a caller that is gone.

Ctrl-C reaches a module on the controller as a signal. Over ssh it does not: there the connection's
channel is closed, and the module is left alone, with an output that nobody reads.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The run was told to stop."""


def background(target: Callable[[], object]) -> threading.Thread:
    """Start a thread that takes no signal, and that the end does not wait for.

    The system gives a signal to any thread that takes it. Only the main thread can handle it, and a
    call that it waits in is only interrupted if the signal was given to it.
    """

    def run() -> None:
        take_none()
        target()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def after(seconds: float, action: Callable[[], object]) -> Callable[[], None]:
    """Call `action` after so many seconds, unless the function that is returned was called."""
    cancelled = threading.Event()

    def wait() -> None:
        if not cancelled.wait(max(seconds, 0)):
            action()

    background(wait)
    return cancelled.set


def take_none() -> None:
    """Leave signals to the other threads; `initializer` of a ThreadPoolExecutor."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Turn signals into Interrupted, so that cleanup code runs.

    Yields:
        A function that raises Interrupted if the parent or the reader of the output is gone.
    """
    parent = os.getppid()
    output = _output()

    def stop(number: int, _frame: Any) -> None:
        for each in SIGNALS:  # one is enough: another would interrupt the cleanup
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name)

    def look() -> None:
        poll = select.poll()
        if output is not None:
            poll.register(output, 0)  # errors and hang-ups are always reported
        if poll.poll(0) or os.getppid() != parent:
            raise Interrupted("its caller has gone")

    with _handled_by(stop):
        yield look


@contextmanager
def ending() -> Iterator[None]:
    """Let a signal end the module as `sys.exit` does, through all code that cleans up.

    Ansible ends a module with a signal when its connection breaks.
    """

    def end(number: int, _frame: Any) -> NoReturn:
        raise SystemExit(128 + number)

    with _handled_by(end):
        yield


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore signals."""
    with _handled_by(signal.SIG_IGN):
        yield


@contextmanager
def later() -> Iterator[None]:
    """Delay signals until the end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _output() -> int | None:
    """Return the descriptor of the output.

    Mitogen runs modules in one process, whose first output it has closed; it ends that process with
    a signal when its caller has gone.
    """
    try:
        return sys.__stdout__.fileno() if sys.__stdout__ else 1
    except ValueError:
        return None


@contextmanager
def _handled_by(handler: Any) -> Iterator[None]:
    """Handle signals until the end; only the main thread of a process can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, signal.SIG_DFL if former is None else former)
