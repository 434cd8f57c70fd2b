# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a drill is, in a file that the controller reads meanwhile; and whether it still does."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._http.session import HttpError
from .._signals import Interrupted
from .drill import RISE, Drill

LONGEST = 30.0  # seconds without a sign of the controller


class Progress:
    """A file with what the drills wait for; renewed when that changes.

    Args:
        path: The file. Empty: none is written.
        timeout: Seconds that all hops of a phase may take together.
    """

    def __init__(self, path: str, drills: Sequence[Drill], timeout: float) -> None:
        self._path, self._drills, self._timeout = path, drills, timeout
        self._written: Any = None

    def heed(self) -> None:
        """Raise Interrupted if the controller has shown itself, and does so no more.

        A worker of Ansible outlives Ansible, and a connection that is lost is not closed.
        """
        with suppress(OSError):
            seen = Path(f"{self._path}.read").stat().st_mtime if self._path else time.time()
            if time.time() - seen > LONGEST:
                raise Interrupted("the controller has gone")

    def tell(self, failed: HttpError | None = None) -> None:
        """Write the file.

        Args:
            failed: What failed in the last look, and is asked again.
        """
        now = [drill.hop for drill in self._drills], failed and failed.code
        if not self._path or now == self._written:
            return
        self._written = now
        content = {
            "waits": [self._wait(drill) for drill in self._drills if drill.hop],
            "failed": failed.subject if failed else "",
        }
        new = Path(f"{self._path}.new")
        with suppress(OSError):  # it is of no use to the drill itself
            new.write_text(json.dumps(content), encoding="utf-8")
            new.chmod(0o644)
            new.replace(self._path)

    def _wait(self, drill: Drill) -> dict[str, Any]:
        """Return alert and hop, since when it is waited for, and until when at the latest."""
        began = time.time() - (time.monotonic() - drill.began)
        before = [s for hop, s in drill.seconds.items() if (hop in RISE) == (drill.phase == "rise")]
        return {
            "alert": drill.rule.name,
            "hop": drill.hop,
            "since": began + max(before, default=0.0),
            "until": began + self._timeout,
        }
