# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host without Docker: check mode predicts what a run would do there; a run fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ...processes import run_module

SECRET = "hooks-very-secret-1"


@pytest.fixture
def arguments(tmp_path: Path) -> dict[str, Any]:
    etc = tmp_path / "etc" / "vya-observability" / "alertmanager"
    return {
        "docker_host": f"unix://{tmp_path}/no.sock",
        "state_directory": str(tmp_path / "state"),
        "private_directories": [str(etc.parent)],
        "services": [
            {
                "certificate": {"path": str(tmp_path / "ca"), "names": ["a.example.com"]},
                "config": {
                    "kind": "alertmanager",
                    "path": str(etc),
                    "url": "http://127.0.0.1:9",
                    "files": {"alertmanager.yml": {"route": {"receiver": "a"}}},
                    "secrets": [{"path": "secrets/hook", "content": SECRET}],
                },
                "release": {
                    "name": "alertmanager",
                    "image": "an/image:1",
                    "ports": ["127.0.0.1:9093:9093"],
                    "volumes": [{"source": str(etc), "target": "/etc/alertmanager"}],
                    "secrets": [{"path": "/run/secrets/one", "content": SECRET}],
                },
            },
            {"release": {"name": "gone"}, "state": "absent"},
        ],
    }


def test_check_mode_foresees_all_of_it(tmp_path: Path, arguments: dict[str, Any]) -> None:
    found, output = run_module("container_services", arguments, check=True)
    assert found.get("changed"), found
    made, gone = found["services"]["alertmanager"], found["services"]["gone"]
    assert made["actions"] == ["create container alertmanager"]
    assert made["certificate"]["changed"]
    assert made["config"]["written"] == ["./", "alertmanager.yml", "secrets/", "secrets/hook"]
    assert (gone["changed"], gone["actions"]) == (False, [])
    headers = {each["after_header"] for each in found["diff"]}
    assert {"alertmanager", str(tmp_path / "ca")} < headers
    assert SECRET not in output
    assert len([each for each in found["warnings"] if "not judged" in str(each)]) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_plan_of_check_mode_has_all_services_that_would_change(arguments: dict[str, Any]) -> None:
    found, _output = run_module("container_services", {**arguments, "state": "planned"}, check=True)
    assert (found["pending"], found["releases"]) == (["alertmanager"], [])


def test_a_run_fails_there(arguments: dict[str, Any]) -> None:
    found, _output = run_module("container_services", arguments)
    assert found["code"] == "docker.no_socket"


def test_without_any_python_module(tmp_path: Path, arguments: dict[str, Any]) -> None:
    """As with a distribution's Python alone: nothing beside Ansible's own can be imported."""
    (tmp_path / "hide").mkdir()
    for name in ("docker", "requests", "urllib3", "cryptography", "yaml"):
        (tmp_path / "hide" / f"{name}.py").write_text("raise ImportError\n")
    path = os.pathsep.join([str(tmp_path / "hide"), *sys.path])
    alertmanager = arguments["services"][0]
    traefik = {
        "config": {
            **{name: alertmanager["config"][name] for name in ("url", "secrets")},
            "kind": "traefik",
            "path": str(tmp_path / "etc" / "vya-observability" / "traefik"),
            "files": {"routes.yml": {"http": {"routers": {}}}},
        },
        "release": {**alertmanager["release"], "name": "traefik", "volumes": []},
    }
    arguments["services"].append(traefik)
    found, output = run_module("container_services", arguments, check=True, PYTHONPATH=path)
    assert found.get("changed"), found
    made = found["services"]["alertmanager"]
    assert made["certificate"]["changed"]
    assert "alertmanager.yml" in made["config"]["written"]
    assert "routes.yml" in found["services"]["traefik"]["config"]["written"]
    assert SECRET not in output
