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


def test_what_alertmanager_refuses_is_not_written(module, arguments, server, directory):
    before = on_disk(directory)
    broken = with_config(arguments, CONFIG.replace("      receiver: op", "      receiver: no-op"))
    for check in (True, False):
        result = module("alertmanager_config", check=check, **broken)
        result.fails("config.refused", program="alertmanager")
        assert "no-operators" in result["values"]["output"]
    assert on_disk(directory) == before


def test_what_the_server_refuses_is_put_back(module, arguments, server, directory):
    """A file that only the server's own container could have: one aside cannot judge it."""
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
        ({"files": {"a.yml": "a: b"}}, "config.file_missing", {"option": "config_file"}),
        ({"files": {"alertmanager.yml": "[a]"}}, "config.refused", {"program": "alertmanager"}),
        (
            {"files": {"alertmanager.yml": "a: b: c"}},
            "config.refused",
            {"name": "alertmanager.yml", "line": 1, "column": 5},
        ),
        ({"image": "test-config/none:at-all"}, "config.image_missing", {}),
    ],
)
def test_wrong_options_are_named_and_nothing_is_written(
    module, arguments, directory, wrong, code, values
):
    result = module("alertmanager_config", **{**arguments, **wrong})
    result.fails(code, **values)
    assert not directory.exists()


def test_a_secret_that_is_not_in_the_set_is_warned_of(module, arguments):
    """Alertmanager takes it, so it is no reason to refuse the rest."""
    result = module("alertmanager_config", **{**arguments, "secrets": []})
    assert result["changed"], result
    assert "receivers[0].slack_configs[0].api_url_file" in str(result["warnings"])


SPELLINGS = {
    "quotes in a matcher": CONFIG.replace("'instance =~ wf.+'", r"""'instance=~"till\\.[a-z]+"'"""),
    "blanks in a matcher": CONFIG.replace("'instance =~ wf.+'", "team = front of house"),
    "matchers of inhibition": CONFIG.replace("[severity = critical]", "['{a=\"b\",c!~d e}']"),
    "old matchers": CONFIG.replace('[\'{severity="warning", job!="a,b"}\']', "[]").replace(
        "      continue: true", "      match_re: {a: b.+}\n      continue: yes"
    ),
    "names of months and days": CONFIG + "time_intervals:\n  - name: n\n    time_intervals:\n"
    "      - {weekdays: ['Monday:Friday', SUNDAY], months: ['january:march', October]}\n",
    "older name of intervals": CONFIG
    + "mute_time_intervals:\n  - {name: n, time_intervals: [{months: [May], years: ['2030']}]}\n",
    "anchors": CONFIG.replace("global: {", "global: &g {").replace("30000ms", "&w 30s") + "# *w\n",
    "merged keys": CONFIG.replace(
        "inhibit_rules:\n  -", "inhibit_rules:\n  - <<: {equal: [a]}\n   "
    ),
    "the type of an equals sign": CONFIG.replace("[alertname, instance]", "[alertname]").replace(
        "http://hook.example.com/?a=b", "http://hook.example.com/="
    ),
    "no such day": CONFIG.replace('channel: "#alerts"', 'channel: 2024-02-30, title: "="'),
    "nothing": CONFIG.replace("global: {resolve_timeout: 300s}", "global:"),
    "a mark at the beginning": "\ufeff" + CONFIG,
    "carriage returns": CONFIG.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_that_alertmanager_takes_is_proven(module, arguments, server, text):
    result = module("alertmanager_config", **with_config(arguments, text))
    assert (result.failed, result.get("changed"), result.get("proven")) == (False, True, True), (
        result
    )
    assert "warnings" not in result
    again = module("alertmanager_config", **with_config(arguments, text))
    assert (again["changed"], again["proven"]) == (False, True), again


def test_a_secret_in_the_file_is_part_of_the_proof(module, arguments, server, directory):
    """Alertmanager prints none, but a hash of the file."""
    text = CONFIG + "    telegram_configs: [{chat_id: 1, bot_token: 'one-horse'}]\n"
    assert module("alertmanager_config", **with_config(arguments, text))["proven"]
    other = {**arguments, "path": str(directory.parent / "other")}
    del other["container"]
    result = module("alertmanager_config", **with_config(other, text.replace("one-", "two-")))
    result.fails("server.other_config", differences=["hash"])


LEAKS = """\
global:
  slack_api_url: https://hooks.chat.example.com/services/T0/B0/zzSECRETzz
route: {receiver: everyone}
receivers:
  - name: everyone
    webhook_configs:
      - {url: 'https://hooks.example.com/alert?token=zzSECRETzz'}
      - {url: 'https://me:zzSECRETzz@hooks.example.com/alert'}
    pushover_configs:
      - {user_key: zzSECRETzz, token: zzSECRETzz}
    email_configs:
      - {to: a@example.com, from: b@example.com, smarthost: 'smtp.example.com:25',
         auth_username: u, auth_password: "zzSECRETzz"}
    wechat_configs:
      - corp_id: c
        api_secret: >-
          zzSECRETzz
"""


@pytest.mark.parametrize("broken", ["", "nothing: {a: zzSECRETzz, password: zzSECRETzz}\n"])
def test_no_secret_is_shown_in_diff_result_or_error(module, arguments, broken):
    new = {**with_config(arguments, LEAKS + broken), "secrets": []}
    for check in (True, False):
        result = module("alertmanager_config", check=check, **new)
        assert result.failed is bool(broken), result
        assert "zzSECRETzz" not in result.output
        # What is no secret is still told: the diff, or the server's own words.
        if broken:
            assert "field nothing not found" in result["values"]["output"]
            assert "everyone" not in str(result["invocation"])
        else:
            assert "everyone" in str(result["diff"])


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
