# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of `host_plan`: it has the sources of the images."""

from __future__ import annotations

from typing import Any

from .image_build import ActionModule as ImageAction


class ActionModule(ImageAction):
    """Reads the sources' digests, and runs the module."""

    def _ensure(self, args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        images = {key: dict(image) for key, image in args.get("images", {}).items()}
        optional = [key for key, image in images.items() if image.pop("optional", False)]
        looks = {key: {**image, "prepared": self._digests(image)} for key, image in images.items()}
        return self._execute_module(
            module_name="vya.observability.host_plan",
            module_args={**args, "images": looks, "optional_images": optional},
            task_vars=task_vars,
        )

    _ensure_all = _ensure
