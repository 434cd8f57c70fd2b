# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the ping services by their own metrics, as Prometheus has scraped them.

Their port may be one that only Prometheus reaches, so they are not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..._api.prometheus import PrometheusApi, Series, matcher
from ..._check import Ask, Check
from ..._texts.text import text
from ..collector import Collector
from .health import PINGED, RTT, STARTED

MINUTES = 15  # over which losses are counted (FACTS)
FEW = 20  # pings in a buffer, as for the alert PingBufferGrowing
SETTLED = 120.0  # seconds after its start until a collector has a measurement of each source
# A single failed ping is no fault; `increase` also estimates what lies between scrapes.
FAILED, ANSWERED = 2.5, 0.5
# What is asked about each source and target. SOURCES and WINDOW are replaced.
FACTS = {
    "up": "ping_service_up{SOURCES}",
    "open": "ping_circuit_open{SOURCES}",
    "waiting": "ping_buffer_pings{SOURCES}",
    "growth": "deriv(ping_buffer_pings{SOURCES}[15m])",
    "dropped": "increase(ping_buffer_dropped_total{SOURCES}[15m])",
    "answered": 'increase(ping_requests_total{SOURCES, status="success"}[WINDOW])',
    "failed": 'increase(ping_requests_total{SOURCES, status="failure"}[WINDOW])',
    "error": "increase(ping_errors_total{SOURCES}[WINDOW]) > 0",
    "measured": "ping_rtt_seconds_count{SOURCES} offset 2m",
}


def read_senders(api: PrometheusApi, sources: Collection[str], seconds: float) -> list[Series]:
    """Return what the ping services tell, each value with the label `fact`.

    Source: Prometheus HTTP API, GET /api/v1/query, once.

    Args:
        sources: Locations of the ping services (label `source_location`).
        seconds: The window in which a ping must have been answered.

    Raises:
        HttpError: Prometheus does not answer as it should.
    """
    named = (f'label_replace({query}, "fact", "{name}", "", "")' for name, query in FACTS.items())
    whole = " or ".join(named).replace("WINDOW", f"{seconds * 1000:.0f}ms")
    return api.query(whole.replace("SOURCES", matcher("source_location", sources)))


def pinged_locations(facts: Iterable[Series]) -> dict[str, set[str]]:
    """Return the locations that each ping service pings, of what `read_senders` returned."""
    found: dict[str, set[str]] = {}
    for one in facts:
        if one.labels.get("fact") == "up":
            found.setdefault(_source(one), set()).add(one.labels.get("target_location", ""))
    return found


def judge_senders(
    sources: Collection[str],
    facts: Sequence[Series],
    collectors: Sequence[Collector],
    series: Sequence[Series],
    others: Sequence[Check],
    now: float,
    seconds: float,
    locations: Collection[str] = (),
) -> list[Check]:
    """Judge each ping service.

    Args:
        sources: Locations of the ping services.
        facts: What `read_senders` returned.
        collectors: The collectors that may have got pings.
        series: Series of Prometheus, those of the collectors among them.
        others: The checks `ages` and `ping_sources`, which accuse a silent source already.
        now: Unix time.
        seconds: The window in which a ping must have been answered.
        locations: Locations of the collectors that were asked about; empty for all.
    """
    settled = {one.path for one in series if one.name == STARTED and now - one.value > SETTLED}
    settled &= {each.path for each in collectors}
    pinged, measured = (
        {_source(one) for one in series if one.name == name and one.path in settled}
        for name in (PINGED, RTT)
    )
    told = [one for one in facts if not locations or one.labels["target_location"] in locations]
    silent = _silent(others)
    refused = any(check.code == "ages.wrong_key" for check in others)
    return [
        _judge(
            Ask("ping_service", source, seconds=seconds),
            [one for one in told if _source(one) == source],
            silent=source in silent,
            refused=refused,
            unmeasured=source in pinged - measured,
        )
        for source in sorted({*sources})
    ]


def _judge(
    ask: Ask, facts: Iterable[Series], silent: bool, refused: bool, unmeasured: bool
) -> Check:
    """Judge one ping service; the first fault counts, because the others follow from it."""
    told: dict[str, dict[str, float]] = {name: {} for name in FACTS}
    errors = set()
    for one in facts:
        fact, target = one.labels.get("fact", ""), one.labels.get("target_location", "")
        of = told.setdefault(fact, {})
        of[target] = max(one.value, of.get(target, one.value))
        if fact == "error":
            errors.add(one.labels.get("error_type", ""))
    targets = {*told["up"]}
    if not targets:
        return ask.skip("not_scraped")
    waiting = sum(told["waiting"].values())
    held = {target for target in targets if told["open"].get(target)}
    failing = {target for target in targets if told["failed"].get(target, 0) > FAILED}
    unanswered = {target for target in held | failing if told["answered"].get(target, 0) < ANSWERED}
    why = {"waiting": waiting, "errors": errors or text("none")}
    if silent or (refused and held | unanswered):
        return ask.skip("told", **why)
    if unanswered:
        return ask.fail("unanswered", targets=unanswered, **why)
    if held:
        return ask.warn("circuit", targets=held, **why)
    lost = {target: n for target, n in told["dropped"].items() if n >= ANSWERED}
    if lost:
        return ask.warn("dropped", targets={*lost}, count=sum(lost.values()), minutes=MINUTES)
    growing = {
        target
        for target, n in told["waiting"].items()
        if n > FEW and told["growth"].get(target, 0) > 0
    }
    if growing:
        return ask.warn("growing", targets=growing, waiting=waiting)
    if unmeasured and max(told["measured"].values(), default=0) >= 2:
        return ask.warn("no_rtt")
    return ask.ok(targets=targets, waiting=waiting)


def _source(one: Series) -> str:
    return one.labels.get("source_location", "")


def _silent(checks: Iterable[Check]) -> set[str]:
    """Return the sources that other checks call silent."""
    found: set[str] = set()
    for check in checks:
        if check.code == "ages.silent":
            found |= {each.values["source"] for each in check.values["sources"]}
        elif check.code == "ping_sources.silent":
            found |= {*check.values["sources"]}
    return found
