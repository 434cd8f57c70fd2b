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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The run was told to stop."""


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Turn signals into Interrupted, so that cleanup code runs.

    Yields:
        A function that raises Interrupted if the parent or the reader of the output is gone.
    """
    parent = os.getppid()
    output = sys.__stdout__.fileno() if sys.__stdout__ else 1

    def stop(number: int, _frame: Any) -> None:
        for each in SIGNALS:  # one is enough: another would interrupt the cleanup
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
    """Ignore signals."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def later() -> Iterator[None]:
    """Delay signals until the end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
