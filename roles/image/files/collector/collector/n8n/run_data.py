# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n's run data: one JSON list, in which a text is the place of what it stands for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from collector.n8n.text import clean

_STATUSES = {"success": "success", "error": "error", "crashed": "error"}


class NodeRun(NamedTuple):
    """One run of a node: ``status`` is success or error."""

    node: str
    status: str
    seconds: float


def node_runs(text: str) -> list[NodeRun]:
    """All runs of nodes that have ended. ValueError when it is no run data."""
    try:
        flat = json.loads(text)
        return list(_node_runs(flat))
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not n8n's run data: {error!r}") from error


def _node_runs(flat: list[Any]) -> Iterator[NodeRun]:
    def of(place: Any) -> Any:
        return flat[int(place)] if isinstance(place, str) else place

    result = of(flat[0]["resultData"])
    # An execution that ended before its first node has none.
    nodes = of(result["runData"]) if "runData" in result else {}
    for node, runs in nodes.items():
        for one in map(of, of(runs)):
            status = of(one.get("executionStatus")) or ("error" if one.get("error") else "success")
            if status in _STATUSES:
                seconds = max(0.0, float(one.get("executionTime", 0)) / 1000)
                yield NodeRun(clean(node), _STATUSES[status], seconds)
