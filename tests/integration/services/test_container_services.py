# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several services of a host in one call of container_services, with a real Alertmanager."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ..config.conftest import Result, module  # noqa: F401  (a fixture)
from ..conftest import free_port

BASE = "vya-observability/base:packages"
SECRET = "routing-key-of-the-test"
ROUTES = {"route": {"receiver": "one"}, "receivers": [{"name": "one"}, {"name": "two"}]}


class Host:
    """The services of one host: two plain containers, and an Alertmanager between them."""

    def __init__(
        self,
        client: docker.DockerClient,
        run: Callable[..., Result],
        directory: Path,
        alertmanager: str,
    ) -> None:
        self.docker = client
        self._run = run
        self._name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self._port = free_port()
        self._alertmanager = alertmanager
        self.config = directory / "config" / "alertmanager"
        self.state = directory / "state"
        self.names = {each: f"{self._name}-{each}" for each in ("first", "alertmanager", "last")}

    def plain(self, name: str, **options: Any) -> dict[str, Any]:
        return {
            "release": {
                "name": self.names[name],
                "image": BASE,
                "command": ["sleep", "600"],
                "healthcheck": {"test": ["CMD", "true"], "interval": 1},
                "settle": 0,
                "stop_timeout": 1,
                **options,
            }
        }

    def server(self, receiver: str = "one", **options: Any) -> dict[str, Any]:
        """Alertmanager, which starts with a configuration and a secret."""
        text = {**ROUTES, "route": {"receiver": receiver}}
        ready = f"http://127.0.0.1:{9093}/-/ready"
        return {
            "config": {
                "kind": "alertmanager",
                "path": str(self.config),
                "url": f"http://127.0.0.1:{self._port}",
                "group": 65534,
                "files": {"alertmanager.yml": text},
                "secrets": [{"path": "secrets/key", "content": SECRET}],
            },
            "release": {
                "name": self.names["alertmanager"],
                "image": self._alertmanager,
                "user": "65534:65533",
                "groups": ["65534"],
                "command": [
                    "--config.file=/etc/alertmanager/alertmanager.yml",
                    "--storage.path=/tmp/alertmanager",
                    "--cluster.listen-address=",
                ],
                "tmpfs": ["/tmp"],
                "ports": [f"127.0.0.1:{self._port}:9093"],
                "volumes": [
                    {"source": str(self.config), "target": "/etc/alertmanager", "read_only": True}
                ],
                "healthcheck": {"test": ["CMD", "wget", "-q", "-O", "/dev/null", ready]},
                "settle": 0,
                "stop_timeout": 1,
                **options,
            },
        }

    def apply(self, *services: dict[str, Any], **options: Any) -> Result:
        wanted = services or (self.plain("first"), self.server(), self.plain("last"))
        return self._run(
            "container_services",
            services=list(wanted),
            state_directory=str(self.state),
            **options,
        )

    def done(self, *services: dict[str, Any], **options: Any) -> Result:
        result = self.apply(*services, **options)
        assert not result.failed, result["msg"]
        assert SECRET not in result.output
        return result

    def running(self) -> dict[str, str]:
        """The ids of the containers that serve, by the name of their service."""
        found = {one.name: one.id for one in self.docker.containers.list(ignore_removed=True)}
        return {each: found[name] for each, name in self.names.items() if name in found}

    def remove(self) -> None:
        for one in self.docker.containers.list(
            all=True, filters={"name": self._name}, ignore_removed=True
        ):
            one.remove(force=True, v=True)


@pytest.fixture
def host(
    docker_client: docker.DockerClient,
    module: Callable[..., Result],  # noqa: F811
    tmp_path: Path,
    service_image: Callable[[str], str],
) -> Iterator[Host]:
    found = Host(docker_client, module, tmp_path, service_image("alertmanager"))
    yield found
    found.remove()


def changed(result: Result) -> list[str]:
    return [name.rsplit("-", 1)[1] for name, one in result["services"].items() if one["changed"]]


