# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask a registry what it has, and push to it, through the daemon.

The daemon has the credentials, the proxy and the list of registries that need no TLS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .._docker.client import DOCKER_ERRORS, APIError, describe_error, docker_failure
from .._docker.images import (
    TRANSFER_SECONDS,
    error_in,
    find_image,
    image_digest,
    split_reference,
)
from .._docker.session import within
from .._failure import Failure

# The registry answers, but the image does not exist, or not for us.
_ABSENT = re.compile(
    r"manifest unknown|not found|name unknown|denied|unauthorized|no basic auth", re.IGNORECASE
)


@dataclass(frozen=True)
class Remote:
    """A registry's answer.

    Args:
        digest: Digest of the tag; empty if the registry has no such tag.
        unreachable: Why no registry answered.
    """

    digest: str = ""
    unreachable: str = ""


def registry_of(reference: str) -> str:
    """Return the registry's address in a reference; Docker's default one if it names none."""
    first, slash, _rest = reference.partition("/")
    return (
        first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
    )


def ask_registry(
    client: Any, reference: str, seconds: float, auth: dict[str, str] | None = None
) -> Remote:
    """Return what the registry has under `reference`, within `seconds`.

    Source: Docker Engine API, GET /distribution/NAME/json.

    Raises:
        Failure: `image.name`: the daemon refuses the reference.
    """
    try:
        with _timeout(client, seconds):
            answer = client.api.inspect_distribution(reference, auth_config=auth)
    except APIError as error:
        text = describe_error(error)
        if error.status_code == 400:
            raise Failure(
                "image.name", f"{reference} is not an image reference: {text}", image=reference
            ) from error
        if error.status_code in (401, 403, 404) or _ABSENT.search(text.partition(" (")[0]):
            return Remote()
        return Remote(unreachable=text)
    except DOCKER_ERRORS:
        return Remote(unreachable=f"{registry_of(reference)} did not answer within {seconds:g} s")
    return Remote(digest=answer["Descriptor"]["digest"])


@contextmanager
def _timeout(client: Any, seconds: float) -> Iterator[None]:
    """Set a short timeout for one call: the SDK's holds for all calls, and a build takes long."""
    before, client.api.timeout = client.api.timeout, seconds
    try:
        yield
    finally:
        client.api.timeout = before


def push_image(
    client: Any, image_id: str, target: str, seconds: float, auth: dict[str, str] | None
) -> tuple[str, bool]:
    """Push the image as `target` (repository:tag), and return its digest there.

    "Layer already exists" in a push's output proves nothing about the tag: the registry is asked
    for its digest. It must be the one that the push reported, or if it reported none (with the
    containerd image store), the one that the engine has for the image.

    Source: Docker Engine API, POST /images/NAME/push.

    Returns:
        The digest, and whether there was one of the engine to compare it with.

    Raises:
        Failure: `image.other_digest`, with the values `pushed`, `registry` and `local`;
            `image.registry_unreachable`; or the push failed.
    """
    repository, tag = split_reference(target)
    client.api.tag(image_id, repository, tag)
    pushed = ""
    try:
        with within(TRANSFER_SECONDS):
            events = client.api.push(repository, tag, stream=True, decode=True, auth_config=auth)
            for event in events:
                wrong = error_in(event)
                if wrong:
                    raise docker_failure(
                        f"{target} could not be pushed", Exception(wrong), image=target
                    )
                pushed = _digest_in(event.get("aux")) or pushed
    except DOCKER_ERRORS as error:
        raise docker_failure(f"{target} could not be pushed", error, image=target) from error
    answered = ask_registry(client, target, seconds, auth)
    if answered.unreachable:
        raise Failure(
            "image.registry_unreachable",
            f"registry: {target} was pushed, but the registry did not say which digest it has: "
            f"{answered.unreachable}. Run it again.",
            image=target,
        )
    local = image_digest(find_image(client, image_id) or {}, target)
    expected = pushed or local
    if not answered.digest or answered.digest != (expected or answered.digest):
        raise Failure(
            "image.other_digest",
            f"{target}: the registry does not have the image that was pushed. The registry answers "
            f"{answered.digest or 'that it has no such tag'}, the push reported "
            f"{pushed or 'no digest'}, the engine noted {local or 'no digest'}. Something else "
            "pushed the same tag, or a cache stands before the registry. Nothing was deployed: "
            "push again, under a tag of its own.",
            image=target,
            pushed=pushed,
            registry=answered.digest,
            local=local,
        )
    return answered.digest, bool(expected)


def _digest_in(aux: Any) -> str:
    """Return the digest that an event of a push tells.

    Of an image of several platforms that are not all here, the engine pushes the manifest of one.
    """
    told = aux if isinstance(aux, dict) else {}
    return str(told.get("Digest") or (told.get("selectedManifest") or {}).get("digest") or "")
