# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.ping.plan import Target, read_plan
from collector.ping.settings import PingSettings, load

from ....processes import python
from ..settings_tools import MISSING, assert_named, changed, problems

Load = Callable[[Any], PingSettings]


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "key").write_text("the-first-key-0123456789\n")
    (tmp_path / "bad-key").write_text("a key with spaces\n")
    key = str(tmp_path / "key")
    return {
        "host": "wf008",
        "source": {"location": "brazil", "datacenter": "wf008", "country": "BR"},
        "targets": [
            {
                "name": "wf001",
                "location": "usa",
                "url": "https://a.example.com/",
                "api_key_file": key,
            },
            {
                "name": "wf009",
                "location": "eu",
                "url": "https://b.example.com",
                "api_key_file": key,
            },
        ],
    }


@pytest.fixture
def read(tmp_path: Path) -> Load:
    def write_and_load(data: Any) -> PingSettings:
        path = tmp_path / "ping.json"
        path.write_text(json.dumps(data))
        return load(str(path))

    return write_and_load


@pytest.mark.parametrize(
    ("setting", "value", "named", "said"),
    [
        ("host", "192.0.2.7", "host", "no address"),
        ("source", MISSING, "source", "expected a value"),
        ("source.country", "", "source.country", "at least 1"),
        ("targets", [], "targets", "at least 1"),
        ("targets.1.name", "wf001", "targets", "another name"),
        ("targets.1.location", "usa", "targets", "another location"),
        ("targets.0.url", "https://a.example.com/api/v1", "targets[0].url", "base URL"),
        ("targets.0.api_key_file", "/nowhere", "targets[0].api_key_file", "No such file"),
        ("targets.0.api_key", "x", "targets[0].api_key", "unknown setting"),
        ("targets.0.username", "x", "targets[0]", "together"),
        ("targets.0.timeout_seconds", 31, "targets[0].timeout_seconds", "at most interval"),
        ("interval_seconds", 5, "targets[1].timeout_seconds", "at most interval"),
        ("interval_seconds", 0.1, "interval_seconds", "0.5"),
        ("circuit.failures", 0, "circuit.failures", "1"),
        ("buffer.max_pings", 9, "buffer.max_pings", "10"),
        ("buffer.directory", "here", "buffer.directory", "absolute path"),
        ("metrics.port", 0, "metrics.port", "1"),
        ("log_level", "loud", "log_level", "'debug'"),
    ],
)
def test_a_wrong_setting_is_named(
    config: dict[str, Any], read: Load, setting: str, value: Any, named: str, said: str
) -> None:
    assert_named(read, config, setting, value, named, said)


def test_a_key_that_no_header_can_hold(config: dict[str, Any], read: Load, tmp_path: Path) -> None:
    bad = changed(config, "targets.0.api_key_file", str(tmp_path / "bad-key"))
    (problem,) = problems(read, bad)
    assert problem.startswith("targets[0].api_key_file: ")
    assert "spaces" not in problem


def test_the_service_gets_what_was_checked(config: dict[str, Any], read: Load) -> None:
    plan = read_plan(read(config).model_dump_json(), rehearse=True)
    key = config["targets"][0]["api_key_file"]
    assert plan.targets[0] == Target("wf001", "usa", "https://a.example.com", key, 10, *[None] * 3)
    assert (plan.interval_seconds, plan.circuit_failures, plan.circuit_seconds) == (30, 5, 60)
    assert (plan.buffer_max_pings, plan.buffer_directory) == (20_000, "/var/lib/collector/ping")
    assert (plan.listen, plan.port, plan.rehearse) == ("0.0.0.0", 9101, True)


def test_the_service_is_light() -> None:
    script = (
        "import sys; import collector.ping.service, collector.ping.plan; "
        "sys.exit(str({'fastapi', 'pydantic', 'uvicorn', 'asyncio'} & set(sys.modules) or ''))"
    )
    assert not python("-c", script).stderr.strip()
