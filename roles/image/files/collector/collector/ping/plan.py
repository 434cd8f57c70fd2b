# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running service knows of its settings: plain data, for pydantic takes 14 MB."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """One collector; see ``settings.PingTarget``."""

    name: str
    location: str
    url: str
    api_key_file: str
    timeout_seconds: float
    ca_file: str | None
    username: str | None
    password_file: str | None


@dataclass(frozen=True)
class Plan:
    """The settings, checked and whole; see ``settings.PingSettings``."""

    host: str
    source: dict[str, str]
    targets: tuple[Target, ...]
    interval_seconds: float
    circuit_failures: int
    circuit_seconds: float
    buffer_directory: str
    buffer_max_pings: int
    replay_per_second: float
    listen: str
    port: int
    log_level: str
    rehearse: bool


def read_plan(text: str, rehearse: bool) -> Plan:
    """The plan of settings that were checked, as JSON."""
    data: dict[str, Any] = json.loads(text)
    return Plan(
        host=data["host"],
        source=data["source"],
        targets=tuple(Target(**target) for target in data["targets"]),
        interval_seconds=data["interval_seconds"],
        circuit_failures=data["circuit"]["failures"],
        circuit_seconds=data["circuit"]["seconds"],
        buffer_directory=data["buffer"]["directory"],
        buffer_max_pings=data["buffer"]["max_pings"],
        replay_per_second=data["buffer"]["replay_per_second"],
        listen=data["metrics"]["listen"],
        port=data["metrics"]["port"],
        log_level=data["log_level"],
        rehearse=rehearse,
    )
