# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a container still has the configuration that it was deployed with.

The options themselves are not there: what they were, the release's record tells, and the digest in
the container's label vouches for it. From the record and the files on disk a `Spec` is made, and
that goes through the comparison that a deploy makes, and through the one with Docker's inspect.
"""

from __future__ import annotations

import calendar
import contextlib
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .._docker.container import Container, label
from .._docker.environment import environment_of
from .._docker.labels import LABEL_CONFIG_DIGEST, LABEL_IMAGE_ID, LABEL_PREFIX, LABEL_RELEASE
from .._docker.ports import read_port
from .._release.compare import drifts, reasons
from .._release.container import container_config, endpoints
from .._release.options import argument_spec
from .._release.parse import capabilities, parse, read_volume
from .._release.slots import Run
from .._release.spec import File, Rehearsal, Spec
from .._release.store import Store

_HEALTH_FIELDS = ("Test", "Interval", "Timeout", "Retries", "StartPeriod")
# What container_release never sets, so that anything there is somebody else's.
_NEVER_SET = ("Binds", "Privileged", "VolumesFrom", "Devices", "PidMode", "PublishAllPorts")


def deployed_spec(store: Store, name: str, release: str) -> Spec:
    """What the release's record describes, with the files as they are on disk now."""
    record = store.record(release)
    options = dict(record["options"])
    files = [
        _file(store, release, path, secret=kind == "secrets")
        for kind in ("files", "secrets")
        for path in options.pop(kind, {})
    ]
    volumes = [
        read_volume({**volume, "target": target})
        for target, volume in options.pop("volumes", {}).items()
    ]
    ports = [read_port(port) for port in options.pop("ports", [])]
    networks, healthcheck = options.pop("networks", {}), options.pop("healthcheck", None)
    return Spec(
        name=name,
        image=record.get("image", ""),
        files=files,
        volumes=volumes,
        ports=ports,
        networks=networks,
        healthcheck=healthcheck,
        rehearsal=Rehearsal(None, None, "none", 0),
        settings={**_unset(name), **options},
    )


def _file(store: Store, release: str, path: str, secret: bool) -> File:
    mode = 0
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        mode = Path(f"{store.mounts(release)}{path}").stat().st_mode & 0o7777
    return File(path, store.content(release, path) or "", mode, secret)


def _unset(name: str) -> dict[str, Any]:
    """Each setting as it is when nothing was given for it; the record leaves those out."""
    defaults = {key: given.get("default") for key, given in argument_spec().items()}
    settings = parse({**defaults, "name": name, "image": name}).settings
    return {
        key: type(value)() if isinstance(value, (dict, list)) else None
        for key, value in settings.items()
    }


def touched(store: Store, current: Container, mounts: Iterable[str] | None) -> list[str]:
    """Files and secrets that were changed on disk since the container was made.

    No hash of a secret is kept, so that its time is what tells; `mounts` is `mount_roots` of it.
    """
    release = label(current, LABEL_RELEASE) or ""
    options = store.record(release).get("options", {})
    made = _seconds(current["Created"])
    found = []
    for kind in ("file", "secret"):
        for path, given in sorted(options.get(f"{kind}s", {}).items()):
            stored = Path(f"{store.mounts(release)}{path}")
            if not stored.exists():
                found.append(f"{kind} {path} is not on disk any more")
            elif mounts is not None and not any(
                root.endswith(f"/{release}/mounts{path}") for root in mounts
            ):
                found.append(f"{kind} {path} was replaced on disk: the container has the old one")
            elif stored.stat().st_mtime > made:
                found.append(f"{kind} {path} was changed on disk after the deploy")
            elif f"{stored.stat().st_mode & 0o7777:04o}" != given["mode"]:
                found.append(f"{kind} {path} has other permissions on disk than it was given")
    return found


def _seconds(text: str) -> float:
    """Docker's time (nanoseconds, UTC) as seconds since the epoch."""
    whole = calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))
    return whole + float(f"0{text[19:].rstrip('Z')}")


def mount_roots(pid: int) -> list[str] | None:
    """Of each mount of the process the path inside its file system; None when not readable.

    A file that was replaced after it was mounted has another path there, or `//deleted`.
    """
    try:
        lines = Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return [re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), x.split()[3]) for x in lines]


def differences(
    run: Run, current: Container, image: Mapping[str, Any] | None, changed: list[str]
) -> list[str]:
    """What is not as it was deployed, one text each; `changed` is what `touched` found."""
    release = label(current, LABEL_RELEASE) or ""
    record = run.store.record(release)
    if not record.get("options"):
        return [f"no record of its options is in {run.store.directory / release}"]
    spec = deployed_spec(run.store, run.name, release)
    # Another image is the subject of another check.
    why = reasons(run, spec, current, {"Id": label(current, LABEL_IMAGE_ID)})
    if label(current, LABEL_CONFIG_DIGEST) != spec.digest():
        why = [reason for reason in why if reason != "configuration"]
        why += [reason for reason in _not_in_digest(spec, record["options"]) if reason not in why]
        why = why or ["its record is not the one that its digest was made of"]
    found = list(changed)
    for reason in why:
        if not any(text.startswith(f"{reason} ") for text in changed):
            plain = reason.startswith(("option ", "file ", "secret "))
            found.append(f"{reason} differs" if plain else reason)
    found += [f"a deploy would {drift.action}" for drift in drifts(run, spec, current)]
    if image is None:
        return [*found, "its image is not on this host any more"]
    return found + _against_docker(run, spec, current, image.get("Config") or {})


