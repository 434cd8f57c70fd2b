# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of addresses, keys, proxies and clocks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import samples

from ...http_stand_in import Reply, between, passed_on
from ...loki_stand_in import serve
from ..checks.conftest import (
    KEY,
    Answer,
    Collector,
    Servers,
    clock_of,
    free_port,
    run_module,
    scrape_job,
    wait_until,
)
from ..image_build.conftest import HTPASSWD, PASSWORD, USER
from .registry import incident
from .tools import collector as started
from .tools import push_now, refused, service, settings


@incident(
    1,
    "Every ping was 401 for days: a built-in key, as the variable had another name",
    "Todo ping recebeu 401 por dias: chave embutida, pois a variável tinha outro nome",
    "refused",
    "collector",
    "ping_check",
)
def test_no_key_and_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = settings(tmp_path)
    missing["api"]["keys_file"] = str(tmp_path / "nowhere")
    assert f"{tmp_path}/nowhere" in refused(tmp_path, missing)
    misspelt = settings(tmp_path)
    misspelt["api"]["key_file"] = misspelt["api"].pop("keys_file")
    said = refused(tmp_path, misspelt)
    assert "api.key_file" in said
    assert "api.keys_file" in said
    # No key is built in, and none comes from a variable, whatever its name.
    for name in ("API_KEY", "X_API_KEY", "COLLECTOR_API_KEY", "COLLECTOR_API_KEYS", "PING_API_KEY"):
        monkeypatch.setenv(name, "the-key-of-development")
    none = settings(tmp_path)
    del none["api"]["keys_file"]
    assert "api.keys_file" in refused(tmp_path, none)
    empty = settings(tmp_path)
    (tmp_path / "keys").write_text("\n")
    assert "api.keys_file" in refused(tmp_path, empty)
    with started(tmp_path, settings(tmp_path)) as url:
        right, wrong = (
            run_module("ping_check", collectors=[{"name": "x", "url": url, "key": key}])
            for key in (KEY, "the-key-of-development")
        )
    assert right.statuses["ping x"] == "pass"
    assert wrong.outcomes["ping x"] == "fail ping.key_refused"


def test_a_sender_with_another_key(servers: Servers, tmp_path: Path) -> None:
    """Incident 1 as it happened: the inventory's own key is right, and no ping arrives."""
    gateway = servers.pushgateway()
    prometheus = servers.prometheus(scrape_job(gateway))
    with started(tmp_path, settings(tmp_path, pushgateway={"url": gateway})) as url:
        one = {
            "host": "wf009",
            "job": "collector_api_wf009_test",
            "api_url": url,
            "api_key": KEY,
        }

        def ages(**options: Any) -> Answer:
            return run_module(
                "metrics_check",
                collectors=[one],
                pushgateway={"url": gateway},
                prometheus={"url": prometheus},
                wait=30,
                **options,
            )

        assert ages().wrong == []
        for _number in range(3):
            wrong = {"X-API-Key": "the-key-of-development"}
            assert requests.post(f"{url}/api/ping", headers=wrong, timeout=5).status_code == 401
        # Prometheus has to see the counter grow.
        push_now(url)
        query = {"query": 'api_requests_total{endpoint="/api/ping",status_code="401"} == 3'}
        ask = f"{prometheus}/api/v1/query"
        wait_until(
            lambda: requests.get(ask, params=query, timeout=5).json()["data"]["result"],
            "three refused pings",
        )
        requests.post(f"{url}/api/ping", headers=wrong, timeout=5)
        # Another sender is heard, and refusals go on.
        ping = {
            "ping_id": "5f1f1a52-5d0c-4f8e-9d7e-000000000001",
            "timestamp_start": "2026-01-02T03:04:05.678Z",
            "source": {"location": "usa", "datacenter": "dc1", "country": "US"},
        }
        pong = requests.post(f"{url}/api/ping", json=ping, headers={"X-API-Key": KEY}, timeout=5)
        assert pong.status_code == 200, pong.text
        answer = ages(ping_sources=["brazil"])
        refused, silent = answer.check("ages wf009"), answer.check("ping sources")
    assert (refused["status"], refused["code"]) == ("warn", "ages.wrong_key")
    assert (silent["status"], silent["code"]) == ("fail", "ping_sources.silent")
    assert silent["values"]["sources"] == ["brazil"]
    # Prometheus has taken the query, and has nothing of that ping service.
    assert answer.outcomes["ping service brazil"] == "skip ping_service.not_scraped"


