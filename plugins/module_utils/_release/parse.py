# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read all options of `container_release` into a `Spec`, or say what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Callable

from .._failure import Failure
from .options import CONTAINER, MOUNTS_AND_NETWORKS, Option
from .readers import read_words
from .spec import SUFFIXES, Rehearsal, Spec


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
            if option.each:
                items = [
                    read(f"{name}[{index}]", option.read, item)
                    for index, item in enumerate(params[name])
                ]
                found[name] = [item for item in items if item is not None]
            else:
                found[name] = read(name, option.read, params[name])
        return found

    settings, parts = read_all(CONTAINER), read_all(MOUNTS_AND_NETWORKS)
    files = parts["files"] + parts["secrets"]
    paths = [*(file.path for file in files), *(volume.target for volume in parts["volumes"])]
    problems += _twice("mounts", [*paths, *(settings["tmpfs"] or {})])
    published = [f"{port.address}:{port.host}/{port.protocol}" for port in parts["ports"]]
    problems += _twice("ports", published)
    given = params["rehearsal"] or {"until": "healthy", "timeout": params["wait_timeout"]}
    rehearsal = Rehearsal(
        read("rehearsal.command", read_words, given.get("command")),
        read("rehearsal.entrypoint", read_words, given.get("entrypoint")),
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
    )


def _twice(option: str, values: list[str]) -> Iterable[tuple[str, str]]:
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield option, f"{value} is there more than once"
