# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""ping_check against a real collector, and against APIs that are wrong in one way each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import samples

from ...http_stand_in import Reply, between
from .conftest import KEY, OTHER_KEY, Answer, Collector, Servers, free_port, run_module

Pong = Callable[[dict[str, Any]], dict[str, Any]]


def ping(url: str, key: str = KEY, more: dict[str, Any] | None = None, **options: Any) -> Answer:
    one = {"name": "x", "url": url, "key": key, **(more or {})}
    return run_module("ping_check", collectors=[one], **{"slow": 30, **options})


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
    """Start an API: C(pong) makes the body; C(checks_key) whether a wrong key is refused;
    C(ahead) the seconds of its clock; C(forget) the status of a DELETE, 0 for no answer."""

    def start(
        pong: Pong = good_answer,
        checks_key: bool = True,
        status: int = 200,
        ahead: float = 0,
        forget: int = 405,
    ) -> str:
        def answer(method: str, _path: str, headers: dict[str, str], body: bytes) -> Reply:
            if method == "DELETE":
                return forget, b""
            if method == "GET":
                last = (datetime.now(UTC) + timedelta(seconds=ahead)).isoformat()
                one = {"source": {"location": "validation"}, "count": 5, "last_received": last}
                return 200, json.dumps({"sources": [one], "push": {}}).encode()
            if checks_key and headers.get("X-API-Key") != KEY:
                return 401, b"{}"
            return status, json.dumps(pong(json.loads(body))).encode()

        return started.enter_context(between(answer))

    with ExitStack() as started:
        yield start


def test_a_real_collector(collector: Collector) -> None:
    answer = ping(collector.url, forget=False)
    assert answer.wrong == []
    assert list(answer.statuses) == ["ping x", "rtt x", "clock x", "wrong key x", "no key x"]
    assert KEY not in answer.output
    metrics = requests.get(f"{collector.metrics}/metrics", timeout=5).text
    received = samples(metrics, "pings_received_total")
    assert {each.labels["source_location"] for each in received} == {"validation"}
    # Each ping but the last one is reported by its successor.
    assert samples(metrics, "network_latency_rtt_seconds_count")[0].value >= 4


def test_pings_that_arrive_nowhere(
    collector: Collector, servers: Servers, gateway: str, storage: str
) -> None:
    empty = {"prometheus": {"url": servers.prometheus()}, "victoriametrics": {"url": storage}}
    answer = ping(collector.url, more={"instance": "elsewhere"}, **empty, wait=5)
    assert answer.codes["counted x"] == "counted.missing"
    assert answer.codes["sampled x"] == "sampled.elsewhere"
    assert answer.statuses["forgotten x"] == "pass"


@pytest.mark.parametrize(("removals", "code"), [(1, "counted.ok"), (10**6, "counted.another_run")])
def test_another_validation_removes_the_pings_meanwhile(
    collector: Collector, removals: int, code: str
) -> None:
    """This Prometheus has what the collector shows, after the other one has removed it."""
    stats, left = f"{collector.url}/api/ping/stats?location=validation", [removals]

    def answer(_method: str, _path: str, _headers: dict[str, str], _body: bytes) -> Reply:
        if left[0]:
            left[0] -= 1
            requests.delete(stats, headers={"X-API-Key": KEY}, timeout=5).raise_for_status()
        shown = samples(
            requests.get(f"{collector.metrics}/metrics", timeout=5).text,
            "ping_last_received_timestamp_seconds",
        )
        found = [{"metric": one.labels, "value": [time.time(), str(one.value)]} for one in shown]
        body = {"status": "success", "data": {"resultType": "vector", "result": found}}
        return 200, json.dumps(body).encode()

    with between(answer) as url:
        found = ping(collector.url, prometheus={"url": url}, wait=4)
    assert found.codes["counted x"] == code
    assert "fail" not in found.statuses.values()


@pytest.mark.parametrize("status", [429, 0])
def test_a_collector_that_takes_no_ping_that_is_sent_again(status: int) -> None:
    """It has forgotten the pings, and refuses or does not answer: that is no other validation."""
    stats = [5, 0]

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        if "/api/v1/query" in path:
            empty = {"status": "success", "data": {"resultType": "vector", "result": []}}
            return 200, json.dumps(empty).encode()
        if method == "GET":
            count = stats.pop(0) if len(stats) > 1 else stats[0]
            last = datetime.now(UTC).isoformat()
            one = {"source": {"location": "validation"}, "count": count, "last_received": last}
            return 200, json.dumps({"sources": [one]}).encode()
        if headers.get("X-API-Key") != KEY:
            return 401, b"{}"
        if path.startswith("/api/ping") and len(stats) == 1:
            return status, b""
        return 200, json.dumps(good_answer(json.loads(body or b'{"ping_id": ""}'))).encode()

    with between(answer) as url:
        found = ping(url, prometheus={"url": url}, wait=4, forget=False)
    assert found.codes["counted x"] == "counted.missing"


def sample(storage: str, host: str, at: float) -> None:
    """One sample of a ping of the validation, as the collector C(host) sends them."""
    line = f'ping_sample_processing_seconds{{source_location="validation",host="{host}"}} 0.1'
    url = f"{storage}/api/v1/import/prometheus"
    requests.post(url, data=f"{line} {at * 1000:.0f}\n", timeout=5).raise_for_status()


