# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds on a real daemon: when one is needed, what it leaves, what it says when it fails."""

from __future__ import annotations

import io
import os
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
import pytest

from .conftest import RunTask

STAGE = "io.vya.observability.stage=throwaway"
SOURCE = "io.vya.observability.source-digest"
REVISION = "org.opencontainers.image.revision"


def buildkit() -> bool:
    """Whether BuildKit is there, and not switched off."""
    buildx = subprocess.run(["docker", "buildx", "version"], capture_output=True)
    return buildx.returncode == 0 and os.environ.get("DOCKER_BUILDKIT") != "0"


def labels(client: docker.DockerClient, reference: str) -> dict[str, str]:
    """The labels of an image."""
    found: dict[str, str] = client.images.get(reference).labels
    return found


def test_create_then_nothing(
    task: RunTask, options: dict[str, Any], docker_client: docker.DockerClient
) -> None:
    foreseen = task(options, check=True)
    assert foreseen["changed"]
    assert foreseen["actions"] == [f"build {options['name']}:1.0"]
    assert not docker_client.api.images(options["name"])

    made = task(options)
    assert made["changed"]
    assert made["diff"] == foreseen["diff"]
    assert made["reference"] == made["image_id"] == docker_client.images.get(made["image_id"]).id
    found = labels(docker_client, f"{options['name']}:1.0")
    assert found[SOURCE] == made["source_digest"]
    assert found[REVISION] == found["org.opencontainers.image.version"] == "1.0"
    assert "COPY program" in Path(made["log_path"]).read_text()
    assert made["builder"] == ("buildkit" if buildkit() else "classic")

    for check in (True, False):
        again = task(options, check=check)
        assert not again["changed"]
        assert (again["image_id"], again["actions"]) == (made["image_id"], [])
        assert again["builder"] == ""


def test_a_proxys_password_is_not_in_the_image(
    task: RunTask,
    options: dict[str, Any],
    source: Path,
    docker_client: docker.DockerClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://user:sesame@192.0.2.1:3128")
    with (source / "Dockerfile").open("a") as file:
        file.write('USER 0\nRUN test -n "$http_proxy"\n')
    made = task(options)
    kept = [docker_client.api.history(made["image_id"]), labels(docker_client, made["image_id"])]
    assert "sesame" not in str(kept)
    assert "test -n" in str(kept)


CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("content", {}, "source_digest"),
    ("mode", {}, "source_digest"),
    ("argument", {"buildargs": {"GREETING": "good day"}}, "build"),
    ("label", {"labels": {"org.example.team": "metrics"}}, "build"),
    ("version", {"version": "2.0"}, "build"),
]


@pytest.mark.long
def test_built_again_when_any_of_these_changes(
    task: RunTask, options: dict[str, Any], source: Path
) -> None:
    before = task(options)
    for change, option, shown in CHANGES:
        if change == "content":
            (source / "program").write_text("#!/bin/sh\necho other\n")
        elif change == "mode":
            (source / "program").chmod(0o644)
        options |= option
        foreseen = task(options, check=True)
        after = task(options)
        assert foreseen["changed"], change
        assert after["changed"], change
        assert after["diff"] == foreseen["diff"], change
        seen, wanted = after["diff"]["before"], after["diff"]["after"]
        assert [key for key in wanted if wanted[key] != seen[key]] == [shown], change
        assert after["image_id"] != before["image_id"], change
        before = after
    assert not task(options)["changed"]


def test_not_built_again_for_times_ignored_files_or_a_revision(
    task: RunTask, options: dict[str, Any], source: Path
) -> None:
    (source / ".dockerignore").write_text("# caches\n**/__pycache__\n*.md\n!keep.md\n")
    before = task(options)
    os.utime(source / "program", (1, 1))
    (source / "deep/__pycache__").mkdir(parents=True)
    (source / "deep/__pycache__/x.pyc").write_text("x")
    (source / "notes.md").write_text("x")
    options["revision"] = "another"
    after = task(options)
    assert not after["changed"]
    assert after["revision"] == before["revision"] == "1.0"
    (source / "keep.md").write_text("x")
    assert task(options)["changed"]


