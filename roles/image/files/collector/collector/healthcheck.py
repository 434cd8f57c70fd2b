# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the running service whether it is ready. Standard library only, and little of it."""

from __future__ import annotations

import json
import socket
import sys

TIMEOUT_SECONDS = 3


def healthcheck(config: str) -> int:
    """0 when /ready answers 200; else 1, and the reason on stderr."""
    try:
        with open(config, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs 10 ms here
            settings = json.load(file)
        # The API has its own listener; the ping service has one.
        api = "api" in settings
        listener = settings.get("api" if api else "metrics", {})
        address = listener.get("listen", "0.0.0.0")  # noqa: S104
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
        where = (loopback.get(address, address), listener.get("port", 5001 if api else 9101))
        with socket.create_connection(where, TIMEOUT_SECONDS) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.sendall(b"GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = connection.recv(4096)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"not ready: {error!r}", file=sys.stderr)
        return 1
    if answer.split(b" ", 2)[1:2] == [b"200"]:
        return 0
    print(f"not ready: {answer.decode('utf-8', 'replace')}", file=sys.stderr)
    return 1
