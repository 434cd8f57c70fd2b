# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the senders and the listener, and ends when a signal comes."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time

from collector import __version__, logs
from collector.metrics import CONTENT_TYPE, Metrics, revision
from collector.ping.listener import Listener
from collector.ping.plan import Plan
from collector.ping.request import Page, Pages, json_page
from collector.ping.sender import Sender

log = logging.getLogger(__name__)
SIGNALS = (signal.SIGTERM, signal.SIGINT)
# What is under way then is in the buffer, and is sent again.
FINISH_SECONDS = 3.0


class Service:
    """Everything that runs. Nothing is started here."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.metrics = Metrics("ping")
        self.senders = [Sender(plan, target, self.metrics) for target in plan.targets]
        self._started = time.monotonic()

    def pages(self) -> Pages:
        """What the listener shows."""
        return {"/metrics": self._metrics, "/health": self._health, "/ready": self._ready}

    def _metrics(self) -> Page:
        return 200, CONTENT_TYPE, self.metrics.exposition()

    def _ready(self) -> Page:
        missing = [f"task {s.target.name}" for s in self.senders if not s.worker.alive]
        return json_page(503 if missing else 200, {"ready": not missing, "missing": missing})

    def _health(self) -> Page:
        targets = {sender.target.name: sender.health() for sender in self.senders}
        died = {s.target.name: s.worker.died for s in self.senders if s.worker.died}
        well = all(target["ok"] for target in targets.values())
        health = {
            "status": "failed" if died else "ok" if well else "degraded",
            "version": __version__,
            "revision": revision(),
            "host": self.plan.host,
            "source": self.plan.source,
            "rehearsal": self.plan.rehearse,
            "uptime_seconds": round(time.monotonic() - self._started, 1),
            "targets": targets,
            "died": died,
        }
        return json_page(503 if died else 200, health)


def serve(plan: Plan) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    # Taken by sigwait, in this thread only; who started us may have blocked them already.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    logs.configure(plan.log_level)
    service = Service(plan)
    try:
        listener = Listener(plan.listen, plan.port, service.pages())
    except OSError as error:
        where = f"{plan.listen}:{plan.port}"
        print(
            f"collector: does not start. metrics.port: expected a free port, seen {where}: "
            f"{error.strerror}",
            file=sys.stderr,
        )
        return 1
    for sender in service.senders:
        sender.worker.start()
    listener.worker.start()
    data = {
        "version": __version__,
        "revision": revision(),
        "host": plan.host,
        "targets": [target.name for target in plan.targets],
        "rehearsal": plan.rehearse,
    }
    log.info("ready", extra={"data": data})
    signal.sigwait(SIGNALS)
    _end(service)
    sys.stdout.flush()
    # A server that hangs must not delay the end.
    os._exit(0)


def _end(service: Service) -> None:
    started = time.monotonic()
    for sender in service.senders:
        sender.worker.stop()
    until = started + FINISH_SECONDS
    unfinished = [
        sender.target.name
        for sender in service.senders
        if not sender.worker.join(max(0.0, until - time.monotonic()))
    ]
    seconds = round(time.monotonic() - started, 3)
    log.info("stopped", extra={"data": {"seconds": seconds, "unfinished": unfinished}})
