# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out whether a container still has the configuration that it was deployed with.

The module's options are not known here. The release's record has them, and the digest in the
container's label proves that the record is right. Record and files on disk make a `Spec`, which is
compared as a deploy compares it, and then with `docker inspect`.
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .._docker.container import Container, label
from .._docker.labels import LABEL_CONFIG_DIGEST, LABEL_IMAGE_ID, LABEL_RELEASE
from .._docker.ports import read_port
from .._release.compare import drifts, reasons
from .._release.container import container_config, endpoints
from .._release.inspected import unlike
from .._release.options import settings_of
from .._release.readers import read_volume
from .._release.slots import Run
from .._release.spec import File, Rehearsal, Spec
from .._release.store import Store
from .._texts.text import Text, text

# Reasons that consist of a name only.
_NAMES = ("reason.option", "reason.file", "reason.secret")


def deployed_spec(store: Store, name: str, release: str) -> Spec:
    """Return what the release's record describes, with the files as they are on disk now."""
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
    return Spec(
        name=name,
        image=record.get("image", ""),
        files=files,
        volumes=volumes,
        ports=ports,
        networks=options.get("networks", {}),
        rehearsal=Rehearsal(None, None, "none", 0),
        settings=settings_of(options),
    )


def _file(store: Store, release: str, path: str, secret: bool) -> File:
    status = store.status(release, path)
    mode = status.st_mode & 0o7777 if status else 0
    return File(path, store.content(release, path) or "", mode, secret)


def touched(store: Store, current: Container, mounts: Iterable[str] | None) -> list[Text]:
    """Return the files and secrets that were changed on disk since the container was created.

    No hash of a secret is stored, so the time of the file decides.

    Args:
        mounts: What `mount_roots` returns for the container's process.

    Returns:
        Texts whose value `what` is the file or secret.
    """
    release = label(current, LABEL_RELEASE) or ""
    options = store.record(release).get("options", {})
    made, owner = _seconds(current["Created"]), _owner(current)
    found = []
    for kind in ("file", "secret"):
        for path, given in sorted(options.get(f"{kind}s", {}).items()):
            stored, what = store.status(release, path), text(f"reason.{kind}", path=path)
            if not stored:
                found.append(text("disk.gone", what=what))
            elif mounts is not None and not any(
                root.endswith(f"/{release}/mounts{path}") for root in mounts
            ):
                found.append(text("disk.replaced", what=what))
            elif stored.st_mtime > made:
                found.append(text("disk.changed", what=what))
            elif f"{stored.st_mode & 0o7777:04o}" != given["mode"]:
                found.append(text("disk.permissions", what=what))
            elif owner and (stored.st_uid, stored.st_gid) != owner:
                found.append(text("disk.owner", what=what))
    return found


def _owner(current: Container) -> tuple[int, int] | None:
    """Return the ids of the container's user, who owns its files; None if it has a name."""
    user, _colon, group = (current["Config"].get("User") or "0").partition(":")
    if not user.isdecimal() or not (group or "0").isdecimal():
        return None
    return int(user), int(group or 0)


def _seconds(shown: str) -> float:
    """Return Docker's time (RFC 3339 with nanoseconds, UTC) as seconds since the epoch."""
    whole = calendar.timegm(time.strptime(shown[:19], "%Y-%m-%dT%H:%M:%S"))
    return whole + float(f"0{shown[19:].rstrip('Z')}")


def mount_roots(pid: int) -> list[str] | None:
    """Return the path of each of the process's mounts in its file system; None if not readable.

    A file that was replaced after it was mounted has another path there, or `//deleted`.

    Source: /proc/PID/mountinfo, proc(5).
    """
    try:
        lines = Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return [re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), x.split()[3]) for x in lines]


def differences(
    run: Run, current: Container, image: Mapping[str, Any] | None, changed: list[Text]
) -> list[Text]:
    """Return what is not as it was deployed.

    Args:
        image: The image as Docker inspects it; None if it is no longer on this host.
        changed: What `touched` returned.
    """
    release = label(current, LABEL_RELEASE) or ""
    record = run.store.record(release)
    if not record.get("options"):
        return [text("differs.no_record", directory=str(run.store.directory / release))]
    spec = deployed_spec(run.store, run.name, release)
    # Another image is the subject of another check.
    why = reasons(run, spec, current, {"Id": label(current, LABEL_IMAGE_ID)})
    if label(current, LABEL_CONFIG_DIGEST) != spec.digest():
        why = [reason for reason in why if reason.code != "reason.configuration"]
        why += [reason for reason in _not_in_digest(spec, record["options"]) if reason not in why]
        why = why or [text("differs.record")]
    said = [each.values["what"] for each in changed]
    found = changed + [
        text("differs", what=reason) if reason.code in _NAMES else reason
        for reason in why
        if reason not in said
    ]
    found += [text("differs.drift", action=drift.action) for drift in drifts(run, spec, current)]
    if image is None:
        return [*found, text("differs.no_image")]
    return found + _against_docker(run, spec, current, image.get("Config") or {})


def _not_in_digest(spec: Spec, options: Mapping[str, Any]) -> list[Text]:
    known, now = options.get("files", {}), spec.described().get("files", {})
    return [
        text("reason.file", path=path) for path in sorted(known) if known[path] != now.get(path)
    ]


def _against_docker(
    run: Run, spec: Spec, current: Container, image: Mapping[str, Any]
) -> list[Text]:
    """Compare `docker inspect` with the request that created the container."""
    release = label(current, LABEL_RELEASE) or ""
    wanted = container_config(spec, {"Id": current["Image"]}, release, run.store.mounts(release))
    found = []
    for key, name in unlike(wanted, current, image):
        # Names only: a value may be a secret that should not be there.
        env = key == "Env"
        found.append(text("differs.variable", name=name) if env else text("differs.field", key=key))
    once = [each for number, each in enumerate(found) if each not in found[:number]]
    return once + _networks(spec, current)


def _networks(spec: Spec, current: Container) -> list[Text]:
    """Return connections that a deploy would not change: to other networks, or without a name."""
    connected = current["NetworkSettings"].get("Networks") or {}
    mode = spec.settings["network_mode"] or "bridge"
    own: dict[str, Any] = {} if mode.startswith("container:") else {mode: {"Aliases": []}}
    wanted = endpoints(spec) or own
    others = sorted(set(connected) - set(wanted))
    found = [text("differs.connected", network=name) for name in others]
    for name in sorted(set(wanted) & set(connected)):
        # Its own name, it has as a container's name.
        aliases = {spec.name, *(connected[name].get("Aliases") or [])}
        missing = set(wanted[name]["Aliases"]) - aliases
        found += [text("differs.alias", alias=a, network=name) for a in sorted(missing)]
    if not spec.networks:
        missing = set(own) - set(connected)
        found += [text("differs.not_connected", network=name) for name in missing]
    return found
