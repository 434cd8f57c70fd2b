# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of a host, as the options of image_build."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .._variables import ROLES

COLLECTOR = "collector"
# The smallest configuration that the collector accepts.
_CONFIGURATION = {
    "host": "smoke",
    "region": "test",
    "location": "test",
    "api": {"keys_file": "/tmp/smoke-keys"},  # noqa: S108  (in a container of its own)
}
_SMOKE = [
    {"command": ["-c", "import collector, collector.service"], "entrypoint": ["python3"]},
    {"command": ["healthcheck", "--help"]},
    {
        "command": ["check-config", "--config", "/tmp/smoke.json"],  # noqa: S108
        "files": {
            "/tmp/smoke.json": json.dumps(_CONFIGURATION),  # noqa: S108
            "/tmp/smoke-keys": "smoke-test-key-of-no-use",  # noqa: S108
        },
    },
]


def definitions(v: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the reference and the name from packages of each image, by its key."""
    own = {"packages": f"{v['observability_image_name']}:{v['observability_image_version']}"}
    return {**v["image_more"], **v["observability_all_images"], COLLECTOR: own}


def is_published(v: Mapping[str, Any], key: str) -> bool:
    """Return whether one host builds and pushes the image, and the others pull it."""
    return key == COLLECTOR and bool(v["observability_registry"])


def images(v: Mapping[str, Any], keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the options of ``image_build``, by key."""
    return {key: _image(v, key) for key in keys}


def looked(v: Mapping[str, Any], keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the options of ``image_build`` for a look that changes nothing, by key.

    Of an image that another host builds, this one asks the registry.
    """
    found = images(v, keys)
    for key in [key for key in found if is_published(v, key)]:
        if v["image_build_host"] != v["inventory_hostname"]:
            registry, timeout = v["observability_registry"].rstrip("/"), "registry_timeout"
            reference = f"{registry}/{definitions(v)[key]['packages']}"
            asked = {"source": "registry", "reference": reference, "refresh": True}
            found[key] = {**asked, timeout: found[key][timeout], "optional": False}
    return found


def foreseen(v: Mapping[str, Any], keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what check mode knows of images where there is no Docker yet, by key.

    It is in the form of ``image_build``. Only the engine asks a registry, so of an image that may
    be left out nobody knows whether it can be had.
    """
    found: dict[str, dict[str, Any]] = {}
    for key in keys:
        wanted = _image(v, key)
        pulled = wanted["source"] == "registry"
        name = wanted["reference"] if pulled else wanted["name"]
        if wanted["optional"]:
            found[key] = {
                "failed": True,
                "msg": "not judged: there is no Docker yet to ask for it.",
            }
            continue
        doing = (
            "pulled" if pulled else "built" if wanted["source"] == "packages" else "pulled or built"
        )
        found[key] = {"changed": True, "reference": name, "summary": f"{name}: {doing}"}
    return found


def _image(v: Mapping[str, Any], key: str) -> dict[str, Any]:
    known = definitions(v)
    wanted, base = known[key], known["base"]
    # An image without packages is pulled from its registry or is not available.
    source = v["observability_image_source"] if wanted.get("packages") else "registry"
    source = "packages" if key == COLLECTOR else source
    options: dict[str, Any] = {
        "source": source,
        "reference": wanted.get("reference"),
        "name": wanted.get("packages"),
        "registry_timeout": v["image_registry_timeout"],
        "refresh": v["image_refresh"],
        "ca_bundle": v["image_ca_bundle"],
        "build_timeout": v["image_build_timeout"],
        "optional": key in v["image_optional_keys"],
    }
    if source != "registry":
        options["src"] = _source(key)
    # Services are built on the base image from packages; the collector runs on any Python image.
    if key == COLLECTOR:
        options["smoke"] = _SMOKE
        options["base"] = {
            "source": v["observability_image_source"],
            "name": base["packages"],
            "reference": base["reference"],
            "src": _source("base"),
        }
    elif key != "base":
        options["base"] = {"name": base["packages"], "src": _source("base")}
    if is_published(v, key):
        options["registry"] = v["observability_registry"]
        if v["image_registry_username"]:
            options["registry_username"] = v["image_registry_username"]
            options["registry_password"] = v["image_registry_password"]
    return {name: value for name, value in options.items() if value is not None}


def _source(key: str) -> str:
    return str(ROLES / "image" / "files" / key)
