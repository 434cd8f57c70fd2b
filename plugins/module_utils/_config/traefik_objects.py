# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routers, services and middlewares from files, as Traefik's API and log show them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Bodies by section of /api/rawdata, then by name.
Objects = Mapping[str, Mapping[str, Any]]

SECTIONS = {
    ("http", "routers"): "routers",
    ("http", "services"): "services",
    ("http", "middlewares"): "middlewares",
    ("tcp", "routers"): "tcpRouters",
    ("tcp", "services"): "tcpServices",
    ("tcp", "middlewares"): "tcpMiddlewares",
    ("udp", "routers"): "udpRouters",
    ("udp", "services"): "udpServices",
}
# The shape of /api/rawdata (`_http.answer`).
BODY = {"error?": (str, [str]), "status?": str}
RAW = {f"{section}?": {str: BODY} for section in SECTIONS.values()}
PROVIDER = "@file"
# What a body says of the moment and of other providers, not of what was written.
OF_THE_MOMENT = ("status", "error", "using", "usedBy", "serverStatus")
# What a Traefik that runs alone cannot know: other providers, plugins, files of another container.
ELSEWHERE = re.compile(
    r'@(?!file|internal)[a-z]+" does not exist|plugin|no such file|permission denied',
    re.IGNORECASE,
)
RECEIVED, TWICE = "Configuration received", re.compile(r"(HTTP|TCP|UDP) (\w+) already configured")


def own(raw: Mapping[str, Any]) -> Objects:
    """Return the objects that come from files, by their name without provider.

    Args:
        raw: The answer of GET /api/rawdata.
    """
    return {
        section: {
            name[: -len(PROVIDER)]: body
            for name, body in (raw.get(section) or {}).items()
            if name.endswith(PROVIDER)
        }
        for section in SECTIONS.values()
    }


def said_of(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the objects that come from files, without what is of the moment."""
    return {
        section: {
            name: {key: value for key, value in body.items() if key not in OF_THE_MOMENT}
            for name, body in bodies.items()
        }
        for section, bodies in own(raw).items()
        if bodies
    }


def faults_of(raw: Mapping[str, Any], alone: bool = False) -> list[str]:
    """Return what Traefik reports as wrong with objects from files.

    Args:
        raw: The answer of GET /api/rawdata.
        alone: It runs without other providers and plugins, so what is missing of them is no fault.
    """
    found = []
    for section, bodies in own(raw).items():
        for name, state in bodies.items():
            errors = state.get("error") or []
            if isinstance(errors, str):
                errors = [errors]
            if alone:
                errors = [error for error in errors if not ELSEWHERE.search(error)]
            elif not errors and state.get("status") == "disabled":
                errors = ["is disabled"]
            found += [f"{section}.{name}: {error}" for error in errors]
    return found


def log_entries(log: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a log in JSON; `message` in all versions."""
    for line in log.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield {"message": entry.get("msg") or "", **entry}


def received(log: str) -> set[tuple[str, str]] | None:
    """Return section and name of all objects of the files; None if they were not read yet."""
    for entry in log_entries(log):
        head, _colon, rest = str(entry["message"]).partition(":")
        provider = entry.get("providerName") or head.rpartition(" ")[2]
        if head.startswith(RECEIVED) and provider == "file":
            config = entry.get("config") or json.loads(rest)
            return {
                (section, name)
                for (protocol, kind), section in SECTIONS.items()
                for name in (config.get(protocol) or {}).get(kind) or {}
            }
    return None


def twice(log: str) -> tuple[str, str] | None:
    """Return an object that two files define, of which one is ignored, and its second file."""
    for entry in log_entries(log):
        match = TWICE.match(str(entry["message"]))
        if match:
            kind = match[2].lower()
            name = next((entry[key] for key in (f"{kind}Name", "name") if key in entry), "")
            return f"{match[1].lower()}.{kind}s.{name}", str(entry.get("origin") or "")
    return None


def arguments_for(entry_points: list[Mapping[str, Any]]) -> list[str]:
    """Return the settings of entry points that change what is made of routers, as arguments.

    Args:
        entry_points: The answer of GET /api/entrypoints.
    """
    found: list[str] = []
    for point in entry_points:
        below, http = f"--entrypoints.{point['name']}", point.get("http") or {}
        for name, value in (
            ("http.middlewares", http.get("middlewares")),
            ("http.tls", http.get("tls")),
            ("observability", point.get("observability")),
            ("asdefault", point.get("asDefault")),
        ):
            found += _arguments(f"{below}.{name}", value) if value is not None else ()
    return found


def _arguments(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _arguments(f"{name}.{key}", below)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _arguments(f"{name}[{index}]", item)
    elif isinstance(value, list):
        yield f"{name}={','.join(map(str, value))}"
    elif isinstance(value, (bool, dict)):
        yield f"{name}={'false' if value is False else 'true'}"
    else:
        yield f"{name}={value}"
