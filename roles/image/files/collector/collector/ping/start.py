# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""From settings that were checked to the running service."""

from __future__ import annotations

import os
import signal
import sys

from collector.ping.settings import PingSettings


def start(settings: PingSettings, rehearse: bool) -> int:
    """Become the service: the same process, without the memory that checking has taken."""
    with open(os.memfd_create("settings"), "w+b") as file:  # noqa: PTH123 - a descriptor
        file.write(settings.model_dump_json().encode())
        file.seek(0)
        os.dup2(file.fileno(), 0)
    # A signal that comes meanwhile waits for the service.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    arguments = ["--rehearse"] if rehearse else []
    os.execv(sys.executable, [sys.executable, "-m", "collector.ping", *arguments])  # noqa: S606
