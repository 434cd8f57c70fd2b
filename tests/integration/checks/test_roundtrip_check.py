# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""roundtrip_check through a real gateway, Prometheus and VictoriaMetrics, and a stand-in Grafana
that asks them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._api.victoriametrics import uncached
from ansible_collections.vya.observability.tests.grafana_stand_in import serve

from .conftest import PLUGINS, Answer, Servers, free_port, push, run_module, scrape_job, wait_until

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


def leave_in(storage: str) -> None:
    """What a run leaves that is killed when the gateway is clean already."""
    old = f'{NAME}{{job="{JOB}",instance="x",run="deadbeef"}} 1 {int(time.time() - 1200) * 1000}\n'
    requests.post(f"{storage}/api/v1/import/prometheus", data=old, timeout=5).raise_for_status()
    wait_until(lambda: "deadbeef" in in_storage(storage), "the old series", 20)


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
        wait=20,
    )
    assert answer.wrong == []
    names = ["gateway", "Prometheus", "VictoriaMetrics", "Grafana prom"]
    assert list(answer.statuses) == [*(f"roundtrip {name}" for name in names), "roundtrip removed"]
    hops = answer.result["hops"]
    assert {hop["name"] for hop in hops} == set(names)
    assert hops[0]["name"] == "gateway"
    seconds = [hop["seconds"] for hop in hops]
    assert seconds == sorted(seconds)
    assert all(0 < each < 20 for each in seconds)
    for hop in hops:
        seen = answer.check(f"roundtrip {hop['name']}")["seen"]
        assert seen.endswith(" s after the push")
        assert float(seen.split()[0]) == pytest.approx(hop["seconds"], abs=0.01)
    assert answer.check("roundtrip removed")["seen"].count("after the push") == 3
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
    process = subprocess.Popen(
        [sys.executable, "-m", f"{PLUGINS}.roundtrip_check"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdin
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
    process.stdin.close()
    process.stdin = None
    # Now it is on its way to VictoriaMetrics, perhaps not seen there yet.
    wait_until(lambda: bool(in_prometheus(prometheus)), "the marker in Prometheus", 20)
    process.terminate()
    output, _errors = process.communicate(timeout=60)
    result = json.loads(output)
    assert result["failed"]
    assert "stopped (SIGTERM)" in result["msg"]
    assert "deleted in VictoriaMetrics" in result["msg"]
    assert on_gateway(gateway) == []
    assert in_prometheus(prometheus) == []
    time.sleep(2.5)  # remote write is sent each second
    assert in_storage(storage) == ""


def test_without_honor_labels(servers: Servers, gateway: str, grafana: str) -> None:
    storage = servers.victoriametrics()
    careless = servers.prometheus(scrape_job(gateway, honor_labels=False), remote_write=storage)
    answer = trip(gateway, prometheus={"url": careless}, victoriametrics={"url": storage}, wait=25)
    for name in ("Prometheus", "VictoriaMetrics"):
        failed = answer.check(f"roundtrip {name}")
        assert failed["status"] == "fail"
        assert "no honor_labels: true" in failed["cause"]
        assert 'exported_job="roundtrip_check"' in failed["seen"]
    assert [hop["name"] for hop in answer.result["hops"]] == ["gateway"]
    assert answer.check("roundtrip removed")["status"] == "pass"
    assert in_prometheus(careless) == []
    assert in_prometheus(careless, f"count_over_time({NAME}{{}}[5m])") != []
    assert in_storage(storage) == ""


def test_the_gateway_is_not_scraped(gateway: str, idle: str) -> None:
    answer = trip(gateway, prometheus={"url": idle}, victoriametrics={"url": idle}, wait=1.5)
    failed = answer.check("roundtrip Prometheus")
    assert failed["status"] == "fail"
    assert "not within" in failed["seen"]
    assert "not told to scrape the gateway" in failed["cause"]
    # And Prometheus's address was given for VictoriaMetrics.
    assert answer.check("roundtrip VictoriaMetrics")["seen"].startswith("Prometheus 2.")
    removed = answer.check("roundtrip removed")
    assert removed["status"] == "warn"
    assert "gone from the gateway" in removed["seen"]
    assert "not in Prometheus" in removed["seen"]
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
    failed = answer.check("roundtrip Prometheus")
    assert "scrapes another gateway" in failed["cause"]
    assert "is up, last scraped at 20" in failed["seen"]
    for name in ("VictoriaMetrics", "Grafana prom"):
        assert answer.check(f"roundtrip {name}")["status"] == "fail"
        assert "see roundtrip Prometheus" in answer.check(f"roundtrip {name}")["fix"]
    assert "address or credentials" in answer.check("roundtrip Grafana down")["cause"]
    assert "no data source has the uid nobody" in answer.check("roundtrip Grafana nobody")["cause"]
    assert answer.check("roundtrip removed")["status"] == "pass"


def test_victoriametrics_and_grafana_are_others(
    servers: Servers, gateway: str, prometheus: str, grafana: str
) -> None:
    empty = servers.victoriametrics()
    other = trip(
        gateway,
        prometheus={"url": prometheus},
        grafana=through(grafana, "idle"),
        wait=3,
    )
    assert (
        "data source idle leads to another server" in other.check("roundtrip Grafana idle")["cause"]
    )
    answer = trip(
        gateway,
        prometheus={"url": prometheus},
        victoriametrics={"url": empty},
        grafana=through(prometheus, "prom", bearer_token=TOKEN),
        wait=3,
    )
    assert answer.check("roundtrip Prometheus")["status"] == "pass"
    assert "no remote_write" in answer.check("roundtrip VictoriaMetrics")["cause"]
    assert answer.check("roundtrip Grafana prom")["seen"].startswith("Prometheus 2.")
    assert answer.check("roundtrip removed")["status"] == "pass"
    assert TOKEN not in answer.output


def test_grafana_refuses_the_token(gateway: str, grafana: str) -> None:
    options = through(grafana, "prom", bearer_token=TOKEN)
    failed = trip(gateway, grafana=options, wait=3).check("roundtrip Grafana prom")
    assert failed["status"] == "fail"
    assert "401" in failed["seen"]
    assert "wrong ones" in failed["cause"]


def test_the_gateway_url_is_prometheus(prometheus: str) -> None:
    answer = trip(prometheus, prometheus={"url": prometheus}, wait=3)
    failed = answer.check("roundtrip gateway")
    assert failed["status"] == "fail"
    assert failed["seen"].startswith("Prometheus 2.")
    assert "404 or 405" in failed["cause"]
    assert answer.check("roundtrip Prometheus")["status"] == "skip"
    assert answer.check("roundtrip removed")["status"] == "skip"
    assert answer.result["hops"] == []


def test_a_push_that_is_refused(gateway: str) -> None:
    text = f"# TYPE {NAME} counter\n{NAME} 1\n"
    assert push(gateway, "other", "other", text) == 200
    try:
        answer = trip(gateway, wait=3)
    finally:
        requests.delete(f"{gateway}/metrics/job/other/instance/other", timeout=5)
    failed = answer.check("roundtrip gateway")
    assert failed["status"] == "fail"
    assert "inconsistent" in failed["seen"]  # the gateway's own word
    # It makes a group of a push that it refuses.
    assert answer.check("roundtrip removed")["status"] == "pass"
    assert on_gateway(gateway) == []


def test_what_a_killed_run_has_left(gateway: str) -> None:
    text = f"# TYPE {NAME} gauge\n{NAME} 1\n"
    host = platform.node()
    push(gateway, JOB, f"{host}/run/0badcafe", text)
    push(gateway, JOB, "another-host/run/0badbeef", text)
    push(gateway, JOB, f"{host}/zone/a", text)  # nobody's marker
    try:
        time.sleep(3.1)  # the gateway's clock has whole seconds
        answer = trip(gateway, deadline=2)
        left = [labels.get("run") for labels in on_gateway(gateway)]
        assert sorted(map(str, left)) == ["0badbeef", "None"]
        assert "with it 1 that killed runs had left" in answer.check("roundtrip removed")["seen"]
    finally:
        for labels in ("another-host/run/0badbeef", f"{host}/zone/a"):
            requests.delete(f"{gateway}/metrics/job/{JOB}/instance/{labels}", timeout=5)


def test_the_gateway_goes_away(servers: Servers, grafana: str) -> None:
    mine = servers.pushgateway()
    container = servers.started[-1]
    options = {"grafana": through(grafana, "idle"), "wait": 2, "retries": 0}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(trip, mine, **options)
        wait_until(lambda: bool(on_gateway(mine)), "the marker", 20)
        container.kill()
        removed = running.result().check("roundtrip removed")
    assert removed["status"] == "fail"
    assert removed["seen"].startswith("still on the gateway, or it does not say")
    assert "connection refused" in removed["seen"]


def test_victoriametrics_refuses_to_delete(servers: Servers, gateway: str) -> None:
    address = f"127.0.0.1:{free_port()}"
    arguments = [f"-httpListenAddr={address}", "-storageDataPath=/tmp/d", "-deleteAuthKey=other"]
    guarded = servers.start("victoriametrics", arguments, f"http://{address}/health", {})
    leave_in(guarded)
    removed = trip(gateway, victoriametrics={"url": guarded}, wait=1).check("roundtrip removed")
    assert removed["status"] == "warn"
    assert "-deleteAuthKey" in removed["cause"]
    assert "deadbeef" in in_storage(guarded)


def test_check_mode_pushes_nothing(grafana: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    answer = trip(nobody, prometheus={"url": nobody}, grafana=through(grafana, "prom"), check=True)
    names = ["gateway", "Prometheus", "Grafana prom", "removed"]
    assert answer.statuses == {f"roundtrip {name}": "skip" for name in names}
    assert {check["seen"] for check in answer.result["checks"]} == {"check mode: nothing is pushed"}
    assert answer.result["hops"] == []


@pytest.mark.parametrize(
    ("options", "text"),
    [({"wait": 0}, "option wait"), ({"prometheus": {"url": "x"}}, "option prometheus.url")],
)
def test_a_bad_option_is_refused(options: dict[str, Any], text: str, gateway: str) -> None:
    result = trip(gateway, **options).result
    assert result["failed"]
    assert text in result["msg"]
