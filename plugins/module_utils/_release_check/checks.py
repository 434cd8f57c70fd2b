# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges one release: whether what runs is what was deployed, and that what was built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._check import Check
from .._docker.container import Container, label, running
from .._docker.health import SIGKILL_CODE
from .._docker.images import IMAGE_ID, split_reference
from .._docker.labels import (
    LABEL_IMAGE_DIGEST,
    LABEL_IMAGE_REFERENCE,
    LABEL_RELEASE,
    LABEL_SOURCE,
    labels_of,
)
from .._docker.labels import LABEL_IMAGE_ID as IMAGE_ID_LABEL
from .._release.slots import Slots, slot_name

Image = Mapping[str, Any]
_AGAIN = "deploy it again"


@dataclass(frozen=True)
class Look:
    """What was found of one release whose container is there.

    `image`: the record of the image that it runs. `named`: per reference that the checks are about
    the image that it names on this host now. `adopted`: whether it was there before
    container_release, and serves again after a rollback.
    """

    host: str
    name: str
    slots: Slots
    current: Container
    image: Image | None
    named: Mapping[str, Image | None]
    adopted: bool = False

    @property
    def reference(self) -> str:
        """The image as the deploy named it."""
        return reference_of(self.current)

    @property
    def rolled_back(self) -> bool:
        """Whether it is the older of the two: only a rollback brings that about."""
        previous = self.slots.previous
        return bool(previous and self.current["Created"] < previous["Created"])

    def check(
        self, what: str, status: str, expected: str, seen: str, cause: str = "", fix: str = ""
    ) -> Check:
        """One check of this release."""
        check_id = f"{what} {self.host} {self.name}"
        return Check(check_id, status, expected, seen, cause, fix)


def reference_of(container: Container) -> str:
    """The image as the deploy of the container named it."""
    return label(container, LABEL_IMAGE_REFERENCE) or str(container["Config"]["Image"])


def leftovers(name: str, slots: Slots) -> list[str]:
    """Containers that only an interrupted swap, or one that is under way, leaves so."""
    found = [slot for slot in ("next", "rehearsal", "retired") if getattr(slots, slot)]
    if running(slots.previous):
        found.append("previous")
    return [slot_name(name, slot) + (" (running)" if slot == "previous" else "") for slot in found]


def missing_check(
    host: str, name: str, slots: Slots, recorded: bool, deployed_here: list[str]
) -> Check:
    """There is no container of that name."""
    left = [*leftovers(name, slots), *([slot_name(name, "previous")] if slots.previous else [])]
    seen = "no container of that name" + (f"; left: {', '.join(left)}" if left else "")
    fix = "deploy it"
    if left:
        cause, fix = "a deploy was interrupted, or is under way", "deploy again, which repairs it"
    elif recorded:
        cause = "it was removed by hand: its files are still on this host"
    else:
        others = ", ".join(deployed_here) or "nothing"
        cause = f"never deployed on this host, or under another name; deployed here: {others}"
    return Check(f"running {host} {name}", "fail", "running and healthy", seen, cause, fix)


def running_check(look: Look, unhealthy: str, log: str) -> Check:
    """`unhealthy`: why it does not count as healthy, empty when it does."""
    expected, state = "running and healthy", look.current["State"]
    left = leftovers(look.name, look.slots)
    also = f"; left by an interrupted swap: {', '.join(left)}" if left else ""
    if state["Paused"]:
        seen, cause = f"it is paused{also}", "somebody ran docker pause"
        return look.check("running", "fail", expected, seen, cause, "docker unpause it")
    if unhealthy:
        cause = "the program, or what it depends on, is broken"
        fix = f"see docker logs {look.name}; roll back if it began with a deploy"
        if not running(look.current) and not state["ExitCode"]:
            cause, fix = "somebody stopped it", "docker start it, or deploy it again"
        if "no healthcheck" in unhealthy:
            cause = "made without a healthcheck, which container_release would refuse"
            fix = _AGAIN
        seen = f"{unhealthy}{log}{also}"
        return look.check("running", "fail", expected, seen, cause, fix)
    seen = f"running since {state['StartedAt'][:19]}Z, healthy"
    if not left:
        return look.check("running", "pass", expected, seen)
    cause = "a deploy was killed, or is under way just now"
    return look.check("running", "warn", expected, seen + also, cause, f"{_AGAIN}: it repairs that")


