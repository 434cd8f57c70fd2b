# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to tell which service answers at an address, and whether it is ready."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._check import Check
from .._http.session import HttpError, Response, Session, authorization, check_url, excerpt

PAUSE = 0.5  # seconds between two looks
PASSWORD = re.compile(r"""<input\b[^>]*\btype\s*=\s*["']?password""", re.IGNORECASE)
Version = Optional[str]  # None: the answer is not this service's; empty: it does not say


@dataclass(frozen=True)
class Kind:
    """C(proof): the path that only this service answers so; C(ready): the path of its readiness."""

    title: str
    proof: str
    version: Callable[[Response], Version]
    ready: str = ""


def _field(
    *path: str, beside: tuple[str, ...] = (), hidden: bool = False
) -> Callable[[Response], Version]:
    """The version at C(path) of a JSON answer that also has the keys C(beside) there.

    C(hidden): it may be kept from those who are not logged in.
    """

    def version(response: Response) -> Version:
        try:
            value = response.json()
        except HttpError:
            return None
        for key in path[:-1]:
            value = value.get(key) if isinstance(value, dict) else None
        needed = {*beside} if hidden else {path[-1], *beside}
        if not isinstance(value, dict) or not needed <= value.keys():
            return None
        return str(value.get(path[-1]) or "")

    return version


def _victoriametrics(response: Response) -> Version:
    return "" if response.text.startswith("VictoriaMetrics is") else None


def _ping_service(response: Response) -> Version:
    return "" if re.search(r"^ping_service_up\b", response.text, re.MULTILINE) else None


_COLLECTOR = _field("version", beside=("service", "revision", "host", "region", "location"))


def _collector(response: Response) -> Version:
    version = _COLLECTOR(response)
    # Many a program says its service and version at /.
    return version if version is not None and response.json()["service"] == "collector" else None


# Sources: the HTTP API pages of each project; VictoriaMetrics also answers Prometheus's buildinfo,
# with less in it.
KINDS: dict[str, Kind] = {
    "prometheus": Kind(
        "Prometheus",
        "/api/v1/status/buildinfo",
        _field("data", "version", beside=("goVersion", "revision")),
        "/-/ready",
    ),
    "pushgateway": Kind(
        "Pushgateway",
        "/api/v1/status",
        _field("data", "build_information", "version"),
        "/-/ready",
    ),
    "victoriametrics": Kind("VictoriaMetrics", "/-/ready", _victoriametrics, "/health"),
    "alertmanager": Kind(
        "Alertmanager", "/api/v2/status", _field("versionInfo", "version"), "/-/ready"
    ),
    "grafana": Kind("Grafana", "/api/health", _field("version", beside=("database",), hidden=True)),
    "loki": Kind(
        "Loki",
        "/loki/api/v1/status/buildinfo",
        _field("version", beside=("goVersion", "revision")),
        "/ready",
    ),
    "traefik": Kind("Traefik", "/api/version", _field("Version", beside=("Codename",))),
    "collector": Kind("collector", "/", _collector, "/ready"),
    "ping_service": Kind("ping service", "/metrics", _ping_service, "/health"),
}

# What a mistaken address leads to: (expected, found) -> what happens there.
MISTAKEN = {
    ("pushgateway", "prometheus"): (
        "the address of Prometheus was given for the Pushgateway;"
        " a push there is answered 404 or 405, never refused"
    ),
    ("prometheus", "pushgateway"): (
        "the address of the Pushgateway was given for Prometheus; it keeps no history"
    ),
}


def _name(kind: Kind, version: str) -> str:
    return f"{kind.title} {version}".strip()


