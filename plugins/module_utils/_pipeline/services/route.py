# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy without a route for a name: it is not the certificate that is wrong, nor the service."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ..._check import Ask, Check, Probe, run_side_by_side
from ..._http.session import HttpError, Session, authorization

# What a proxy without a route for a name is taken for: its default certificate, and its 404.
MISTAKEN = frozenset(
    {
        *("http.tls_name", "http.tls_untrusted", "http.status.404"),
        *("certificate.proxy_default", "certificate.self_signed", "certificate.no_name"),
    }
)
NO_ROUTE = "404 page not found"  # what Traefik, as every server of Go, says of an unknown path
ROUTERS = [{"rule?": str}]
PATIENCE = 5.0  # seconds for all names
LEAST = 0.5  # seconds without which nothing is asked


def with_routes(
    checks: Sequence[Check], session: Session, services: Sequence[Mapping[str, Any]], until: float
) -> list[Check]:
    """Return the checks; those that a missing route has failed say so (`route.missing`).

    The proxy is asked without the key, as its certificate is not verified then. If one of the
    services is a Traefik, its API is asked, too.

    Source: Traefik, GET /api/http/routers.

    Args:
        services: Elements of `services` of service_check.
        until: When the time is over, by the monotonic clock.
    """
    left = min(PATIENCE, until - time.monotonic())
    urls = {url for url in map(_url, checks) if url}
    origins = {_origin(url): None for url in sorted(urls)}
    if not origins or left < LEAST:
        return list(checks)
    blind = Session(
        replace(session.options, validate_certs=False, headers={}, retries=0, timeout=left)
    )
    traefiks = [each for each in services if each["kind"] == "traefik"]
    probes = [
        Probe(Ask("route", origin), partial(_look, blind, session, traefiks, origin, urls))
        for origin in origins
    ]
    found = {each.subject: each for each in run_side_by_side(probes, left)}
    return [_explained(check, found) for check in checks]


def _url(check: Check) -> str:
    """Return the URL of a failed request that may have met no route; empty for other checks."""
    if check.status != "fail" or check.code not in MISTAKEN:
        return ""
    return str(check.values.get("request", "")).partition(" ")[2]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _explained(check: Check, found: Mapping[str, Check]) -> Check:
    url = _url(check)
    route = found.get(_origin(url)) if url else None
    if route is None or route.status != "fail" or not route.code.startswith("route."):
        return check
    return replace(check, code=route.code, values={**check.values, **route.values})


def _look(
    blind: Session,
    session: Session,
    traefiks: Sequence[Mapping[str, Any]],
    origin: str,
    urls: set[str],
) -> Check:
    host = urlsplit(origin).hostname or ""
    ask = Ask("route", origin, host=host)
    paths = {urlsplit(url).path or "/" for url in urls if _origin(url) == origin} | {"/"}
    for path in sorted(paths):
        answer = blind.get(origin + path, expected=None)
        if answer.status != 404 or answer.text.strip() != NO_ROUTE:
            return ask.ok()
    for traefik in traefiks:
        try:
            url = f"{traefik['url'].rstrip('/')}/api/http/routers"
            routers = session.get_json(url, ROUTERS, headers=authorization(traefik))
        except HttpError:
            continue
        if any(host.lower() in str(router.get("rule", "")).lower() for router in routers):
            return ask.ok()
        return ask.fail("route.missing.told", api=traefik["url"])
    return ask.fail("missing")
