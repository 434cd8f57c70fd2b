# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused before anything is touched, with all its causes named."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import REPOSITORY, Release
from .tools import Client

NO_REHEARSAL = {"rehearsal": {"until": "none"}}


def problems(failed: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Code and values of each problem that was found before anything was touched."""
    return [(each["code"], each["values"]) for each in failed["values"]["problems"]]


def test_port_taken_by_a_container(served: Release, images: Callable[..., str]) -> None:
    holder = served.client.containers.run(
        images("ok", "1"), name=f"{served.name}-holder", detach=True, ports={"8000/tcp": None}
    )
    holder.reload()
    port = holder.ports["8000/tcp"][0]["HostPort"]
    with Client(served.port) as client:
        taken = {"ports": [f"127.0.0.1:{port}:8000"]}
        for check in (True, False):
            ((code, values),) = problems(served.fails("release.refused", check, **taken))
            assert code == "release.port_taken"
            assert holder.name in values["reason"]
    assert client.failed == []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::"])
def test_port_taken_by_a_process(served: Release, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as holder, Client(served.port) as client:
        holder.bind((address, 0))
        holder.listen()
        port = holder.getsockname()[1]
        failed = served.fails("release.refused", ports=[f"127.0.0.1:{port}:8000"])
        ((code, values),) = problems(failed)
        assert code == "release.port_taken"
        assert str(os.getpid()) in values["reason"]
    assert client.failed == []
    # Its own port on another address is free, once the old container has gone.
    assert served.ok(ports=[f"0.0.0.0:{served.port}:8000"])["changed"]
    assert served.ok(ports=[f"127.0.0.1:{served.port}:8000"])["changed"]


def test_every_problem_at_once(served: Release, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        failed = served.fails(
            "release.refused",
            ports=[f"127.0.0.1:{port}:8000", "192.0.2.1:81:8001"],
            volumes=[{"source": str(tmp_path / "missing"), "target": "/missing"}],
            devices=["/dev/missing"],
        )
    assert [(code, values.get("port")) for code, values in problems(failed)] == [
        ("release.port_taken", f"127.0.0.1:{port}:8000/tcp"),
        ("release.port_taken", "192.0.2.1:81:8001/tcp"),
        ("release.path_missing", None),
        ("release.path_missing", None),
    ]
    assert served.version() == "1"


def test_missing_secret(served: Release) -> None:
    with Client(served.port) as client:
        failed = served.fails(
            "release.options",
            secrets=[{"path": "/run/secrets/key", "content": ""}],
            memory="12x",
            ports=["99999:1"],
        )
    assert sorted(failed["values"]["options"]) == ["memory", "ports[0]", "secrets[0]"]
    assert client.failed == []


def test_no_healthcheck(release: Release, client: Any, images: Callable[..., str]) -> None:
    base = images("ok", "1")
    client.api.tag(base, REPOSITORY, "bare")
    container = client.api.create_container(base, healthcheck={"test": ["NONE"]})
    client.api.commit(container, REPOSITORY, "bare")
    client.api.remove_container(container)
    ((code, _values),) = problems(release.fails("release.refused", image=f"{REPOSITORY}:bare"))
    assert code == "release.no_healthcheck"


def test_nothing_to_run(served: Release, client: Any, images: Callable[..., str]) -> None:
    container = client.api.create_container(images("ok", "1"))
    changes = ['ENTRYPOINT ["python3", "/srv/app.py"]', "CMD []"]
    client.api.commit(container, REPOSITORY, "entrypoint", changes=changes)
    client.api.remove_container(container)
    image = f"{REPOSITORY}:entrypoint"
    ((code, _values),) = problems(served.fails("release.refused", image=image, entrypoint=""))
    assert code == "release.no_command"
    options = {"image": image, "command": ["python3", "/srv/app.py"]}
    assert served.ok(**options, entrypoint="")["changed"]
    assert served.ok(**options, entrypoint=[])["changed"] is False
    for entrypoint in (None, ""):
        changed = served.ok(**options, entrypoint=entrypoint)
        assert changed["actions"] == [f"replace container {served.name} (option entrypoint)"]


@pytest.mark.parametrize(
    ("code", "image", "pull"),
    [
        ("release.image_missing", "sha256:" + "0" * 64, "missing"),
        ("release.image_missing", "no-such-image:1", "never"),
        ("docker.registry_unreachable", "no-such-registry.example.com/nothing:1", "missing"),
    ],
)
def test_no_such_image(served: Release, code: str, image: str, pull: str) -> None:
    for check in (True, False):
        served.fails(code, check, image=image, pull=pull)
    assert served.version() == "1"


def test_no_daemon(release: Release, tmp_path: Path) -> None:
    release.fails("docker.no_socket", docker_host=f"unix://{tmp_path}/none.sock")


def test_foreign_container_is_refused_or_adopted(
    release: Release, images: Callable[..., str]
) -> None:
    release.client.containers.run(
        images("ok", "foreign"),
        name=release.name,
        detach=True,
        ports={"8000/tcp": ("127.0.0.1", release.port)},
        restart_policy={"Name": "always"},
    )
    ((code, _values),) = problems(release.fails("release.refused"))
    assert code == "release.foreign_container"
    release.fails("release.foreign_container", state="absent")
    release.ok(adopt=True)
    assert release.version() == "1"
    assert release.attrs(".previous")["HostConfig"]["RestartPolicy"]["Name"] == "no"
    release.ok(**release.only(state="rolled_back"))
    assert release.version() == "foreign"
    assert release.attrs()["HostConfig"]["RestartPolicy"]["Name"] == "always"
