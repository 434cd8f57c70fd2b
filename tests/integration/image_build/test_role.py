# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role image with the collector: one host builds and pushes, the other has it by digest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import docker
import yaml

from ...processes import play


def build(tmp_path: Path, hosts: list[str], **variables: Any) -> subprocess.CompletedProcess[str]:
    """Have the image on each host, all of them this machine; print the reference of each."""
    python = {"ansible_python_interpreter": sys.executable, "ansible_connection": "local"}
    inventory = {"collector": {"hosts": {host: {} for host in hosts}, "vars": python}}
    shown = "<<{{ inventory_hostname }} {{ image_reference }}>>"
    playbook = {
        "hosts": "all",
        "gather_facts": False,
        "vars": variables,
        "roles": ["vya.observability.image"],
        "post_tasks": [{"ansible.builtin.debug": {"msg": shown}}],
    }
    (tmp_path / "hosts.yml").write_text(json.dumps(inventory))
    (tmp_path / "play.yml").write_text(yaml.safe_dump([playbook]))
    return play(*("--diff", "-i", tmp_path / "hosts.yml", tmp_path / "play.yml"), seconds=600)


def test_collector_is_built_on_one_host_and_had_by_digest_on_the_other(
    tmp_path: Path, registry: str, name: str, docker_client: docker.DockerClient
) -> None:
    facts = {
        "image_key": "collector",
        "observability_image_name": name,
        "observability_registry": registry,
    }
    done = build(tmp_path, ["alpha", "beta"], **facts)
    assert done.returncode == 0, done.stdout
    found = dict(re.findall(r"<<(\w+) (\S+)>>", done.stdout))
    assert set(found) == {"alpha", "beta"}
    assert found["alpha"] == found["beta"]
    assert found["alpha"].startswith(f"{registry}/{name}@sha256:")
    output = docker_client.containers.run(found["alpha"], ["version"], remove=True)
    assert b"0.1.0" in output

    again = build(tmp_path, ["alpha", "beta"], **facts)
    assert again.stdout.count("changed=0") == 2, again.stdout


def test_unknown_image_is_named_with_those_there_are(tmp_path: Path) -> None:
    done = build(tmp_path, ["alpha"], image_key="promtheus")
    assert done.returncode != 0
    text = " ".join((done.stdout + done.stderr).split())
    assert "promtheus" in text
    assert "pushgateway" in text
