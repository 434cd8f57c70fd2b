# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exporter as cron runs it: a process that ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import (
    Sample,
    samples,
)

from ..checks.conftest import ROOT

JOB, NODES_JOB = "n8n_executions", "n8n_nodes"


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

    def series(self) -> list[Sample]:
        """What the gateway has of it, without the labels job and instance."""
        found = samples(requests.get(f"{self.gateway}/metrics", timeout=5).text)
        ours = [each for each in found if each.labels.pop("instance", "") == self.host]
        assert {each.labels.pop("job") for each in ours} <= {self.job}
        return ours

    def said(self, name: str, **labels: str) -> float | None:
        """The value of one series of what the gateway has; C(name) without its prefix. What is
        counted is saved by n8n."""
        if name.endswith("executions_total"):
            labels.setdefault("saved", "all")
        wanted = f"n8n_exporter_{name}", labels
        return next((each.value for each in self.series() if each[:2] == wanted), None)

    def of_run(self, name: str, **labels: str) -> float | None:
        """The same, of the series that tell about the run."""
        return self.said(name, exporter=self.job.removeprefix("n8n_"), **labels)
