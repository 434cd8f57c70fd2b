# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workflow as n8n's database has it: its name, what is saved of it, the types of its nodes."""

from __future__ import annotations

import json
import logging
from typing import Any, NamedTuple

from collector.n8n.answers import UNKNOWN
from collector.n8n.saving import Saving, saving
from collector.n8n.text import one_line

log = logging.getLogger(__name__)


class WorkflowNodes(NamedTuple):
    """``types`` by the names of the nodes."""

    name: str
    saved: str
    types: dict[str, str]


UNKNOWN_WORKFLOW = WorkflowNodes("(no workflow)", UNKNOWN, {})


def workflow_nodes(row: Any, default: Saving) -> WorkflowNodes:
    """What a row says; what it does not say in a known form is unknown."""
    types: dict[str, str] = {}
    try:
        types = _types(json.loads(row["nodes"] or b"[]"))
    except (ValueError, TypeError, RecursionError) as error:
        data = {"id": row["id"], "error": repr(error)}
        log.warning("nodes not understood", extra={"data": data})
    try:
        settings = json.loads(row["settings"] or b"null")
    except (ValueError, RecursionError):
        settings = None
    name = one_line(row["name"]) or row["id"]
    return WorkflowNodes(name, saving(settings, default).label, types)


def _types(nodes: Any) -> dict[str, str]:
    found = [(each.get("name"), each.get("type")) for each in nodes if isinstance(each, dict)]
    return {
        one_line(name): one_line(kind)
        for name, kind in found
        if isinstance(name, str) and isinstance(kind, str)
    }
