# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether a server runs the configuration that was written, by its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._check import Check
from .._config.directory import Directory
from .._config.rehearsal import Words, digest
from .._docker.container import running
from .._failure import Failure
from .._http.answer import understood
from .._http.options import Options
from .._http.session import HttpError, Session
from .look import Look
from .written import mounted

TIMEOUT = 10.0  # seconds


def loaded_check(look: Look) -> Check | None:
    """Compare what the server says now with what it said after the deploy.

    That is known also where the deploy could not judge it. None if nothing is known of that, of
    files that were changed (`written` tells), of another image, and of a container that does not
    run.
    """
    if not running(look.current) or look.current["State"]["Paused"]:
        return None
    for path in mounted(look.current):
        try:
            known = Directory(str(path)).last_said()
        except (Failure, OSError):
            continue
        asked = known.get("asked") or {}
        proven = asked.get("container") == look.name and known["image"] == look.current["Image"]
        if proven:
            return _judged(look, asked, str(known["said"]))
    return None


def _judged(look: Look, asked: Mapping[str, Any], said: str) -> Check | None:
    url = str(asked["url"])
    ask = look.ask("loaded", url=url)
    try:
        with Session(Options(timeout=TIMEOUT, retries=0)) as session, understood(url):
            words = _words(session, str(asked["program"]), url, str(asked["mount_path"]))
    except HttpError as error:
        return ask.skip("not_asked", request=error.subject, error=error.seen)
    if words is None:
        return None
    return ask.ok() if digest(words) == said else ask.fail("other")


def _words(session: Session, program: str, url: str, mount_path: str) -> Words | None:
    """Return what a server says that it has loaded; None for one that follows its files itself."""
    # Imported where they are needed: most hosts run neither.
    if program == "prometheus":
        from .._config import prometheus_rehearsal

        return prometheus_rehearsal.words_of_server(session, url, mount_path)
    if program == "alertmanager":
        from .._config import alertmanager

        return alertmanager.words_of_server(session, url)
    return None
