# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the settings and reports everything that is wrong with them, in one go."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from collector.settings import MetricsListener, Settings

Model = TypeVar("Model", bound=BaseModel)


class SettingsError(Exception):
    """The settings are unusable; ``problems`` says why, each naming its setting."""

    def __init__(self, path: str, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join([f"{path}: {len(problems)} problem(s)", *problems]))


def load(path: str) -> Settings:
    """Read and check the API's file. SettingsError lists all problems; secrets are never shown."""
    return read(path, Settings, _cross_check)


def read(path: str, model: type[Model], cross_check: Callable[[Any], list[str]]) -> Model:
    """Read and check a file of settings. ``cross_check`` gets the raw data, and tells the problems
    of settings that do not go together."""
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise SettingsError(path, [f"expected a readable file, seen: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError(path, ["expected UTF-8 text, seen other bytes"]) from error

    repeated: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(key for key, _value in pairs)
        repeated.extend(
            f"{key}: expected once, seen {n} times in one object"
            for key, n in counts.items()
            if n > 1
        )
        return dict(pairs)

    try:
        raw = json.loads(text, object_pairs_hook=collect)
    except (ValueError, RecursionError) as error:
        raise SettingsError(path, [f"expected JSON, seen otherwise: {error}"]) from error

    problems = repeated + cross_check(raw)
    try:
        settings = model.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise SettingsError(path, [_describe(dict(e)) for e in found] + problems) from error
    if problems:
        raise SettingsError(path, problems)
    return settings


def _describe(error: dict[str, Any]) -> str:
    setting = ""
    for part in error["loc"]:
        setting += f"[{part}]" if isinstance(part, int) else f".{part}"
    setting = setting.lstrip(".") or "(the whole file)"
    if error["type"] == "extra_forbidden":
        return f"{setting}: unknown setting"
    if error["type"] == "missing":
        return f"{setting}: expected a value, seen none"
    if error["type"] == "value_error":
        return f"{setting}: {error['msg'].removeprefix('Value error, ')}"
    expected = error["msg"].replace("Input should be", "expected")
    expected = expected.replace("String", "text").replace("array", "list")
    return f"{setting}: {expected}, seen {_seen(error['input'])}"


def _seen(value: Any) -> str:
    # Long or URL-like text may carry a secret that was put in the wrong place.
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, str) and (len(value) > 40 or "@" in value):
        return f"text of {len(value)} characters"
    return json.dumps(value)


def _cross_check(raw: Any) -> list[str]:
    """What concerns more than one setting; on the raw data, so that it is said with the rest."""
    if not isinstance(raw, dict):
        return []
    problems = []
    databases = raw.get("databases")
    entries = (
        [entry for entry in databases if isinstance(entry, dict)]
        if isinstance(databases, list)
        else []
    )
    names = Counter(e["name"] for e in entries if isinstance(e.get("name"), str))
    problems += [
        f"databases: expected names that differ, seen {name!r} {n} times"
        for name, n in names.items()
        if n > 1
    ]
    api, metrics = section(raw, "api"), section(raw, "metrics")
    default = MetricsListener()
    if api.get("port", 5001) == metrics.get("port", default.port):
        problems.append("metrics.port: expected another port than api.port, seen the same")
    for name, interval in (("pushgateway", 60), ("victoriametrics", 10)):
        target = section(raw, name)
        problems += credentials(name, target) + too_slow(name, target, interval, 10)
    for index, entry in enumerate(entries):
        problems += too_slow(f"databases[{index}]", entry, 60, 5)
        if entry.get("tls") == "disable" and entry.get("ca_file"):
            problems.append(f"databases[{index}].ca_file: expected none with tls 'disable'")
    return problems


def section(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A section of the raw data, empty where it is none."""
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def credentials(name: str, target: dict[str, Any]) -> list[str]:
    """The problem of a target that has half of its credentials."""
    if ("username" in target) == ("password_file" in target):
        return []
    return [f"{name}: expected username and password_file together, seen one"]


def too_slow(name: str, section: dict[str, Any], interval: float, timeout: float) -> list[str]:
    """The problem of a timeout that is longer than the interval; both with their defaults."""
    seconds = section.get("timeout_seconds", timeout)
    period = section.get("interval_seconds", interval)
    numbers = isinstance(seconds, (int, float)) and isinstance(period, (int, float))
    if not section or not numbers or seconds <= period:
        return []
    return [
        f"{name}.timeout_seconds: expected at most interval_seconds ({period:g}), seen {seconds:g}"
    ]
