# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.settings import Settings

from ...processes import command
from .settings_tools import MISSING, assert_named, changed, problems

Load = Callable[[Any], Settings]


def test_a_full_configuration_is_valid(config: dict[str, Any], load: Load) -> None:
    settings = load(config)
    assert settings.databases[0].effective_port == 5432
    assert settings.databases[1].effective_port == 3306
    assert settings.pushgateway
    assert (settings.pushgateway.interval_seconds, settings.pushgateway.timeout_seconds) == (60, 10)


@pytest.mark.parametrize(
    ("setting", "value", "named", "said"),
    [
        ("host", MISSING, "host", "expected a value"),
        ("host", "0.0.0.0", "host", "no address"),
        ("host", "192.0.2.7", "host", "no address"),
        ("host", "0.0.0.0:5000", "host", "no address"),
        ("host", "localhost", "host", "no address"),
        ("host", "::", "host", "no address"),
        ("host", "", "host", "own name"),
        ("region", "south america", "region", "pattern"),
        ("location", "", "location", "at least 1"),
        ("location", "a\nb", "location", "pattern"),
        ("api", MISSING, "api", "expected a value"),
        ("api.keys_file", MISSING, "api.keys_file", "expected a value"),
        ("api.keys_file", "/nowhere/keys", "api.keys_file", "No such file"),
        ("api.port", 70000, "api.port", "less than or equal to 65535"),
        ("api.port", "5001", "api.port", "valid integer"),
        ("api.port", True, "api.port", "valid integer"),
        ("api.port", 9102, "metrics.port", "another port"),
        ("api.listen", "wf001", "api.listen", "IP address"),
        ("api.key", "x", "api.key", "unknown setting"),
        ("databases.0.port", 0, "databases[0].port", "greater than or equal to 1"),
        ("databases.1.type", "oracle", "databases[1].type", "'postgresql' or 'mysql'"),
        ("databases.1.name", "orders", "databases", "names that differ"),
        ("databases.0.password_file", "/nowhere", "databases[0].password_file", "No such file"),
        ("databases.0.timeout_seconds", 61, "databases[0].timeout_seconds", "60"),
        ("databases.0.interval_seconds", 3, "databases[0].timeout_seconds", "interval_seconds"),
        ("databases.0", "postgresql://host", "databases[0]", "object"),
        ("databases", {}, "databases", "list"),
        ("pushgateway.url", "prometheus.example.com", "pushgateway.url", "http(s)://"),
        ("pushgateway.url", "ftp://example.com", "pushgateway.url", "http(s)://"),
        ("pushgateway.url", "https://example.com:99999", "pushgateway.url", "http(s)://"),
        ("pushgateway.url", "https://example.com/metrics/job/x", "pushgateway.url", "base URL"),
        ("pushgateway.url", "https://exa mple.com", "pushgateway.url", "http(s)://"),
        ("pushgateway.username", "x", "pushgateway", "together"),
        ("pushgateway.ca_file", "/nowhere.pem", "pushgateway.ca_file", "No such file"),
        ("pushgateway.timeout_seconds", 61, "pushgateway.timeout_seconds", "60"),
        ("pushgateway.interval_seconds", 5, "pushgateway.timeout_seconds", "at most"),
        ("log_level", "loud", "log_level", "'debug'"),
        ("unknown", 1, "unknown", "unknown setting"),
    ],
)
def test_a_wrong_setting_is_named(
    config: dict[str, Any], load: Load, setting: str, value: Any, named: str, said: str
) -> None:
    assert_named(load, config, setting, value, named, said)


def test_all_problems_are_reported_in_one_go(config: dict[str, Any], load: Load) -> None:
    config["host"] = "0.0.0.0"
    config["api"] = {"port": 0, "keys_file": "/nowhere", "colour": "red"}
    config["databases"][0]["port"] = "x"
    config["databases"][1]["name"] = "orders"
    config["pushgateway"]["username"] = "x"
    config["log_level"] = "loud"
    named = {problem.split(":")[0] for problem in problems(load, config)}
    assert named == {
        "host", "api.port", "api.keys_file", "api.colour", "databases[0].port", "databases",
        "pushgateway", "log_level",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "seen 0"),
        ("\n \n", "seen 0"),
        ("short", "at least 16"),
        ("k" * 15 + "é", "at least 16"),
        ("key with spaces in it", "at least 16"),
        ("a" * 20 + "\n" + "b" * 20 + "\n" + "c" * 20, "seen 3"),
        ("a" * 20 + "\n" + "a" * 20, "the same one twice"),
    ],
)
def test_unusable_keys(config: dict[str, Any], load: Load, content: str, said: str) -> None:
    Path(config["api"]["keys_file"]).write_text(content)
    (problem,) = problems(load, config)
    assert problem.startswith("api.keys_file: ")
    assert said in problem
    shown = problem.removesuffix(f" (file {config['api']['keys_file']})")
    assert not any(line in shown for line in content.split("\n") if line.strip())


def test_files_with_the_wrong_content(config: dict[str, Any], load: Load, tmp_path: Path) -> None:
    Path(config["databases"][0]["password_file"]).write_text("\n")
    (tmp_path / "ca").write_text("not a certificate")
    config["pushgateway"]["ca_file"] = str(tmp_path / "ca")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    config["api"]["keys_file"] = str(tmp_path / "binary")
    found = "\n".join(problems(load, config))
    assert "api.keys_file: expected a text file" in found
    assert "databases[0].password_file: expected one line with the secret" in found
    assert "pushgateway.ca_file: expected certificates in PEM form" in found


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("api.key", "hunter2-hunter2"),
        ("api.keys_file", "hunter2-hunter2"),
        ("databases.0.password", "hunter2-hunter2"),
        ("databases.0.password_file", "hunter2-hunter2"),
        ("databases.0", "postgresql://u:hunter2-hunter2@host/db"),
        ("pushgateway.url", "https://u:hunter2-hunter2@example.com"),
        ("pushgateway", "https://u:hunter2-hunter2@example.com"),
        ("pushgateway.username", ["hunter2-hunter2"]),
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(
    config: dict[str, Any], load: Load, setting: str, value: Any
) -> None:
    assert "hunter2" not in "".join(problems(load, changed(config, setting, value)))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '"x"', "[" * 100_000, '{"a":NaN}'])
def test_not_a_settings_object(load: Load, text: str) -> None:
    assert problems(load, text)


def test_a_setting_given_twice_is_refused(config: dict[str, Any], load: Load) -> None:
    text = json.dumps(config)[:-1] + ', "host": "wf002"}'
    assert problems(load, text) == ["host: expected once, seen 2 times in one object"]


def test_the_command_says_what_is_wrong_and_does_not_start(
    config: dict[str, Any], load: Load, tmp_path: Path
) -> None:
    path = str(tmp_path / "collector.json")
    load(config)
    valid = command("check-config", "--config", path)
    assert (valid.returncode, valid.stdout) == (0, f"{path}: valid\n")

    Path(config["api"]["keys_file"]).unlink()
    for name in ("check-config", "api"):
        refused = command(name, "--config", path)
        assert refused.returncode == 2
        assert "  api.keys_file: " in refused.stderr
        assert "No such file" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert command("api", "--config", "/nowhere.json").returncode == 2
