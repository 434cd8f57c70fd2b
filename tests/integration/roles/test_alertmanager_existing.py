# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role alertmanager on an Alertmanager that somebody else started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from ..conftest import RunService, Service
from ..deployment import Deployment

BY_HAND = "route: {receiver: by-hand}\nreceivers: [{name: by-hand}]\n"
SECRET = "https://hooks.example.com/services/existing-secret"
NIGHT = {"start_time": "00:00", "end_time": "06:00"}


@dataclass
class Existing:
    """The server, its directory on the host, and the role for it."""

    service: Service
    directory: Path
    deployment: Deployment
    place: dict[str, Any]

    def loaded(self) -> str:
        status = requests.get(f"{self.service.url()}/api/v2/status", timeout=5).json()
        original: str = status["config"]["original"]
        return original

    def files(self) -> dict[str, str]:
        found = sorted(self.directory.rglob("*"))
        return {each.name: each.read_text() for each in found if each.is_file()}

    def started(self) -> str:
        self.service.container.reload()
        started: str = self.service.container.attrs["State"]["StartedAt"]
        return started


@pytest.fixture(scope="module")
def existing(
    tmp_path_factory: pytest.TempPathFactory,
    run_module_service: RunService,
    deployment: Callable[..., Deployment],
    service_image: Callable[[str], str],
) -> Existing:
    directory = tmp_path_factory.mktemp("existing") / "alertmanager"
    directory.mkdir(mode=0o755)
    directory.parent.chmod(0o755)
    directory.parent.parent.chmod(0o755)
    (directory / "main.yml").write_text(BY_HAND)
    service = run_module_service(
        "alertmanager",
        command=[
            "--config.file=/srv/config/main.yml",
            "--storage.path=/tmp",
            "--cluster.listen-address=",
        ],
        volumes={str(directory): {"bind": "/srv/config", "mode": "ro"}},
    )
    made = deployment("alertmanager", alertmanager_mode="existing", alertmanager_url=service.url())
    place = {
        "alertmanager_existing_config_directory": str(directory),
        "alertmanager_existing_mount_path": "/srv/config",
        "alertmanager_existing_config_file": "main.yml",
        "alertmanager_existing_container": service.container.name,
        "alertmanager_existing_image": service_image("alertmanager"),
    }
    return Existing(service, directory, made, place)


def test_without_a_place_it_is_only_checked_and_that_is_said(existing: Existing) -> None:
    said = existing.deployment.ok()
    assert "is only checked" in said
    assert "changed=0" in said
    assert existing.files() == {"main.yml": BY_HAND}


def test_with_a_place_it_is_configured_and_proven(existing: Existing) -> None:
    variables = {
        **existing.place,
        "alertmanager_receivers": [
            {"name": "operators", "slack": [{"api_url": SECRET, "channel": "#alerts"}]}
        ],
        "alertmanager_time_intervals": [
            {"name": "nights", "time_intervals": [{"times": [NIGHT], "months": ["may:july"]}]}
        ],
        "alertmanager_routes": [
            {"matchers": ['severity="info"'], "mute_time_intervals": ["nights"]}
        ],
    }
    started = existing.started()
    foreseen = existing.deployment.ok("--check", "--diff", **variables)
    assert "changed=1" in foreseen
    assert existing.files() == {"main.yml": BY_HAND}

    said = existing.deployment.ok("--diff", **variables)
    assert "changed=1" in said
    assert '"proven": true' in said
    assert SECRET not in foreseen + said
    assert "receiver: operators" in existing.loaded()
    assert "- nights" in existing.loaded()
    assert "/srv/config/secrets/slack_operators_1" in existing.loaded()
    secret = existing.directory / "secrets/slack_operators_1"
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == (SECRET, 0o440)
    assert existing.started() == started
    assert "changed=0" in existing.deployment.ok(**variables)


@pytest.mark.parametrize(
    ("route", "named"),
    [
        pytest.param({"receiver": "not-there"}, "not-there", id="preflight"),
        pytest.param({"group_by": ["twice", "twice"]}, "group_by", id="amtool"),
    ],
)
def test_what_alertmanager_refuses_changes_nothing(
    existing: Existing, route: dict[str, Any], named: str
) -> None:
    files, loaded = existing.files(), existing.loaded()
    done = existing.deployment.run(**existing.place, alertmanager_routes=[route])
    assert done.returncode != 0
    assert named in done.stdout
    assert (existing.files(), existing.loaded()) == (files, loaded)