def identify(session: Session, url: str, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Which kind answers at a URL, and its name with version; None if it is none of KINDS."""
    for key, kind in KINDS.items():
        try:
            response = session.get(url + kind.proof, expected=None, headers=headers, retries=0)
        except HttpError:
            continue
        version = kind.version(response)
        if version is not None:
            return key, _name(kind, version)
    return None


def check_service(session: Session, service: Mapping[str, Any], slow: float) -> Check:
    """Ask one service who it is and whether it is ready.

    C(service): an element of O(services) of service_check. C(slow): seconds that are a warning.
    Raises HttpError when there is no answer at all.
    """
    url = check_url(service["url"])
    headers = authorization(service)
    if service["kind"] == "http":
        return _check_http(session, service, url, headers, slow)
    kind = KINDS[service["kind"]]
    check_id, expected = f"service {service['name']}", f"{kind.title} at {url}, ready"
    response = session.get(url + kind.proof, expected=None, headers=headers)
    version = kind.version(response)
    if version is None:
        return _not_this(session, service["kind"], check_id, expected, url, headers, response)
    name = _name(kind, version)
    ready = response
    if kind.ready:
        ready = session.get(url + kind.ready, expected=None, headers=headers)
    if service["kind"] == "victoriametrics" and ready.status == 200:
        name = _name(kind, _victoriametrics_version(session, url, headers))
    if ready.status != 200:
        path = kind.ready or kind.proof
        seen = f"{name}, not ready: {path} answers {ready.status} {excerpt(ready.text)}"
        cause = "it is starting, stopping, or something that it needs is missing"
        return Check(check_id, "fail", expected, seen, cause, f"read the log of {kind.title}")
    return _judge_latency(Check(check_id, "pass", expected, name), response.seconds, slow)


def _judge_latency(check: Check, seconds: float, slow: float) -> Check:
    seen = f"{check.seen}, in {seconds * 1000:.0f} ms"
    if seconds <= slow:
        return Check(check.id, "pass", check.expected, seen)
    cause = "the service, the proxy before it or the way there is overloaded"
    fix = "compare with the latency on the service's own host"
    return Check(check.id, "warn", f"{check.expected}, within {slow:g} s", seen, cause, fix)


def _not_this(
    session: Session,
    kind: str,
    check_id: str,
    expected: str,
    url: str,
    headers: Mapping[str, str],
    response: Response,
) -> Check:
    """The failed check for an answer that is not the service's: who is it then?"""
    path = KINDS[kind].proof
    seen = f"{response.status} at {path}: {excerpt(response.text)}"
    if response.status in (401, 403):
        error = HttpError.status_of(response, (200,))
        fix = f"check the credentials given for {check_id}"
        return Check(check_id, "fail", expected, seen, error.cause, fix)
    other = identify(session, url, headers)
    if other:
        return _mistaken(kind, other, check_id, expected)
    if response.status == 200:
        cause = "another service, or a proxy's own page, answers at this address"
        return Check(check_id, "fail", expected, seen, cause, "check host, port and path")
    error = HttpError.status_of(response, (200,))
    return Check(check_id, "fail", expected, seen, error.cause, error.fix)


def _mistaken(kind: str, other: tuple[str, str], check_id: str, expected: str) -> Check:
    title = KINDS[other[0]].title
    cause = MISTAKEN.get((kind, other[0]), f"the address of {title} was given instead")
    fix = "give the service's own host and port, or the path under which the proxy routes to it"
    return Check(check_id, "fail", expected, f"{other[1]} answers there", cause, fix)


def explain(
    session: Session, kind: str, service: Mapping[str, Any], expected: str, error: HttpError
) -> Check:
    """The failed check for a request that one of KINDS should have answered, and did not.

    C(service): its C(url) and credentials.
    """
    if error.code == "http.not_json" or error.status in (400, 404, 405):
        url = check_url(service["url"])
        other = identify(session, url, authorization(service))
        if other and other[0] != kind:
            return _mistaken(kind, other, kind, expected)
    return Check.of_error(kind, expected, error)


def _check_http(
    session: Session,
    service: Mapping[str, Any],
    url: str,
    headers: Mapping[str, str],
    slow: float,
) -> Check:
    check_id, contains = f"service {service['name']}", service.get("contains")
    statuses = service.get("status") or [200]
    expected = f"{url} answers {' or '.join(map(str, statuses))}"
    if contains:
        expected += f" with {contains!r} in it"
    # As given: a final slash may matter here.
    until = time.monotonic() + (service.get("within") or 0.0)
    while True:
        response = session.get(service["url"], expected=statuses, headers=headers)
        missing = contains not in response.text if contains else False
        if not missing or time.monotonic() + PAUSE > until:
            break
        time.sleep(PAUSE)
    if missing:
        seen = f"{response.status}: {excerpt(response.text)}"
        cause = "another service, or a proxy's own page, answers at this address"
        return Check(check_id, "fail", expected, seen, cause, "check host, port and path")
    page = response.headers.get("Content-Type", "").startswith("text/html")
    if page and not contains and PASSWORD.search(response.text):
        seen = f"{response.status}, a page that asks for a password"
        cause = "it is a login page: what is behind it has not been seen"
        fix = "give contains: a text that only the right answer has"
        return Check(check_id, "warn", expected, seen, cause, fix)
    return _judge_latency(
        Check(check_id, "pass", expected, str(response.status)), response.seconds, slow
    )


def _victoriametrics_version(session: Session, url: str, headers: Mapping[str, str]) -> str:
    text = session.get(f"{url}/metrics", expected=None, headers=headers).text
    found = re.search(r'^vm_app_version\{[^}]*short_version="v?([^"]*)"', text, re.MULTILINE)
    return found.group(1) if found else ""
