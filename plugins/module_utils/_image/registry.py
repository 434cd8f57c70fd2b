# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a registry holds, asked through the daemon; and a push that is compared with its answer.

The daemon asks, not this program: it has the credentials, the proxy and the list of registries
that need no TLS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .._docker.client import DOCKER_ERRORS, APIError, describe_error, docker_failure
from .._docker.images import find_image, image_digest, split_reference
from .._failure import Failure

# The registry answers; what is asked for is not there, or not for us.
_ABSENT = re.compile(
    r"manifest unknown|not found|name unknown|denied|unauthorized|no basic auth", re.IGNORECASE
)


@dataclass(frozen=True)
class Remote:
    """A registry's answer: the digest of the tag; "" and no reason when it has no such tag."""

    digest: str = ""
    unreachable: str = ""  # why no registry answered


def registry_of(reference: str) -> str:
    """The registry's address in a reference; Docker's default one when it names none."""
    first, slash, _rest = reference.partition("/")
    return (
        first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
    )


def ask_registry(
    client: Any, reference: str, seconds: float, auth: dict[str, str] | None = None
) -> Remote:
    """What the registry has under `reference`, within `seconds`.

    Raises:
        Failure: the daemon refuses the reference itself.
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
    """The SDK has one timeout for all calls; this call must not wait as long as a build may."""
    before, client.api.timeout = client.api.timeout, seconds
    try:
        yield
    finally:
        client.api.timeout = before


def push_image(
    client: Any, image_id: str, target: str, seconds: float, auth: dict[str, str] | None
) -> str:
    """Push the image as `target` (repository:tag) and return its digest there.

    "Layer already exists" in a push's output proves nothing about the tag, so three digests are
    compared: what the push reported, what the registry now answers, what the daemon has noted.

    Raises:
        Failure: the push failed, or the digests differ; all three are named.
    """
    repository, tag = split_reference(target)
    client.api.tag(image_id, repository, tag)
    pushed = ""
    try:
        for event in client.api.push(repository, tag, stream=True, decode=True, auth_config=auth):
            if "error" in event:
                raise docker_failure(
                    f"{target} could not be pushed", Exception(event["error"]), image=target
                )
            pushed = (event.get("aux") or {}).get("Digest", pushed)
    except DOCKER_ERRORS as error:
        raise docker_failure(f"{target} could not be pushed", error, image=target) from error
    answered = ask_registry(client, target, seconds, auth)
    local = image_digest(find_image(client, image_id) or {}, target)
    if not pushed or not pushed == answered.digest == local:
        raise Failure(
            "image.other_digest",
            f"{target}: the registry does not have the image that was pushed. The push reported "
            f"{pushed or 'no digest'}, the registry answers "
            f"{answered.digest or answered.unreachable or 'that it has no such tag'}, the daemon "
            f"noted {local or 'no digest'}; the three must be equal. Something else pushed the "
            "same tag, or a cache stands before the registry. Nothing was deployed: push again, "
            "under a tag of its own.",
            image=target,
            pushed=pushed,
            registry=answered.digest,
            local=local,
        )
    return pushed
