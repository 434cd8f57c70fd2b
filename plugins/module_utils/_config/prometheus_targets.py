# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets from files: which version of each file a Prometheus has read, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._api.exposition import samples
from .._api.prometheus import LABELS
from .._http.session import Session
from .directory import FileSet
from .options import texts
from .server import NotLoaded

# Shape of an answer (`_http.answer`).
FOUND = {"discoveredLabels": LABELS, "scrapePool?": str}
DISCOVERED = {"data": {"activeTargets": [FOUND], "droppedTargets?": [FOUND]}}


def files_read(session: Session, url: str, directory: str) -> dict[str, float]:
    """Return the files of targets below a directory that a server has read, and their times.

    Source: Prometheus, GET /metrics.
    """
    text = session.get(f"{url}/metrics").text
    return {
        sample.labels["filename"][len(directory) :]: sample.value
        for sample in samples(text, "prometheus_sd_file_mtime_seconds")
        if sample.labels.get("filename", "").startswith(directory)
    }


class FileTargets:
    """The targets of a set's files, on the running server.

    Args:
        directory: Where the server sees the set, with a slash at the end.
        settling: Seconds after which what it has discovered is taken as it is.
    """

    def __init__(self, session: Session, url: str, directory: str, settling: float) -> None:
        self._session, self._url = session, url
        self._directory, self._settling = directory, settling
        self._since: float | None = None

    def loaded(self, wanted: FileSet, path: Path, asked: set[str]) -> tuple[int, list[str]]:
        """Return the number of targets, and the names of the scrape pools.

        A file is read if the server says so, or has what we read in it. Our own reading only says
        how long to wait: the server passes targets on every few seconds.

        Source: Prometheus HTTP API, GET /api/v1/targets.

        Args:
            path: The directory on this host.
            asked: Files that a server aside has read.

        Raises:
            NotLoaded: `server.other_targets`, with the values `missing` (files).
        """
        read = files_read(self._session, self._url, self._directory)
        expected = {
            name: _targets(wanted[name].content or b"")
            for name in sorted({*read, *asked})
            if name in wanted
        }
        found, pools = self._discovered()
        waiting = [
            name
            for name, those in expected.items()
            if those is not None and those != found.get(name, set())
        ]
        unread = [
            name for name in waiting if int(read.get(name, 0)) != int((path / name).stat().st_mtime)
        ]
        left = [name for name in found if name not in expected]
        if unread or ((waiting or left) and not self._waited()):
            names = sorted({*unread, *waiting, *left})
            raise NotLoaded(
                "server.other_targets",
                f"Prometheus at {self._url}: expected the targets of files that were written; it "
                f"has not those of {', '.join(names[:5])}.",
                settles=True,
                missing=names,
            )
        self._since = None
        return sum(len(those) for those in found.values()), pools

    def _waited(self) -> bool:
        if self._since is None:
            self._since = time.monotonic()
        return time.monotonic() - self._since > self._settling

    def _discovered(self) -> tuple[dict[str, set[str]], list[str]]:
        answer = self._session.get_json(f"{self._url}/api/v1/targets", DISCOVERED)["data"]
        found: dict[str, set[str]] = {}
        targets = (*answer["activeTargets"], *(answer.get("droppedTargets") or ()))
        for target in targets:
            labels: Mapping[str, str] = target["discoveredLabels"]
            file = labels.get("__meta_filepath", "")
            if file.startswith(self._directory):
                found.setdefault(file[len(self._directory) :], set()).add(
                    labels.get("__address__", "")
                )
        return found, sorted({target.get("scrapePool") or "" for target in targets} - {""})


def _targets(content: bytes) -> set[str] | None:
    """Return the addresses that we read in a file; None if we cannot."""
    found: set[str] = set()
    groups: Any = texts(content)
    if not isinstance(groups, list):
        return None if groups else found
    for group in groups:
        those = group.get("targets") or [] if isinstance(group, dict) else None
        if not isinstance(those, list):
            return None
        found.update(map(str, those))
    return found
