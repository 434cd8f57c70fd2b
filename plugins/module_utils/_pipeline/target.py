# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether Prometheus scrapes the gateway: this one, and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from .._api.exposition import samples
from .._api.prometheus import PrometheusApi, Target
from .._check import Ask, Check
from .._http.session import HttpError, Session, authorization, check_url

SAME_START = 0.005  # seconds: a process tells one start only
# What Prometheus says of a scrape that failed, and the outcome that follows from it.
SAID = {
    "context deadline exceeded": "timeout",
    "i/o timeout": "timeout",
    "limit exceeded": "limit",
    "_limit": "limit",
    "connection refused": "refused",
    "no such host": "dns",
    "server misbehaving": "dns",
    "server returned HTTP status": "status",
    "x509:": "tls",
    "tls:": "tls",
    "HTTP response to HTTPS client": "tls",
    "no route to host": "unreachable",
    "network is unreachable": "unreachable",
    "expected": "format",
    "valid start token": "format",
    "Content-Type": "format",
    "# EOF": "format",
}


def scrape_failure(error: str) -> str:
    """Return the outcome for what Prometheus says of a failed scrape: `down`, or what it tells."""
    known = next((outcome for words, outcome in SAID.items() if words in error), "")
    return f"target.down.{known}" if known else "target.down"


def judge_target(targets: Sequence[Target], job: str) -> Check:
    """Judge whether the scrape targets of the job are up."""
    ask = Ask("target", job, job=job)
    found = [target for target in targets if target.job == job]
    down = [target for target in found if target.health == "down"]
    if not found:
        return ask.fail("missing", jobs={target.job for target in targets})
    if down:
        return ask.fail(scrape_failure(down[0].error), target=down[0].url, error=down[0].error)
    if any(target.health != "up" for target in found):
        return ask.warn("not_scraped", target=found[0].url)
    return ask.ok(target=found[0].url, last_scrape=max(each.last_scrape for each in found))


def judge_twice(
    once: Check, gateways: Sequence[tuple[tuple[str, str], float]], targets: Sequence[Target]
) -> Check:
    """Judge whether a gateway is scraped once only; twice, all its groups may be there twice.

    Args:
        once: The check of the scrape job, which passed.
        gateways: As `PrometheusApi.gateways` returns them.
        targets: What Prometheus scrapes.
    """
    wanted = [(path, at) for path, at in gateways if path[0] == once.subject]
    places = {_place(each) for each in targets if each.job == once.subject}
    again = {
        f"{job} {instance}"
        for (job, instance), at in gateways
        for path, started in wanted
        if (job, instance) != path and abs(at - started) < SAME_START
    }
    again |= {
        f"{each.job} {each.instance}"
        for each in targets
        if each.job != once.subject and _place(each) in places
    }
    if not again:
        return once
    return Ask(once.name, once.subject, **once.values).fail("twice", jobs=again)


def _place(target: Target) -> tuple[str, str]:
    """Return where a target is; behind a proxy, services differ by their paths."""
    parts = urlsplit(target.url)
    return parts.netloc, parts.path


def gateway_start(session: Session, options: Mapping[str, Any]) -> float | None:
    """Return when the gateway's process started (Unix time); None if it does not tell.

    Source: Pushgateway, GET /metrics.

    Args:
        options: The option `pushgateway`.
    """
    try:
        url = f"{check_url(options['url'])}/metrics"
        page = session.get(url, headers=authorization(options), retries=0).text
    except HttpError:
        return None
    own = [s.value for s in samples(page, "process_start_time_seconds") if "job" not in s.labels]
    return own[0] if own else None


def other_gateway(
    session: Session, api: PrometheusApi, options: Mapping[str, Any], job: str, check: Check
) -> Check:
    """Return the check of a push that did not arrive, with what is known of the scraped gateway.

    Source: Prometheus, GET /api/v1/query.

    Args:
        options: The option `pushgateway`.
        job: The scrape job.
        check: The failed check.
    """
    try:
        scraped = [at for path, at in api.gateways() if path[0] == job]
    except HttpError:
        return check
    own = gateway_start(session, options)
    if not scraped or own is None:
        return check
    if any(abs(at - own) < SAME_START for at in scraped):
        return check
    return replace(check, code=f"{check.name}.other_gateway", values={**check.values, "job": job})
