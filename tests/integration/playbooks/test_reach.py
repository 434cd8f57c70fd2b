# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_reach: why a host cannot be worked on, told in time."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from ..conftest import free_port
from .ssh_host import SshHost, clients, controls, ssh, ssh_hosts
from .tools import play

SECONDS = 9
CONNECT = "- hosts: all\n  gather_facts: false\n  tasks: [{ansible.builtin.raw: 'true'}]\n"
PLAYBOOK = f"""
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {{began: "{{{{ now().timestamp() }}}}"}}
    - vya.observability.host_reach:
        seconds: {SECONDS}
      become: true
      register: reached
    - ansible.builtin.copy:
        dest: "{{{{ playbook_dir }}}}/found.json"
        content: "{{{{ {{'took': now().timestamp() - began | float, 'hosts': found}} | to_json }}}}"
        mode: "0600"
      vars:
        results: "{{{{ ansible_play_hosts | map('extract', hostvars, 'reached') }}}}"
        found: "{{{{ dict(ansible_play_hosts | zip(results)) }}}}"
      delegate_to: localhost
      run_once: true
"""


@pytest.fixture
def start(
    docker_client: docker.DockerClient, service_image: Callable[[str], str], tmp_path: Path
) -> Iterator[Callable[[], SshHost]]:
    with ssh_hosts(docker_client, service_image("base"), tmp_path) as started:
        yield started


def test_each_fault_has_its_code_in_time(start: Callable[[], SshHost], tmp_path: Path) -> None:
    well, frozen, restarted = start(), start(), start()
    environment = controls(tmp_path)
    connected = {"frozen": frozen.variables(), "restarted": restarted.variables()}
    done = play(tmp_path, CONNECT, {"all": {"hosts": connected}}, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    frozen.freeze()
    restarted.cut()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosts = {
            **connected,
            "well": well.variables(),
            "silent": ssh(silent.getsockname()[1]),
            "refused": ssh(free_port()),
            "sudo asks": well.variables("asked"),
            "sudo hangs": well.variables(ansible_become_exe="/usr/local/bin/hangs"),
            "no python": well.variables(ansible_python_interpreter="/nowhere/python3"),
        }
        done = play(tmp_path, PLAYBOOK, {"all": {"hosts": hosts}}, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((tmp_path / "found.json").read_text())
    print(f"{result['took']:.1f} s")
    assert result["took"] < SECONDS + 60  # it ends; how soon depends on how busy the machine is
    found: dict[str, Any] = result["hosts"]
    codes = {host: [check["code"] for check in of["checks"]] for host, of in found.items()}
    assert codes == {
        "well": [],
        "frozen": ["reach.silent"],
        "restarted": [],
        "silent": ["reach.silent"],
        "refused": ["reach.refused"],
        "sudo asks": ["reach.become.refused"],
        "sudo hangs": ["reach.become.silent"],
        "no python": ["reach.python"],
    }
    assert found["no python"]["checks"][0]["values"]["names"] == ["/nowhere/python3"]
    assert "ServerAliveInterval=2" in found["well"]["ssh_extra_args"]
    assert clients(frozen.key) == []
