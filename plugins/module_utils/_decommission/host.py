# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection has made on a host, by place; and its removal, where no release does it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._docker.client import DOCKER_ERRORS, NOT_YET, client_of, describe_error
from .._docker.container import name_of
from .._docker.images import IMAGE_ID, find_image
from .._docker.labels import LABEL_NAME, LABEL_SCRATCH
from .._failure import Failure
from .._release.store import kept_in

Trace = dict[str, str]


def containers(client: Any) -> dict[str, dict[str, str]]:
    """Return the releases that serve: id, image and start of each, by name."""
    found: dict[str, dict[str, str]] = {}
    for each in client.api.containers(all=True, filters={"label": LABEL_NAME}):
        name = name_of(each)
        if name == each["Labels"][LABEL_NAME]:
            state = client.api.inspect_container(each["Id"])
            started = state["State"]["StartedAt"]
            found[name] = {"id": each["Id"], "image": each["ImageID"], "started": started}
    return found


def traces(client: Any, params: Mapping[str, Any]) -> Iterator[Trace]:
    """Yield what is there: `place` and `name`."""
    names, state = {*params["names"]}, params["state_directory"].rstrip("/")
    if client:
        yield from _in_docker(client, params, names, state)
    for name in names & {*kept_in(state)}:
        yield _trace("release", name)
    for path in params["directories"]:
        if Path(path).is_dir() and any(Path(path).iterdir()):
            yield _trace("directory", path)
    for path in params["files"]:
        if Path(path).exists():
            yield _trace("file", path)


def _in_docker(
    client: Any, params: Mapping[str, Any], names: set[str], state: str
) -> Iterator[Trace]:
    for each in _labelled(client, names, f"{state}/releases/"):
        yield _trace("container", name_of(each))
    volumes = client.api.volumes(filters={"label": LABEL_NAME})["Volumes"] or []
    for volume in volumes:
        if volume["Labels"][LABEL_NAME] in names:
            yield _trace("volume" if params["volumes"] else "volume_kept", volume["Name"])
    for network in client.api.networks(filters={"label": LABEL_NAME}):
        if network["Labels"][LABEL_NAME] in names and not _used(client, "network", network["Name"]):
            yield _trace("network", network["Name"])
    if params["images"]:
        for image in _images(client, params):
            yield _trace("image", image)


def _labelled(client: Any, names: set[str], mounted: str) -> Iterator[Mapping[str, Any]]:
    """Yield containers of releases of these names, of their trials, and those with their files."""
    for each in client.api.containers(all=True):
        labels = each.get("Labels") or {}
        of = labels.get(LABEL_NAME) or labels.get(LABEL_SCRATCH)
        sources = [str(mount.get("Source") or "") for mount in each.get("Mounts") or []]
        theirs = {_of(source, mounted) for source in sources if source.startswith(mounted)}
        if of in names or (LABEL_NAME in labels and theirs & names):
            yield each


def _of(source: str, mounted: str) -> str:
    return source[len(mounted) :].split("/")[0]


def _used(client: Any, kind: str, name: str) -> bool:
    return bool(client.api.containers(all=True, filters={kind: name}))


def _note(params: Mapping[str, Any]) -> Path:
    return Path(params["state_directory"]) / "leaving.json"


def note_images(client: Any, params: Mapping[str, Any]) -> None:
    """Note the images of the releases: when their containers are gone, nothing else tells them."""
    path, known = _note(params), set(_noted(params))
    state = params["state_directory"].rstrip("/")
    found = {
        each["ImageID"] for each in _labelled(client, {*params["names"]}, f"{state}/releases/")
    }
    if found - known and path.parent.is_dir():
        new = path.with_suffix(".new")
        new.write_text(json.dumps(sorted(found | known)), encoding="utf-8")
        new.chmod(0o600)
        new.rename(path)


def _noted(params: Mapping[str, Any]) -> list[str]:
    with suppress(OSError, ValueError):
        found = json.loads(_note(params).read_text(encoding="utf-8"))
        return [each for each in found if IMAGE_ID.match(str(each))]
    return []


def _images(client: Any, params: Mapping[str, Any]) -> list[str]:
    """Return the noted images that are there and that no container uses."""
    used = {each["ImageID"] for each in client.api.containers(all=True)}
    return [each for each in _noted(params) if each not in used and find_image(client, each)]


def clear(client: Any, params: Mapping[str, Any], warnings: list[str]) -> None:
    """Remove what no release removes: cron first, then images, volumes, networks, directories."""
    for path in params["files"]:
        Path(path).unlink(missing_ok=True)
    for trace in [*traces(client, params)]:
        try:
            if trace["place"] == "container":
                client.api.remove_container(trace["name"], force=True, v=True)
            elif trace["place"] == "volume":
                client.api.remove_volume(trace["name"])
            elif trace["place"] == "network":
                client.api.remove_network(trace["name"])
            elif trace["place"] == "image":
                client.api.remove_image(trace["name"], force=True)
        except DOCKER_ERRORS as error:
            warnings.append(f"{trace['place']} {trace['name']}: {describe_error(error)}")
    if not warnings:
        _note(params).unlink(missing_ok=True)
    for path in params["directories"]:
        if Path(path).is_dir():
            shutil.rmtree(path)


def connected(params: Mapping[str, Any]) -> Any:
    """Return a client of the host's daemon; None if the host has no engine and never had ours.

    Raises:
        Failure: An engine is there, or releases are, and no daemon answers.
    """
    try:
        return client_of(params)
    except Failure as error:
        never = not shutil.which("dockerd") and not kept_in(params["state_directory"])
        if never and error.code in NOT_YET:
            return None
        raise


def _trace(place: str, name: str) -> Trace:
    return {"place": place, "name": name}
