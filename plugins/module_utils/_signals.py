# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may end a module that has to clean up: signals, and a caller that has gone.

Ctrl-C reaches a module on the controller as a signal. Over ssh it does not: there the connection's
channel is closed, and the module is left alone, with an output that nobody reads.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The run was told to stop."""


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Signals raise Interrupted, so that whoever cleans up does.

    So does a call of what this yields, when the parent or the reader of the output has gone.
    """
    parent = os.getppid()
    output = sys.__stdout__.fileno() if sys.__stdout__ else 1

    def stop(number: int, _frame: Any) -> None:
        for each in SIGNALS:  # one is enough: another would interrupt the cleaning up
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name)

    def look() -> None:
        poll = select.poll()
        poll.register(output, 0)  # errors and hang-ups are always reported
        if poll.poll(0) or os.getppid() != parent:
            raise Interrupted("its caller has gone")

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield look
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf() -> Iterator[None]:
    """No signal interrupts this."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def later() -> Iterator[None]:
    """A signal interrupts after this."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
