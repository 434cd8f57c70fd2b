# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server: in a thread of a test, or for as long as a command runs."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn

from .app import create_app
from .faults import Recorder
from .state import Behaviour, State

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Tls:
    """Files of a server that lets in only who has a certificate of ``ca_certs``."""

    certfile: Path
    keyfile: Path
    ca_certs: Path


@dataclass
class Server:
    """A running stand-in."""

    url: str
    state: State
    recorder: Recorder


@contextmanager
def run(recorder: Recorder, port: int = 0, tls: Tls | None = None) -> Iterator[str]:
    """Serve in a thread, on a port of the loopback interface; the URL."""
    # The protocol is named so that asyncio sends small answers at once.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        files = {f"ssl_{name}": str(path) for name, path in asdict(tls).items()} if tls else {}
        config = uvicorn.Config(
            recorder,
            log_level="error",
            lifespan="off",
            ws="none",
            ssl_cert_reqs=ssl.CERT_REQUIRED if tls else ssl.CERT_NONE,
            **files,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        # Connections wait in the listener's queue until the server takes them.
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://{LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)


@contextmanager
def serve(
    behaviour: Behaviour | None = None,
    login: tuple[str, str] = ("admin", "admin"),
    port: int = 0,
    tls: Tls | None = None,
) -> Iterator[Server]:
    """A stand-in with nothing in it."""
    state = State(behaviour or Behaviour(), *login)
    recorder = Recorder(create_app(state))
    with run(recorder, port, tls) as url:
        yield Server(url, state, recorder)
