# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon: why it does not answer, and what its errors mean."""

from __future__ import annotations

import socket
from pathlib import Path

import docker
import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._docker.client import (
    docker_failure,
    unreachable,
)


def why_unreachable(path: Path) -> str:
    url = f"unix://{path}"
    with pytest.raises(docker.errors.DockerException) as error:
        docker.DockerClient(base_url=url, version="auto", timeout=2)
    return unreachable(error.value, url).code


def test_no_daemon(tmp_path: Path) -> None:
    assert why_unreachable(tmp_path / "docker.sock") == "docker.no_socket"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "docker.sock"))
    assert why_unreachable(tmp_path / "docker.sock") == "docker.not_running"
    wrapped = requests.ConnectionError("aborted", PermissionError(13, "Permission denied"))
    assert unreachable(wrapped, "unix:///x.sock").code == "docker.no_permission"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("write /var/lib/x: no space left on device", "docker.disk_full"),
        (
            "driver failed: Bind for 0.0.0.0:80 failed: port is already allocated",
            "docker.port_taken",
        ),
        ("pull access denied for x", "docker.registry_refused"),
        ("manifest for x:1 not found: manifest unknown", "docker.no_such_tag"),
        ('failed to resolve reference "r:5000/x:1": r:5000/x:1: not found', "docker.no_such_tag"),
        ("dial tcp: lookup x: no such host", "docker.registry_unreachable"),
        ("toomanyrequests: slow down", "docker.registry_limit"),
        ("something else", "docker.refused"),
    ],
)
def test_what_the_daemon_says_has_a_code(said: str, code: str) -> None:
    failure = docker_failure("it did not work", RuntimeError(said), image="x")
    assert (failure.code, failure.values) == (code, {"image": "x"})
    assert str(failure).startswith(f"it did not work: {said}")
