# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether rules that are loaded can do what they are for: be evaluated, and ever match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._api.promql import metric_names
from .._http.session import Session

# A server that is younger has not seen everything yet; seconds.
YOUNG = 3600
# Prometheus writes these itself once a rule alerts.
OWN = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
LONGEST = "10s"  # that a rule's expression may take


def not_evaluable(
    session: Session, url: str, files: Mapping[str, Any], known: set[str]
) -> list[str]:
    """Rules (but those in C(known)) whose expression the server cannot evaluate, with the reason.

    The server is asked for the expression itself: its own evaluation of a rule that was just
    loaded comes an evaluation interval later.
    """
    found = []
    for group, name, rule in _rules(files):
        if f"{group}/{name}" in known:
            continue
        answer = session.request(
            "POST",
            f"{url}/api/v1/query",
            data={"query": rule["expr"], "timeout": LONGEST},
            expected=(200, 400, 422, 503),
        )
        if answer.status != 200:
            found.append(f"{group}/{name}: {answer.json().get('error', answer.text)}")
    return found


def failing(session: Session, url: str) -> set[str]:
    """The loaded rules whose last evaluation failed, as C(group/rule)."""
    groups = session.get_json(f"{url}/api/v1/rules")["data"]["groups"]
    return {
        f"{group['name']}/{rule['name']}"
        for group in groups
        for rule in group["rules"]
        if rule.get("lastError")
    }


def never_seen(session: Session, url: str, files: Mapping[str, Any]) -> dict[str, list[str]]:
    """Metrics that the server has never had a series of, and the rules that ask for them.

    What rules of the same set record does not count: whether that exists depends on what those ask
    for.
    """
    rules = list(_rules(files))
    recorded = {name for _group, name, rule in rules if "record" in rule}
    asked: dict[str, list[str]] = {}
    for _group, name, rule in rules:
        for metric in metric_names(str(rule["expr"])) - recorded - OWN:
            asked.setdefault(metric, []).append(name)
    if not asked:
        return {}
    known = set(session.get_json(f"{url}/api/v1/label/__name__/values")["data"])
    return {metric: sorted(set(names)) for metric, names in asked.items() if metric not in known}


def never_seen_warnings(
    session: Session, url: str, missing: Mapping[str, list[str]], now: float
) -> list[str]:
    """A warning for each, where the server has been there for long enough to know."""
    if not missing or now - _oldest(session, url) < YOUNG:
        return []
    return [
        f"no series {metric} has ever been on {url}, so {', '.join(rules)} cannot do what it is "
        "for. Is the name right, and is what exports it deployed and scraped?"
        for metric, rules in sorted(missing.items())
    ]


def _oldest(session: Session, url: str) -> float:
    """When the oldest sample of the server is from (epoch seconds); 0 when it does not say."""
    text = session.get(f"{url}/metrics").text
    found = re.search(r"^prometheus_tsdb_lowest_timestamp_seconds (\S+)", text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def _rules(files: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each rule of parsed rule files with the names of its group and its own."""
    for parsed in files.values():
        for group in (parsed or {}).get("groups") or []:
            for rule in group.get("rules") or []:
                yield group["name"], rule.get("alert") or rule["record"], rule