def image_check(look: Look, wanted: str | None = None) -> Check:
    """The image that runs = the one deployed = the one that its names stand for now."""
    runs = look.current["Image"]
    deployed = label(look.current, IMAGE_ID_LABEL) or runs
    wanted = wanted or look.reference
    expected = f"image {_short(deployed)}, as deployed"
    if not IMAGE_ID.match(wanted):
        expected += f", and as {wanted} names it now"

    def fail(seen: str, cause: str, fix: str = _AGAIN, status: str = "fail") -> Check:
        return look.check("image", status, expected, seen, cause, fix)

    if runs != deployed:
        cause = "the container was recreated by hand or by another program"
        return fail(f"it runs {_short(runs)}, {_short(deployed)} was deployed", cause)
    for reference in dict.fromkeys((look.reference, wanted)):
        found = look.named.get(reference)
        if found is None:
            cause = "the name was removed, or the image was never built or pulled on this host"
            fix = "build or pull it, and deploy"
            status = "fail" if reference != look.reference else "warn"
            seen = f"it runs {_short(runs)}; no image is named {_shown(reference)} here"
            return fail(seen, cause, fix, status)
        if found["Id"] != runs:
            return fail(*_moved(look, reference, found))
    if IMAGE_ID.match(look.reference) and look.image and not _names(look.image):
        seen = f"it runs {_short(runs)}, which has no name any more"
        if look.rolled_back:
            return fail(seen, "the release was rolled back", "deploy when it is mended", "warn")
        return fail(seen, "another image was built under its name since, and was not deployed")
    digest = label(look.current, LABEL_IMAGE_DIGEST)
    known = (look.image or {}).get("RepoDigests") or []
    if digest and known and not any(entry.endswith(f"@{digest}") for entry in known):
        cause = "the image was loaded or pushed anew under another digest"
        return fail(f"{digest} was deployed, its digests are {', '.join(known)}", cause)
    names = _names(look.image or {}) or [look.reference]
    seen = f"it runs {_short(runs)} ({', '.join(names)}) of {_made(look.image)}"
    if _only_latest(look):
        cause = "latest names whatever was pulled last: there is nothing to roll back to by name"
        return fail(seen, cause, "deploy a version's tag or a digest", "warn")
    return look.check("image", "pass", expected, seen)


def _moved(look: Look, reference: str, found: Image) -> tuple[str, str, str, str]:
    """Seen, cause, fix, status: the name stands for another image than the one that runs."""
    runs = look.current["Image"]
    seen = (
        f"it runs {_short(runs)} of {_made(look.image)}; {_shown(reference)} names "
        f"{_short(found['Id'])} of {_made(found)} now"
    )
    previous = look.slots.previous
    if look.rolled_back and previous and previous["Image"] == found["Id"]:
        return seen, "the release was rolled back", "deploy when it is mended", "warn"
    if IMAGE_ID.match(look.reference) or _repository(reference) == _repository(look.reference):
        cause = "the tag has moved: another image was pulled or built since, and not deployed"
    else:
        cause = f"it was deployed from {_shown(look.reference)}"
    fix = f"{_AGAIN}: docker restart goes on with the old image"
    return seen, cause, fix, "fail"


def _repository(reference: str) -> str:
    return split_reference(reference)[0]


def _names(image: Image) -> list[str]:
    return [*(image.get("RepoTags") or []), *(image.get("RepoDigests") or [])]


def _only_latest(look: Look) -> bool:
    """Whether nothing but `latest` tells the image from an older one."""
    if "@" in look.reference:
        return False
    names = _names(look.image or {}) if IMAGE_ID.match(look.reference) else [look.reference]
    tags = [split_reference(name)[1] for name in names]
    return bool(tags) and set(tags) == {"latest"}


