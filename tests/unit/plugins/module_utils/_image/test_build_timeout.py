# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""build_timeout holds, also while a build or its preparation prints nothing."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker.client import client_of
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._image.build import build_image
from ansible_collections.vya.observability.plugins.module_utils._image.log import build_log
from ansible_collections.vya.observability.plugins.module_utils._image.source import PREPARE
from ansible_collections.vya.observability.tests.trickling_daemon import (
    CHUNKED,
    EVENTS,
    LONGEST,
    SILENT,
    Said,
    at_socket,
    daemon,
)

OPTIONS = {
    "docker_host": "unix:///nowhere.sock",
    "tls": False,
    "prepared": {"base_image_id": "", "base_reference": ""},
    "buildargs": {},
    "optional_buildargs": {},
    "labels": {},
    "ca_bundle": "",
    "refresh": False,
    "build_timeout": 1,
}


@pytest.fixture(autouse=True)
def in_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing here may wait for the other side to give up."""
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    began = time.monotonic()
    yield
    assert time.monotonic() - began < LONGEST / 2


def context(directory: Path, **files: str) -> str:
    """A build context of these files."""
    path = directory / "context.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in {"Dockerfile": "FROM scratch\n", **files}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content.encode()))
    return str(path)


def build(client: Any, directory: Path, source: str, **options: Any) -> str:
    """Build, and return the failure's code."""
    with build_log(str(directory), "x", 1) as log, pytest.raises(Failure) as caught:
        build_image(client, source, {**OPTIONS, **options}, log)
    assert Path(caught.value.values["log"]).is_file()
    return caught.value.code


@pytest.mark.parametrize("said", [SILENT, EVENTS, (CHUNKED, b"1\r\n \r\n"), (b"", b"")])
def test_a_build(tmp_path: Path, said: Said) -> None:
    listener, address = at_socket(tmp_path)
    with daemon(listener, said):
        client = client_of({"docker_host": address, "timeout": 1})
        assert build(client, tmp_path, context(tmp_path)) == "image.build_timeout"


def test_a_build_may_take_longer_than_another_request(tmp_path: Path) -> None:
    listener, address = at_socket(tmp_path)
    began = time.monotonic()
    with daemon(listener, SILENT):
        client = client_of({"docker_host": address, "timeout": 1})
        build(client, tmp_path, context(tmp_path), build_timeout=3)
    assert time.monotonic() - began >= 3


@pytest.mark.parametrize("lines", ["", "while sleep 0.05; do echo; done &"])
def test_a_build_with_buildkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    monkeypatch.delenv("DOCKER_BUILDKIT")
    docker = tmp_path / "docker"
    docker.write_text(
        f"#!/bin/sh\n[ $4 = version ] && exit\n{lines}\n(sleep {LONGEST:.0f}) & wait\n"
    )
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert build(None, tmp_path, context(tmp_path)) == "image.build_timeout"


@pytest.mark.parametrize("program", [f"sleep {LONGEST:.0f}", f"(sleep {LONGEST:.0f}; echo) & wait"])
def test_a_preparation(tmp_path: Path, program: str) -> None:
    source = context(tmp_path, **{PREPARE: f"echo begun\n{program}\n"})
    assert build(None, tmp_path, source) == "image.build_timeout"
