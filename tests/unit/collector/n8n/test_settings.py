# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._preflight.n8n_exporter import (
    needed,
)
from collector.check import SettingsError
from collector.n8n import memory
from collector.n8n.settings import ExecutionsSettings, load_executions, load_nodes

from ....processes import command, python
from ..settings_tools import MISSING, assert_named, changed, problems

Load = Callable[[Any], ExecutionsSettings]


def test_the_defaults_are_gentle(config: dict[str, Any], read: Load) -> None:
    del config["n8n"]["pause_seconds"]
    settings = read(config)
    assert (settings.n8n.pause_seconds, settings.n8n.retries) == (0.25, 3)
    limits = settings.limits
    assert (limits.executions, limits.requests, limits.seconds) == (2000, 60, 90)


@pytest.mark.parametrize(
    ("setting", "value", "named", "said"),
    [
        ("host", "192.0.2.7", "host", "no address"),
        ("n8n", MISSING, "n8n", "expected a value"),
        ("n8n.url", "n8n.example.com", "n8n.url", "http(s)://"),
        ("n8n.url", "https://n8n.example.com/api/v1", "n8n.url", "base URL"),
        ("n8n.api_key_file", MISSING, "n8n.api_key_file", "expected a value"),
        ("n8n.api_key_file", "/nowhere", "n8n.api_key_file", "No such file"),
        ("n8n.api_key", "x", "n8n.api_key", "unknown setting"),
        ("n8n.ca_file", "/nowhere", "n8n.ca_file", "No such file"),
        ("n8n.page_size", 251, "n8n.page_size", "250"),
        ("n8n.retries", 11, "n8n.retries", "10"),
        ("n8n.username", "x", "n8n", "together"),
        ("n8n.timeout_seconds", 0, "n8n.timeout_seconds", "0.5"),
        ("limits.seconds", 20, "limits.seconds", "at least n8n.timeout_seconds (30)"),
        ("limits.executions", 50, "limits.executions", "at least n8n.page_size (100)"),
        ("limits.requests", 0, "limits.requests", "10"),
        ("limits.nodes", 5, "limits.nodes", "unknown setting"),
        ("state_directory", "/nowhere", "state_directory", "can write"),
        ("pushgateway", MISSING, "pushgateway", "seen neither"),
        ("victoriametrics", {"url": "https://vm.example.com"}, "pushgateway", "seen pushgateway"),
        ("pushgateway.username", "x", "pushgateway", "together"),
        ("log_level", "loud", "log_level", "'debug'"),
    ],
)
def test_a_wrong_setting_is_named(
    config: dict[str, Any], read: Load, setting: str, value: Any, named: str, said: str
) -> None:
    assert_named(read, config, setting, value, named, said)


@pytest.mark.parametrize("content", ["", "two\nlines", "with space", "schlüssel"])
def test_an_unusable_key_is_refused_and_not_shown(
    config: dict[str, Any], read: Load, content: str
) -> None:
    Path(config["n8n"]["api_key_file"]).write_text(content)
    (problem,) = problems(read, config)
    assert problem.startswith("n8n.api_key_file: ")
    assert not content or content not in problem


@pytest.fixture
def nodes(config: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "password").write_text("a-database-password")
    database = {
        "host": "db.example.com",
        "database": "n8n",
        "user": "reader",
        "password_file": str(tmp_path / "password"),
    }
    return {name: value for name, value in config.items() if name != "n8n"} | {"database": database}


@pytest.mark.parametrize(
    ("setting", "value", "named", "said"),
    [
        ("database", MISSING, "database", "expected a value"),
        ("database.password_file", "/nowhere", "database.password_file", "No such file"),
        ("database.password", "x", "database.password", "unknown setting"),
        ("database.schema", 'public"; --', "database.schema", "pattern"),
        ("database.tables_prefix", 'n8n";--', "database.tables_prefix", "pattern"),
        ("saved", ["everything"], "saved[0]", "'success'"),
        ("database.tls", "maybe", "database.tls", "'disable'"),
        ("limits.seconds", 5, "limits.seconds", "at least database.timeout_seconds (10)"),
        ("limits.executions", 10, "limits.executions", "at least database.page_size (20)"),
        ("n8n", {}, "n8n", "unknown setting"),
    ],
)
def test_a_wrong_setting_of_the_nodes_is_named(
    nodes: dict[str, Any], tmp_path: Path, setting: str, value: Any, named: str, said: str
) -> None:
    def read(data: Any) -> Any:
        (tmp_path / "n8n.json").write_text(json.dumps(data))
        return load_nodes(str(tmp_path / "n8n.json"))

    assert read(nodes).database.port == 5432
    assert_named(read, nodes, setting, value, named, said)


def test_what_a_run_may_need_is_what_the_role_says(
    config: dict[str, Any], nodes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "limit", lambda: 128 << 20)

    def refused(load: Callable[[str], Any], data: dict[str, Any], limits: dict[str, int]) -> bool:
        (tmp_path / "n8n.json").write_text(json.dumps({**data, "limits": limits}))
        try:
            load(str(tmp_path / "n8n.json"))
        except SettingsError:
            return True
        return False

    found = set()
    for size in (1 << 20, 2 << 20, 3 << 20):
        for number in (1, 1000, 5000, 10_000):
            limits = {"data_bytes": size, "nodes": number}
            assert memory.for_nodes(**limits) == needed("nodes", limits)
            found.add(refused(load_nodes, nodes, limits))
            assert refused(load_nodes, nodes, limits) == (needed("nodes", limits) > 128 << 20)
    assert found == {True, False}
    for workflows, large in ((1000, False), (5000, False), (10_000, True)):
        assert memory.for_executions(workflows) == needed("executions", {"workflows": workflows})
        assert refused(load_executions, config, {"workflows": workflows}) is large
    assert not refused(load_nodes, nodes, {})
    assert memory.largest_answer(1000) == (128 - 56) * (1 << 20) // 12 - 1024 * 1000
    monkeypatch.setattr(memory, "limit", lambda: None)
    assert not refused(load_nodes, nodes, {"data_bytes": 16 << 20})


@pytest.mark.parametrize(("text", "seen"), [("134217728\n", 128 << 20), ("max\n", None)])
def test_what_a_container_may_use(tmp_path: Path, text: str, seen: int | None) -> None:
    (tmp_path / "memory.max").write_text(text)
    assert memory.limit((str(tmp_path / "memory.max"), "/nowhere")) == seen


def test_the_commands_check_them(config: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "n8n.json"
    path.write_text(json.dumps(config))
    valid = python(
        "-m", "collector", "check-config", "--for", "n8n-executions", "--config", str(path)
    )
    assert (valid.returncode, valid.stdout) == (0, f"{path}: valid\n")
    assert command("check-config", "--config", str(path)).returncode == 2  # not the API's
    path.write_text(json.dumps(changed(config, "n8n.url", "x")))
    refused = command("n8n-executions", "--config", str(path))
    assert refused.returncode == 2
    assert "  n8n.url: " in refused.stderr


def test_the_api_loads_nothing_of_it() -> None:
    code = "import sys, collector.service, collector.check; print(*sys.modules)"
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    assert "collector.n8n" not in done.stdout
    assert "collector.service" in done.stdout
