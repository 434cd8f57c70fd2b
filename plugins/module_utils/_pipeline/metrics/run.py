# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part `metrics`: follow the collectors' pushes to the gateway and both stores."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.identify import explain
from ..._api.pushgateway import Gateway, read_gateway
from ..._check import Ask, Check, Probe, run_side_by_side
from ..._http.session import HttpError, Session, authorization
from ..collector import Collector
from ..options import SCRAPER, SERVER, STORE, WAIT, Spec
from ..target import gateway_start
from .drills import judge_drills
from .health import judge_pushers
from .own import read_own
from .pushed import judge_pushed
from .servers import check_servers
from .stores import in_prometheus, in_victoriametrics

# The marks of roundtrip_check and of the drill: not strangers, though in no inventory.
PUSHED = {"status?": str, "error?": str, "seconds?": float}  # of the answer (`_http.answer`)
ALERTMANAGER: Spec = {
    **SERVER,
    "targets": {"type": "list", "elements": "str", "default": []},
    "notifies": {"type": "bool", "default": True},
}
KNOWN_JOBS = ["roundtrip_check", "(collector_api_)?drill_.+"]


def metrics_options() -> Spec:
    """Return the options of metrics_check that no other check module has."""
    collector = {
        "host": {"type": "str", "required": True},
        "job": {"type": "str", "required": True},
        "instance": {"type": "str"},
        "interval": {"type": "float", "default": 60.0},
        "families": {"type": "list", "elements": "str", "default": []},
        "api_url": {"type": "str"},
        "api_key": {"type": "str", "no_log": True},
    }
    return {
        "collectors": {"type": "list", "elements": "dict", "required": True, "options": collector},
        "pushgateway": {"type": "dict", "required": True, "options": SERVER},
        "prometheus": {"type": "dict", "required": True, "options": SCRAPER},
        "victoriametrics": {"type": "dict", "options": STORE},
        "alertmanager": {"type": "dict", "options": ALERTMANAGER},
        "known_jobs": {"type": "list", "elements": "str", "default": KNOWN_JOBS},
        "expected_alerts": {"type": "list", "elements": "str", "default": []},
        "catalogue_labels": {"type": "dict", "default": {}},
        "others": {"type": "bool", "default": True},
        "rule_groups": {"type": "list", "elements": "str", "default": []},
        "rules": {"type": "list", "elements": "dict", "default": []},
        "ping_age": {"type": "float", "default": 180.0},
        "ping_sources": {"type": "list", "elements": "str", "default": []},
        "ping_locations": {"type": "list", "elements": "str", "default": []},
        "ping_interval": {"type": "float", "default": 30.0},
        "wait": WAIT,
    }


def collector_of(item: Mapping[str, Any]) -> Collector:
    """Return the collector that an element of the option `collectors` of metrics_check describes.

    Raises:
        HttpError: `http.option`, for a value that cannot be used.
    """
    keys = [item["api_key"]] if item["api_key"] else []
    return Collector.of({**item, "name": item["host"], "url": item["api_url"], "keys": keys})


def check_metrics(
    session: Session,
    params: Mapping[str, Any],
    collectors: Sequence[Collector],
    push_now: bool,
    until: float,
    pushed_now: Callable[[], object] = bool,
) -> list[Check]:
    """Run all checks of metrics_check: pushes, gateway, Prometheus, VictoriaMetrics, in this order.

    Args:
        params: The options of the module.
        push_now: Ask the collectors that have an API to push first.
        until: When the time is over, by the monotonic clock.
        pushed_now: Is called when the collectors have pushed, or could not.

    Raises:
        HttpError: `http.option`. Every other failure is a check.
    """

    def left() -> float:
        return max(until - time.monotonic(), 0.1)

    _check_patterns(params["known_jobs"])
    asked = [each for each in collectors if each.url and push_now]
    options = params["pushgateway"]
    reread = partial(read_gateway, session, options["url"], authorization(options))
    now = partial(read_gateway, session.ending(until), options["url"], authorization(options))

    def look() -> Gateway | HttpError:
        try:
            return now()
        except HttpError as error:
            return error

    began = time.monotonic()
    own = read_own(session, params, left()) if params["others"] else {}
    before = look()
    checks = run_side_by_side([_push_probe(session, each) for each in asked], left())
    pushed_now()
    gateway = look() if asked else before
    if isinstance(gateway, HttpError):
        return [*checks, explain(session, Ask("pushgateway"), "pushgateway", options, gateway)]
    pushed = {each for each, check in zip(asked, checks) if check.status == "pass"}
    old = before if isinstance(before, Gateway) else gateway
    paths = [each.path for each in collectors]
    started = partial(gateway_start, session, options)
    checks += [
        judge_pushed(each, gateway, old if each in pushed else None, paths, started)
        for each in collectors
    ]
    if params["others"]:
        checks.append(judge_pushers(collectors, gateway, params["known_jobs"]))
        checks += judge_drills(gateway)

    waits = max(min(float(params["wait"]), left() - 1), 0)
    followed = partial(in_prometheus, collectors, gateway, reread, params, waits)
    written = partial(in_victoriametrics, collectors, gateway, reread, params, waits)
    probes = [
        _store_probe(session, kind, params[kind], judge)
        for kind, judge in (("prometheus", followed), ("victoriametrics", written))
        if params[kind]
    ]
    checks += run_side_by_side(probes, left())
    if params["others"]:
        checks += check_servers(session, params, collectors, own, began, waits, until)
    return checks


def _store_probe(
    session: Session,
    kind: str,
    options: Mapping[str, Any],
    judge: Callable[[Session, Mapping[str, Any]], list[Check]],
) -> Probe:
    ask = Ask(kind)

    def run() -> list[Check]:
        try:
            return judge(session, options)
        except HttpError as error:
            return [explain(session, ask, kind, options, error)]

    return Probe(ask, run)


def _check_patterns(patterns: Sequence[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            expected = "a regular expression"
            raise HttpError.option("known_jobs", expected, f"{pattern} ({error})") from error


def _push_probe(session: Session, collector: Collector) -> Probe:
    ask = Ask("push", collector.name)
    return Probe(ask, partial(_push, session, collector, ask))


def _push(session: Session, collector: Collector, ask: Ask) -> Check:
    try:
        answer = collector.ask(session, "POST", "/api/push", PUSHED)
    except HttpError as error:
        if error.status == 401:
            return ask.fail("wrong_key")
        raise
    if answer.get("status") != "success":
        return ask.fail("refused", status=answer.get("status"), error=answer.get("error"))
    return ask.ok(seconds=answer.get("seconds") or 0)
