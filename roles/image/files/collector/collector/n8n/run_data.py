# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n's run data: one JSON list, in which a text is the place of what it stands for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from collector.n8n.text import one_line

_STATUSES = {"success": "success", "error": "error", "crashed": "error"}
# What is below it are seconds since 1970, not ms: n8n writes those after it has crashed.
_SECONDS_BELOW = 1e11
_NOT_UNDERSTOOD = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


class NodeRun(NamedTuple):
    """One run of a node: ``status`` is success or error."""

    node: str
    status: str
    seconds: float


class RunData(NamedTuple):
    """The runs of an execution, and how many of them cannot be read."""

    runs: list[NodeRun]
    unreadable: int


def node_runs(text: str | bytes, started_at: datetime | None = None) -> RunData:
    """All runs of nodes that have ended. ValueError when it is no run data.

    n8n copies runs of an earlier execution into a retry, and into a step that is executed in the
    editor: what began before ``started_at`` is not of this one.
    """
    try:
        flat = json.loads(text)
        found = list(_node_runs(flat, started_at.timestamp() if started_at else -math.inf))
    except _NOT_UNDERSTOOD as error:
        raise ValueError(f"not n8n's run data: {error!r}") from error
    runs = [run for run in found if isinstance(run, NodeRun)]
    return RunData(runs, sum(run is None for run in found))


def _node_runs(flat: list[Any], since: float) -> Iterator[NodeRun | None]:
    """Those that count; None for one that cannot be read."""
    result = _of(flat, flat[0]["resultData"])
    # An execution that ended before its first node has none.
    nodes = _of(flat, result["runData"]) if "runData" in result else {}
    for node, places in nodes.items():
        for place in _of(flat, places):
            try:
                run = _of(flat, place)
                status = _status(flat, run)
                if status and _began(run) >= since:
                    yield NodeRun(one_line(node), status, _seconds(run))
            except _NOT_UNDERSTOOD:
                yield None


def _of(flat: list[Any], place: Any) -> Any:
    return flat[int(place)] if isinstance(place, str) else place


def _status(flat: list[Any], run: Any) -> str | None:
    """None for one that has not ended."""
    status = _of(flat, run.get("executionStatus")) or ("error" if run.get("error") else "success")
    return _STATUSES.get(status)


def _began(run: Any) -> float:
    """The last moment at which it may have begun, in s since 1970."""
    start = run.get("startTime")
    if start is None:
        return math.inf
    return float(start) + 1 if start < _SECONDS_BELOW else float(start) / 1000


def _seconds(run: Any) -> float:
    seconds = float(run.get("executionTime", 0)) / 1000
    if not math.isfinite(seconds):
        raise ValueError("no time")
    return max(0.0, seconds)
