# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's fields: where they are in a request or an answer, and how values are written there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Callable

from .._docker.labels import LABELS_OF_RELEASE

LOG_DRIVER = "json-file"
LOG_LIMITS = {"max-size": "log_max_size", "max-file": "log_max_files"}
LIMITED_LOGS = (LOG_DRIVER, "local")  # drivers that take these limits

Docker = Mapping[str, Any]  # a request or an answer of Docker's API, or a part of one


def get(tree: Any, path: str) -> Any:
    """Return the value at a path of keys with dots between them, or None."""
    for key in path.split("."):
        tree = (tree or {}).get(key)
    return tree


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path; a list or mapping that exists there is extended."""
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
    """Return where a field is in the request that creates a container.

    There, `Config` is the request itself.
    """
    return path[len("Config.") :] if path.startswith("Config.") else path


def as_it_is(value: Any) -> Any:
    """Return the value itself."""
    return value


def or_none(value: Any) -> Any:
    """Return the value, or None if it is empty: Docker has several ways to say that."""
    return value or None


def in_order(values: list[str] | None) -> list[str]:
    """Return the values of a list whose order has no meaning."""
    return sorted(values or [])


def pairs(separator: str) -> Callable[[Mapping[str, str]], list[str]]:
    """Return a function that writes a mapping as texts: name, separator, value."""
    return lambda mapping: [f"{key}{separator}{value}" for key, value in mapping.items()]


def write_etc_hosts(hosts: Mapping[str, str]) -> list[str]:
    """Return each name with each of its addresses."""
    return [f"{name}:{each}" for name, addresses in hosts.items() for each in addresses.split(",")]


def write_devices(devices: list[str]) -> list[dict[str, str]]:
    """Return devices, which are `HOST:CONTAINER:PERMISSIONS`, as Docker takes them."""
    keys = ("PathOnHost", "PathInContainer", "CgroupPermissions")
    return [dict(zip(keys, device.split(":"))) for device in devices]


def seen_devices(devices: list[Mapping[str, str]] | None) -> list[str]:
    """Return devices in the form of the option."""
    form = "{PathOnHost}:{PathInContainer}:{CgroupPermissions}"
    return in_order([form.format(**device) for device in devices or []])


def write_ulimits(limits: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return limits, which are `SOFT:HARD` by name, as Docker takes them."""
    return [
        {"Name": name, "Soft": int(soft), "Hard": int(hard)}
        for name, (soft, hard) in ((name, limit.split(":")) for name, limit in limits.items())
    ]


def seen_ulimits(limits: list[Mapping[str, Any]] | None) -> dict[str, str]:
    """Return limits in the form of the option."""
    return {limit["Name"]: "{Soft}:{Hard}".format(**limit) for limit in limits or []}


def write_restart_policy(policy: str) -> dict[str, Any]:
    """Return a policy, which may be `on-failure:TIMES`, as Docker takes it."""
    name, _colon, times = policy.partition(":")
    return {"Name": name, "MaximumRetryCount": int(times or 0)}


def seen_restart_policy(policy: Mapping[str, Any] | None) -> str:
    """Return a policy in the form of the option."""
    name, times = (policy or {}).get("Name") or "no", (policy or {}).get("MaximumRetryCount")
    return f"{name}:{times}" if times else name


def seen_namespace(mode: str | None) -> str | None:
    """Return whose namespace it is: Docker has the id of another container, options its name."""
    kind = (mode or "").partition(":")[0]
    return kind if kind in ("host", "none", "container") else None


def seen_log_driver(driver: str | None) -> str | None:
    """Return the driver in the form of the option."""
    return None if driver == LOG_DRIVER else driver or None


def seen_log_options(options: Mapping[str, str] | None) -> dict[str, str]:
    """Return the options of a log without those that are options of the module."""
    return {key: value for key, value in (options or {}).items() if key not in LOG_LIMITS}


def labels_of_others(labels: Mapping[str, str] | None) -> dict[str, str]:
    """Return the labels without those that the module sets itself."""
    return {key: value for key, value in (labels or {}).items() if key not in LABELS_OF_RELEASE}


def write_healthcheck(health: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the healthcheck as Docker takes it, with durations in nanoseconds.

    Args:
        health: `test`, `retries`, and in seconds `interval`, `timeout`, `start_period`.
    """
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
    """Return the fields of a healthcheck that are set; a newer Docker has further ones."""
    known = ("Test", "Interval", "Timeout", "Retries", "StartPeriod")
    return {key: health[key] for key in known if health and health.get(key)}


def write_cpus(cpus: float | None) -> int | None:
    """Return the number of CPUs in billionths."""
    return round(cpus * 1e9) if cpus else None


def write_no_new_privileges(yes: bool) -> list[str]:
    """Return Docker's security options for it."""
    return ["no-new-privileges"] if yes else []


def seen_security(options: list[str] | None) -> list[str]:
    """Return security options in one form: Docker shows one option in two."""
    return in_order([re.sub(r"[:=]true$", "", option) for option in options or []])
