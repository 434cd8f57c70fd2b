# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules service_backup and service_restore, on the host of the service."""

from __future__ import annotations

import json
import shutil
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._docker.client import DOCKER_ERRORS, client_of, docker_argument_spec, docker_failure
from .._docker.container import inspect, label
from .._docker.health import NotHealthy, wait_healthy
from .._docker.images import TRANSFER_SECONDS
from .._docker.labels import LABEL_IMAGE_DIGEST
from .._failure import Failure, fail
from .._release.options import DEPLOYMENT
from .._release.store import Store
from .._signals import ending
from .kind import Job, Kind, volumes_of
from .kinds import KINDS
from .record import (
    FILE,
    FORMAT,
    chosen,
    described,
    finished,
    new_folder,
    prune,
    read_manifest,
    short,
    stamp,
    verify,
    write_manifest,
)
from .scratch import Scratch, emptied, empty

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# What a manifest keeps of a container, so that it can be made again.
FIELDS = ("Id", "Name", "Image", "Path", "Args", "Config", "HostConfig", "Mounts")
LOCK_SECONDS = 60.0
FILES = "files"  # of the host itself, instead of a container's


def backup_spec() -> dict[str, Any]:
    """Return the argument spec of `service_backup`."""
    return {
        "name": {"type": "str", "required": True},
        "kind": {"type": "str", "choices": [*KINDS, FILES], "default": "volumes"},
        "host": {"type": "str", "default": ""},
        # Of the action plugin, which brings the backup to the controller.
        "controller_directory": {"type": "path"},
        "directory": {"type": "path"},
        "keep": {"type": "int", "default": 7},
        "keep_days": {"type": "float", "default": 0.0},
        "prove": {"type": "bool", "default": True},
        "paths": {"type": "list", "elements": "path", "default": []},
        "documents": {"type": "dict", "default": {}, "no_log": True},
        "url_username": {"type": "str"},
        "url_password": {"type": "str", "no_log": True},
        "state_directory": dict(DEPLOYMENT["state_directory"]),
        **docker_argument_spec(),
    }


def restore_spec() -> dict[str, Any]:
    """Return the argument spec of `service_restore`."""
    return {
        "name": {"type": "str", "required": True},
        "path": {"type": "path"},
        # Of the action plugin, which brings the backup to the host.
        "controller_path": {"type": "path"},
        "state": {"type": "str", "choices": ["restored", "proven"], "default": "restored"},
        "replace": {"type": "bool", "default": False},
        "image": {"type": "str"},
        "wait_timeout": {"type": "float", "default": 300.0},
        "state_directory": dict(DEPLOYMENT["state_directory"]),
        **docker_argument_spec(),
    }


@contextmanager
def _told(module: AnsibleModule) -> Iterator[None]:
    """End the module with what went wrong, if something did."""
    name = module.params["name"]
    try:
        with ending():
            yield
    except Failure as error:
        fail(module, Failure(error.code, f"{name}: {error}", **error.values))
    except DOCKER_ERRORS as error:
        fail(module, docker_failure(f"{name}: Docker says", error))
    except PermissionError as error:
        said = f"{name}: {error}: run the task with `become: true`."
        fail(module, Failure("backup.permission", said))
    except OSError as error:
        fail(module, Failure("backup.os_error", f"{name}: {error}"))


def run_backup(module: AnsibleModule) -> None:
    """Run the module `service_backup`."""
    with _told(module):
        result = back_up(module.params, module.check_mode)
    module.exit_json(**result)


def run_restore(module: AnsibleModule) -> None:
    """Run the module `service_restore`."""
    with _told(module):
        result = restore(module.params, module.check_mode)
    module.exit_json(**result)


def _client(params: Mapping[str, Any]) -> Any:
    # A volume is one request, which may take long.
    return client_of({**params, "timeout": max(params["timeout"], int(TRANSFER_SECONDS))})


def _spool(params: Mapping[str, Any]) -> Path:
    """Return the directory of a service's backups on its host."""
    return Path(params["state_directory"]).absolute() / "backups" / params["name"]


