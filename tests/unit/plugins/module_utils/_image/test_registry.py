# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""References, as Docker reads them; what proves a push."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._docker.client import APIError
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._image.registry import (
    push_image,
    registry_of,
)

OURS, THEIRS = (f"sha256:{letter * 64}" for letter in "ab")
TARGET = "registry.example.com/app"
STATUS = {"status": "1.0: digest: sha256:1 size: 528"}
NOTED = {"RepoDigests": [f"{TARGET}@{OURS}"]}
GRAPH = [STATUS, {"progressDetail": {}, "aux": {"Tag": "1.0", "Digest": OURS, "Size": 528}}]
ONE = {"aux": {"manifestPushedInsteadOfIndex": True, "selectedManifest": {"digest": OURS}}}
REFUSED = {"errorDetail": {"message": "unauthorized: authentication required"}}


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("prometheus", "docker.io"),
        ("prom/prometheus:v3", "docker.io"),
        ("registry.example.com/prom/prometheus", "registry.example.com"),
        ("registry.example.com:5000/x@sha256:0", "registry.example.com:5000"),
        ("localhost/x", "localhost"),
        ("127.0.0.1:5000/x:1", "127.0.0.1:5000"),
    ],
)
def test_registry_of(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry


def push(events: list[Any], has: str | int, image: Any) -> tuple[str, bool]:
    """Push by a daemon that says so; `has`: the registry's digest, or the status of its answer."""

    def inspect_distribution(_reference: str, **_options: Any) -> Any:
        if isinstance(has, str):
            return {"Descriptor": {"digest": has}}
        response = requests.Response()
        response.status_code = has
        raise APIError("no", response=response)

    api = SimpleNamespace(
        timeout=1,
        tag=lambda *_names: True,
        push=lambda *_names, **_options: iter(events),
        inspect_image=lambda _name: image,
        inspect_distribution=inspect_distribution,
    )
    return push_image(SimpleNamespace(api=api), OURS, f"{TARGET}:1.0", 1, None)


@pytest.mark.parametrize(
    ("events", "image", "judged"),
    [
        (GRAPH, NOTED, True),
        (GRAPH, {"RepoDigests": []}, True),
        ([STATUS], NOTED, True),
        ([STATUS], {"RepoDigests": [f"app@{OURS}"]}, True),
        ([STATUS, ONE], {"RepoDigests": [f"{TARGET}@{THEIRS}"]}, True),
        ([STATUS], {}, False),
    ],
    ids=["graph drivers", "not noted", "containerd", "other name", "one of several", "unknown"],
)
def test_the_registrys_word_proves_a_push(events: list[Any], image: Any, judged: bool) -> None:
    assert push(events, OURS, image) == (OURS, judged)


@pytest.mark.parametrize(
    ("events", "has", "code"),
    [
        (GRAPH, THEIRS, "image.other_digest"),
        ([STATUS], THEIRS, "image.other_digest"),
        ([STATUS], 404, "image.other_digest"),
        ([STATUS], 500, "image.registry_unreachable"),
        ([STATUS, REFUSED], OURS, "docker.registry_refused"),
        ([{**REFUSED, "error": "unauthorized"}], OURS, "docker.registry_refused"),
    ],
)
def test_a_push_without_proof(events: list[Any], has: str | int, code: str) -> None:
    with pytest.raises(Failure) as caught:
        push(events, has, NOTED)
    assert caught.value.code == code
