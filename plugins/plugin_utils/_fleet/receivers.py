# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is notified of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._check import Ask
from .inventory import Fleet

ASK = Ask("receiver", "Alertmanager")


def tells_nobody(of: Mapping[str, Any]) -> bool:
    """Return whether the Alertmanager of a host notifies nobody.

    Of one that the collection does not configure, nothing is known. A receiver that has only a name
    takes alerts and tells nobody of them.
    """
    existing = str(of["alertmanager_mode"]) == "existing"
    configured = not existing or of["alertmanager_existing_config_directory"]
    heard = any(
        value
        for receiver in of["alertmanager_receivers"]
        for name, value in receiver.items()
        if name != "name"
    )
    return bool(configured and not (of["alertmanager_default_receiver"] and heard))


def receiver_checks(fleet: Fleet, host: str) -> list[dict[str, Any]]:
    """Return a warning if the Alertmanager of a host notifies nobody."""
    return [ASK.warn("alertmanager_none").as_data()] if tells_nobody(fleet[host]) else []


def drill_checks(fleet: Fleet, real: bool) -> list[dict[str, Any]]:
    """Return a failed check if nobody would be notified of a drill.

    Args:
        real: Whether a collector is stopped: its alert does not go to the receiver of drills.
    """
    known = [fleet[host] for host in fleet.hosts("alertmanager")]
    unheard = [of for of in known if real or not of["alertmanager_drill_webhook_url"]]
    return [ASK.fail("alertmanager_none").as_data()] if any(map(tells_nobody, unheard)) else []
