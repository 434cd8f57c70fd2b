# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the options of `container_release`, each into one form.

A reader raises ValueError, which says what it expected and what it got.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from ansible.module_utils.common.validation import check_type_list

from .._docker.labels import LABEL_PREFIX
from .spec import File, Volume
from .values import read_options, read_pairs, read_seconds, read_size, read_text, read_texts

POLICIES = ("unless-stopped", "always", "on-failure", "no")
REQUIRED = {"type": "str", "required": True}
NETWORK = {"name": REQUIRED, "aliases": {"type": "list", "elements": "str", "default": []}}
PROPAGATIONS = ["rprivate", "private", "rshared", "shared", "rslave", "slave"]
PROPAGATION = {"type": "str", "choices": PROPAGATIONS}
VOLUME = {
    "source": REQUIRED,
    "target": REQUIRED,
    "read_only": {"type": "bool", "default": False},
    "owner": {"type": "str"},
    "propagation": PROPAGATION,
    # As Compose has it.
    "type": {"type": "str", "choices": ["bind", "volume"]},
    "bind": {"type": "dict", "options": {"propagation": PROPAGATION}},
}
DEVICE = {
    "source": REQUIRED,
    "target": {"type": "str"},
    "permissions": {"type": "str", "default": "rwm"},
}
# Docker finds out only when the container starts. Source: github.com/docker/go-units, ulimit.go.
ULIMITS = (
    *("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc"),
    *("rss", "rtprio", "rttime", "sigpending", "stack"),
)


def read_labels(value: Any) -> dict[str, str]:
    """Return the labels; those of the module itself are refused."""
    labels = read_pairs(value, alone=True)
    own = sorted(label for label in labels if label.startswith(LABEL_PREFIX))
    if own:
        raise ValueError(f"{', '.join(own)}: {LABEL_PREFIX}* is the module's own")
    return read_texts({key: "" if text is None else text for key, text in labels.items()})


def read_etc_hosts(value: Any) -> dict[str, str]:
    """Return the addresses of each host name; several have commas between them.

    Args:
        value: A mapping of names to an address or a list of them, or a list of `NAME:ADDRESS`.
    """
    if isinstance(value, list):
        pairs = [re.split("[:=]", str(item), maxsplit=1) for item in value]
    else:
        pairs = [[k, v] for k, vs in read_pairs(value).items() for v in check_type_list(vs)]
    found: dict[str, list[str]] = {}
    for pair in pairs:
        address = pair[-1].strip("[]")
        if len(pair) != 2 or not pair[0]:
            raise ValueError(f"expected NAME:ADDRESS, got {pair[0]!r}")
        if address != "host-gateway":
            ip_address(address)
        found.setdefault(pair[0], []).append(address)
    return {name: ",".join(found[name]) for name in sorted(found)}


def read_networks(value: Any) -> dict[str, list[str]]:
    """Return the container's names on each network.

    Args:
        value: A list of names, or of `name` and `aliases`; or a mapping of names to `aliases`.
    """
    if isinstance(value, Mapping):
        value = [{**(each or {}), "name": name} for name, each in value.items()]
    items = [{"name": each} if isinstance(each, str) else each for each in check_type_list(value)]
    networks = [read_options(item, NETWORK) for item in items]
    for network in networks:
        if network["name"] in ("host", "none", "bridge", "default"):
            raise ValueError(
                f"{network['name']!r} is one of Docker's own, without names and aliases: name one "
                "of your own, it is created; none at all means 'bridge', and the others are values "
                "of `network_mode`"
            )
    return {network["name"]: sorted(set(network["aliases"])) for network in networks}


def read_network_mode(value: str | None) -> str | None:
    """Return `host`, `none` or `container:NAME`; Docker's own choice is None."""
    if value in ("bridge", "default"):
        return None
    return value if value == "none" else _namespace(value)


def read_pid_mode(value: str | None) -> str | None:
    """Return `host` or `container:NAME`; None is a namespace of its own."""
    return _namespace(value)


def _namespace(value: str | None) -> str | None:
    if value and value != "host" and not re.match(r"^container:[a-zA-Z0-9][\w.-]+$", value):
        raise ValueError(f"expected host or container:NAME, got {value!r}")
    return value or None


