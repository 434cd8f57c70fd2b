# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of what was pushed, scraped and stored, or was not."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ..checks.conftest import KEY, Collector, Servers, push, run_module, scrape_job, wait_until
from ..checks.conftest import check_metrics as metrics
from ..past import prometheus_with
from .registry import incident
from .tools import collector as started
from .tools import refused, service, settings

Group = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def crooked(servers: Servers, gateway: str, collector: Collector) -> str:
    """A Prometheus that scrapes the collector too, and a target that is gone."""
    jobs = [scrape_job(collector.metrics, "collector"), scrape_job("http://127.0.0.1:9", "gone")]
    return servers.prometheus(scrape_job(gateway), *jobs)


@pytest.fixture(scope="module")
def careless(servers: Servers, gateway: str) -> str:
    """A Prometheus without honor_labels."""
    return servers.prometheus(scrape_job(gateway, honor_labels=False))


@pytest.fixture(scope="module")
def upgraded(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Iterator[str]:
    """A Prometheus in which a metric ended some hours ago, and a rule that asks for it."""
    now = int(time.time())
    samples = [f"n8n_queue_waiting 1 {at}" for at in range(now - 14400, now - 9000, 60)]
    rule = {"alert": "QueueLong", "expr": "n8n_queue_waiting > 100"}
    with prometheus_with(docker_client, service_image, "n8n_queue_waiting", samples, rule) as url:
        yield url


@incident(
    2,
    "Everything healthy, the database empty: nothing sent the metrics",
    "Tudo saudável e o banco vazio: nada enviava as métricas",
    "found",
    "metrics_check",
)
def test_healthy_and_pushing_nothing(gateway: str, prometheus: str, tmp_path: Path) -> None:
    with started(tmp_path, settings(tmp_path)) as url:
        assert service("collector", url)["status"] == "pass"
        expected = {"host": "wf009", "job": "collector_api_wf009_test"}
        asked = {**expected, "api_url": url, "api_key": KEY}
        answer = metrics(gateway, prometheus, asked, wait=0.1)
    assert answer.outcomes["push wf009"] == "fail push.refused"
    assert answer.values("push wf009")["error"] == "no pushgateway is configured"
    assert answer.outcomes["pushed wf009"] == "fail pushed.missing"


@incident(
    10,
    "The validator called histograms missing, and passed when one of three jobs was there",
    "O validador dava histogramas por ausentes e passava com um só dos três jobs presente",
    "found",
    "metrics_check",
)
def test_one_of_three_jobs(gateway: str, prometheus: str, group: Group) -> None:
    one = {**group(), "families": ["thing_seconds", "thing_total"]}
    others = [{"host": host, "job": f"job_{host}"} for host in ("lost1", "lost2")]
    answer = metrics(gateway, prometheus, one, *others)
    assert answer.check(f"pushed {one['host']}")["status"] == "pass"
    assert answer.check(f"families {one['host']}")["status"] == "pass"
    for other in others:
        assert answer.outcomes[f"pushed {other['host']}"] == "fail pushed.missing"
        assert other["job"] in answer.values(f"pushed {other['host']}")["group"]


@incident(
    16,
    "Everything was collected two and three times",
    "Tudo era coletado duas e três vezes",
    "found",
    "metrics_check",
)
def test_collected_three_times(
    collector: Collector, gateway: str, crooked: str, group: Group
) -> None:
    text = requests.get(f"{gateway}/metrics", timeout=5).text
    own = [line for line in text.splitlines() if f'job="{collector.job}"' in line]
    assert own
    exposed = requests.get(f"{collector.metrics}/metrics", timeout=5).text
    group("second_group", collector.host, exposed)
    query = {"query": 'collector_api_up{job="collector"}'}
    wait_until(
        lambda: requests.get(f"{crooked}/api/v1/query", params=query, timeout=5).json()["data"][
            "result"
        ],
        "a scrape of the collector",
    )
    answer = metrics(gateway, crooked, {"host": collector.host, "job": collector.job}, wait=2)
    once = f"once {collector.host}"
    assert answer.outcomes[once] == "fail once.twice"
    ways = {way["code"]: way["values"]["labels"] for way in answer.values(once)["ways"]}
    assert 'job="second_group"' in ways["way.pushed"]
    assert 'job="collector"' in ways["way.scraped"]


@incident(
    17,
    'instance="0.0.0.0:5000" on every host',
    'instance="0.0.0.0:5000" em todos os hosts',
    "refused",
    "collector",
    "metrics_check",
)
def test_a_bind_address_as_instance(
    gateway: str, prometheus: str, tmp_path: Path, group: Group
) -> None:
    for host in ("0.0.0.0:5000", "0.0.0.0", "localhost"):
        said = refused(tmp_path, settings(tmp_path, host=host))
        assert "host" in said
        assert "this host's own name" in said
    # A foreign pusher that does it is found.
    expected = group()
    group(expected["job"], "0.0.0.0:5000")
    answer = metrics(gateway, prometheus, expected)
    assert answer.outcomes[f"labels {expected['host']}"] == "fail labels.bind_address"


@incident(
    18,
    "A scrape target was down for two weeks, unnoticed",
    "Um alvo ficou fora do ar por duas semanas sem que ninguém notasse",
    "found",
    "metrics_check",
)
def test_a_target_is_down(gateway: str, crooked: str, group: Group) -> None:
    answer = metrics(gateway, crooked, group())
    assert answer.outcomes["targets"] == "fail targets.down"
    (down,) = answer.values("targets")["targets"]
    assert (down["code"], down["values"]["days"]) == ("down_target.ever", 14)
    assert (down["values"]["job"], down["values"]["instance"]) == ("gone", "127.0.0.1:9")
    assert "connection refused" in down["values"]["error"]


@incident(
    19,
    "An upgrade of n8n removed a metric that rules relied on",
    "Uma atualização do n8n removeu uma métrica da qual regras dependiam",
    "found",
    "metrics_check",
)
def test_a_metric_that_rules_ask_for_is_gone(gateway: str, upgraded: str, group: Group) -> None:
    answer = metrics(gateway, upgraded, group(), wait=0.1)
    assert answer.outcomes["rules"] == "warn rules.metric_gone"
    (gone,) = answer.values("rules")["metrics"]
    assert (gone["values"]["metric"], gone["values"]["rules"]) == (
        "n8n_queue_waiting",
        ["QueueLong"],
    )
    # It is looked for at each full hour: between two hours and a half, less the five minutes that
    # Prometheus looks back, and an hour more.
    assert 2 * 3600 <= gone["values"]["age"] < 4 * 3600


@incident(
    20,
    "Series of a dead pusher stayed on the gateway for a month",
    "Séries de um emissor morto ficaram no gateway por um mês",
    "found",
    "metrics_check",
)
def test_a_pusher_that_nobody_knows(gateway: str, prometheus: str, group: Group) -> None:
    expected = group()
    group("dead_exporter", "wf001")
    answer = metrics(gateway, prometheus, expected, wait=0.1, known_jobs=["collector_.+"])
    assert answer.outcomes["pushers"] == "warn pushers.unknown"
    groups = [each["values"]["labels"] for each in answer.values("pushers")["groups"]]
    assert 'job="dead_exporter" instance="wf001"' in groups


@incident(
    23,
    "The validator ran against the wrong host's VictoriaMetrics",
    "O validador consultou o VictoriaMetrics do host errado",
    "found",
    "metrics_check",
    "ping_check",
)
def test_another_victoriametrics(
    collector: Collector, servers: Servers, gateway: str, prometheus: str
) -> None:
    other = servers.victoriametrics()
    one = {"host": collector.host, "job": collector.job, "api_url": collector.url, "api_key": KEY}
    right = metrics(gateway, prometheus, one).check(f"prometheus {collector.host}")
    assert right["status"] == "pass"
    answer = metrics(gateway, prometheus, one, wait=2, victoriametrics={"url": other})
    failed = answer.outcomes[f"victoriametrics {collector.host}"]
    assert failed == "fail victoriametrics.not_arrived"
    pinged = {"name": collector.host, "url": collector.url, "key": KEY}
    sampled = run_module(
        "ping_check", collectors=[pinged], victoriametrics={"url": other}, wait=5
    ).check(f"sampled {collector.host}")
    assert (sampled["status"], sampled["code"]) == ("fail", "sampled.elsewhere")


@incident(
    24,
    "The exporters pushed samples with timestamps, which the gateway refuses",
    "Os exporters enviavam amostras com timestamps, que o gateway recusa",
    "found",
    "metrics_check",
)
def test_samples_with_timestamps(gateway: str, prometheus: str, group: Group) -> None:
    expected = group()
    stamped = f"# TYPE thing_total counter\nthing_total 2 {int(time.time() * 1000)}\n"
    # Pushgateway 1.11 closes the connection where 1.5 explains.
    with contextlib.suppress(requests.ConnectionError):
        assert push(gateway, expected["job"], expected["host"], stamped) == 400
    answer = metrics(gateway, prometheus, expected, wait=0.1)
    assert answer.outcomes[f"pushed {expected['host']}"] == "fail pushed.refused"


@incident(
    25,
    "An old cron job was removed silently, and nothing replaced it",
    "Um cron antigo foi removido em silêncio e nada o substituiu",
    "found",
    "metrics_check",
)
def test_an_exporter_that_is_gone(gateway: str, prometheus: str, group: Group) -> None:
    exporter = {**group("n8n_node_metrics", "wf001-exporter"), "interval": 3600}
    name = "pushed wf001-exporter"
    assert metrics(gateway, prometheus, exporter, wait=1).check(name)["status"] == "pass"
    exporter["interval"] = 1
    # The gateway goes on showing what it pushed last.
    time.sleep(3.5)
    answer = metrics(gateway, prometheus, exporter, wait=1)
    assert answer.outcomes[name] == "fail pushed.old"
    assert 'job="n8n_node_metrics"' in answer.values(name)["group"]
    # And when the gateway is restarted, without any trace of it.
    address = f"{gateway}/metrics/job/n8n_node_metrics/instance/wf001-exporter"
    assert requests.delete(address, timeout=5).status_code == 202
    answer = metrics(gateway, prometheus, exporter, wait=1)
    assert answer.outcomes[name] == "fail pushed.missing"


@incident(
    30,
    "A push was accepted that Prometheus never had: no honor_labels, or no target",
    "Um envio aceito que o Prometheus nunca recebeu: sem honor_labels ou sem alvo",
    "found",
    "metrics_check",
)
def test_no_honor_labels_and_no_target(
    servers: Servers, gateway: str, careless: str, group: Group
) -> None:
    expected = group()
    answer = metrics(gateway, careless, expected, wait=120)
    for check_id in (f"prometheus {expected['host']}", f"labels {expected['host']}"):
        assert answer.outcomes[check_id] == "fail labels.no_honor_labels"
        assert answer.values(check_id)["jobs"] == ["pushgateway"]
    assert answer.result["seconds"] < 120  # it does not wait for what cannot come
    answer = metrics(gateway, servers.prometheus(), expected, wait=2)
    assert answer.outcomes["target pushgateway"] == "fail target.missing"
    assert answer.outcomes[f"prometheus {expected['host']}"] == "fail prometheus.not_arrived"
    assert answer.outcomes[f"families {expected['host']}"] == "skip families.not_arrived"
