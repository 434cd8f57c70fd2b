# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prove after writing that each data source answers and that each panel has data."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from .._check import Ask, Check
from .._http.session import HttpError, Response, excerpt
from .._texts.text import text
from .client import RESULTS, Grafana, path_of
from .kind import Proof, Task
from .objects import datasources
from .queries.run import Key, Outcome, Query, run
from .versions import PROXY_BY_UID

PAUSE = 2.0  # seconds between two queries of panels that are still empty
# Of outcomes that are neither empty nor a failure.
STATUS = {"ok": "pass", "browser": "skip", "unanswered": "skip", "unasked": "skip"}
DENIED = (401, 403, 404)  # statuses of a source's answer whose text need not say so
# A query that a server of each type answers even without data.
TRIVIAL = {"prometheus": "vector(1)", "loki": "vector(1)+vector(1)"}


def prove(task: Task) -> list[Check]:
    """Return the checks that the option `prove` asks for."""
    options, grafana = task.options["prove"], task.grafana
    if options["scope"] == "none":
        return []
    asked = Proof()
    for kind in task.kinds_given():
        changed = task.plan.keys(kind.name, "created", "updated", "recreated")
        one = kind.proof(task, None if options["scope"] == "all" else changed)
        asked.sources += one.sources
        asked.panels += one.panels
        asked.checks += one.checks
    sources = datasources.there(task)
    uids = [*asked.sources, *(query.source for queries in asked.panels for query in queries)]
    uids = [uid for uid in dict.fromkeys(uids) if uid in sources]
    found = grafana.side_by_side(lambda uid: check_source(grafana, uid, sources[uid]), uids)
    down = {
        uid: check.values["answer"] for uid, check in zip(uids, found) if check.status == "fail"
    }
    return [*found, *_check_panels(grafana, asked.panels, down, options), *asked.checks]


def check_source(grafana: Grafana, uid: str, source: Mapping[str, Any]) -> Check:
    """Run a query that has an answer without data, or ask for the health where none is known.

    A query's answer has the reason, where a health check may say only that there is one (Loki).

    Source: Grafana HTTP API, POST /api/ds/query and GET /api/datasources/uid/UID/health.

    Args:
        source: The data source in the form of the option.
    """
    started = time.monotonic()
    address = source["url"] or text("data_source.its_address")
    ask = Ask("data_source", uid, type=str(source["type"]), address=address)
    try:
        if source["type"] in TRIVIAL:
            check = _by_query(grafana, ask)
        else:
            check = _health(grafana, ask) or _by_its_own(grafana, ask, source)
    except HttpError as error:
        check = ask.fail("down", answer=error.seen)
    return replace(check, seconds=time.monotonic() - started)


def _health(grafana: Grafana, ask: Ask) -> Check | None:
    path = path_of("datasources", "uid", ask.subject, "health")
    answer = grafana.ask("GET", path, expected=None, patient=False)
    told = answer.json() if "json" in answer.headers.get("Content-Type", "") else None
    if not isinstance(told, dict) or told.get("status") not in ("OK", "ERROR"):
        return None
    good, said = told["status"] == "OK", str(told.get("message") or told["status"])
    return ask.ok(answer=said) if good else ask.fail("down", answer=said)


def _by_its_own(grafana: Grafana, ask: Ask, source: Mapping[str, Any]) -> Check:
    if source["type"] != "alertmanager":
        return ask.skip("no_health")
    answer = _alertmanager_status(grafana, ask.subject, source)
    good = answer.status == 200 and "cluster" in answer.text
    said = f"{answer.status} {excerpt(answer.text)}"
    return ask.ok(answer=said) if good else ask.fail("down", answer=said)


def _by_query(grafana: Grafana, ask: Ask) -> Check:
    kind = str(ask.values["type"])
    query = {
        "refId": "A",
        "datasource": {"uid": ask.subject, "type": kind},
        "expr": TRIVIAL[kind],
        "instant": True,
        "range": False,
        "queryType": "instant",
        "intervalMs": 1000,
        "maxDataPoints": 1,
    }
    body = {"from": "now-5m", "to": "now", "queries": [query]}
    answer = grafana.ask("POST", "/api/ds/query", body, expected=None, only_reads=True)
    result = (answer.json(RESULTS).get("results") or {}).get("A") or {}
    if answer.status == 200 and result.get("frames") and not result.get("error"):
        return ask.ok(answer=TRIVIAL[kind])
    said = result.get("error") or f"{answer.status} {excerpt(answer.text)}"
    if result.get("status") in DENIED:
        said = f"{result['status']} {said}"
    return ask.fail("down", answer=str(said))


def _alertmanager_status(grafana: Grafana, uid: str, source: Mapping[str, Any]) -> Response:
    plain = (source["json_data"] or {}).get("implementation") == "prometheus"
    status = ("" if plain else "/alertmanager") + "/api/v2/status"
    path = path_of("datasources", "proxy", "uid", uid) + status
    answer = grafana.ask("GET", path, expected=None)
    if answer.status == 404 and not grafana.can(PROXY_BY_UID) and re.search(r"\W", uid):
        number = grafana.ask("GET", path_of("datasources", "uid", uid)).json({"id": int})["id"]
        path = path_of("datasources", "proxy", str(number)) + status
        answer = grafana.ask("GET", path, expected=None)
    return answer


def _check_panels(
    grafana: Grafana,
    panels: Sequence[Sequence[Query]],
    down: Mapping[str, Any],
    options: Mapping[str, Any],
) -> list[Check]:
    """Run the panels' queries; repeat those of empty panels until `prove.wait` is over.

    Args:
        down: What was seen of data sources that are down, by uid.
    """
    outcomes: dict[Key, Outcome] = {
        query.key: Outcome("source_down", down[query.source])
        for queries in panels
        for query in queries
        if query.source in down
    }
    left = [q for q in panels if not any(query.source in down for query in q)]
    started = time.monotonic()
    while True:
        outcomes |= run(grafana, left, options["window"])
        left = [q for q in left if _worst(q, outcomes)[1].is_empty]
        left = [q for q in left if not _may_be_empty(q[0].panel, options)]
        rest = options["wait"] - (time.monotonic() - started)
        if not left or rest <= 0:
            break
        time.sleep(min(PAUSE, rest))
    return [_check_panel(*_worst(queries, outcomes), options) for queries in panels]


def _worst(queries: Sequence[Query], outcomes: Mapping[Key, Outcome]) -> tuple[Query, Outcome]:
    """Return the query that decides a panel's status: an error, else data, else empty.

    What only the browser can ask may have data, so it comes before what is empty.
    """
    missing = Outcome("unanswered")
    told = [(query, outcomes.get(query.key, missing)) for query in queries]
    ranks = {"browser": 1, "unanswered": 1, "ok": 2, "unasked": 3}
    return max(told, key=lambda pair: 0 if pair[1].is_empty else ranks.get(pair[1].code, 4))


def _may_be_empty(panel: str, options: Mapping[str, Any]) -> bool:
    return any(fnmatchcase(panel, pattern) for pattern in options["may_be_empty"])


def _check_panel(query: Query, outcome: Outcome, options: Mapping[str, Any]) -> Check:
    ask = Ask("panel", query.panel, window=options["window"])
    status = STATUS.get(outcome.code, "fail")
    if outcome.is_empty:
        status = "pass" if _may_be_empty(query.panel, options) else options["empty"]
    values = {
        "ref": query.ref,
        "source": query.source,
        "query": excerpt(query.text, 400),
        "reason": outcome.reason,
    }
    return ask.made(status, outcome.code, {} if outcome.code == "ok" else values)