def read_device(value: Any) -> str:
    """Return a device as `HOST:CONTAINER:PERMISSIONS`.

    Args:
        value: `HOST[:CONTAINER][:PERMISSIONS]`, or `source`, `target` and `permissions`.
    """
    if isinstance(value, str):
        source, *more = value.split(":")
        last = more.pop() if more and not more[-1].startswith("/") else "rwm"
        if len(more) > 1:
            raise ValueError(f"expected HOST[:CONTAINER][:PERMISSIONS], got {value!r}")
        value = {"source": source, "target": more[0] if more else None, "permissions": last}
    item = read_options(value, DEVICE)
    permissions = item["permissions"]
    if not item["source"].startswith("/"):
        raise ValueError(f"expected an absolute path of the host, got {item['source']!r}")
    if not permissions or not set(permissions) <= set("rwm"):
        raise ValueError(f"expected permissions out of r, w, m, got {permissions!r}")
    target = read_path(item["target"] or item["source"])
    return f"{item['source']}:{target}:{''.join(p for p in 'rwm' if p in permissions)}"


def read_ulimits(value: Any) -> dict[str, str]:
    """Return the limits by name, as `SOFT:HARD`; -1 means none.

    Args:
        value: A mapping of names to a number, to `SOFT:HARD` or to `soft` and `hard`; or a list of
            `NAME=SOFT[:HARD]`.
    """
    found = {}
    for name, limit in sorted(read_pairs(value).items()):
        if name not in ULIMITS:
            raise ValueError(f"expected one of {', '.join(ULIMITS)}, got {name!r}")
        if isinstance(limit, Mapping):
            limit = f"{limit.get('soft')}:{limit.get('hard')}"
        match = re.match(r"^(-1|\d+)(?::(-1|\d+))?$", str(limit))
        if not match:
            raise ValueError(f"{name}: expected a number or SOFT:HARD, got {limit!r}")
        soft, hard = int(match[1]), int(match[2] or match[1])
        if hard != -1 and not -1 < soft <= hard:
            raise ValueError(f"{name}: expected no more than the hard limit {hard}, got {soft}")
        found[name] = f"{soft}:{hard}"
    return found


def read_addresses(values: list[str]) -> list[str]:
    """Return IP addresses."""
    return [str(ip_address(value)) for value in values]


def read_tmpfs(value: Any) -> dict[str, str]:
    """Return the mount options of each tmpfs, by its path."""
    # In a text, commas separate options, or paths.
    one = isinstance(value, str) and ":" in value
    mounts = [value] if one else check_type_list(value)
    for mount in mounts:
        read_path(str(mount).partition(":")[0])
    return dict(sorted(str(mount).partition(":")[::2] for mount in mounts))


def read_words(value: Any) -> list[str] | None:
    """Return the words of a command: a list as it is, a text split as a shell splits it."""
    if value is None:
        return None
    if isinstance(value, str):
        return shlex.split(value)
    if isinstance(value, list):
        return [read_text(word) for word in value]
    raise ValueError(f"expected a list or a text, got {value!r}")


def read_entrypoint(value: Any) -> list[str] | None:
    """Return the words of an entrypoint; Docker's CLI has one empty word where there is none."""
    words = read_words(value)
    return [] if words == [""] else words


def read_path(path: str) -> str:
    """Return an absolute path in the container, in one form."""
    if not path.startswith("/") or ".." in path.split("/") or posixpath.normpath(path) == "/":
        raise ValueError(f"expected an absolute path in the container, got {path!r}")
    return "/" + posixpath.normpath(path).strip("/")


def read_mode(mode: Any) -> int:
    """Return the permission bits; a text is octal, a number is taken as YAML read it."""
    bits = mode if isinstance(mode, int) else int(str(mode), 8)
    if not 0 <= bits <= 0o777:
        raise ValueError(f"expected a mode like '0444', got {mode!r}")
    return bits


def read_file(item: dict[str, Any]) -> File:
    """Return a file.

    Args:
        item: `path`, `content` or `src`, `mode`. The content of `src` is read later.
    """
    content = item["content"] or ""
    return File(read_path(item["path"]), content, read_mode(item["mode"]), False)


def read_secret(item: dict[str, Any]) -> File:
    """Return a secret; an empty one is refused.

    Args:
        item: `path`, `content`, `mode`.
    """
    path = read_path(item["path"])
    if not item["content"].strip():
        raise ValueError(f"the secret {path} is empty: is the variable that holds it set?")
    return File(path, item["content"], read_mode(item["mode"]), True)


