# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles as a user runs them, on a real daemon; all that one deployed is removed at the end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import docker

from ..processes import PROJECT, play


def has_fault(output: str, code: str, variable: str) -> bool:
    """Whether a preflight found this in this variable; printed as JSON or as YAML."""
    name = re.escape(variable)
    fault = rf'code"?: "?{re.escape(code)}\b(?:(?!code"?:)[^}}])*variable"?: [\'"]?{name}\b'
    return re.search(fault, output) is not None


ROLE = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.{}
        tasks_from: {}
"""


class Deployment:
    """A playbook and its variables; containers, volume and network bear the name C(name).

    Args:
        playbook: Its text, or the name of a role, perhaps with one of its files: `grafana/asked`.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        directory: Path,
        playbook: str,
        variables: dict[str, Any],
    ) -> None:
        self.docker = client
        self.name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self.directory = directory
        self.variables = {
            "ansible_python_interpreter": sys.executable,
            "directory": str(directory),
            "deployment_name": self.name,
            "observability_state_directory": str(directory / "state"),
            "observability_config_directory": str(directory / "config"),
            "observability_network": self.name,
            "observability_image_source": "packages",
            **variables,
        }
        self.collections = PROJECT / ".build"
        role, _, part = playbook.partition("/")
        text = playbook if "\n" in playbook else ROLE.format(role, part or "main")
        (directory / "play.yml").write_text(text)

    def run(self, *arguments: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Play it, with these variables on top."""
        return play(
            *("-i", "localhost,", self.directory / "play.yml", "-vvv"),
            *("--extra-vars", json.dumps({**self.variables, **variables})),
            *arguments,
            ANSIBLE_COLLECTIONS_PATH=str(self.collections),
            ANSIBLE_CALLBACK_RESULT_FORMAT="json",
        )

    def ok(self, *arguments: str, **variables: Any) -> str:
        """The same; its output, as it is to succeed."""
        done = self.run(*arguments, **variables)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return done.stdout + done.stderr

    def remove(self) -> None:
        """Remove its containers, volume and network."""
        for found in self.docker.containers.list(
            all=True, filters={"name": f"^{self.name}"}, ignore_removed=True
        ):
            found.remove(force=True, v=True)
        for volume in self.docker.volumes.list(filters={"name": self.name}):
            volume.remove(force=True)
        for network in self.docker.networks.list(names=[self.name]):
            network.remove()