@incident(
    7,
    "The push timeout of 5 s was too short through the proxy",
    "O tempo limite de 5 s do envio era curto demais através do proxy",
    "prevented",
    "collector",
)
def test_a_proxy_that_takes_longer_than_five_seconds(servers: Servers, tmp_path: Path) -> None:
    # Of its own: a push that was given up still arrives, whenever the proxy lets it go.
    gateway, asked = servers.pushgateway(), set()
    given_up = threading.Event()

    def slow(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if path not in asked:
            asked.add(path)
            if "wf011" in path:
                given_up.wait(60)
            else:
                time.sleep(5.5)
        return passed_on(gateway, method, path, headers, body)

    def first_push(url: str, name: str, **more: Any) -> dict[str, Any]:
        """What the collector says of its first push."""
        (tmp_path / name).mkdir()
        chosen = settings(tmp_path / name, host=name, pushgateway={"url": url, **more})
        with started(tmp_path / name, chosen) as api:
            while True:
                key = {"X-API-Key": KEY}
                answer = requests.get(f"{api}/health", headers=key, timeout=5).json()
                state: dict[str, Any] = answer["push"]["pushgateway"]
                if state["last_success"] or state["last_error"]:
                    break
                time.sleep(0.1)
        return state

    with between(slow) as url, ThreadPoolExecutor() as pool:
        default = pool.submit(first_push, url, "wf010")
        short = pool.submit(first_push, url, "wf011", timeout_seconds=5)
        try:
            assert default.result()["ok"]
            assert not short.result()["ok"]
            assert "5 s" in short.result()["last_error"]
        finally:
            given_up.set()


@incident(
    9,
    "The validator asked Alertmanager for a wrong path and called it down",
    "O validador usou um caminho errado do Alertmanager e o deu por fora do ar",
    "prevented",
    "service_check",
)
def test_a_healthy_alertmanager(servers: Servers) -> None:
    url = servers.alertmanager()
    assert service("alertmanager", url)["status"] == "pass"
    wrong = service("alertmanager", f"{url}/api/v1")
    assert (wrong["status"], wrong["code"]) == ("fail", "http.status.404")


@incident(
    11,
    "The validator waited 5 s for data pushed every 60 s, and left its series in production",
    "O validador esperava 5 s por dados enviados a cada 60 s e deixava séries em produção",
    "prevented",
    "ping_check",
)
def test_pings_are_followed_and_leave_nothing(
    collector: Collector, gateway: str, prometheus: str, storage: str
) -> None:
    asked = []

    def recorded(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        asked.append(f"{method} {path}")
        return passed_on(collector.url, method, path, headers, body)

    stores: dict[str, Any] = {
        "prometheus": {"url": prometheus},
        "victoriametrics": {"url": storage},
    }
    with between(recorded) as url:
        one = {"name": "x", "url": url, "key": KEY, "instance": collector.host}
        answer = run_module("ping_check", collectors=[one], slow=30, **stores)
    assert answer.wrong == []
    assert list(answer.statuses)[-3:] == ["counted x", "sampled x", "forgotten x"]
    # It does not wait for the collector, which pushes every 60 s of itself.
    forgotten = next(at for at, each in enumerate(asked) if each.startswith("DELETE "))
    assert "POST /api/push" in asked[:forgotten]
    for url in (collector.metrics, gateway):
        assert "validation" not in requests.get(f"{url}/metrics", timeout=5).text
    selector = {"match[]": '{source_location="validation", job=""}', "start": "-300s"}
    assert not requests.get(f"{storage}/api/v1/export", params=selector, timeout=5).text


@incident(
    12,
    "The DNS record of a public name was missing",
    "Faltava o registro DNS de um nome público",
    "found",
    "service_check",
)
def test_a_name_without_a_record() -> None:
    check = service("grafana", "https://grafana.invalid")
    assert (check["status"], check["code"]) == ("fail", "http.dns")
    assert check["values"]["host"] == "grafana.invalid"


@pytest.fixture
def guarded_loki(servers: Servers) -> Iterator[str]:
    """A Traefik that wants credentials, before a stand-in for Loki."""
    port, ping = free_port(), free_port()
    with serve() as loki:
        backend = {"loadBalancer": {"servers": [{"url": loki.url}]}}
        router = {"rule": "PathPrefix(`/`)", "service": "loki", "middlewares": ["users"]}
        users = {"basicAuth": {"users": [HTPASSWD.strip()]}}
        routes = {"loki": router}
        http = {"routers": routes, "middlewares": {"users": users}, "services": {"loki": backend}}
        servers.start(
            "traefik",
            [
                f"--entryPoints.web.address=127.0.0.1:{port}",
                f"--entryPoints.traefik.address=127.0.0.1:{ping}",
                "--ping=true",
                "--providers.file.filename=/etc/traefik/dynamic.yml",
            ],
            f"http://127.0.0.1:{ping}/ping",
            {"/etc/traefik/dynamic.yml": yaml.safe_dump({"http": http})},
        )
        yield f"http://127.0.0.1:{port}"


@incident(
    21,
    "Loki began to answer 401 to a client that had no credentials",
    "O Loki passou a responder 401 a um cliente sem credenciais",
    "found",
    "service_check",
)
def test_loki_wants_credentials(guarded_loki: str) -> None:
    without = service("loki", guarded_loki)
    assert (without["status"], without["code"]) == ("fail", "http.status.401")
    login = {"url_username": USER, "url_password": PASSWORD}
    assert service("loki", guarded_loki, **login)["status"] == "pass"


@incident(
    26,
    "Latency was a difference of wall clocks, and nobody checked NTP",
    "A latência era uma diferença de relógios e ninguém verificava o NTP",
    "found",
    "ping_check",
    "collector",
)
def test_a_clock_that_is_90_s_ahead(collector: Collector) -> None:
    def ahead(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        status, content = passed_on(collector.url, method, path, headers, body)
        answer = json.loads(content)
        for name in ("timestamp_received", "timestamp_processed"):
            if name in answer:
                moved = datetime.fromisoformat(answer[name]) + timedelta(seconds=90)
                answer[name] = moved.isoformat()
        return status, json.dumps(answer).encode()

    with between(ahead) as url:
        one = {"name": "x", "url": url, "key": KEY}
        answer = run_module("ping_check", collectors=[one], forget=False, slow=30)
    assert answer.outcomes["clock x"] == "warn clock.apart"
    offset, error = clock_of(answer.check("clock x"))
    assert abs(offset - 90) <= error
    assert answer.statuses["rtt x"] == "pass"  # no clock is in it
    # Nor in what the collector keeps of it; the difference of the clocks is a metric of its own.
    text = requests.get(f"{collector.metrics}/metrics", timeout=5).text
    ours = [each for each in samples(text) if each.labels.get("source_location") == "validation"]
    found = {each.name: each.value for each in ours}
    assert found["network_latency_rtt_seconds_count"] >= 4
    trips = found["network_latency_rtt_seconds_sum"]
    assert 0 < trips < 45
    assert abs(found["network_clock_offset_seconds"] - 90) <= trips
    forget = f"{collector.url}/api/ping/stats?location=validation"
    assert requests.delete(forget, headers={"X-API-Key": KEY}, timeout=5).ok


@incident(
    27,
    "The pusher was pointed at Prometheus: 404 or 405, never refused",
    "O emissor apontava para o Prometheus: 404 ou 405, nunca conexão recusada",
    "found",
    "service_check",
    "collector",
)
def test_prometheus_at_the_gateways_address(prometheus: str, tmp_path: Path) -> None:
    check = service("pushgateway", prometheus)
    assert check["status"] == "fail"
    assert check["code"] == "address.other_service.prometheus_for_pushgateway"
    with started(tmp_path, settings(tmp_path, pushgateway={"url": prometheus})) as url:
        outcome = push_now(url)
    assert outcome["status"] == "failure"
    assert "answers like a Prometheus" in outcome["error"]
    assert "pushgateway.url" in outcome["error"]
