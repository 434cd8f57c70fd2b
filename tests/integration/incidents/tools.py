# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collectors with other settings, and modules that are run in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vya.observability.tests.integration.checks.conftest import (
    KEY,
    ROOT,
    free_port,
    run_module,
    wait_until,
)

SOURCE = ROOT / "roles/image/files/collector"


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
        "api": {"listen": "127.0.0.1", "port": free_port(), "keys_file": str(directory / "keys")},
        "metrics": {"listen": "127.0.0.1", "port": free_port()},
        **changes,
    }


def run_collector(directory: Path, command: str, chosen: Mapping[str, Any]) -> list[str]:
    """The command line that gives the collector these settings."""
    directory.joinpath("collector.json").write_text(json.dumps(chosen))
    return [sys.executable, "-m", "collector", command, "--config", f"{directory}/collector.json"]


def refused(directory: Path, chosen: Mapping[str, Any]) -> str:
    """Start the collector with settings that it must refuse; what it says."""
    done = subprocess.run(
        run_collector(directory, "api", chosen),
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2, done
    assert "does not start" in done.stderr
    return done.stderr


@contextmanager
def collector(directory: Path, chosen: Mapping[str, Any]) -> Iterator[str]:
    """A real collector with these settings; its URL."""
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            run_collector(directory, "api", chosen),
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{chosen['api']['port']}"
        try:
            wait_until(lambda: requests.get(f"{url}/ready", timeout=2).ok, "the collector", 30)
            yield url
        finally:
            process.terminate()
            process.wait(15)


def push_now(url: str) -> dict[str, Any]:
    """Ask a collector to push; what came of it."""
    answer = requests.post(f"{url}/api/push", headers={"X-API-Key": KEY}, timeout=40)
    found: dict[str, Any] = answer.json()
    return found
