# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the pings of a validation show up where they should?"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._api.prometheus import PrometheusApi
from ..._api.times import unix_time
from ..._api.victoriametrics import export
from ..._check import Check, Probe, run_side_by_side, wait_for
from ..._http.session import HttpError, Session, auth_argument_spec, authorization, check_url
from .send import SOURCE, clean_key, ping_probes

SAME = 0.01  # seconds
SINCE = 60.0  # seconds: pings of another validation may come after those of this one
PUSH = 35.0  # seconds: the collector answers after 30 at the latest
LOCATION = SOURCE["location"]
LAST = "ping_last_received_timestamp_seconds"
SAMPLE = "ping_sample_processing_seconds"
STATS = "/api/ping/stats"


def ping_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of ping_check, but for those of the doc fragments."""
    server = {"url": {"type": "str", "required": True}, **auth_argument_spec()}
    collector = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str", "required": True},
        "key": {"type": "str", "required": True, "no_log": True},
        "further_keys": {"type": "list", "elements": "str", "default": [], "no_log": True},
        "instance": {"type": "str"},
    }
    return {
        "collectors": {"type": "list", "elements": "dict", "required": True, "options": collector},
        "count": {"type": "int", "default": 5},
        "slow": {"type": "float", "default": 1.0},
        "clock_offset": {"type": "float", "default": 1.0},
        "prometheus": {"type": "dict", "options": server},
        "victoriametrics": {"type": "dict", "options": server},
        "wait": {"type": "float", "default": 45.0},
        "forget": {"type": "bool", "default": True},
    }


def check_pings(session: Session, params: Mapping[str, Any], until: float) -> list[Check]:
    """Ping, and follow the pings of those that answered; all until C(until), monotonic clock.

    C(params): those of ping_check. Raises HttpError for a bad option only.
    """
    if not 1 <= params["count"] <= 100:
        raise HttpError.option("count", "1 to 100", str(params["count"]))
    limits = (params["count"], params["slow"], params["clock_offset"])
    collectors = params["collectors"]
    probes = [probe for one in collectors for probe in ping_probes(session, one, *limits)]

    def left() -> float:
        return max(until - time.monotonic(), 0.1)

    begun = time.monotonic()
    checks = run_side_by_side(probes, left())
    pinged = time.monotonic()
    answered = answered_by(collectors, checks)
    wait = min(pinged + params["wait"], until - 1)
    effects = effect_probes(session, params, answered, pinged - begun, wait)
    return checks + run_side_by_side(effects, left())


def answered_by(
    collectors: Sequence[Mapping[str, Any]], checks: Sequence[Check]
) -> list[Mapping[str, Any]]:
    """The collectors that have taken all pings."""
    well = {check.id for check in checks if check.status == "pass"}
    return [one for one in collectors if f"ping {one['name']}" in well]


def effect_probes(
    session: Session,
    params: Mapping[str, Any],
    answered: Sequence[Mapping[str, Any]],
    took: float,
    until: float,
) -> list[Probe]:
    """Look for the pings of the collectors C(answered) until C(until), of the monotonic clock.

    C(took): seconds that the pings have taken, so that none of them is older.

    C(params): those of ping_check. In Prometheus they are counted, in VictoriaMetrics each is a
    sample.
    """
    probes = []
    for collector in answered:
        arguments = (session, params, collector, until)
        name = collector["name"]
        if params["prometheus"]:
            expected = "Prometheus has the last ping of the validation"
            check_id = f"counted {name}"
            probes.append(Probe(check_id, expected, partial(_counted, check_id, *arguments)))
        if params["victoriametrics"]:
            expected = f"VictoriaMetrics has a {SAMPLE} of the validation"
            check_id = f"sampled {name}"
            sampled = partial(_sampled, check_id, *arguments, took)
            probes.append(Probe(check_id, expected, sampled))
    return probes


def _headers(collector: Mapping[str, Any]) -> dict[str, str]:
    return {"X-API-Key": clean_key(collector["key"], f"collectors[{collector['name']}].key")}


def call_api(session: Session, collector: Mapping[str, Any], method: str, path: str) -> Any:
    """The collector's answer, with its key; raises HttpError."""
    url = check_url(collector["url"]) + path
    timeout = PUSH if path == "/api/push" else None
    return session.request(method, url, headers=_headers(collector), timeout=timeout).json()


