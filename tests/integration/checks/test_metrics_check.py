# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""metrics_check against a real collector, gateway, Prometheus and VictoriaMetrics."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
import requests

from .conftest import KEY, Answer, Collector, Servers, push, run_module, scrape_job, wait_until

TEXT = """\
# TYPE thing_total counter
thing_total 1
# TYPE thing_seconds histogram
thing_seconds_bucket{{le="1"}} 1
thing_seconds_bucket{{le="+Inf"}} 2
thing_seconds_sum {value}
thing_seconds_count 2
# TYPE thing_up gauge
thing_up 1
"""


def check(gateway: str, prometheus: str, *collectors: dict[str, Any], **options: Any) -> Answer:
    wait = options.pop("wait", 10)
    return run_module(
        "metrics_check",
        collectors=list(collectors),
        pushgateway={"url": gateway},
        prometheus={"url": prometheus},
        wait=wait,
        **options,
    )


@pytest.fixture
def pushed(gateway: str) -> dict[str, Any]:
    """A group of its own on the shared gateway, fresh."""
    host = f"h{uuid.uuid4().hex[:8]}"
    job = f"job_{host}"
    assert push(gateway, job, host, TEXT.format(value=1)) == 200
    return {"host": host, "job": job}


def test_a_real_collector_is_followed_to_storage(
    collector: Collector, gateway: str, prometheus: str, storage: str
) -> None:
    expected = {
        "host": collector.host,
        "job": collector.job,
        "api_url": collector.url,
        "api_key": KEY,
        "families": ["collector_api_up", "collector_push_duration_seconds", "api_requests_total"],
    }
    before = time.time()
    answer = check(gateway, prometheus, expected, victoriametrics={"url": storage}, wait=20)
    assert answer.wrong == []
    ids = ["push", "pushed", "prometheus", "families", "labels", "once", "victoriametrics"]
    assert {f"{name} wf001" for name in ids} <= set(answer.statuses)
    # It was this very push that was seen in Prometheus, not an older one.
    assert float(answer.check("prometheus wf001")["seen"].split()[1]) >= before
    assert KEY not in answer.output


def test_a_collector_that_pushes_only_when_asked(
    collector: Collector, gateway: str, prometheus: str
) -> None:
    """The push that the validation itself asks for is no proof: it pushes every 60 s."""
    expected = {"host": "wf001", "job": collector.job, "api_url": collector.url, "api_key": KEY}
    time.sleep(2)
    failed = check(gateway, prometheus, {**expected, "interval": 0.5}).check("pushed wf001")
    assert failed["status"] == "fail"
    assert "of itself it had pushed" in failed["seen"]
    assert "less often than is expected" in failed["cause"]


def test_check_mode_asks_for_no_push(collector: Collector, gateway: str, prometheus: str) -> None:
    def pushes() -> str:
        text = requests.get(f"{collector.metrics}/metrics", timeout=5).text
        return next(line for line in text.splitlines() if "collector_push_total{" in line)

    expected = {"host": "wf001", "job": collector.job, "api_url": collector.url, "api_key": KEY}
    before = pushes()
    answer = run_module(
        "metrics_check",
        check=True,
        collectors=[expected],
        pushgateway={"url": gateway},
        prometheus={"url": prometheus},
        wait=10,
    )
    assert "push wf001" not in answer.statuses
    assert answer.check("prometheus wf001")["status"] == "pass"
    assert pushes() == before


def test_a_refused_key_is_named(collector: Collector, gateway: str, prometheus: str) -> None:
    wrong = "not-the-key-that-is-deployed"
    expected = {"host": "wf001", "job": collector.job, "api_url": collector.url, "api_key": wrong}
    failed = check(gateway, prometheus, expected).check("push wf001")
    assert failed["status"] == "fail"
    assert "another key" in failed["cause"]


def test_the_gateway_url_is_prometheus(prometheus: str, pushed: dict[str, Any]) -> None:
    failed = check(prometheus, prometheus, pushed).check("pushgateway")
    assert failed["status"] == "fail"
    assert failed["seen"].startswith("Prometheus 2.")
    assert "404 or 405" in failed["cause"]