def test_a_sample_of_an_earlier_run_is_not_of_this_one(collector: Collector, storage: str) -> None:
    sample(storage, "earlier", time.time() - 20)
    stores = {"victoriametrics": {"url": storage}}
    answer = ping(collector.url, more={"instance": "earlier"}, **stores, wait=5)
    assert answer.outcomes["sampled x"] == "fail sampled.elsewhere"


@pytest.mark.parametrize("ahead", [-90, 90])
def test_a_sample_of_a_clock_that_is_off(ahead: int, api: Callable[..., str], storage: str) -> None:
    """It is as old as the collector's clock says, not as this host's."""
    url = api(ahead=ahead, forget=204)
    sample(storage, f"off{ahead}", time.time() + ahead + 60)
    stores = {"victoriametrics": {"url": storage}}
    answer = ping(url, more={"instance": f"off{ahead}"}, **stores, wait=6)
    assert answer.check("sampled x")["status"] == "pass"


def test_each_key_of_a_rotation(collector: Collector) -> None:
    answer = ping(collector.url, more={"further_keys": [OTHER_KEY]})
    assert answer.statuses["key 2 x"] == "pass"
    answer = ping(collector.url, more={"further_keys": ["a-key-that-was-never-deployed"]})
    assert answer.outcomes["key 2 x"] == "fail ping.key_refused"
    assert "a-key-that-was-never-deployed" not in answer.output


@pytest.mark.parametrize(
    ("status", "code"),
    [(405, "forgotten.not_able"), (500, "forgotten.not_done"), (0, "forgotten.not_done")],
)
def test_a_collector_that_does_not_forget(
    status: int, code: str, api: Callable[..., str], storage: str
) -> None:
    """It has taken the pings: they may be left there. What is elsewhere is removed all the same."""
    url = api(forget=status)
    sample(storage, "keeps", time.time())
    stores = {"victoriametrics": {"url": storage}}
    left = ping(url, more={"instance": "keeps"}, **stores, wait=5).check("forgotten x")
    assert (left["status"], left["code"]) == ("warn", code)
    assert [each["code"] for each in left["values"]["left"]] == ["left_on_collector"]
    selector = {"match[]": '{host="keeps"}', "start": "-300s"}
    assert not requests.get(f"{storage}/api/v1/export", params=selector, timeout=5).text


def test_the_collector_has_another_key(collector: Collector) -> None:
    answer = ping(collector.url, key="not-the-key-that-is-deployed")
    assert answer.codes["ping x"] == "ping.key_refused"
    statuses = {"ping x": "fail", "wrong key x": "pass", "no key x": "pass"}
    assert answer.statuses == {**statuses, "forgotten x": "skip"}  # nothing was taken
    assert "not-the-key-that-is-deployed" not in answer.output


def test_an_api_that_takes_any_key(api: Callable[..., str]) -> None:
    answer = ping(api(checks_key=False))
    assert answer.statuses["ping x"] == "pass"
    for check_id in ("wrong key x", "no key x"):
        assert answer.outcomes[check_id] == "fail ping.not_protected"


@pytest.mark.parametrize("field", list(good_answer({"ping_id": ""})))
def test_a_field_that_is_missing(field: str, api: Callable[..., str]) -> None:
    def answer(request: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in good_answer(request).items() if key != field}

    failed = ping(api(answer)).check("ping x")
    assert (failed["status"], failed["code"]) == ("fail", "ping.bad_answer.fields_missing")
    assert failed["values"]["missing"] == [field]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ping_id": "00000000-0000-4000-8000-000000000000"}, "other_ping"),
        ({"timestamp_received": "yesterday"}, "no_time"),
        ({"timestamp_processed": "2020-01-01T00:00:00Z"}, "times_reversed"),
    ],
)
def test_an_answer_that_is_wrong(
    change: dict[str, Any], code: str, api: Callable[..., str]
) -> None:
    failed = ping(api(lambda request: good_answer(request) | change)).check("ping x")
    assert (failed["status"], failed["code"]) == ("fail", f"ping.bad_answer.{code}")


def test_too_slow_is_a_warning(collector: Collector) -> None:
    rtt = ping(collector.url, slow=0.0000001).check("rtt x")
    assert (rtt["status"], rtt["code"]) == ("warn", "rtt.slow")


def test_an_api_that_fails(api: Callable[..., str]) -> None:
    answer = ping(api(status=500))
    assert answer.outcomes["ping x"] == "fail http.status.500"


@pytest.mark.parametrize("where", ["gateway", "prometheus"])
def test_another_service(where: str, request: pytest.FixtureRequest) -> None:
    answer = ping(request.getfixturevalue(where))
    for check_id in ("ping x", "wrong key x", "no key x"):
        assert answer.outcomes[check_id] == "fail address.other_service"
        found = {"gateway": "pushgateway"}.get(where, where)
        assert answer.values(check_id)["found"] == found


def test_nothing_answers() -> None:
    answer = ping(f"http://127.0.0.1:{free_port()}")
    asked = ("ping x", "wrong key x", "no key x")
    assert answer.statuses == {**dict.fromkeys(asked, "fail"), "forgotten x": "skip"}
    assert set(answer.codes.values()) == {"http.refused"}


@pytest.mark.parametrize("key", ["", "  ", "zwei wörter", "line\nline"])
def test_a_key_that_cannot_be_sent(key: str, collector: Collector) -> None:
    result = ping(collector.url, key=key).result
    assert result["failed"]
    assert (result["code"], result["values"]["option"]) == ("http.option", "collectors[x].key")
    assert "line\nline" not in result["msg"]
