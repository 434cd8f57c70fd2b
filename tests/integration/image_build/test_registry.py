# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real registry: push, pull by digest, and the wrong image under the right tag."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._image.registry import push_image

from .conftest import PASSWORD, USER, RunTask


@pytest.fixture
def options(options: dict[str, Any], source: Path) -> dict[str, Any]:
    """An image without a base: what is pushed is small."""
    (source / "Dockerfile").write_text('FROM scratch\nCOPY program /\nENTRYPOINT ["/program"]\n')
    del options["base"]
    return options


@pytest.fixture
def other_image(task: RunTask, options: dict[str, Any], tmp_path: Path) -> str:
    """Another small image."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    made = task({**options, "src": str(other), "tag": "other"})
    return str(made["image_id"])


def test_push_then_nothing_then_pull_by_digest(
    task: RunTask, options: dict[str, Any], registry: str, docker_client: docker.DockerClient
) -> None:
    options["registry"] = registry
    target = f"{registry}/{options['name']}"
    foreseen = task(options, check=True)
    made = task(options)
    assert made["actions"] == foreseen["actions"]
    assert made["actions"] == [f"build {options['name']}:1.0", f"push {target}:1.0"]
    answer = docker_client.api.inspect_distribution(f"{target}:1.0")
    assert made["image_digest"] == answer["Descriptor"]["digest"]
    assert made["reference"] == f"{target}@{made['image_digest']}"
    again = task(options)
    assert (again["changed"], again["reference"]) == (False, made["reference"])

    docker_client.images.remove(made["image_id"], force=True)
    wish = {"source": "registry", "reference": made["reference"]}
    assert task(wish, check=True)["changed"]
    pulled = task(wish)
    assert (pulled["changed"], pulled["image_id"]) == (True, made["image_id"])
    assert pulled["reference"] == made["reference"]
    assert not task(wish)["changed"]
    # It has no tag here; the one in the registry leads to it.
    asked = task({**wish, "reference": f"{target}:1.0", "refresh": True}, check=True)
    assert (asked["changed"], asked["reference"]) == (False, made["reference"])


def test_digest_beside_the_tag(
    task: RunTask, options: dict[str, Any], registry: str, docker_client: docker.DockerClient
) -> None:
    """The digest decides, the tag is for the reader: a tag that has moved changes nothing."""
    options["registry"] = registry
    made = task(options)
    docker_client.images.remove(made["image_id"], force=True)
    digest = made["image_digest"]
    wish = {"source": "registry", "reference": f"{registry}/{options['name']}:0.9@{digest}"}
    pulled = task(wish)
    assert (pulled["changed"], pulled["image_id"]) == (True, made["image_id"])
    assert (pulled["reference"], pulled["image_digest"]) == (made["reference"], digest)
    assert not task(wish)["changed"]
    other = wish["reference"][:-4] + "0000"
    assert task({**wish, "reference": other}, fails=True)["code"] == "image.not_in_registry"


@pytest.mark.long
def test_wrong_image_under_the_right_tag_is_replaced_and_said(
    task: RunTask,
    options: dict[str, Any],
    registry: str,
    other_image: str,
    docker_client: docker.DockerClient,
) -> None:
    options["registry"] = registry
    target = f"{registry}/{options['name']}"
    made = task(options)
    docker_client.api.tag(other_image, target, "1.0", force=True)
    docker_client.api.push(target, "1.0")
    # As if another machine had pushed it.
    docker_client.api.tag(made["image_id"], target, "1.0", force=True)
    wrong = docker_client.api.inspect_distribution(f"{target}:1.0")["Descriptor"]["digest"]
    assert wrong != made["image_digest"]

    after = task(options)
    assert after["actions"] == [f"push {target}:1.0"]
    assert wrong in "".join(after["warnings"])
    assert after["diff"]["before"]["registry"] == wrong
    right = docker_client.api.inspect_distribution(f"{target}:1.0")["Descriptor"]["digest"]
    assert right == made["image_digest"] == after["image_digest"]


class _Overtaken:
    """The daemon's API; after our push someone else pushes another image to the same tag."""

    def __init__(self, api: Any, other: str) -> None:
        self._api, self._other, self.timeout = api, other, api.timeout

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def push(self, repository: str, tag: str, **options: Any) -> Iterator[Any]:
        """Push ours, then theirs."""
        yield from self._api.push(repository, tag, **options)
        self._api.tag(self._other, repository, tag, force=True)
        self._api.push(repository, tag)


