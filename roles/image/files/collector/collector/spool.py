# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples that wait on disk: a directory of batches, sent and removed in order."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Batch:
    """A file of ``count`` lines."""

    path: Path
    count: int


class Spool:
    """A queue that survives restarts. A batch is there whole or not at all: its file gets its
    name only when it is written out. Used by one thread."""

    def __init__(self, directory: str, max_samples: int) -> None:
        self._directory = Path(directory)
        self._max_samples = max_samples
        self._batches: deque[Batch] = deque()
        self.samples = 0
        for leftover in self._directory.glob("*.tmp"):
            leftover.unlink()
        for path in sorted(self._directory.glob("*-*.prom")):
            sequence, _dash, count = path.stem.partition("-")
            if sequence.isdigit() and count.isdigit():
                self._batches.append(Batch(path, int(count)))
                self.samples += int(count)
        last = self._batches[-1].path.stem.partition("-")[0] if self._batches else "0"
        self._sequence = int(last)

    def append(self, lines: list[str]) -> int:
        """Write a batch; returns how many of the oldest samples were dropped for it.

        OSError when it cannot be written; nothing is left of it then.
        """
        self._sequence += 1
        path = self._directory / f"{self._sequence:016d}-{len(lines)}.prom"
        temporary = path.with_suffix(".tmp")
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write("".join(lines))
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        self._batches.append(Batch(path, len(lines)))
        self.samples += len(lines)
        dropped = 0
        while self.samples > self._max_samples and len(self._batches) > 1:
            dropped += self._batches[0].count
            self.remove_first()
        return dropped

    def first(self) -> Batch | None:
        """The oldest batch."""
        return self._batches[0] if self._batches else None

    def remove_first(self) -> None:
        """Forget the oldest batch."""
        batch = self._batches.popleft()
        self.samples -= batch.count
        batch.path.unlink(missing_ok=True)
