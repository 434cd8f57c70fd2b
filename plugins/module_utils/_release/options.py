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
from .._docker.ports import read_ports
from . import fields, readers, values
from .fields import Docker, as_it_is, get, or_none


@dataclass(frozen=True)
class Option:
    """One option of the container.

    Attributes:
        spec: Its argument spec.
        read: Turns Ansible's value into the form that is stored, described and compared. It raises
            ValueError, which says what it expected.
        each: Whether `read` takes one element of a list instead of the whole list. What it returns
            may be a list itself, of what the element stands for.
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


def _also(spec: Mapping[str, Any], *aliases: str) -> dict[str, Any]:
    """Return an argument spec with Compose's name of the option."""
    return {**spec, "aliases": list(aliases)}


TEXT = {"type": "str"}
YES = {"type": "bool", "default": True}
NO = {"type": "bool", "default": False}
RAW: dict[str, Any] = {"type": "raw"}
MAPPING = {**RAW, "default": {}}
LIST: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
ITEMS = {**LIST, "elements": "raw"}
REQUIRED = readers.REQUIRED
HEALTHCHECK = {
    "test": RAW,
    "interval": {"type": "raw", "default": 30},
    "timeout": {"type": "raw", "default": 10},
    "retries": {"type": "int", "default": 3},
    "start_period": {"type": "raw", "default": 0},
    "disable": NO,
}

CONTAINER: dict[str, Option] = {
    "command": Option(RAW, readers.read_words, "Config.Cmd", inherits=True),
    "entrypoint": Option(RAW, readers.read_entrypoint, "Config.Entrypoint", inherits=True),
    "user": Option(TEXT, field="Config.User", inherits=True),
    "groups": Option(
        _also(LIST, "group_add"), fields.in_order, "HostConfig.GroupAdd", seen=fields.in_order
    ),
    "environment": Option(
        MAPPING,
        values.read_texts,
        "Config.Env",
        fields.pairs("="),
        seen=environment_of,
        inherits=True,
    ),
    "working_dir": Option(TEXT, field="Config.WorkingDir", inherits=True),
    "hostname": Option(TEXT, field="Config.Hostname", inherits=True),
    "labels": Option(
        MAPPING,
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
    "stop_timeout": Option(
        _also({**RAW, "default": 10}, "stop_grace_period"),
        readers.read_stop_timeout,
        "Config.StopTimeout",
    ),
    "init": Option({"type": "bool"}, field="HostConfig.Init", seen=as_it_is),
    "network_mode": Option(
        TEXT, readers.read_network_mode, "HostConfig.NetworkMode", seen=fields.seen_namespace
    ),
    "pid_mode": Option(
        _also(TEXT, "pid"),
        readers.read_pid_mode,
        "HostConfig.PidMode",
        seen=fields.seen_namespace,
    ),
    "devices": Option(
        ITEMS,
        lambda devices: fields.in_order([readers.read_device(device) for device in devices]),
        "HostConfig.Devices",
        fields.write_devices,
        seen=fields.seen_devices,
    ),
    "ulimits": Option(
        MAPPING,
        readers.read_ulimits,
        "HostConfig.Ulimits",
        fields.write_ulimits,
        seen=fields.seen_ulimits,
        inherits=True,
    ),
    "sysctls": Option(MAPPING, values.read_texts, "HostConfig.Sysctls"),
    "shm_size": Option(TEXT, readers.read_shm_size, "HostConfig.ShmSize", inherits=True),
    "memory": Option(
        # Without the second field, Docker allows the same amount of swap on top of the limit.
        _also(TEXT, "mem_limit"),
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
        _also({**RAW, "default": readers.POLICIES[0]}, "restart"),
        readers.read_restart_policy,
        "HostConfig.RestartPolicy",
        fields.write_restart_policy,
        seen=fields.seen_restart_policy,
        update=fields.write_restart_policy,
    ),
    "read_only": Option(YES, field="HostConfig.ReadonlyRootfs"),
    "tmpfs": Option({**RAW, "default": []}, readers.read_tmpfs, "HostConfig.Tmpfs"),
    "capabilities_drop": Option(
        _also({**LIST, "default": ["ALL"]}, "cap_drop"),
        readers.read_capabilities,
        "HostConfig.CapDrop",
        seen=readers.read_capabilities,
    ),
    "capabilities_add": Option(
        _also(LIST, "cap_add"),
        readers.read_capabilities,
        "HostConfig.CapAdd",
        seen=readers.read_capabilities,
    ),
    "no_new_privileges": Option(
        YES,
        field="HostConfig.SecurityOpt",
        write=fields.write_no_new_privileges,
        seen=fields.seen_security,
    ),
    "etc_hosts": Option(
        _also(MAPPING, "extra_hosts"),
        readers.read_etc_hosts,
        "HostConfig.ExtraHosts",
        fields.write_etc_hosts,
        seen=fields.in_order,
    ),
    "dns": Option(LIST, readers.read_addresses, "HostConfig.Dns"),
    "dns_search": Option(LIST, field="HostConfig.DnsSearch"),
    "dns_options": Option(_also(LIST, "dns_opt"), field="HostConfig.DnsOptions"),
    "log_driver": Option(
        TEXT,
        fields.seen_log_driver,
        "HostConfig.LogConfig.Type",
        lambda driver: driver or fields.LOG_DRIVER,
        seen=fields.seen_log_driver,
    ),
    "log_max_size": Option(
        {"type": "str", "default": "10m"},
        readers.read_log_size,
        "HostConfig.LogConfig.Config.max-size",
    ),
    "log_max_files": Option(
        {"type": "int", "default": 3},
        field="HostConfig.LogConfig.Config.max-file",
        write=lambda files: None if files is None else str(files),
    ),
    "log_options": Option(
        # The daemon adds options of its own.
        MAPPING,
        values.read_texts,
        "HostConfig.LogConfig.Config",
        seen=fields.seen_log_options,
        inherits=True,
    ),
}

FILE = {
    "path": REQUIRED,
    "content": TEXT,
    "src": {"type": "path"},
    "mode": {"type": "raw", "default": "0444"},
}
HIDDEN = {"type": "str", "required": True, "no_log": True}
SECRET = {"path": REQUIRED, "content": HIDDEN, "mode": {"type": "raw", "default": "0400"}}


ONE_SOURCE = {
    "mutually_exclusive": [("content", "src")],
    "required_one_of": [("content", "src")],
}


def _list_of(options: Mapping[str, Any], **rules: Any) -> dict[str, Any]:
    # no_log: the paths are not secret; the content of a secret has its own no_log.
    spec = {"type": "list", "elements": "dict", "default": [], "no_log": False, "options": options}
    return {**spec, **rules}


# Options that map to several of Docker's fields, or share one; `container` writes them.
MOUNTS_AND_NETWORKS: dict[str, Option] = {
    "ports": Option(ITEMS, read_ports, each=True),
    "networks": Option({**RAW, "default": []}, readers.read_networks),
    "volumes": Option(ITEMS, readers.read_volume, each=True),
    "files": Option(_list_of(FILE, **ONE_SOURCE), readers.read_file, each=True),
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
    "drain": RAW,
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
