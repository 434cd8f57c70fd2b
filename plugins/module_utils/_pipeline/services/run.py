# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that service_check looks at, as probes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._api.identify import KINDS, check_service
from ..._check import Probe
from ..._http.session import Session, auth_argument_spec, authorization, check_url
from .certificate import check_certificate, tls_hosts
from .health import check_health


def service_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of service_check, but for those of the doc fragments."""
    service = {
        "name": {"type": "str", "required": True},
        "kind": {"type": "str", "choices": [*KINDS, "http"], "default": "http"},
        "url": {"type": "str", "required": True},
        "status": {"type": "list", "elements": "int", "default": [200]},
        "contains": {"type": "str"},
        "databases": {"type": "list", "elements": "str"},
        "within": {"type": "float", "default": 0.0},
        **auth_argument_spec(),
    }
    return {
        "services": {"type": "list", "elements": "dict", "required": True, "options": service},
        "certificate_days": {"type": "float", "default": 14.0},
        "slow": {"type": "float", "default": 2.0},
    }


def service_probes(session: Session, params: Mapping[str, Any]) -> list[Probe]:
    """A probe per service, per collector's health, and per certificate.

    C(params): those of service_check. Raises HttpError for a bad option.
    """
    services, slow, days = params["services"], params["slow"], params["certificate_days"]
    for item in services:
        check_url(item["url"], f"services[{item['name']}].url")
        authorization(item)
    probes = [
        Probe(
            f"service {item['name']}",
            f"{item['kind']} at {item['url']}, ready",
            partial(check_service, session, item, slow),
        )
        for item in services
    ]
    probes += [
        Probe(f"health {item['name']}", "/health", partial(check_health, session, item))
        for item in services
        if item["kind"] == "collector"
    ]
    return probes + [
        Probe(
            f"certificate {host}:{port}",
            "a handshake",
            partial(check_certificate, host, port, session.options, days),
        )
        for host, port in tls_hosts(item["url"] for item in services)
    ]
