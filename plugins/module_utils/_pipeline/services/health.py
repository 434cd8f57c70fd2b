# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a collector says of its databases, its push targets and its tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._check import Check
from ..._http.session import Session, authorization, check_url

EXPECTED = "every database is up, every push target takes what it is sent"


def check_health(session: Session, service: Mapping[str, Any]) -> Check:
    """Ask a collector for the state of its parts.

    Source: C(GET /health) of the collector (docs/collector.md). Raises HttpError.
    """
    check_id, url = f"health {service['name']}", check_url(service["url"]) + "/health"
    health = session.get(url, expected=(200, 503), headers=authorization(service)).json()
    if not isinstance(health, dict) or not {"databases", "push"} <= health.keys():
        cause = "another service, or a proxy's own page, answers at this address"
        return Check(check_id, "fail", EXPECTED, "another answer", cause, "check host and path")
    return judge_health(check_id, url, health, service.get("databases"))


def judge_health(
    check_id: str, url: str, health: Mapping[str, Any], databases: Sequence[str] | None
) -> Check:
    """C(databases): the names of those that it should probe; None where nobody says."""
    parts = [(f"database {name}", part) for name, part in health["databases"].items()]
    parts += [(f"push to {name}", part) for name, part in health["push"].items()]
    wrong = {name: part["last_error"] or "not yet" for name, part in parts if not part.get("ok")}
    wrong.update(health.get("died") or {})
    if wrong:
        seen = "; ".join(f"{name}: {error}" for name, error in wrong.items())
        cause = "the part is down, or the collector has a wrong address or password for it"
        fix = f"look at {', '.join(wrong)} from the collector's host; {url} has the details"
        return Check(check_id, "fail", EXPECTED, seen, cause, fix)
    if not health["push"]:
        cause = "its settings name neither pushgateway nor victoriametrics"
        fix = "deploy it with a push target"
        return Check(check_id, "fail", EXPECTED, "it has no push target", cause, fix)
    seen = f"{', '.join(name for name, _part in parts)}: ok"
    missing = sorted(set(databases or ()) - set(health["databases"]))
    more = sorted(set(health["databases"]) - set(databases or ())) if databases is not None else []
    if not missing and not more:
        return Check(check_id, "pass", EXPECTED, seen)
    texts = [f"it does not probe {name}" for name in missing]
    texts += [f"it probes {name}, which is not expected" for name in more]
    status = "fail" if missing else "warn"
    cause = "it was not deployed since the inventory's databases changed, or from another one"
    return Check(check_id, status, EXPECTED, "; ".join(texts), cause, "deploy the collector")
