# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the targets that a Prometheus server has discovered are those of the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._http.session import Session
from .transaction import NotLoaded


def targets_loaded(session: Session, url: str, files: Mapping[str, Any], mount_path: str) -> int:
    """Compare the targets of C(file_sd) files with those discovered; return their number.

    C(files): parsed target files by name. Raises NotLoaded.
    """
    expected = {
        (f"{mount_path}/{name}", target)
        for name, groups in files.items()
        for group in groups or []
        for target in group.get("targets") or []
    }
    found = session.get_json(f"{url}/api/v1/targets")["data"]
    own = f"{mount_path}/"
    discovered = {
        (labels["__meta_filepath"], labels["__address__"])
        for target in (*found["activeTargets"], *found["droppedTargets"])
        for labels in [target["discoveredLabels"]]
        if labels.get("__meta_filepath", "").startswith(own)
    }
    missing = sorted(map(str, expected - discovered))
    extra = sorted(map(str, discovered - expected))
    if missing or extra:
        raise NotLoaded(
            f"Prometheus at {url}: expected the targets of files that were written; "
            f"missing: {', '.join(missing[:5]) or 'none'}; too many: "
            f"{', '.join(extra[:5]) or 'none'}. ",
            settles=True,
        )
    return len(expected)
