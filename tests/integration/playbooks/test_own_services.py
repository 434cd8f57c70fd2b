# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""observability_services: services of the user's own, beside a Prometheus of the collection."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from ..conftest import free_port, wait_until
from ..deployment import has_fault
from .hub import REMOVE, ROLLBACK, Hub
from .tools import play


def said(output: str, code: str) -> list[str]:
    """Subjects of the checks with this code; printed as YAML."""
    found = re.findall(r"code: (\S+)(?:(?!code:).)*?subject: ([^\n]+)", output, re.DOTALL)
    return [subject for each, subject in found if each == code]


@pytest.mark.long
def test_a_service_is_deployed_scraped_rolled_back_and_removed(
    hub: Hub, service_image: Any
) -> None:
    exporter = hub.exporter(service_image("pushgateway"))
    hub.deploy([exporter])
    wait_until(lambda: hub.targets() == [("node", "test", "up")], what="a target that is up")
    assert "changed=0" in hub.deploy([exporter])

    changed = hub.exporter(service_image("pushgateway"), memory="64m")
    assert "changed=1" in hub.deploy([changed])
    container = hub.docker.containers.get(f"{hub.name}-exporter")
    assert container.attrs["HostConfig"]["Memory"] == 64 << 20
    arguments = ("-e", "rollback_hosts=hub", "-e", f"rollback_container={hub.name}-exporter")
    done = hub.play([changed], *arguments, playbook=ROLLBACK)
    assert done.returncode == 0, done.stdout
    container = hub.docker.containers.get(f"{hub.name}-exporter")
    assert container.attrs["HostConfig"]["Memory"] == 0

    hub.deploy([{"state": "absent", "release": {"name": f"{hub.name}-exporter"}}])
    assert not hub.exists()
    assert hub.targets() == []


@pytest.mark.long
def test_a_service_whose_entry_was_deleted_is_told_and_removed(
    hub: Hub, service_image: Any
) -> None:
    exporter = hub.exporter(service_image("pushgateway"))
    assert "nobody wants" not in hub.deploy([exporter]).replace("that nobody wants] *", "")
    subject = f"warn  wanted hub {hub.name}-exporter"
    assert subject in hub.deploy([])
    assert hub.exists()

    for arguments, gone in ((("--check",), False), ((), True)):
        done = hub.play([], *arguments, playbook=REMOVE)
        assert done.returncode == 0, done.stdout
        assert said(done.stdout, "wanted.nobody.removed") == [f"hub {hub.name}-exporter"]
        assert hub.exists() is not gone
    assert "changed=0" in hub.play([], playbook=REMOVE).stdout
    assert subject not in hub.deploy([])
    assert hub.targets() == []


def test_nothing_is_removed_by_an_inventory_that_wants_nothing(tmp_path: Path) -> None:
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    variables = {**host, "observability_state_directory": str(tmp_path / "state")}
    done = play(tmp_path, REMOVE, {"all": {"hosts": {"hub": variables}}})
    assert done.returncode != 0
    assert has_fault(done.stdout, "inventory.empty", "-i")


@pytest.mark.long
def test_what_is_misspelt_is_told_before_anything_is_removed(hub: Hub, service_image: Any) -> None:
    hub.deploy([hub.exporter(service_image("pushgateway"))])
    for arguments, groups, expected in (
        (["-e", "remove_volums=true"], {}, ("variable.unknown", "remove_volums")),
        (["-e", "prometheus_retension=1d"], {}, ("variable.unknown", "prometheus_retension")),
        ([], {"colector": {"hosts": {"hub": {}}}}, ("group.unknown", "colector")),
    ):
        done = hub.play([], *arguments, playbook=REMOVE, **groups)
        assert done.returncode != 0
        assert has_fault(done.stdout, *expected)
    assert hub.exists()


def test_what_is_wrong_is_told_before_anything_is_touched(hub: Hub, service_image: Any) -> None:
    wrong = hub.exporter(service_image("pushgateway"), memory="lots")
    far = hub.exporter(service_image("pushgateway"), name=f"{hub.name}-far", network_mode="host")
    done = hub.play([wrong, far])
    assert done.returncode != 0
    variable = f"observability_services[{hub.name}"
    assert has_fault(done.stdout, "service.invalid", f"{variable}-exporter")
    assert has_fault(done.stdout, "target.unreachable", f"{variable}-far")
    assert not hub.docker.containers.list(
        all=True, filters={"name": f"^{hub.name}"}, ignore_removed=True
    )


@pytest.mark.long
def test_a_host_that_does_not_answer_is_left_out_and_named(hub: Hub, service_image: Any) -> None:
    away = {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_port": free_port(),
        "observability_services": [{"release": {"name": "never", "image": "example/never:1"}}],
    }
    exporter = hub.exporter(service_image("pushgateway"))
    done = hub.play([exporter], others={"away": away})
    assert done.returncode != 0
    assert hub.exists()
    failed = [line.split()[0] for line in done.stdout.splitlines() if "failed=1" in line]
    assert failed == ["away"]

    # Of a test host, which others wait for, this is an error before anything is touched.
    changed = hub.exporter(service_image("pushgateway"), memory="64m")
    done = hub.play([changed], others={"away": away}, gate={"hosts": {"away": {}}})
    assert done.returncode != 0
    assert has_fault(done.stdout, "gate.unreachable", "gate")
    container = hub.docker.containers.get(f"{hub.name}-exporter")
    assert container.attrs["HostConfig"]["Memory"] == 0
