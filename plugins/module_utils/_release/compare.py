# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare a container with its options: reasons to replace it, drift to correct, and the diff."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Callable, NamedTuple

from .._docker.container import Container, inspect, label, update
from .._docker.labels import LABEL_CONFIG_DIGEST, LABEL_IMAGE_ID, LABEL_RELEASE
from .._texts.text import Text, text
from .container import endpoints
from .create import find_network
from .fields import get, or_none, put
from .options import CONTAINER, Option
from .slots import Run
from .spec import File, Spec
from .volumes import take_ownership, wrong_owners

_SHOWN = "(secret, unchanged)"


class Drift(NamedTuple):
    """Something that was changed outside of Ansible, and that can be corrected in place."""

    action: Text
    mend: Callable[[], Any]


def reasons(run: Run, spec: Spec, current: Container, image: dict[str, Any] | None) -> list[Text]:
    """Return why the current container must be replaced; empty if it is as wanted.

    Args:
        image: The image as Docker inspects it; None if check mode would pull it.
    """
    found = []
    if image is None or label(current, LABEL_IMAGE_ID) != image["Id"]:
        found.append(text("reason.image"))
    release = label(current, LABEL_RELEASE)
    old = run.store.record(release).get("options", {})
    if not old:
        return [*found, text("reason.no_record")]
    new = spec.described()
    found += [
        text("reason.option", option=option)
        for option in sorted({*old, *new} - {"files", "secrets"})
        if old.get(option) != new.get(option)
    ]
    found += _file_reasons(run, spec, release, old)
    found += [
        text("reason.option", option=option) for option in _unrecorded(run, spec, current, image)
    ]
    if not found and label(current, LABEL_CONFIG_DIGEST) != spec.digest():
        found.append(text("reason.configuration"))
    return found + _irreparable(run, spec, current)


def _unrecorded(
    run: Run, spec: Spec, current: Container, image: dict[str, Any] | None
) -> Iterator[str]:
    """Yield the options whose change no record shows: an entrypoint emptied, a namespace gone."""
    of_image = ((image or {}).get("Config") or {}).get("Entrypoint")
    now, wanted = current["Config"].get("Entrypoint"), spec.settings["entrypoint"]
    if of_image and not wanted and bool(now) == (wanted == []):
        yield "entrypoint"
    for option in ("network_mode", "pid_mode"):
        kind, _colon, name = (spec.settings[option] or "").partition(":")
        joined = inspect(run.client, name) if kind == "container" else None
        if joined and get(current, CONTAINER[option].field) != f"{kind}:{joined['Id']}":
            yield option


def _file_reasons(run: Run, spec: Spec, release: str | None, old: dict[str, Any]) -> list[Text]:
    found = []
    for file in spec.files:
        kind = "secret" if file.secret else "file"
        known = old.get(f"{kind}s", {}).get(file.path, {})
        same_mode = known.get("mode") == f"{file.mode:04o}"
        if not same_mode or run.store.content(release, file.path) != file.content:
            found.append(text(f"reason.{kind}", path=file.path))
    for kind in ("file", "secret"):
        paths = {f.path for f in spec.files if f.secret == (kind == "secret")}
        gone = sorted(set(old.get(f"{kind}s", {})) - paths)
        found += [text(f"reason.{kind}", path=path) for path in gone]
    return found


def _irreparable(run: Run, spec: Spec, current: Container) -> list[Text]:
    """Return the drift that `docker update` or `connect` cannot undo: it takes a new container."""
    found = [
        text("reason.limited", key=option.key)
        for option, value in _drifted(run, spec, current)
        if value is None
    ]
    for name, endpoint in _connected(current).items():
        network = find_network(run.client, name) if name in spec.networks else None
        if network and endpoint.get("NetworkID") not in ("", network["Id"]):
            found.append(text("reason.network", network=name))
    return found


def _drifted(run: Run, spec: Spec, current: Container) -> Iterator[tuple[Option, Any]]:
    """Yield the options that were changed in place, with the value that changes them back."""
    for name, option in CONTAINER.items():
        if not option.update:
            continue
        value = option.update(spec.settings[name])
        if option.now(current) != spec.settings[name] or not _also_is(run, option, value, current):
            yield option, value


