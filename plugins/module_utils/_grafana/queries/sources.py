# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which data source a dashboard's reference means, as the browser looks it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Types by other names that Grafana takes for them: their former ones.
FORMER = {
    "postgres": "grafana-postgresql-datasource",
    "testdata": "grafana-testdata-datasource",
    "phlare": "grafana-pyroscope-datasource",
}
# Types that Grafana takes where Prometheus is meant.
PROMETHEUS = ("grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource")


def language_of(kind: str) -> str:
    """Return the type whose queries a type of data source takes."""
    return "prometheus" if kind in PROMETHEUS else FORMER.get(kind, kind)


def alike(kind: str, other: str) -> bool:
    """Return whether two types are one, which may have its former name."""
    return FORMER.get(kind, kind) == FORMER.get(other, other)


def fits(kind: str, wanted: object) -> bool:
    """Return whether Grafana takes a data source of a type where another type is asked for."""
    name = str(wanted)
    return alike(kind, name) or (name == "prometheus" and kind in PROMETHEUS)


def source_of(reference: Any, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the uid that a reference means; empty if it names none. Others stay as they are.

    Args:
        reference: A uid, a name, or a mapping with `uid` and `type`; variables are filled in.
        sources: The data sources by uid, in the form of the option.
    """
    if isinstance(reference, Mapping):
        kind, name = reference.get("type"), reference.get("uid")
        if not name:
            fitting = [uid for uid, source in sources.items() if fits(source["type"], kind)]
            defaults = [uid for uid in fitting if sources[uid]["is_default"]]
            return next(iter([*defaults, *fitting]), "")
    else:
        name = reference
    if not name or name == "default":
        return ""
    if name in sources:
        return str(name)
    named = (uid for uid, source in sources.items() if source["name"] == name)
    return next(named, str(name))
