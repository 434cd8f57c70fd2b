# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How release_check judges what it has seen; the seeing is in the integration tests."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker.labels import LABEL_PREFIX
from ansible_collections.vya.observability.plugins.module_utils._release.options import (
    argument_spec,
)
from ansible_collections.vya.observability.plugins.module_utils._release.parse import parse
from ansible_collections.vya.observability.plugins.module_utils._release.slots import Slots
from ansible_collections.vya.observability.plugins.module_utils._release.store import Store
from ansible_collections.vya.observability.plugins.module_utils._release_check import configuration
from ansible_collections.vya.observability.plugins.module_utils._release_check.checks import (
    Look,
    configuration_check,
    image_check,
    missing_check,
    restarts_check,
    running_check,
    source_check,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check.ports import (
    held,
    listening,
    ports_check,
    public_check,
    read_allowed,
)

OLD, NEW = (f"sha256:{letter * 64}" for letter in "ab")
TAG = "example/app:1.0"
SOURCE = f"{LABEL_PREFIX}source-digest"


def image(digest: str, source: str = "", **more: Any) -> dict[str, Any]:
    return {
        "Id": digest,
        "Created": "2026-11-24T20:37:25.076618481Z",
        "Config": {"Labels": {SOURCE: source} if source else {}},
        "RepoTags": [TAG],
        "RepoDigests": [],
        **more,
    }


def container(runs: str = OLD, created: str = "2026-11-24T20:39:02Z", **more: Any) -> Any:
    """As Docker's inspect has it; `more`: labels of the deploy, state."""
    labels = {"image-id": OLD, "image-reference": TAG, "release": "r1", **more.pop("labels", {})}
    state = {
        "Status": "running",
        "Running": True,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "ExitCode": 0,
        "Pid": 0,
        "StartedAt": "2026-11-24T20:39:03.1Z",
        "Health": {"Status": "healthy"},
        **more.pop("state", {}),
    }
    return {
        "Id": "c1",
        "Name": "/app",
        "Image": runs,
        "Created": created,
        "RestartCount": more.pop("restarts", 0),
        "State": state,
        "Config": {
            "Image": runs,
            "Labels": {f"{LABEL_PREFIX}{k}": v for k, v in labels.items() if v},
        },
        "HostConfig": {"PortBindings": {}, "Memory": 64 << 20},
        "NetworkSettings": {"Ports": {}},
        **more,
    }


def look(current: Any = None, named: Any = None, previous: Any = None, **more: Any) -> Look:
    current = current or container()
    given = {"image": image(OLD), "named": named or {TAG: image(OLD)}, **more}
    return Look("h", "app", Slots(current=current, previous=previous), current, **given)


def test_image_as_deployed() -> None:
    found = image_check(look())
    assert (found.id, found.status) == ("image h app", "pass")
    assert TAG in found.seen
    assert found.seen.endswith("2026-11-24T20:37:25Z")


@pytest.mark.parametrize(
    ("seen", "wanted", "status", "said"),
    [
        (look(container(NEW)), None, "fail", "recreated by hand"),
        (look(named={TAG: image(NEW)}), None, "fail", "the tag has moved"),
        (look(named={TAG: None}), None, "warn", "the name was removed"),
        # Deployed by id, as what is built here is; the tag is what was asked for.
        (
            look(container(labels={"image-reference": OLD}), {OLD: image(OLD), TAG: image(NEW)}),
            TAG,
            "fail",
            "the tag has moved",
        ),
        (
            look(named={TAG: image(OLD), "other/app:2": image(NEW)}),
            "other/app:2",
            "fail",
            f"it was deployed from {TAG}",
        ),
        (look(named={TAG: image(OLD), "other:2": None}), "other:2", "fail", "never built"),
        (look(named={TAG: image(OLD), "other:2": image(OLD)}), "other:2", "pass", ""),
        (
            look(
                container(labels={"image-digest": "sha256:one"}),
                image=image(OLD, RepoDigests=["example/app@sha256:two"]),
            ),
            None,
            "fail",
            "another digest",
        ),
        (
            look(
                container(labels={"image-digest": "sha256:one"}),
                image=image(OLD, RepoDigests=["example/app@sha256:one"]),
            ),
            None,
            "pass",
            "",
        ),
        # Another build took its name.
        (
            look(
                container(labels={"image-reference": OLD}),
                {OLD: image(OLD)},
                image=image(OLD, RepoTags=[]),
            ),
            None,
            "fail",
            "another image was built under its name",
        ),
        (
            look(container(labels={"image-reference": "app"}), {"app": image(OLD)}),
            None,
            "warn",
            "latest names whatever was pulled last",
        ),
        (
            look(
                container(labels={"image-reference": OLD}),
                {OLD: image(OLD)},
                image=image(OLD, RepoTags=["app:latest"]),
            ),
            None,
            "warn",
            "latest",
        ),
        (
            look(container(labels={"image-reference": f"app@{NEW}"}), {f"app@{NEW}": image(OLD)}),
            None,
            "pass",
            "",
        ),
    ],
)
def test_image(seen: Look, wanted: str | None, status: str, said: str) -> None:
    found = image_check(seen, wanted)
    assert (found.status, said in found.cause) == (status, True), found


def test_a_rollback_is_named_and_no_failure() -> None:
    """Today's tag and source are those of the release that was rolled back."""
    newer = container(NEW, "2026-11-25T08:00:00Z", labels={"source-digest": "today"})
    found = image_check(look(named={TAG: image(NEW)}, previous=newer))
    assert (found.status, found.cause) == ("warn", "the release was rolled back")
    seen = look(previous=newer, image=image(OLD, source="yesterday"))
    found = source_check(seen, "today")
    assert (found.status, found.cause) == ("warn", "the release was rolled back")
    older = container(NEW, "2026-11-01T08:00:00Z")
    assert image_check(look(named={TAG: image(NEW)}, previous=older)).status == "fail"


@pytest.mark.parametrize(
    ("built", "now", "status", "said"),
    [
        ("today", OLD, "pass", ""),
        ("", OLD, "fail", "not built by image_build"),
        ("yesterday", OLD, "fail", "not rebuilt since the code changed"),
        ("yesterday", NEW, "fail", "rebuilt since the code changed, and not deployed"),
    ],
)
def test_source(built: str, now: str, status: str, said: str) -> None:
    named = {TAG: image(now, source="today")}
    found = source_check(look(image=image(OLD, source=built), named=named), "today")
    assert (found.status, said in found.cause) == (status, True), found


def test_running() -> None:
    assert running_check(look(), "", "").status == "pass"
    stopped = container(state={"Running": False, "Status": "exited"})
    found = running_check(look(stopped), "it exited with code 0", "")
    assert (found.status, found.cause) == ("fail", "somebody stopped it")
    found = running_check(look(), "it has no healthcheck, and that never counts as healthy", "")
    assert found.status == "fail"
    # The release before runs too: a swap was killed before it was stopped for good.
    found = running_check(look(previous=container(NEW)), "", "")
    assert found.status == "warn"
    assert found.seen.endswith("left by an interrupted swap: app.previous (running)")


@pytest.mark.parametrize(
    ("slots", "recorded", "said"),
    [
        (Slots(), False, "deployed here: other"),
        (Slots(), True, "removed by hand"),
        (Slots(previous=container()), True, "interrupted"),
    ],
)
def test_missing(slots: Slots, recorded: bool, said: str) -> None:
    found = missing_check("h", "app", slots, recorded, ["other"])
    assert (found.id, found.status) == ("running h app", "fail")
    assert said in found.cause


def test_configuration() -> None:
    assert configuration_check(look(), []).status == "pass"
    assert configuration_check(look(), ["option memory differs"]).status == "fail"
    unlabelled = container(labels={"release": ""})
    assert configuration_check(look(unlabelled), []).status == "fail"
    assert configuration_check(look(unlabelled, adopted=True), []).status == "warn"


def test_restarts() -> None:
    assert restarts_check(look(container(restarts=2)), 2, "").status == "pass"
    looping = container(restarts=3, state={"Restarting": True, "ExitCode": 7})
    found = restarts_check(look(looping), 2, "; last log lines: boom")
    assert found.status == "fail"
    assert found.seen == ("3 restarts, another one is under way, exit code 7; last log lines: boom")
    hungry = container(state={"OOMKilled": True, "ExitCode": 137})
    found = restarts_check(look(hungry), 0, "")
    assert "64 MiB" in found.cause
    # Docker now and then misses why the kernel killed it.
    missed = container(restarts=3, state={"Restarting": True, "ExitCode": 137})
    found = restarts_check(look(missed), 0, "")
    assert found.seen.endswith("exit code 137 (SIGKILL)")
    assert found.cause == "most likely its limit of 64 MiB is too low, or it leaks"


def test_the_spec_is_the_one_of_the_deploy(tmp_path: Path) -> None:
    """Its digest is, with whatever options, after it went through the record."""
    options: dict[str, Any] = {
        "name": "app",
        "image": TAG,
        "command": "serve --now",
        "environment": {"A": True, "B": 2},
        "ports": ["[::1]:53:53/udp", "8080:80"],
        "networks": [{"name": "one", "aliases": ["b", "a"]}],
        "volumes": [{"source": "/data", "target": "/data", "read_only": True, "owner": "1:2"}],
        "files": [{"path": "/etc/x", "content": "x\n", "mode": "0440"}],
        "secrets": [{"path": "/run/y", "content": "y", "mode": "0400"}],
        "healthcheck": {"test": "true", "interval": 5, "timeout": 1, "retries": 1,
                        "start_period": 0},
        "tmpfs": ["/tmp:size=1m"],
        "memory": "64m",
        "cpus": 0.5,
    }  # fmt: skip
    spec = parse({**{k: v.get("default") for k, v in argument_spec().items()}, **options})
    store = Store(str(tmp_path), "app")
    owner = (os.geteuid(), os.getegid())
    store.write("r1", spec.files, owner, {"options": spec.described(), "image": TAG})
    assert configuration.deployed_spec(store, "app", "r1").digest() == spec.digest()
    (store.mounts("r1") / "etc/x").write_text("z\n")
    assert configuration.deployed_spec(store, "app", "r1").digest() != spec.digest()


@pytest.fixture
def closing_port() -> Iterator[int]:
    """A port where connections are taken and closed at once, as Docker's proxy does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def published(port: int, inside: int, actual: Any = None, pid: int = 0) -> Any:
    bindings = {f"{inside}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    return container(
        HostConfig={"PortBindings": bindings},
        NetworkSettings={"Ports": bindings if actual is None else actual},
        state={"Pid": pid},
    )


def test_ports_by_connecting(closing_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        assert held("127.0.0.1", port)
        assert ports_check("ports", published(port, 80), None).status == "pass"
    for dead in (closing_port, port):
        assert not held("127.0.0.1", dead)
        found = ports_check("ports", published(dead, 80), None)
        assert found.status == "fail"
        assert "closed at once without a byte" in found.seen


def test_ports_by_the_kernels_tables() -> None:
    with (
        socket.create_server(("0.0.0.0", 0)) as everywhere,
        socket.create_server(("127.0.0.1", 0)) as inside,
    ):
        ports = [int(server.getsockname()[1]) for server in (everywhere, inside)]
        me = os.getpid()
        assert {x.port for x in listening(me) or []} >= set(ports)
        assert ports_check("ports", published(1, ports[0], pid=me), None).status == "pass"
        found = ports_check("ports", published(1, ports[1], pid=me), None)
        assert "only 127.0.0.1 in the container" in found.seen
    found = ports_check("ports", published(1, ports[0], pid=os.getpid()), None)
    assert f"nothing listens on {ports[0]}" in found.seen
    assert listening(0) is None
    assert configuration.mount_roots(0) is None


def test_ports_declared_and_published() -> None:
    current = published(8080, 80, actual={"80/tcp": None})
    found = ports_check("ports", current, None)
    assert found.seen == "Docker publishes: no port published"
    found = ports_check("ports", current, ["8081:80"])
    assert found.expected.startswith("127.0.0.1:8081:80/tcp")
    assert found.seen == "configured: 127.0.0.1:8080:80/tcp"
    assert ports_check("ports", container(), []).status == "pass"


def listed(name: str, address: str, port: int = 8080, kind: str = "tcp") -> dict[str, Any]:
    entry = {"IP": address, "PublicPort": port, "PrivatePort": 80, "Type": kind}
    return {"Names": [f"/{name}"], "Ports": [entry, {"PrivatePort": 81, "Type": "tcp"}]}


@pytest.mark.parametrize(
    ("address", "allowed", "declared", "status"),
    [
        ("127.0.0.1", [], [], "pass"),
        ("10.0.0.1", [], [], "pass"),
        ("0.0.0.0", [], [], "fail"),
        ("::", [], [], "fail"),
        ("8.8.8.8", [], [], "fail"),
        ("0.0.0.0", ["8080"], [], "pass"),
        ("0.0.0.0", ["0.0.0.0:8080/tcp"], [], "pass"),
        ("0.0.0.0", ["8080/udp"], [], "fail"),
        ("0.0.0.0", ["8081"], [], "fail"),
        ("::", ["0.0.0.0:8080"], [], "fail"),
        ("::", ["[::]:8080"], [], "pass"),
        ("0.0.0.0", [], ["0.0.0.0:8080:80"], "pass"),
        ("0.0.0.0", [], ["127.0.0.1:8080:80"], "fail"),
        ("0.0.0.0", [], ["0.0.0.0:8080:81"], "fail"),
    ],
)
def test_public_ports(address: str, allowed: list[str], declared: list[str], status: str) -> None:
    permitted = [read_allowed(text) for text in allowed]
    found = public_check("h", [listed("app", address)], {"app": declared}, permitted)
    assert (found.id, found.status) == ("public ports h", status)
    assert status == "pass" or found.seen.startswith("app ")
    # A release's declaration is not a foreign container's.
    if declared:
        foreign = [listed("foreign", address)]
        lenient = public_check("h", foreign, {"app": declared}, permitted, "warn")
        assert lenient.status == "warn"
        other = public_check("h", foreign, {"app": declared}, permitted)
        assert other.status == "fail"


@pytest.mark.parametrize("text", ["", "0", "65536", "80/sctp", "host:80", "1.2.3:80", "::80"])
def test_allowed_ports_are_refused_when_they_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|address"):
        read_allowed(text)
