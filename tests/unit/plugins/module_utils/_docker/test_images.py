# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images: references and digests."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker.images import (
    image_digest,
    split_reference,
)


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("prom/prometheus", ("prom/prometheus", "latest")),
        ("prom/prometheus:v3", ("prom/prometheus", "v3")),
        ("registry.example.com:5000/a/b", ("registry.example.com:5000/a/b", "latest")),
        ("registry.example.com:5000/a/b:1", ("registry.example.com:5000/a/b", "1")),
        ("a/b@sha256:12", ("a/b", "sha256:12")),
        ("a/b:1@sha256:12", ("a/b", "sha256:12")),
        ("localhost:5000/a/b:1@sha256:12", ("localhost:5000/a/b", "sha256:12")),
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
