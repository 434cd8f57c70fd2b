# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specification of `container_release`."""

from __future__ import annotations

from typing import Any

from .._docker.client import docker_argument_spec


def argument_spec() -> dict[str, Any]:
    """The options, as the module documents them."""
    raw = {"type": "raw"}
    strings = {"type": "list", "elements": "str", "default": []}
    content = {"type": "str", "required": True}
    return {
        "name": {"type": "str", "required": True},
        "state": {
            "type": "str",
            "choices": ["present", "rehearsed", "absent", "rolled_back"],
            "default": "present",
        },
        "image": {"type": "str"},
        "image_pending": {"type": "bool", "default": False},
        "pull": {"type": "str", "choices": ["missing", "always", "never"], "default": "missing"},
        "command": raw,
        "entrypoint": raw,
        "user": {"type": "str"},
        "environment": {"type": "dict", "default": {}},
        "working_dir": {"type": "str"},
        "hostname": {"type": "str"},
        "ports": strings,
        "networks": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {"name": {"type": "str", "required": True}, "aliases": strings},
        },
        "volumes": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "source": {"type": "str", "required": True},
                "target": {"type": "str", "required": True},
                "read_only": {"type": "bool", "default": False},
                "owner": {"type": "str"},
            },
        },
        "files": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "path": {"type": "str", "required": True},
                "content": content,
                "mode": {"type": "raw", "default": "0444"},
            },
        },
        "secrets": {
            "type": "list",
            "elements": "dict",
            "default": [],
            # The paths are no secret; what is, says so itself.
            "no_log": False,
            "options": {
                "path": {"type": "str", "required": True},
                "content": {**content, "no_log": True},
                "mode": {"type": "raw", "default": "0400"},
            },
        },
        "labels": {"type": "dict", "default": {}},
        "healthcheck": {
            "type": "dict",
            "options": {
                "test": {"type": "raw", "required": True},
                "interval": {"type": "float", "default": 30},
                "timeout": {"type": "float", "default": 10},
                "retries": {"type": "int", "default": 3},
                "start_period": {"type": "float", "default": 0},
            },
        },
        "restart_policy": {
            "type": "str",
            "choices": ["unless-stopped", "always", "on-failure", "no"],
            "default": "unless-stopped",
        },
        "memory": {"type": "str"},
        "cpus": {"type": "float"},
        "pids_limit": {"type": "int"},
        "read_only": {"type": "bool", "default": True},
        "tmpfs": strings,
        "capabilities_drop": {**strings, "default": ["ALL"]},
        "capabilities_add": strings,
        "no_new_privileges": {"type": "bool", "default": True},
        "log_max_size": {"type": "str", "default": "10m"},
        "log_max_files": {"type": "int", "default": 3},
        "stop_timeout": {"type": "int", "default": 10},
        "etc_hosts": {"type": "dict", "default": {}},
        "rehearsal": {
            "type": "dict",
            "options": {
                "command": raw,
                "entrypoint": raw,
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
        "adopt": {"type": "bool", "default": False},
        "remove_volumes": {"type": "bool", "default": False},
        "state_directory": {"type": "path", "default": "/var/lib/vya-observability"},
        **docker_argument_spec(),
    }
