# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""metrics_check against a real collector, gateway, Prometheus and VictoriaMetrics."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import (
    Sample,
    samples,
)

from .conftest import KEY, TEXT, Collector, Servers, push, scrape_job, wait_until
from .conftest import check_metrics as check


@pytest.fixture
def asked(collector: Collector) -> dict[str, Any]:
    """The real collector, and how to ask it for a push."""
    api = {"api_url": collector.url, "api_key": KEY}
    return {"host": collector.host, "job": collector.job, **api}


def shown(prometheus: str, query: str) -> list[Any]:
    """What Prometheus answers."""
    answer = requests.get(f"{prometheus}/api/v1/query", params={"query": query}, timeout=5)
    found: list[Any] = answer.json()["data"]["result"]
    return found


def one_of(pushed: dict[str, Any]) -> str:
    """One series of a group."""
    return f'thing_total{{job="{pushed["job"]}",instance="{pushed["host"]}"}}'


@pytest.fixture
def pushed(group: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A group of its own on the shared gateway, fresh."""
    return group()


def test_a_real_collector_is_followed_to_storage(
    asked: dict[str, Any], gateway: str, prometheus: str, storage: str
) -> None:
    families = ["collector_api_up", "collector_push_duration_seconds", "api_requests_total"]
    before = time.time()
    expected = {**asked, "families": families}
    answer = check(gateway, prometheus, expected, victoriametrics={"url": storage}, wait=60)
    assert answer.wrong == []
    ids = ["push", "pushed", "prometheus", "families", "labels", "once", "victoriametrics"]
    assert {f"{name} wf001" for name in ids} <= set(answer.statuses)
    assert answer.outcomes["deduplication"] == "pass deduplication.ok"
    # It was this very push that was seen in Prometheus, not an older one.
    assert answer.values("prometheus wf001")["pushed"] >= before
    assert KEY not in answer.output


def test_a_collector_that_pushes_only_when_asked(
    asked: dict[str, Any], gateway: str, prometheus: str
) -> None:
    """The push that the validation itself asks for is no proof: it pushes every 60 s."""
    time.sleep(2)
    answer = check(gateway, prometheus, {**asked, "interval": 0.5})
    assert answer.outcomes["pushed wf001"] == "fail pushed.seldom"
    assert answer.values("pushed wf001")["before"] > 1.5


def test_check_mode_asks_for_no_push(
    asked: dict[str, Any], collector: Collector, gateway: str, prometheus: str
) -> None:
    def pushes() -> list[Sample]:
        text = requests.get(f"{collector.metrics}/metrics", timeout=5).text
        return samples(text, "collector_push_total")

    before = pushes()
    answer = check(gateway, prometheus, asked, check=True)
    assert "push wf001" not in answer.statuses
    assert answer.check("prometheus wf001")["status"] == "pass"
    assert pushes() == before


def test_no_collectors(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    """Nothing is asked about them; what the gateway has is told (case 16, empty.yml)."""
    answer = check(gateway, prometheus)
    assert [code for code in answer.outcomes.values() if code.startswith("fail")] == []
    assert answer.outcomes["pushers"] == "warn pushers.unknown"


def test_a_refused_key_is_named(asked: dict[str, Any], gateway: str, prometheus: str) -> None:
    wrong = {**asked, "api_key": "not-the-key-that-is-deployed"}
    answer = check(gateway, prometheus, wrong)
    assert answer.outcomes["push wf001"] == "fail push.wrong_key"


OTHER = "address.other_service"


def test_another_service_answers(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    answer = check(prometheus, prometheus, pushed)
    code = f"{OTHER}.prometheus_for_pushgateway"
    assert answer.outcomes["pushgateway"] == f"fail {code}"
    assert answer.values("pushgateway")["name"].startswith("Prometheus")
    answer = check(gateway, gateway, pushed, victoriametrics={"url": prometheus})
    code = f"{OTHER}.pushgateway_for_prometheus"
    assert answer.outcomes["prometheus"] == f"fail {code}"
    assert answer.values("prometheus")["name"].startswith("Pushgateway")
    assert answer.outcomes["victoriametrics"] == f"fail {OTHER}"
    assert answer.values("victoriametrics")["name"].startswith("Prometheus")


def test_no_such_group(gateway: str, prometheus: str) -> None:
    answer = check(gateway, prometheus, {"host": "wf404", "job": "nobody"})
    assert answer.outcomes["pushed wf404"] == "fail pushed.missing"
    assert answer.outcomes["families wf404"] == "skip group.missing"


def test_the_scrape_target_is_down(servers: Servers, gateway: str, pushed: dict[str, Any]) -> None:
    wrong = servers.prometheus(scrape_job("http://127.0.0.1:9"))
    wait_until(lambda: bool(shown(wrong, "up == 0")), "a scrape that fails")
    answer = check(gateway, wrong, pushed, wait=2)
    assert answer.outcomes["target pushgateway"] == "fail target.down.refused"
    assert "connection refused" in answer.values("target pushgateway")["error"]


def test_prometheus_scrapes_another_gateway(
    servers: Servers, prometheus: str, pushed: dict[str, Any]
) -> None:
    wait_until(lambda: bool(shown(prometheus, one_of(pushed))), "what the other gateway has")
    mine, check_id = servers.pushgateway(), f"prometheus {pushed['host']}"
    push(mine, pushed["job"], pushed["host"], TEXT)
    answer = check(mine, prometheus, pushed, wait=3)
    assert answer.outcomes[check_id] == "fail prometheus.other_gateway"
    assert answer.values(check_id)["age"] > 0


def test_pushed_and_scraped(
    servers: Servers, collector: Collector, asked: dict[str, Any], gateway: str
) -> None:
    twice = servers.prometheus(scrape_job(gateway), scrape_job(collector.metrics, "collector"))
    direct = 'collector_api_up{job="collector"}'
    wait_until(lambda: bool(shown(twice, direct)), "a scrape of the collector")
    answer = check(gateway, twice, asked)
    assert answer.outcomes["once wf001"] == "fail once.twice"
    assert collector.job in answer.values("once wf001")["group"]
    (way,) = answer.values("once wf001")["ways"]
    assert way["code"] == "way.scraped"
    assert way["values"]["labels"].startswith('job="collector" ')


def test_pushed_to_two_groups(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    host = pushed["host"]
    push(gateway, "second_group", host, TEXT)
    push(gateway, "other_job", "other_host", TEXT)  # is another collector's
    answer = check(gateway, prometheus, pushed)
    assert answer.outcomes[f"once {host}"] == "fail once.twice"
    (way,) = answer.values(f"once {host}")["ways"]
    assert way["code"] == "way.pushed"
    assert way["values"]["labels"] == f'job="second_group" instance="{host}"'


def test_a_family_that_nobody_pushes(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    check_id = f"families {pushed['host']}"
    answer = check(gateway, prometheus, {**pushed, "families": ["thing_seconds", "never_total"]})
    assert answer.outcomes[check_id] == "fail families.not_pushed"
    assert answer.values(check_id)["missing"] == ["never_total"]
    assert answer.values(check_id)["never"] == ["never_total"]


@pytest.mark.parametrize("lost", ["thing_total", "thing_seconds_bucket"])
def test_a_family_that_is_dropped_on_the_way(
    lost: str, servers: Servers, gateway: str, pushed: dict[str, Any]
) -> None:
    drop = [{"source_labels": ["__name__"], "regex": lost, "action": "drop"}]
    lossy = servers.prometheus(scrape_job(gateway, metric_relabel_configs=drop))
    answer, check_id = check(gateway, lossy, pushed), f"families {pushed['host']}"
    assert answer.outcomes[check_id] == "fail families.dropped"
    assert answer.values(check_id)["missing"] == [lost.removesuffix("_bucket")]


def test_rules_that_are_not_loaded(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    answer = check(gateway, prometheus, pushed, rule_groups=["vya-ping"])
    assert answer.outcomes["rules"] == "fail rules.not_loaded"
    assert answer.values("rules")["groups"] == ["vya-ping"]
    assert answer.check("alerts")["status"] == "pass"


def test_alerts_that_no_alertmanager_takes(
    servers: Servers, gateway: str, pushed: dict[str, Any]
) -> None:
    """Prometheus has found an Alertmanager: that one alone proves nothing."""
    # Not before Prometheus has found the Alertmanager (it looks every 5 s), or it only drops it.
    rule = {"alert": "Always", "expr": "vector(1)", "for": "6s", "labels": {"instance": "wf001"}}
    alertmanagers = [{"static_configs": [{"targets": ["127.0.0.1:9"]}]}]
    alerting = servers.prometheus(
        scrape_job(gateway), alertmanagers=alertmanagers, rules=[rule], itself=True
    )
    wait_until(
        lambda: "alerts sent" not in check(gateway, alerting, pushed).passed,
        "the alert that is lost",
    )
    answer = check(gateway, alerting, pushed)
    assert answer.outcomes["alerts sent"] == "warn alerts_sent.lost"
    (lost,) = answer.values("alerts sent")["alertmanagers"]
    assert "127.0.0.1:9/api" in lost["values"]["alertmanager"]
    assert answer.outcomes["alerts"] == "warn alerts.firing"
    (alert,) = answer.values("alerts")["alerts"]
    assert (alert["values"]["alert"], alert["values"]["labels"]) == ("Always", ["instance=wf001"])


def test_nothing_is_written_to_victoriametrics(
    servers: Servers, gateway: str, pushed: dict[str, Any]
) -> None:
    local, empty = servers.prometheus(scrape_job(gateway)), servers.victoriametrics()
    wait_until(lambda: bool(shown(local, one_of(pushed))), "a scrape of the gateway")
    answer = check(gateway, local, pushed, wait=5, victoriametrics={"url": empty})
    not_arrived = "fail victoriametrics.not_arrived"
    assert answer.outcomes[f"victoriametrics {pushed['host']}"] == not_arrived
    assert answer.check(f"prometheus {pushed['host']}")["status"] == "pass"


def test_a_family_that_is_not_written_any_more(
    servers: Servers, gateway: str, pushed: dict[str, Any]
) -> None:
    """Its last sample is a minute old, and Prometheus would still show it."""
    storage = servers.victoriametrics()
    lossy = servers.prometheus(scrape_job(gateway), remote_write=storage, not_written="thing_total")
    labels = f'job="{pushed["job"]}",instance="{pushed["host"]}"'
    old = f"thing_total{{{labels}}} 1 {int(time.time() - 60) * 1000}\n"
    requests.post(f"{storage}/api/v1/import/prometheus", data=old, timeout=5).raise_for_status()
    export = {"match[]": one_of(pushed).replace("thing_total", "thing_up")}
    wait_until(
        lambda: bool(requests.get(f"{storage}/api/v1/export", params=export, timeout=5).text),
        "what is written",
    )
    answer = check(gateway, lossy, pushed, wait=5, victoriametrics={"url": storage})
    check_id = f"families {pushed['host']} in VictoriaMetrics"
    assert answer.outcomes[check_id] == "fail families.dropped"
    assert answer.values(check_id)["missing"] == ["thing_total"]


def test_a_bad_interval_is_refused(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    result = check(gateway, prometheus, {**pushed, "interval": 0}).result
    assert result["failed"]
    assert f"collectors[{pushed['host']}].interval" in result["msg"]
