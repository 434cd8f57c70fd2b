# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What two servers say, and where it differs."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config import (
    aside,
    traefik_objects,
)
from ansible_collections.vya.observability.plugins.module_utils._config.directory import (
    ConfigError,
    Directory,
)
from ansible_collections.vya.observability.plugins.module_utils._config.prometheus_targets import (
    _targets,
)
from ansible_collections.vya.observability.plugins.module_utils._config.rehearsal import places


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"version": "1", "documents": {"configuration": text}, **more}


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        (said("a: [1, {b: c}]"), said("a: [1, {b: d}]"), ["a[1].b"]),
        (said("a: [1]"), said("a: [1, 2]"), ["a"]),
        (said("a: 1"), said("a: 1\nb: 2"), ["b"]),
        (said("a: <secret>", hash=1.0), said("a: <secret>", hash=2.0), ["hash"]),
        (said("a: 1", hash=1.0), said("a: 2", hash=2.0), ["a"]),
        (said("a: 1"), said("a: 1 "), ["configuration"]),
        (said("a: ["), said("b: ["), ["configuration"]),
        ({"groups": {"/f": {"g": {"x": 1}}}}, {"groups": {"/f": {"g": {"x": 2}}}}, ["/f.g.x"]),
        ({"objects": {"routers": {"r": {}}}}, {"objects": {}}, ["routers"]),
        (said("a: 1"), said("a: 1"), []),
    ],
)
def test_the_places_that_differ_are_told_without_their_values(one, other, where):
    assert list(places(one, other)) == where


@pytest.mark.parametrize(
    ("words", "features"),
    [
        (["--enable-feature=a,b", "--config.file=x"], ["a,b"]),
        (["--enable-feature", "a", "-enable-feature=b"], ["b", "a"]),
        (["--enable-features=a"], []),
        ([], []),
    ],
)
def test_the_arguments_of_a_container_are_read_in_all_spellings(words, features):
    assert aside.arguments_of({"Args": words}, "enable-feature") == features
    assert aside.arguments_of(None, "enable-feature") == []


@pytest.mark.parametrize(
    ("output", "elsewhere"),
    [
        ("open /etc/ssl/own.pem: no such file or directory", True),
        ('err="open /run/secrets/a: permission denied"', True),
        ("opening query log file: open /var/log/q.log: read-only file system", True),
        ("error: could not get SigV4 credentials: NoCredentialProviders: no valid", True),
        # What it could not reach is beside what it refuses.
        ("dial tcp 10.0.0.1:80: network is unreachable\nlevel=error parse error", False),
        ("EC2 SD configuration requires a region", True),
        ("at most one of authorization credentials & credentials_file must be configured", False),
        ("open /etc/x/rules.yml: no such file or directory", False),
        ("unexpected end", False),
    ],
)
def test_a_file_that_only_the_server_has_is_no_reason_to_refuse(output, elsewhere):
    container: Any = type("C", (), {"attrs": {"State": {"ExitCode": 1}}})()
    params = {"path": "/p/q", "image": "i"}
    one = aside.Aside(None, "", "prometheus", container, params, "/etc/x")  # type: ignore[arg-type]
    assert isinstance(one.refused(f"level=error {output}"), aside.Unjudged) is elsewhere


@pytest.mark.parametrize(
    ("status", "error"), [("running", aside.Unjudged), ("exited", ConfigError)]
)
def test_a_network_that_cannot_be_entered_is_not_waited_for(status, error):
    """Without the right to, or in another namespace of processes; or the server has ended."""
    container = MagicMock(status=status, attrs={"State": {"ExitCode": 1}})
    container.logs.return_value = b"level=error unexpected end"
    with aside.Inside(0) as session:
        one = aside.Aside(
            session,
            "http://127.0.0.1:9",
            "prometheus",
            container,
            {"path": "/p", "image": "i"},
            "/m",
        )
        began = time.monotonic()
        with pytest.raises(error):
            one.wait("/-/ready")
    assert time.monotonic() - began < aside.READY / 2


OWN = Path("/proc/thread-self/ns/net")


def test_only_the_thread_that_asks_enters_another_network():
    own = OWN.readlink()
    seen = []
    with aside.inside(os.getpid()):
        thread = threading.Thread(target=lambda: seen.append(OWN.readlink()))
        thread.start()
        thread.join()
    assert (OWN.readlink(), seen) == (own, [own])


def test_what_is_remembered_holds_for_the_files_as_they_are(tmp_path: Path):
    path = tmp_path / "etc" / "server"
    path.mkdir(parents=True)
    (path / "a.yml").write_text("a")
    directory = Directory(str(path))
    assert directory.remembered() == {}
    directory.remember({"said": "x"})
    assert directory.remembered()["said"] == "x"
    memory = path.parent / ".server.proven"
    assert memory.stat().st_mode & 0o777 == 0o600
    (path / "a.yml").write_text("b")
    assert directory.remembered() == {}
    directory.remember({"said": "y"})
    memory.write_text("[")
    assert directory.remembered() == {}
    directory.remember({"said": "z"})
    memory.chmod(0o666)
    assert directory.remembered() == {}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (b'[{"targets": ["a:1", "b:2"], "labels": {"c": "d"}}]', {"a:1", "b:2"}),
        (b"- targets: [a:1]\n- {labels: {}}\n", {"a:1"}),
        (b"", set()),
        (b"[1]", None),
        (b"a: b", None),
        (b"[{targets: a}]", None),
    ],
)
def test_targets_that_cannot_be_read_are_not_waited_for(text, targets):
    assert _targets(text) == targets


LOG = (
    '{"level":"info","message":"Starting"}\nno json\n'
    '{"level":"debug","providerName":"internal","config":{"http":{"routers":{"api":{}}}},'
    '"message":"Configuration received"}\n'
)
THREE = (
    LOG + '{"level":"debug","providerName":"file","config":{"http":{"routers":{"a":{}}},"tls":{}},'
    '"message":"Configuration received"}\n'
)
TWO = (
    LOG + r'{"level":"debug","msg":"Configuration received from provider file: '
    r'{\"udp\":{\"services\":{\"b\":{}}}}"}'
)


@pytest.mark.parametrize(
    ("log", "names"),
    [(LOG, None), (THREE, {("routers", "a")}), (TWO, {("udpServices", "b")})],
)
def test_what_traefik_has_read_is_taken_from_its_log(log, names):
    assert traefik_objects.received(log) == names


def test_entry_points_are_given_as_the_running_traefik_has_them():
    points = [
        {"name": "web", "address": ":80", "http": {"middlewares": ["a@file", "b@file"]}},
        {"name": "safe", "address": ":443", "asDefault": True, "http": {"tls": {}}},
        {
            "name": "more",
            "address": ":1",
            "http": {"tls": {"domains": [{"main": "a", "sans": ["b", "c"]}]}, "maxHeaderBytes": 1},
        },
    ]
    assert traefik_objects.arguments_for(points) == [
        "--entrypoints.web.http.middlewares=a@file,b@file",
        "--entrypoints.safe.http.tls=true",
        "--entrypoints.safe.asdefault=true",
        "--entrypoints.more.http.tls.domains[0].main=a",
        "--entrypoints.more.http.tls.domains[0].sans=b,c",
    ]
