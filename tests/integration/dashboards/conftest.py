# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prometheus and a VictoriaMetrics that hold what the dashboards ask for: pushed by the real
collector, and made up from the catalogue where the component is not built yet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client import generate_latest

from ansible_collections.vya.observability.plugins.module_utils._api.validation import (
    exposition,
)

from ...unit.rules.rendered import SERVERS, render
from ..collector.conftest import PASSWORD, Running
from ..conftest import RunService, Service, free_port, wait_until
from .families import Families

RULES = {
    "groups": [
        {"name": "test", "rules": [{"alert": "AlwaysFiring", "expr": "vector(1)"}]},
    ]
}

# What comes last: when these have data, all have.
CHECKS = [
    {
        "id": "rtt wf001",
        "name": "rtt",
        "subject": "wf001",
        "status": status,
        "code": f"rtt.{status}",
    }
    for status in ("pass", "warn", "fail", "skip")
]
LAST = [
    ("vya-victoriametrics", "ping_sample_rtt_seconds"),
    ("vya-prometheus", "prometheus_remote_storage_queue_highest_sent_timestamp_seconds"),
    ("vya-prometheus", 'ALERTS{alertstate="firing"}'),
    ("vya-prometheus", 'increase(database_query_latency_seconds_count{operation="query"}[1m]) > 1'),
    ("vya-prometheus", "push_time_seconds offset 15s"),  # a step of the subquery
    ("recording", "source_target:network_latency_rtt_seconds:p95"),
    ("recording", "job_instance_database_operation:database_query_latency_seconds:p95"),
]


@dataclass
class Stores:
    """Where the data sources of the dashboards are, by their uid; and C(recording)."""

    urls: dict[str, str]

    def ask(self, uid: str, expr: str, instant: bool) -> list[dict[str, Any]]:
        """A query as Grafana sends it: now, or over the last quarter of an hour."""
        now = time.time()
        path, parameters = "query", {"query": expr, "time": now}
        if not instant:
            path, parameters = (
                "query_range",
                {"query": expr, "start": now - 900, "end": now, "step": 5},
            )
        answer = requests.post(f"{self.urls[uid]}/api/v1/{path}", data=parameters, timeout=20)
        body = answer.json()
        assert body["status"] == "success", f"{body.get('error')}: {expr}"
        return list(body["data"]["result"])


def _address(service: Service, port: int) -> str:
    service.container.reload()
    return f"{service.container.attrs['NetworkSettings']['IPAddress']}:{port}"


@pytest.fixture(scope="module")
def gateway(run_module_service: RunService) -> Service:
    return run_module_service("pushgateway")


@pytest.fixture(scope="module")
def victoria(run_module_service: RunService) -> Service:
    return run_module_service(
        "victoriametrics",
        command=["-search.latencyOffset=0s", "-storageDataPath=/tmp/data"],
    )


