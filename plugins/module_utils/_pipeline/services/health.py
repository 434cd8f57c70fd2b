# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what a collector reports about its databases, its push targets and its tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._check import Ask, Check
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import text
from ..collector import HEALTH
from .service import unknown_service


def check_health(
    session: Session, ask: Ask, service: Mapping[str, Any], key: Mapping[str, str]
) -> Check:
    """Ask a collector for the state of its parts, and judge it.

    Source: the collector, GET /health (docs/collector.md).

    Args:
        service: An element of `services` of service_check.
        key: The header with its key; empty if that is not known.

    Raises:
        HttpError: The request failed.
    """
    url = check_url(service["url"]) + "/health"
    headers = {**authorization(service), **key}
    response = session.get(url, expected=(200, 503), headers=headers)
    try:
        health = response.json(HEALTH)
    except HttpError:
        return unknown_service(ask, response)
    return judge_health(ask, url, health, service["databases"])


def judge_health(
    ask: Ask, url: str, health: Mapping[str, Any], databases: Sequence[str] | None
) -> Check:
    """Judge a collector's health.

    Args:
        url: Where it was read.
        health: The answer of GET /health: `databases` and `push` map a name to `ok` and
            `last_error`, `died` maps a task to its error. Without a key, `databases` is a list,
            and there are no errors.
        databases: Names of the databases that it should probe; None if not known.
    """
    probed, targets = health["databases"], health["push"]
    if not isinstance(probed, Mapping):
        # Without a key, a collector names no database and says no error.
        probed = {str(number): part for number, part in enumerate(probed, 1)}
        databases = None
    untold = text("untold")
    wrong = [
        text(code, name=name, error=part.get("last_error", untold) or text("not_yet"))
        for code, parts in (("health_database", probed), ("health_target", targets))
        for name, part in parts.items()
        if not part.get("ok")
    ]
    died = (health.get("died") or {}).items()
    wrong += [text("health_task", name=name, error=error) for name, error in died]
    if not wrong and health.get("status") == "failed":
        wrong = [text("health_task", name="?", error=untold)]
    if wrong:
        names = [part.values["name"] for part in wrong]
        return ask.fail("part_down", parts=wrong, names=names, url=url)
    if not targets:
        return ask.fail("no_target")
    missing = sorted(set(databases or ()) - set(probed))
    more = sorted(set(probed) - set(databases)) if databases is not None else []
    values: dict[str, Any] = {"databases": [*probed] or text("none"), "targets": [*targets]}
    if missing:
        return ask.fail("not_probed", missing=missing, **values)
    return ask.warn("not_expected", more=more) if more else ask.ok(**values)
