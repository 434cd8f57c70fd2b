# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routers, services and middlewares, as files define them and as Traefik's API shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .compare import NULL, differences, texts
from .directory import ConfigError, FileSet, names_of
from .options import mapping

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
# What a Traefik that runs alone cannot know: objects of other providers, and plugins.
ELSEWHERE = re.compile(r'@(?!file|internal)[a-z]+" does not exist|plugin', re.IGNORECASE)


def documents(wanted: FileSet) -> dict[str, Any]:
    """Return the set's configuration files by name, with all scalars as texts.

    Raises:
        ConfigError: `config.no_yaml_file`, `config.yaml` or `config.no_mapping`.
    """
    parsed = {}
    for name in names_of(wanted, (".toml",)):
        raise ConfigError(
            "config.no_yaml_file",
            f"files: expected YAML; seen: {name}. Write it as YAML.",
            name=name,
        )
    for name in names_of(wanted, (".yml", ".yaml")):
        mapping(name, wanted[name], "http, tls, …")
        parsed[name] = texts(wanted[name].content or b"")
    if not parsed:
        raise ConfigError(
            "config.no_yaml_file", "files: expected at least one YAML file; seen: none."
        )
    return parsed


def objects_of(parsed: Mapping[str, Any]) -> Objects:
    """Return everything that the files define: bodies by section of /api/rawdata, then by name.

    Raises:
        ConfigError: `config.twice`: two files define the same name.
    """
    found: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS.values()}
    origin: dict[tuple[str, str], str] = {}
    for file, content in parsed.items():
        for (protocol, kind), section in SECTIONS.items():
            bodies = (content.get(protocol) or {}).get(kind) or {}
            for name, body in bodies.items():
                if (section, name) in origin:
                    raise ConfigError(
                        "config.twice",
                        f"{file}: {protocol}.{kind}.{name} is in {origin[section, name]} as well; "
                        "Traefik would ignore one of them.",
                        name=f"{protocol}.{kind}.{name}",
                    )
                origin[section, name] = file
                found[section][name] = body
    return found


def _own(loaded: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return Traefik's objects that come from files, by their name without provider."""
    entries = (loaded.get(section) or {}).items()
    return {k[: -len(PROVIDER)]: v for k, v in entries if k.endswith(PROVIDER)}


def missing(wanted: Objects, loaded: Mapping[str, Any]) -> list[str]:
    """Return the objects that are not loaded, as `section.name`.

    Args:
        loaded: The answer of GET /api/rawdata.
    """
    return [
        f"{section}.{name}"
        for section, bodies in wanted.items()
        for name in sorted(bodies.keys() - _own(loaded, section))
    ]


def faults_of(wanted: Objects, loaded: Mapping[str, Any], alone: bool = False) -> list[str]:
    """Return what Traefik reports as wrong with objects of the set.

    Args:
        loaded: The answer of GET /api/rawdata.
        alone: It runs without other providers and plugins, so what is missing of them is no fault.
    """
    found = []
    for section, bodies in wanted.items():
        own = _own(loaded, section)
        for name in bodies:
            state = own.get(name, {})
            errors = state.get("error") or []
            if isinstance(errors, str):
                errors = [errors]
            if alone:
                errors = [error for error in errors if not ELSEWHERE.search(error)]
            elif not errors and state.get("status") == "disabled":
                errors = ["is disabled"]
            found += [f"{section}.{name}: {error}" for error in errors]
    return found


def mismatch(wanted: Objects, loaded: Mapping[str, Any], mount_path: str) -> str:
    """Return how Traefik's objects differ from those of the set; empty if they do not.

    Args:
        loaded: The answer of GET /api/rawdata.
    """
    absent = missing(wanted, loaded)
    extra = [
        f"{section}.{name}"
        for section, bodies in wanted.items()
        for name in sorted(_own(loaded, section).keys() - bodies)
    ]
    other = [
        f"{section}.{name}.{where} ({seen})"
        for section, bodies in wanted.items()
        for name, body in bodies.items()
        for where, seen in _body(body, _own(loaded, section).get(name), mount_path)
    ]
    words = (("missing", absent), ("left over", extra), ("different", other))
    return "; ".join(f"{word}: {', '.join(names[:5])}" for word, names in words if names)


def _body(written: Any, loaded: Any, mount_path: str) -> list[tuple[str, str]]:
    if loaded is None:
        return []  # it is among the missing
    one, other = _plain(written), _plain(loaded)
    found = list(differences(one, _shaped(one, other), mount_path))
    if isinstance(one, dict) and one.get("tls", "") not in NULL and "tls" not in other:
        found.append(("tls", "not there"))
    return found


def _plain(node: Any) -> Any:
    """Return texts only, keys in lower case (Traefik ignores case), names without provider."""
    if isinstance(node, dict):
        return {str(key).lower(): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, bool):
        return str(node).lower()
    return str("" if node is None else node).replace(PROVIDER, "")


def _shaped(written: Any, loaded: Any) -> Any:
    """Return a list as one text where it was written so: Traefik accepts both."""
    if isinstance(written, dict) and isinstance(loaded, dict):
        return {key: _shaped(written.get(key), value) for key, value in loaded.items()}
    if isinstance(written, str) and isinstance(loaded, list):
        return ",".join(str(item) for item in loaded)
    return loaded
