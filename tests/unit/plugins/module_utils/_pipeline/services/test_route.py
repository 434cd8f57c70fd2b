# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A missing route is told as one, whatever the certificate is that comes with it."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    Options,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.run import (
    check_services,
)
from ansible_collections.vya.observability.tests.certificates import certificate, new_key, pem
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between

NAME = "api.example.com"
DEFAULT = "certificate.proxy_default"
NOWHERE: Reply = (404, b"404 page not found\n", {"Content-Type": "text/plain; charset=utf-8"})
PARAMS = {"certificate_days": 1.0, "slow": 5.0}


def only_at(path: str) -> Callable[..., Reply]:
    return lambda _method, asked, *_: (200, b"{}") if asked == path else NOWHERE


def nowhere(*_: Any) -> Reply:
    return NOWHERE


@pytest.fixture
def check(tmp_path: Path) -> Any:
    key = new_key()
    opened = ExitStack()

    def run(answer: Callable[..., Reply], name: str, rules: list[str] | None) -> dict[str, str]:
        signed = certificate(key, "TRAEFIK DEFAULT CERT", [x509.DNSName(name)])
        file = tmp_path / "server.pem"
        file.write_text(pem(signed) + pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        port = urlsplit(opened.enter_context(between(answer, context))).port
        services = [{"name": "c", "kind": "http", "url": f"https://{NAME}:{port}/health"}]
        if rules is not None:
            shown = json.dumps([{"rule": f"Host(`{rule}`)"} for rule in rules]).encode()
            url = opened.enter_context(between(lambda *_: (200, shown)))
            services.append({"name": "t", "kind": "traefik", "url": url})
        empty = {"status": None, "contains": None, "within": 0.0, "databases": None}
        options = Options(ca_path=str(file), resolve={NAME: "127.0.0.1"}, retries=0)
        checks = check_services(
            Session(options),
            {**PARAMS, "services": [{**empty, **each} for each in services]},
            time.monotonic() + 20,
        )
        return {each.name: each.code for each in checks if each.subject != "t"}

    with opened:
        yield run


@pytest.mark.parametrize(
    ("answer", "name", "rules", "service", "certified"),
    [
        (nowhere, "other.example.com", None, "route.missing", "route.missing"),
        (nowhere, NAME, None, "route.missing", "certificate.ok"),
        (nowhere, "o.example.com", ["o.example.com"], "route.missing.told", "route.missing.told"),
        (nowhere, "o.example.com", [NAME], *[DEFAULT] * 2),
        (only_at("/health"), "o.example.com", None, *[DEFAULT] * 2),
        (only_at("/"), NAME, None, "http.status.404", "certificate.ok"),
        (only_at("/health"), NAME, None, "service.ok", "certificate.ok"),
    ],
    ids=[
        *("default certificate", "certificate of all names", "the API knows none"),
        *("the API knows one", "wrong certificate", "wrong path", "all well"),
    ],
)
def test_a_missing_route(
    check: Any,
    answer: Callable[..., Reply],
    name: str,
    rules: list[str] | None,
    service: str,
    certified: str,
) -> None:
    assert check(answer, name, rules) == {"service": service, "certificate": certified}
