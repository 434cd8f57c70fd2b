# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run may need of memory, measured with data of the worst form, and what it may use.

The role checks the same before it deploys: plugins/plugin_utils/_preflight/n8n_exporter.py.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

MIB = 1 << 20
# The program, its libraries, and a page of rows.
_BASE = 56 * MIB
# A list of empty objects, parsed; only one execution is parsed at a time.
_DATA = 28
_NODE = 9 * 1024
_WORKFLOW = 12 * 1024
# A page of workflows; real ones need a third of that.
_ANSWER = 12
_LARGEST_ANSWER = 32 * MIB
_SMALLEST_ANSWER = MIB
_CGROUP_FILES = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def for_nodes(data_bytes: int, nodes: int) -> int:
    """Bytes for rows of so many bytes and so many nodes with their own series."""
    return _BASE + _DATA * data_bytes + _NODE * nodes


def for_executions(workflows: int) -> int:
    """Bytes for so many workflows with series of their own."""
    return _BASE + _ANSWER * _SMALLEST_ANSWER + _WORKFLOW * workflows


def largest_answer(workflows: int) -> int:
    """How large an answer of n8n may be."""
    usable = limit()
    if usable is None:
        return _LARGEST_ANSWER
    left = (usable - _BASE - _WORKFLOW * workflows) // _ANSWER
    return max(_SMALLEST_ANSWER, min(left, _LARGEST_ANSWER))


def limit(files: tuple[str, ...] = _CGROUP_FILES) -> int | None:
    """What the container may use; None where there is no limit."""
    for file in files:
        with suppress(OSError, ValueError):
            found = int(Path(file).read_text("ascii"))
            return found if found < 1 << 50 else None
    return None
