# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a check as :meth:`.._check.Check.as_data` returns it.

Checks are taken in that form, because the report has checks of several modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Data = Mapping[str, Any]
# Words of subjects that no host is called.
NO_HOST = {"collector", "in", "VictoriaMetrics", "Prometheus"}
KINDS = (
    "collector",
    "pushgateway",
    "prometheus",
    "victoriametrics",
    "alertmanager",
    "grafana",
    "traefik",
)


def values(of: Any) -> Mapping[str, Any]:
    """Return the values of a check, or of a text in one."""
    found = of.get("values") if isinstance(of, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def hosts(check: Data) -> set[str]:
    """Return the hosts that a check's subject names."""
    return {*str(check["subject"]).split()} - NO_HOST


def kind(check: Data) -> str:
    """Return the kind of service that a check of one asks, or an empty text."""
    if check["name"] != "service":
        return ""
    title = str(values(values(check).get("wanted")).get("title", "")).lower()
    return title if title in KINDS else ""
