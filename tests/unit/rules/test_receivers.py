# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the role alertmanager puts the secrets that not every version takes from files."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import yaml

from .rendered import ROOT, play

ROLE = ROOT / "roles/alertmanager"
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: vya.observability.alertmanager
        tasks_from: preflight
        public: true
    - ansible.builtin.copy:
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}.json"
        content: "{{ {'files': alertmanager_files, 'secrets': alertmanager_secrets} | to_json }}"
        mode: "0644"
"""
TOKEN, URL = "123456:token", "https://chat.example.com/hook"
RECEIVERS = [
    {
        "name": "operators",
        "webhooks": [{"secret_url": URL}],
        "telegram": [{"bot_token": TOKEN, "chat_id": -1, "api_url": "http://bots.example.com"}],
    }
]


def version(number: str) -> dict[str, str]:
    """What a task was told by amtool."""
    return {"stdout": f"amtool, version {number} (branch: HEAD, revision: 4ba04be)\n  platform: a"}


SERVERS: dict[str, dict[str, Any]] = {
    "debian": {"alertmanager_image_version": version("0.25.0")},
    "production": {"alertmanager_image_version": version("0.28.1")},
    # Built without its version, not there yet, and no Docker to ask.
    "unknown": {"alertmanager_image_version": version("")},
    "pending": {"alertmanager_image_version": {"msg": "no such program", "rc": 2}},
    "told-inline": {
        "alertmanager_image_version": version("0.28.1"),
        "alertmanager_inline_secrets": True,
    },
    "told-files": {
        "alertmanager_image_version": version("0.25.0"),
        "alertmanager_inline_secrets": False,
    },
    "elsewhere": {
        "alertmanager_mode": "existing",
        "alertmanager_existing_config_directory": "/srv/alertmanager/config",
        "alertmanager_existing_mount_path": "/config",
        "alertmanager_existing_config_file": "main.yml",
    },
}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each server gets."""
    directory = tmp_path_factory.mktemp("receivers")
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "alertmanager_receivers": RECEIVERS,
    }
    play(directory, PLAY, ROLE, {"all": {"vars": variables, "hosts": SERVERS}})
    return {name: json.loads((directory / f"{name}.json").read_text()) for name in SERVERS}


@pytest.mark.parametrize("server", ["production", "unknown", "pending", "told-files"])
def test_secrets_are_files(sets: dict[str, dict[str, Any]], server: str) -> None:
    config = sets[server]["files"]["alertmanager.yml"]
    assert TOKEN not in config
    assert URL not in config
    assert "bot_token_file: /etc/alertmanager/secrets/telegram_operators_1" in config
    assert "url_file: /etc/alertmanager/secrets/webhook_url_operators_1" in config
    assert {one["path"]: one["content"] for one in sets[server]["secrets"]} == {
        "secrets/telegram_operators_1": TOKEN,
        "secrets/webhook_url_operators_1": URL,
    }


@pytest.mark.parametrize("server", ["debian", "told-inline"])
def test_an_older_version_has_them_in_its_configuration_which_is_secret_then(
    sets: dict[str, dict[str, Any]], server: str
) -> None:
    assert "alertmanager.yml" not in sets[server]["files"]
    (secret,) = sets[server]["secrets"]
    assert secret["path"] == "alertmanager.yml"
    (receiver,) = yaml.safe_load(secret["content"])["receivers"]
    assert receiver["telegram_configs"][0]["bot_token"] == TOKEN
    assert receiver["telegram_configs"][0]["api_url"] == "http://bots.example.com"
    assert receiver["webhook_configs"][0]["url"] == URL


def test_an_existing_server_has_its_own_paths(sets: dict[str, dict[str, Any]]) -> None:
    files = sets["elsewhere"]["files"]
    assert set(files) == {"main.yml", "templates/vya.tmpl"}
    config = yaml.safe_load(files["main.yml"])
    assert config["templates"] == ["/config/templates/*.tmpl"]
    (receiver,) = config["receivers"]
    assert receiver["telegram_configs"][0]["bot_token_file"] == (
        "/config/secrets/telegram_operators_1"
    )
