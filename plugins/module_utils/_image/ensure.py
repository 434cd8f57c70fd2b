# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide where an image comes from and whether it is current; then pull, build and push it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .._docker.client import DOCKER_ERRORS
from .._docker.images import (
    find_image,
    image_digest,
    own_digest,
    pull_image,
    split_reference,
)
from .._docker.labels import (
    LABEL_BASE,
    LABEL_BUILD,
    LABEL_REVISION,
    LABEL_SOURCE,
    LABEL_VERSION,
    labels_of,
)
from .._failure import Failure
from .build import build_image, smoke
from .log import build_log
from .registry import ask_registry, push_image, registry_of

_REFERENCE = re.compile(
    r"^(?:[\w.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
    r"(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$"
)


@dataclass
class Outcome:
    """What was found and done."""

    origin: str
    why: str = ""
    image: dict[str, Any] | None = None
    actions: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    unreachable: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reference: str = ""
    digest: str = ""
    log_path: str = ""
    builder: str = ""


def ensure_image(client: Any, params: dict[str, Any], check_mode: bool) -> Outcome:
    """Ensure that the image exists, is current and, if asked, is in the registry.

    If a build is needed, the first call names it in `actions`; a second call brings the context
    (`params["prepared"]["context"]`) and builds.

    Raises:
        Failure: `image.name`, `image.registry_unreachable`, `image.not_in_registry`,
            `image.other_digest`, or those of `build_image` and `smoke`.
    """
    _check_names(params)
    outcome = _choose(client, params)
    if outcome.origin == "registry":
        if outcome.actions and not check_mode:
            outcome.image = pull_image(client, params["reference"])
        _refer_to_pulled(outcome, params["reference"])
        return outcome
    if outcome.actions:
        if check_mode or not params["prepared"]["context"]:
            outcome.reference = tag_of(params)
            if params["registry"]:
                outcome.actions.append(f"push {pushed_name(params)}")
            return outcome
        outcome = _build(client, params, outcome)
    if params["registry"]:
        _publish(client, params, outcome, check_mode)
    else:
        outcome.reference = outcome.image["Id"] if outcome.image else tag_of(params)
    return outcome


def _check_names(params: dict[str, Any]) -> None:
    names = {"reference": params["reference"], "name": params["name"] and tag_of(params)}
    if params["registry"]:
        names["registry"] = pushed_name(params)
    for option, value in names.items():
        if value and not _REFERENCE.match(value):
            raise Failure(
                "image.name",
                f"{option}: expected an image as [host[:port]/]name[:tag][@sha256:digest], "
                f"the name in lower case, got {value!r}.",
                option=option,
            )


