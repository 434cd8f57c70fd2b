# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of services that a backup knows, by name."""

from __future__ import annotations

from .alerting import Alertmanager, Pushgateway
from .databases import MariaDb, PostgreSql
from .kind import Kind
from .storage import Prometheus, VictoriaMetrics

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(),
        Prometheus(),
        VictoriaMetrics(),
        Pushgateway(),
        Alertmanager(),
        PostgreSql(),
        MariaDb(),
    )
}
