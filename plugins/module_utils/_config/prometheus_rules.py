# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus's rules: whether the server has loaded them, and can evaluate them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._api.exposition import samples
from .._api.prometheus import RULES
from .._api.promql import metric_names
from .._api.times import seconds
from .._http.session import HttpError, Session
from .server import NotLoaded

# Seconds: a server that is younger has not seen everything yet.
YOUNG = 3600
# Shapes of answers (`_http.answer`).
LOADED = {"data": {"groups": [RULES]}}
NAMES = {"data": [str]}
# Prometheus writes these itself once a rule alerts.
OWN = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
LONGEST = "10s"  # how long a rule's expression may take


@dataclass(frozen=True)
class LoadedRules:
    """Names of the groups, number of rules, and what failed in their last evaluation."""

    groups: list[str]
    rules: int
    errors: list[str]


def rules_loaded(
    session: Session, url: str, files: Mapping[str, Any], mount_path: str
) -> LoadedRules:
    """Compare the groups and rules that are loaded with those that were written.

    A rule that is loaded but fails when evaluated is no reason to put a configuration back: it is
    reported.

    Source: Prometheus HTTP API, GET /api/v1/rules and POST /api/v1/format_query.

    Args:
        files: Parsed rule files, by name.

    Raises:
        NotLoaded: `server.groups_missing`, `server.groups_left` or `server.other_rules`.
    """
    answer = session.get_json(f"{url}/api/v1/rules", LOADED)["data"]["groups"]
    own = f"{mount_path}/"
    loaded = {(g["file"], g["name"]): g for g in answer if g["file"].startswith(own)}
    written = {
        (f"{mount_path}/{name}", group["name"]): group
        for name, parsed in files.items()
        for group in (parsed or {}).get("groups") or []
    }
    for code, word, names in (
        ("server.groups_missing", "missing", written.keys() - loaded),
        ("server.groups_left", "left over", loaded.keys() - written),
    ):
        if names:
            some = ", ".join(f"{group} of {file}" for file, group in sorted(names)[:5])
            raise NotLoaded(
                code,
                f"Prometheus at {url}: rule groups {word}: {some}.",
                groups=sorted(group for _file, group in names),
            )
    for key, group in written.items():
        _compare_group(session, url, group, loaded[key])
    errors = [
        f"{group['name']}/{rule['name']}: {rule['lastError']}"
        for group in loaded.values()
        for rule in group["rules"]
        if rule.get("lastError")
    ]
    count = sum(len(group["rules"]) for group in loaded.values())
    return LoadedRules(sorted(name for _file, name in loaded), count, errors)


def _compare_group(session: Session, url: str, written: Any, loaded: Any) -> None:
    def other(what: str, rule: str = "") -> NotLoaded:
        where = f"group {written['name']}" + (f", rule {rule}" if rule else "")
        return NotLoaded(
            "server.other_rules",
            f"Prometheus at {url}: {where}: {what} is not what was written.",
            group=written["name"],
            rule=rule,
            field=what,
        )

    rules = written.get("rules") or []
    if len(rules) != len(loaded["rules"]):
        raise other("number of rules")
    interval = seconds(written.get("interval", ""))
    if interval and interval != loaded["interval"]:
        raise other("interval")
    for rule, has in zip(rules, loaded["rules"]):
        field = _difference(session, url, rule, has)
        if field:
            raise other(field, has["name"])


def _difference(session: Session, url: str, written: Any, loaded: Any) -> str:
    """Return the field in which a rule differs, or an empty text."""
    if (written.get("alert") or written.get("record")) != loaded["name"]:
        return "name"
    for field in ("labels", "annotations"):
        seen = loaded.get(field) or {}
        if any(seen.get(key) != value for key, value in (written.get(field) or {}).items()):
            return field
    for field, key in (("for", "duration"), ("keep_firing_for", "keepFiringFor")):
        if (seconds(written.get(field, "0")) or 0) != (loaded.get(key) or 0):
            return field
    return "" if _same_query(session, url, written["expr"], loaded["query"]) else "expr"


def _same_query(session: Session, url: str, written: str, loaded: str) -> bool:
    """Return whether two queries are the same, formatted by the server if needed."""
    if "".join(written.split()) == "".join(loaded.split()):
        return True
    try:
        return _worded(session, url, written) == _worded(session, url, loaded)
    except HttpError as error:
        if error.status == 404:  # before 2.41; we know that it was reloaded since the change
            return True
        raise


def _worded(session: Session, url: str, query: str) -> str:
    data = {"query": query}
    answer = session.request("POST", f"{url}/api/v1/format_query", data=data)
    return str(answer.json({"data": str})["data"])


def not_evaluable(
    session: Session, url: str, files: Mapping[str, Any], known: set[str]
) -> list[str]:
    """Return the rules that the server cannot evaluate, as `group/rule: reason`.

    The server is asked for the expression itself: it evaluates a rule that was just loaded only
    after an evaluation interval.

    Source: Prometheus HTTP API, POST /api/v1/query.

    Args:
        files: Parsed rule files, by name.
        known: Rules to leave out, as `group/rule`.
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
            found.append(
                f"{group}/{name}: {answer.json({'error?': str}).get('error') or answer.text}"
            )
    return found


def failing(session: Session, url: str) -> set[str]:
    """Return the loaded rules whose last evaluation failed, as `group/rule`.

    Source: Prometheus HTTP API, GET /api/v1/rules.
    """
    groups = session.get_json(f"{url}/api/v1/rules", LOADED)["data"]["groups"]
    return {
        f"{group['name']}/{rule['name']}"
        for group in groups
        for rule in group["rules"]
        if rule.get("lastError")
    }


def never_seen(session: Session, url: str, files: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the metrics that the server has never had, and the rules that use them.

    Metrics that rules of the same set record do not count: they depend on what those rules use.

    Source: Prometheus HTTP API, GET /api/v1/label/__name__/values.

    Args:
        files: Parsed rule files, by name.
    """
    rules = list(_rules(files))
    recorded = {name for _group, name, rule in rules if "record" in rule}
    asked: dict[str, list[str]] = {}
    for _group, name, rule in rules:
        for metric in metric_names(str(rule["expr"])) - recorded - OWN:
            asked.setdefault(metric, []).append(name)
    if not asked:
        return {}
    known = set(session.get_json(f"{url}/api/v1/label/__name__/values", NAMES)["data"])
    return {metric: sorted(set(names)) for metric, names in asked.items() if metric not in known}


def never_seen_warnings(
    session: Session, url: str, missing: Mapping[str, list[str]], now: float
) -> list[str]:
    """Return a warning for each metric, if the server has existed for long enough to know.

    Args:
        missing: What `never_seen` returned.
        now: Unix time.
    """
    if not missing or now - _oldest(session, url) < YOUNG:
        return []
    return [
        f"no series {metric} has ever been on {url}, so {', '.join(rules)} cannot work. "
        "Check the name, and that its exporter is deployed and scraped."
        for metric, rules in sorted(missing.items())
    ]


def _oldest(session: Session, url: str) -> float:
    """Return the Unix time of the server's oldest sample, 0 if it is not known."""
    text = session.get(f"{url}/metrics").text
    found = samples(text, "prometheus_tsdb_lowest_timestamp_seconds")
    return found[0].value if found else 0.0


def _rules(files: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each rule of parsed rule files with the names of its group and its own."""
    for parsed in files.values():
        for group in (parsed or {}).get("groups") or []:
            for rule in group.get("rules") or []:
                yield group["name"], rule.get("alert") or rule["record"], rule