def result_of(outcome: Outcome, params: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome as the module returns it."""
    labels = labels_of(outcome.image)
    pulled = outcome.origin == "registry"
    image = params["reference"] if pulled else tag_of(params)
    result = {
        "changed": bool(outcome.actions),
        "reference": outcome.reference,
        "image_id": (outcome.image or {}).get("Id", ""),
        "image_digest": outcome.digest,
        "origin": outcome.origin,
        "source_digest": "" if pulled else params["prepared"]["source_digest"],
        "revision": labels.get(LABEL_REVISION, ""),
        "actions": outcome.actions,
        "summary": f"{image}: {_doing(outcome)}{', ' if outcome.why else ''}{outcome.why}",
        "unreachable_registries": sorted({*params["unreachable_registries"], *outcome.unreachable}),
        "log_path": outcome.log_path,
        "builder": outcome.builder,
    }
    if outcome.actions:
        result["diff"] = {"before": outcome.before, "after": outcome.after}
    return result


def _doing(outcome: Outcome) -> str:
    verb = "pulled" if outcome.origin == "registry" else "built"
    return verb if outcome.actions else f"{verb} before"


def tag_of(params: dict[str, Any]) -> str:
    """Return the local name of the built image: name, or name:tag."""
    return f"{params['name']}:{params['tag']}" if params["tag"] else params["name"]


def pushed_name(params: dict[str, Any]) -> str:
    """Return the built image's name in the registry that it is pushed to."""
    return f"{params['registry'].rstrip('/')}/{tag_of(params)}"


def registry_auth(params: dict[str, Any]) -> dict[str, str] | None:
    """Return the credentials for the push; None for those of the daemon's user (`docker login`)."""
    if not params["registry_username"]:
        return None
    return {
        "username": params["registry_username"],
        "password": params["registry_password"] or "",
    }


def _choose(client: Any, params: dict[str, Any]) -> Outcome:
    """Choose between registry and packages.

    An image that is here and current stays: a registry that comes or goes between two runs must
    not replace a service's image. With `refresh`, the choice is made again.
    """
    source, reference, refresh = params["source"], params["reference"], params["refresh"]
    pulled = find_image(client, reference) if reference and source != "packages" else None
    if pulled and not refresh:
        return Outcome("registry", "", pulled)
    if source == "packages":
        return _compare(client, params, "")
    if source == "auto" and not refresh:
        built = _compare(client, params, "")
        if not built.actions:
            return built
    host = registry_of(reference)
    if source == "auto" and host in params["unreachable_registries"]:
        return _compare(client, params, f"{host} was not reached", [host])
    remote = ask_registry(client, reference, params["registry_timeout"])
    if remote.unreachable and source == "auto":
        return _compare(client, params, f"no registry reached: {remote.unreachable}", [host])
    if remote.unreachable:
        raise Failure(
            "image.registry_unreachable",
            f"reference: expected the registry of {reference} to answer, got: "
            f"{remote.unreachable}. Check its name and the network, or use source=auto or "
            "packages.",
            image=reference,
        )
    if not remote.digest:
        raise Failure(
            "image.not_in_registry",
            f"reference: the registry answers, but has no image {reference} (or shows it only "
            "after `docker login`). Check the name and the tag.",
            image=reference,
        )
    outcome = Outcome("registry", "", pulled)
    have = image_digest(pulled, reference) if pulled else ""
    if have != remote.digest:
        # It may be here without its tag: pulled by its digest.
        known = find_image(client, f"{split_reference(reference)[0]}@{remote.digest}")
        if known:
            return Outcome("registry", "", known)
        outcome.actions = [f"pull {reference}"]
        outcome.before, outcome.after = _diff(reference, have), _diff(reference, remote.digest)
    return outcome


def _diff(reference: str, digest: str) -> dict[str, Any]:
    return {"image": reference, "digest": digest}


def _refer_to_pulled(outcome: Outcome, reference: str) -> None:
    """Refer to a pulled image by its digest; one that was loaded from a file has only an id."""
    outcome.reference = reference
    if outcome.image is None:
        return
    outcome.digest = image_digest(outcome.image, reference)
    repository = split_reference(reference)[0]
    outcome.reference = f"{repository}@{outcome.digest}" if outcome.digest else outcome.image["Id"]


def _compare(
    client: Any, params: dict[str, Any], why: str, unreachable: list[str] | None = None
) -> Outcome:
    """Compare what the image was built from, by its labels, with what it should be built from."""
    image = find_image(client, tag_of(params))
    labels = labels_of(image)
    wanted = {
        "image": tag_of(params),
        "source_digest": params["prepared"]["source_digest"],
        "base_image": _base_now(client, params) or labels.get(LABEL_BASE, ""),
        "build": _build_options(params),
    }
    found = {
        "image": tag_of(params),
        "source_digest": labels.get(LABEL_SOURCE, ""),
        "base_image": labels.get(LABEL_BASE, ""),
        "build": json.loads(labels.get(LABEL_BUILD, "null")),
    }
    outcome = Outcome("packages", why, image, unreachable=unreachable or [])
    if not image or found != wanted or params["refresh"]:
        outcome.actions = [f"build {tag_of(params)}"]
        outcome.before, outcome.after = found if image else {}, wanted
        if params["refresh"]:
            outcome.after = {**wanted, "refresh": True}
    return outcome


def _build_options(params: dict[str, Any]) -> dict[str, Any]:
    labels = {LABEL_VERSION: _version(params), **params["labels"]}
    return {
        "args": {name: str(value) for name, value in params["buildargs"].items()},
        "labels": {name: str(value) for name, value in labels.items()},
    }


def _version(params: dict[str, Any]) -> str:
    return params["version"] or split_reference(tag_of(params))[1]


def _base_now(client: Any, params: dict[str, Any]) -> str:
    """Return what the base is now: an image id, or `new` if it must be built first.

    Empty if there is no base, or if it is not on this host and need not be: an image outlives it.
    """
    base = params["base"]
    if not base:
        return ""
    if base["source"] != "packages" and base["reference"]:
        image = find_image(client, base["reference"])
        if image:
            return image["Id"]
    if base["source"] == "registry" or not base["name"]:
        return ""
    image = find_image(client, base["name"])
    if image and labels_of(image).get(LABEL_SOURCE) != params["prepared"]["base_source_digest"]:
        return "new"
    return image["Id"] if image else ""


def _build(client: Any, params: dict[str, Any], found: Outcome) -> Outcome:
    """Build, test, and only then tag."""
    image = tag_of(params)
    with build_log(params["log_directory"], image, params["build_timeout"]) as log:
        # Another host of the play may share the daemon and have built it meanwhile.
        again = _compare(client, params, found.why)
        if not again.actions:
            return again
        wanted = _build_options(params)
        revision = params["revision"] or _version(params)
        labels = {
            **wanted["labels"],
            LABEL_REVISION: revision,
            LABEL_SOURCE: params["prepared"]["source_digest"],
            LABEL_BUILD: json.dumps(wanted, sort_keys=True),
        }
        given = {"VERSION": _version(params), "REVISION": revision}
        if params["prepared"]["base_reference"]:
            given["BASE_IMAGE"] = params["prepared"]["base_reference"]
            labels[LABEL_BASE] = params["prepared"]["base_image_id"]
        options = {
            **params,
            "buildargs": wanted["args"],
            "optional_buildargs": given,
            "labels": labels,
        }
        image_id, builder = build_image(client, params["prepared"]["context"], options, log)
        try:
            for test in params["smoke"]:
                smoke(client, image_id, test, log)
        except Failure as error:
            if not (find_image(client, image_id) or {}).get("RepoTags"):
                with suppress(*DOCKER_ERRORS):  # a container may use it: an earlier build's
                    client.api.remove_image(image_id)
            raise Failure(
                error.code,
                f"{error}\nThe image did not get its name: {image} is as it was.",
                **error.values,
            ) from None
        client.api.tag(image_id, *split_reference(image), force=True)
        return Outcome(
            "packages",
            found.why,
            find_image(client, image_id),
            [f"build {image}"],
            again.before,
            again.after,
            found.unreachable,
            log_path=log.file.name,
            builder=builder,
        )


def _publish(client: Any, params: dict[str, Any], outcome: Outcome, check_mode: bool) -> None:
    """Ensure that the registry has exactly this image under the tag."""
    target, auth = pushed_name(params), registry_auth(params)
    image = outcome.image or {}
    remote = ask_registry(client, target, params["registry_timeout"], auth)
    if remote.unreachable:
        raise Failure(
            "image.registry_unreachable",
            f"registry: expected {params['registry']} to answer, got: {remote.unreachable}. "
            "Check its name and the network. The image is built, and not pushed.",
            image=target,
        )
    outcome.digest, own = image_digest(image, target), own_digest(image, target)
    if not outcome.digest or outcome.digest != remote.digest:
        outcome.actions.append(f"push {target}")
        outcome.before["registry"] = remote.digest
        outcome.after["registry"] = "this image"
        if remote.digest and own:
            outcome.warnings.append(
                f"{target} was another image ({remote.digest}) than the one pushed before "
                f"({own}): someone else pushed the tag. It is replaced."
            )
        if not check_mode:
            seconds = params["registry_timeout"]
            outcome.digest, judged = push_image(client, image["Id"], target, seconds, auth)
            if not judged:
                outcome.warnings.append(
                    f"{target}: whether the registry's digest ({outcome.digest}) is that of the "
                    "image was not judged: the engine knows no digest of it."
                )
    repository = split_reference(target)[0]
    outcome.reference = f"{repository}@{outcome.digest}" if outcome.digest else target
