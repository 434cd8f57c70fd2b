# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part logs of pipeline_check, on a Loki that is a stand-in, or the real one that LOKI_URL
names (with LOKI_TENANT, if it has auth_enabled)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from ...http_stand_in import between, passed_on
from ...loki_stand_in import serve
from .conftest import Answer, free_port, run_module

TENANT = os.environ.get("LOKI_TENANT", "vya")


@dataclass
class Loki:
    url: str

    @property
    def options(self) -> dict[str, Any]:
        return {"url": self.url, "tenant": TENANT}

    def send(self, host: str, age: float = 0.0) -> None:
        labels = {"host": host, "container": "app", "service": "app", "level": "info"}
        values = [[str(int((time.time() - age) * 1e9)), "{}"]]
        answer = requests.post(
            f"{self.url}/loki/api/v1/push",
            data=json.dumps({"streams": [{"stream": labels, "values": values}]}),
            headers={"X-Scope-OrgID": TENANT, "Content-Type": "application/json"},
            timeout=10,
        )
        assert answer.status_code == 204, answer.text


@pytest.fixture
def loki() -> Iterator[Loki]:
    if url := os.environ.get("LOKI_URL"):
        yield Loki(url)
        return
    with serve(auth=True) as stand_in:
        yield Loki(stand_in.url)


def check(loki: dict[str, Any], **options: Any) -> Answer:
    gateway = {"url": "http://127.0.0.1:9"}  # which this part does not ask
    options = {"wait": 2.0, **options}
    return run_module(
        "pipeline_check",
        parts=["logs"],
        pushgateway=gateway,
        prometheus=gateway,
        loki=loki,
        **options,
    )


def test_a_line_is_found_by_its_text_and_by_its_labels(loki: Loki) -> None:
    answer = check(loki.options, wait=20.0)
    assert answer.codes == {"logs found": "logs_found.ok", "logs labels": "logs_labels.ok"}


def test_hosts_that_send_and_hosts_that_do_not(loki: Loki) -> None:
    name = f"wf{time.time_ns()}"
    loki.send(f"{name}-fresh")
    loki.send(f"{name}-old", age=1800)
    hosts = [f"{name}-{each}" for each in ("fresh", "old", "silent")]
    found = check(loki.options, wait=20.0, log_hosts=hosts).codes
    assert [found[f"logs of {host}"] for host in hosts] == [
        "logs_of.ok",
        "logs_of.old",
        "logs_of.none",
    ]


def test_without_its_tenant_loki_answers_401(loki: Loki) -> None:
    answer = check({"url": loki.url}, log_hosts=["wf001"])
    assert answer.codes == {
        "logs found": "http.status.401",
        "logs labels": "logs.not_pushed",
        "logs of wf001": "http.status.401",
    }


def test_lines_that_are_taken_and_lost(loki: Loki) -> None:
    def answer(method: str, path: str, headers: Any, body: bytes) -> Any:
        if method == "POST":
            return 204, b""
        return passed_on(loki.url, method, path, {"X-Scope-OrgID": headers["X-Scope-OrgID"]}, body)

    with between(answer) as url:
        found = check({"url": url, "tenant": TENANT})
    assert found.codes["logs found"] == "logs_found.missing"
    assert found.codes["logs labels"] == "logs_labels.missing"


def test_labels_that_are_dropped_on_the_way(loki: Loki) -> None:
    def answer(method: str, path: str, headers: Any, body: bytes) -> Any:
        if method == "POST":
            [stream] = json.loads(body)["streams"]
            del stream["stream"]["container"]
            body = json.dumps({"streams": [stream]}).encode()
        kept = {
            name: headers[name] for name in ("X-Scope-OrgID", "Content-Type") if name in headers
        }
        return passed_on(loki.url, method, path, kept, body)

    with between(answer) as url:
        found = check({"url": url, "tenant": TENANT}, wait=5.0)
    assert found.codes == {"logs found": "logs_found.ok", "logs labels": "logs_labels.missing"}


def test_nothing_is_sent_in_check_mode_or_without_loki(loki: Loki) -> None:
    answer = check(loki.options, check=True)
    assert {*answer.codes.values()} == {"logs.check_mode"}
    nobody = "http://127.0.0.1:9"
    without = run_module(
        "pipeline_check", parts=["logs"], pushgateway={"url": nobody}, prometheus={"url": nobody}
    )
    assert without.codes == {"logs": "logs.no_loki"}


def test_another_service_at_the_address(gateway: str) -> None:
    answer = check({"url": gateway}, log_hosts=["wf001"])
    assert answer.codes["logs found"] == "address.other_service"


def test_nobody_at_the_address() -> None:
    answer = check({"url": f"http://127.0.0.1:{free_port()}"})
    assert answer.codes["logs found"].startswith("http.")
