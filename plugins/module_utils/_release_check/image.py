# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge whether the image that runs is the deployed one, built from the current source."""

from __future__ import annotations

from .._check import Ask, Check
from .._docker.container import label
from .._docker.images import IMAGE_ID, split_reference
from .._docker.labels import LABEL_IMAGE_DIGEST, LABEL_IMAGE_ID, LABEL_SOURCE, labels_of
from .look import Image, Look, made, short, shown


def image_check(look: Look, wanted: str | None = None) -> Check:
    """Judge whether the running image is the deployed one and what its name refers to now.

    Args:
        wanted: The image that the deploy would name today; None for the one that it named.
    """
    runs = look.current["Image"]
    deployed = label(look.current, LABEL_IMAGE_ID) or runs
    wanted = wanted or look.reference
    ask = look.ask(
        "image",
        deployed=short(deployed),
        named=shown(wanted),
        runs=short(runs),
        made=made(look.image),
    )
    if runs != deployed:
        return ask.fail("recreated")
    for reference in dict.fromkeys((look.reference, wanted)):
        found = look.named.get(reference)
        if found is None:
            missing = ask.warn if reference == look.reference else ask.fail
            return missing("no_such_name", reference=shown(reference))
        if found["Id"] != runs:
            return _moved(ask, look, reference, found)
    if IMAGE_ID.match(look.reference) and look.image and not _names(look.image):
        if look.rolled_back:
            return ask.warn("image.rolled_back.without_name")
        return ask.fail("name_taken")
    digest = label(look.current, LABEL_IMAGE_DIGEST)
    known = (look.image or {}).get("RepoDigests") or []
    if digest and known and not any(entry.endswith(f"@{digest}") for entry in known):
        return ask.fail("other_digest", digest=digest, digests=known)
    names = _names(look.image or {}) or [look.reference]
    return ask.warn("only_latest", names=names) if _only_latest(look) else ask.ok(names=names)


def _moved(ask: Ask, look: Look, reference: str, found: Image) -> Check:
    """Return the check for a name that refers to another image than the running one."""
    values = {
        "reference": shown(reference),
        "now": short(found["Id"]),
        "now_made": made(found),
        "deployed_from": shown(look.reference),
    }
    previous = look.slots.previous
    if look.rolled_back and previous and previous["Image"] == found["Id"]:
        return ask.warn("rolled_back", **values)
    same = split_reference(reference)[0] == split_reference(look.reference)[0]
    moved = same or IMAGE_ID.match(look.reference)
    return ask.fail("tag_moved" if moved else "other_reference", **values)


def _names(image: Image) -> list[str]:
    return [*(image.get("RepoTags") or []), *(image.get("RepoDigests") or [])]


def _only_latest(look: Look) -> bool:
    """Return whether `latest` is the only name of the image."""
    if "@" in look.reference:
        return False
    names = _names(look.image or {}) if IMAGE_ID.match(look.reference) else [look.reference]
    return {split_reference(name)[1] for name in names} == {"latest"}


def source_check(look: Look, digest: str) -> Check:
    """Judge whether the image was built from the current source.

    Args:
        digest: `sha256:…` of the current source.
    """
    labels = labels_of(dict(look.image)) if look.image else labels_of(look.current)
    found = labels.get(LABEL_SOURCE, "")
    ask = look.ask("source", today=short(digest), made=made(look.image), source=short(found))
    if found == digest:
        return ask.ok()
    if not found:
        return ask.fail("unknown")
    if look.rolled_back and label(look.slots.previous, LABEL_SOURCE) == digest:
        return ask.warn("rolled_back")
    newer = look.named.get(look.reference)
    built = newer and newer["Id"] != look.current["Image"] and _source_of(newer) == digest
    return ask.fail("not_deployed" if built else "not_rebuilt")


def _source_of(image: Image) -> str:
    return labels_of(dict(image)).get(LABEL_SOURCE, "")
