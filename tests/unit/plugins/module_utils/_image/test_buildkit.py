# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of `docker buildx`, and when it is not asked at all."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._image.build import build_image
from ansible_collections.vya.observability.plugins.module_utils._image.buildkit import buildx
from ansible_collections.vya.observability.plugins.module_utils._image.log import build_log

HOST = {"docker_host": "tcp://192.0.2.1:2376", "tls": False}
TLS = {
    "tls": True,
    "validate_certs": True,
    "ca_path": "/ca",
    "client_cert": "/cert",
    "client_key": None,
}
# Notes how it was called, and says what it is told to say.
PROGRAM = """#!{python}
import json, os, pathlib, sys, tarfile
here, words = pathlib.Path(__file__).parent, sys.argv[1:]
if words[-1] == "version":
    sys.exit("buildx" not in words)
seen = {{"words": words, "environment": dict(os.environ)}}
seen["files"] = tarfile.open(fileobj=sys.stdin.buffer, mode="r|").getnames()
(here / "seen").write_text(json.dumps(seen))
print((here / "says").read_text())
path = next(word for word in words if word.startswith("--metadata-file=")).partition("=")[2]
pathlib.Path(path).write_text(json.dumps({{"containerimage.digest": "sha256:1"}}))
sys.exit((here / "fails").exists())
"""
FAILURE = """#0 building with "default" instance using docker driver
#1 [internal] load build definition from Dockerfile
#5 [1/2] FROM docker.io/vya-observability/x
#6 [2/2] RUN echo the cause of it; exit 3
#6 0.103 the cause of it
------
 > [2/2] RUN echo the cause of it; exit 3:
0.103 the cause of it
------
ERROR: failed to solve: process "/bin/sh -c echo the cause of it; exit 3" did not complete
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of a `docker` that has buildx."""
    directory = tmp_path / "bin"
    directory.mkdir()
    (directory / "docker").write_text(PROGRAM.format(python=sys.executable))
    (directory / "docker").chmod(0o755)
    (directory / "says").write_text("")
    monkeypatch.setenv("PATH", str(directory), prepend=":")
    monkeypatch.delenv("DOCKER_BUILDKIT", raising=False)
    return directory


def build(tmp_path: Path, api: Any, **options: Any) -> tuple[str, str]:
    """Build a small context."""
    path = tmp_path / "context.tar"
    content = b"ARG BASE_IMAGE\nFROM $BASE_IMAGE\n"
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    given = {
        **HOST,
        "prepared": {"base_image_id": "sha256:base", "base_reference": "sha256:base"},
        "buildargs": {},
        "optional_buildargs": {"BASE_IMAGE": "sha256:base"},
        "labels": {"org.example.team": "a=b"},
        "ca_bundle": "",
        "refresh": False,
        "build_timeout": 20,
        **options,
    }
    with build_log(str(tmp_path), "x", 1) as log:
        return build_image(SimpleNamespace(api=api), str(path), given, log)


class Images:
    """The engine's images; notes what happens to their names."""

    def __init__(self) -> None:
        self.tagged: dict[str, str] = {}
        self.removed: list[str] = []

    def tag(self, image_id: str, repository: str, tag: str) -> None:
        self.tagged[f"{repository}:{tag}"] = image_id

    def remove_image(self, name: str, **_options: Any) -> None:
        self.removed.append(name)


@pytest.mark.parametrize(("refresh", "count"), [(False, 0), (True, 1)])
def test_what_is_asked(
    tmp_path: Path, docker: Path, monkeypatch: pytest.MonkeyPatch, refresh: bool, count: int
) -> None:
    monkeypatch.setenv("http_proxy", "http://user:sesame@proxy.example.com")
    images = Images()
    arguments = {"GREETING": "good day"}
    assert build(tmp_path, images, buildargs=arguments, refresh=refresh) == ("sha256:1", "buildkit")
    seen = json.loads((docker / "seen").read_text())
    words = seen["words"]
    assert words[:4] == ["--host", HOST["docker_host"], "buildx", "build"]
    assert "--label=org.example.team=a=b" in words
    assert "--build-arg=GREETING=good day" in words
    assert words.count("--no-cache") == count
    # A proxy's password is in no list of processes.
    assert "--build-arg=http_proxy" in words
    assert "sesame" in seen["environment"]["http_proxy"]
    # The image's id is that of its manifest, as with the other builder.
    assert seen["environment"]["BUILDX_NO_DEFAULT_ATTESTATIONS"] == "1"
    assert seen["files"] == ["Dockerfile"]
    # An id is no name that it takes.
    ((name, image_id),) = images.tagged.items()
    assert (image_id, images.removed) == ("sha256:base", [name])
    assert f"--build-arg=BASE_IMAGE={name}" in words


def test_a_base_of_the_users_own_keeps_its_name(tmp_path: Path, docker: Path) -> None:
    images = Images()
    build(tmp_path, images, buildargs={"BASE_IMAGE": "example/own:1"})
    assert "--build-arg=BASE_IMAGE=example/own:1" in (docker / "seen").read_text()
    assert not images.tagged


def test_a_failed_build_names_the_step(tmp_path: Path, docker: Path) -> None:
    (docker / "says").write_text(FAILURE)
    (docker / "fails").touch()
    images = Images()
    with pytest.raises(Failure) as caught:
        build(tmp_path, images)
    assert caught.value.code == "image.build_failed"
    assert "RUN echo the cause of it" in caught.value.values["step"]
    assert images.removed == list(images.tagged)


def test_where_there_is_none(tmp_path: Path, docker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert buildx(HOST) == ["docker", "--host", HOST["docker_host"], "buildx"]
    assert buildx({**HOST, **TLS})[3:-1] == ["--tlsverify", "--tlscacert=/ca", "--tlscert=/cert"]
    assert buildx({**HOST, **TLS, "validate_certs": False})[3] == "--tls"
    monkeypatch.setenv("DOCKER_BUILDKIT", "0")
    assert buildx(HOST) == []
    monkeypatch.delenv("DOCKER_BUILDKIT")
    (docker / "docker").write_text("#!/bin/sh\nexit 1\n")
    assert buildx(HOST) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert buildx(HOST) == []
