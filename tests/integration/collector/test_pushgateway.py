# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pusher against a real Pushgateway, and against what is none."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import samples

from ...certificates import own_certificate

# bcrypt of "a-gateway-password"
BCRYPT = "$2b$05$HRErHdYf1hDWpkv/GBQe7ekx22F5cmLT3PUlx//h9Lt/lltDoVvZG"
OURS = {"job": "collector_api_wf001_usa", "instance": "wf001"}


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        text = answer.read().decode()
    return json.loads(text) if text.startswith(("{", "[")) else text


def groups(service: Any) -> list[dict[str, Any]]:
    return list(get(service.url() + "/api/v1/metrics")["data"])


@pytest.fixture
def gateway(run_service: Callable[..., Any]) -> Any:
    return run_service("pushgateway")


def settings(url: str, **changes: Any) -> dict[str, Any]:
    return {"url": url, "interval_seconds": 10, "timeout_seconds": 10, **changes}


def test_the_group(gateway: Any, start: Callable[..., Any], eventually: Callable[..., Any]) -> None:
    running = start(pushgateway={"url": gateway.url()})
    eventually(lambda: groups(gateway), 60, "the first push comes right after the start")
    running.ping(1)
    outcome = running.push()
    assert outcome == {
        "target": "pushgateway",
        "status": "success",
        "seconds": outcome["seconds"],
        "error": None,
    }
    (group,) = groups(gateway)
    assert group["labels"] == OURS
    assert group["last_push_successful"] is True
    assert "push_time_seconds" in group
    pushed = {name for name in group if name not in ("labels", "last_push_successful")}
    pushed -= {"push_time_seconds", "push_failure_time_seconds"}
    text = running.ask("/metrics", port=running.metrics)[1]
    exposed = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(text)
        if family.samples
    }
    assert pushed == exposed
    assert len(samples(get(gateway.url() + "/metrics"), "pings_received_total")) == 1


def test_the_registry_is_small(
    gateway: Any, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    running = start(pushgateway={"url": gateway.url()})
    for number in range(1, 10):
        running.ping(number)
    eventually(lambda: groups(gateway))
    assert len(samples(running.ask("/metrics", port=running.metrics)[1])) < 109


def test_the_gateway_goes_and_comes_back(
    gateway: Any, start: Callable[..., Any], eventually: Callable[..., Any]
) -> None:
    often = {"interval_seconds": 2, "timeout_seconds": 2}
    running = start(pushgateway=settings(gateway.url(), **often))

    def state() -> dict[str, Any]:
        return running.health()["push"]["pushgateway"]

    eventually(lambda: state()["last_success"])
    gateway.container.stop(timeout=1)
    eventually(lambda: "nothing listens" in (state()["last_error"] or ""))
    assert not state()["ok"]
    gateway.container.start()
    eventually(lambda: state()["ok"])
    assert groups(gateway)[0]["labels"] == OURS
    assert running.sample("collector_push_total", status="failure", target="pushgateway") >= 1


def test_a_gateway_that_hangs(
    start: Callable[..., Any], silent_port: int, eventually: Callable[..., Any]
) -> None:
    hangs = {"interval_seconds": 2, "timeout_seconds": 2}
    running = start(pushgateway=settings(f"http://127.0.0.1:{silent_port}", **hangs))
    eventually(lambda: not running.health()["push"]["pushgateway"]["ok"])
    outcome = running.push()
    assert outcome["status"] == "failure"
    assert "no answer within 2 s" in outcome["error"]
    assert outcome["seconds"] > 1.9


def test_a_prometheus_is_recognised(
    run_service: Callable[..., Any], start: Callable[..., Any]
) -> None:
    prometheus = run_service("prometheus")
    running = start(pushgateway=settings(prometheus.url()))
    error = running.push()["error"]
    assert "answers like a Prometheus" in error
    assert "HTTP 404" in error or "HTTP 405" in error
    assert running.health()["status"] == "degraded"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "nothing listens on 127.0.0.1:1"),
        ("https://nowhere.invalid", "DNS record"),
    ],
)
def test_causes_are_named(start: Callable[..., Any], url: str, said: str) -> None:
    assert said in start(pushgateway=settings(url)).push()["error"]


def test_tls_and_basic_auth(
    run_service: Callable[..., Any], start: Callable[..., Any], tmp_path: Path
) -> None:
    web = tmp_path / "web"
    web.mkdir()
    authority, _key = own_certificate(web, "gateway")
    (web / "web.yml").write_text(
        "tls_server_config: {cert_file: gateway.crt, key_file: gateway.key}\n"
        f"basic_auth_users: {{collector: '{BCRYPT}'}}\n"
    )
    for path in (tmp_path, web, *web.iterdir()):
        path.chmod(0o755)

    def ready(service: Any) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=1)
        connection.request("GET", "/")  # answers 400: this is TLS
        return connection.getresponse().status == 400

    gateway = run_service(
        "pushgateway",
        ready=ready,
        command=["--web.config.file=/web/web.yml"],
        volumes={str(web): {"bind": "/web", "mode": "ro"}},
    )
    (tmp_path / "password").write_text("a-gateway-password")
    (tmp_path / "wrong").write_text("another-password")
    url = gateway.url("https")
    user = {"username": "collector", "password_file": str(tmp_path / "password")}
    wrong = {"username": "collector", "password_file": str(tmp_path / "wrong")}
    ca = {"ca_file": str(authority)}

    def outcome(**changes: Any) -> dict[str, Any]:
        running = start(pushgateway=settings(url, **changes))
        try:
            return dict(running.push())
        finally:
            running.stop()
            assert "password" not in running.output().replace("password_file", "")

    assert "certificate refused" in outcome(**user)["error"]
    assert "HTTP 401: credentials missing or wrong" in outcome(**ca)["error"]
    assert "HTTP 401: credentials missing or wrong" in outcome(**ca, **wrong)["error"]
    assert outcome(**ca, **user)["status"] == "success"
    plain = start(pushgateway=settings(gateway.url())).push()
    assert "HTTP 400" in plain["error"]
