# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what a collector reports about its databases, its push targets and its tasks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..._check import Ask, Check
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import Text, text
from ..collector import HEALTH, Collector
from .service import unknown_service

# The outcome of databases that are all down for one reason, by the collector's word for it.
CAUSES = {
    "timeout": "health.part_down.timeout",
    "connection_refused": "health.part_down.connection_refused",
    "dns": "health.part_down.dns",
    "authentication": "health.part_down.authentication",
    "permission": "health.part_down.permission",
    "too_many_connections": "health.part_down.too_many_connections",
    "database_missing": "health.part_down.database_missing",
    "starting": "health.part_down.starting",
    "tls": "health.part_down.tls",
    "query": "health.part_down.query",
    "other": "health.part_down.other",
}


def check_health(
    session: Session,
    ask: Ask,
    service: Mapping[str, Any],
    collector: Collector | None = None,
    ready: Callable[[], object] | None = None,
) -> Check:
    """Ask a collector for the state of its parts, and judge it.

    What /health says of the time before this run is history: the collector is asked to probe its
    databases first, and to push, unless another part asks for that.

    Source: the collector, POST /api/probe, POST /api/push and GET /health (docs/collector.md).

    Args:
        service: An element of `services` of service_check.
        collector: The same with its keys; None if they are not known.
        ready: Waits for another part that asks for a push; None if none does.

    Raises:
        HttpError: The request failed.
    """
    url = check_url(service["url"]) + "/health"
    keyed = collector is not None and bool(collector.keys)
    headers = {**authorization(service), **(collector.headers() if collector and keyed else {})}
    probed = None
    if collector and keyed:
        # If it cannot, /health says what it last knew.
        with contextlib.suppress(HttpError):
            probed = collector.probe(session)
        if ready:
            ready()
        else:
            with contextlib.suppress(HttpError):
                collector.ask(session, "POST", "/api/push")
    response = session.get(url, expected=(200, 503), headers=headers)
    try:
        health = response.json(HEALTH)
    except HttpError:
        return unknown_service(ask, response)
    if probed and isinstance(health["databases"], Mapping):
        known = {name: part for name, part in probed.items() if part is not None}
        health = {**health, "databases": {**health["databases"], **known}}
    return judge_health(ask, url, health, service["databases"], service.get("database_hosts"))


def judge_health(
    ask: Ask,
    url: str,
    health: Mapping[str, Any],
    databases: Sequence[str] | None,
    hosts: Mapping[str, str] | None = None,
) -> Check:
    """Judge a collector's health.

    Args:
        url: Where it was read.
        health: The answer of GET /health: `databases` and `push` map a name to `ok` and
            `last_error`, `died` maps a task to its error. Without a key, `databases` is a list,
            and there are no errors.
        databases: Names of the databases that it should probe; None if not known.
        hosts: Hosts of databases, by name.
    """
    probed, targets = health["databases"], health["push"]
    if not isinstance(probed, Mapping):
        # Without a key, a collector names no database and says no error.
        probed = {str(number): part for number, part in enumerate(probed, 1)}
        databases = None
    untold = text("untold")
    of_databases = {name: {"host": at} for name, at in (hosts or {}).items()}
    wrong = [
        text(code, name=name, error=_error(part.get("last_error", untold)), **more.get(name, {}))
        for code, parts, more in (
            ("health_database", probed, of_databases),
            ("health_target", targets, {}),
        )
        for name, part in parts.items()
        if not part.get("ok")
    ]
    died = (health.get("died") or {}).items()
    wrong += [text("health_task", name=name, error=error) for name, error in died]
    if not wrong and health.get("status") == "failed":
        wrong = [text("health_task", name="?", error=untold)]
    if wrong:
        names = [part.values["name"] for part in wrong]
        # What cannot be pushed has checks of its own: it must not hide what else is wrong.
        own = [part for part in wrong if part.code != "health_target"]
        outcomes = {_outcome(part) for part in own or wrong}
        outcome = outcomes.pop() if len(outcomes) == 1 else "part_down"
        return ask.fail(outcome, parts=wrong, names=names, url=url)
    if not targets:
        return ask.fail("no_target")
    missing = sorted(set(databases or ()) - set(probed))
    more = sorted(set(probed) - set(databases)) if databases is not None else []
    values: dict[str, Any] = {"databases": [*probed] or text("none"), "targets": [*targets]}
    if missing:
        return ask.fail("not_probed", missing=missing, **values)
    return ask.warn("not_expected", more=more) if more else ask.ok(**values)


def _error(told: Any) -> Any:
    """Return a part's last error for people."""
    if isinstance(told, Mapping) and "type" in told:
        code = "database_error.code" if told.get("code") else "database_error"
        return Text(code, {name: str(told.get(name) or "") for name in ("type", "meaning", "code")})
    return told or text("not_yet")


def _outcome(part: Text) -> str:
    """Return the outcome that a part's fault alone would have."""
    error = part.values["error"]
    if part.code == "health_target":
        return "part_down" if error == text("untold") else "health.part_down.push"
    kind = error.values.get("type", "") if isinstance(error, Text) else ""
    return CAUSES.get(kind, "part_down")