def back_up(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Make a backup of one service; return what the module returns.

    Raises:
        Failure: `backup.no_container`, or another one.
    """
    started, kind = time.monotonic(), KINDS.get(params["kind"])
    client = _client(params) if kind else None  # files need no engine
    record = inspect(client, params["name"]) if kind else {}
    if record is None:
        raise Failure("backup.no_container", "there is no such container.")
    parent = (
        Path(params["directory"]) / params["host"] / params["name"] if params["directory"] else None
    )
    parent = parent or _spool(params)
    if check_mode:
        volumes = [str(each["Name"]) for each in volumes_of(record)]
        return {"changed": True, "backup": None, "path": None, "volumes": volumes, "removed": []}
    store = Store(params["state_directory"], params["name"])
    with store.locked(LOCK_SECONDS, check_mode):
        part = new_folder(parent, stamp(time.time()))
        try:
            if kind is None:
                manifest = _of_paths(params, part)
            else:
                manifest = _made(client, params, kind, record, part, store)
            if params["prove"] and kind:
                manifest["proven"] = _proof(client, params, manifest, part, kind)
            manifest["seconds"] = round(time.monotonic() - started, 3)
            write_manifest(part, manifest)
            folder = finished(part)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        removed = prune(parent, params["keep"], params["keep_days"], time.time())
    return {
        "changed": True,
        "path": str(folder),
        "backup": short(manifest),
        "volumes": [str(each["name"]) for each in manifest["volumes"]],
        "removed": removed,
    }


def _made(
    client: Any,
    params: Mapping[str, Any],
    kind: Kind,
    record: Mapping[str, Any],
    part: Path,
    store: Store,
) -> dict[str, Any]:
    """Write the files, and return the manifest."""
    spool = _spool(params)
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    job = Job(client, params, record, part, spool / ".journal")
    kind.capture(job)
    for name, text in params["documents"].items():
        if not FILE.fullmatch(name):
            raise Failure("backup.document", f"documents: {name} is no name of a file.", name=name)
        path = part / name
        path.touch(mode=0o600)
        said = text if isinstance(text, str) else json.dumps(text, indent=2, sort_keys=True)
        path.write_text(said, encoding="utf-8")
    job.left += [
        {"path": str(each["Source"]), "why": "of the host"}
        for each in record.get("Mounts") or []
        if each["Type"] == "bind" and not str(each["Source"]).startswith(f"{store.directory}/")
    ]
    if store.directory.is_dir():
        shutil.make_archive(str(part / "release"), "tar", store.directory)
        (part / "release.tar").chmod(0o600)
    return {
        "format": FORMAT,
        "host": params["host"],
        "service": params["name"],
        "kind": kind.name,
        "time": part.name[1 : -len(".part")],
        "method": job.method or "files",
        "paused_seconds": round(job.paused, 3),
        "image": {
            "id": record["Image"],
            "reference": record["Config"]["Image"],
            "digest": label(dict(record), LABEL_IMAGE_DIGEST) or "",
        },
        "container": {name: record.get(name) for name in FIELDS},
        "volumes": job.volumes,
        "left": job.left,
        "figures": job.figures,
        "unjudged": job.unjudged,
        "files": described(part),
    }


def _of_paths(params: Mapping[str, Any], part: Path) -> dict[str, Any]:
    """Write the files of the host that the option names, read them back, return the manifest."""
    archive = part / "files.tar"
    archive.touch(mode=0o600)
    here = [Path(each) for each in params["paths"] if Path(each).exists()]
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as out:
        for path in here:
            out.add(path)
    with tarfile.open(archive) as again:
        names = [member.name for member in again if member.isreg()]
    return {
        "format": FORMAT,
        "host": params["host"],
        "service": params["name"],
        "kind": FILES,
        "time": part.name[1 : -len(".part")],
        "method": "files",
        "paused_seconds": 0.0,
        "volumes": [],
        "left": [],
        "figures": {},
        "unjudged": "",
        "proven": {"files": len(names), "figures": {}, "seconds": 0.0},
        "files": described(part),
    }


def _proof(
    client: Any, params: Mapping[str, Any], manifest: Mapping[str, Any], folder: Path, kind: Kind
) -> dict[str, Any]:
    started = time.monotonic()
    scratch = Scratch(client, params, manifest, folder, kind, _spool(params) / ".scratch")
    scratch.clean()
    found = scratch.prove()
    return {**found, "seconds": round(time.monotonic() - started, 3)}


def restore(params: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Put one backup back; return what the module returns.

    Raises:
        Failure: `backup.damaged`, `backup.not_empty`, `backup.not_proven`, or another one.
    """
    if not params["path"]:
        raise Failure("backup.options", "path: expected the directory of a backup; seen: nothing.")
    started, folder = time.monotonic(), chosen(Path(params["path"]))
    manifest = {**read_manifest(folder), "service": params["name"]}
    verify(folder, manifest)
    if manifest["kind"] == FILES:
        said = f"{folder} holds files of a host: take what you need out of files.tar."
        raise Failure("backup.files", said, path=str(folder))
    kind, client = KINDS[manifest["kind"]], _client(params)
    current = inspect(client, params["name"])
    volumes = _volumes(manifest, current)
    full = [name for name in volumes.values() if not empty(client, name)]
    if params["state"] == "restored" and full and not params["replace"]:
        said = (
            f"{', '.join(full)} is not empty: what it holds would be lost. Set replace if it is "
            "to go."
        )
        raise Failure("backup.not_empty", said, volumes=full)
    result = {
        "changed": params["state"] == "restored",
        "backup": short(manifest),
        "volumes": volumes,
    }
    if check_mode:
        return {**result, "proven": None, "seconds": None, "down_seconds": None, "started": False}
    with Store(params["state_directory"], params["name"]).locked(LOCK_SECONDS, check_mode):
        proven = _proof(client, params, manifest, folder, kind)
        down = None
        if params["state"] == "restored":
            stopped = time.monotonic()
            _put_back(client, params, manifest, folder, kind, current, volumes)
            down = round(time.monotonic() - stopped, 3) if current else None
    return {
        **result,
        "proven": proven,
        "started": bool(current) and params["state"] == "restored",
        "down_seconds": down,
        "seconds": round(time.monotonic() - started, 3),
    }


def _volumes(manifest: Mapping[str, Any], current: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the service's volumes that the backup fills, by where they are mounted."""
    now = {str(each["Destination"]): str(each["Name"]) for each in volumes_of(current or {})}
    was = {
        str(each["Destination"]): str(each["Name"]) for each in volumes_of(manifest["container"])
    }
    wanted = [str(each["target"]) for each in manifest["volumes"]]
    wanted += [str(each["path"]) for each in manifest["left"] if each["why"] == "dumped"]
    known = now if current else was
    lost = [target for target in wanted if target not in known]
    if lost:
        said = f"the container has no volume at {', '.join(lost)}, which the backup holds."
        raise Failure("backup.no_volume", said, path=lost)
    return {target: known[target] for target in wanted}


def _put_back(
    client: Any,
    params: Mapping[str, Any],
    manifest: Mapping[str, Any],
    folder: Path,
    kind: Kind,
    current: Mapping[str, Any] | None,
    volumes: Mapping[str, str],
) -> None:
    """Fill the service's own volumes while it is stopped, prove them, and start it again."""
    if current and current["State"]["Paused"]:
        client.api.unpause(current["Id"])
    if current and current["State"]["Running"]:
        client.api.stop(current["Id"], timeout=120)
    for name in volumes.values():
        emptied(client, name)
    scratch = Scratch(client, params, manifest, folder, kind, _spool(params) / ".scratch")
    scratch.fill(volumes)
    if current:
        client.api.start(current["Id"])
        try:
            wait_healthy(client, current["Id"], params["wait_timeout"])
        except NotHealthy as error:
            said = f"its data are back and proven, but it is not healthy: {error}"
            raise Failure("backup.not_healthy", said, reason=error.code) from error