def source_check(look: Look, digest: str) -> Check:
    """The image was built from the source that is there today."""
    labels = labels_of(dict(look.image)) if look.image else look.current["Config"]["Labels"] or {}
    found = labels.get(LABEL_SOURCE, "")
    expected = f"built from today's source, {_short(digest)}"
    if found == digest:
        return look.check("source", "pass", expected, f"made {_made(look.image)} from it")
    if not found:
        seen = f"an image of {_made(look.image)} that does not say what it was built from"
        cause = "it was not built by image_build"
        return look.check("source", "fail", expected, seen, cause, "build it, and deploy")
    seen = f"an image of {_made(look.image)}, built from {_short(found)}"
    if look.rolled_back and label(look.slots.previous, LABEL_SOURCE) == digest:
        cause, fix = "the release was rolled back", "deploy when it is mended"
        return look.check("source", "warn", expected, seen, cause, fix)
    cause = "the image was not rebuilt since the code changed"
    newer = look.named.get(look.reference)
    if newer and newer["Id"] != look.current["Image"] and _source_of(newer) == digest:
        cause = "the image was rebuilt since the code changed, and not deployed"
    return look.check("source", "fail", expected, seen, cause, "build it, and deploy")


def _source_of(image: Image) -> str:
    return labels_of(dict(image)).get(LABEL_SOURCE, "")


def configuration_check(look: Look, different: list[str]) -> Check:
    """`different`: what is not as it was deployed. Not asked when there is nothing to compare."""
    expected = "as deployed: options, limits, networks, files and secrets"
    if not label(look.current, LABEL_RELEASE):
        if look.adopted:
            seen = "it was not made by container_release, but adopted, and rolled back to"
            cause = "the release that replaced it was rolled back"
            return look.check("configuration", "warn", expected, seen, cause, "deploy again")
        cause = "it was recreated by hand or by another program"
        seen = "it has none of the labels of a deploy"
        return look.check("configuration", "fail", expected, seen, cause, f"{_AGAIN}, with adopt")
    if not different:
        seen = "as deployed; of a secret, that its file was not touched since"
        return look.check("configuration", "pass", expected, seen)
    cause = "it was recreated by hand, changed with docker, or its files were edited on this host"
    seen = "; ".join(different)
    return look.check("configuration", "fail", expected, seen, cause, _AGAIN)


def restarts_check(look: Look, most: int, log: str) -> Check:
    """How often the daemon had to start it again. `log`: its last lines, for a failure."""
    state, count = look.current["State"], look.current["RestartCount"]
    expected = f"at most {most} restarts, none under way, memory suffices"
    if not looping(look.current, most):
        return look.check("restarts", "pass", expected, f"{count} restarts")
    seen = f"{count} restarts"
    if state["Restarting"]:
        seen += ", another one is under way"
    seen += f", exit code {state['ExitCode']}" if state["ExitCode"] else ", exit code not kept"
    cause, fix = "the program ends by itself", f"see docker logs {look.name}"
    limit = (look.current["HostConfig"].get("Memory") or 0) >> 20
    if state.get("OOMKilled"):
        seen += ", killed for want of memory"
        cause, fix = f"its limit of {limit} MiB is too low, or it leaks", "raise memory, or mend it"
    elif state["ExitCode"] == SIGKILL_CODE and limit:
        seen += " (SIGKILL)"
        cause = f"most likely its limit of {limit} MiB is too low, or it leaks"
        fix = "raise memory, or mend it"
    return look.check("restarts", "fail", expected, seen + log, cause, fix)


def looping(current: Container, most: int) -> bool:
    """Whether it restarts more than it may, or ran out of memory."""
    state = current["State"]
    return bool(current["RestartCount"] > most or state["Restarting"] or state.get("OOMKilled"))


def _short(digest: str) -> str:
    return digest.replace("sha256:", "")[:12]


def _shown(reference: str) -> str:
    return f"id {_short(reference)}" if IMAGE_ID.match(reference) else reference


def _made(image: Image | None) -> str:
    return f"{(image or {}).get('Created', '')[:19]}Z" if image else "an unknown date"
