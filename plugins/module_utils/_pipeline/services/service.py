# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that a service is the expected one, and that it is ready."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._api.exposition import samples
from ..._api.identify import KINDS, identify, name_of, other_service
from ..._check import Ask, Check, wait_for
from ..._http.session import HttpError, Response, Session, authorization, check_url, excerpt
from ..._texts.text import Text, text

PASSWORD = re.compile(r"""<input\b[^>]*\btype\s*=\s*["']?password""", re.IGNORECASE)


def ask_service(service: Mapping[str, Any]) -> Ask:
    """Return what is asked of an element of `services` of service_check."""
    return Ask("service", service["name"], wanted=_wanted(service))


def _wanted(service: Mapping[str, Any]) -> Text:
    kind, url = service["kind"], service["url"]
    if kind != "http":
        return text("service_ready", title=KINDS[kind].title, url=url)
    values = {"url": url, "statuses": _statuses(service), "contains": service["contains"]}
    return Text("service_contains" if service["contains"] else "service_answers", values)


def _statuses(service: Mapping[str, Any]) -> list[int]:
    return service["status"] or [200]


def check_service(session: Session, ask: Ask, service: Mapping[str, Any], slow: float) -> Check:
    """Ask a service for its identity and whether it is ready.

    Source: the paths in `KINDS` (`_api/identify.py`), for example GET /-/ready.

    Args:
        service: An element of `services` of service_check.
        slow: An answer that takes more seconds is a warning.

    Raises:
        HttpError: There was no answer at all.
    """
    kind, headers = service["kind"], authorization(service)
    if kind == "http":
        return _check_http(session, ask, service, headers, slow)
    url, paths = check_url(service["url"]), KINDS[kind]
    response = session.get(url + paths.proof, expected=None, headers=headers)
    version = paths.version(response)
    if version is None:
        return _not_this(session, ask, kind, url, headers, response)
    wanted = service.get("host")
    if kind == "collector" and wanted and response.json()["host"] != wanted:
        return ask.fail("other_collector", host=wanted, found=str(response.json()["host"]))
    ready = response
    if paths.ready:
        ready = session.get(url + paths.ready, expected=None, headers=headers)
    if kind == "victoriametrics" and ready.status == 200:
        version = _victoriametrics_version(session, url, headers)
    name = name_of(kind, version)
    if ready.status != 200:
        path, body = paths.ready or paths.proof, excerpt(ready.text)
        values = {"path": path, "status": ready.status, "body": body, "title": paths.title}
        return ask.fail("not_ready", name=name, **values)
    return _judge_latency(ask, name, response.seconds, slow)


def _judge_latency(ask: Ask, name: str, seconds: float, slow: float) -> Check:
    if seconds <= slow:
        return ask.ok(name=name, seconds=seconds)
    return ask.warn("slow", name=name, seconds=seconds, limit=slow)


def _not_this(
    session: Session,
    ask: Ask,
    kind: str,
    url: str,
    headers: Mapping[str, str],
    response: Response,
) -> Check:
    """Return the failed check for an answer that is not the service's, with who answered."""
    error = HttpError.status_of(response, (200,))
    if response.status in (401, 403):
        return ask.error(error)
    other = identify(session, url, headers)
    if other:
        return other_service(ask, kind, other)
    return unknown_service(ask, response) if response.status == 200 else ask.error(error)


def unknown_service(ask: Ask, response: Response) -> Check:
    """Return the failed check for an answer that no known service gives."""
    body = excerpt(response.text)
    return ask.fail("address.unknown_service", url=response.url, status=response.status, body=body)


def _check_http(
    session: Session, ask: Ask, service: Mapping[str, Any], headers: Mapping[str, str], slow: float
) -> Check:
    contains = service["contains"]
    response: list[Response] = []

    def found() -> bool:
        # The URL as given: a final slash may matter here.
        response[:] = [session.get(service["url"], expected=_statuses(service), headers=headers)]
        return not contains or contains in response[0].text

    complete, answer = wait_for(found, service["within"]), response[0]
    if not complete:
        return unknown_service(ask, answer)
    page = answer.headers.get("Content-Type", "").startswith("text/html")
    if page and not contains and PASSWORD.search(answer.text):
        return ask.warn("login_page", status=answer.status)
    return _judge_latency(ask, str(answer.status), answer.seconds, slow)


def _victoriametrics_version(session: Session, url: str, headers: Mapping[str, str]) -> str:
    metrics = session.get(f"{url}/metrics", expected=None, headers=headers).text
    found = [each.labels.get("short_version", "") for each in samples(metrics, "vm_app_version")]
    return found[0].removeprefix("v") if found else ""
