# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of `container_release`.

A new option of the container is a row of `CONTAINER` and its documentation in the module. The row
says how it is read, where Docker has it, how it is compared, and whether it can be changed in
place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from .._docker.client import docker_argument_spec
from .._docker.environment import environment_of
from .._docker.ports import read_port
from . import fields, readers
from .fields import Docker, as_it_is, get, or_none


@dataclass(frozen=True)
class Option:
    """One option of the container.

    Attributes:
        spec: Its argument spec.
        read: Turns Ansible's value into the form that is stored, described and compared. It raises
            ValueError, which says what it expected.
        each: Whether `read` takes one element of a list instead of the whole list.
        field: Where `docker inspect` shows it, for example `HostConfig.Memory`.
        write: Turns the form into what Docker takes in that field.
        also: Another field that gets the same value.
        seen: Turns what Docker shows into one form, so that two ways to say the same are equal.
        inherits: Whether Docker takes a value that is not given from the image or chooses it.
        update: Turns the form into what `docker update` takes; None for what only a new container
            can have. Without `update`, every change takes a new container.
    """

    spec: Mapping[str, Any]
    read: Callable[[Any], Any] = as_it_is
    field: str = ""
    write: Callable[[Any], Any] = as_it_is
    also: str = ""
    seen: Callable[[Any], Any] = or_none
    inherits: bool = False
    update: Callable[[Any], Any] | None = None
    each: bool = False

    @property
    def key(self) -> str:
        """Return the name of Docker's field, without what is above and below it."""
        return self.field.split(".")[1]

    def now(self, container: Docker) -> Any:
        """Return the value that a container has now, in the option's form.

        Args:
            container: The answer of `docker inspect`.
        """
        return self.seen(get(container, self.field))


TEXT = {"type": "str"}
YES = {"type": "bool", "default": True}
NO = {"type": "bool", "default": False}
RAW = {"type": "raw"}
DICT: dict[str, Any] = {"type": "dict", "default": {}}
LIST: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
REQUIRED = {"type": "str", "required": True}
POLICIES = ["unless-stopped", "always", "on-failure", "no"]
HEALTHCHECK = {
    "test": {"type": "raw", "required": True},
    "interval": {"type": "float", "default": 30},
    "timeout": {"type": "float", "default": 10},
    "retries": {"type": "int", "default": 3},
    "start_period": {"type": "float", "default": 0},
}

CONTAINER: dict[str, Option] = {
    "command": Option(RAW, readers.read_words, "Config.Cmd", inherits=True),
    "entrypoint": Option(RAW, readers.read_words, "Config.Entrypoint", inherits=True),
    "user": Option(TEXT, field="Config.User", inherits=True),
    "groups": Option(LIST, fields.in_order, "HostConfig.GroupAdd", seen=fields.in_order),
    "environment": Option(
        DICT,
        readers.read_texts,
        "Config.Env",
        fields.pairs("="),
        seen=environment_of,
        inherits=True,
    ),
    "working_dir": Option(TEXT, field="Config.WorkingDir", inherits=True),
    "hostname": Option(TEXT, field="Config.Hostname", inherits=True),
    "labels": Option(
        DICT,
        readers.read_labels,
        "Config.Labels",
        seen=fields.labels_of_others,
        inherits=True,
    ),
    "healthcheck": Option(
        {"type": "dict", "options": HEALTHCHECK},
        readers.read_healthcheck,
        "Config.Healthcheck",
        fields.write_healthcheck,
        seen=fields.seen_healthcheck,
        inherits=True,
    ),
    "stop_timeout": Option({"type": "int", "default": 10}, field="Config.StopTimeout"),
    "memory": Option(
        # Without the second field, Docker allows the same amount of swap on top of the limit.
        TEXT,
        readers.read_memory,
        "HostConfig.Memory",
        also="HostConfig.MemorySwap",
        update=or_none,
    ),
    "cpus": Option(
        {"type": "float"},
        readers.read_cpus,
        "HostConfig.NanoCpus",
        fields.write_cpus,
        seen=lambda nano: (nano or 0) / 1e9 or None,
        update=fields.write_cpus,
    ),
    "pids_limit": Option(
        {"type": "int"},
        readers.read_count,
        "HostConfig.PidsLimit",
        seen=readers.read_count,
        update=lambda limit: limit or -1,
    ),
    "restart_policy": Option(
        {"type": "str", "choices": POLICIES, "default": POLICIES[0]},
        field="HostConfig.RestartPolicy.Name",
        update=as_it_is,
    ),
    "read_only": Option(YES, field="HostConfig.ReadonlyRootfs"),
    "tmpfs": Option(LIST, readers.read_tmpfs, "HostConfig.Tmpfs"),
    "capabilities_drop": Option(
        {**LIST, "default": ["ALL"]},
        readers.read_capabilities,
        "HostConfig.CapDrop",
        seen=readers.read_capabilities,
    ),
    "capabilities_add": Option(
        LIST, readers.read_capabilities, "HostConfig.CapAdd", seen=readers.read_capabilities
    ),
    "no_new_privileges": Option(
        YES,
        field="HostConfig.SecurityOpt",
        write=fields.write_no_new_privileges,
        seen=fields.seen_security,
    ),
    "etc_hosts": Option(
        DICT, readers.read_texts, "HostConfig.ExtraHosts", fields.pairs(":"), seen=fields.in_order
    ),
    "log_max_size": Option(
        {"type": "str", "default": "10m"},
        readers.read_log_size,
        "HostConfig.LogConfig.Config.max-size",
    ),
    "log_max_files": Option(
        {"type": "int", "default": 3}, field="HostConfig.LogConfig.Config.max-file", write=str
    ),
}

