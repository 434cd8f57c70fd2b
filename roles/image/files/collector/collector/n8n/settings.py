# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the exporters of n8n: a JSON file each, checked as the API's is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from collector.check import credentials, read, section
from collector.n8n import memory
from collector.secret import read_secret
from collector.settings import (
    DatabaseServer,
    Host,
    Port,
    SecretFile,
    Section,
    Target,
    Timeout,
    WritableDirectory,
)

# Larger pages are not faster.
_PAGE_BYTES = 8_388_608
# They stand in quotes.
_NAME = r"^[\w$-]{1,63}$"
_TARGETS = ("pushgateway", "victoriametrics")


def _key_file(value: str) -> str:
    # It becomes a header: what a header cannot hold would be shown in the error of the library.
    if not re.fullmatch(r"[!-~]+", read_secret(value)):
        raise ValueError(f"expected a key of visible ASCII characters in {value}, seen others")
    return value


class N8n(Target):
    """Where n8n is, and how gently it is asked. ``username`` and ``password_file`` are for a
    proxy before it."""

    api_key_file: Annotated[SecretFile, AfterValidator(_key_file)]
    timeout_seconds: Timeout = 30
    page_size: Annotated[int, Field(ge=1, le=250)] = 100
    workflows_page_size: Annotated[int, Field(ge=1, le=250)] = 25
    workflows_interval_seconds: Annotated[float, Field(ge=0, le=86_400)] = 900
    pause_seconds: Annotated[float, Field(ge=0, le=10)] = 0.25
    retries: Annotated[int, Field(ge=0, le=10)] = 3


class RunLimits(Section):
    """The caps of any run. Queries are requests."""

    requests: Annotated[int, Field(ge=10, le=1000)] = 60
    seconds: Annotated[float, Field(ge=5, le=600)] = 90


class Limits(RunLimits):
    """The caps of a run by the API. ``open`` holds for each status of executions that have not
    ended."""

    executions: Annotated[int, Field(ge=1, le=100_000)] = 2000
    open: Annotated[int, Field(ge=1, le=10_000)] = 500
    workflows: Annotated[int, Field(ge=1, le=10_000)] = 1000


class NodeLimits(RunLimits):
    """The caps of a run by the database. ``open`` is how many that have not ended are remembered,
    ``nodes`` how many are told apart; the data of one execution may have ``data_bytes``."""

    executions: Annotated[int, Field(ge=1, le=100_000)] = 1000
    open: Annotated[int, Field(ge=1, le=10_000)] = 1000
    nodes: Annotated[int, Field(ge=1, le=10_000)] = 1000
    data_bytes: Annotated[int, Field(ge=1024, le=16_777_216)] = 1_048_576

    @property
    def page_bytes(self) -> int:
        """What is sent at once, whatever the number of executions."""
        return max(self.data_bytes, _PAGE_BYTES)


class Database(DatabaseServer):
    """n8n's PostgreSQL, and how gently it is asked. The user should only be able to read."""

    port: Port = 5432
    db_schema: Annotated[str, Field(alias="schema", pattern=_NAME)] = "public"
    tables_prefix: Annotated[str, Field(pattern=r"^[\w$-]{0,40}$")] = ""
    timeout_seconds: Annotated[float, Field(ge=2, le=60)] = 10
    page_size: Annotated[int, Field(ge=1, le=250)] = 20
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 15
    pause_seconds: Annotated[float, Field(ge=0, le=10)] = 0.25


class Common(Section):
    """What the exporters share. ``host`` becomes the label instance; exactly one target is set;
    ``saved`` is what n8n saves of workflows that do not say it themselves."""

    host: Host
    limits: RunLimits = RunLimits()
    saved: tuple[Literal["success", "error", "manual"], ...] = ("success", "error", "manual")
    state_directory: WritableDirectory = "/var/lib/collector/n8n"
    pushgateway: Target | None = None
    victoriametrics: Target | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class ExecutionsSettings(Common):
    """The whole file of n8n-executions."""

    n8n: N8n
    limits: Limits = Limits()


class NodesSettings(Common):
    """The whole file of n8n-nodes."""

    database: Database
    limits: NodeLimits = NodeLimits()


def load_executions(path: str) -> ExecutionsSettings:
    """Read and check the file. SettingsError lists all problems; secrets are never shown."""
    return read(
        path,
        ExecutionsSettings,
        lambda raw: [
            *_cross_check(raw, "n8n", 30, 2000, 100),
            *_too_large(raw, memory.for_executions, workflows=1000),
        ],
    )


def load_nodes(path: str) -> NodesSettings:
    """Read and check the file. SettingsError lists all problems; secrets are never shown."""
    return read(
        path,
        NodesSettings,
        lambda raw: [
            *_cross_check(raw, "database", 10, 1000, 20),
            *_too_large(raw, memory.for_nodes, data_bytes=1_048_576, nodes=1000),
        ],
    )


def _too_large(raw: Any, needed: Callable[..., int], **defaults: int) -> list[str]:
    """What a run may not need, or the kernel ends it."""
    usable = memory.limit()
    limits = section(raw, "limits") if isinstance(raw, dict) else {}
    values = {name: limits.get(name, default) for name, default in defaults.items()}
    if usable is None or not all(isinstance(value, int) for value in values.values()):
        return []
    wanted = needed(**values)
    if wanted <= usable:
        return []
    names = " and ".join(f"limits.{name}" for name in values)
    return [
        f"{names}: expected values for the {usable // memory.MIB} MiB that the container may use, "
        f"seen values that may need {wanted // memory.MIB} MiB: lower them, or give it more memory"
    ]


def _cross_check(raw: Any, source: str, timeout: float, executions: int, page: int) -> list[str]:
    if not isinstance(raw, dict):
        return []
    problems = []
    chosen = [name for name in _TARGETS if raw.get(name) is not None]
    if len(chosen) != 1:
        seen = " and ".join(chosen) or "neither"
        problems.append(f"pushgateway: expected it or victoriametrics, seen {seen}")
    for name in ("n8n", *_TARGETS):
        problems += credentials(name, section(raw, name))
    asked, limits = section(raw, source), section(raw, "limits")
    for cap, default, name, least in (
        ("seconds", 90, "timeout_seconds", timeout),
        ("executions", executions, "page_size", page),
    ):
        limit, needed = limits.get(cap, default), asked.get(name, least)
        numbers = isinstance(limit, (int, float)) and isinstance(needed, (int, float))
        if numbers and limit < needed:
            expected = f"at least {source}.{name} ({needed:g})"
            problems.append(f"limits.{cap}: expected {expected}, seen {limit:g}")
    if asked.get("tls") == "disable" and asked.get("ca_file"):
        problems.append(f"{source}.ca_file: expected none with tls 'disable'")
    return problems
