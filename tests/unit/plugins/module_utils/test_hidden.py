# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A misspelt key inside an option that holds secrets: the error does not show its value."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from ansible.module_utils import basic

MODULES = "ansible_collections.vya.observability.plugins.modules"
SECRET = "hunter2-never-shown"
URL = "http://127.0.0.1:9"
SET = {"path": "/nowhere/of-this-test", "files": {"a.yml": "a: b"}, "image": "i"}
WRONG: dict[str, dict[str, Any]] = {
    "container_release": {
        "name": "app",
        "image": "i",
        "secrets": [{"path": "/run/key", "contents": SECRET, "content": "x" * 9}],
    },
    "prometheus_config": {**SET, "secrets": [{"path": "key", "contnet": SECRET}]},
    "prometheus_rules": {**SET, "files": {"a.yml": {"password": SECRET}}, "secrets": [{"p": 1}]},
    "alertmanager_config": {**SET, "secrets": [{"path": "key", "text": SECRET}]},
    "traefik_config": {**SET, "secrets": [{"path": "key", "content": "x", "value": SECRET}]},
    "grafana_bundle": {
        "url": URL,
        "datasources": [
            {"name": "P", "type": "prometheus", "secure_json_dta": {"basicAuthPassword": SECRET}}
        ],
    },
    "ping_check": {"collectors": [{"name": "c", "url": URL, "keey": SECRET}]},
    "metrics_check": {
        "collectors": [{"host": "c", "job": "j", "api_keys": SECRET}],
        "pushgateway": {"url": URL},
        "prometheus": {"url": URL},
    },
    "service_check": {"services": [{"name": "p", "url": URL, "url_pasword": SECRET}]},
    "roundtrip_check": {"pushgateway": {"url": URL, "bearer_tokn": SECRET}},
    "pipeline_check": {
        "collectors": [{"name": "c", "url": URL, "keys": ["k"], "key": SECRET}],
        "pushgateway": {"url": URL},
        "prometheus": {"url": URL},
    },
    "pipeline_check as one text": {"collectors": SECRET},
    "alert_drill": {"pushgateway": {"url": URL, "url_passwort": SECRET}},
}


def run(
    module: str, arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> tuple[dict[str, Any], str]:
    """Run a module in this process, as verbosely as it can."""
    given = {"ANSIBLE_MODULE_ARGS": {**arguments, "_ansible_verbosity": 4}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(given).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    with pytest.raises(SystemExit):
        importlib.import_module(f"{MODULES}.{module}").main()
    said = capsys.readouterr()
    return json.loads(said.out), said.out + said.err


@pytest.mark.parametrize("module", WRONG)
def test_a_misspelt_key_does_not_show_its_value(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    result, said = run(module.split()[0], WRONG[module], monkeypatch, capsys)
    assert result["failed"]
    assert "invocation" in result
    assert SECRET not in said


def test_a_misspelt_option_does_not_show_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    arguments = {**SET, "secrtes": [{"path": "key", "content": SECRET}], "container": "a"}
    result, said = run("prometheus_rules", arguments, monkeypatch, capsys)
    assert SECRET not in said
    assert result["invocation"]["module_args"]["container"] == "a"


def test_files_are_not_written_to_the_hosts_log(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Ansible writes each call there, before anybody can say what in it is a secret."""
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, msg, **_more: logged.append(msg))
    arguments = {**SET, "path": "/tmp", "files": {"a.yml": f"password: {SECRET}"}}
    _result, said = run("prometheus_rules", arguments, monkeypatch, capsys)
    assert "path=/tmp" in str(logged)
    assert SECRET not in str(logged) + said


def test_what_is_no_secret_is_shown_once_the_keys_are_right(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    wrong = [{"path": "../tls.key", "content": SECRET}]
    result, said = run("prometheus_rules", {**SET, "secrets": wrong}, monkeypatch, capsys)
    assert (result["code"], result["values"]["name"]) == ("config.name", "../tls.key")
    assert SECRET not in said
