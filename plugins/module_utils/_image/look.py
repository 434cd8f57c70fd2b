# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be done for several images, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.validation import check_required_if

from .._docker.client import DOCKER_ERRORS, docker_failure
from .._failure import Failure
from .._hidden import validated
from .ensure import ensure_image, result_of
from .options import REQUIRED_IF, argument_spec


def look_at_images(
    client: Any, images: Mapping[str, Mapping[str, Any]], hidden: set[str]
) -> dict[str, dict[str, Any]]:
    """Return what `image_build` would return for each image in check mode, by its key.

    An image that cannot be looked at has `failed`, `msg` and `code`.

    Args:
        images: The options of `image_build`, by key.
        hidden: Gets the secrets.
    """
    found: dict[str, dict[str, Any]] = {}
    unreachable: list[str] = []
    for key, given in images.items():
        try:
            params, problems = validated(hidden, argument_spec(), given, ("smoke",))
            if problems:
                raise Failure("image.options", "; ".join(problems))
            check_required(params)
            params["unreachable_registries"] += unreachable
            found[key] = result_of(ensure_image(client, params, check_mode=True), params)
            unreachable = found[key]["unreachable_registries"]
        except Failure as error:
            found[key] = {"failed": True, "msg": str(error), "code": error.code}
        except DOCKER_ERRORS as error:
            failure = docker_failure("Docker says", error)
            found[key] = {"failed": True, "msg": str(failure), "code": failure.code}
    return found


def check_required(params: dict[str, Any]) -> None:
    """Fail if an option is missing that the source of the image needs.

    Raises:
        Failure: `image.options`.
    """
    try:
        check_required_if(REQUIRED_IF, params)
    except TypeError as error:
        raise Failure("image.options", str(error)) from error