@pytest.mark.long
def test_built_again_when_the_base_is_another(
    task: RunTask, options: dict[str, Any], tmp_path: Path, name: str, base_image: str
) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "Dockerfile").write_text(f"FROM {base_image}\nRUN touch /one\n")
    options["base"] = {"name": f"{name}-base:1", "src": str(base)}
    assert task(options)["changed"]
    assert not task(options)["changed"]
    (base / "Dockerfile").write_text(f"FROM {base_image}\nRUN touch /two\n")
    foreseen = task(options, check=True)
    after = task(options)
    assert foreseen["diff"]["after"]["base_image"] == "new"
    assert after["changed"]
    assert not task(options)["changed"]


@pytest.mark.long
def test_revision_is_the_commit_of_the_source(
    task: RunTask, options: dict[str, Any], source: Path, docker_client: docker.DockerClient
) -> None:
    def git(*words: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        done = subprocess.run(
            ["git", "-C", str(source), *identity, *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    commit = git("rev-parse", "HEAD")
    (source / ".dockerignore").write_text(".git\n")
    assert task(options)["revision"] == f"{commit}-dirty"
    git("add", ".")
    git("commit", "-qm", "two")
    assert task(options)["revision"] == f"{commit}-dirty", "a commit alone rebuilds nothing"
    (source / "program").write_text("#!/bin/sh\n")
    git("commit", "-qam", "three")
    assert task(options)["revision"] == git("rev-parse", "HEAD")


@pytest.fixture
def stage_of_another(docker_client: docker.DockerClient, base_image: str) -> Iterator[str]:
    """The label that tells an unnamed image: what another build has made of a stage so far."""
    mark = f"vya.observability.test={uuid.uuid4().hex}"
    dockerfile = f"FROM {base_image}\nLABEL {STAGE} {mark}\n"
    image, _log = docker_client.images.build(fileobj=io.BytesIO(dockerfile.encode()), rm=True)
    yield mark
    with suppress(docker.errors.ImageNotFound):
        docker_client.images.remove(image.id)


@pytest.mark.skipif(buildkit(), reason="BuildKit keeps no image of a stage")
def test_only_its_own_stages_are_removed(
    task: RunTask,
    options: dict[str, Any],
    source: Path,
    docker_client: docker.DockerClient,
    stage_of_another: str,
) -> None:
    own = f"vya.observability.test={uuid.uuid4().hex}"
    dockerfile = source / "Dockerfile"
    stage = f"FROM $BASE_IMAGE AS made\nLABEL {STAGE} {own}\nRUN touch /made\nFROM $BASE_IMAGE\n"
    dockerfile.write_text(
        dockerfile.read_text().replace("FROM $BASE_IMAGE\n", stage + "COPY --from=made /made /\n")
    )
    assert task(options)["builder"] == "classic"
    unnamed = [
        docker_client.images.list(filters={"dangling": True, "label": mark})
        for mark in (own, stage_of_another)
    ]
    assert [len(found) for found in unnamed] == [0, 1]


def test_refresh_builds_without_the_cache(task: RunTask, options: dict[str, Any]) -> None:
    before = task(options)
    after = task({**options, "refresh": True})
    assert after["changed"]
    assert after["image_id"] != before["image_id"]


def test_failed_build_names_step_and_output_and_leaves_the_old_image(
    task: RunTask, options: dict[str, Any], source: Path, docker_client: docker.DockerClient
) -> None:
    before = task(options)
    with (source / "Dockerfile").open("a") as file:
        file.write("USER 0\nRUN echo the cause of it; exit 3\n")
    failed = task(options, fails=True)
    assert failed["code"] == "image.build_failed"
    assert "RUN echo the cause of it" in failed["values"]["step"]
    assert "the cause of it\n" in failed["msg"]
    assert "the cause of it" in Path(failed["values"]["log"]).read_text()
    assert docker_client.images.get(f"{options['name']}:1.0").id == before["image_id"]


def test_missing_dockerfile_and_missing_source_are_named(
    task: RunTask, options: dict[str, Any], source: Path
) -> None:
    (source / "Dockerfile").unlink()
    assert task(options, fails=True)["code"] == "image.no_dockerfile"
    assert task({**options, "src": "no-such-source"}, fails=True)["code"] == "image.no_source"


@pytest.mark.parametrize("again", [False, True])
def test_image_that_fails_its_smoke_test_gets_no_name(
    again: bool,
    task: RunTask,
    options: dict[str, Any],
    source: Path,
    docker_client: docker.DockerClient,
) -> None:
    options["labels"] = {"org.example.test": options["name"]}
    before = task(options) if again else None
    (source / "program").write_text("#!/bin/sh\necho no module named probes >&2; exit 4\n")
    options["smoke"] = [{"command": ["check-config"]}]
    failed = task(options, fails=True)
    assert failed["code"] == "image.smoke_failed"
    for part in ("check-config", "no module named probes"):
        assert part in failed["msg"]
    left = docker_client.api.images(options["name"])
    assert [image["Id"] for image in left] == ([before["image_id"]] if before else [])
    mine = {"label": f"org.example.test={options['name']}"}
    assert [image["Id"] for image in docker_client.api.images(filters=mine)] == [
        image["Id"] for image in left
    ]


def test_smoke_commands_run_with_files_as_the_images_user(
    task: RunTask, options: dict[str, Any]
) -> None:
    read = 'test "$(id -u)" = 10001 && grep -q yes /etc/app/deep/config && ! wget -T 2 -q http://192.0.2.1'
    options["smoke"] = [
        {"command": ["0"]},
        {"command": ["-c", read], "entrypoint": ["sh"], "files": {"/etc/app/deep/config": "yes"}},
    ]
    assert task(options)["changed"]
    options["smoke"] = [{"command": ["-c", "sleep 30"], "entrypoint": ["sh"], "timeout": 1}]
    options["tag"] = "2.0"
    assert task(options, fails=True)["code"] == "image.smoke_failed"


def test_prepare_makes_part_of_the_source_on_the_host(
    task: RunTask, options: dict[str, Any], source: Path, docker_client: docker.DockerClient
) -> None:
    (source / "prepare.sh").write_text("echo made > made\n")
    (source / "Dockerfile").write_text("ARG BASE_IMAGE\nFROM $BASE_IMAGE\nCOPY made /made\n")
    assert task(options)["changed"]
    output = docker_client.containers.run(f"{options['name']}:1.0", ["cat", "/made"], remove=True)
    assert output == b"made\n"
    (source / "prepare.sh").write_text("echo no such mirror >&2; exit 7\n")
    failed = task(options, fails=True)
    assert failed["code"] == "image.prepare_failed"
    assert "no such mirror" in failed["msg"]


def test_authorities_reach_the_build_and_not_the_image(
    task: RunTask,
    options: dict[str, Any],
    source: Path,
    tmp_path: Path,
    docker_client: docker.DockerClient,
) -> None:
    (tmp_path / "ca.pem").write_text("some authority\n")
    (source / "Dockerfile").write_text(
        "ARG BASE_IMAGE\nFROM $BASE_IMAGE AS build\nCOPY Dockerfile ca-bundle.cr[t] /x/\n"
        "RUN cat /x/ca-bundle.crt > /seen\nFROM $BASE_IMAGE\nCOPY --from=build /seen /seen\n"
    )
    first = task({**options, "ca_bundle": str(tmp_path / "ca.pem")})
    run = docker_client.containers.run
    image = f"{options['name']}:1.0"
    assert run(image, ["cat", "/seen"], remove=True) == b"some authority\n"
    assert b"ca-bundle" not in run(image, ["ls", "/"], remove=True)
    assert not task({**options, "ca_bundle": ""})["changed"], "belongs to no digest"
    assert first["source_digest"] == task({**options, "ca_bundle": ""})["source_digest"]
    failed = task({**options, "tag": "2", "ca_bundle": "/no/such/file"}, fails=True)
    assert failed["code"] == "image.ca_bundle"


def test_hosts_that_share_a_daemon_build_once(task: RunTask, options: dict[str, Any]) -> None:
    def run(number: int) -> dict[str, Any]:
        return task({**options, "log_directory": options["log_directory"]})

    options["log_directory"] = str(Path(options["src"]).parent / "log")
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(run, range(3)))
    assert len({result["image_id"] for result in results}) == 1
    assert sum(result["changed"] for result in results) == 1


def test_private_options_cannot_be_given(task: RunTask, options: dict[str, Any]) -> None:
    failed = task({**options, "prepared": {"source_digest": "sha256:0"}}, fails=True)
    assert failed["code"] == "image.prepared"
