# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the running collector, and their state."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from collector import __version__
from collector.metrics import Metrics, revision
from collector.probes import DatabaseProbe
from collector.pushgateway import PushgatewayPusher
from collector.settings import Settings
from collector.sources import Sources
from collector.victoria import VictoriaPusher
from collector.worker import Worker


class Parts:
    """Everything that runs, built from the settings. Nothing is started here."""

    def __init__(self, settings: Settings, rehearse: bool = False) -> None:
        self.settings = settings
        self.rehearse = rehearse
        self.started_at = time.monotonic()
        self.listening = {"api": False, "metrics": False}
        self.metrics = Metrics()
        self.metrics.announce()
        self.victoria = (
            VictoriaPusher(settings.victoriametrics, self.metrics, rehearse)
            if settings.victoriametrics
            else None
        )
        self.sources = Sources(settings, self.metrics, self.victoria)
        self.probes = [DatabaseProbe(database, self.metrics) for database in settings.databases]
        self.pushgateway = (
            PushgatewayPusher(
                settings.pushgateway, settings.host, settings.region, self.metrics, rehearse
            )
            if settings.pushgateway
            else None
        )

    def workers(self) -> Iterator[Worker]:
        """All background tasks; the pushers last."""
        for probe in self.probes:
            yield probe.worker
        yield from self.pushers()

    def pushers(self) -> Iterator[Worker]:
        """The background tasks that have something to finish."""
        for pusher in (self.victoria, self.pushgateway):
            if pusher:
                yield pusher.worker

    def missing(self) -> list[str]:
        """What should run and does not."""
        listeners = [f"listener {name}" for name, up in self.listening.items() if not up]
        return listeners + [f"task {w.name}" for w in self.workers() if not w.alive]

    def health(self) -> dict[str, Any]:
        """The state of each part. ``status`` is failed when a background task has died,
        degraded when a part does not do its work, else ok."""
        databases = {probe.name: probe.health() for probe in self.probes}
        push: dict[str, dict[str, Any]] = {}
        if self.pushgateway:
            push["pushgateway"] = self.pushgateway.state.health()
        if self.victoria:
            state, spool = self.victoria.state.health(), self.victoria.spool
            push["victoriametrics"] = {
                **state,
                "ok": state["ok"] and not self.victoria.spool_error,
                "spool_samples": spool.size,
                "spool_error": self.victoria.spool_error,
                "spool_damaged": str(spool.damaged) if spool.damaged else None,
            }
        died = {worker.name: worker.died for worker in self.workers() if worker.died}
        well = all(part["ok"] for part in (*databases.values(), *push.values()))
        return {
            "status": "failed" if died else "ok" if well else "degraded",
            "version": __version__,
            "revision": revision(),
            "host": self.settings.host,
            "rehearsal": self.rehearse,
            "uptime_seconds": round(time.monotonic() - self.started_at, 1),
            "databases": databases,
            "push": push,
            "tasks": {worker.name: worker.alive for worker in self.workers()},
            "died": died,
        }


# No names, no addresses, no texts of other servers.
_OPEN = {
    "ok", "up", "failures_in_row", "spool_samples", "last_probe_age_seconds",
    "last_success_age_seconds", "last_error_age_seconds",
}  # fmt: skip


def states(report: dict[str, Any]) -> dict[str, Any]:
    """What everybody may know of a report of ``Parts.health``."""

    def reduced(part: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in part.items() if name in _OPEN}

    return {
        "status": report["status"],
        "uptime_seconds": report["uptime_seconds"],
        "databases": [reduced(part) for part in report["databases"].values()],
        "push": {target: reduced(part) for target, part in report["push"].items()},
    }
