# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a command: ``python -m tests.grafana_stand_in --port 3000``."""

from __future__ import annotations

import argparse
import signal
import threading

from .server import serve
from .state import Behaviour


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="grafana_stand_in",
        description="A stand-in for Grafana's HTTP API, for tests. It forgets all when it ends.",
    )
    parser.add_argument("--port", type=int, default=0, help="of the loopback interface; 0: any")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="admin")
    parser.add_argument("--token", help="a token with the role Admin; without: one is made up")
    parser.add_argument(
        "--version", default="9.3.2", help="recorded: 9.3.2, 9.4.0-pre, 12.0.0-pre, 12.4.0"
    )
    flags = ("whole-groups", "nested-folders", "source-health", "free-provenance", "hidden-urls")
    flags += ("notification-settings",)
    for flag in flags:
        parser.add_argument(f"--{flag}", action="store_true", help="an assumption, see the README")
    given = parser.parse_args()
    chosen = {name: getattr(given, name) for name in (flag.replace("-", "_") for flag in flags)}
    behaviour = Behaviour(given.version, **chosen)
    with serve(behaviour, (given.user, given.password), given.port) as server:
        account = server.state.add_account("sa-command", "command", {1: "Admin"})
        token = server.state.add_token(account, 1, given.token)
        print(f"stand-in for Grafana {given.version}: {server.url} token {token}", flush=True)
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()


if __name__ == "__main__":
    main()
