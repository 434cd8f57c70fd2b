# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of container_release that need no daemon: store, masking, ports, errors."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._docker.client import (
    describe_error,
    unreachable,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.health import mask
from ansible_collections.vya.observability.plugins.module_utils._docker.images import (
    image_digest,
    split_reference,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.ports import (
    Port,
    foreign,
    listeners,
    overlap,
    owner,
)
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release.spec import File
from ansible_collections.vya.observability.plugins.module_utils._release.store import Store

ME = (os.geteuid(), os.getegid())


def test_store(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "state"), "collector")
    assert store.releases() == set()
    assert store.record("r1") == {}
    files = [File("/etc/a/b.conf", "text\r\n", 0o444, False), File("/run/key", "k", 0o400, True)]
    store.write("r1", files, ME, {"options": {"x": 1}})
    assert store.releases() == {"r1"}
    assert store.record("r1") == {"options": {"x": 1}}
    assert store.content("r1", "/etc/a/b.conf") == "text\r\n"
    assert store.content("r1", "/nothing") is None
    assert store.content("r2", "/run/key") is None
    secret = store.mounts("r1") / "run/key"
    assert secret.stat().st_mode & 0o777 == 0o400
    for directory in secret.parents:
        if directory == tmp_path:
            break
        assert directory.stat().st_mode & 0o777 == 0o700
    store.remove("r1", "never there")
    assert store.releases() == set()


def test_policy_of_an_adopted_container(tmp_path: Path) -> None:
    store = Store(str(tmp_path), "collector")
    assert store.noted_policy("c1") is None
    store.note_policy("c1", "always")
    assert store.noted_policy("c1") == "always"
    assert store.noted_policy("c2") is None


def test_lock(tmp_path: Path) -> None:
    one, other = (Store(str(tmp_path), "collector") for _n in range(2))
    with one.locked(1, check_mode=False):
        with (
            pytest.raises(Failure, match=f"process {os.getpid()}"),
            other.locked(0.2, check_mode=False),
        ):
            pass
        with Store(str(tmp_path), "another").locked(0, check_mode=False):
            pass
    with other.locked(0, check_mode=False):
        pass


def test_check_mode_makes_no_lock(tmp_path: Path) -> None:
    with Store(str(tmp_path / "state"), "collector").locked(0, check_mode=True):
        pass
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("text", "secrets", "masked"),
    [
        ("login as hunter2 failed", ["hunter2"], "login as ******** failed"),
        ("login as hunter2 failed", ["hunter2\n"], "login as ******** failed"),
        ("key: zwei-drei", ["eins-zwei\nzwei-drei\n"], "key: ********"),
        ("to p4ssw0rd@db", ["postgresql://user:p4ssw0rd@db/x"], "to ********@db"),
        ("x is ab", ["ab"], "x is ********"),
        ("plain", [], "plain"),
    ],
)
def test_mask(text: str, secrets: list[str], masked: str) -> None:
    assert mask(text, secrets) == masked


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.0.0", True),
        ("127.0.0.1", "192.0.2.1", False),
        ("::", "2001:db8::1", True),
        ("::", "127.0.0.1", False),
    ],
)
def test_overlap(one: str, other: str, both: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert overlap(*pair) is both


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_listener_is_found_with_its_process(address: str, protocol: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as holder:
        holder.bind((address, 0))
        if protocol == "tcp":
            holder.listen()
        number = holder.getsockname()[1]
        assert (address, number) in {(x.address, x.port) for x in listeners(protocol)}
        wanted = Port(address, number, 80, protocol)
        assert f"process {os.getpid()}" in (foreign(wanted, []) or "")
        # When Docker holds it, for our own container, it is not foreign.
        assert foreign(wanted, [(address, number, protocol)]) is None
    assert foreign(wanted, []) is None


def test_address_of_another_host() -> None:
    reason = foreign(Port("192.0.2.1", 8000, 80, "tcp"), [])
    assert "not one of this host's" in (reason or "")


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("prom/prometheus", ("prom/prometheus", "latest")),
        ("prom/prometheus:v3", ("prom/prometheus", "v3")),
        ("registry.example.com:5000/a/b", ("registry.example.com:5000/a/b", "latest")),
        ("registry.example.com:5000/a/b:1", ("registry.example.com:5000/a/b", "1")),
        ("a/b@sha256:12", ("a/b", "sha256:12")),
    ],
)
def test_reference(reference: str, parts: tuple[str, str]) -> None:
    assert split_reference(reference) == parts


def test_digest_of_the_repository_that_was_asked_for() -> None:
    image = {"RepoDigests": ["a@sha256:1", "b@sha256:2"]}
    assert image_digest(image, "b:1") == "sha256:2"
    assert image_digest(image, "c:1") == "sha256:1"
    official = {"RepoDigests": ["python@sha256:3"]}
    assert image_digest(official, "docker.io/library/python:3.11") == "sha256:3"
    assert image_digest({"RepoDigests": None}, "c:1") == ""


def why_unreachable(path: Path) -> str:
    url = f"unix://{path}"
    with pytest.raises(docker.errors.DockerException) as error:
        docker.DockerClient(base_url=url, version="auto", timeout=2)
    return unreachable(error.value, url)


def test_no_socket(tmp_path: Path) -> None:
    assert "not installed or not started" in why_unreachable(tmp_path / "docker.sock")


def test_a_socket_that_nobody_listens_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "docker.sock"))
    assert "not running" in why_unreachable(tmp_path / "docker.sock")


def test_a_socket_that_is_not_ours() -> None:
    wrapped = requests.ConnectionError("aborted", PermissionError(13, "Permission denied"))
    assert "become: true" in unreachable(wrapped, "unix:///var/run/docker.sock")


def test_a_full_disk_is_named() -> None:
    text = describe_error(RuntimeError("write /var/lib/x: no space left on device"))
    assert "free space" in text


def test_owner_outlives_processes_that_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may end between being listed and being looked into."""
    listdir, scandir = os.listdir, os.scandir
    gone = []

    def vanish(real: Any) -> Any:
        def look(path: Any = ".") -> Any:
            if str(path).endswith("/fd") and str(path) != f"/proc/{os.getpid()}/fd":
                gone.append(path)
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
            return real(path)

        return look

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        inode = next(one.inode for one in listeners("tcp") if one.port == port)
        monkeypatch.setattr(os, "listdir", vanish(listdir))
        monkeypatch.setattr(os, "scandir", vanish(scandir))
        assert owner(inode).startswith(f"process {os.getpid()} ")
    assert gone