def _prometheus(
    run_module_service: RunService,
    gateway: Service,
    directory: Path,
    rules: dict[str, Any],
    **more: Any,
) -> Service:
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["/etc/prometheus/test/rules.yml"],
        "scrape_configs": [
            {"job_name": "prometheus", "static_configs": [{"targets": ["localhost:9090"]}]},
            {
                "job_name": "pushgateway",
                "honor_labels": True,
                "static_configs": [{"targets": [_address(gateway, 9091)]}],
            },
        ],
        **more,
    }
    (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
    (directory / "rules.yml").write_text(yaml.safe_dump(rules))
    directory.chmod(0o755)
    return run_module_service(
        "prometheus",
        command=[
            "--config.file=/etc/prometheus/test/prometheus.yml",
            "--storage.tsdb.path=/tmp/data",
        ],
        volumes={str(directory): {"bind": "/etc/prometheus/test", "mode": "ro"}},
    )


@pytest.fixture(scope="module")
def prometheus(
    run_module_service: RunService,
    gateway: Service,
    victoria: Service,
    tmp_path_factory: pytest.TempPathFactory,
) -> Service:
    """Without the collection's rules, as an existing one may be."""
    write = [{"url": f"http://{_address(victoria, 8428)}/api/v1/write"}]
    directory = tmp_path_factory.mktemp("prometheus")
    return _prometheus(run_module_service, gateway, directory, RULES, remote_write=write)


@pytest.fixture(scope="module")
def recording(
    run_module_service: RunService, gateway: Service, tmp_path_factory: pytest.TempPathFactory
) -> Service:
    """With what the collection's rules record."""
    rules = render(tmp_path_factory.mktemp("rules"), {"whole": SERVERS["whole"]})["whole"].rules
    group = {"name": "recorded", "rules": [rule for rule in rules if "record" in rule]}
    directory = tmp_path_factory.mktemp("recording")
    return _prometheus(run_module_service, gateway, directory, {"groups": [group]})


@pytest.fixture(scope="module")
def collector(
    run_module_service: RunService,
    gateway: Service,
    victoria: Service,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """The real collector. It probes a real PostgreSQL, and a database that is not there."""
    user = {"POSTGRES_USER": "probe", "POSTGRES_DB": "app", "POSTGRES_PASSWORD": PASSWORD}
    database = run_module_service("postgresql", environment=user)
    directory = tmp_path_factory.mktemp("collector")
    (directory / "password").write_text(PASSWORD)
    probe = {
        "type": "postgresql",
        "host": "127.0.0.1",
        "database": "app",
        "user": "probe",
        "password_file": str(directory / "password"),
        "interval_seconds": 2,
        "timeout_seconds": 2,
    }
    running = Running(
        directory,
        {
            "databases": [
                {"name": "orders", "port": database.port, **probe},
                {"name": "gone", "port": free_port(), **probe},
            ],
            "pushgateway": {
                "url": gateway.url(),
                "interval_seconds": 5,
                "timeout_seconds": 5,
            },
            "victoriametrics": {
                "url": victoria.url(),
                "spool_directory": str(directory / "spool"),
                "interval_seconds": 1,
                "timeout_seconds": 1,
            },
        },
    )
    yield running
    running.close()


def _push(gateway: Service, job: str, instance: str, text: bytes) -> int:
    url = f"{gateway.url()}/metrics/job/{job}/instance/{instance}"
    return requests.put(url, data=text, timeout=5).status_code


@pytest.fixture(scope="module")
def stores(
    gateway: Service, prometheus: Service, recording: Service, victoria: Service, collector: Running
) -> Stores:
    """All stores, when all data have arrived."""
    found = Stores(
        {
            "vya-prometheus": prometheus.url(),
            "recording": recording.url(),
            "vya-victoriametrics": victoria.url(),
        }
    )
    others = {"ping": Families("ping"), "n8n_exporter": Families("n8n_exporter")}

    def scraped_at() -> float:
        """By each of them; one that has just been started has not yet."""
        answers = [
            found.ask(uid, 'timestamp(up{job="pushgateway"})', True)
            for uid in ("vya-prometheus", "recording")
        ]
        return min(float(each[0]["value"][1]) if each else 0 for each in answers)

    def grow(number: int) -> None:
        for component, families in others.items():
            families.grow()
            text = generate_latest(families.registry)
            assert _push(gateway, component, "wf001", text) == 200
        published = exposition(CHECKS, 9.5, time.time()).encode()
        assert _push(gateway, "validation", "production", published) == 200
        collector.ping(number, previous=_measured(number - 1))
        assert collector.push()["status"] == "success"
        pushed = time.time()
        wait_until(lambda: scraped_at() > pushed, 30, "the push is scraped")

    # Refused for its timestamp (incident 24), so that there is a failure to be shown.
    assert _push(gateway, "refused", "wf001", b"some_metric 1 1\n") == 400
    for number in range(1, 5):
        grow(number)
    for uid, last in LAST:
        wait_until(lambda uid=uid, last=last: found.ask(uid, last, True), 60, last)
    return found


def _measured(number: int) -> dict[str, Any]:
    identity = "5f1f1a52-5d0c-4f8e-9d7e-%012x"
    return {"ping_id": identity % number, "rtt_ms": 100 + number, "clock_offset_ms": 3.5}
