# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read all options of `container_release` into a `Spec`, or say what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Callable

from .._failure import Failure
from .fields import LIMITED_LOGS, LOG_DRIVER, LOG_LIMITS, seen_log_options
from .options import CONTAINER, MOUNTS_AND_NETWORKS, Option
from .readers import read_entrypoint, read_log_size, read_words
from .slots import spellings
from .spec import SUFFIXES, Rehearsal, Spec
from .values import read_drain

_NOT_WITHOUT = ("networks", "ports")
_NOT_SHARED = ("hostname", "etc_hosts", "dns", "dns_search", "dns_options", "sysctls")


def check_name(name: str) -> None:
    """Fail for a name that Docker refuses, or that the module keeps for itself.

    Raises:
        Failure: `release.name`, `release.name_reserved`.
    """
    if not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", name):
        raise Failure(
            "release.name",
            f"name: expected letters, digits, '_', '.', '-' (two or more), got {name!r}.",
        )
    if name.rpartition(".")[2] in SUFFIXES:
        raise Failure(
            "release.name_reserved",
            f"name: {name!r} ends like the names the module keeps for itself: {SUFFIXES}",
        )


def with_sources(params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Return the options with the content of files that are taken from the host.

    Raises:
        Failure: `release.source_missing`, `release.source_unreadable`.
    """
    files = []
    for file in params["files"]:
        given = dict(file)
        source = given.get("src")
        if source:
            try:
                given["content"] = Path(source).read_text(encoding="utf-8")
            except FileNotFoundError as error:
                if not check_mode:  # else an earlier task would make it
                    said = f"files: expected the file {source} for {given['path']}; it is missing."
                    raise Failure("release.source_missing", said, source=source) from error
                given["content"] = "(to be made)"
            except (OSError, ValueError) as error:
                said = f"files: {source} for {given['path']} cannot be read as text: {error}."
                raise Failure("release.source_unreadable", said, source=source) from error
        files.append(given)
    return {**params, "files": files}


def parse(params: dict[str, Any]) -> Spec:
    """Return the release that the options describe.

    Raises:
        Failure: `release.options`, with every problem that was found, one on each line; its value
            `options` names the options. `release.name`, `release.name_reserved`.
    """
    check_name(params["name"])
    problems: list[tuple[str, str]] = []  # each with its option
    if not params["image"]:
        problems.append(("image", "required with state=present and rehearsed"))

    def read(option: str, reader: Callable[[Any], Any], value: Any) -> Any:
        try:
            return reader(value)
        except (ValueError, TypeError) as error:
            problems.append((option, str(error)))
            return None

    def read_all(options: dict[str, Option]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, option in options.items():
            given = params[name] if params[name] is not None else option.spec.get("default")
            if option.each:
                items = [
                    read(f"{name}[{index}]", option.read, item)
                    for index, item in enumerate(given or [])
                ]
                lists = [item if isinstance(item, list) else [item] for item in items]
                found[name] = [item for each in lists for item in each if item is not None]
            else:
                found[name] = read(name, option.read, given)
        return found

    settings, parts = read_all(CONTAINER), read_all(MOUNTS_AND_NETWORKS)
    problems += _limit_log(settings)
    problems += _without_network(params["name"], settings, parts)
    drain = read("drain", read_drain, params["drain"])
    if drain is not None:
        problems += _not_beside(params["name"], parts)
    files = parts["files"] + parts["secrets"]
    paths = [*(file.path for file in files), *(volume.target for volume in parts["volumes"])]
    problems += _twice("mounts", [*paths, *(settings["tmpfs"] or {})])
    published = [f"{port.address}:{port.host}/{port.protocol}" for port in parts["ports"]]
    problems += _twice("ports", published)
    given = params["rehearsal"] or {"until": "healthy", "timeout": params["wait_timeout"]}
    rehearsal = Rehearsal(
        read("rehearsal.command", read_words, given.get("command")),
        read("rehearsal.entrypoint", read_entrypoint, given.get("entrypoint")),
        given["until"],
        given["timeout"],
    )
    if problems:
        lines = "".join(f"\n- {option}: {problem}" for option, problem in problems)
        options = [option for option, _problem in problems]
        raise Failure("release.options", f"options refused:{lines}", options=options)
    return Spec(
        name=params["name"],
        image=params["image"],
        files=files,
        volumes=parts["volumes"],
        ports=parts["ports"],
        networks=parts["networks"],
        rehearsal=rehearsal,
        settings=settings,
        drain=drain,
    )


def _limit_log(settings: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Set the limits of a log where its driver has them; its options may name them as well."""
    given = settings["log_options"] or {}
    if (settings["log_driver"] or LOG_DRIVER) not in LIMITED_LOGS:
        settings.update(dict.fromkeys(LOG_LIMITS.values()))
        return
    for key in set(given) & set(LOG_LIMITS):
        name = LOG_LIMITS[key]
        try:
            settings[name] = read_log_size(given[key]) if key == "max-size" else int(given[key])
        except ValueError as error:
            yield "log_options", f"{key}: {error}"
    settings["log_options"] = seen_log_options(given)


def _without_network(
    name: str, settings: dict[str, Any], parts: dict[str, Any]
) -> Iterable[tuple[str, str]]:
    """Yield what a container cannot have in a network that is not its own."""
    mode = settings["network_mode"]
    named = {**settings, **parts}
    refused = [*_NOT_WITHOUT, *(_NOT_SHARED if (mode or "").startswith("container:") else ())]
    for option in refused if mode else ():
        if named[option]:
            yield option, f"cannot be set with network_mode={mode}"
    for option in ("network_mode", "pid_mode"):
        if settings[option] == f"container:{name}":
            yield option, "expected another container, got the one that is deployed"


def _not_beside(name: str, parts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield why the new container could not take requests beside the old one."""
    if parts["ports"]:
        yield "drain", "cannot be set with ports: one container at a time can have them"
    if not parts["networks"]:
        yield "drain", "expected `networks`, where others find the container by its name"
    if not spellings(name):
        yield "drain", f"expected two letters or more in the name, got {name!r}"


def _twice(option: str, values: list[str]) -> Iterable[tuple[str, str]]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield option, f"{value} is there more than once"