def known_pings(session: Session, collector: Mapping[str, Any]) -> tuple[int, float]:
    """Pings of the validation that the collector itself has counted, and when the last one came."""
    answer = call_api(session, collector, "GET", STATS)
    sources = answer.get("sources", []) if isinstance(answer, dict) else []
    mine = [one for one in sources if one["source"]["location"] == LOCATION]
    last = max((unix_time(one["last_received"]) or 0.0 for one in mine), default=0.0)
    return sum(one["count"] for one in mine), last


def selector_of(name: str, **labels: str) -> str:
    """Of the validation; C(name) is a regular expression."""
    wanted = {"source_location": LOCATION, **labels}
    matchers = [f"{key}={json.dumps(value)}" for key, value in wanted.items()]
    return f"{{{', '.join([f'__name__=~{json.dumps(name)}', *matchers])}}}"


def instance_of(collector: Mapping[str, Any]) -> str:
    """Its label C(instance), and C(host) of its samples."""
    return str(collector.get("instance") or collector["name"])


def _counted(
    check_id: str,
    session: Session,
    params: Mapping[str, Any],
    collector: Mapping[str, Any],
    until: float,
) -> Check:
    instance, count = instance_of(collector), params["count"]
    known, last = known_pings(session, collector)
    # The counter alone would be fooled by what an earlier process had counted.
    expected = f'{LAST} of instance="{instance}" in Prometheus is that of the last ping'
    if known < count:
        return _not_all(check_id, expected, known, count)
    call_api(session, collector, "POST", "/api/push")
    options = params["prometheus"]
    api = PrometheusApi(session, options["url"], authorization(options))
    found = [0.0]

    def arrived() -> bool:
        series = api.query(selector_of(LAST, instance=instance))
        found[0] = max((one.value for one in series), default=0.0)
        return found[0] >= last - SAME

    started = time.monotonic()
    came = wait_for(arrived, until - started)
    seconds = time.monotonic() - started
    if came:
        return Check(check_id, "pass", expected, f"{known} pings, there after {seconds:.1f} s")
    seen = f"not within {seconds:.0f} s"
    if found[0]:
        seen += f"; what is there is {last - found[0]:.0f} s older"
    cause = "the collector's pushes do not reach this Prometheus, or arrive under another instance"
    return Check(check_id, "fail", expected, seen, cause, "see the checks of push and scrape")


def _not_all(check_id: str, expected: str, known: int, count: int) -> Check:
    seen = f"the collector itself counts {known} of {count} pings"
    cause = "it was restarted meanwhile, or several collectors answer at this address"
    return Check(check_id, "fail", expected, seen, cause, "ask each collector by its own URL")


def _sampled(
    check_id: str,
    session: Session,
    params: Mapping[str, Any],
    collector: Mapping[str, Any],
    until: float,
    took: float,
) -> Check:
    host = instance_of(collector)
    expected = f'{SAMPLE} of host="{host}" in VictoriaMetrics, of these pings'
    options = params["victoriametrics"]
    known, last = known_pings(session, collector)
    if known < params["count"]:
        return _not_all(check_id, expected, known, params["count"])
    # Samples have the time of the collector's clock: those of an earlier run are older than this.
    # The first of these pings will do: the others may wait for the collector's next delivery.
    start = last - took - SAME
    read = partial(export, session, options["url"], headers=authorization(options), start=start)
    selector = selector_of(SAMPLE, host=host)
    started = time.monotonic()
    if wait_for(lambda: bool(read(selector, SINCE)), until - started):
        return Check(check_id, "pass", expected, f"after {time.monotonic() - started:.1f} s")
    health = session.request("GET", check_url(collector["url"]) + "/health", expected=(200, 503))
    pusher = health.json().get("push", {}).get("victoriametrics")
    seen = f"none within {time.monotonic() - started:.0f} s"
    cause = "the collector sends to another VictoriaMetrics"
    fix = "compare victoriametrics.url in the collector's settings with the one that was asked"
    if pusher is None:
        cause = "the collector has no victoriametrics in its settings: it does not send samples"
    elif not pusher["ok"] or pusher["spool_samples"]:
        cause = f"the collector cannot deliver: {pusher['last_error'] or 'its samples wait'}"
        fix = f"look at its /health: {pusher['spool_samples']} samples are in the spool"
    return Check(check_id, "fail", expected, seen, cause, fix)
