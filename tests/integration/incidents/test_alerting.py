# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts that nobody is told of, and rules that are not those that were deployed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import yaml

from ..checks.conftest import Answer, Servers, scrape_job, wait_until
from ..checks.conftest import check_metrics as metrics

Group = Callable[..., dict[str, Any]]
FIRES = {"alert": "Fires", "expr": "vector(1)", "labels": {"severity": "critical"}}
QUIET = {"alert": "Quiet", "expr": "vector(1) > 2", "labels": {"severity": "warning"}}
RULES = [FIRES, QUIET]


def receiver(name: str, url: str = "") -> dict[str, Any]:
    hook = {"webhook_configs": [{"url": url}]} if url else {}
    return {"name": name, **hook}


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers each message with the status of its server."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def people(status: int = 200, handler: type[Receiver] = Receiver) -> Iterator[Any]:
    """A receiver; its URL is `url`, and `status` what it answers from now on."""
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.ended = threading.Event()
    server.status, server.url = status, f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def alertmanager(servers: Servers, url: str = "", **changes: Any) -> str:
    """An Alertmanager that tells the receiver at `url`, or nobody."""
    route = {"receiver": "x", "group_wait": "1s", "group_interval": "1s", "group_by": ["alertname"]}
    config = {"route": route, "receivers": [receiver("x", url)], **changes}
    return servers.alertmanager(yaml.safe_dump(config))


def sending(servers: Servers, gateway: str, *alertmanagers: str, **more: Any) -> str:
    """A Prometheus that sends its alerts there, and scrapes them."""
    targets = [each.removeprefix("http://") for each in alertmanagers]
    jobs = [scrape_job(each, f"alertmanager{n}") for n, each in enumerate(alertmanagers)]
    more = {"rules": RULES, "alertmanagers": [{"static_configs": [{"targets": targets}]}], **more}
    return servers.prometheus(scrape_job(gateway), *jobs, **more)


def arrived(url: str) -> None:
    """Wait until the Alertmanager has the alert that fires."""
    wait_until(lambda: requests.get(f"{url}/api/v2/alerts", timeout=5).json(), "the alert")


def asked(gateway: str, prometheus: str, alertmanager: str, group: Group, **more: Any) -> Answer:
    options = {"url": alertmanager, **more}
    return metrics(gateway, prometheus, group(), wait=10, alertmanager=options)


@pytest.fixture
def fine() -> Iterator[Any]:
    with people() as server:
        yield server


def test_somebody_is_told(servers: Servers, gateway: str, group: Group, fine: Any) -> None:
    url = alertmanager(servers, fine.url)
    prometheus = sending(servers, gateway, url)
    arrived(url)
    answer = asked(gateway, prometheus, url, group, targets=[url.removeprefix("http://")])
    for name in ("alertmanagers", "told", "notified"):
        assert answer.outcomes[name] == f"pass {name}.ok"


def test_everything_ends_at_a_null_receiver(servers: Servers, gateway: str, group: Group) -> None:
    url = alertmanager(servers)
    prometheus = sending(servers, gateway, url)
    assert asked(gateway, prometheus, url, group).outcomes["told"] == "fail told.nobody"
    answer = asked(gateway, prometheus, url, group, notifies=False)
    assert answer.outcomes["told"] == "warn told.nobody.deployed"


