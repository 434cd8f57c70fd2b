# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ping_check against a real collector, and against APIs that are wrong in one way each."""

from __future__ import annotations

import json
import threading
import time
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
    """Start an API: C(answer) makes the body; C(checks_key) whether a wrong key is refused;
    C(ahead) the seconds of its clock; C(forget) the status of a DELETE, 0 for no answer."""
    started = []

    def start(
        answer: Callable[[dict[str, Any]], dict[str, Any]],
        checks_key: bool = True,
        status: int = 200,
        ahead: float = 0,
        forget: int = 405,
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

            def do_GET(self) -> None:
                last = (datetime.now(UTC) + timedelta(seconds=ahead)).isoformat()
                one = {"source": {"location": "validation"}, "count": 5, "last_received": last}
                body = json.dumps({"sources": [one], "push": {}}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_DELETE(self) -> None:
                if forget:
                    self.send_error(forget)
                self.close_connection = True

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


def sample(storage: str, host: str, at: float) -> None:
    """One sample of a ping of the validation, as the collector C(host) sends them."""
    line = f'ping_sample_processing_seconds{{source_location="validation",host="{host}"}} 0.1'
    url = f"{storage}/api/v1/import/prometheus"
    requests.post(url, data=f"{line} {at * 1000:.0f}\n", timeout=5).raise_for_status()


def test_a_sample_of_an_earlier_run_is_not_of_this_one(collector: Collector, storage: str) -> None:
    sample(storage, "earlier", time.time() - 20)
    stores = {"victoriametrics": {"url": storage}}
    answer = ping(collector.url, more={"instance": "earlier"}, **stores, wait=5)
    assert answer.check("sampled x")["status"] == "fail"
    assert "another VictoriaMetrics" in answer.check("sampled x")["cause"]


@pytest.mark.parametrize("ahead", [-90, 90])
def test_a_sample_of_a_clock_that_is_off(ahead: int, api: Callable[..., str], storage: str) -> None:
    """It is as old as the collector's clock says, not as this host's."""
    url = api(good_answer, ahead=ahead, forget=204)
    sample(storage, f"off{ahead}", time.time() + ahead + 5)
    stores = {"victoriametrics": {"url": storage}}
    answer = ping(url, more={"instance": f"off{ahead}"}, **stores, wait=6)
    assert answer.check("sampled x")["status"] == "pass"


def test_each_key_of_a_rotation(collector: Collector) -> None:
    answer = ping(collector.url, more={"further_keys": [OTHER_KEY]})
    assert answer.check("key 2 x")["status"] == "pass"
    answer = ping(collector.url, more={"further_keys": ["a-key-that-was-never-deployed"]})
    assert answer.check("key 2 x")["status"] == "fail"
    assert "different key" in answer.check("key 2 x")["cause"]
    assert "a-key-that-was-never-deployed" not in answer.output


def test_an_older_collector_cannot_forget(api: Callable[..., str]) -> None:
    assert ping(api(good_answer)).check("forgotten x")["status"] == "warn"


@pytest.mark.parametrize(("status", "seen"), [(500, "500"), (0, "")])
def test_a_collector_that_does_not_forget(
    status: int, seen: str, api: Callable[..., str], storage: str
) -> None:
    """It has taken the pings: they may be left there. What is elsewhere is removed all the same."""
    url = api(good_answer, forget=status)
    sample(storage, "keeps", time.time())
    stores = {"victoriametrics": {"url": storage}}
    left = ping(url, more={"instance": "keeps"}, **stores, wait=5).check("forgotten x")
    assert left["status"] == "warn"
    assert left["seen"].startswith("series of the validation on the collector and the gateway: ")
    assert f"DELETE /api/ping/stats: {seen}" in left["seen"]
    assert "VictoriaMetrics" not in left["seen"]
    assert "restart" in left["fix"]
    selector = {"match[]": '{host="keeps"}', "start": "-300s"}
    assert not requests.get(f"{storage}/api/v1/export", params=selector, timeout=5).text


def test_the_collector_has_another_key(collector: Collector) -> None:
    answer = ping(collector.url, key="not-the-key-that-is-deployed")
    assert answer.check("ping x")["status"] == "fail"
    assert "different key" in answer.check("ping x")["cause"]
    assert answer.check("wrong key x")["status"] == "pass"
    assert answer.check("forgotten x")["status"] == "skip"  # nothing was taken
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
