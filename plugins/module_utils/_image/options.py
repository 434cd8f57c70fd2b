# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `image_build`, without those for several images."""

from __future__ import annotations

from typing import Any

from .._docker.client import docker_argument_spec

REQUIRED_IF = [
    ("source", "registry", ["reference"]),
    ("source", "packages", ["name", "src"]),
    ("source", "auto", ["reference", "name", "src"]),
]


def argument_spec() -> dict[str, Any]:
    """Return the argument spec; ``prepared`` is passed by the action plugin."""
    origin = {
        "source": {
            "type": "str",
            "choices": ["auto", "registry", "packages"],
            "default": "packages",
        },
        "reference": {"type": "str"},
        "name": {"type": "str"},
        "src": {"type": "str"},
    }
    smoke = {
        "command": {"type": "list", "elements": "str", "required": True},
        "entrypoint": {"type": "list", "elements": "str"},
        "files": {"type": "dict", "default": {}},
        "timeout": {"type": "int", "default": 60},
    }
    prepared = {
        "source_digest": {"type": "str", "default": ""},
        "base_source_digest": {"type": "str", "default": ""},
        "base_reference": {"type": "str", "default": ""},
        "base_image_id": {"type": "str", "default": ""},
        "context": {"type": "path"},
    }
    return {
        **origin,
        "tag": {"type": "str"},
        "base": {"type": "dict", "options": origin},
        "buildargs": {"type": "dict", "default": {}},
        "labels": {"type": "dict", "default": {}},
        "version": {"type": "str"},
        "revision": {"type": "str"},
        "smoke": {"type": "list", "elements": "dict", "default": [], "options": smoke},
        "registry": {"type": "str"},
        "registry_username": {"type": "str"},
        "registry_password": {"type": "str", "no_log": True},
        "registry_timeout": {"type": "int", "default": 8},
        "unreachable_registries": {"type": "list", "elements": "str", "default": []},
        "refresh": {"type": "bool", "default": False},
        "ca_bundle": {"type": "str", "default": "auto"},
        "build_timeout": {"type": "int", "default": 1800},
        "log_directory": {"type": "path", "default": "/var/log/vya-observability"},
        "prepared": {"type": "dict", "apply_defaults": True, "options": prepared},
        **docker_argument_spec(),
    }
