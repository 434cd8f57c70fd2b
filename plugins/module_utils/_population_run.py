# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow the collectors' pushes: gateway, Prometheus, VictoriaMetrics. Few requests, no sleep
longer than half a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._check import (
    Check,
    Probe,
    run_side_by_side,
)
from ansible_collections.vya.observability.plugins.module_utils._http import (
    HttpError,
    Session,
    authorization,
    check_url,
)
from ansible_collections.vya.observability.plugins.module_utils._ping import clean_key
from ansible_collections.vya.observability.plugins.module_utils._population import (
    Expected,
    arrived,
    honored,
    judge_arrived,
    judge_families,
    judge_labels,
    judge_once,
    judge_pushed,
    judge_target,
    own_families,
    renamed,
    sample_names,
)
from ansible_collections.vya.observability.plugins.module_utils._prometheus_api import (
    PrometheusApi,
    Series,
    export,
    matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._pushgateway import (
    Gateway,
    read_gateway,
)
from ansible_collections.vya.observability.plugins.module_utils._services import KINDS, explain

PAUSE = 0.5  # seconds between two looks
PUSH = 35.0  # seconds: the collector answers after 30 at the latest
EXPORTED = 300.0  # seconds of VictoriaMetrics's past that are looked at: Prometheus's lookback


def check_population(
    session: Session, params: Mapping[str, Any], push_now: bool, started: float
) -> list[Check]:
    """All checks of metrics_check, in the order: pushes, gateway, Prometheus, VictoriaMetrics.

    C(params): the module's. C(push_now): ask those collectors to push that have an api_url.
    Raises HttpError for a bad option only.
    """

    def left() -> float:
        return max(started + float(params["deadline"]) - time.monotonic(), 0.1)

    collectors = [_expected(item) for item in params["collectors"]]
    asked = [item for item in params["collectors"] if item["api_url"] and push_now]
    checks = run_side_by_side([_push_probe(session, item) for item in asked], left())
    pushed_now = {i["host"] for i, check in zip(asked, checks) if check.status == "pass"}

    options = params["pushgateway"]
    try:
        gateway = read_gateway(session, options["url"], authorization(options))
    except HttpError as error:
        expected = f"Pushgateway answers at {options['url']}"
        return [*checks, explain(session, "pushgateway", options, expected, error)]
    checks += [judge_pushed(each, gateway, each.host in pushed_now) for each in collectors]

    waits = max(min(float(params["wait"]), left() - 1), 0)
    probes = [
        _store_probe(session, kind, params[kind], partial(judge, collectors, gateway, waits))
        for kind, judge in (("prometheus", _in_prometheus), ("victoriametrics", _in_vm))
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
            return [explain(session, kind, options, expected, error)]

    return Probe(kind, expected, run)


def _expected(item: Mapping[str, Any]) -> Expected:
    if item["interval"] <= 0:
        option = f"collectors[{item['host']}].interval"
        raise HttpError.option(option, "more than 0 seconds", str(item["interval"]))
    instance = item["instance"] or item["host"]
    return Expected(item["host"], item["job"], instance, item["interval"], tuple(item["families"]))


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


def _wait(look: Callable[[], bool], seconds: float) -> None:
    """Look until there is nothing more to wait for, C(seconds) at most."""
    end = time.monotonic() + seconds
    while not look() and time.monotonic() + PAUSE < end:
        time.sleep(PAUSE)


def _in_prometheus(
    collectors: Sequence[Expected],
    gateway: Gateway,
    wait: float,
    session: Session,
    options: Mapping[str, Any],
) -> list[Check]:
    api = PrometheusApi(session, options["url"], authorization(options))
    job = options["scrape_job"]
    jobs = [each.job for each in collectors]
    groups = {each: gateway.group(*each.path) for each in collectors}
    times: list[Series] = []
    targets = api.targets()
    target = judge_target(targets, job)

    def complete() -> bool:
        nonlocal target, targets
        if target.status != "pass":  # a restarted gateway is down until its next scrape
            targets = api.targets()
            target = judge_target(targets, job)
        by_job = (f"push_time_seconds{{{matcher(name, jobs)}}}" for name in ("job", "exported_job"))
        times[:] = api.query(" or ".join(by_job))
        known = any(each.job == job for each in targets)
        return (target.status == "pass" or not known) and all(
            group is None
            or arrived(group, honored(each, times))
            or arrived(group, renamed(each, times))
            for each, group in groups.items()
        )

    _wait(complete, wait)
    series = api.query(f"{{{matcher('job', jobs)}}}")
    series += api.query(f"{{{matcher('exported_job', jobs)}}}")
    own = [n for g in groups.values() if g for n in sample_names(own_families(g).items())]
    elsewhere = f"{{{matcher('__name__', own)}, {matcher('job', jobs, '!~')}}}"
    foreign = api.query(elsewhere) if own else []
    checks = [target]
    for each, group in groups.items():
        names = {s.name for s in honored(each, series)}
        checks.append(judge_arrived(each, group, times, "Prometheus", wait))
        checks.append(judge_families(each, group, names, "Prometheus"))
        checks.append(judge_labels(each, gateway, series))
    return checks + judge_once(collectors, gateway, [*series, *foreign])


def _in_vm(
    collectors: Sequence[Expected],
    gateway: Gateway,
    wait: float,
    session: Session,
    options: Mapping[str, Any],
) -> list[Check]:
    headers = authorization(options)
    read = partial(export, session, options["url"], seconds=EXPORTED, headers=headers)
    jobs = matcher("job", [each.job for each in collectors])
    groups = {each: gateway.group(*each.path) for each in collectors}
    series: list[Series] = []

    def judged() -> list[Check]:
        return [
            check
            for each, group in groups.items()
            for check in (
                judge_arrived(each, group, series, "VictoriaMetrics", wait),
                judge_families(
                    each, group, {s.name for s in honored(each, series)}, "VictoriaMetrics"
                ),
            )
        ]

    def complete() -> bool:
        # What Prometheus writes comes in parts, so one family is no proof of the others.
        series[:] = read(f"{{{jobs}}}")
        return all(check.status != "fail" for check in judged())

    _wait(complete, wait)
    return judged()
