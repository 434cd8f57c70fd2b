# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's fields: where they are in a request or an answer, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

from .._docker.labels import LABELS_OF_RELEASE

Docker = Mapping[str, Any]  # a request or an answer of Docker's API, or a part of one


def get(tree: Any, path: str) -> Any:
    """The value at a path, its keys with dots between them; None where there is none."""
    for key in path.split("."):
        tree = (tree or {}).get(key)
    return tree


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path; a list or mapping that is there is added to."""
    *above, last = path.split(".")
    for key in above:
        tree = tree.setdefault(key, {})
    there = tree.get(last)
    if isinstance(there, list):
        tree[last] = there + value
    elif isinstance(there, dict):
        tree[last] = {**value, **there}
    else:
        tree[last] = value


def in_request(path: str) -> str:
    """Where a field is in the request that creates a container: `Config` is the request itself."""
    return path[len("Config.") :] if path.startswith("Config.") else path


def as_it_is(value: Any) -> Any:
    """The value itself."""
    return value


def or_none(value: Any) -> Any:
    """The value, unless it is empty: Docker says that in more ways than one."""
    return value or None


def in_order(values: list[str] | None) -> list[str]:
    """The values of a list whose order means nothing."""
    return sorted(values or [])


def pairs(separator: str) -> Callable[[Mapping[str, str]], list[str]]:
    """Writes a mapping as a list of texts, in each the name, the separator and the value."""
    return lambda mapping: [f"{key}{separator}{value}" for key, value in mapping.items()]


def labels_of_others(labels: Mapping[str, str] | None) -> dict[str, str]:
    """Without those that say what was deployed, which is compared with that itself."""
    return {key: value for key, value in (labels or {}).items() if key not in LABELS_OF_RELEASE}


def write_healthcheck(health: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Docker counts in nanoseconds."""
    if health is None:
        return None
    return {
        "Test": health["test"],
        "Interval": round(health["interval"] * 1e9),
        "Timeout": round(health["timeout"] * 1e9),
        "Retries": health["retries"],
        "StartPeriod": round(health["start_period"] * 1e9),
    }


def seen_healthcheck(health: Mapping[str, Any] | None) -> dict[str, Any]:
    """What of it is given; a newer Docker has fields more."""
    known = ("Test", "Interval", "Timeout", "Retries", "StartPeriod")
    return {key: health[key] for key in known if health and health.get(key)}


def write_cpus(cpus: float | None) -> int | None:
    """In billionths."""
    return round(cpus * 1e9) if cpus else None


def write_no_new_privileges(yes: bool) -> list[str]:
    """One of the security options."""
    return ["no-new-privileges"] if yes else []


def seen_security(options: list[str] | None) -> list[str]:
    """Docker shows one option in two forms."""
    return in_order([re.sub(r"[:=]true$", "", option) for option in options or []])