@pytest.mark.long
def test_push_that_was_overtaken_fails_and_names_the_digests(
    task: RunTask,
    options: dict[str, Any],
    registry: str,
    other_image: str,
    docker_client: docker.DockerClient,
) -> None:
    made = task(options)
    target = f"{registry}/{options['name']}:1.0"

    class Client:
        """What push_image needs of a client."""

        api = _Overtaken(docker_client.api, other_image)

    with pytest.raises(Failure) as failure:
        push_image(Client(), made["image_id"], target, 8, None)
    wrong = docker_client.api.inspect_distribution(target)["Descriptor"]["digest"]
    assert failure.value.code == "image.other_digest"
    digests = failure.value.values
    assert wrong == digests["registry"]
    ours = {digests["pushed"], digests["local"]} - {""}
    assert ours
    assert wrong not in ours


def test_password_is_used_and_not_shown(
    task: RunTask,
    options: dict[str, Any],
    closed_registry: str,
    docker_client: docker.DockerClient,
) -> None:
    options["registry"] = closed_registry
    refused = task(options, fails=True)
    assert refused["code"] == "docker.registry_refused"
    assert closed_registry in refused["values"]["image"]
    options |= {"registry_username": USER, "registry_password": PASSWORD}
    made = task(options, verbose=True)
    assert made["reference"].startswith(f"{closed_registry}/{options['name']}@sha256:")
    assert PASSWORD not in made["output"]
    options["registry_password"] = "another-pass-of-no-use"
    wrong = task(options, fails=True, verbose=True)
    assert options["registry_password"] not in wrong["output"]


def test_absent_image_is_not_an_unreachable_registry(task: RunTask, registry: str) -> None:
    wish = {"source": "registry", "reference": f"{registry}/vya-test/absent:1"}
    for check in (True, False):
        assert task(wish, check=check, fails=True)["code"] == "image.not_in_registry"


@pytest.mark.parametrize(
    "reference", ["Not An Image", "x:y:z", "http://example.com/x", "x@sha256:1"]
)
def test_bad_reference_is_named(task: RunTask, reference: str) -> None:
    failed = task({"source": "registry", "reference": reference}, fails=True)
    assert (failed["code"], failed["values"]["option"]) == ("image.name", "reference")


def test_registry_that_does_not_answer_is_said_soon(task: RunTask, silent_registry: str) -> None:
    wish = {"source": "registry", "reference": f"{silent_registry}/x:1", "registry_timeout": 2}
    failed = task(wish, fails=True)
    assert failed["code"] == "image.registry_unreachable"
    assert silent_registry in failed["values"]["image"]


def asked(silence: socket.socket) -> int:
    """How many connections there were since the last time."""
    count = 0
    while True:
        try:
            silence.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_auto_builds_where_no_registry_answers_and_stays(
    task: RunTask, options: dict[str, Any], silent_registry: str, silence: socket.socket
) -> None:
    options |= {
        "source": "auto",
        "reference": f"{silent_registry}/x:1",
        "registry_timeout": 2,
    }
    made = task(options)
    assert (made["origin"], made["unreachable_registries"]) == ("packages", [silent_registry])
    assert "did not answer" in made["summary"]
    assert asked(silence)
    again = task(options)
    assert not again["changed"]
    other = task({**options, "tag": "2", "unreachable_registries": [silent_registry]}, check=True)
    assert "was not reached" in other["summary"]
    # The daemon may try the first pull once more by itself, late.
    assert asked(silence) <= 1


@pytest.mark.long
def test_auto_pulls_where_a_registry_answers(
    task: RunTask, options: dict[str, Any], registry: str, docker_client: docker.DockerClient
) -> None:
    pushed = task({**options, "registry": registry})
    docker_client.images.remove(pushed["image_id"], force=True)
    reference = f"{registry}/{options['name']}:1.0"
    wish = {**options, "tag": "local", "source": "auto", "reference": reference}
    for check in (True, False):
        found = task(wish, check=check)
        assert (found["origin"], found["actions"]) == ("registry", [f"pull {reference}"])
    assert found["reference"] == pushed["reference"]
    assert not task(wish)["changed"]


@pytest.mark.long
def test_refresh_pulls_a_tag_that_moved(
    task: RunTask,
    options: dict[str, Any],
    registry: str,
    source: Path,
    docker_client: docker.DockerClient,
) -> None:
    first = task({**options, "registry": registry})
    reference = f"{registry}/{options['name']}:1.0"
    wish = {"source": "registry", "reference": reference}
    assert not task(wish)["changed"]
    (source / "program").write_text("#!/bin/sh\necho newer\n")
    second = task({**options, "registry": registry})
    docker_client.images.remove(second["image_id"], force=True)
    docker_client.api.tag(first["image_id"], *reference.rsplit(":", 1))
    assert not task(wish)["changed"]
    refreshed = task({**wish, "refresh": True})
    assert refreshed["image_id"] == second["image_id"]
    assert not task({**wish, "refresh": True})["changed"]
