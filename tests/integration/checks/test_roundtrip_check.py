# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""roundtrip_check through a real gateway, Prometheus and VictoriaMetrics, and a stand-in Grafana
that asks them."""

from __future__ import annotations

import json
import platform
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._api.victoriametrics import uncached

from ...grafana_stand_in import serve
from ...http_stand_in import Reply, between, passed_on
from .conftest import (
    Answer,
    Servers,
    free_port,
    push,
    run_module,
    scrape_job,
    stopped_module,
    wait_until,
)

JOB = "roundtrip_check"
NAME = "roundtrip_check_marker_timestamp_seconds"
TOKEN = "not-the-token-of-anybody"


def trip(gateway: str, **options: Any) -> Answer:
    return run_module("roundtrip_check", pushgateway={"url": gateway}, **options)


def on_gateway(url: str) -> list[dict[str, str]]:
    data = requests.get(f"{url}/api/v1/metrics", timeout=5).json()["data"]
    return [group["labels"] for group in data if group["labels"]["job"] == JOB]


def in_prometheus(url: str, query: str = "{}") -> list[Any]:
    both = " or ".join(query.format(f'{{{name}="{JOB}"}}') for name in ("job", "exported_job"))
    answer = requests.get(f"{url}/api/v1/query", params={"query": both}, timeout=5)
    found: list[Any] = answer.json()["data"]["result"]
    return found


def in_storage(url: str) -> str:
    """All series of markers, those that have ended too; not as it remembers them (see uncached)."""
    selectors = [f'{{{name}="{JOB}"}}' for name in ("job", "exported_job")]
    selectors = [uncached(selector) for selector in selectors]
    params = {"match[]": selectors, "start": "-86400s"}
    return requests.get(f"{url}/api/v1/export", params=params, timeout=5).text


def places(answer: Answer) -> list[str]:
    """What has become of the marker, by place."""
    found = answer.values("roundtrip removed")["places"]
    return [place["code"].removeprefix("marker_") for place in found]


def written_until(prometheus: str) -> float:
    """The time of the newest sample that it has written on to VictoriaMetrics."""
    name = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds"
    text = requests.get(f"{prometheus}/metrics", timeout=5).text
    found = re.search(rf"^{name}{{.*}} (\S+)$", text, re.MULTILINE)
    assert found
    return float(found[1])


def leave_in(storage: str) -> None:
    """What a run leaves that is killed when the gateway is clean already."""
    old = f'{NAME}{{job="{JOB}",instance="x",run="deadbeef"}} 1 {int(time.time() - 1200) * 1000}\n'
    requests.post(f"{storage}/api/v1/import/prometheus", data=old, timeout=5).raise_for_status()
    wait_until(lambda: "deadbeef" in in_storage(storage), "the old series")


@pytest.fixture(scope="module")
def idle(servers: Servers) -> str:
    """A Prometheus that scrapes nothing."""
    return servers.prometheus()


@pytest.fixture(scope="module")
def grafana(prometheus: str, idle: str) -> Iterator[str]:
    """Data sources: prom, idle, down (nothing listens)."""
    dead = f"http://127.0.0.1:{free_port()}"
    with serve() as server:
        for uid, url in (("prom", prometheus), ("idle", idle), ("down", dead)):
            source = {"uid": uid, "name": uid, "type": "prometheus", "access": "proxy", "url": url}
            requests.post(
                f"{server.url}/api/datasources", json=source, auth=("admin", "admin"), timeout=5
            ).raise_for_status()
        yield server.url


def through(url: str, *uids: str, **options: Any) -> dict[str, Any]:
    login = {"url_username": "admin", "url_password": "admin"}
    return {"url": url, "data_sources": list(uids), **(options or login)}


def test_the_whole_way_and_nothing_is_left(
    gateway: str, prometheus: str, storage: str, grafana: str
) -> None:
    leave_in(storage)
    answer = trip(
        gateway,
        prometheus={"url": prometheus},
        victoriametrics={"url": storage},
        grafana=through(grafana, "prom"),
        wait=60,
    )
    assert answer.wrong == []
    names = ["gateway", "Prometheus", "VictoriaMetrics", "Grafana prom"]
    assert list(answer.statuses) == [*(f"roundtrip {name}" for name in names), "roundtrip removed"]
    hops = answer.result["hops"]
    assert {hop["name"] for hop in hops} == set(names)
    assert hops[0]["name"] == "gateway"
    seconds = [hop["seconds"] for hop in hops]
    assert seconds == sorted(seconds)
    assert all(0 < each < 60 for each in seconds)
    for hop in hops:
        seen = answer.values(f"roundtrip {hop['name']}")["seconds"]
        assert seen == pytest.approx(hop["seconds"], abs=0.01)
    assert places(answer) == ["off_gateway", "ended_in_prometheus", "deleted"]
    assert on_gateway(gateway) == []
    assert in_prometheus(prometheus) == []
    assert in_prometheus(prometheus, f"count_over_time({NAME}{{}}[5m])") != []  # it was there
    assert in_storage(storage) == ""


def test_stopped_in_the_middle(gateway: str, prometheus: str, storage: str, grafana: str) -> None:
    options = {
        "pushgateway": {"url": gateway},
        # Without Prometheus, whose next scrape would give VictoriaMetrics time to get it.
        "victoriametrics": {"url": storage},
        # It never comes there, so the run is in the middle until it is stopped.
        "grafana": through(grafana, "idle"),
        "wait": 30,
    }
    with stopped_module("roundtrip_check", options) as result:
        # Now it is on its way to VictoriaMetrics, perhaps not seen there yet.
        wait_until(lambda: bool(in_prometheus(prometheus)), "the marker in Prometheus")
    assert result["failed"]
    assert result["code"] == "checks.stopped"
    cleaned = {"roundtrip removed": "roundtrip_removed.ok"}
    assert result["values"] == {"by": "SIGTERM", "cleaned": cleaned}
    assert on_gateway(gateway) == []
    assert in_prometheus(prometheus) == []
    ended = time.time()
    wait_until(lambda: written_until(prometheus) > ended, "what was scraped until then")
    assert in_storage(storage) == ""


def test_without_honor_labels(servers: Servers, gateway: str, grafana: str) -> None:
    storage = servers.victoriametrics()
    careless = servers.prometheus(scrape_job(gateway, honor_labels=False), remote_write=storage)
    answer = trip(gateway, prometheus={"url": careless}, victoriametrics={"url": storage}, wait=25)
    for name in ("roundtrip Prometheus", "roundtrip VictoriaMetrics"):
        assert answer.outcomes[name] == "fail roundtrip.no_honor_labels"
        assert answer.values(name)["job"] == "pushgateway"
    assert [hop["name"] for hop in answer.result["hops"]] == ["gateway"]
    assert answer.statuses["roundtrip removed"] == "pass"
    assert in_prometheus(careless) == []
    assert in_prometheus(careless, f"count_over_time({NAME}{{}}[5m])") != []
    assert in_storage(storage) == ""


def test_the_gateway_is_not_scraped(gateway: str, idle: str) -> None:
    answer = trip(gateway, prometheus={"url": idle}, victoriametrics={"url": idle}, wait=5)
    assert answer.outcomes["roundtrip Prometheus"] == "fail target.missing"
    # And Prometheus's address was given for VictoriaMetrics.
    assert answer.outcomes["roundtrip VictoriaMetrics"] == "fail address.other_service"
    assert answer.values("roundtrip VictoriaMetrics")["found"] == "prometheus"
    assert answer.statuses["roundtrip removed"] == "warn"
    assert places(answer) == ["off_gateway", "not_in_prometheus", "victoriametrics_silent"]
    assert on_gateway(gateway) == []


def test_another_gateway_is_scraped_and_nothing_is_written_on(
    servers: Servers, prometheus: str, storage: str, grafana: str
) -> None:
    mine = servers.pushgateway()
    answer = trip(
        mine,
        prometheus={"url": prometheus},
        victoriametrics={"url": storage},
        grafana=through(grafana, "prom", "down", "nobody"),
        wait=2,
    )
    assert answer.outcomes == {
        "roundtrip gateway": "pass roundtrip.ok",
        "roundtrip Prometheus": "fail roundtrip.other_gateway",
        "roundtrip VictoriaMetrics": "fail roundtrip.see_prometheus",
        "roundtrip Grafana prom": "fail roundtrip.see_prometheus",
        "roundtrip Grafana down": "fail http.grafana_source",
        "roundtrip Grafana nobody": "fail http.grafana_source_unknown",
        "roundtrip removed": "pass roundtrip_removed.ok",
    }
    assert answer.values("roundtrip Prometheus")["last_scrape"].startswith("20")
    assert answer.values("roundtrip Grafana nobody")["uid"] == "nobody"


def test_victoriametrics_and_grafana_are_others(
    servers: Servers, gateway: str, prometheus: str, grafana: str
) -> None:
    empty = servers.victoriametrics()
    idle = through(grafana, "idle")
    other = trip(gateway, prometheus={"url": prometheus}, grafana=idle, wait=10)
    assert other.outcomes["roundtrip Grafana idle"] == "fail roundtrip.other_source"
    assert other.values("roundtrip Grafana idle")["uid"] == "idle"
    answer = trip(
        gateway,
        prometheus={"url": prometheus},
        victoriametrics={"url": empty},
        grafana=through(prometheus, "prom", bearer_token=TOKEN),
        wait=10,
    )
    assert answer.outcomes == {
        "roundtrip gateway": "pass roundtrip.ok",
        "roundtrip Prometheus": "pass roundtrip.ok",
        "roundtrip VictoriaMetrics": "fail roundtrip.not_written",
        "roundtrip Grafana prom": "fail address.other_service",
        "roundtrip removed": "pass roundtrip_removed.ok",
    }
    assert answer.values("roundtrip Grafana prom")["found"] == "prometheus"
    assert TOKEN not in answer.output


def test_grafana_refuses_the_token(gateway: str, grafana: str) -> None:
    options = through(grafana, "prom", bearer_token=TOKEN)
    answer = trip(gateway, grafana=options, wait=3)
    assert answer.outcomes["roundtrip Grafana prom"] == "fail http.status.401"


def test_the_gateway_url_is_prometheus(prometheus: str) -> None:
    answer = trip(prometheus, prometheus={"url": prometheus}, wait=3)
    assert answer.outcomes == {
        "roundtrip gateway": "fail address.other_service.prometheus_for_pushgateway",
        "roundtrip Prometheus": "skip roundtrip.not_on_gateway",
        "roundtrip removed": "skip roundtrip_removed.not_pushed",
    }
    assert answer.result["hops"] == []


def test_a_push_that_is_refused(gateway: str) -> None:
    text = f"# TYPE {NAME} counter\n{NAME} 1\n"
    assert push(gateway, "other", "other", text) == 200
    try:
        answer = trip(gateway, wait=3)
    finally:
        requests.delete(f"{gateway}/metrics/job/other/instance/other", timeout=5)
    outcome = answer.outcomes["roundtrip gateway"]
    # Debian's 1.11 crashes where others explain.
    assert outcome in ("fail http.status.400", "fail http.closed")
    if outcome == "fail http.status.400":
        # The gateway's own word.
        assert "inconsistent" in answer.values("roundtrip gateway")["seen"]
    # It makes a group of a push that it refuses.
    assert answer.check("roundtrip removed")["status"] == "pass"
    assert on_gateway(gateway) == []


def test_what_a_killed_run_has_left(servers: Servers) -> None:
    gateway = servers.pushgateway()  # that nobody scrapes: what stays here is in no store
    text = f"# TYPE {NAME} gauge\n{NAME} 1\n"
    host = platform.node()
    push(gateway, JOB, f"{host}/run/0badcafe", text)
    push(gateway, JOB, "another-host/run/0badbeef", text)
    push(gateway, JOB, f"{host}/zone/a", text)  # nobody's marker

    def long_ago(method: str, path: str, *more: Any) -> Reply:
        """As if all had been pushed five minutes earlier."""
        status, content = passed_on(gateway, method, path, *more)
        if path != "/api/v1/metrics":
            return status, content
        answer = json.loads(content)
        for group in answer["data"]:
            (pushed,) = group["push_time_seconds"]["metrics"]
            pushed["value"] = str(float(pushed["value"]) - 300)
        return status, json.dumps(answer).encode()

    with between(long_ago) as url:
        answer = trip(url, deadline=60)
    left = [labels.get("run") for labels in on_gateway(gateway)]
    assert sorted(map(str, left)) == ["0badbeef", "None"]
    last = answer.values("roundtrip removed")["places"][-1]
    assert (last["code"], last["values"]) == ("marker_others", {"n": 1})


def test_the_gateway_goes_away(servers: Servers, grafana: str) -> None:
    mine = servers.pushgateway()
    container = servers.started[-1]
    options = {"grafana": through(grafana, "idle"), "wait": 10, "retries": 0}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(trip, mine, **options)
        wait_until(lambda: bool(on_gateway(mine)), "the marker")
        container.kill()
        answer = running.result()
    assert answer.outcomes["roundtrip removed"] == "fail roundtrip_removed.gateway"
    assert places(answer) == ["gateway_silent"]


def test_victoriametrics_refuses_to_delete(servers: Servers, gateway: str) -> None:
    address = f"127.0.0.1:{free_port()}"
    arguments = [f"-httpListenAddr={address}", "-storageDataPath=/tmp/d", "-deleteAuthKey=other"]
    guarded = servers.start("victoriametrics", arguments, f"http://{address}/health", {})
    leave_in(guarded)
    removed = trip(gateway, victoriametrics={"url": guarded}, wait=1).check("roundtrip removed")
    assert (removed["status"], removed["code"]) == ("warn", "roundtrip_removed.not_allowed")
    assert "deadbeef" in in_storage(guarded)


def test_check_mode_pushes_nothing(grafana: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    answer = trip(nobody, prometheus={"url": nobody}, grafana=through(grafana, "prom"), check=True)
    names = [f"roundtrip {name}" for name in ("gateway", "Prometheus", "Grafana prom", "removed")]
    assert answer.outcomes == dict.fromkeys(names, "skip roundtrip.check_mode")
    assert answer.result["hops"] == []


@pytest.mark.parametrize(
    ("options", "option"),
    [({"wait": 0}, "wait"), ({"prometheus": {"url": "x"}}, "prometheus.url")],
)
def test_a_bad_option_is_refused(options: dict[str, Any], option: str, gateway: str) -> None:
    result = trip(gateway, **options).result
    assert result["failed"]
    assert (result["code"], result["values"]["option"]) == ("http.option", option)
