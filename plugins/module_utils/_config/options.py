# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that install configuration files, and how changes are shown."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._http.session import http_argument_spec
from .directory import (
    FILE_MODE,
    SECRET_MODE,
    Change,
    ConfigError,
    Entry,
    FileSet,
    SourceMissingError,
    check_name,
    with_directories,
)

try:
    import yaml

    YAML_IMPORT_ERROR: str | None = None
except ImportError:
    YAML_IMPORT_ERROR = traceback.format_exc()
    yaml = None  # type: ignore[assignment]

# Keys whose values are secrets also in ordinary files; lower case, without underscores.
SECRET_KEYS = frozenset(
    {"password", "passwd", "credentials", "bearertoken", "token", "clientsecret", "secret"}
    | {"secretkey", "apikey", "users", "basicauthusers", "apiurl", "servicekey", "routingkey"}
    | {"webhookurl", "bottoken"}
)
SHORTEST_SECRET = 4  # characters; hiding shorter ones would garble every text


def config_argument_spec(mount_path: str) -> dict[str, Any]:
    """Return the options of the doc fragment `config`, with the default of `mount_path`."""
    return {
        **http_argument_spec(),
        "path": {"type": "path", "required": True},
        "mount_path": {"type": "path", "default": mount_path},
        "files": {"type": "dict", "required": True},
        "state": {"type": "str", "choices": ["present", "restored"], "default": "present"},
        "secrets": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "no_log": False,
            "options": {
                "path": {"type": "str", "required": True},
                "content": {"type": "str", "no_log": True},
                "src": {"type": "path"},
            },
            "mutually_exclusive": [("content", "src")],
            "required_one_of": [("content", "src")],
        },
        "owner": {"type": "int", "default": 65534},
        "group": {"type": "int"},
        "image": {"type": "str", "required": True},
        "container": {"type": "str"},
        "url": {"type": "str"},
        "reload": {
            "type": "str",
            "choices": ["auto", "required", "deferred", "never"],
            "default": "auto",
        },
        "wait_timeout": {"type": "float", "default": 30.0},
        "docker_host": {"type": "str", "default": "unix:///var/run/docker.sock"},
    }


def wanted_set(params: Mapping[str, Any]) -> dict[str, Entry]:
    """Return the set that the parameters describe. It changes nothing.

    Raises:
        ConfigError: `config.twice`, `config.no_content`, `config.source_missing`,
            `config.source_unreadable`, `config.secret_empty`, or one of `check_name` and
            `with_directories`.
    """
    owner = (os.geteuid(), params["group"])
    files = {
        check_name(name, "files"): Entry(_text(name, value).encode(), FILE_MODE, *owner)
        for name, value in params["files"].items()
    }
    for secret in params["secrets"]:
        name = check_name(secret["path"], "secrets")
        if name in files:
            raise ConfigError(
                "config.twice",
                f"secrets: {name} is in the set twice; each name may occur only once.",
                name=name,
            )
        files[name] = Entry(_secret(name, secret), SECRET_MODE, *owner, secret=True)
    return with_directories(files, *owner)


def _text(name: str, value: Any) -> str:
    """Return a file's text. The name's ending decides between JSON and YAML."""
    if isinstance(value, (dict, list)):
        if name.endswith(".json"):
            return json.dumps(value, indent=2) + "\n"
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=4096)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(
            "config.no_content",
            f"files: expected a text, mapping or list for {name}; seen: {value!r}.",
            name=name,
        )
    return value if value.endswith("\n") else value + "\n"


def _secret(name: str, secret: Mapping[str, Any]) -> bytes:
    source = secret["src"]
    try:
        content = Path(source).read_bytes() if source else secret["content"].encode()
    except FileNotFoundError:
        raise SourceMissingError(
            "config.source_missing",
            f"secrets: expected the file {source} for {name} on the target; it does not exist.",
            name=name,
            source=source,
        ) from None
    except OSError as error:
        raise ConfigError(
            "config.source_unreadable",
            f"secrets: {source} for {name} cannot be read: {error}.",
            name=name,
            source=source,
        ) from error
    if not content.strip():
        raise ConfigError(
            "config.secret_empty",
            f"secrets: {name} is empty{f' ({source})' if source else ''}.",
            name=name,
        )
    return content


