# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out which service answers at an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._check import Ask, Check
from .._http.session import HttpError, Response, Session, authorization, check_url
from .exposition import samples

Version = Optional[str]  # None: not this service's answer; empty: no version given


@dataclass(frozen=True)
class Kind:
    """A service that can be identified.

    Args:
        title: Its name for people.
        proof: A path that only this service answers in its way.
        version: Reads the version from that answer.
        ready: The path that is answered with 200 when it is ready.
    """

    title: str
    proof: str
    version: Callable[[Response], Version]
    ready: str = ""


def _field(
    *path: str, beside: tuple[str, ...] = (), hidden: bool = False
) -> Callable[[Response], Version]:
    """Return a reader for the version at `path` of a JSON answer.

    Args:
        beside: Keys that the answer must have there, too.
        hidden: The version may be missing without a login.
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
    return "" if samples(response.text, "ping_service_up") else None


_COLLECTOR = _field("version", beside=("service", "revision", "host", "region", "location"))


def _collector(response: Response) -> Version:
    version = _COLLECTOR(response)
    # Programs that return their service and version at /.
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

# Mistakes that have a cause of their own: (expected, found) -> the rest of the code.
MISTAKEN = {
    ("pushgateway", "prometheus"): ".prometheus_for_pushgateway",
    ("prometheus", "pushgateway"): ".pushgateway_for_prometheus",
}


def name_of(kind: str, version: str) -> str:
    """Return ``Prometheus 3.2.1``, or only the name if the version is not known."""
    return f"{KINDS[kind].title} {version}".strip()


def identify(session: Session, url: str, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Return which of KINDS answers at a URL, and its name with version; None if none does."""
    for key, kind in KINDS.items():
        try:
            response = session.get(url + kind.proof, expected=None, headers=headers, retries=0)
        except HttpError:
            continue
        version = kind.version(response)
        if version is not None:
            return key, name_of(key, version)
    return None


def other_service(ask: Ask, kind: str, other: tuple[str, str]) -> Check:
    """Return the failed check for an address at which another service answers.

    Args:
        kind: The service that should have answered.
        other: What :func:`identify` returned.
    """
    found, name = other
    code = f"address.other_service{MISTAKEN.get((kind, found), '')}"
    return ask.fail(code, kind=kind, found=found, name=name, title=KINDS[found].title)


def explain(
    session: Session, ask: Ask, kind: str, service: Mapping[str, Any], error: HttpError
) -> Check:
    """Return the failed check for a request that one of KINDS should have answered, and did not.

    Args:
        kind: The service that should have answered.
        service: Its `url` and credentials.
    """
    if error.code == "http.not_json" or error.status in (400, 404, 405):
        other = identify(session, check_url(service["url"]), authorization(service))
        if other and other[0] != kind:
            return other_service(ask, kind, other)
    return ask.error(error)
