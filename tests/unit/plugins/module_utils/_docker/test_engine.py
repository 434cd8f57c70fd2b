# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a host without a daemon."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import engine
from ansible_collections.vya.observability.plugins.module_utils._docker.engine import engine_facts


def test_no_daemon_and_no_module_are_said(tmp_path: Path) -> None:
    facts = engine_facts(f"unix://{tmp_path}/no.sock", 2, 0, ["json", "no_such_module"])
    assert "no socket at" in facts["daemon"]["error"]
    assert facts["python_missing"] == ["no_such_module"]
    assert facts["disk_free_bytes"] > 0
    assert Path(facts["disk_path"]).is_dir()


def test_no_sdk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "docker", None)
    facts = engine_facts("unix:///var/run/docker.sock", 2, 5, [])
    assert "SDK" in facts["daemon"]["error"]
    assert facts["sdk_version"] == ""


@pytest.mark.parametrize(
    ("content", "active"),
    [("ENABLED=yes\n", True), ("# ENABLED=yes\nENABLED=no\n", False), (None, False)],
)
def test_ufw(tmp_path: Path, content: str | None, active: bool) -> None:
    path = tmp_path / "ufw.conf"
    if content is not None:
        path.write_text(content)
    assert engine._ufw_active(path) is active


def container(name: str, port: int, **labels: str) -> dict[str, Any]:
    """As the daemon lists it."""
    entry = {"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": port, "Type": "tcp"}
    return {"Names": [f"/{name}"], "Ports": [entry], "Labels": labels}


@pytest.mark.parametrize(
    ("name", "labels", "taken"),
    [
        ("web", {}, True),
        ("adopted", {}, False),
        ("web", {"io.vya.observability.name": "web"}, False),
    ],
)
def test_whose_port_it_is(name: str, labels: dict[str, str], taken: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:  # as Docker's own does
        port = proxy.getsockname()[1]
        listed = [container(name, port, **labels)]
        wanted = {"address": "0.0.0.0", "port": port, "variable": "web_port"}
        found = list(engine._taken(listed, [wanted], ["adopted"]))
    told = {**wanted, "reason": "is taken by container web", "absent": False}
    assert found == ([told] if taken else [])


def test_a_process_that_holds_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        wanted = {"address": "127.0.0.1", "port": stranger.getsockname()[1]}
        found = list(engine._taken([], [wanted], []))
    assert "is taken by process " in found[0]["reason"]


def test_an_address_that_the_host_does_not_have() -> None:
    wanted = {"address": "192.0.2.1", "port": 1024, "variable": "web_port"}
    (found,) = engine._taken([], [wanted], [])
    assert found["absent"]


def test_ports_of_a_docker_that_does_not_answer_are_not_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They may be those of its own containers."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        wanted = [{"address": "127.0.0.1", "port": proxy.getsockname()[1]}]
        for program, count in (("/usr/sbin/dockerd", 0), (None, 1)):
            monkeypatch.setattr(engine.shutil, "which", lambda _name, p=program: p)
            facts = engine_facts(f"unix://{tmp_path}/no.sock", 2, 0, [], wanted)
            assert len(facts["ports_taken"]) == count
