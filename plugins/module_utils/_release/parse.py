# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the options of `container_release` into a `Spec`, and says what is wrong with them."""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import Any

from .._docker.client import Failure
from .._docker.labels import LABEL_PREFIX
from .._docker.ports import read_port
from .spec import SUFFIXES, File, Rehearsal, Spec, Volume

_SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_AS_THEY_ARE = (
    "user",
    "working_dir",
    "hostname",
    "restart_policy",
    "read_only",
    "no_new_privileges",
    "log_max_files",
    "stop_timeout",
)


def check_name(name: str) -> None:
    """Fail for a name that Docker refuses, or that this module keeps for itself."""
    if not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", name):
        raise Failure(f"name: expected letters, digits, '_', '.', '-' (two or more), got {name!r}.")
    if name.rpartition(".")[2] in SUFFIXES:
        raise Failure(f"name: {name!r} ends like the names the module keeps for itself: {SUFFIXES}")


def parse(params: dict[str, Any]) -> Spec:
    """Read the options.

    Raises:
        Failure: with every problem found, one to a line, each naming its option.
    """
    check_name(params["name"])
    reader = _Reader(params)
    spec = reader.spec()
    if reader.problems:
        raise Failure("options refused:\n- " + "\n- ".join(reader.problems))
    return spec


class _Reader:
    """Reads option by option and collects what is wrong, so that one run shows it all."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params
        self.problems: list[str] = []

    def _try(self, option: str, read: Any, *values: Any) -> Any:
        try:
            return read(*values)
        except (ValueError, TypeError) as error:
            self.problems.append(f"{option}: {error}")
            return None

    def _each(self, option: str, read: Any, values: list[Any]) -> list[Any]:
        found = [self._try(f"{option}[{i}]", read, value) for i, value in enumerate(values)]
        return [item for item in found if item is not None]

    def spec(self) -> Spec:
        """Everything; `problems` tells whether it may be used."""
        p = self.params
        if not p["image"]:
            self.problems.append("image: required with state=present and rehearsed")
        files = self._each("files", lambda f: read_file(f, False), p["files"])
        files += self._each("secrets", lambda f: read_file(f, True), p["secrets"])
        volumes = self._each("volumes", read_volume, p["volumes"])
        tmpfs = dict(sorted(t.partition(":")[::2] for t in p["tmpfs"]))
        self._unique("mounted at", [*(f.path for f in files), *(v.target for v in volumes), *tmpfs])
        ports = self._each("ports", read_port, p["ports"])
        self._unique("published as", [f"{x.address}:{x.host}/{x.protocol}" for x in ports])
        rehearsal = p["rehearsal"] or {"until": "healthy", "timeout": p["wait_timeout"]}
        return Spec(
            name=p["name"],
            image=p["image"] or "",
            files=files,
            volumes=volumes,
            ports=ports,
            networks=self._networks(),
            healthcheck=self._try("healthcheck", read_healthcheck, p["healthcheck"]),
            rehearsal=Rehearsal(
                self._try("rehearsal.command", read_words, rehearsal.get("command")),
                self._try("rehearsal.entrypoint", read_words, rehearsal.get("entrypoint")),
                rehearsal["until"],
                rehearsal["timeout"],
            ),
            settings=self._settings(tmpfs),
        )

    def _settings(self, tmpfs: dict[str, str]) -> dict[str, Any]:
        p = self.params
        own = sorted(label for label in p["labels"] if label.startswith(LABEL_PREFIX))
        if own:
            self.problems.append(f"labels: {', '.join(own)}: {LABEL_PREFIX}* is the module's own")
        return {
            **{option: p[option] for option in _AS_THEY_ARE},
            "command": self._try("command", read_words, p["command"]),
            "entrypoint": self._try("entrypoint", read_words, p["entrypoint"]),
            "environment": self._texts("environment"),
            "labels": self._texts("labels"),
            "etc_hosts": self._texts("etc_hosts"),
            "tmpfs": tmpfs,
            "memory": self._try("memory", read_memory, p["memory"]),
            "pids_limit": p["pids_limit"] if (p["pids_limit"] or 0) > 0 else None,
            "cpus": self._try("cpus", read_cpus, p["cpus"]),
            "log_max_size": p["log_max_size"] if self._size_ok() else None,
            "capabilities_drop": capabilities(p["capabilities_drop"]),
            "capabilities_add": capabilities(p["capabilities_add"]),
        }

    def _size_ok(self) -> bool:
        return self._try("log_max_size", read_size, self.params["log_max_size"]) is not None

    def _texts(self, option: str) -> dict[str, str]:
        return {str(k): read_text(v) for k, v in sorted(self.params[option].items())}

    def _networks(self) -> dict[str, list[str]]:
        networks = {}
        for network in self.params["networks"]:
            if network["name"] in ("host", "none", "bridge", "default"):
                self.problems.append(
                    f"networks: {network['name']!r} is one of Docker's own, without names and "
                    "aliases: name one of your own, it is created; none at all means 'bridge'"
                )
            networks[network["name"]] = sorted(set(network["aliases"]))
        return networks

    def _unique(self, what: str, values: list[str]) -> None:
        for value in sorted({value for value in values if values.count(value) > 1}):
            self.problems.append(f"{what} {value}: more than once")


def read_text(value: Any) -> str:
    """A YAML scalar as the text a container sees; booleans as YAML writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_words(value: Any) -> list[str] | None:
    """A command: a list as it is, a text split as a shell splits it."""
    if value is None:
        return None
    if isinstance(value, str):
        return shlex.split(value)
    if isinstance(value, list):
        return [read_text(word) for word in value]
    raise ValueError(f"expected a list or a text, got {value!r}")


