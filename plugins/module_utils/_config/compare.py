# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a configuration that was written with the one that a server shows as loaded.

Servers print their configuration in their own words: durations and sizes in other units, defaults
filled in, zero values left out, secrets hidden, relative paths made absolute. What was written
must be contained in it. Scalars are compared as texts, so that YAML's types do not get in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from .._api.times import seconds
from .._http.session import HttpError
from .options import yaml

# Options that Prometheus accepts under one name and shows under another.
RENAMED = {
    "bearer_token": ("authorization", "credentials"),
    "bearer_token_file": ("authorization", "credentials_file"),
    "scrape_classic_histograms": ("always_scrape_classic_histograms",),
}
SIZE = re.compile(r"^(\d+)([KMGTPE]?)i?B$")
HIDDEN = "<secret>"
TRUE, FALSE, NULL = ("true", "yes", "on"), ("false", "no", "off"), ("", "~", "null")


def texts(content: str | bytes) -> Any:
    """Return a YAML (or JSON) document with every scalar as the text that it is written as."""

    class Texts(yaml.SafeLoader):
        pass

    merge = yaml.SafeLoader.yaml_implicit_resolvers["<"]
    Texts.yaml_implicit_resolvers = {"<": merge}
    return yaml.load(content, Loader=Texts)


def shown(content: str, url: str) -> dict[str, Any]:
    """Return the configuration that the server at `url` shows, as texts.

    Raises:
        HttpError: `http.not_json`: it is not YAML, or no mapping.
    """
    try:
        found = texts(content) or {}
    except (yaml.YAMLError, RecursionError) as error:
        raise HttpError.of("not_json", "GET", url, "YAML", type(error).__name__) from error
    if not isinstance(found, dict):
        raise HttpError.of("not_json", "GET", url, "a configuration", content[:80])
    return found


def differences(
    written: Any, loaded: Any, mount_path: str, where: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield each place where the loaded document differs from the written one, with what is there.

    Args:
        written: A document as `texts` returns it.
        loaded: The server's, as `texts` returns it.
        mount_path: Where the server sees the directory; relative paths begin there.
        where: The place of both documents, for nested calls.
    """
    if isinstance(written, dict) and isinstance(loaded, dict):
        for key, value in written.items():
            place = f"{where}.{key}" if where else str(key)
            if key not in loaded and key in RENAMED:
                below: Any = loaded
                for name in RENAMED[key]:
                    below = below.get(name) if isinstance(below, dict) else None
                yield from differences(value, below, mount_path, place)
            elif key == "external_labels":
                # The server replaces ${NAME} by its environment in these.
                fixed = {k: v for k, v in (value or {}).items() if "$" not in v}
                yield from differences(fixed, loaded.get(key), mount_path, place)
            else:
                yield from differences(value, loaded.get(key), mount_path, place)
    elif isinstance(written, list) and isinstance(loaded, list):
        if len(written) != len(loaded):
            yield where, f"{len(loaded)} entries instead of {len(written)}"
            return
        for index, (one, other) in enumerate(zip(written, loaded)):
            yield from differences(one, other, mount_path, f"{where}[{index}]")
    elif isinstance(written, str) and isinstance(loaded, str):
        if not _same(written, loaded, mount_path):
            yield where, "another value"
    elif loaded is None or loaded == "":
        if not _zero(written):
            yield where, "not there"
    elif not (isinstance(written, str) and written in NULL):
        yield where, "another kind of value"


def _zero(value: Any) -> bool:
    """Return whether the server leaves such a value out."""
    if isinstance(value, dict):
        return all(_zero(item) for item in value.values())
    return value in ([], None) or (
        isinstance(value, str) and (value in (*NULL, *FALSE, "0") or seconds(value) == 0)
    )


def _same(written: str, loaded: str, mount_path: str) -> bool:
    if written == loaded or loaded == HIDDEN:
        return True
    if loaded == f"{mount_path}/{written}" or written.lower() in NULL:
        return True
    for words in (TRUE, FALSE):
        if loaded.lower() in words:
            return written.lower() in words
    if seconds(loaded) is not None:
        return seconds(written) == seconds(loaded)
    sizes = [_bytes(value) for value in (written, loaded)]
    if sizes[1] is not None:
        return sizes[0] == sizes[1]
    if "://" in loaded:
        return _url(written) == _url(loaded)
    try:
        return float(written) == float(loaded)
    except ValueError:
        # Words such as the actions of relabelling ignore case and are shown in lower case.
        return loaded.islower() and written.isalpha() and written.lower() == loaded


def _bytes(value: str) -> int | None:
    match = SIZE.match(value)
    if not match:
        return None
    return int(match.group(1)) * 1024 ** ("KMGTPE".index(match.group(2)) + 1 if match[2] else 0)


def _url(value: str) -> tuple[str, ...]:
    """Return a URL without its password, which the server hides."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return (value,)
    host = parts.netloc.rpartition("@")[2]
    return (parts.scheme, parts.username or "", host, parts.path or "/", parts.query)


def patterns_match(patterns: list[str], name: str, mount_path: str) -> bool:
    """Return whether one of the server's globs matches a file; `*` matches no slash."""
    path = PurePosixPath(mount_path, name).parts
    for pattern in patterns:
        parts = PurePosixPath(mount_path, pattern).parts
        if len(parts) == len(path) and all(map(fnmatchcase, path, parts)):
            return True
    return False
