# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the ping service: a JSON file, checked as the API's is."""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from collector.check import credentials, read, too_slow
from collector.secret import read_secret
from collector.settings import (
    Absolute,
    Host,
    Label,
    MetricsListener,
    Name,
    Port,
    SecretFile,
    Section,
    Target,
)


def _key_file(value: str) -> str:
    if not re.fullmatch(r"[!-~]+", read_secret(value)):
        raise ValueError(f"expected a key of visible ASCII characters in {value}, seen others")
    return value


class Source(Section):
    """Where the pings come from."""

    location: Label
    datacenter: Label
    country: Label


class PingTarget(Target):
    """One collector. ``location`` is that of its own settings; ``name`` names its buffer.
    ``username`` and ``password_file`` are for a proxy before it."""

    name: Name
    location: Label
    api_key_file: Annotated[SecretFile, AfterValidator(_key_file)]


class Circuit(Section):
    """After ``failures`` in a row nothing is sent for ``seconds``; then one ping tries."""

    failures: Annotated[int, Field(ge=1, le=100)] = 5
    seconds: Annotated[float, Field(ge=1, le=3600)] = 60


class Buffer(Section):
    """Where pings wait that have not arrived; ``max_pings`` holds for each target."""

    # Whether it can be written is told by /health: a full or read-only disk ends nothing.
    directory: Absolute = "/var/lib/collector/ping"
    max_pings: Annotated[int, Field(ge=10, le=1_000_000)] = 20_000
    replay_per_second: Annotated[float, Field(ge=0.1, le=1000)] = 10


class Listener(MetricsListener):
    """The listener for /metrics, /health and /ready."""

    port: Port = 9101


class PingSettings(Section):
    """The whole file."""

    host: Host
    source: Source
    targets: Annotated[list[PingTarget], Field(min_length=1, max_length=50)]
    interval_seconds: Annotated[float, Field(ge=0.5, le=3600)] = 30
    circuit: Circuit = Circuit()
    buffer: Buffer = Buffer()
    metrics: Listener = Listener()
    log_level: Literal["debug", "info", "warning", "error"] = "info"


def load(path: str) -> PingSettings:
    """Read and check the file. SettingsError lists all problems; secrets are never shown."""
    return read(path, PingSettings, _cross_check)


def _cross_check(raw: Any) -> list[str]:
    if not isinstance(raw, dict):
        return []
    targets = raw.get("targets")
    entries = [t for t in targets if isinstance(t, dict)] if isinstance(targets, list) else []
    problems = []
    # Two of one location would be one series; two of one name one buffer.
    for setting in ("name", "location"):
        seen = Counter(t[setting] for t in entries if isinstance(t.get(setting), str))
        problems += [
            f"targets: expected another {setting} for each, seen {value!r} {n} times"
            for value, n in seen.items()
            if n > 1
        ]
    for index, target in enumerate(entries):
        name = f"targets[{index}]"
        problems += credentials(name, target)
        whole = {**target, "interval_seconds": raw.get("interval_seconds", 30)}
        problems += too_slow(name, whole, 30, 10)
    return problems
