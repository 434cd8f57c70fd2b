# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow the collectors' pushes: gateway, Prometheus, VictoriaMetrics. Few requests, no sleep
longer than half a second."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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
    auth_argument_spec,
    authorization,
    check_url,
)
from ansible_collections.vya.observability.plugins.module_utils._ping import clean_key, unix_time
from ansible_collections.vya.observability.plugins.module_utils._population import (
    Expected,
    arrived,
    honored,
    judge_arrived,
    judge_families,
    judge_labels,
    judge_once,
    judge_target,
    own_families,
    renamed,
    sample_names,
)
from ansible_collections.vya.observability.plugins.module_utils._population_health import (
    Up,
    judge_ages,
    judge_own_labels,
    judge_pushers,
    judge_run,
    judge_targets,
)
from ansible_collections.vya.observability.plugins.module_utils._population_pushed import (
    judge_pushed,
)
from ansible_collections.vya.observability.plugins.module_utils._population_rules import (
    check_rules,
)
from ansible_collections.vya.observability.plugins.module_utils._prometheus_api import (
    PrometheusApi,
    Series,
    Target,
    export,
    matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._pushgateway import (
    Gateway,
    Group,
    read_gateway,
)
from ansible_collections.vya.observability.plugins.module_utils._services import KINDS, explain

PAUSE = 0.5  # seconds between two looks
PUSH = 35.0  # seconds: the collector answers after 30 at the latest
DAYS = 14  # that Prometheus's past is looked at for a target that is down
EXPORTED = 300.0  # seconds of VictoriaMetrics's past that are looked at: Prometheus's lookback


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
        "ping_age": {"type": "float", "default": 180.0},
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
        return [*checks, explain(session, "pushgateway", options, expected, gateway)]
    pushed = {i["host"] for i, check in zip(asked, checks) if check.status == "pass"}
    old = before if isinstance(before, Gateway) else gateway
    checks += [judge_pushed(c, gateway, old if c.host in pushed else None) for c in collectors]
    if params["others"]:
        checks.append(judge_pushers(collectors, gateway, params["known_jobs"]))

    waits = max(min(float(params["wait"]), left() - 1), 0)
    in_prometheus = partial(_in_prometheus, collectors, gateway, reread, params, waits)
    in_vm = partial(_in_vm, collectors, gateway, reread, waits)
    probes = [
        _store_probe(session, kind, params[kind], judge)
        for kind, judge in (("prometheus", in_prometheus), ("victoriametrics", in_vm))
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


def _wait(look: Callable[[], bool], seconds: float) -> bool:
    """Look until there is nothing more to wait for, C(seconds) at most; whether that was so."""
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() + PAUSE > end:
            return False
        time.sleep(PAUSE)
    return True


def _decided(targets: Sequence[Target], since: float) -> bool:
    """Was each target that is down scraped after C(since)? What was restarted is up by then."""
    down = [unix_time(each.last_scrape) for each in targets if each.health == "down"]
    return all(scraped is None or scraped > since for scraped in down)


def _past(api: PrometheusApi, targets: Sequence[Target]) -> dict[tuple[str, str], Up]:
    """Since when targets are what they are: of a day, or of DAYS where one is down."""
    day = "max_over_time(timestamp(up == 0)[1d:5m])", "min_over_time(timestamp(up)[1d:5m])"
    last_down, first_seen = ({s.path: s.value for s in api.query(each)} for each in day)
    last_up = {}
    if any(each.health == "down" for each in targets):
        up = api.query(f"max_over_time(timestamp(up == 1)[{DAYS}d:10m])")
        last_up = {series.path: series.value for series in up}
    paths = {(each.job, each.instance) for each in targets}
    return {p: Up(first_seen.get(p), last_up.get(p), last_down.get(p)) for p in paths}


def _still_there(before: Group | None, gateway: Gateway) -> Group | None:
    """The group without the families that have left the gateway since it was read."""
    now = gateway.group(before.job, before.instance) if before else None
    if before is None or now is None:
        return before
    return replace(before, families={n: k for n, k in before.families.items() if n in now.families})


def _in_prometheus(
    collectors: Sequence[Expected],
    gateway: Gateway,
    reread: Callable[[], Gateway],
    params: Mapping[str, Any],
    wait: float,
    session: Session,
    options: Mapping[str, Any],
) -> list[Check]:
    api = PrometheusApi(session, options["url"], authorization(options))
    job = options["scrape_job"]
    jobs = [each.job for each in collectors]
    groups = {each: gateway.group(*each.path) for each in collectors}
    times: list[Series] = []
    others = params["others"]

    def watched() -> list[Target]:
        return [each for each in api.targets() if others or each.job == job]

    targets = watched()
    target = judge_target(targets, job)
    since = time.time()

    def complete() -> bool:
        nonlocal target, targets
        # A restarted gateway is down until its next scrape.
        if target.status != "pass" or not _decided(targets, since):
            targets = watched()
            target = judge_target(targets, job)
        by_job = (f"push_time_seconds{{{matcher(name, jobs)}}}" for name in ("job", "exported_job"))
        times[:] = api.query(" or ".join(by_job))
        known = any(each.job == job for each in targets)
        return (
            (target.status == "pass" or not known)
            and _decided(targets, since)
            and all(
                group is None
                or arrived(group, honored(each, times))
                or arrived(group, renamed(each, times))
                for each, group in groups.items()
            )
        )

    _wait(complete, wait)
    series = api.query(f"{{{matcher('job', jobs)}}}")
    series += api.query(f"{{{matcher('exported_job', jobs)}}}")
    own = [n for g in groups.values() if g for n in sample_names(own_families(g).items())]
    elsewhere = f"{{{matcher('__name__', own)}, {matcher('job', jobs, '!~')}}}"
    foreign = api.query(elsewhere) if own else []
    checks = [target]
    if others:
        checks.append(judge_targets(targets, _past(api, targets), time.time(), DAYS))
    ages: list[Check] = []
    for each, group in groups.items():
        mine = honored(each, series)
        names = {s.name for s in mine}
        checks.append(judge_arrived(each, group, times, "Prometheus", wait))
        families = judge_families(each, group, names, "Prometheus")
        if families.status == "fail":
            families = judge_families(each, _still_there(group, reread()), names, "Prometheus")
        checks.append(families)
        labels = judge_labels(each, gateway, series)
        differing = judge_own_labels(each, mine, params["catalogue_labels"])
        checks.append(differing if differing and labels.status == "pass" else labels)
        run = judge_run(each, mine, time.time())
        ages.append(run or judge_ages(each, mine, time.time(), params["ping_age"]))
    checks += ages
    if others:
        checks.append(check_rules(api, params["catalogue_labels"], time.time(), DAYS))
    return checks + judge_once(collectors, gateway, [*series, *foreign])


def _in_vm(
    collectors: Sequence[Expected],
    gateway: Gateway,
    reread: Callable[[], Gateway],
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

    if not _wait(complete, wait):
        now = reread()
        groups.update({each: _still_there(group, now) for each, group in groups.items()})
    return judged()