NETWORK = {"name": REQUIRED, "aliases": LIST}
VOLUME = {"source": REQUIRED, "target": REQUIRED, "read_only": NO, "owner": TEXT}
FILE = {"path": REQUIRED, "content": REQUIRED, "mode": {"type": "raw", "default": "0444"}}
HIDDEN = {"type": "str", "required": True, "no_log": True}
SECRET = {"path": REQUIRED, "content": HIDDEN, "mode": {"type": "raw", "default": "0400"}}


def _list_of(options: Mapping[str, Any]) -> dict[str, Any]:
    # no_log: the paths are not secret; the content of a secret has its own no_log.
    return {"type": "list", "elements": "dict", "default": [], "no_log": False, "options": options}


# Options that map to several of Docker's fields, or share one; `container` writes them.
MOUNTS_AND_NETWORKS: dict[str, Option] = {
    "ports": Option(LIST, read_port, each=True),
    "networks": Option(_list_of(NETWORK), readers.read_networks),
    "volumes": Option(_list_of(VOLUME), readers.read_volume, each=True),
    "files": Option(_list_of(FILE), readers.read_file, each=True),
    "secrets": Option(_list_of(SECRET), readers.read_secret, each=True),
}

# How the container is deployed, which is not part of its configuration.
DEPLOYMENT: dict[str, dict[str, Any]] = {
    "name": REQUIRED,
    "state": {
        "type": "str",
        "choices": ["present", "rehearsed", "absent", "rolled_back"],
        "default": "present",
    },
    "image": TEXT,
    "image_pending": NO,
    "pull": {"type": "str", "choices": ["missing", "always", "never"], "default": "missing"},
    "rehearsal": {
        "type": "dict",
        "options": {
            "command": RAW,
            "entrypoint": RAW,
            "until": {
                "type": "str",
                "choices": ["healthy", "exited", "none"],
                "default": "healthy",
            },
            "timeout": {"type": "float", "default": 60},
        },
    },
    "wait_timeout": {"type": "float", "default": 60},
    "settle": {"type": "float", "default": 2},
    "adopt": NO,
    "remove_volumes": NO,
    "state_directory": {"type": "path", "default": "/var/lib/vya-observability"},
}


def argument_spec() -> dict[str, Any]:
    """Return the argument spec of the module."""
    rows = {**CONTAINER, **MOUNTS_AND_NETWORKS}
    return {
        **DEPLOYMENT,
        **{name: dict(option.spec) for name, option in rows.items()},
        **docker_argument_spec(),
    }


def settings_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options of a release, in their form.

    Args:
        record: As `Spec.described` returns it: options that were not given are missing.
    """
    defaults = {name: option.read(option.spec.get("default")) for name, option in CONTAINER.items()}
    empty = {
        name: type(value)() if isinstance(value, (dict, list)) else None
        for name, value in defaults.items()
    }
    given = {name: value for name, value in record.items() if name not in MOUNTS_AND_NETWORKS}
    return {**empty, **given}
