# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exporter as cron runs it: a process that ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vya.observability.tests.integration.checks.conftest import ROOT

JOB, NODES_JOB = "n8n_executions", "n8n_nodes"
SERIES = re.compile(r"(?P<name>\w+)\{(?P<labels>.*)\} (?P<value>\S+)")


@dataclass
class Exporter:
    """One with a directory, and so a state, of its own."""

    directory: Path
    host: str
    source: dict[str, Any]
    gateway: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    job: str = JOB
    section: str = "n8n"

    def __post_init__(self) -> None:
        self.state = self.directory / "state"
        self.state.mkdir(parents=True)

    def start(self, **changes: Any) -> subprocess.Popen[str]:
        """Begin a run. C(changes) are of the section of its source."""
        target = {"pushgateway": {"url": self.gateway}} if self.gateway else {}
        settings = {
            "host": self.host,
            self.section: {"pause_seconds": 0, **self.source, **changes},
            "state_directory": str(self.state),
            **target,
            **self.more,
        }
        path = self.directory / "n8n.json"
        path.write_text(json.dumps(settings))
        command = self.job.replace("_", "-")
        return subprocess.Popen(
            [sys.executable, "-m", "collector", command, "--config", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT / "roles/image/files/collector",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def end(self, process: subprocess.Popen[str]) -> int:
        """Wait for its end; the exit code."""
        self.output = process.communicate(timeout=60)[0]
        return process.returncode

    def run(self, **changes: Any) -> int:
        """One run; its exit code."""
        return self.end(self.start(**changes))

    def series(self) -> dict[str, float]:
        """What the gateway has of it: ``name{labels}`` without job and instance, and the value."""
        found = {}
        for line in requests.get(f"{self.gateway}/metrics", timeout=5).text.splitlines():
            match = SERIES.fullmatch(line)
            if not match or f'instance="{self.host}"' not in match["labels"]:
                continue
            assert f'job="{self.job}"' in match["labels"]
            labels = re.sub(r'(instance|job)="[^"]*",?', "", match["labels"]).rstrip(",")
            found[f"{match['name']}{{{labels}}}"] = float(match["value"])
        return found

    def said(self, name: str, **labels: str) -> float | None:
        """The value of one series of what the gateway has; C(name) without its prefix."""
        given = sorted(labels.items(), key=lambda each: (each[0] == "le", each))
        text = ",".join(f'{key}="{value}"' for key, value in given)
        return self.series().get(f"n8n_exporter_{name}{{{text}}}")

    def of_run(self, name: str, **labels: str) -> float | None:
        """The same, of the series that tell about the run."""
        return self.said(name, exporter=self.job.removeprefix("n8n_"), **labels)