def test_a_silence_for_ever(servers: Servers, gateway: str, group: Group, fine: Any) -> None:
    url = alertmanager(servers, fine.url)
    prometheus = sending(servers, gateway, url)
    now = datetime.now(UTC)
    matchers = [{"name": "alertname", "value": ".+", "isRegex": True}]
    body = {
        "matchers": matchers,
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(days=36500)).isoformat(),
        "createdBy": "ana",
        "comment": "noise",
    }
    made = requests.post(f"{url}/api/v2/silences", json=body, timeout=5).json()["silenceID"]
    answer = asked(gateway, prometheus, url, group)
    assert answer.outcomes["told"] == "fail told.silenced"
    (silence,) = answer.values("told")["silences"]
    assert (silence["values"]["id"], silence["values"]["createdBy"]) == (made, "ana")
    requests.delete(f"{url}/api/v2/silence/{made}", timeout=5)
    assert asked(gateway, prometheus, url, group).outcomes["told"] == "pass told.ok"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {
                "inhibit_rules": [
                    {
                        "source_matchers": ['alertname="Outside"'],
                        "target_matchers": ['severity=~".+"'],
                    }
                ]
            },
            "told.inhibited",
        ),
        (
            {
                "time_intervals": [{"name": "always", "time_intervals": [{}]}],
                "route": {
                    "receiver": "x",
                    "routes": [{"matchers": ['severity=~".+"'], "mute_time_intervals": ["always"]}],
                },
            },
            "told.muted",
        ),
        # Two halves that leave nothing, as this Alertmanager prints them.
        (
            {
                "time_intervals": [
                    {
                        "name": "work",
                        "time_intervals": [
                            {
                                "weekdays": ["monday:friday"],
                                "months": ["january:december"],
                                "days_of_month": ["1:15", "-20:-1"],
                                "years": ["2020:2999"],
                                "location": "America/Sao_Paulo",
                            }
                        ],
                    },
                    {
                        "name": "rest",
                        "time_intervals": [
                            {
                                "weekdays": ["saturday", "sunday"],
                                "times": [{"start_time": "00:00", "end_time": "23:59"}],
                                "location": "America/Sao_Paulo",
                            }
                        ],
                    },
                ],
                "route": {
                    "receiver": "x",
                    "routes": [
                        {"matchers": ['severity=~".+"'], "mute_time_intervals": ["work", "rest"]}
                    ],
                },
            },
            "told.muted",
        ),
        (
            {
                "time_intervals": [{"name": "past", "time_intervals": [{"years": ["2020"]}]}],
                "route": {
                    "receiver": "x",
                    "routes": [{"matchers": ['severity=~".+"'], "active_time_intervals": ["past"]}],
                },
            },
            "told.muted",
        ),
        ({"route": {"receiver": "x", "group_wait": "1d"}}, "told.late"),
    ],
)
def test_all_alerts_are_hidden(
    servers: Servers, gateway: str, group: Group, fine: Any, changes: dict[str, Any], code: str
) -> None:
    url = alertmanager(servers, fine.url, **changes)
    prometheus = sending(servers, gateway, url)
    requests.post(f"{url}/api/v2/alerts", json=[{"labels": {"alertname": "Outside"}}], timeout=5)
    assert asked(gateway, prometheus, url, group).outcomes["told"] == f"fail {code}"


def test_a_receiver_that_answers_500(
    servers: Servers, gateway: str, group: Group, fine: Any
) -> None:
    fine.status = 500
    url = alertmanager(servers, fine.url)
    prometheus = sending(servers, gateway, url)
    failed = "alertmanager_notification_requests_failed_total"

    def tried() -> bool:
        page = requests.get(f"{url}/metrics", timeout=5).text
        return f'{failed}{{integration="webhook"}} 0' not in page

    wait_until(tried, "an attempt")
    answer = asked(gateway, prometheus, url, group)
    assert answer.outcomes["notified"] == "fail notified.refused"
    # Once it is repaired, what it refused before is history.
    fine.status = 200

    def arrived() -> bool:
        told = asked(gateway, prometheus, url, group).outcomes["notified"]
        print(told)  # shown if it stays so
        # One that arrived may be seen by the same scrape as the last one that failed.
        return told in ("pass notified.ok", "skip notified.before")

    wait_until(
        arrived,
        "an attempt that arrived",  # the pauses between attempts grow
        seconds=300,
    )


def test_what_a_receiver_refused_before(
    servers: Servers, gateway: str, group: Group, fine: Any
) -> None:
    """Nothing was to tell since it was repaired: what it refused is history, and not judged."""
    fine.status = 400  # which Alertmanager does not try again
    url = alertmanager(servers, fine.url)
    prometheus = servers.prometheus(scrape_job(gateway))
    alert: dict[str, Any] = {"labels": {"alertname": "Outside"}}
    requests.post(f"{url}/api/v2/alerts", json=[alert], timeout=5)
    failed = "alertmanager_notification_requests_failed_total"

    def tried() -> bool:
        page = requests.get(f"{url}/metrics", timeout=5).text
        return f'{failed}{{integration="webhook"}} 0' not in page

    wait_until(tried, "an attempt")
    assert asked(gateway, prometheus, url, group).outcomes["notified"] == "fail notified.refused"
    fine.status = 200
    alert["endsAt"] = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    requests.post(f"{url}/api/v2/alerts", json=[alert], timeout=5)
    wait_until(
        lambda: not requests.get(f"{url}/api/v2/alerts", timeout=5).json(), "an end of the alert"
    )
    assert asked(gateway, prometheus, url, group).outcomes["notified"] in (
        "skip notified.before",
        "pass notified.ok",  # it was tried again before the alert ended
    )