def test_what_changed_is_converged_and_the_rest_is_left_alone(host: Host) -> None:
    planned = host.done(state="planned")
    assert not planned["changed"]
    assert planned["pending"] == list(host.names.values())
    assert not host.running()
    assert not host.config.exists()

    foreseen = host.done(check=True, private_directories=[str(host.config.parent)])
    assert changed(foreseen) == list(host.names)
    assert not host.config.parent.exists()

    first = host.done(private_directories=[str(host.config.parent)])
    assert changed(first) == list(host.names)
    assert first["services"][host.names["alertmanager"]]["config"]["proven"]
    assert host.config.parent.stat().st_mode & 0o777 == 0o700
    before = host.running()
    host.config.parent.chmod(0o755)
    opened = host.done(state="planned", private_directories=[str(host.config.parent)])
    assert opened["pending"] == [host.names["alertmanager"]]
    host.done(private_directories=[str(host.config.parent)])
    assert host.config.parent.stat().st_mode & 0o777 == 0o700

    again = host.done(private_directories=[str(host.config.parent)])
    assert not again["changed"]
    assert not host.done(state="planned")["pending"]
    assert host.running() == before

    # The server reads a new configuration without a new container.
    services = (host.plain("first"), host.server("two"), host.plain("last", hostname="other"))
    plan = host.done(*services, state="planned")
    assert plan["pending"] == [host.names["alertmanager"], host.names["last"]]
    result = host.done(*services)
    assert changed(result) == ["alertmanager", "last"]
    after = host.running()
    assert [name for name in after if after[name] != before[name]] == ["last"]
    config = result["services"][host.names["alertmanager"]]["config"]
    assert (config["written"], config["proven"]) == (["alertmanager.yml"], True)


def test_a_service_that_fails_is_put_back_and_stops_the_rest(host: Host) -> None:
    host.done()
    before = host.running()
    written = (host.config / "alertmanager.yml").read_text()
    wrong = host.server("two", command=["--no-such-flag"])
    result = host.apply(
        host.plain("first", hostname="new"), wrong, host.plain("last", hostname="new")
    )
    assert result.failed
    assert result["values"]["service"] == host.names["alertmanager"]
    assert changed(result) == ["first"]
    assert result["changed"]
    after = host.running()
    assert [name for name in after if after[name] != before[name]] == ["first"]
    assert (host.config / "alertmanager.yml").read_text() == written
    assert SECRET not in result.output


def test_a_new_container_that_does_not_load_the_configuration_is_put_back(host: Host) -> None:
    host.done()
    before = host.running()
    files = {path.name: path.read_text() for path in host.config.glob("*.yml")}
    # It is healthy, but reads another file than the one that is to be proven.
    wrong = host.server("two")
    wrong["config"]["files"]["other.yml"] = ROUTES
    wrong["release"]["command"][0] = "--config.file=/etc/alertmanager/other.yml"
    result = host.apply(host.plain("first"), wrong, host.plain("last"))
    assert result.failed
    assert result["values"]["service"] == host.names["alertmanager"]
    assert host.running() == before
    assert {path.name: path.read_text() for path in host.config.glob("*.yml")} == files
    assert host.done(state="planned")["pending"] == []


def test_all_that_prevents_the_services_is_told_before_anything_is_touched(host: Host) -> None:
    wrong = host.plain("first", memory="lots", ports=["nowhere"])
    unknown = {**host.server(), "config": {"kind": "nginx", "path": "/etc/nginx"}}
    own_state = host.plain("last", state="absent")
    host.apply(wrong, unknown, own_state).fails(
        "services.options", services=sorted(host.names.values())
    )
    host.apply(host.plain("first"), host.plain("first")).fails(
        "services.options", services=[host.names["first"]]
    )
    refused = host.apply(
        host.plain("first", image="vya-test/no-such-image:1", pull="never"),
        host.server("nobody"),
        host.plain("last"),
        state="planned",
    )
    refused.fails("services.refused", services=[host.names["first"], host.names["alertmanager"]])
    assert not host.running()


def test_a_gated_service_is_pending_until_its_release_is_validated(host: Host) -> None:
    gated = {**host.plain("first"), "gated": True}
    result = host.done(gated)
    (name,) = result["services"]
    assert not result["services"][name]["validated"]
    assert host.done(gated, state="planned")["pending"] == [name]
    (host.state / f"{name}.proven").write_text(result["services"][name]["release"]["id"] + "\n")
    assert host.done(gated, state="planned")["pending"] == []


def test_what_changes_is_rehearsed(host: Host) -> None:
    host.done(host.plain("first"))
    before = host.running()
    good = host.plain("first", command=["sleep", "601"])
    result = host.done(good, state="rehearsed")
    assert result["services"][host.names["first"]]["rehearsal_seconds"] is None or not changed(
        result
    )
    bad = host.plain("first", command=["false"])
    assert host.apply(bad, state="rehearsed").failed
    assert host.running() == before
