# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow the collectors' pushes: gateway, Prometheus, VictoriaMetrics. Few requests, no sleep
longer than half a second."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.identify import KINDS, explain
from ..._api.pushgateway import Gateway, read_gateway
from ..._check import Check, Probe, plain, run_side_by_side
from ..._http.session import HttpError, Session, auth_argument_spec, authorization, check_url
from ..collector import PUSH, clean_key
from .arrival import Expected
from .health import judge_pushers
from .pushed import judge_pushed
from .stores import in_prometheus, in_victoriametrics

# The marks of roundtrip_check and of the drill: not strangers, though in no inventory.
KNOWN_JOBS = ["roundtrip_check", "(collector_api_)?drill_.+"]


def population_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of metrics_check, but for those of the doc fragments."""
    server = {"url": {"type": "str", "required": True}, **auth_argument_spec()}
    collector = {
        "host": {"type": "str", "required": True},
        "job": {"type": "str", "required": True},
        "instance": {"type": "str"},
        "interval": {"type": "float", "default": 60.0},
        "families": {"type": "list", "elements": "str", "default": []},
        "api_url": {"type": "str"},
        "api_key": {"type": "str", "no_log": True},
    }
    prometheus = {**server, "scrape_job": {"type": "str", "default": "pushgateway"}}
    return {
        "collectors": {"type": "list", "elements": "dict", "required": True, "options": collector},
        "pushgateway": {"type": "dict", "required": True, "options": server},
        "prometheus": {"type": "dict", "required": True, "options": prometheus},
        "victoriametrics": {"type": "dict", "options": server},
        "known_jobs": {"type": "list", "elements": "str", "default": KNOWN_JOBS},
        "catalogue_labels": {"type": "dict", "default": {}},
        "others": {"type": "bool", "default": True},
        "rule_groups": {"type": "list", "elements": "str", "default": []},
        "ping_age": {"type": "float", "default": 180.0},
        "ping_sources": {"type": "list", "elements": "str", "default": []},
        "wait": {"type": "float", "default": 45.0},
    }


def check_population(
    session: Session, params: Mapping[str, Any], push_now: bool, started: float
) -> list[Check]:
    """All checks of metrics_check, in the order: pushes, gateway, Prometheus, VictoriaMetrics.

    C(params): the module's. C(push_now): ask those collectors to push that have an api_url.
    Raises HttpError for a bad option only.
    """

    def left() -> float:
        return max(started + float(params["deadline"]) - time.monotonic(), 0.1)

    _check_patterns(params["known_jobs"])
    collectors = [_expected(item) for item in params["collectors"]]
    asked = [item for item in params["collectors"] if item["api_url"] and push_now]
    options = params["pushgateway"]
    reread = partial(read_gateway, session, options["url"], authorization(options))

    def look() -> Gateway | HttpError:
        try:
            return reread()
        except HttpError as error:
            return error

    before = look()
    checks = run_side_by_side([_push_probe(session, item) for item in asked], left())
    gateway = look() if asked else before
    if isinstance(gateway, HttpError):
        expected = f"Pushgateway answers at {options['url']}"
        ask = plain("pushgateway", expected)
        return [*checks, explain(session, ask, "pushgateway", options, gateway)]
    pushed = {i["host"] for i, check in zip(asked, checks) if check.status == "pass"}
    old = before if isinstance(before, Gateway) else gateway
    paths = [each.path for each in collectors]
    checks += [
        judge_pushed(each, gateway, old if each.host in pushed else None, paths)
        for each in collectors
    ]
    if params["others"]:
        checks.append(judge_pushers(collectors, gateway, params["known_jobs"]))

    waits = max(min(float(params["wait"]), left() - 1), 0)
    followed = partial(in_prometheus, collectors, gateway, reread, params, waits)
    written = partial(in_victoriametrics, collectors, gateway, reread, waits)
    probes = [
        _store_probe(session, kind, params[kind], judge)
        for kind, judge in (("prometheus", followed), ("victoriametrics", written))
        if params[kind]
    ]
    return checks + run_side_by_side(probes, left())


def _store_probe(
    session: Session,
    kind: str,
    options: Mapping[str, Any],
    judge: Callable[[Session, Mapping[str, Any]], list[Check]],
) -> Probe:
    expected = f"{KINDS[kind].title} answers at {options['url']}"

    def run() -> list[Check]:
        try:
            return judge(session, options)
        except HttpError as error:
            return [explain(session, plain(kind, expected), kind, options, error)]

    return Probe(kind, expected, run)


def _check_patterns(patterns: Sequence[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            expected = "a regular expression"
            raise HttpError.option("known_jobs", expected, f"{pattern} ({error})") from error


def _expected(item: Mapping[str, Any]) -> Expected:
    if item["interval"] <= 0:
        option = f"collectors[{item['host']}].interval"
        raise HttpError.option(option, "more than 0 seconds", str(item["interval"]))
    instance = item["instance"] or item["host"]
    families, has_api = tuple(item["families"]), bool(item["api_url"])
    return Expected(item["host"], item["job"], instance, item["interval"], families, has_api)


def _push_probe(session: Session, item: Mapping[str, Any]) -> Probe:
    expected = "the collector pushes when asked"
    return Probe(f"push {item['host']}", expected, partial(_push, session, item, expected))


def _push(session: Session, item: Mapping[str, Any], expected: str) -> Check:
    check_id, url = f"push {item['host']}", check_url(item["api_url"], "api_url")
    headers = {"X-API-Key": clean_key(item["api_key"], "api_key")} if item["api_key"] else {}
    response = session.request(
        "POST", f"{url}/api/push", headers=headers, timeout=PUSH, expected=(200, 401)
    )
    if response.status == 401:
        cause, fix = "the collector has another key", "deploy it, or give the key that it has"
        return Check(check_id, "fail", expected, "401", cause, fix)
    answer = response.json()
    status = answer.get("status") if isinstance(answer, dict) else None
    if status != "success":
        seen = answer.get("error") if isinstance(answer, dict) else response.text
        cause = "the collector cannot push to its gateway, for the reason seen"
        fix = "correct the gateway's address, CA or credentials in the collector's settings"
        return Check(check_id, "fail", expected, f"{status}: {seen}", cause, fix)
    return Check(check_id, "pass", expected, f"pushed in {answer.get('seconds', 0):.2f} s")
