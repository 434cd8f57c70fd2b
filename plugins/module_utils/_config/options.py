# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that install configuration files, and how changes are shown."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

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
    names_of,
    with_directories,
)
from .masking import BROKEN, masked, secrets_in, words_of, yaml

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Mappings whose keys are the user's own.
FREE = ("labels", "external_labels", "annotations", "details", "fields", "params", "headers")
NOT_SHOWN: tuple[type[Exception], ...] = (ConfigError, *BROKEN)


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
        # Ansible has bytes that are no UTF-8 as surrogates: what they are, the server decides.
        check_name(name, "files"): Entry(_bytes(_text(name, value)), FILE_MODE, *owner)
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
        if name.endswith(".json") or yaml is None:  # JSON is YAML
            return json.dumps(value, indent=2) + "\n"
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=4096)
    if not isinstance(value, str):
        raise ConfigError(
            "config.no_content",
            f"files: expected a text, mapping or list for {name}; seen: {value!r}.",
            name=name,
        )
    return value if not value or value.endswith("\n") else value + "\n"


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _secret(name: str, secret: Mapping[str, Any]) -> bytes:
    source = secret["src"]
    try:
        content = Path(source).read_bytes() if source else _bytes(secret["content"])
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


def texts(content: str | bytes) -> Any:
    """Return a YAML or JSON document with all scalars as texts; None if it cannot be read here.

    Only for hints: what a file means is said by the server, whose YAML is another one.
    """

    if yaml is None:
        return None

    class Texts(yaml.SafeLoader):
        pass

    merge = yaml.SafeLoader.yaml_implicit_resolvers["<"]
    Texts.yaml_implicit_resolvers = {"<": merge}
    try:
        return yaml.load(content, Loader=Texts)
    except BROKEN:
        return None


def broken_at(entries: FileSet) -> tuple[str, int, int] | None:
    """Return file, line and column of the first YAML file that cannot be read; None if all can."""
    for name in names_of(entries, (".yml", ".yaml")) if yaml else ():
        try:
            yaml.compose(entries[name].content or b"", Loader=yaml.SafeLoader)
        except (yaml.scanner.ScannerError, yaml.parser.ParserError) as error:
            mark = error.problem_mark
            if mark:
                return name, mark.line + 1, mark.column + 1
        except BROKEN:
            continue
    return None


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
    """Return the values that must not be shown, also those in ordinary files."""
    found = set()
    for name, entry in entries.items():
        if entry.content is None:
            continue
        text = entry.content.decode("utf-8", "replace")
        found |= {text} if entry.secret else {one.value for one in secrets_in(name, text)[0]}
    return words_of(found)


def hide_files(params: dict[str, Any]) -> dict[str, Any]:
    """Replace the secrets in the option `files`, which Ansible shows, and return the true one."""
    files: dict[str, Any] = params["files"]
    params["files"] = {}
    for name, value in files.items():
        try:
            params["files"][name] = masked(str(name), _text(name, value))
        except NOT_SHOWN:
            params["files"][name] = "(not shown)"
    return files


def differences(
    root: Path, current: FileSet, wanted: FileSet, change: Change, known: Collection[str]
) -> list[dict[str, str]]:
    """Return Ansible's `diff`: one entry for each file, without secrets.

    Args:
        known: Values that must not be shown.
    """
    shown = []
    for name in (*change.written, *change.removed):
        old, new = current.get(name.rstrip("/")), wanted.get(name.rstrip("/"))
        secret = any(entry and entry.secret for entry in (old, new))
        same = bool(old and new and old.content == new.content)
        shown.append(
            {
                "before_header": str(root / name),
                "after_header": str(root / name),
                "before": _shown(name, old, secret, "", known),
                "after": _shown(name, new, secret, "" if same else ", new content", known),
            }
        )
    return shown


def _shown(
    name: str, entry: Entry | None, secret: bool, remark: str, known: Collection[str]
) -> str:
    if entry is None:
        return ""
    head = f"# mode {entry.mode:04o}, owner {entry.uid}:{entry.gid}\n"
    if entry.content is None:
        return head
    if secret:
        return f"{head}(secret{remark})\n"
    return head + masked(name, entry.content.decode("utf-8", "replace"), known)


def warn_of_missing_files(
    module: AnsibleModule, name: str, wanted: FileSet, mount_path: str
) -> None:
    """Warn about files that the configuration names below the directory and that are not there.

    The server takes it so: what needs the file fails later, when it is used.
    """
    for where, path in _files_below(texts(wanted[name].content or b"")):
        inside = str(PurePosixPath(mount_path, path))
        if inside.startswith(f"{mount_path}/") and inside[len(mount_path) + 1 :] not in wanted:
            module.warn(f"{name}: {where} is {path}, which is not in files or secrets.")


def _files_below(node: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the options that name a file, with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            place = f"{where}.{key}" if where else str(key)
            if key in FREE:
                continue
            if str(key).endswith("_file") and isinstance(value, str) and value:
                yield place, value
            yield from _files_below(value, place)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _files_below(value, f"{where}[{index}]")
