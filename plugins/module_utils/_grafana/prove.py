# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After writing: is each data source well, and does each panel show something?"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from .._check import Check
from .._http.session import HttpError, excerpt
from .client import Grafana, path_of
from .kind import Proof, Task
from .objects import datasources
from .queries.run import Outcome, Query, run
from .versions import PROXY_BY_UID

PAUSE = 2.0  # seconds between two looks at panels that are still empty
# A query that each type answers without having any data.
TRIVIAL = {"prometheus": "vector(1)", "loki": "vector(1)+vector(1)"}


def prove(task: Task) -> list[Check]:
    """The checks that O(prove) asks for."""
    options, grafana = task.options["prove"], task.grafana
    if options["scope"] == "none":
        return []
    asked = Proof()
    for kind in task.kinds_given():
        changed = task.plan.keys(kind.name, "created", "updated", "recreated")
        one = kind.proof(task, None if options["scope"] == "all" else changed)
        asked.sources += one.sources
        asked.panels += one.panels
        asked.skipped += one.skipped
    sources = datasources.there(task)
    uids = [*asked.sources, *(query.source for queries in asked.panels for query in queries)]
    uids = [uid for uid in dict.fromkeys(uids) if uid in sources]
    found = grafana.side_by_side(lambda uid: check_source(grafana, uid, sources[uid]), uids)
    down = {uid: check.seen for uid, check in zip(uids, found) if check.status == "fail"}
    return [*found, *_check_panels(grafana, asked.panels, down, options), *asked.skipped]


def check_source(grafana: Grafana, uid: str, source: Mapping[str, Any]) -> Check:
    """Ask a data source's health, or a query where the server knows no health for its type."""
    started = time.monotonic()
    check = _check_source(grafana, uid, source)
    return replace(check, seconds=time.monotonic() - started)


def _check_source(grafana: Grafana, uid: str, source: Mapping[str, Any]) -> Check:
    name, kind = f"data source {uid}", str(source["type"])
    expected = f"{kind} at {source['url'] or 'its address'} answers Grafana"
    cause = "its URL or credentials are wrong, or it is down, as seen from Grafana's own host"
    fix = f"ask {source['url'] or 'it'} from Grafana's host or container"
    try:
        path = path_of("datasources", "uid", uid, "health")
        answer = grafana.ask("GET", path, expected=None, patient=False)
        told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        if isinstance(told, dict) and told.get("status") == "OK":
            return Check(name, "pass", expected, str(told.get("message") or "OK"))
        if isinstance(told, dict) and told.get("status") == "ERROR":
            return Check(name, "fail", expected, str(told.get("message")), cause, fix)
        seen = _by_query(grafana, uid, kind, source)
    except HttpError as error:
        return Check(name, "fail", expected, error.seen, cause, fix)
    if seen is None:
        return Check(name, "skip", expected, f"this server has no health check for type {kind}")
    good, text = seen
    if good:
        return Check(name, "pass", expected, text)
    return Check(name, "fail", expected, text, cause, fix)


def _by_query(
    grafana: Grafana, uid: str, kind: str, source: Mapping[str, Any]
) -> tuple[bool, str] | None:
    if kind == "alertmanager":
        plain = (source["json_data"] or {}).get("implementation") == "prometheus"
        status = ("" if plain else "/alertmanager") + "/api/v2/status"
        path = path_of("datasources", "proxy", "uid", uid) + status
        answer = grafana.ask("GET", path, expected=None)
        if answer.status == 404 and not grafana.can(PROXY_BY_UID) and re.search(r"\W", uid):
            number = grafana.ask("GET", path_of("datasources", "uid", uid)).json()["id"]
            path = path_of("datasources", "proxy", str(number)) + status
            answer = grafana.ask("GET", path, expected=None)
        if answer.status == 200 and "cluster" in answer.text:
            return True, "its status answers"
        return False, f"{answer.status} {excerpt(answer.text)}"
    if kind not in TRIVIAL:
        return None
    query = {
        "refId": "A",
        "datasource": {"uid": uid, "type": kind},
        "expr": TRIVIAL[kind],
        "instant": True,
        "range": False,
        "queryType": "instant",
        "intervalMs": 1000,
        "maxDataPoints": 1,
    }
    body = {"from": "now-5m", "to": "now", "queries": [query]}
    answer = grafana.ask("POST", "/api/ds/query", body, expected=None, only_reads=True)
    content = answer.json()
    result = (content.get("results") or {}).get("A") or {}
    if answer.status == 200 and result.get("frames") and not result.get("error"):
        return True, f"{TRIVIAL[kind]} was answered"
    return False, str(result.get("error") or f"{answer.status} {excerpt(answer.text)}")


def _check_panels(
    grafana: Grafana,
    panels: Sequence[Sequence[Query]],
    down: Mapping[str, str],
    options: Mapping[str, Any],
) -> list[Check]:
    outcomes: dict[tuple[str, str], Outcome] = {
        (query.panel, query.ref): Outcome(
            "error", f"data source {query.source}: {down[query.source]}"
        )
        for queries in panels
        for query in queries
        if query.source in down
    }
    left = [q for q in panels if not any(query.source in down for query in q)]
    started = time.monotonic()
    while True:
        outcomes |= run(grafana, left, options["window"])
        left = [q for q in left if _worst(q, outcomes)[1].state == "empty"]
        left = [q for q in left if not _may_be_empty(q[0].panel, options)]
        rest = options["wait"] - (time.monotonic() - started)
        if not left or rest <= 0:
            break
        time.sleep(min(PAUSE, rest))
    return [_check_panel(queries, outcomes, options) for queries in panels]


def _worst(
    queries: Sequence[Query], outcomes: Mapping[tuple[str, str], Outcome]
) -> tuple[Query, Outcome]:
    """The query that says most of a panel: an error, else data, else an empty one."""
    told = [
        (query, outcomes.get((query.panel, query.ref), Outcome("empty", "not asked")))
        for query in queries
    ]
    return max(told, key=lambda pair: ("empty", "data", "error").index(pair[1].state))


def _may_be_empty(panel: str, options: Mapping[str, Any]) -> bool:
    return any(fnmatchcase(panel, pattern) for pattern in options["may_be_empty"])


def _check_panel(
    queries: Sequence[Query],
    outcomes: Mapping[tuple[str, str], Outcome],
    options: Mapping[str, Any],
) -> Check:
    query, outcome = _worst(queries, outcomes)
    name, window = f"panel {query.panel}", f"{options['window']:g} s"
    expected = f"data in the last {window}"
    if outcome.state == "data":
        return Check(name, "pass", expected, "data")
    seen = f"{outcome.reason}; query {query.ref} of {query.source}: {excerpt(query.text, 400)}"
    if outcome.state == "error":
        cause = "the query is wrong, or its data source refuses it"
        return Check(name, "fail", expected, seen, cause, "run it in Grafana's Explore")
    if _may_be_empty(query.panel, options):
        return Check(name, "pass", f"{expected}, or none", f"no data: {seen}")
    cause = "nothing exports this name, or not yet, or the labels match nothing"
    fix = "look for the name in the data source; give prove.wait for data that has yet to come"
    return Check(name, options["empty"], expected, f"no data: {seen}", cause, fix)