def test_another_alertmanager(servers: Servers, gateway: str, group: Group, fine: Any) -> None:
    checked, other = (alertmanager(servers, fine.url) for _ in range(2))
    prometheus = sending(servers, gateway, other)
    wait_until(
        lambda: requests.get(
            f"{prometheus}/api/v1/query",
            params={"query": "process_start_time_seconds"},
            timeout=5,
        ).json()["data"]["result"],
        "a scrape",
    )
    answer = asked(gateway, prometheus, checked, group)
    assert answer.outcomes["alertmanagers"] == "fail alertmanagers.other"
    answer = asked(gateway, prometheus, other, group, targets=["alertmanager:9093"])
    assert answer.outcomes["alertmanagers"] == "fail alertmanagers.other"
    assert asked(gateway, prometheus, other, group).outcomes["alertmanagers"] == (
        "pass alertmanagers.ok"
    )
    both = sending(servers, gateway, checked, other)
    assert asked(gateway, both, checked, group).outcomes["alertmanagers"] in (
        "warn alertmanagers.also",
        "skip alertmanagers.hidden",
    )


def test_no_alertmanager(servers: Servers, gateway: str, prometheus: str, group: Group) -> None:
    url = alertmanager(servers)
    answer = asked(gateway, prometheus, url, group)
    assert answer.outcomes["alertmanagers"] == "fail alertmanagers.none"


def test_rules_by_hand(servers: Servers, gateway: str, group: Group) -> None:
    long = {**FIRES, "for": "90s"}
    prometheus = sending(servers, gateway, rules=[long, QUIET])

    def code(*rules: dict[str, Any], interval: str = "1s") -> str:
        deployed = [{"name": "test", "interval": interval, "rules": [*rules]}]
        return metrics(gateway, prometheus, group(), wait=5, rules=deployed).codes["rules deployed"]

    assert code({**long, "for": "1m30s"}, {**QUIET, "expr": "vector(1)   >2"}) == (
        "rules_deployed.ok"
    )
    assert code(long, {**QUIET, "expr": "vector(1) > 7"}) == "rules_deployed.differ"
    assert code(FIRES, QUIET) == "rules_deployed.differ"
    assert code(long, {**QUIET, "labels": {}}) == "rules_deployed.differ"
    assert code(long) == "rules_deployed.differ"
    assert code(long, QUIET, interval="1d") == "rules_deployed.differ"


def writing(servers: Servers, gateway: str, url: str) -> str:
    """A Prometheus that writes there, and scrapes itself."""
    prometheus = servers.prometheus(scrape_job(gateway), remote_write=url, itself=True)
    wait_until(
        lambda: (
            "remote_storage_samples_total" in requests.get(f"{prometheus}/metrics", timeout=5).text
        ),
        "a write",
    )
    return prometheus


@pytest.mark.parametrize(
    ("status", "code"), [(400, "remote_write.refused"), (503, "remote_write.retried")]
)
def test_remote_writes_that_are_refused(
    servers: Servers, gateway: str, group: Group, fine: Any, status: int, code: str
) -> None:
    fine.status = status
    url = fine.url.rstrip("/")
    prometheus = writing(servers, gateway, url)
    store = {"url": servers.victoriametrics()}
    pushed = group()
    answer = metrics(gateway, prometheus, pushed, wait=8, victoriametrics=store)
    name = f"remote write {url}/api/v1/write"
    assert answer.outcomes[name] == f"fail {code}"
    # That nothing arrives follows from it.
    lost = answer.check(f"victoriametrics {pushed['host']}")
    assert lost["follows"] == {"id": name, "code": code}
    fine.status = 204
    wait_until(
        lambda: (
            metrics(gateway, prometheus, pushed, wait=8).outcomes[name]
            in ("pass remote_write.ok", "warn remote_write.refused_before")
        ),
        "writes that are accepted",
    )


class Silent(Receiver):
    """Answers nothing before its server ends."""

    def do_POST(self) -> None:
        self.server.ended.wait(60)  # type: ignore[attr-defined]


