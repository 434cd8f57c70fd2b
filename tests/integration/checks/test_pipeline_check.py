# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""pipeline_check on a real collector, gateway, Prometheus and VictoriaMetrics."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests

from ...http_stand_in import between, passed_on
from ..exposition import values
from .conftest import (
    KEY,
    OTHER_KEY,
    Collector,
    Servers,
    free_port,
    run_module,
    stopped_module,
    wait_until,
)

MARKER = "roundtrip_check"
NO_LOKI = {"logs": "skip logs.no_loki"}


@pytest.fixture
def options(collector: Collector, gateway: str, prometheus: str, storage: str) -> dict[str, Any]:
    services = [
        ("Prometheus", "prometheus", prometheus),
        ("Pushgateway", "pushgateway", gateway),
        ("collector", "collector", collector.url),
    ]
    one = {"name": "wf001", "url": collector.url, "keys": [KEY, OTHER_KEY], "job": collector.job}
    return {
        "services": [dict(zip(("name", "kind", "url"), each, strict=True)) for each in services],
        "collectors": [one],
        "pushgateway": {"url": gateway},
        "prometheus": {"url": prometheus},
        "victoriametrics": {"url": storage},
        # The other tests of this session push to the same gateway.
        "known_jobs": [".*"],
        "wait": 60,
        # A busy machine is no fault of theirs.
        "rtt": 30,
        "slow": 120,
    }


def left(collector: Collector, gateway: str, storage: str) -> dict[str, str]:
    """What is left of a run, by place."""
    groups = requests.get(f"{gateway}/api/v1/metrics", timeout=5).json()["data"]
    own = [json.dumps(g["labels"]) for g in groups if g["labels"]["job"] == MARKER]
    texts = {
        "collector": requests.get(f"{collector.metrics}/metrics", timeout=5).text,
        "gateway": requests.get(f"{gateway}/metrics", timeout=5).text,
    }
    found = {place: "pings" for place, text in texts.items() if '"validation"' in text}
    # Without what test_roundtrip_check pushes as a marker of nobody's.
    selectors = ['{__name__=~"ping_sample_.*"}', f'{{job="{MARKER}", zone=""}}']
    query = {"match[]": selectors, "start": "-300s"}
    stored = requests.get(f"{storage}/api/v1/export", params=query, timeout=5).text
    return found | ({"marker": str(own)} if own else {}) | ({"storage": stored} if stored else {})


def test_all_of_a_healthy_pipeline(
    options: dict[str, Any], collector: Collector, gateway: str, storage: str
) -> None:
    answer = run_module("pipeline_check", **options)
    assert answer.others == NO_LOKI
    ids = answer.passed
    of_each_part = [
        "service Prometheus",
        "health collector",
        "ping wf001",
        "key 2 wf001",
        "counted wf001",
        "sampled wf001",
        "push wf001",
        "once wf001",
        "families wf001 in VictoriaMetrics",
        "roundtrip VictoriaMetrics",
        "roundtrip removed",
        "forgotten wf001",
    ]
    assert [each for each in ids if each in of_each_part] == of_each_part
    assert len(set(ids)) == len(ids)
    assert answer.result["counts"] == {"pass": len(ids), "warn": 0, "fail": 0, "skip": 1}
    hops = [hop["name"] for hop in answer.result["hops"]]
    assert hops[0] == "gateway"
    assert set(hops) == {"gateway", "Prometheus", "VictoriaMetrics"}
    assert KEY not in answer.output
    assert left(collector, gateway, storage) == {}


def test_all_parts_run_side_by_side(
    options: dict[str, Any], collector: Collector, gateway: str, prometheus: str, storage: str
) -> None:
    """One service does not answer before each other part was seen at its work."""
    parts = ["services", "ping", "metrics", "roundtrip"]
    alone = [run_module("pipeline_check", **options, parts=[part]) for part in parts]
    assert [one.wrong for one in alone] == [[], [], [], []]
    seen: set[str] = set()

    def asked(*request: Any) -> tuple[int, bytes]:
        if "/rules" in request[1]:  # only the metrics ask for them
            seen.add("metrics")
        return passed_on(prometheus, *request)

    def all_at_work() -> bool:
        seen.update(left(collector, gateway, storage))
        return {"metrics", "collector", "marker"} <= seen

    def last(*_request: Any) -> tuple[int, bytes]:
        wait_until(all_at_work, "all parts", 60)
        return 200, b""

    with between(asked) as recorded, between(last) as url:
        options["prometheus"] = {"url": recorded}
        options["services"] = [*options["services"], {"name": "last", "kind": "http", "url": url}]
        together = run_module("pipeline_check", **options, parts=parts, timeout=60)
    assert together.wrong == []
    assert len(together.statuses) == sum(len(one.statuses) for one in alone) + 1