def read_volume(value: Any) -> Volume:
    """Return a volume; a source that is a path of the host is absolute.

    Args:
        value: `SOURCE:TARGET[:OPTIONS]`; or `source`, `target`, `read_only`, `propagation`, and
            `owner` (`uid:gid`, or None).
    """
    short = isinstance(value, str) and not re.match(r"^(\{|\w+=)", value)
    item = read_options(_short_volume(value) if short else value, VOLUME)
    source, owner = item["source"], item["owner"]
    propagation = item["propagation"] or (item["bind"] or {}).get("propagation")
    if source.startswith("/"):
        source = posixpath.normpath(source)
    elif not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", source):
        raise ValueError(f"expected a volume's name or an absolute path, got {source!r}")
    on_host = source.startswith("/")
    if item["type"] and (item["type"] == "bind") != on_host:
        raise ValueError(f"type: {item['type']} does not fit to the source {source!r}")
    if propagation and not on_host:
        raise ValueError(f"propagation: expected a path of the host as source, got {source!r}")
    if owner is not None and not re.match(r"^\d+:\d+$", owner):
        raise ValueError(f"owner: expected uid:gid in digits, got {owner!r}")
    uid, _colon, gid = (owner or "").partition(":")
    ids = (int(uid), int(gid)) if owner else None
    # Docker's default is left out, so that to write it down is no change.
    propagation = None if propagation == PROPAGATIONS[0] else propagation
    return Volume(source, read_path(item["target"]), item["read_only"], ids, propagation)


def _short_volume(text: str) -> dict[str, Any]:
    source, *more = text.split(":")
    if len(more) not in (1, 2):
        raise ValueError(
            f"expected SOURCE:TARGET[:OPTIONS], got {text!r} (a volume without a name would be "
            "empty in each release)"
        )
    item: dict[str, Any] = {"source": source, "target": more[0]}
    for option in more[1].split(",") if more[1:] else []:
        if option in ("ro", "rw"):
            item["read_only"] = option == "ro"
        elif option in PROPAGATIONS:
            item["propagation"] = option
        else:
            raise ValueError(
                f"expected the options ro, rw, or one of {', '.join(PROPAGATIONS)}, got {option!r}"
            )
    return item


def read_healthcheck(item: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the healthcheck with its test in Docker's form, and its durations in seconds."""
    if item is None:
        return None
    test = item["test"]
    test = ["CMD-SHELL", test] if isinstance(test, str) else read_words(test) or []
    if item.get("disable") or test[:1] == ["NONE"]:
        raise ValueError("expected a test: without one, no release could ever count as healthy")
    if len(test) < 2 or test[0] not in ("CMD", "CMD-SHELL"):
        raise ValueError(f"test: expected a text, or a list that begins with CMD, got {test!r}")
    seconds = {name: read_seconds(item[name]) for name in ("interval", "timeout", "start_period")}
    if min(seconds["interval"], seconds["timeout"], item["retries"]) <= 0:
        raise ValueError("expected interval, timeout and retries above zero")
    return {"test": test, "retries": item["retries"], **seconds}


def read_stop_timeout(value: Any) -> int:
    """Return whole seconds."""
    seconds = read_seconds(value)
    if seconds != int(seconds):
        raise ValueError(f"expected whole seconds, got {value!r}")
    return int(seconds)


def read_restart_policy(value: Any) -> str:
    """Return a policy, as `on-failure:TIMES` if it gives up; YAML reads `no` as a boolean."""
    name, colon, times = ("no" if value is False else str(value)).partition(":")
    if name not in POLICIES or (colon and (name != "on-failure" or not times.isdecimal())):
        raise ValueError(f"expected one of {', '.join(POLICIES)}, on-failure:TIMES, got {value!r}")
    return f"{name}:{int(times)}" if int(times or 0) else name


def read_log_size(text: str) -> str:
    """Return a size as it was given: Docker reads it only when the container starts."""
    read_size(text)
    return text


def read_memory(text: str | None) -> int | None:
    """Return the memory limit in bytes; Docker accepts no less than 6 MiB. Zero means none."""
    size = read_size(text or 0)
    if size and size < 6 << 20:
        raise ValueError(f"expected at least 6m, got {text!r}")
    return size or None


def read_shm_size(text: str | None) -> int | None:
    """Return the size in bytes; None is Docker's default."""
    return read_size(text or 0) or None


def read_cpus(cpus: float | None) -> float | None:
    """Return the number of CPUs; Docker accepts no less than a hundredth. Zero means no limit."""
    if cpus and cpus < 0.01:
        raise ValueError(f"expected at least 0.01, got {cpus}")
    return cpus or None


def read_count(count: int | None) -> int | None:
    """Return a limit; zero and less mean no limit."""
    return count if count and count > 0 else None


def read_capabilities(names: list[str] | None) -> list[str]:
    """Return capabilities in one form: upper case, without CAP_, sorted."""
    return sorted({re.sub(r"^CAP_", "", name.upper()) for name in names or []})
