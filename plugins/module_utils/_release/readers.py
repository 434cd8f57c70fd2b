# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the options of `container_release`, each into one form.

A reader raises ValueError, which says what it expected and what it got.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import Any

from .._docker.labels import LABEL_PREFIX
from .spec import File, Volume

_SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def read_text(value: Any) -> str:
    """Return a YAML scalar as the text that a container gets; booleans as YAML writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_texts(values: dict[Any, Any]) -> dict[str, str]:
    """Return a mapping of texts, sorted."""
    return {str(key): read_text(value) for key, value in sorted(values.items())}


def read_labels(values: dict[Any, Any]) -> dict[str, str]:
    """Return the labels; those of the module itself are refused."""
    own = sorted(str(label) for label in values if str(label).startswith(LABEL_PREFIX))
    if own:
        raise ValueError(f"{', '.join(own)}: {LABEL_PREFIX}* is the module's own")
    return read_texts(values)


def read_networks(networks: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the container's names on each network."""
    for network in networks:
        if network["name"] in ("host", "none", "bridge", "default"):
            raise ValueError(
                f"{network['name']!r} is one of Docker's own, without names and aliases: name one "
                "of your own, it is created; none at all means 'bridge'"
            )
    return {network["name"]: sorted(set(network["aliases"])) for network in networks}


def read_tmpfs(mounts: list[str]) -> dict[str, str]:
    """Return the mount options of each tmpfs, by its path."""
    return dict(sorted(mount.partition(":")[::2] for mount in mounts))


def read_words(value: Any) -> list[str] | None:
    """Return the words of a command: a list as it is, a text split as a shell splits it."""
    if value is None:
        return None
    if isinstance(value, str):
        return shlex.split(value)
    if isinstance(value, list):
        return [read_text(word) for word in value]
    raise ValueError(f"expected a list or a text, got {value!r}")


def read_path(path: str) -> str:
    """Return an absolute path in the container, in one form."""
    if not path.startswith("/") or ".." in path.split("/") or posixpath.normpath(path) == "/":
        raise ValueError(f"expected an absolute path in the container, got {path!r}")
    return "/" + posixpath.normpath(path).strip("/")


def read_mode(mode: Any) -> int:
    """Return the permission bits; a text is octal, a number is taken as YAML read it."""
    bits = mode if isinstance(mode, int) else int(str(mode), 8)
    if not 0 <= bits <= 0o777:
        raise ValueError(f"expected a mode like '0444', got {mode!r}")
    return bits


def read_file(item: dict[str, Any]) -> File:
    """Return a file.

    Args:
        item: `path`, `content`, `mode`.
    """
    return File(read_path(item["path"]), item["content"], read_mode(item["mode"]), False)


def read_secret(item: dict[str, Any]) -> File:
    """Return a secret; an empty one is refused.

    Args:
        item: `path`, `content`, `mode`.
    """
    path = read_path(item["path"])
    if not item["content"].strip():
        raise ValueError(f"the secret {path} is empty: is the variable that holds it set?")
    return File(path, item["content"], read_mode(item["mode"]), True)


def read_volume(item: dict[str, Any]) -> Volume:
    """Return a volume; a source that is a path of the host is absolute.

    Args:
        item: `source`, `target`, `read_only`, and `owner` (`uid:gid`, or None).
    """
    source, owner = item["source"], item["owner"]
    if source.startswith("/"):
        source = posixpath.normpath(source)
    elif not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", source):
        raise ValueError(f"expected a volume's name or an absolute path, got {source!r}")
    if owner is not None and not re.match(r"^\d+:\d+$", owner):
        raise ValueError(f"owner: expected uid:gid in digits, got {owner!r}")
    uid, _colon, gid = (owner or "").partition(":")
    ids = (int(uid), int(gid)) if owner else None
    return Volume(source, read_path(item["target"]), item["read_only"], ids)


def read_healthcheck(item: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the healthcheck with its test in Docker's form; durations stay in seconds."""
    if item is None:
        return None
    test = item["test"]
    test = ["CMD-SHELL", test] if isinstance(test, str) else read_words(test) or []
    if len(test) < 2 or test[0] not in ("CMD", "CMD-SHELL"):
        raise ValueError(f"test: expected a text, or a list that begins with CMD, got {test!r}")
    if min(item["interval"], item["timeout"], item["retries"]) <= 0:
        raise ValueError("expected interval, timeout and retries above zero")
    return {**item, "test": test}


def read_size(text: str) -> int:
    """Return the bytes of a size such as `512m`, with Docker's units (k = 1024)."""
    match = re.match(r"^(\d+)\s*([kmgt]?)(?:i?b)?$", text.strip().lower())
    if not match:
        raise ValueError(f"expected a size like 256m, got {text!r}")
    return int(match[1]) * _SIZES[match[2]]


def read_log_size(text: str) -> str:
    """Return a size as it was given: Docker reads it only when the container starts."""
    read_size(text)
    return text


def read_memory(text: str | None) -> int | None:
    """Return the memory limit in bytes; Docker accepts no less than 6 MiB."""
    if not text:
        return None
    size = read_size(text)
    if size < 6 << 20:
        raise ValueError(f"expected at least 6m, got {text!r}")
    return size


def read_cpus(cpus: float | None) -> float | None:
    """Return the number of CPUs; Docker accepts no less than a hundredth."""
    if cpus is not None and cpus < 0.01:
        raise ValueError(f"expected at least 0.01, got {cpus}")
    return cpus


def read_count(count: int | None) -> int | None:
    """Return a limit; zero and less mean no limit."""
    return count if count and count > 0 else None


def read_capabilities(names: list[str] | None) -> list[str]:
    """Return capabilities in one form: upper case, without CAP_, sorted."""
    return sorted({re.sub(r"^CAP_", "", name.upper()) for name in names or []})
