# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that hang: each playbook names them in time, and goes on with the others."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import free_port
from .hub import DRILL, ROLLBACK, VALIDATE, Hub
from .ssh_host import SshHost, controls, ssh, ssh_hosts
from .tools import play

pytestmark = pytest.mark.long

CONNECT = "- hosts: all\n  gather_facts: false\n  tasks: [{ansible.builtin.raw: 'true'}]\n"
# A connection that is never greeted may be given up by ssh itself, before the time is over.
SILENT = {"reach.silent", "reach.refused"}
# Nothing answers there, so the checks end soon.
NOWHERE = ("pushgateway", "prometheus")


@pytest.fixture
def start(
    docker_client: docker.DockerClient, service_image: Callable[[str], str], tmp_path: Path
) -> Iterator[Callable[[], SshHost]]:
    with ssh_hosts(docker_client, service_image("base"), tmp_path) as started:
        yield started


def failed(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The hosts that a run counts as failed."""
    return sorted(re.findall(r"^(\w+) .*failed=1", run.stdout, re.MULTILINE))


def codes(run: subprocess.CompletedProcess[str]) -> set[str]:
    """Why hosts were left out."""
    return set(re.findall(r'"code": "(reach[.\w]+)"', run.stdout))


def test_hosts_that_hang(
    hub: Hub, start: Callable[[], SshHost], service_image: Any, tmp_path: Path
) -> None:
    host = start()
    environment = {**controls(tmp_path), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    frozen = host.variables(
        observability_services=[{"release": {"name": "never", "image": "example/never:1"}}]
    )
    done = play(tmp_path, CONNECT, {"all": {"hosts": {"frozen": frozen}}}, environment=environment)
    assert done.returncode == 0, done.stdout
    host.freeze()

    def run(*arguments: str, memory: str = "64m", **more: Any) -> Any:
        began = time.monotonic()
        exporter = hub.exporter(service_image("pushgateway"), memory=memory)
        done = hub.play([exporter], *arguments, environment=environment, **more)
        return done, time.monotonic() - began

    def memory() -> int:
        container = hub.docker.containers.get(f"{hub.name}-exporter")
        return int(container.attrs["HostConfig"]["Memory"]) >> 20

    tags = ("--tags", "services")
    done, usual = run(*tags, memory="32m")
    assert done.returncode == 0, done.stdout
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = {
            **ssh(listener.getsockname()[1]),
            "observability_services": frozen["observability_services"],
        }
        hanging = {"others": {"frozen": frozen, "silent": silent}}
        # The CA of a collector is on a host that hangs.
        trusting = {
            "ansible_connection": "local",
            "collector_region": "test",
            "collector_api_keys": ["a-key-of-the-hanging-test"],
            "collector_api_port": free_port(),
            "collector_metrics_port": free_port(),
            "collector_ca_path": "/etc/ca.crt",
            "collector_ca_host": "frozen",
        }
        collector = {"hosts": {"trusting": trusting}}
        done, took = run(*tags, **hanging, collector=collector)
        print(f"deploy {took:.1f} s, {usual:.1f} s without them")
        assert memory() == 64, done.stdout
        assert failed(done) == ["frozen", "silent", "trusting"]
        assert {"reach.needs.ca"} < codes(done) <= {"reach.needs.ca", *SILENT}
        last = done.stdout.partition("TASK [Name the host that was left out]")[2]
        again = f"ansible-playbook -i {tmp_path}/hosts.yml --tags services --skip-tags proof"
        assert last.count(f"{again} {tmp_path}/play.yml --limit frozen,silent,trusting") >= 3

        rolling = ("-e", "rollback_hosts=services", "-e", f"rollback_container={hub.name}-exporter")
        done, took = run(*rolling, **hanging, playbook=ROLLBACK)
        print(f"rollback {took:.1f} s")
        assert memory() == 32, done.stdout
        assert failed(done) == ["frozen", "silent"]

        urls = [("-e", f"validate_{name}_url=http://127.0.0.1:1") for name in NOWHERE]
        checked = ("--tags", "services,releases", *(each for url in urls for each in url))
        done, usual = run(*checked, playbook=VALIDATE)
        done, took = run(*checked, **hanging, playbook=VALIDATE)
        print(f"validate {took:.1f} s, {usual:.1f} s without them")
        assert codes(done) >= {"reach.silent"}, done.stdout
        # It ends; how soon depends on how busy the machine is, too (figures: docs/benchmarks.md).
        assert took < usual + 60

        stopped = {"hosts": {"frozen": frozen}}
        stopping = ("-e", "drill_stop_collector=frozen")
        done, took = run(*stopping, collector=stopped, playbook=DRILL)
        print(f"drill {took:.1f} s")
        assert done.returncode != 0
        assert codes(done) & SILENT, done.stdout