def test_the_prometheus_url_is_the_gateway(gateway: str, pushed: dict[str, Any]) -> None:
    failed = check(gateway, gateway, pushed).check("prometheus")
    assert failed["status"] == "fail"
    assert failed["seen"].startswith("Pushgateway 1.")


def test_no_such_group(gateway: str, prometheus: str) -> None:
    answer = check(gateway, prometheus, {"host": "wf404", "job": "nobody"})
    assert answer.check("pushed wf404")["status"] == "fail"
    assert "does not push" in answer.check("pushed wf404")["cause"]
    assert answer.check("families wf404")["status"] == "skip"


def test_a_stale_group(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    time.sleep(2)
    failed = check(gateway, prometheus, {**pushed, "interval": 0.3}).check(
        f"pushed {pushed['host']}"
    )
    assert failed["status"] == "fail"
    assert "no longer pushes" in failed["cause"]


def test_the_last_push_failed(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    host = pushed["host"]
    assert push(gateway, pushed["job"], host, "# TYPE thing_total gauge\nthing_total 1\n") == 400
    failed = check(gateway, prometheus, pushed).check(f"pushed {host}")
    assert failed["status"] == "fail"
    assert "failed" in failed["seen"]
    assert "refused" in failed["cause"]


def test_no_honor_labels(servers: Servers, gateway: str, pushed: dict[str, Any]) -> None:
    careless = servers.prometheus(scrape_job(gateway, honor_labels=False))
    answer = check(gateway, careless, pushed)
    host = pushed["host"]
    for check_id in (f"prometheus {host}", f"labels {host}"):
        assert answer.check(check_id)["status"] == "fail"
        assert "no honor_labels: true" in answer.check(check_id)["cause"]
    assert "exported_job" in answer.check(f"prometheus {host}")["seen"]
    assert answer.result["seconds"] < 8  # it does not wait for what cannot come


def test_the_gateway_is_not_scraped(servers: Servers, gateway: str, pushed: dict[str, Any]) -> None:
    idle = servers.prometheus()
    answer = check(gateway, idle, pushed, wait=2)
    assert "not told to scrape" in answer.check("target pushgateway")["cause"]
    assert answer.check(f"prometheus {pushed['host']}")["status"] == "fail"
    assert answer.check(f"families {pushed['host']}")["status"] == "fail"


def test_the_scrape_target_is_down(servers: Servers, gateway: str, pushed: dict[str, Any]) -> None:
    wrong = servers.prometheus(scrape_job("http://127.0.0.1:9"))
    answer = check(gateway, wrong, pushed, wait=8)  # discovery takes Prometheus 5 s
    assert answer.check("target pushgateway")["status"] == "fail"
    assert "connection refused" in answer.check("target pushgateway")["seen"]


def test_prometheus_scrapes_another_gateway(
    servers: Servers, prometheus: str, pushed: dict[str, Any]
) -> None:
    mine = servers.pushgateway()
    push(mine, pushed["job"], pushed["host"], TEXT.format(value=2))
    failed = check(mine, prometheus, pushed, wait=3).check(f"prometheus {pushed['host']}")
    assert failed["status"] == "fail"
    assert "another gateway" in failed["cause"]
    assert "older" in failed["seen"]


def test_pushed_and_scraped(servers: Servers, collector: Collector, gateway: str) -> None:
    twice = servers.prometheus(scrape_job(gateway), scrape_job(collector.metrics, "collector"))
    expected = {"host": "wf001", "job": collector.job, "api_url": collector.url, "api_key": KEY}
    query = {"query": 'collector_api_up{job="collector"}'}
    wait_until(
        lambda: requests.get(f"{twice}/api/v1/query", params=query, timeout=5).json()["data"][
            "result"
        ],
        "a scrape of the collector",
    )
    failed = check(gateway, twice, expected).check("once wf001")
    assert failed["status"] == "fail"
    assert 'scraped as job="collector"' in failed["seen"]
    assert collector.job in failed["expected"]
    assert "twice" in failed["cause"]


def test_pushed_to_two_groups(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    host = pushed["host"]
    push(gateway, "second_group", host, TEXT.format(value=3))
    failed = check(gateway, prometheus, pushed).check(f"once {host}")
    assert failed["status"] == "fail"
    assert f'pushed as job="second_group" instance="{host}"' in failed["seen"]


def test_other_hosts_are_no_duplicates(
    gateway: str, prometheus: str, pushed: dict[str, Any]
) -> None:
    push(gateway, "other_job", "other_host", TEXT.format(value=3))
    assert check(gateway, prometheus, pushed).check(f"once {pushed['host']}")["status"] == "pass"


def test_a_bind_address_as_instance(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    host = pushed["host"]
    push(gateway, pushed["job"], "0.0.0.0:5000", TEXT.format(value=3))
    failed = check(gateway, prometheus, pushed).check(f"labels {host}")
    assert failed["status"] == "fail"
    assert "bind address" in failed["cause"]


def test_a_family_that_nobody_pushes(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    expected = {**pushed, "families": ["thing_seconds", "never_total"]}
    failed = check(gateway, prometheus, expected).check(f"families {pushed['host']}")
    assert failed["status"] == "fail"
    assert failed["seen"] == "1 missing: never_total"
    assert "does not push never_total" in failed["cause"]


@pytest.mark.parametrize("lost", ["thing_total", "thing_seconds_bucket"])
def test_a_family_that_is_dropped_on_the_way(
    lost: str, servers: Servers, gateway: str, pushed: dict[str, Any]
) -> None:
    drop = [{"source_labels": ["__name__"], "regex": lost, "action": "drop"}]
    lossy = servers.prometheus(scrape_job(gateway, metric_relabel_configs=drop))
    failed = check(gateway, lossy, pushed).check(f"families {pushed['host']}")
    assert failed["status"] == "fail"
    assert failed["seen"] == f"1 missing: {lost.removesuffix('_bucket')}"
    assert "drops them" in failed["cause"]


def test_rules_that_are_not_loaded(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    answer = check(gateway, prometheus, pushed, rule_groups=["vya-ping"])
    assert answer.check("rules")["status"] == "fail"
    assert answer.check("rules")["seen"] == "not loaded: vya-ping"
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
        20,
    )
    answer = check(gateway, alerting, pushed)
    assert answer.check("alerts sent")["status"] == "warn"
    assert "lost: " in answer.check("alerts sent")["seen"]
    assert "127.0.0.1:9/api" in answer.check("alerts sent")["seen"]
    assert answer.check("alerts")["seen"].startswith("1 firing; Always of instance=wf001 for ")


def test_nothing_is_written_to_victoriametrics(
    servers: Servers, gateway: str, storage: str, pushed: dict[str, Any]
) -> None:
    local = servers.prometheus(scrape_job(gateway))
    empty = servers.victoriametrics()
    answer = check(gateway, local, pushed, wait=8, victoriametrics={"url": empty})
    failed = answer.check(f"victoriametrics {pushed['host']}")
    assert failed["status"] == "fail"
    assert "remote_write" in failed["cause"]
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
    answer = check(gateway, lossy, pushed, wait=8, victoriametrics={"url": storage})
    failed = answer.check(f"families {pushed['host']} in VictoriaMetrics")
    assert failed["status"] == "fail"
    assert failed["seen"] == "1 missing: thing_total"


def test_victoriametrics_is_something_else(
    gateway: str, prometheus: str, pushed: dict[str, Any]
) -> None:
    answer = check(gateway, prometheus, pushed, victoriametrics={"url": prometheus})
    assert answer.check("victoriametrics")["seen"].startswith("Prometheus 2.")


def test_a_bad_interval_is_refused(gateway: str, prometheus: str, pushed: dict[str, Any]) -> None:
    result = check(gateway, prometheus, {**pushed, "interval": 0}).result
    assert result["failed"]
    assert f"collectors[{pushed['host']}].interval" in result["msg"]
