# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hard end for blocking work on a socket."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def deadline(fd: int, seconds: float) -> Iterator[None]:
    """Shut the socket ``fd`` down after ``seconds``, so that whoever reads it gets an end.

    Socket timeouts hold per read: a server that sends one byte now and then outlives them, and
    libpq has none for queries. Raises TimeoutError when the time was up, also if no other error
    came of it: many readers take an end for a whole answer.
    """
    # A duplicate, so that the timer never touches a descriptor that was closed and used again.
    duplicate = socket.socket(fileno=os.dup(fd))
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        with suppress(OSError):
            duplicate.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    try:
        timer.start()
    except RuntimeError as error:  # no thread can be started
        duplicate.close()
        raise OSError(f"no deadline can be set: {error}") from error
    try:
        yield
    except Exception as error:
        if expired.is_set():
            raise TimeoutError(f"no end within {seconds:g} s") from error
        raise
    else:
        if expired.is_set():
            raise TimeoutError(f"no end within {seconds:g} s")
    finally:
        timer.cancel()
        duplicate.close()
