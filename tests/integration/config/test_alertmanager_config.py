# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""alertmanager_config against a real Alertmanager in Docker."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import requests

SECRET = "https://hooks.example.com/services/correct-horse"
CONFIG = """\
global: {resolve_timeout: 300s}
templates: [templates/*.tmpl]
route:
  receiver: operators
  group_by: [alertname, instance]
  group_wait: 30000ms
  repeat_interval: 1h30m
  routes:
    - matchers: [severity="critical", 'instance =~ wf.+']
      continue: true
      receiver: operators
    - matchers: ['{severity="warning", job!="a,b"}']
inhibit_rules:
  - source_matchers: [severity = critical]
    target_matchers: [severity = warning]
    equal: [alertname]
receivers:
  - name: operators
    slack_configs: [{channel: "#alerts", api_url_file: /etc/alertmanager/secrets/slack}]
    webhook_configs: [{url: "http://hook.example.com/?a=b"}]
"""
TEMPLATE = '{{ define "short" }}{{ .Status }}{{ end }}\n'


@pytest.fixture
def arguments(directory: Path, free_port: int, service_image) -> dict[str, Any]:
    return {
        "path": str(directory),
        "image": service_image("alertmanager"),
        "url": f"http://127.0.0.1:{free_port}",
        "wait_timeout": 60,
        "files": {"alertmanager.yml": CONFIG, "templates/short.tmpl": TEMPLATE},
        "secrets": [{"path": "secrets/slack", "content": SECRET}],
    }


@pytest.fixture
def server(module, arguments, directory, container, wait_for) -> str:
    """The first deployment: written, then started."""
    first = module("alertmanager_config", **arguments)
    assert first["changed"], first
    assert not first["proven"]
    port = int(arguments["url"].rpartition(":")[2])
    started = container(
        "alertmanager",
        command=[
            "--config.file=/etc/alertmanager/alertmanager.yml",
            "--storage.path=/tmp",
            "--cluster.listen-address=",
        ],
        volumes={str(directory): {"bind": "/etc/alertmanager", "mode": "ro"}},
        ports={"9093/tcp": ("127.0.0.1", port)},
    )
    wait_for(f"{arguments['url']}/-/ready", started)
    arguments["container"] = started.name
    arguments["reload"] = "required"
    return arguments["url"]


def with_config(arguments: dict[str, Any], text: str) -> dict[str, Any]:
    new = copy.deepcopy(arguments)
    new["files"]["alertmanager.yml"] = text
    return new


def loaded(url: str) -> str:
    return requests.get(f"{url}/api/v2/status", timeout=5).json()["config"]["original"]


def on_disk(directory: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


def test_everything_written_is_proven_to_be_loaded(module, arguments, server):
    result = module("alertmanager_config", **arguments)
    assert (result["changed"], result["proven"], result["reloaded"]) == (False, True, False), result
    assert result["loaded"]["receivers"] == ["operators"]
    assert (result["loaded"]["routes"], result["loaded"]["inhibit_rules"]) == (3, 1)
    assert module("alertmanager_config", check=True, **arguments)["proven"]


def test_a_change_is_foreseen_reloaded_and_proven(module, arguments, server):
    new = with_config(arguments, CONFIG.replace("1h30m", "2h"))
    predicted = module("alertmanager_config", check=True, **new)
    assert "repeat_interval: 1h30m" in loaded(server)
    result = module("alertmanager_config", **new)
    assert predicted["diff"] == result["diff"]
    assert predicted["reloaded"] is result["reloaded"] is True
    assert result["proven"]
    assert "repeat_interval: 2h" in loaded(server)
    assert SECRET not in result.output + predicted.output
    assert module("alertmanager_config", **new)["changed"] is False


def test_what_amtool_refuses_is_not_written(module, arguments, server, directory):
    before = on_disk(directory)
    broken = with_config(arguments, CONFIG.replace("      receiver: op", "      receiver: no-op"))
    for check in (True, False):
        result = module("alertmanager_config", check=check, **broken)
        result.fails("config.refused", program="amtool")
        assert "no-operators" in result["values"]["output"]
    assert on_disk(directory) == before


def test_what_the_server_refuses_is_put_back(module, arguments, server, directory):
    """amtool does not look into the receivers' TLS files; the server does."""
    before = on_disk(directory)
    tls = ", http_config: {tls_config: {ca_file: /none/ca.pem}}}]\n"
    broken = with_config(arguments, CONFIG.replace('?a=b"}]\n', f'?a=b"{tls}'))
    result = module("alertmanager_config", **broken)
    result.fails("server.refused", undone="restored")
    assert "/none/ca.pem" in result["values"]["answer"] + result["values"]["log"]
    assert on_disk(directory) == before
    assert module("alertmanager_config", **arguments)["changed"] is False


def test_a_server_that_runs_something_else_is_found(module, arguments, server, directory):
    other = {**with_config(arguments, CONFIG.replace("severity = warning", "severity = info"))}
    del other["container"]
    other["path"] = str(directory.parent / "other")
    result = module("alertmanager_config", **other)
    result.fails("server.other_config", differences=["inhibit_rules[0].target_matchers[0]"])


def test_a_server_that_missed_a_reload_is_reloaded(module, arguments, server, directory):
    config = directory / "alertmanager.yml"
    config.write_text(CONFIG.replace("1h30m", "3h"))
    requests.post(f"{server}/-/reload", timeout=10).raise_for_status()
    config.write_text(CONFIG)
    result = module("alertmanager_config", **arguments)
    assert (result["changed"], result["reloaded"], result["written"]) == (True, True, [])
    assert "repeat_interval: 1h30m" in loaded(server)


@pytest.mark.parametrize(
    ("wrong", "code", "values"),
    [
        (
            {"secrets": []},
            "config.file_missing",
            {"option": "receivers[0].slack_configs[0].api_url_file"},
        ),
        ({"files": {"a.yml": "a: b"}}, "config.file_missing", {"option": "config_file"}),
        ({"files": {"alertmanager.yml": "[a]"}}, "config.no_mapping", {"name": "alertmanager.yml"}),
        ({"image": "test-config/none:at-all"}, "config.image_missing", {}),
    ],
)
def test_wrong_options_are_named_and_nothing_is_written(
    module, arguments, directory, wrong, code, values
):
    result = module("alertmanager_config", **{**arguments, **wrong})
    result.fails(code, **values)
    assert not directory.exists()


def test_secrets_in_the_configuration_itself_are_not_shown(module, arguments, server):
    """A token that no file can hold before 0.26."""
    token = "123456:correct-horse"
    text = CONFIG + f"    telegram_configs: [{{chat_id: 1, bot_token: '{token}'}}]\n"
    hidden = copy.deepcopy(arguments)
    del hidden["files"]["alertmanager.yml"]
    hidden["secrets"].append({"path": "alertmanager.yml", "content": text})
    for new in (with_config(arguments, text), hidden):
        for check in (True, False):
            result = module("alertmanager_config", check=check, **new)
            assert result["changed"], result
            assert token not in result.output
        assert result["proven"]