def _not_in_digest(spec: Spec, options: Mapping[str, Any]) -> list[str]:
    known, now = options.get("files", {}), spec.described().get("files", {})
    return [f"file {path}" for path in sorted(known) if known[path] != now.get(path)]


def _against_docker(
    run: Run, spec: Spec, current: Container, image: Mapping[str, Any]
) -> list[str]:
    """What `docker inspect` shows, against what the container was created from."""
    release = label(current, LABEL_RELEASE) or ""
    wanted = container_config(spec, {"Id": current["Image"]}, release, run.store.mounts(release))
    found = [
        f"{key} is not as it was set"
        for key, (want, have) in {
            **_config_pairs(wanted, current["Config"], image),
            **_host_pairs(wanted["HostConfig"], current["HostConfig"]),
        }.items()
        if want != have
    ]
    env = environment_of(image.get("Env")), environment_of(current["Config"].get("Env"))
    want = {**env[0], **environment_of(wanted["Env"])}
    # Names only: a value may be a secret that should not be there.
    changed = sorted(k for k in {*want, *env[1]} if want.get(k) != env[1].get(k))
    found += [f"environment variable {key} differs" for key in changed]
    return found + _networks(spec, current)


def _config_pairs(
    wanted: Mapping[str, Any], have: Mapping[str, Any], image: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Per key what it should be, where Docker takes what is unset from the image, and what is."""
    entrypoint = wanted["Entrypoint"] or (have.get("Entrypoint") and image.get("Entrypoint"))
    command = wanted["Cmd"] or (None if wanted["Entrypoint"] else image.get("Cmd"))
    health, from_image = wanted["Healthcheck"] or {}, image.get("Healthcheck") or {}
    has_health = have.get("Healthcheck") or {}
    own = {k: v for k, v in wanted["Labels"].items() if k not in _labels_of_deploy(wanted)}
    labels = {**(image.get("Labels") or {}), **own}
    has_labels = have.get("Labels") or {}
    return {
        "Entrypoint": (entrypoint or [], have.get("Entrypoint") or []),
        "Cmd": (command or [], have.get("Cmd") or []),
        "User": (wanted["User"] or image.get("User") or "", have.get("User") or ""),
        "WorkingDir": (
            wanted["WorkingDir"] or image.get("WorkingDir") or "",
            have.get("WorkingDir") or "",
        ),
        "Hostname": (wanted["Hostname"] or have.get("Hostname"), have.get("Hostname")),
        "StopTimeout": (wanted["StopTimeout"], have.get("StopTimeout")),
        "Healthcheck": (
            [health.get(key) or from_image.get(key) or 0 for key in _HEALTH_FIELDS],
            [has_health.get(key) or 0 for key in _HEALTH_FIELDS],
        ),
        "Labels": (
            labels,
            {k: v for k, v in has_labels.items() if k not in _labels_of_deploy(wanted)},
        ),
    }


def _labels_of_deploy(wanted: Mapping[str, Any]) -> set[str]:
    """Ours: they say what was deployed, and are compared with it elsewhere."""
    return {key for key in wanted["Labels"] if key.startswith(LABEL_PREFIX)}


def _host_pairs(wanted: Mapping[str, Any], have: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    log, has_log = wanted["LogConfig"], have.get("LogConfig") or {}
    pairs: dict[str, tuple[Any, Any]] = {
        "PortBindings": (wanted["PortBindings"], have.get("PortBindings") or {}),
        "Mounts": (_mounts(wanted["Mounts"]), _mounts(have.get("Mounts") or [])),
        "Tmpfs": (wanted["Tmpfs"], have.get("Tmpfs") or {}),
        "ReadonlyRootfs": (wanted["ReadonlyRootfs"], have.get("ReadonlyRootfs")),
        "CapDrop": (wanted["CapDrop"], capabilities(have.get("CapDrop") or [])),
        "CapAdd": (wanted["CapAdd"], capabilities(have.get("CapAdd") or [])),
        "SecurityOpt": (_options(wanted["SecurityOpt"]), _options(have.get("SecurityOpt"))),
        "ExtraHosts": (sorted(wanted["ExtraHosts"]), sorted(have.get("ExtraHosts") or [])),
        "LogConfig": (log, {key: has_log.get(key) for key in log}),
    }
    return {**pairs, **{key: (None, have.get(key) or None) for key in _NEVER_SET}}


def _mounts(mounts: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(
        (m["Target"], m["Type"], m.get("Source", ""), bool(m.get("ReadOnly"))) for m in mounts
    )


def _options(options: list[str] | None) -> list[str]:
    """`no-new-privileges` is shown in two forms."""
    return sorted(re.sub(r"[:=]true$", "", option) for option in options or [])


def _networks(spec: Spec, current: Container) -> list[str]:
    """Connections that a deploy would not touch: to others, or without a name there."""
    connected = current["NetworkSettings"].get("Networks") or {}
    wanted = endpoints(spec) or {"bridge": {"Aliases": []}}
    found = [f"it was connected to network {name}" for name in sorted(set(connected) - set(wanted))]
    for name in sorted(set(wanted) & set(connected)):
        missing = set(wanted[name]["Aliases"]) - set(connected[name].get("Aliases") or [])
        found += [f"it has no name {alias} in network {name}" for alias in sorted(missing)]
    if not spec.networks and "bridge" not in connected:
        found.append("it is not connected to network bridge")
    return found
