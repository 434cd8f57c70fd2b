# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ping_check against a real collector, and against APIs that are wrong in one way each."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from .conftest import KEY, OTHER_KEY, Answer, Collector, Servers, free_port, run_module


def ping(url: str, key: str = KEY, more: dict[str, Any] | None = None, **options: Any) -> Answer:
    one = {"name": "x", "url": url, "key": key, **(more or {})}
    return run_module("ping_check", collectors=[one], **options)


def good_answer(request: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    return {
        "status": "ok",
        "ping_id": request["ping_id"],
        "timestamp_received": now,
        "timestamp_processed": now,
        "processing_time_ms": 0.1,
        "message": "pong",
    }


@pytest.fixture
def api() -> Iterator[Callable[..., str]]:
    """Start an API: C(answer) makes the body; C(checks_key) whether a wrong key is refused."""
    started = []

    def start(
        answer: Callable[[dict[str, Any]], dict[str, Any]],
        checks_key: bool = True,
        status: int = 200,
    ) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                refused = checks_key and self.headers["X-API-Key"] != KEY
                body = json.dumps({} if refused else answer(request)).encode()
                self.send_response(401 if refused else status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_DELETE(self) -> None:
                self.send_error(405)

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def test_a_real_collector(collector: Collector) -> None:
    answer = ping(collector.url, forget=False)
    assert answer.wrong == []
    assert list(answer.statuses) == ["ping x", "rtt x", "clock x", "wrong key x", "no key x"]
    assert KEY not in answer.output
    metrics = requests.get(f"{collector.metrics}/metrics", timeout=5).text
    received = [line for line in metrics.splitlines() if line.startswith("pings_received_total{")]
    assert all('source_location="validation"' in line for line in received)
    rtt = next(line for line in metrics.splitlines() if "rtt_seconds_count{" in line)
    assert float(rtt.split()[-1]) >= 4  # each ping but the last one is reported by its successor


def test_the_pings_are_followed_and_then_forgotten(
    collector: Collector, gateway: str, prometheus: str, storage: str
) -> None:
    stores = {"prometheus": {"url": prometheus}, "victoriametrics": {"url": storage}}
    answer = ping(collector.url, more={"instance": collector.host}, **stores)
    assert answer.wrong == []
    assert list(answer.statuses)[-3:] == ["counted x", "sampled x", "forgotten x"]
    assert "validation" not in requests.get(f"{collector.metrics}/metrics", timeout=5).text
    assert "validation" not in requests.get(f"{gateway}/metrics", timeout=5).text
    selector = {"match[]": '{__name__=~"ping_sample_.*"}', "start": "-300s"}
    assert not requests.get(f"{storage}/api/v1/export", params=selector, timeout=5).text


def test_pings_that_arrive_nowhere(
    collector: Collector, servers: Servers, gateway: str, storage: str
) -> None:
    empty = {"prometheus": {"url": servers.prometheus()}, "victoriametrics": {"url": storage}}
    answer = ping(collector.url, more={"instance": "elsewhere"}, **empty, wait=5)
    assert answer.check("counted x")["seen"].startswith("not within")
    assert "do not reach this Prometheus" in answer.check("counted x")["cause"]
    assert "another VictoriaMetrics" in answer.check("sampled x")["cause"]
    assert answer.check("forgotten x")["status"] == "pass"


def test_each_key_of_a_rotation(collector: Collector) -> None:
    answer = ping(collector.url, more={"further_keys": [OTHER_KEY]})
    assert answer.check("key 2 x")["status"] == "pass"
    answer = ping(collector.url, more={"further_keys": ["a-key-that-was-never-deployed"]})
    assert answer.check("key 2 x")["status"] == "fail"
    assert "different key" in answer.check("key 2 x")["cause"]
    assert "a-key-that-was-never-deployed" not in answer.output


def test_an_older_collector_cannot_forget(api: Callable[..., str]) -> None:
    assert ping(api(good_answer)).check("forgotten x")["status"] == "warn"


def test_the_collector_has_another_key(collector: Collector) -> None:
    answer = ping(collector.url, key="not-the-key-that-is-deployed")
    assert answer.check("ping x")["status"] == "fail"
    assert "different key" in answer.check("ping x")["cause"]
    assert answer.check("wrong key x")["status"] == "pass"
    assert "not-the-key-that-is-deployed" not in answer.output


def test_an_api_that_takes_any_key(api: Callable[..., str]) -> None:
    answer = ping(api(good_answer, checks_key=False))
    assert answer.check("ping x")["status"] == "pass"
    for check_id in ("wrong key x", "no key x"):
        assert answer.check(check_id)["status"] == "fail"
        assert "does not check keys" in answer.check(check_id)["cause"]


@pytest.mark.parametrize("field", list(good_answer({"ping_id": ""})))
def test_a_field_that_is_missing(field: str, api: Callable[..., str]) -> None:
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in good_answer(request).items() if key != field}

    failed = ping(api(answer)).check("ping x")
    assert failed["status"] == "fail"
    assert failed["seen"] == f"the answer lacks {field}"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"ping_id": "00000000-0000-4000-8000-000000000000"}, "another ping"),
        ({"timestamp_received": "yesterday"}, "no ISO-8601 UTC time"),
        ({"timestamp_processed": "2020-01-01T00:00:00Z"}, "processed before"),
    ],
)
def test_an_answer_that_is_wrong(
    change: dict[str, Any], seen: str, api: Callable[..., str]
) -> None:
    failed = ping(api(lambda request: good_answer(request) | change)).check("ping x")
    assert failed["status"] == "fail"
    assert seen in failed["seen"]


def test_a_clock_that_is_off(api: Callable[..., str]) -> None:
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        ahead = (datetime.now(UTC) + timedelta(seconds=90)).isoformat()
        return good_answer(request) | {"timestamp_received": ahead, "timestamp_processed": ahead}

    clock = ping(api(answer)).check("clock x")
    assert clock["status"] == "warn"
    assert clock["seen"].startswith(("+90.0", "+89.9"))


def test_too_slow_is_a_warning(collector: Collector) -> None:
    assert ping(collector.url, slow=0.0000001).check("rtt x")["status"] == "warn"


def test_an_api_that_fails(api: Callable[..., str]) -> None:
    failed = ping(api(good_answer, status=500)).check("ping x")
    assert failed["status"] == "fail"
    assert "inside the service" in failed["cause"]


def test_another_service(gateway: str, prometheus: str) -> None:
    for url, name in ((gateway, "Pushgateway 1."), (prometheus, "Prometheus 2.")):
        answer = ping(url)
        for check_id in ("ping x", "wrong key x", "no key x"):
            assert answer.check(check_id)["status"] == "fail"
            assert answer.check(check_id)["seen"].startswith(name)


def test_nothing_answers() -> None:
    answer = ping(f"http://127.0.0.1:{free_port()}")
    assert answer.statuses.pop("forgotten x") == "skip"
    assert {one["status"] for one in answer.result["checks"][:-1]} == {"fail"}


@pytest.mark.parametrize("key", ["", "  ", "zwei wörter", "line\nline"])
def test_a_key_that_cannot_be_sent(key: str, collector: Collector) -> None:
    result = ping(collector.url, key=key).result
    assert result["failed"]
    assert "option collectors[x].key" in result["msg"]
    assert "line\nline" not in result["msg"]