def test_writes_that_nobody_answers(servers: Servers, gateway: str, group: Group) -> None:
    with people(handler=Silent) as server:
        prometheus = servers.prometheus(
            scrape_job(gateway), remote_write=server.url.rstrip("/"), itself=True
        )
        wait_until(
            lambda: (
                'samples_pending{remote_name="'
                in requests.get(f"{prometheus}/metrics", timeout=5).text
            ),
            "a queue",
        )
        # One of its own: another Prometheus writes the gateway's groups to the shared one.
        store, pushed = {"url": servers.victoriametrics()}, group()
        answer = metrics(gateway, prometheus, pushed, wait=6, victoriametrics=store)
        server.ended.set()
    name = f"remote write {server.url}api/v1/write"
    assert answer.outcomes[name] == "fail remote_write.stuck"
    assert answer.check(f"victoriametrics {pushed['host']}")["follows"]["id"] == name


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (
            {"metric_relabel_configs": [{"target_label": "instance", "replacement": "gw"}]},
            "prometheus.relabelled",
        ),
        ({"scrape_interval": "1h", "scrape_timeout": "10s"}, "prometheus.seldom"),
    ],
)
def test_a_scrape_job_that_keeps_pushes_away(
    servers: Servers, gateway: str, group: Group, job: dict[str, Any], code: str
) -> None:
    """One fault: what other checks say follows from it."""
    prometheus = servers.prometheus(scrape_job(gateway, **job))
    targets = f"{prometheus}/api/v1/targets"  # it has none for the first seconds
    wait_until(lambda: requests.get(targets, timeout=5).json()["data"]["activeTargets"], "a target")
    pushed = group()
    answer = metrics(gateway, prometheus, pushed, wait=5)
    place = f"prometheus {pushed['host']}"
    assert answer.outcomes[place] == f"fail {code}"
    wrong = [each["id"] for each in answer.wrong if each["status"] in ("fail", "warn")]
    assert [each for each in wrong if "follows" not in answer.check(each)] == [place]


def test_nothing_is_written(servers: Servers, gateway: str, group: Group) -> None:
    prometheus = servers.prometheus(scrape_job(gateway))
    store = {"url": servers.victoriametrics()}
    answer = metrics(gateway, prometheus, group(), wait=2, victoriametrics=store)
    assert answer.outcomes["remote write Prometheus"] == "fail remote_write.none"


def test_a_gateway_is_scraped_twice(servers: Servers, gateway: str, group: Group) -> None:
    port = gateway.rpartition(":")[2]
    other = scrape_job(f"http://localhost:{port}", "second")
    prometheus = servers.prometheus(scrape_job(gateway), other)
    wait_until(
        lambda: (
            len(
                requests.get(
                    f"{prometheus}/api/v1/query",
                    params={"query": "pushgateway_build_info"},
                    timeout=5,
                ).json()["data"]["result"]
            )
            == 2
        ),
        "both scrapes",
    )
    answer = metrics(gateway, prometheus, group(), wait=10)
    assert answer.outcomes["target pushgateway"] == "fail target.twice"
    assert answer.values("target pushgateway")["jobs"] == [f"second localhost:{port}"]


def test_a_rule_over_the_collectors(servers: Servers, gateway: str, group: Group) -> None:
    """What rules make of a collector's series is no group of it."""
    pushed = group()
    rules = [
        {"record": "job:things:sum", "expr": "sum by (job) (thing_total)"},
        {"alert": "ByJob", "expr": "sum by (job) (thing_total) > 0"},
    ]
    prometheus = servers.prometheus(scrape_job(gateway), rules=rules)
    wait_until(
        lambda: requests.get(
            f"{prometheus}/api/v1/query", params={"query": "ALERTS"}, timeout=5
        ).json()["data"]["result"],
        "an alert",
    )
    answer = metrics(gateway, prometheus, pushed, wait=10)
    assert answer.outcomes[f"labels {pushed['host']}"] == "pass labels.ok"


def test_a_scrape_beyond_its_limit(servers: Servers, gateway: str, group: Group) -> None:
    prometheus = servers.prometheus(scrape_job(gateway, sample_limit=3))
    wait_until(
        lambda: any(
            each["health"] == "down"
            for each in requests.get(f"{prometheus}/api/v1/targets", timeout=5).json()["data"][
                "activeTargets"
            ]
        ),
        "a scrape that fails",
    )
    pushed = group()
    answer = metrics(gateway, prometheus, pushed, wait=3)
    target = "target pushgateway"
    assert answer.outcomes[target] == "fail target.down.limit"
    wrong = [each["id"] for each in answer.wrong if each["status"] in ("fail", "warn")]
    assert [n for n in wrong if "follows" not in answer.check(n)] == [target]
