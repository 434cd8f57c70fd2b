# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the rules that a Prometheus server has loaded are those that were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._http.session import HttpError, Session
from .compare import seconds
from .transaction import NotLoaded


@dataclass(frozen=True)
class LoadedRules:
    """Names of the groups, number of rules, and what failed in their last evaluation."""

    groups: list[str]
    rules: int
    errors: list[str]


def rules_loaded(
    session: Session, url: str, files: Mapping[str, Any], mount_path: str
) -> LoadedRules:
    """Compare groups and rules, one by one. C(files): parsed rule files by name.

    Raises NotLoaded when a group or rule is missing, left over or other than written. A rule that
    is loaded but fails when evaluated is no reason to put a configuration back: it is reported.
    """
    answer = session.get_json(f"{url}/api/v1/rules")["data"]["groups"]
    own = f"{mount_path}/"
    loaded = {(g["file"], g["name"]): g for g in answer if g["file"].startswith(own)}
    written = {
        (f"{mount_path}/{name}", group["name"]): group
        for name, parsed in files.items()
        for group in (parsed or {}).get("groups") or []
    }
    for word, names in (
        ("missing", written.keys() - loaded),
        ("left over", loaded.keys() - written),
    ):
        if names:
            some = ", ".join(f"{group} of {file}" for file, group in sorted(names)[:5])
            raise NotLoaded(f"Prometheus at {url}: rule groups {word}: {some}. ")
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
    name = written["name"]
    rules = written.get("rules") or []
    if len(rules) != len(loaded["rules"]):
        raise NotLoaded(
            f"Prometheus at {url}: group {name} has {len(loaded['rules'])} rules loaded, "
            f"{len(rules)} were written. "
        )
    interval = seconds(written.get("interval", ""))
    if interval and interval != loaded["interval"]:
        raise NotLoaded(f"Prometheus at {url}: group {name}: interval is another one. ")
    for index, (rule, other) in enumerate(zip(rules, loaded["rules"])):
        field = _difference(session, url, rule, other)
        if field:
            raise NotLoaded(
                f"Prometheus at {url}: group {name}, rule {index + 1} ({other['name']}): {field} "
                "is not what was written. "
            )


def _difference(session: Session, url: str, written: Any, loaded: Any) -> str:
    """The field in which a rule differs, or an empty text."""
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
    """The server shows a query in its own wording; it is asked to word ours too."""
    if "".join(written.split()) == "".join(loaded.split()):
        return True
    try:
        return _worded(session, url, written) == _worded(session, url, loaded)
    except HttpError as error:
        if error.status == 404:  # before 2.41; that it was reloaded since the change is known
            return True
        raise


def _worded(session: Session, url: str, query: str) -> str:
    data = {"query": query}
    return session.request("POST", f"{url}/api/v1/format_query", data=data).json()["data"]
