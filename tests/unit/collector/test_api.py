# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from collector.api.app import create_app
from collector.parts import Parts
from collector.settings import Settings

SOURCE = {"source_location": "São Paulo", "source_datacenter": "dc1", "source_country": "BR"}
PING = {"endpoint": "/api/ping", "method": "POST"}


def sample(parts: Parts, name: str, **labels: str) -> float | None:
    """A value of the registry."""
    return parts.metrics.registry.get_sample_value(name, labels)


def a_ping(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A valid ping that reports on the one before it."""
    return {
        "ping_id": f"5f1f1a52-5d0c-4f8e-9d7e-{number:012x}",
        "timestamp_start": "2026-01-02T03:04:05.678Z",
        "source": {"location": "São Paulo", "datacenter": "dc1", "country": "BR"},
        "sequence_number": number,
        "protocol_version": "1",
        "previous": {
            "ping_id": f"5f1f1a52-5d0c-4f8e-9d7e-{number - 1:012x}",
            "rtt_ms": 132.5,
            "clock_offset_ms": -3.25,
        },
        **changes,
    }


def test_the_answer_to_a_ping(client: TestClient) -> None:
    ping = a_ping()
    response = client.post("/api/ping", json=ping)
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) == {
        "status", "ping_id", "timestamp_received", "timestamp_processed", "processing_time_ms",
        "message",
    }  # fmt: skip
    assert answer["ping_id"] == ping["ping_id"]
    received = datetime.fromisoformat(answer["timestamp_received"])
    processed = datetime.fromisoformat(answer["timestamp_processed"])
    assert answer["timestamp_received"].endswith("Z")
    assert 0 <= (processed - received).total_seconds() < 60
    assert 0 < answer["processing_time_ms"] < 60_000


def test_only_the_contract_s_fields_are_required(client: TestClient) -> None:
    ping = {key: a_ping()[key] for key in ("ping_id", "timestamp_start", "source")}
    assert client.post("/api/ping", json=ping).status_code == 200


def test_rtt_and_offset_are_what_the_sender_measured(client: TestClient, parts: Parts) -> None:
    client.post("/api/ping", json=a_ping(previous=None))
    rtt = {**SOURCE, "target_location": "Virginia"}
    assert sample(parts, "network_latency_rtt_seconds_count", **rtt) == 0
    client.post("/api/ping", json=a_ping(2))
    assert sample(parts, "network_latency_rtt_seconds_count", **rtt) == 1
    assert sample(parts, "network_latency_rtt_seconds_sum", **rtt) == 0.1325
    where = {"source_location": "São Paulo", "target_location": "Virginia"}
    assert sample(parts, "network_clock_offset_seconds", **where) == -0.00325
    assert sample(parts, "pings_received_total", **SOURCE) == 2


def test_a_clock_offset_that_nobody_measured_is_not_zero(client: TestClient, parts: Parts) -> None:
    client.post("/api/ping", json=a_ping(previous=None))
    assert not next(iter(parts.metrics["network_clock_offset_seconds"].collect())).samples


def test_a_measurement_that_is_reported_twice_counts_once(client: TestClient, parts: Parts) -> None:
    client.post("/api/ping", json=a_ping(2))
    client.post("/api/ping", json=a_ping(2))
    rtt = {**SOURCE, "target_location": "Virginia"}
    assert sample(parts, "network_latency_rtt_seconds_count", **rtt) == 1


def test_a_location_is_forgotten_with_all_its_series(client: TestClient, parts: Parts) -> None:
    other = {"location": "validation", "datacenter": "validation", "country": "validation"}
    for number in (1, 2):
        client.post("/api/ping", json=a_ping(number))
        client.post("/api/ping", json=a_ping(number, source=other))
    assert 'source_location="validation"' in parts.metrics.exposition().decode()
    forget = {"params": {"location": "validation"}}
    assert client.delete("/api/ping/stats", **forget).json() == {"forgotten": 1}
    assert "validation" not in parts.metrics.exposition().decode()
    assert sample(parts, "pings_received_total", **SOURCE) == 2
    sources = client.get("/api/ping/stats").json()["sources"]
    assert [one["source"]["location"] for one in sources] == ["São Paulo"]
    assert client.delete("/api/ping/stats", **forget).json() == {"forgotten": 0}
    client.post("/api/ping", json=a_ping(3, source=other))
    labels = {f"source_{name}": value for name, value in other.items()}
    assert sample(parts, "pings_received_total", **labels) == 1


def test_only_a_key_and_a_location_may_forget(client: TestClient) -> None:
    wrong = {"X-API-Key": "wrong"}
    answer = client.delete("/api/ping/stats", params={"location": "x"}, headers=wrong)
    assert answer.status_code == 401
    assert client.delete("/api/ping/stats").status_code == 422


def test_both_keys_are_valid_and_no_other(client: TestClient, keys: tuple[str, str]) -> None:
    for key in keys:
        response = client.post("/api/ping", json=a_ping(), headers={"X-API-Key": key})
        assert response.status_code == 200
    for key in ("", keys[0][:-1], keys[0] + "x", "\t".join(keys), "é" * 24):
        headers = {"X-API-Key": key.encode()}
        assert client.post("/api/ping", json=a_ping(), headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/api/ping", "/api/push", "/api/probe", "/api/ping/stats"])
def test_without_a_key(client: TestClient, parts: Parts, path: str) -> None:
    del client.headers["X-API-Key"]
    method = "GET" if path.endswith("stats") else "POST"
    response = client.request(method, path, content=b"{}" if method == "POST" else None)
    assert response.status_code == 401
    assert response.json() == {"detail": "X-API-Key is missing"}
    labels = {"endpoint": path, "method": method, "status_code": "401"}
    assert sample(parts, "api_requests_total", **labels) == 1


MALFORMED = [
    b"", b"{", b"null", b"[]", b"1", b'"x"', b"\xff\xfe\x00", b'"\xed\xa0\x80"', b"[" * 10_000,
    b'{"a":' * 2_000, b'{"ping_id": NaN}', b'{"ping_id":' + b"9" * 10_000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_body_that_is_no_ping(client: TestClient, parts: Parts, body: bytes) -> None:
    response = client.post("/api/ping", content=body)
    assert response.status_code == 422
    assert response.json()["detail"]
    assert sample(parts, "api_requests_total", **PING, status_code="422") == 1
    assert sample(parts, "pings_received_total", **SOURCE) is None


def previous(**changes: Any) -> dict[str, Any]:
    return {"previous": {**a_ping()["previous"], **changes}}


def source(**changes: Any) -> dict[str, Any]:
    return {"source": {**a_ping()["source"], **changes}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ping_id": "no uuid"}, "ping_id"),
        ({"ping_id": None}, "ping_id"),
        ({"ping_id": "\ud800"}, None),
        ({"timestamp_start": "yesterday"}, "timestamp_start"),
        ({"timestamp_start": "2026-01-02T03:04:05"}, "timestamp_start"),
        ({"timestamp_start": "2026-01-02T03:04:05-03:00"}, "timestamp_start"),
        ({"timestamp_start": 1767323045}, "timestamp_start"),
        ({"timestamp_start": "1767323045"}, "timestamp_start"),
        ({"source": None}, "source"),
        (source(location=""), "source"),
        (source(location="x" * 65), "source"),
        (source(location="a\nb"), "source"),
        (source(location=7), "source"),
        ({"sequence_number": -1}, "sequence_number"),
        ({"sequence_number": 2**63}, "sequence_number"),
        ({"sequence_number": 1.5}, "sequence_number"),
        ({"protocol_version": "x" * 17}, "protocol_version"),
        (previous(rtt_ms=-0.1), "previous"),
        (previous(rtt_ms=600_001), "previous"),
        (previous(rtt_ms="132"), "previous"),
        (previous(rtt_ms=float("nan")), "previous"),
        (previous(rtt_ms=float("inf")), "previous"),
        (previous(rtt_ms=10**400), "previous"),
        (previous(clock_offset_ms=1e14), "previous"),
        (previous(clock_offset_ms=float("-inf")), "previous"),
        (previous(ping_id="x"), "previous"),
        (previous(ping_id=a_ping()["ping_id"]), None),
    ],
    ids=str,
)
def test_a_wrong_field_is_named(
    client: TestClient, parts: Parts, change: dict[str, Any], field: str | None
) -> None:
    response = client.post("/api/ping", content=json.dumps(a_ping(**change)))
    assert response.status_code == 422
    if field:
        assert all(entry["loc"][:2] == ["body", field] for entry in response.json()["detail"])
    assert sample(parts, "api_requests_total", **PING, status_code="422") == 1


def test_a_large_body_is_refused(client: TestClient, parts: Parts) -> None:
    assert client.post("/api/ping", content=b" " * 16_385).status_code == 413
    chunks = (b" " * 1000 for _n in range(20))  # no Content-Length
    assert client.post("/api/ping", content=chunks).status_code == 413
    assert sample(parts, "api_requests_total", **PING, status_code="413") == 2


def test_too_many_requests(
    config: dict[str, Any], load: Callable[[Any], Settings], keys: tuple[str, str]
) -> None:
    config["api"] |= {"requests_per_second": 0.01, "burst": 2}
    parts = Parts(load(config))
    client = TestClient(create_app(parts), headers={"X-API-Key": keys[0]})
    codes = [client.post("/api/ping", json=a_ping(n)).status_code for n in range(1, 4)]
    assert codes == [200, 200, 429]
    refused = client.post("/api/ping", json=a_ping())
    assert 50 < int(refused.headers["Retry-After"]) <= 100
    other = client.post("/api/ping", json=a_ping(), headers={"X-API-Key": keys[1]})
    assert other.status_code == 200
    assert sample(parts, "api_requests_total", **PING, status_code="429") == 2


def test_sources_are_bounded(client: TestClient, parts: Parts) -> None:
    most = parts.settings.api.max_sources
    codes = [
        client.post("/api/ping", json=a_ping(**source(location=f"place {n}"))).status_code
        for n in range(most + 5)
    ]
    assert codes == [200] * most + [429] * 5
    assert client.post("/api/ping", json=a_ping(**source(location="place 0"))).status_code == 200
    assert len(client.get("/api/ping/stats").json()["sources"]) == most


def test_paths_and_methods_make_no_series_of_their_own(client: TestClient, parts: Parts) -> None:
    for path in ("/nothing", "/nothing/else", "/api/ping/", "/metrics"):
        client.get(path, follow_redirects=False)
    client.request("BREW", "/")
    endpoints = {
        (s.labels["endpoint"], s.labels["method"])
        for family in parts.metrics.registry.collect()
        if family.name == "api_requests"
        for s in family.samples
    }
    assert endpoints == {("unmatched", "GET"), ("/", "other")}


def test_what_a_validation_has_refused_is_counted_apart(client: TestClient, parts: Parts) -> None:
    """Or five validations would look like a sender with a wrong key."""
    wrong = {"X-API-Key": "wrong"}
    assert client.post("/api/ping", json=a_ping(), headers=wrong).status_code == 401
    mine = {**wrong, "X-Validation": "1"}
    assert client.post("/api/ping", json=a_ping(), headers=mine).status_code == 401
    # What is not refused is a ping like any other.
    assert client.post("/api/ping", json=a_ping(), headers={"X-Validation": "1"}).status_code == 200
    counted = {
        (s.labels["endpoint"], s.labels["status_code"]): s.value
        for family in parts.metrics.registry.collect()
        if family.name == "api_requests"
        for s in family.samples
        if s.name == "api_requests_total"
    }
    assert counted == {("/api/ping", "401"): 1, ("key_check", "401"): 1, ("/api/ping", "200"): 1}


def test_statistics(client: TestClient) -> None:
    for number in range(1, 101):
        client.post(
            "/api/ping", json=a_ping(number, **previous(ping_id=str(uuid4()), rtt_ms=number))
        )
    (entry,) = client.get("/api/ping/stats").json()["sources"]
    assert entry["source"] == a_ping()["source"]
    assert entry["count"] == 100
    assert entry["rtt_ms"] == {"samples": 100, "last": 100, "p50": 51, "p95": 95, "p99": 99}


def test_the_window_is_bounded(
    config: dict[str, Any], load: Callable[[Any], Settings], keys: tuple[str, str]
) -> None:
    config["api"]["stats_window"] = 10
    client = TestClient(create_app(Parts(load(config))), headers={"X-API-Key": keys[0]})
    for number in range(1, 31):
        client.post("/api/ping", json=a_ping(number))
    (entry,) = client.get("/api/ping/stats").json()["sources"]
    assert (entry["count"], entry["rtt_ms"]["samples"]) == (30, 10)


def test_not_ready_before_it_runs(client: TestClient) -> None:
    response = client.get("/ready")
    assert response.status_code == 503
    assert "listener api" in response.json()["missing"]
    assert "task pushgateway" in response.json()["missing"]


def test_health_names_each_part(client: TestClient) -> None:
    report = client.get("/health").json()
    assert set(report["databases"]) == {"orders", "shop"}
    assert report["databases"]["orders"]["up"] is None
    assert set(report["push"]) == {"pushgateway", "victoriametrics"}
    assert report["push"]["victoriametrics"]["spool_samples"] == 0


def test_no_path_is_redirected(client: TestClient) -> None:
    """Behind a proxy with TLS it would be to http, with the key."""
    known = {route.path for route in client.app._app.routes}
    paths = known | {"/api", "/nothing", "//", "//example.com", "/api//ping", "/%2e%2e/"}
    for path in paths | {f"{path}/" for path in paths} | {f"/{path}" for path in paths}:
        for method in ("GET", "POST", "DELETE", "PUT"):
            # They wait for their targets.
            if (method, path) in (("POST", "/api/push"), ("POST", "/api/probe")):
                continue
            url = f"http://testserver{path}"
            answer = client.request(method, url, follow_redirects=False)
            assert not 300 <= answer.status_code < 400, (method, path)
            assert "location" not in answer.headers


@pytest.mark.parametrize("key", [None, "no-key-of-this-collector"])
def test_without_a_key_there_are_states_only(
    client: TestClient, parts: Parts, key: str | None
) -> None:
    assert parts.victoria
    assert parts.pushgateway
    parts.victoria.state.record(0, "http://victoriametrics.example.com:8428: secret text")
    parts.victoria.spool_error = "/var/lib/secret: disk"
    parts.pushgateway.worker.died = "ValueError: secret text"
    parts.probes[0]._up, parts.probes[0]._error = False, "timeout"
    del client.headers["X-API-Key"]
    headers = {} if key is None else {"X-API-Key": key}
    answer = client.get("/health", headers=headers)
    assert answer.status_code == 503
    report = answer.json()
    assert report["status"] == "failed"
    assert [database["up"] for database in report["databases"]] == [False, None]
    assert report["push"]["victoriametrics"]["ok"] is False
    assert report["push"]["victoriametrics"]["failures_in_row"] == 1
    ready = client.get("/ready", headers=headers)
    assert (ready.status_code, ready.json()) == (503, {"ready": False})
    for word in ("orders", "shop", "example.com", "secret", "timeout", "mysql", "postgresql"):
        assert word not in answer.text + ready.text


def test_a_dead_task_makes_it_unhealthy(client: TestClient, parts: Parts) -> None:
    assert parts.pushgateway
    parts.pushgateway.worker._step = lambda: 1 / 0
    parts.pushgateway.worker.start()
    assert parts.pushgateway.worker.join(60)
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json()["status"] == "failed"
    assert response.json()["died"] == {"pushgateway": "ZeroDivisionError: division by zero"}


def test_information_and_documentation(client: TestClient) -> None:
    assert client.get("/").json()["service"] == "collector"
    assert client.get("/docs").status_code == 200
    schema = client.get("/openapi.json").json()
    body = schema["paths"]["/api/ping"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["required"] == [
        "ping_id", "timestamp_start", "source",
    ]  # fmt: skip
    assert "$ref" not in json.dumps(body)