def document(name: str, entry: Entry) -> Any:
    """Return a YAML or JSON file of the set, parsed.

    Raises:
        ConfigError: `config.yaml`, with the values `line` and `column`.
    """
    try:
        return yaml.safe_load(entry.content or b"")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise ConfigError(
            "config.yaml",
            f"{name}{place}: expected YAML; seen: {problem}.",
            name=name,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from error


def mapping(name: str, entry: Entry, keys: str) -> dict[str, Any]:
    """Return a YAML file of the set that is a mapping.

    Args:
        keys: Keys that are usual there, for the message.

    Raises:
        ConfigError: `config.yaml` or `config.no_mapping`.
    """
    parsed = document(name, entry)
    if not isinstance(parsed, dict):
        raise ConfigError(
            "config.no_mapping", f"{name}: expected a mapping ({keys}) at the top.", name=name
        )
    return parsed


def check_named(option: str, name: str, wanted: FileSet) -> None:
    """Fail if the set does not have the file that an option names.

    Raises:
        ConfigError: `config.file_missing`.
    """
    if name not in wanted or wanted[name].content is None:
        raise ConfigError(
            "config.file_missing",
            f"{option}: expected {name} in files or secrets; it is not there.",
            option=option,
            name=name,
        )


def inline_secrets(entries: FileSet) -> set[str]:
    """Return the values that must not be shown although they are in ordinary files."""
    found = set()
    for name, entry in entries.items():
        if entry.secret and entry.content is not None:
            found.add(entry.content.decode("utf-8", "replace"))
        elif entry.content is not None and name.endswith((".yml", ".yaml", ".json")):
            try:
                parsed = document(name, entry)
            except ConfigError:
                continue  # the validation says what is wrong with it
            found.update(_secrets_below(parsed, False))
    # Line by line: a text of several lines stands indented in its file, and so in a diff.
    lines = {line.strip() for value in found for line in value.splitlines()}
    return {line for line in lines if len(line) >= SHORTEST_SECRET and "-----" not in line}


def _secrets_below(node: Any, secret: bool) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            plain = str(key).lower().replace("_", "").replace("-", "")
            yield from _secrets_below(value, secret or plain in SECRET_KEYS)
    elif isinstance(node, list):
        for value in node:
            yield from _secrets_below(value, secret)
    elif secret and isinstance(node, (str, int)) and not isinstance(node, bool):
        yield str(node)
    elif isinstance(node, str) and "PRIVATE KEY-----" in node:
        yield node


def differences(
    root: Path, current: FileSet, wanted: FileSet, change: Change
) -> list[dict[str, str]]:
    """Return Ansible's `diff`: one entry for each file, without secrets."""
    shown = []
    for name in (*change.written, *change.removed):
        old, new = current.get(name.rstrip("/")), wanted.get(name.rstrip("/"))
        secret = any(entry and entry.secret for entry in (old, new))
        same = bool(old and new and old.content == new.content)
        shown.append(
            {
                "before_header": str(root / name),
                "after_header": str(root / name),
                "before": _shown(old, secret, ""),
                "after": _shown(new, secret, "" if same else ", new content"),
            }
        )
    return shown


def _shown(entry: Entry | None, secret: bool, remark: str) -> str:
    if entry is None:
        return ""
    head = f"# mode {entry.mode:04o}, owner {entry.uid}:{entry.gid}\n"
    if entry.content is None:
        return head
    if secret:
        return f"{head}(secret{remark})\n"
    return head + entry.content.decode("utf-8", "replace")
