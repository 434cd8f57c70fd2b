# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers on random ports of the loopback address, a real collector, and the modules run as
Ansible runs them."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
import yaml
from cryptography import x509

from ... import processes
from ...certificates import certificate, new_key, pem
from ..collector.conftest import Running
from ..conftest import free_port

ROOT = Path(__file__).parents[3]
KEY = "integration-test-key-0123456789"
OTHER_KEY = "integration-test-key-9876543210"


# What a group has, unless a test says otherwise.
TEXT = """\
# TYPE thing_total counter
thing_total 1
# TYPE thing_seconds histogram
thing_seconds_bucket{le="1"} 1
thing_seconds_bucket{le="+Inf"} 2
thing_seconds_sum 1
thing_seconds_count 2
# TYPE thing_up gauge
thing_up 1
"""


def image(name: str) -> str:
    return os.environ.get(f"TEST_IMAGE_{name.upper()}", f"vya-observability/{name}:packages")


def wait_until(answers: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds} s")


@dataclass
class Answer:
    """What a module answered."""

    result: dict[str, Any]
    output: str

    def check(self, check_id: str) -> dict[str, Any]:
        found = [check for check in self.result["checks"] if check["id"] == check_id]
        assert len(found) == 1, (check_id, self.result["checks"])
        return found[0]

    @property
    def statuses(self) -> dict[str, str]:
        return {check["id"]: check["status"] for check in self.result["checks"]}

    @property
    def codes(self) -> dict[str, str]:
        return {check["id"]: check["code"] for check in self.result["checks"]}

    @property
    def outcomes(self) -> dict[str, str]:
        """Status and code: ``fail ping.key_refused``."""
        return {c["id"]: f"{c['status']} {c['code']}" for c in self.result["checks"]}

    def values(self, check_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.check(check_id)["values"]
        return found

    @property
    def passed(self) -> list[str]:
        return [name for name, status in self.statuses.items() if status == "pass"]

    @property
    def others(self) -> dict[str, str]:
        """Status and code of those that did not pass."""
        return {name: said for name, said in self.outcomes.items() if not said.startswith("pass ")}

    @property
    def wrong(self) -> list[dict[str, Any]]:
        return [check for check in self.result["checks"] if check["status"] != "pass"]


def reported(directory: Path) -> Answer:
    """The checks of the report that a validation wrote."""
    return Answer(json.loads((directory / "reports/validation.json").read_text()), "")


def run_module(
    name: str, *, environment: Mapping[str, str] | None = None, check: bool = False, **options: Any
) -> Answer:
    """Run a module in a process of its own; O(fail_on) is never unless given."""
    if name != "check_report":
        options.setdefault("fail_on", "never")
    result, output = processes.run_module(name, options, check=check, **environment or {})
    assert not result.get("changed")
    return Answer(result, output)


def check_metrics(
    gateway: str, prometheus: str, *collectors: Mapping[str, Any], wait: float = 30, **options: Any
) -> Answer:
    """Run metrics_check."""
    servers: dict[str, Any] = {"pushgateway": {"url": gateway}, "prometheus": {"url": prometheus}}
    return run_module("metrics_check", collectors=list(collectors), wait=wait, **servers, **options)


@contextmanager
def stopped_module(name: str, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A module that runs, and is told to stop at the end; its result is there then."""
    result: dict[str, Any] = {}
    process = processes.start_module(name, options)
    yield result
    process.terminate()
    output, _errors = process.communicate(timeout=60)
    result.update(json.loads(output))


@dataclass
class Servers:
    """Starts containers on the host's own network, each on ports of its own."""

    directory: Path
    client: docker.DockerClient = field(default_factory=docker.from_env)
    started: list[Any] = field(default_factory=list)

    def start(self, name: str, command: list[str], ready: str, files: Mapping[str, str]) -> str:
        """Start one; returns its URL once C(ready) answers 200."""
        volumes = []
        for number, (path, text) in enumerate(files.items()):
            file = self.directory / f"{len(self.started)}-{number}"
            file.write_text(text)
            file.chmod(0o644)
            volumes.append(f"{file}:{path}:ro")
        container = self.client.containers.run(
            image(name),
            command,
            detach=True,
            network_mode="host",
            volumes=volumes,
            labels={"vya.observability.test": "checks"},
        )
        self.started.append(container)
        try:
            wait_until(lambda: requests.get(ready, timeout=2).status_code == 200, ready)
        except AssertionError as error:
            raise AssertionError(f"{error}: {container.logs().decode()}") from None
        return ready.rsplit("/", 2 if "/-/" in ready else 1)[0]

    def remove(self, first: int) -> None:
        """Remove those from number C(first) on."""
        for container in self.started[first:]:
            container.remove(force=True, v=True)
        del self.started[first:]

    def pushgateway(self) -> str:
        address = f"127.0.0.1:{free_port()}"
        arguments = [f"--web.listen-address={address}"]
        return self.start("pushgateway", arguments, f"http://{address}/-/ready", {})

    def victoriametrics(self) -> str:
        address = f"127.0.0.1:{free_port()}"
        once = "-dedup.minScrapeInterval=1ms"
        arguments = [f"-httpListenAddr={address}", "-storageDataPath=/tmp/data", once]
        return self.start("victoriametrics", arguments, f"http://{address}/health", {})

    def alertmanager(self, config: str = "route: {receiver: x}\nreceivers: [{name: x}]\n") -> str:
        address = f"127.0.0.1:{free_port()}"
        arguments = [
            "--config.file=/etc/alertmanager/test.yml",
            f"--web.listen-address={address}",
            "--cluster.listen-address=",
            "--storage.path=/tmp",
        ]
        files = {"/etc/alertmanager/test.yml": config}
        return self.start("alertmanager", arguments, f"http://{address}/-/ready", files)

    def prometheus(
        self,
        *jobs: Mapping[str, Any],
        remote_write: str = "",
        not_written: str = "",
        itself: bool = False,
        **more: Any,
    ) -> str:
        """A Prometheus with these jobs. C(more): rules, alertmanagers, write, flags."""
        address = f"127.0.0.1:{free_port()}"
        every = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        own = [scrape_job(address, "prometheus")] if itself else []
        config: dict[str, Any] = {"global": every, "scrape_configs": [*map(dict, jobs), *own]}
        if remote_write:
            queue = {"batch_send_deadline": "1s"}
            write: dict[str, Any] = {"url": f"{remote_write}/api/v1/write", "queue_config": queue}
            if not_written:
                drop = {"source_labels": ["__name__"], "regex": not_written, "action": "drop"}
                write["write_relabel_configs"] = [drop]
            write.update(more.get("write", {}))
            config["remote_write"] = [write]
        groups = {"groups": [{"name": "test", "rules": more.get("rules", [])}]}
        config["rule_files"] = ["/etc/prometheus/rules.yml"]
        config["alerting"] = {"alertmanagers": more.get("alertmanagers", [])}
        arguments = [
            "--config.file=/etc/prometheus/test.yml",
            "--storage.tsdb.path=/tmp/data",
            f"--web.listen-address={address}",
            *more.get("flags", []),
        ]
        files = {
            "/etc/prometheus/test.yml": yaml.safe_dump(config),
            "/etc/prometheus/rules.yml": yaml.safe_dump(groups),
        }
        return self.start("prometheus", arguments, f"http://{address}/-/ready", files)


def scrape_job(url: str, name: str = "pushgateway", **options: Any) -> dict[str, Any]:
    targets = [{"targets": [url.removeprefix("http://")]}]
    return {"job_name": name, "honor_labels": True, "static_configs": targets, **options}


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    started = Servers(tmp_path_factory.mktemp("servers"))
    yield started
    started.remove(0)


@pytest.fixture(autouse=True)
def own_servers(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test starts for itself ends with it: idle servers cost the others' time."""
    if "servers" not in request.fixturenames:
        yield
        return
    servers: Servers = request.getfixturevalue("servers")
    before = len(servers.started)
    yield
    servers.remove(before)


@pytest.fixture(scope="package")
def gateway(servers: Servers) -> str:
    return servers.pushgateway()


@pytest.fixture(scope="package")
def storage(servers: Servers) -> str:
    return servers.victoriametrics()


@pytest.fixture(scope="package")
def prometheus(servers: Servers, gateway: str, storage: str) -> str:
    return servers.prometheus(scrape_job(gateway), remote_write=storage)


@dataclass
class Collector:
    url: str
    metrics: str
    host: str
    job: str


@pytest.fixture(scope="package")
def collector(
    gateway: str, storage: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collector]:
    """The real collector, from its source, pushing every 60 s, and its samples every 2 s."""
    directory = tmp_path_factory.mktemp("collector")
    (directory / "keys").write_text(f"{KEY}\n{OTHER_KEY}\n")
    running = Running(
        directory,
        {
            "location": "usa",
            "api": {"keys_file": str(directory / "keys")},
            "pushgateway": {"url": gateway},
            "victoriametrics": {
                "url": storage,
                "interval_seconds": 2,
                "timeout_seconds": 2,
                "spool_directory": str(directory / "spool"),
            },
        },
    )
    here = "http://127.0.0.1"
    yield Collector(
        f"{here}:{running.api}", f"{here}:{running.metrics}", "wf001", "collector_api_wf001_usa"
    )
    running.close()


def clock_of(check: dict[str, Any]) -> tuple[float, float]:
    """The offset that a check of a clock has seen, and how wrong it may be: half a round trip."""
    values = check["values"]
    return values["offset"], values["uncertainty"] + 0.001


def push(url: str, job: str, instance: str, text: str) -> int:
    """Replace a group; returns the gateway's status."""
    address = f"{url}/metrics/job/{job}/instance/{instance}"
    return requests.put(address, data=text.encode(), timeout=5).status_code


@pytest.fixture
def group(gateway: str) -> Iterator[Callable[..., dict[str, Any]]]:
    """Push a group to the shared gateway; it is removed after the test."""
    pushed = []

    def make(job: str = "", instance: str = "", text: str = TEXT) -> dict[str, Any]:
        instance = instance or f"h{uuid.uuid4().hex[:8]}"
        job = job or f"job_{instance}"
        assert push(gateway, job, instance, text) == 200
        pushed.append(f"{gateway}/metrics/job/{job}/instance/{instance}")
        return {"host": instance, "job": job}

    yield make
    for url in pushed:
        requests.delete(url, timeout=5)


# --- certificates


@dataclass
class Authority:
    """A certificate authority of this test run."""

    directory: Path
    name: str

    def __post_init__(self) -> None:
        self.key = new_key()
        self.certificate = certificate(self.key, self.name, days=365, authority=True)
        self.path = self.directory / f"{self.name}.crt"
        self.path.write_text(pem(self.certificate))

    def issue(self, name: str, days: float) -> tuple[str, str]:
        """Certificate and key for C(name), as PEM."""
        key, issuer = new_key(), (self.certificate, self.key)
        return pem(certificate(key, name, [x509.DNSName(name)], days=days, issuer=issuer)), pem(key)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"), "Test CA")


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("other-ca"), "Another CA")


# Names for which the proxy speaks protocols that are too old: too, or alone.
OLD_PROTOCOLS = {
    "lenient": {"minVersion": "VersionTLS11"},
    "old": {"minVersion": "VersionTLS10", "maxVersion": "VersionTLS11"},
}


@dataclass
class Proxy:
    port: int
    api: str

    def url(self, name: str, path: str = "") -> str:
        return f"https://{name}.localhost:{self.port}{path}"


@pytest.fixture(scope="package")
def proxy(servers: Servers, authority: Authority, gateway: str, prometheus: str) -> Proxy:
    """Traefik: prefix /pushgateway stripped, Prometheus at the root; a certificate per name."""
    port, api = free_port(), free_port()
    files: dict[str, str] = {}
    certificates = []
    names = (("good", 90), ("soon", 3), ("expired", -2), *((name, 90) for name in OLD_PROTOCOLS))
    for name, days in names:
        pair = authority.issue(f"{name}.localhost", days)
        paths = [f"/etc/traefik/{name}.{kind}" for kind in ("crt", "key")]
        files |= dict(zip(paths, pair, strict=True))
        certificates.append({"certFile": paths[0], "keyFile": paths[1]})
    strip = {"stripPrefix": {"prefixes": ["/pushgateway"]}}
    hosts = " || ".join(f"Host(`{n}.localhost`)" for n in ("good", "soon", "expired", "nobody"))
    dynamic = {
        "http": {
            "routers": {
                "gateway": {
                    "rule": f"({hosts}) && PathPrefix(`/pushgateway`)",
                    "service": "gateway",
                    "middlewares": ["strip"],
                },
                "prometheus": {"rule": hosts, "service": "prometheus"},
                "dead": {"rule": f"({hosts}) && PathPrefix(`/dead`)", "service": "dead"},
                **{
                    name: {
                        "rule": f"Host(`{name}.localhost`)",
                        "service": "prometheus",
                        "tls": {"options": name},
                    }
                    for name in OLD_PROTOCOLS
                },
            },
            "middlewares": {"strip": strip},
            "services": {
                name: {"loadBalancer": {"servers": [{"url": url}]}}
                for name, url in (
                    ("gateway", gateway),
                    ("prometheus", prometheus),
                    ("dead", f"http://127.0.0.1:{free_port()}"),
                )
            },
        },
        "tls": {
            "certificates": certificates,
            "stores": {"default": {"defaultCertificate": certificates[0]}},
            "options": OLD_PROTOCOLS,
        },
    }
    files["/etc/traefik/dynamic.yml"] = yaml.safe_dump(dynamic)
    arguments = [
        f"--entryPoints.websecure.address=127.0.0.1:{port}",
        "--entryPoints.websecure.http.tls=true",
        f"--entryPoints.traefik.address=127.0.0.1:{api}",
        "--api.insecure=true",
        "--ping=true",
        "--providers.file.filename=/etc/traefik/dynamic.yml",
    ]
    servers.start("traefik", arguments, f"http://127.0.0.1:{api}/ping", files)
    return Proxy(port, f"http://127.0.0.1:{api}")
