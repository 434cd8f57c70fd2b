# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role log_shipper writes for each agent. The programs themselves check it by hand, and
wherever they are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ... import processes

PLAY = """
- hosts: wf001
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.log_shipper
"""
ALL = {
    "ansible_connection": "local",
    "ansible_python_interpreter": sys.executable,
    "log_shipper_mode": "existing",
    "log_shipper_existing_group": "root",
    # A check run asks nothing there.
    "log_shipper_existing_reload_url": "http://127.0.0.1:9/reload",
    "log_shipper_existing_check": "",
    "observability_loki_url": "http://loki.example.com:3100/",
    "observability_loki_tenant": "vya",
    "observability_loki_username": "writer",
    "observability_loki_password": "pass-word",
    "log_shipper_excluded_containers": ["noisy-.+"],
}


def written(directory: Path, agent: str) -> str:
    """The configuration; the agent is not restarted, as there is none."""
    path = directory / f"{agent}.conf"
    hosts = {"log_shipper": {"hosts": {"wf001": {**ALL, "log_shipper_existing_agent": agent}}}}
    hosts["log_shipper"]["hosts"]["wf001"]["log_shipper_existing_path"] = str(path)
    (directory / "hosts.yml").write_text(yaml.safe_dump({"all": {"children": hosts}}))
    (directory / "play.yml").write_text(PLAY)
    done = processes.play(
        *("-i", directory / "hosts.yml", directory / "play.yml", "--check", "--diff"), seconds=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass-word" not in done.stdout
    return "\n".join(
        line[1:] for line in done.stdout.splitlines() if line.startswith("+") and line[:3] != "+++"
    )


def test_promtail(tmp_path: Path) -> None:
    text = written(tmp_path, "promtail")
    found: dict[str, Any] = yaml.safe_load(text)
    [client] = found["clients"]
    assert client["url"] == "http://loki.example.com:3100/loki/api/v1/push"
    assert client["tenant_id"] == "vya"
    assert client["basic_auth"] == {
        "username": "writer",
        "password_file": str(tmp_path / "loki_password"),
    }
    [docker] = found["scrape_configs"]
    drop, host, *labels = docker["relabel_configs"]
    assert drop["action"] == "drop"
    assert "noisy-.+" in drop["regex"]
    assert host == {"target_label": "host", "replacement": "wf001"}
    assert {each["target_label"] for each in labels} == {"container", "service"}
    assert docker["pipeline_stages"][-1] == {"labels": {"level": None}}


def test_alloy(tmp_path: Path) -> None:
    text = written(tmp_path, "alloy")
    for part in (
        '\t\turl                 = "http://loki.example.com:3100/loki/api/v1/push"',
        '\t\ttenant_id           = "vya"',
        f'\t\t\tpassword_file = "{tmp_path}/loki_password"',
        '\tlabels     = {host = "wf001"}',
        '\t\tmax_segment_age = "6h"',
    ):
        assert part in text.splitlines()
    assert text.count("{") == text.count("}")
    alloy = shutil.which("alloy")
    if not alloy:
        pytest.skip("no alloy on this machine: the text is not checked by the program")
    (tmp_path / "config.alloy").write_text(text)
    command = [alloy, "validate", "--stability.level=experimental", tmp_path / "config.alloy"]
    assert subprocess.run(command, check=False).returncode == 0