def read_path(path: str) -> str:
    """An absolute path inside the container, in one form."""
    if not path.startswith("/") or ".." in path.split("/") or posixpath.normpath(path) == "/":
        raise ValueError(f"expected an absolute path in the container, got {path!r}")
    return "/" + posixpath.normpath(path).strip("/")


def read_mode(mode: Any) -> int:
    """Permission bits; a text is octal, a number is what YAML made of it."""
    bits = mode if isinstance(mode, int) else int(str(mode), 8)
    if not 0 <= bits <= 0o777:
        raise ValueError(f"expected a mode like '0444', got {mode!r}")
    return bits


def read_file(item: dict[str, Any], secret: bool) -> File:
    """One file or secret; a secret must have a content."""
    path = read_path(item["path"])
    if secret and not item["content"].strip():
        raise ValueError(f"the secret {path} is empty: is the variable that holds it set?")
    return File(path, item["content"], read_mode(item["mode"]), secret)


def read_volume(item: dict[str, Any]) -> Volume:
    """One volume; the source of a host path is absolute."""
    source, owner = item["source"], item["owner"]
    if source.startswith("/"):
        source = posixpath.normpath(source)
    elif not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", source):
        raise ValueError(f"expected a volume's name or an absolute path, got {source!r}")
    if owner is not None and not re.match(r"^\d+:\d+$", owner):
        raise ValueError(f"owner: expected uid:gid in digits, got {owner!r}")
    ids = tuple(int(part) for part in owner.split(":")) if owner else None
    return Volume(source, read_path(item["target"]), item["read_only"], ids)  # type: ignore[arg-type]


def read_healthcheck(item: dict[str, Any] | None) -> dict[str, Any] | None:
    """Docker's form of it; durations stay in seconds."""
    if item is None:
        return None
    test = item["test"]
    test = ["CMD-SHELL", test] if isinstance(test, str) else read_words(test) or []
    if len(test) < 2 or test[0] not in ("CMD", "CMD-SHELL"):
        raise ValueError(f"test: expected a text, or a list that begins with CMD, got {test!r}")
    if min(item["interval"], item["timeout"], item["retries"]) <= 0:
        raise ValueError("expected interval, timeout and retries above zero")
    return {**item, "test": test}


def read_size(text: str) -> int:
    """`512m` and the like in bytes, with Docker's units (k = 1024)."""
    match = re.match(r"^(\d+)\s*([kmgt]?)(?:i?b)?$", text.strip().lower())
    if not match:
        raise ValueError(f"expected a size like 256m, got {text!r}")
    return int(match[1]) * _SIZES[match[2]]


def read_memory(text: str | None) -> int | None:
    """The memory limit in bytes; Docker takes no less than 6 MiB."""
    if not text:
        return None
    size = read_size(text)
    if size < 6 << 20:
        raise ValueError(f"expected at least 6m, got {text!r}")
    return size


def read_cpus(cpus: float | None) -> float | None:
    """CPUs, of which Docker takes no less than a hundredth."""
    if cpus is not None and cpus < 0.01:
        raise ValueError(f"expected at least 0.01, got {cpus}")
    return cpus


def capabilities(names: list[str]) -> list[str]:
    """In one form: upper case, without CAP_, sorted."""
    return sorted({re.sub(r"^CAP_", "", name.upper()) for name in names})
