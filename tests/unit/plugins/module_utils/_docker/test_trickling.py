# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A daemon that says a little now and then, and never comes to an end: each request ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker import health, images
from ansible_collections.vya.observability.plugins.module_utils._docker.client import (
    DOCKER_ERRORS,
    client_of,
)
from ansible_collections.vya.observability.plugins.module_utils._docker.engine import engine_facts
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._image import registry
from ansible_collections.vya.observability.plugins.module_utils._release import user
from ansible_collections.vya.observability.tests.trickling_daemon import (
    CHUNKED,
    ENDLESS,
    EVENTS,
    LONGEST,
    SILENT,
    Said,
    at_socket,
    daemon,
)

TIMEOUT = 0.4


@pytest.fixture(params=["unix", "tcp"])
def at(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[socket.socket, str]:
    """A listener, and the daemon's address."""
    if request.param == "unix":
        return at_socket(tmp_path)
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"tcp://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Nothing here may wait for the daemon to give up."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < LONGEST / 2


@pytest.mark.parametrize("kind", ENDLESS)
def test_the_first_answer(at: tuple[socket.socket, str], kind: str) -> None:
    listener, address = at
    with daemon(listener, ENDLESS[kind], known=False), pytest.raises(Failure) as caught:
        client_of({"docker_host": address, "timeout": TIMEOUT})
    assert caught.value.code == "docker.no_answer"


def test_a_handshake() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    params = {
        "docker_host": f"tcp://127.0.0.1:{listener.getsockname()[1]}",
        "timeout": TIMEOUT,
        "tls": True,
        "client_cert": None,
        "client_key": None,
        "ca_path": None,
        "validate_certs": False,
    }
    endless = (b"\x16\x03\x03\x40\x00", b"\x02")
    with daemon(listener, endless, known=False), pytest.raises(Failure) as caught:
        client_of(params)
    assert caught.value.code == "docker.no_answer"


def test_a_chunk_of_less_than_nothing(at: tuple[socket.socket, str]) -> None:
    listener, address = at
    with daemon(listener, (CHUNKED + b"-1\r\n", b"x" * 65536)):
        client = client_of({"docker_host": address, "timeout": 60})
        with pytest.raises(DOCKER_ERRORS):
            client.api.inspect_container("x")


def test_the_facts_of_a_daemon(at: tuple[socket.socket, str]) -> None:
    listener, address = at
    with daemon(listener, ENDLESS["body"]):
        facts = engine_facts(address, TIMEOUT, 0.0, [])
    assert facts["daemon"]["error"]


CALLS: dict[str, Callable[[Any], Any]] = {
    "inspect": lambda client: client.api.inspect_container("x"),
    "list": lambda client: client.api.containers(all=True),
    "start": lambda client: client.api.start("x"),
    "wait": lambda client: client.api.wait("x", timeout=TIMEOUT),
    "logs": lambda client: client.api.logs("x", tail=5),
}


def ask(at: tuple[socket.socket, str], call: str, kind: str) -> None:
    """On the connection that the client has kept."""
    listener, address = at
    with daemon(listener, ENDLESS[kind]):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        with pytest.raises(DOCKER_ERRORS):
            CALLS[call](client)


@pytest.mark.parametrize("call", CALLS)
def test_each_request(at: tuple[socket.socket, str], call: str) -> None:
    ask(at, call, "body")


@pytest.mark.parametrize("kind", ENDLESS)
def test_each_part_of_an_answer(at: tuple[socket.socket, str], kind: str) -> None:
    ask(at, "inspect", kind)


@pytest.mark.parametrize("said", [EVENTS, SILENT, ENDLESS["header"]])
def test_a_pull(at: tuple[socket.socket, str], said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may take longer than `timeout`, but not for ever."""
    listener, address = at
    monkeypatch.setattr(images, "TRANSFER_SECONDS", 1.0)
    with daemon(listener, said):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        began = time.monotonic()
        with pytest.raises(Failure) as caught:
            images.pull_image(client, "x:1")
    assert caught.value.values == {"image": "x:1"}
    assert time.monotonic() - began >= 1


def test_a_command_in_a_container(
    at: tuple[socket.socket, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, address = at
    with daemon(listener, ENDLESS["body"]):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        monkeypatch.setattr(client.api, "exec_create", lambda *_: {"Id": "e"})
        check = {"Test": ["CMD", "true"]}
        prober = health._Prober(client, {"Id": "x", "Config": {"Healthcheck": check}})
        prober._since = -60.0
        with pytest.raises(DOCKER_ERRORS):
            prober.poll()


def test_a_stream_that_is_cut_off(at: tuple[socket.socket, str]) -> None:
    listener, address = at
    with daemon(listener, (CHUNKED + b'9\r\n{"status\r\n0\r\n\r\n', b"")):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        with pytest.raises(Failure) as caught:
            images.pull_image(client, "x:1")
    assert caught.value.values == {"image": "x:1"}


@pytest.mark.parametrize("said", [EVENTS, SILENT])
def test_a_push(at: tuple[socket.socket, str], said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    listener, address = at
    monkeypatch.setattr(registry, "TRANSFER_SECONDS", 1.0)
    with daemon(listener, said):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        monkeypatch.setattr(client.api, "tag", lambda *_: True)
        with pytest.raises(Failure) as caught:
            registry.push_image(client, "sha256:1", "x:1", TIMEOUT, None)
    assert caught.value.values == {"image": "x:1"}


def test_a_file_of_an_image(at: tuple[socket.socket, str]) -> None:
    listener, address = at
    endless = (CHUNKED, b"200\r\n" + b"\0" * 512 + b"\r\n")
    with daemon(listener, endless):
        client = client_of({"docker_host": address, "timeout": TIMEOUT})
        with pytest.raises(DOCKER_ERRORS):
            user._read(client.api, "x", "/etc/passwd")
