# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of two hosts, of which one leaves: one has the stack, the other a service of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docker
import requests

from ... import processes
from ..conftest import free_port
from .hub import Hub
from .tools import ROOT

DECOMMISSION = ROOT / "playbooks/decommission.yml"
DEPLOY = ROOT / "playbooks/deploy.yml"
READY = "http://127.0.0.1:9091/-/ready"


class Leaving(Hub):
    """The hosts `hub` and `leaver`, both on this machine, with directories of their own."""

    def __init__(self, client: docker.DockerClient, directory: Path, image: str) -> None:
        super().__init__(client, directory)
        self.gateway_port, self.image = free_port(), image
        self.backups = directory / "backups"
        gateway = f"http://127.0.0.1:{self.gateway_port}"
        self._variables.update(
            observability_urls={
                "prometheus": f"http://127.0.0.1:{self.port}",
                "pushgateway": gateway,
                **dict.fromkeys(("alertmanager", "collector", "grafana", "loki"), gateway),
            },
            observability_backup_directory=str(self.backups),
            pushgateway_container_name=f"{self.name}-gateway",
            pushgateway_volume=f"{self.name}-gateway",
            pushgateway_port=self.gateway_port,
            pushgateway_mode="managed",
        )

    def inventory(self, leaver: Mapping[str, Any] | None = None, group: str = "services") -> Path:
        """Write the inventory: more variables of the host that leaves, and its group."""
        own = {
            **self._variables,
            "observability_state_directory": str(self.directory / "leaver" / "state"),
            "observability_config_directory": str(self.directory / "leaver" / "config"),
            "observability_services": [self.service()],
            **(leaver or {}),
        }
        groups = ("collector", "alertmanager", "victoriametrics", "traefik", "grafana")
        inventory = {
            "prometheus": {"hosts": {"hub": self._variables}},
            "pushgateway": {"hosts": {"hub": {}}},
            "services": {"hosts": {}},
            group: {"hosts": {"leaver": own}},
            **{group: {"hosts": {}} for group in groups},
        }
        path = self.directory / "hosts.yml"
        path.write_text(json.dumps(inventory))
        return path

    def service(self) -> dict[str, Any]:
        return {
            "release": {
                "name": f"{self.name}-own",
                "image": self.image,
                "user": "65534:65534",
                "command": ["--persistence.file=/pushgateway/groups"],
                "volumes": [{"source": f"{self.name}-own", "target": "/pushgateway"}],
                "healthcheck": {"test": ["CMD", "wget", "-q", "-O", "/dev/null", READY]},
                "settle": 0,
            },
            "scrape": {"job": "node", "port": 9091},
        }

    def ok(self, playbook: Path, *arguments: str, **more: Any) -> str:
        done = processes.play("-i", self.inventory(**more), playbook, *arguments, **ENVIRONMENT)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
        return done.stdout

    def deploy_both(self) -> None:
        self.ok(DEPLOY, "--skip-tags", "proof")
        cron = self.directory / "leaver" / "cron"
        cron.mkdir(parents=True, exist_ok=True)
        (cron / "vya-n8n-exporter").write_text("# */3 * * * * root true\n")
        for instance in ("leaver", "hub"):
            url = f"http://127.0.0.1:{self.gateway_port}/metrics/job/test/instance/{instance}"
            assert requests.put(url, data="up 1\n", timeout=5).ok

    def arguments(self) -> list[str]:
        cron = str(self.directory / "leaver" / "cron")
        variables = {"decommission_host": "leaver", "n8n_exporter_cron_directory": cron}
        return ["-e", json.dumps({**variables, "decommission_remove_volumes": True})]

    def traces(self) -> dict[str, int]:
        """What there is of the host, by place; asked without the collection."""
        found = self.docker.containers.list(
            all=True, filters={"name": f"^{self.name}-own"}, ignore_removed=True
        )
        volumes = self.docker.volumes.list(filters={"name": f"{self.name}-own"})
        leaver = self.directory / "leaver"
        own = ("state", "config")
        files = [each for name in own for each in (leaver / name).rglob("*") if each.is_file()]
        gateway = f"http://127.0.0.1:{self.gateway_port}/api/v1/metrics"
        groups = requests.get(gateway, timeout=5).json()["data"]
        targets = requests.get(f"http://127.0.0.1:{self.port}/api/v1/targets", timeout=5).json()
        active = targets["data"]["activeTargets"]
        return {
            "containers": len(found),
            "volumes": len(volumes),
            "files": len(files),
            "cron": int((leaver / "cron" / "vya-n8n-exporter").exists()),
            "gateway": sum(each["labels"].get("instance") == "leaver" for each in groups),
            "targets": sum(each["labels"].get("host") == "leaver" for each in active),
        }

    def others(self) -> dict[str, Any]:
        """The containers of the other host: id and start."""
        names = [f"{self.name}-prometheus", f"{self.name}-gateway"]
        found = {name: self.docker.containers.get(name).attrs for name in names}
        return {name: (of["Id"], of["State"]["StartedAt"]) for name, of in found.items()}

    def remove(self) -> None:
        """Remove all containers, volumes and the network."""
        for container in self.docker.containers.list(
            all=True, filters={"name": f"^{self.name}"}, ignore_removed=True
        ):
            container.remove(force=True, v=True)
        for volume in self.docker.volumes.list(filters={"name": self.name}):
            volume.remove(force=True)
        for network in self.docker.networks.list(names=[self.name]):
            network.remove()

    def killed(self, seconds: float) -> bool:
        """Start the playbook, and kill all of it after so long; return whether it was running."""
        command = ["-i", str(self.inventory()), str(DECOMMISSION), *self.arguments()]
        run = subprocess.Popen(
            [processes.PLAYBOOK, *command],
            env=processes.environment(**ENVIRONMENT),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        running = run.poll() is None
        for pid in _descendants(run.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        run.wait()
        return running


ENVIRONMENT = {"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false", "ANSIBLE_VERBOSITY": "1"}


def _descendants(parent: int) -> Iterator[int]:
    """A process and all that it has started; each is stopped first, so that none starts another."""
    with contextlib.suppress(OSError):
        os.kill(parent, signal.SIGSTOP)
    yield parent
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                yield from _descendants(int(path.parent.name))