def _also_is(run: Run, option: Option, value: Any, current: Container) -> bool:
    """Return whether the second field of an option has its value, too."""
    seen = or_none(get(current, option.also)) if option.also else None
    if not option.also or seen == or_none(value):
        return True
    # Without the kernel's accounting of swap, Docker drops that limit, and says -1.
    return seen == -1 and not run.client.info().get("SwapLimit", True)


def drifts(run: Run, spec: Spec, current: Container) -> list[Drift]:
    """Return the limits, restart policy, networks and owners of volumes that were changed."""
    container = current["Id"]
    found = []
    body: dict[str, Any] = {}
    mendable = [
        (option, value) for option, value in _drifted(run, spec, current) if value is not None
    ]
    for option, value in mendable:
        for field in filter(None, (option.field, option.also)):
            put(body, field[len("HostConfig.") :], value)
    if body:
        names = [option.key for option, _value in mendable]
        mend = partial(update, run.client, container, body)
        found.append(Drift(text("drift.set", keys=names, container=run.name), mend))
    connect = partial(run.client.api.connect_container_to_network, container)
    for network, endpoint in endpoints(spec).items():
        if network not in _connected(current):
            action = text("drift.connect", container=run.name, network=network)
            found.append(Drift(action, partial(connect, network, aliases=endpoint["Aliases"])))
    for root, volume in wrong_owners(run.client, spec.volumes):
        owner = ":".join(map(str, volume.owner or ()))
        action = text("drift.own", path=root, owner=owner)
        found.append(Drift(action, partial(take_ownership, run.client, [volume])))
    return found


def _connected(current: Container) -> dict[str, Any]:
    return current["NetworkSettings"].get("Networks") or {}


def diff(run: Run, spec: Spec | None, current: Container | None, image_id: str) -> list[Any]:
    """Return before and after, for `--diff`.

    Args:
        spec: What the container is to be; None to remove it.
        image_id: Id of the new image, or a text for one that is not known yet.

    Returns:
        Dicts with `before`, `after`, `before_header` and `after_header`: one for the options, and
        one for each file whose text changes. No secret is in them.
    """
    release = label(current, LABEL_RELEASE)
    record = run.store.record(release)
    old_files = record.get("options", {}).get("files", {})
    before = _before(record, current)
    after = _after(run, spec, release, image_id) if spec else {}
    _hide(before, after)
    entries = [_entry(run.name, before, after)]
    new_files = {f.path: f for f in spec.files if not f.secret} if spec else {}
    for path in sorted({*old_files, *new_files}):
        old = run.store.content(release, path) or ""
        new = new_files[path].content if path in new_files else ""
        if old != new:
            entries.append(_entry(f"{run.name}:{path}", old, new))
    return entries


def _entry(header: str, before: Any, after: Any) -> dict[str, Any]:
    return {
        "before_header": header,
        "after_header": header,
        "before": before,
        "after": after,
    }


def _before(record: dict[str, Any], current: Container | None) -> dict[str, Any]:
    if not current:
        return {}
    shown = dict(record.get("options", {}))
    if shown.get("secrets"):
        shown["secrets"] = {
            path: {**secret, "content": _SHOWN} for path, secret in shown["secrets"].items()
        }
    # The values now, not those that were set at the deployment.
    shown.update({name: each.now(current) for name, each in CONTAINER.items() if each.update})
    shown["image"] = label(current, LABEL_IMAGE_ID) or current["Image"]
    shown["status"] = current["State"]["Status"]
    return {key: value for key, value in shown.items() if value is not None}


def _after(run: Run, spec: Spec, release: str | None, image_id: str) -> dict[str, Any]:
    shown = spec.described()
    secrets: list[File] = [file for file in spec.files if file.secret]
    if secrets:
        shown["secrets"] = {
            file.path: {
                **shown["secrets"][file.path],
                "content": _SHOWN
                if run.store.content(release, file.path) == file.content
                else "(secret, changed)",
            }
            for file in secrets
        }
    return {**shown, "image": image_id, "status": "running"}


def _hide(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Hide the values of the environment: no secret should be there, but one may be."""
    old, new = before.get("environment") or {}, after.get("environment") or {}
    if old:
        before["environment"] = dict.fromkeys(old, "(value)")
    if new:
        after["environment"] = {
            key: "(value)" if old.get(key, value) == value else "(value, changed)"
            for key, value in new.items()
        }
