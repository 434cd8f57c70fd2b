# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for n8n, or the real one that N8N_URL and N8N_KEY_FILE name; a real Pushgateway."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ...n8n_stand_in import KEY, N8n, serve_example
from ..checks.conftest import gateway, servers, storage
from .database import NAMES, PASSWORD, ROWS, N8nDatabase
from .exporter import Exporter

__all__ = ["gateway", "servers", "storage"]


@pytest.fixture
def stand_in() -> Iterator[N8n]:
    """A stand-in with two workflows and three executions that have ended."""
    with serve_example() as n8n:
        yield n8n


@pytest.fixture
def make(tmp_path: Path, gateway: str) -> Iterator[Callable[..., Exporter]]:
    """Make an exporter of an n8n; its group is removed after the test."""
    made: list[Exporter] = []
    (tmp_path / "key").write_text(KEY)

    def exporter(url: str, key_file: str = "", **more: Any) -> Exporter:
        host = f"h{uuid.uuid4().hex[:8]}"
        n8n = {"url": url, "api_key_file": key_file or str(tmp_path / "key")}
        made.append(Exporter(tmp_path / host, host, n8n, more.pop("gateway", gateway), more))
        return made[-1]

    yield exporter
    for one in made:
        requests.delete(f"{gateway}/metrics/job/{one.job}/instance/{one.host}", timeout=5)


@pytest.fixture
def exporter(make: Callable[..., Exporter], stand_in: N8n) -> Exporter:
    """An exporter of the stand-in."""
    return make(stand_in.url)


@pytest.fixture
def any_exporter(make: Callable[..., Exporter], stand_in: N8n) -> Exporter:
    """An exporter of the real n8n, where there is one."""
    real = os.environ.get("N8N_URL", "").rstrip("/")
    return make(real, os.environ["N8N_KEY_FILE"]) if real else make(stand_in.url)


@pytest.fixture(scope="module")
def server(run_module_service: Callable[..., Any]) -> Any:
    environment = {"POSTGRES_USER": "owner", "POSTGRES_PASSWORD": PASSWORD}
    return run_module_service("postgresql", environment=environment)


@pytest.fixture
def database(server: Any) -> N8nDatabase:
    """An n8n that has run once, a while ago."""
    found = N8nDatabase(server)
    for identity, name in NAMES.items():
        found.workflow(identity, name)
    found.execution(ROWS[0], ago=3600)
    return found
