# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server that behaves as MODE says. `app.py check` is its healthcheck.

ok           serves                              slow    serves after a second
crash        misses a module                     sick    passes its healthcheck once
never        always fails its healthcheck        fat     takes all memory
leak         logs its secret and ends              large   reads more files than fit, never healthy

With KEEPALIVE, connections stay open. Each answer takes DELAY seconds. SIGTERM ends it when the
requests under way have been answered.
"""

from __future__ import annotations

import http.server
import itertools
import mmap
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.request
from typing import ClassVar

MODE = os.environ.get("MODE", "ok")
PORT = int(os.environ.get("PORT", "8000"))


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers /health as MODE says, everything else with the version."""

    checks = itertools.count()
    under_way: ClassVar[list[str]] = []
    protocol_version = "HTTP/1.1" if os.environ.get("KEEPALIVE") else "HTTP/1.0"

    def do_GET(self) -> None:
        self.under_way.append(self.path)
        try:
            self.answer()
        finally:
            self.under_way.remove(self.path)

    def answer(self) -> None:
        healthy = True
        if self.path == "/health":
            healthy = MODE not in ("never", "large") and not (next(self.checks) and MODE == "sick")
        time.sleep(float(os.environ.get("DELAY", "0")))
        body = os.environ.get("VERSION", "none").encode()
        self.send_response(200 if healthy else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Be quiet."""


def check() -> None:
    """Exit 0 when healthy; urllib raises otherwise."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=15):
        pass


def end() -> None:
    """End when no request is under way."""
    while Handler.under_way:
        time.sleep(0.01)
    os._exit(0)


def read_over_and_over() -> None:
    """Read a file that is larger than the memory, page by page, as a program reads its own."""
    with pathlib.Path("/var/tmp/large").open("w+b") as file:
        file.truncate(96 << 20)
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
            for start in itertools.cycle(range(0, len(pages), mmap.PAGESIZE)):
                pages[start]


def serve() -> None:
    """Serve until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=end).start())
    if MODE == "crash":
        import a_module_that_is_not_in_the_image  # noqa: F401
    if MODE == "leak":
        sys.exit(f"cannot log in with {pathlib.Path('/run/secrets/key').read_text()}")
    if MODE == "fat":
        _hoard = [bytearray(8 << 20) for _n in range(64)]
    if MODE == "large":
        threading.Thread(target=read_over_and_over, daemon=True).start()
    if MODE == "slow":
        time.sleep(1)
    print("serving", flush=True)
    http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()


if __name__ == "__main__":
    check() if sys.argv[1:] == ["check"] else serve()
