# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from collector import check
from collector.api.app import create_app
from collector.parts import Parts
from collector.settings import Settings

KEYS = ("the-first-key-0123456789", "the-second-key-987654321")


@pytest.fixture
def keys() -> tuple[str, str]:
    """The keys that are valid."""
    return KEYS


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """The settings of a collector with everything switched on, as JSON data; files exist."""
    (tmp_path / "keys").write_text("\n".join(KEYS) + "\n")
    (tmp_path / "password").write_text("a-database-password\n")
    (tmp_path / "spool").mkdir()
    database = {"user": "collector", "password_file": str(tmp_path / "password"), "database": "app"}
    return {
        "host": "wf001",
        "region": "usa",
        "location": "Virginia",
        "api": {"keys_file": str(tmp_path / "keys")},
        "databases": [
            {"name": "orders", "type": "postgresql", "host": "db.example.com", **database},
            {"name": "shop", "type": "mysql", "host": "db.example.com", **database},
        ],
        "pushgateway": {"url": "https://prometheus.example.com/pushgateway"},
        "victoriametrics": {
            "url": "http://victoriametrics.example.com:8428",
            "spool_directory": str(tmp_path / "spool"),
        },
    }


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Any], Settings]:
    """Write settings to a file and load it."""

    def write_and_load(data: Any) -> Settings:
        path = tmp_path / "collector.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return check.load(str(path))

    return write_and_load


@pytest.fixture
def parts(config: dict[str, Any], load: Callable[[Any], Settings]) -> Parts:
    """The parts of that collector, none of them started."""
    return Parts(load(config))


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    """A client of its API; an error inside the application fails the test."""
    with TestClient(create_app(parts), headers={"X-API-Key": KEYS[0]}) as test_client:
        yield test_client
