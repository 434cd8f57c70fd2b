# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the logs: a marked line is found in Loki, and each host has lines of its own there."""

from __future__ import annotations

import json
import platform
import secrets
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._api.loki import push_line, read_lines, selector
from ..._check import Ask, Check, Probe, wait_for
from ..._http.session import HttpError, Session
from ..options import SERVER, Spec

# Few, and the same each time: the run is in the line, as each label more is a stream more.
MARKED = {"container": "validation", "service": "validation", "level": "info"}
PAUSE = 0.25  # seconds


def logs_options() -> Spec:
    """Return the options of this part."""
    return {
        "loki": {"type": "dict", "options": {**SERVER, "tenant": {"type": "str", "no_log": True}}},
        "log_hosts": {"type": "list", "elements": "str", "default": []},
        "log_age": {"type": "float", "default": 900.0},
    }


def log_probes(
    session: Session, params: Mapping[str, Any], push: bool, until: float
) -> list[Probe]:
    """Return the probes of the logs.

    Args:
        push: Whether a line may be pushed: not in check mode.
        until: When the time is over, by the monotonic clock.
    """
    if not params["loki"]:
        none = Ask("logs")
        return [Probe(none, partial(none.skip, "no_loki"))]
    return [
        Probe(Ask("logs_found"), partial(_marked, session, params, push, until)),
        *(
            Probe(Ask("logs_of", host), partial(_of_host, session, params, host))
            for host in params["log_hosts"]
        ),
    ]


def _marked(session: Session, params: Mapping[str, Any], push: bool, until: float) -> list[Check]:
    """Push a line, and find it by its text and by its labels."""
    options, seconds = params["loki"], params["wait"]
    found = Ask("logs_found", url=options["url"], wait=seconds)
    labelled = Ask("logs_labels", url=options["url"], wait=seconds)
    if not push:
        return [found.skip("logs.check_mode"), labelled.skip("logs.check_mode")]
    run, at = secrets.token_hex(8), time.time()
    labels = {"host": platform.node(), **MARKED}
    text = json.dumps({"level": "info", "event": "validation", "run": run})
    try:
        push_line(session, options, labels, at, text)
    except HttpError as error:
        told = explain(session, found, "loki", options, error)
        return [told, labelled.skip("logs.not_pushed")]
    pushed = time.monotonic()
    end = min(pushed + seconds, until)
    read = partial(read_lines, session, options, start=at - 60, end=at + 60)
    service = {"service": MARKED["service"]}

    def there(ask: Ask, query: str) -> Check:
        came = wait_for(
            lambda: any(run in line.text for line in read(query)), end - time.monotonic(), PAUSE
        )
        took = time.monotonic() - pushed
        return ask.ok(seconds=took) if came else ask.fail("missing", seconds=took)

    checks = []
    for ask, query in ((found, f'{selector(service)} |= "{run}"'), (labelled, selector(labels))):
        try:
            checks.append(there(ask, query))
        except HttpError as error:
            checks.append(explain(session, ask, "loki", options, error))
    return checks


def _of_host(session: Session, params: Mapping[str, Any], host: str) -> Check:
    """Judge whether a host's shipper delivers: the newest of its lines is not too old."""
    options, age, now = params["loki"], params["log_age"], time.time()
    ask = Ask("logs_of", host, age=age)
    # The marked line of this run has the name of the host that asks, too.
    query = selector({"host": host})[:-1] + f', service!="{MARKED["service"]}"}}'
    try:
        lines = read_lines(session, options, query, now - age, now + 60)
        if lines:
            return ask.ok(seconds=max(now - lines[0].at, 0.0), lines=len(lines))
        older = read_lines(session, options, query, now - 86400, now)
    except HttpError as error:
        return explain(session, ask, "loki", options, error)
    if older:
        return ask.warn("old", seconds=now - older[0].at)
    return ask.fail("none")
