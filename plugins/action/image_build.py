# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of `image_build`: it has the source; the target has the daemon.

The module first gets only the source's digest. If it answers that a build is needed, the base image
is ensured, the source is sent, and the module runs again to build.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

from ..module_utils._image.source import source_digest, source_files, source_revision, write_tar

# The base image is ensured like the image itself, without these options.
_IMAGE_ONLY = {
    "base",
    "buildargs",
    "labels",
    "prepared",
    "refresh",
    "registry",
    "registry_password",
    "registry_username",
    "revision",
    "smoke",
    "tag",
    "version",
}

UNREACHABLE = "unreachable_registries"


class ActionModule(ActionBase):
    """Reads the source, and runs the module once or twice."""

    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result."""
        result = super().run(tmp, task_vars)
        args = dict(self._task.args)
        ensure = self._ensure_all if "images" in args else self._ensure
        result.update(ensure(args, task_vars or {}))
        return result

    def _ensure_all(self, args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Look at all images in one call, and then ensure those that are not as they should be."""
        images = {key: dict(options) for key, options in args.pop("images").items()}
        optional = {key for key, options in images.items() if options.pop("optional", False)}
        looks = {key: {**image, "prepared": self._digests(image)} for key, image in images.items()}
        looked = self._module({**args, "images": looks}, task_vars)
        if looked.get("failed") or "images" not in looked:
            return looked
        found = looked["images"]
        absent = {name for image in found.values() for name in image.get(UNREACHABLE, ())}
        if not self._task.check_mode:
            for key in [key for key, image in found.items() if image.get("changed")]:
                doing = ", ".join(found[key]["actions"])
                self._display.display(f"{task_vars['inventory_hostname']}: {doing}")
                image = {**args, **images[key], UNREACHABLE: sorted(absent)}
                found[key] = self._ensure(image, task_vars)
        failed = [key for key in found if found[key].get("failed") and key not in optional]
        result = {
            "images": found,
            "changed": any(image.get("changed") for image in found.values()),
            "diff": [image["diff"] for image in found.values() if "diff" in image],
        }
        if failed:
            said = "\n".join(f"{key}: {found[key].get('msg')}" for key in failed)
            result.update(failed=True, msg=said, code=found[failed[0]].get("code"))
        return result

    def _digests(self, args: dict[str, Any]) -> dict[str, str]:
        """Return the digests of the sources of an image and of its base."""
        if "prepared" in args:
            raise AnsibleActionFail(
                "prepared: only the action plugin may set this option",
                result={"code": "image.prepared"},
            )
        found = {}
        for name, origin in (("source_digest", args), ("base_source_digest", args.get("base"))):
            source = self._source(origin or {})
            if source:
                found[name] = source_digest(source, source_files(source))
        return found

    def _ensure(self, args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        prepared = self._digests(args)
        args["prepared"] = prepared
        base = args.get("base") or {}
        source = self._source(args)
        first = self._module(args, task_vars)
        needed = any(action.startswith("build ") for action in first.get("actions", []))
        if first.get("failed") or not needed or self._task.check_mode or not source:
            return first
        args[UNREACHABLE] = first[UNREACHABLE]
        if base:
            had = self._ensure({**_without(args, _IMAGE_ONLY), **base}, task_vars)
            if had.get("failed"):
                return {**had, "msg": f"base image: {had.get('msg')}"}
            prepared.update(base_reference=had["reference"], base_image_id=had["image_id"])
        if not args.get("revision"):
            args["revision"] = source_revision(source)
        second = self._send_and_build(args, source, task_vars)
        if "diff" in second and "diff" in first:
            # The diff that the first call foresaw: the second one already sees the new base.
            second["diff"], second["summary"] = first["diff"], first["summary"]
        return second

    def _source(self, args: dict[str, Any]) -> Path | None:
        """Return the directory on the controller; None if nothing can need a build."""
        if not args.get("src") or args.get("source") == "registry":
            return None
        try:
            path = Path(self._find_needle("files", args["src"]))
        except AnsibleError as error:
            raise AnsibleActionFail(
                f"src: expected a directory {args['src']!r} below files/ of the role or playbook: "
                f"{error}",
                result={"code": "image.no_source"},
            ) from error
        if not (path / "Dockerfile").is_file():
            raise AnsibleActionFail(
                f"src: expected a directory with a Dockerfile, got {path}",
                result={"code": "image.no_dockerfile"},
            )
        return path

    def _send_and_build(
        self, args: dict[str, Any], source: Path, task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        self._make_tmp_path()
        directory = self._connection._shell.tmpdir
        remote = self._connection._shell.join_path(directory, "context.tar")
        try:
            with tempfile.NamedTemporaryFile(dir=constants.DEFAULT_LOCAL_TMP) as context:
                write_tar(source, source_files(source), context)
                context.flush()
                self._transfer_file(context.name, remote)
            self._fixup_perms2((directory, remote))
            return self._module(
                {**args, "prepared": {**args["prepared"], "context": remote}}, task_vars
            )
        finally:
            self._remove_tmp_path(directory)

    def _module(self, args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return self._execute_module(
            module_name="vya.observability.image_build",
            module_args={**args},
            task_vars=task_vars,
        )


def _without(args: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {k: v for k, v in args.items() if k not in names and not k.startswith("_")}
