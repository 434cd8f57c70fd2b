# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images: find one by its reference, and its digest in a registry."""

from __future__ import annotations

import re
from typing import Any

from .._failure import Failure
from .client import DOCKER_ERRORS, NotFound, docker_failure
from .session import within

# A pull or a push may take this long: the daemon itself waits for a slow registry.
TRANSFER_SECONDS = 3600.0
IMAGE_ID = re.compile(r"^sha256:[0-9a-f]{64}$")


def find_image(client: Any, reference: str) -> dict[str, Any] | None:
    """Return the local image as the daemon inspects it, or None.

    Source: Docker Engine API, GET /images/NAME/json.

    Args:
        reference: Tag, repository@digest or id.
    """
    try:
        return client.api.inspect_image(reference)
    except NotFound:
        return None


def pull_image(client: Any, reference: str) -> dict[str, Any]:
    """Pull an image, and return it as the daemon inspects it.

    Raises:
        Failure: `docker.pulled_nothing`, or a code of `docker_failure`.
    """
    repository, tag = split_reference(reference)
    try:
        with within(TRANSFER_SECONDS):
            client.images.pull(repository, tag=tag)
    except DOCKER_ERRORS as error:
        raise docker_failure(
            f"image {reference} could not be pulled", error, image=reference
        ) from error
    image = find_image(client, reference)
    if image is None:
        raise Failure(
            "docker.pulled_nothing",
            f"image {reference} was pulled, but the daemon does not have it.",
            image=reference,
        )
    return image


def split_reference(reference: str) -> tuple[str, str]:
    """Return repository, and tag or digest; the tag defaults to `latest`, as in Docker.

    Beside a digest, a tag is for the reader.
    """
    name, _at, digest = reference.partition("@")
    head, colon, tag = name.rpartition(":")
    repository, tag = (head, tag) if colon and "/" not in tag else (name, "latest")
    return repository, digest or tag


def familiar(repository: str) -> str:
    """Return the repository as Docker shows it: without the names of the default registry."""
    for prefix in ("docker.io/", "index.docker.io/", "library/"):
        if repository.startswith(prefix):
            repository = repository[len(prefix) :]
    return repository


def error_in(event: dict[str, Any]) -> str:
    """Return the error that an event of a build or a push tells; empty if it tells none.

    Docker calls `error` deprecated since API 1.48, and may leave it out.
    """
    return str((event.get("errorDetail") or {}).get("message") or event.get("error") or "")


def own_digest(image: dict[str, Any], reference: str) -> str:
    """Return the image's digest in the repository of `reference`, or an empty text."""
    repository = familiar(split_reference(reference)[0])
    digests = [entry.split("@", 1) for entry in image.get("RepoDigests") or []]
    return next((digest for name, digest in digests if familiar(name) == repository), "")


def image_digest(image: dict[str, Any], reference: str = "") -> str:
    """Return the image's digest in a registry (`sha256:…`), if possible in that of `reference`.

    Empty if the engine knows none. With its containerd image store, it knows one for each name of
    the image, also before the first push.
    """
    digests = [entry.split("@", 1)[1] for entry in image.get("RepoDigests") or []]
    return own_digest(image, reference) or (digests or [""])[0]