def test_what_fails_for_a_moment_is_looked_at_again(
    options: dict[str, Any], collector: Collector, gateway: str
) -> None:
    """A gateway that is restarted answers nothing until the end of the first look."""
    again, looks = False, 0

    def restarted(*request: Any) -> tuple[int, bytes]:
        return passed_on(gateway, *request) if again else (502, b"")

    def asked(*request: Any) -> tuple[int, bytes]:
        nonlocal again, looks
        if request[0] == "DELETE":  # the pings are removed at the end of a look
            again, looks = True, looks + 1
        return passed_on(collector.url, *request)

    with between(restarted) as url, between(asked) as api:
        options["pushgateway"] = {"url": url}
        options["collectors"][0]["url"] = api
        answer = run_module("pipeline_check", **options)
    assert answer.outcomes["under way"] == "skip under_way.passed"
    assert "http.status.502" in answer.values("under way")["codes"]
    assert {each["id"] for each in answer.wrong} == {"under way", "logs"}  # no Loki is given
    assert looks == 2


def test_one_part_does_nothing_of_the_others(options: dict[str, Any]) -> None:
    # Nobody pushes there.
    nowhere = {"url": f"http://127.0.0.1:{free_port()}"}
    for servers in ({"pushgateway": nowhere}, {"pushgateway": None, "prometheus": None}):
        answer = run_module("pipeline_check", **options | servers, parts=["services"])
        assert answer.wrong == []
        names = [each.split()[0] for each in answer.statuses]
        assert names == ["service"] * 3 + ["health", "clocks"]
        assert answer.result["hops"] == []


def test_without_collectors_the_rest_is_done(options: dict[str, Any]) -> None:
    answer = run_module("pipeline_check", **options | {"collectors": []})
    assert answer.others == {
        "ping": "skip ping.no_collectors",
        "metrics": "skip metrics.no_collectors",
        **NO_LOKI,
    }
    assert {each.split()[0] for each in answer.passed} == {
        *("service", "health", "roundtrip", "clocks")
    }


def test_check_mode_pushes_nothing(options: dict[str, Any], collector: Collector) -> None:
    def pushes() -> list[float]:
        text = requests.get(f"{collector.metrics}/metrics", timeout=5).text
        return values(text, "collector_push_total", target="pushgateway")

    before = pushes()
    parts = ["services", "metrics", "roundtrip"]
    answer = run_module("pipeline_check", check=True, **options, parts=parts)
    assert not [each for each in answer.statuses if each.startswith("push ")]
    hops = ("gateway", "Prometheus", "VictoriaMetrics", "removed")
    assert answer.others == {f"roundtrip {hop}": "skip roundtrip.check_mode" for hop in hops}
    assert pushes() == before


def test_a_part_that_fails_does_not_hide_the_others(options: dict[str, Any]) -> None:
    wrong = [{**options["collectors"][0], "keys": ["not-the-key-that-is-deployed"]}]
    answer = run_module("pipeline_check", fail_on="fail", **options | {"collectors": wrong})
    assert answer.result["failed"]
    assert answer.codes["ping wf001"] == "ping.key_refused"
    passed = {"service Prometheus", "roundtrip Prometheus", "roundtrip removed"}
    assert passed <= set(answer.passed)


def test_a_bad_option_is_refused(options: dict[str, Any]) -> None:
    keyless = [{**options["collectors"][0], "keys": []}]
    for wrong, named in (
        ({"pings": 0}, "count"),
        ({"collectors": keyless}, "collectors[wf001].keys"),
        ({"pushgateway": None, "parts": ["roundtrip"]}, "pushgateway"),
        ({"prometheus": None}, "prometheus"),
    ):
        result = run_module("pipeline_check", **options | wrong).result
        assert result["failed"]
        assert (result["code"], result["values"]["option"]) == ("http.option", named)


def test_stopped_in_the_middle(
    options: dict[str, Any], servers: Servers, collector: Collector, gateway: str, storage: str
) -> None:
    # The marker and the pings never come there, so the run is in the middle until it is stopped.
    options["prometheus"] = {"url": servers.prometheus()}
    with stopped_module("pipeline_check", options) as result:
        wait_until(
            lambda: {"collector", "marker", "storage"} <= left(collector, gateway, storage).keys(),
            "pings and marker",
        )
    assert result.get("failed"), [
        (one["id"], one["code"], one["seconds"]) for one in result["checks"]
    ]
    assert result["code"] == "checks.stopped"
    cleaned = {"forgotten wf001": "forgotten.ok", "roundtrip removed": "roundtrip_removed.ok"}
    assert result["values"] == {"by": "SIGTERM", "cleaned": cleaned}
    time.sleep(3)  # samples are sent every two seconds, VictoriaMetrics shows them later
    wait_until(lambda: left(collector, gateway, storage) == {}, "nothing to be left")
