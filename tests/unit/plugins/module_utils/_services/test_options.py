# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What describes a service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._services.options import read
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.own import own_services

ROOT = Path(__file__).parents[5]
SHARED = {"state_directory": "/var/lib/vya-observability", "docker_host": "unix:///d.sock"}
CONTAINER = {"name": "one", "image": "example/one:1"}


def service(**keys: Any) -> dict[str, Any]:
    return {"state": "present", "release": CONTAINER, "config": None, "gated": False, **keys}


@pytest.mark.parametrize("page", ["docs/services.md", "docs/pt-BR/services.md"])
def test_the_example_of_the_documentation(page: str) -> None:
    text = (ROOT / page).read_text().split("```yaml\n")[1].split("```")[0]
    text = text.replace("{{ private_address }}", "10.0.0.7")
    text = text.replace("{{ observability_registry }}", "registry.example.com")
    variables = {"observability_network": "vya", **yaml.safe_load(text)}
    services, problems = read(own_services(variables), SHARED, set())
    assert problems == []
    assert [each.name for each in services] == ["node-exporter", "cadvisor"]


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (service(release={**CONTAINER, "memory": "lots"}), "memory"),
        (service(release={**CONTAINER, "state": "absent"}), "state"),
        (service(release={**CONTAINER, "state_directory": "/srv"}), "state_directory"),
        (service(release={**CONTAINER, "no_such_option": 1}), "no_such_option"),
        (service(release={"name": "one"}), "image"),
        (service(release={"image": "example/one:1"}), "name"),
        (service(release={**CONTAINER, "name": "one.previous"}), "name"),
        (service(config={"path": "/etc/one"}), "kind"),
        (service(config={"kind": "prometheus", "path": "/etc/one"}), "files"),
        (service(config={"kind": "traefik", "path": "/e", "files": {}, "reload": "x"}), "reload"),
    ],
)
def test_what_is_wrong_is_told_by_the_option(given: dict[str, Any], option: str) -> None:
    services, problems = read([given], SHARED, set())
    assert services == []
    (problem,) = problems
    assert option in problem[1]


def test_a_service_that_is_removed_needs_only_its_name() -> None:
    (found,), problems = read([service(state="absent", release={"name": "one"})], SHARED, set())
    assert (found.state, problems) == ("absent", [])


def test_the_configuration_is_that_of_the_container_and_secrets_are_hidden() -> None:
    secret = {"path": "/run/secrets/key", "content": "a secret of the container"}
    config = {
        "kind": "alertmanager",
        "path": "/etc/one",
        "files": {"alertmanager.yml": "text"},
        "secrets": [{"path": "key", "content": "a secret of the configuration"}],
    }
    hidden: set[str] = set()
    release = {**CONTAINER, "secrets": [secret]}
    (found,), _problems = read([service(release=release, config=config)], SHARED, hidden)
    assert found.config["image"] == "example/one:1"
    assert found.config["container"] == "one"
    assert hidden == {"a secret of the container", "a secret of the configuration"}
