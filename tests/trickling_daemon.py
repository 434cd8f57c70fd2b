# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Docker daemon that says a little now and then, and never comes to an end."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
# What comes first, and what then comes again and again, far more often than `timeout`.
ENDLESS = {
    "body": (HEAD + b"Content-Length: 99999\r\n\r\n", b"x"),
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (HEAD + b"X-Long: ", b"x"),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
EVENTS = (CHUNKED, b"16\r\n" + b'{"status": "waiting"}\n' + b"\r\n")
SILENT = (CHUNKED, b"")
LONGEST = 30.0  # seconds after which the daemon itself gives up, and the test with it
VERSION = json.dumps({"ApiVersion": "1.41", "Version": "20.10"}).encode()
Said = tuple[bytes, bytes]


def _talk(connection: socket.socket, said: Said, known: bool) -> None:
    end = time.monotonic() + LONGEST
    with connection, suppress(OSError):
        while known:  # its version is told properly, as often as it is asked for
            asked = connection.recv(65536)
            if b"/version" not in asked.split(b"\r\n")[0]:
                break
            size = b"Content-Length: %d\r\n\r\n" % len(VERSION)
            connection.sendall(HEAD + size + VERSION)
        connection.sendall(said[0])
        while time.monotonic() < end:
            connection.sendall(said[1])
            time.sleep(0.05)


@contextmanager
def daemon(listener: socket.socket, said: Said, known: bool = True) -> Iterator[None]:
    """A daemon that goes on for ever; `known`: after it has told its version."""

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _peer = listener.accept()
                arguments = (connection, said, known)
                threading.Thread(target=_talk, args=arguments, daemon=True).start()

    with listener:
        listener.listen()
        threading.Thread(target=accept, daemon=True).start()
        yield


def at_socket(directory: Path) -> tuple[socket.socket, str]:
    """A listener on a socket in a directory, and the daemon's address."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(directory / "d.sock"))
    return listener, f"unix://{directory / 'd.sock'}"
