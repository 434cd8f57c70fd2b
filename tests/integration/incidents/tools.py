# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collectors with other settings, and modules that are run in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from ...processes import command
from ..checks.conftest import KEY, run_module
from ..collector.conftest import Running


def service(kind: str, url: str, **options: Any) -> dict[str, Any]:
    """Ask one service; its check."""
    asked = {"name": "x", "kind": kind, "url": url, **options}
    return run_module("service_check", services=[asked]).check("service x")


def settings(directory: Path, **changes: Any) -> dict[str, Any]:
    """Settings of a collector that pushes nowhere."""
    (directory / "keys").write_text(f"{KEY}\n")
    return {
        "host": "wf009",
        "region": "test",
        "location": "test",
        "api": {"keys_file": str(directory / "keys")},
        **changes,
    }


def refused(directory: Path, chosen: Mapping[str, Any]) -> str:
    """Start the collector with settings that it must refuse; what it says."""
    (directory / "collector.json").write_text(json.dumps(chosen))
    done = command("api", "--config", str(directory / "collector.json"))
    assert done.returncode == 2, done
    assert "does not start" in done.stderr
    return done.stderr


@contextmanager
def collector(directory: Path, chosen: Mapping[str, Any]) -> Iterator[str]:
    """A real collector with these settings; its URL."""
    running = Running(directory, {**chosen})
    try:
        yield f"http://127.0.0.1:{running.api}"
    finally:
        running.close()


def push_now(url: str) -> dict[str, Any]:
    """Ask a collector to push; what came of it."""
    answer = requests.post(f"{url}/api/push", headers={"X-API-Key": KEY}, timeout=40)
    found: dict[str, Any] = answer.json()
    return found
