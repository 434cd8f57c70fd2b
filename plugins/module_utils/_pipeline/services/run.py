# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module service_check: its options and its probes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..._api.identify import KINDS
from ..._check import PAUSE, Ask, Check, Probe, run_side_by_side
from ..._http.session import HttpError, Session, authorization, check_url
from ..collector import Collector
from ..options import SERVER, Spec
from .certificate import ask_certificate, check_certificate, tls_hosts, with_links
from .health import check_health
from .route import with_routes
from .service import ask_service, check_service

# What a service says, or what comes instead, while it is replaced or restarted.
PASSING = frozenset(
    {
        *("http.refused", "http.closed", "http.unreachable", "service.not_ready"),
        *("http.status.502", "http.status.503", "http.status.504"),
    }
)


def service_options() -> Spec:
    """Return the options of service_check that no other check module has."""
    service = {
        "name": {"type": "str", "required": True},
        "kind": {"type": "str", "choices": [*KINDS, "http"], "default": "http"},
        "status": {"type": "list", "elements": "int", "default": [200]},
        "contains": {"type": "str"},
        "databases": {"type": "list", "elements": "str"},
        "database_hosts": {"type": "dict", "default": {}},
        "host": {"type": "str"},
        "within": {"type": "float", "default": 0.0},
        **SERVER,
    }
    return {
        "services": {"type": "list", "elements": "dict", "required": True, "options": service},
        "certificate_days": {"type": "float", "default": 14.0},
        "slow": {"type": "float", "default": 2.0},
    }


def _patiently(run: Callable[[], Check], seconds: float) -> Check:
    """Run a check again while its service may only be between two releases.

    Raises:
        HttpError: The last request failed.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            check = run()
        except HttpError as error:
            if error.code not in PASSING or time.monotonic() >= end:
                raise
        else:
            if check.code not in PASSING or time.monotonic() >= end:
                return check
        time.sleep(min(PAUSE, max(end - time.monotonic(), 0.0)))


def service_probes(
    session: Session,
    params: Mapping[str, Any],
    patience: float = 0.0,
    ready: Callable[[], object] | None = None,
) -> list[Probe]:
    """Return a probe for each service, each collector's health and each certificate.

    Args:
        params: The options of service_check, perhaps with `collectors`, whose keys are used.
        patience: Seconds for a service that is down; a swap takes less.
        ready: Waits for the part that asks the collectors to push; None if no other part does.

    Raises:
        HttpError: `http.option`, for a bad option.
    """
    services, slow, days = params["services"], params["slow"], params["certificate_days"]
    for item in services:
        check_url(item["url"], f"services[{item['name']}].url")
        authorization(item)
    collectors = map(Collector.of, params.get("collectors") or ())
    known = {collector.url: collector for collector in collectors}
    probes = []
    for item in services:
        ask = ask_service(item)
        run = partial(check_service, session, ask, item, slow)
        probes.append(Probe(ask, partial(_patiently, run, patience)))
    for item in services:
        if item["kind"] == "collector":
            ask = Ask("health", item["name"])
            collector = known.get(check_url(item["url"]))
            run = partial(check_health, session, ask, item, collector, ready)
            probes.append(Probe(ask, partial(_patiently, run, patience)))
    for host, port in tls_hosts(item["url"] for item in services):
        ask = ask_certificate(host, port, days)
        check = partial(check_certificate, ask, host, port, session.options, days)
        probes.append(Probe(ask, check))
    return probes


def check_services(session: Session, params: Mapping[str, Any], until: float) -> list[Check]:
    """Run all checks of service_check.

    Args:
        params: The options of the module.
        until: When the time is over, by the monotonic clock.

    Raises:
        HttpError: `http.option`. Every other failure is a check.
    """
    checks = run_side_by_side(service_probes(session, params), max(until - time.monotonic(), 0.1))
    return with_links(with_routes(checks, session, params["services"], until))
