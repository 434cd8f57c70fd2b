# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks of the tests."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ... import processes

ROOT = processes.PROJECT


def play(
    directory: Path,
    playbook: str,
    inventory: Mapping[str, Any],
    *arguments: str,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    (directory / "play.yml").write_text(playbook)
    (directory / "hosts.yml").write_text(json.dumps(inventory))
    return processes.play(
        *("-i", directory / "hosts.yml", directory / "play.yml", *arguments),
        # A failed preflight has its faults as data only with verbosity.
        **{
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            "ANSIBLE_VERBOSITY": "1",
            **(environment or {}),
        },
    )
