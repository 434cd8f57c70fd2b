# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found of one release, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._check import Ask
from .._docker.container import Container, label, name_of, running
from .._docker.images import IMAGE_ID
from .._docker.labels import LABEL_IMAGE_REFERENCE, LABEL_NAME, LABEL_RELEASE
from .._release.slots import Slots, slot_name
from .._texts.text import Text, text

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """What was found of a release whose container exists.

    Args:
        host: Name of the host in the report.
        image: The image that runs, as Docker inspects it.
        named: The image that each reference refers to on this host now.
        adopted: It existed before container_release, and serves again after a rollback.
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
        """Return the image as the deploy named it."""
        return reference_of(self.current)

    @property
    def rolled_back(self) -> bool:
        """Return whether it is the older of the two releases: only a rollback does that."""
        previous = self.slots.previous
        return bool(previous and self.current["Created"] < previous["Created"])

    def ask(self, what: str, **values: Any) -> Ask:
        """Return an `Ask` about this release."""
        return Ask(what, f"{self.host} {self.name}", **values)


def reference_of(container: Container) -> str:
    """Return the image as the deploy of the container named it."""
    return label(container, LABEL_IMAGE_REFERENCE) or str(container["Config"]["Image"])


def leftovers(name: str, slots: Slots) -> list[str | Text]:
    """Return the containers that an interrupted swap has left, or one that is under way."""
    found: list[str | Text] = [slot_name(name, slot) for slot in slots.left()]
    if running(slots.previous):
        found.append(text("running_container", name=slot_name(name, "previous")))
    return found


def renamed(client: Any, name: str) -> list[str]:
    """Return the names of containers that were deployed under this one, and have none of its own.

    Source: Docker Engine API, GET /containers/json.
    """
    labelled = client.api.containers(
        all=True, filters={"label": [f"{LABEL_NAME}={name}", LABEL_RELEASE]}
    )
    names = {name_of(container) for container in labelled}
    own = (name.lower(), f"{name}.".lower())
    return sorted(n for n in names if n.lower() != own[0] and not n.lower().startswith(own[1]))


def short(digest: str) -> str:
    """Return the first digits of a digest or an id."""
    return digest.replace("sha256:", "")[:12]


def shown(reference: str) -> str:
    """Return a reference for people: an id is shortened."""
    return f"id {short(reference)}" if IMAGE_ID.match(reference) else reference


def made(image: Image | None) -> str | Text:
    """Return when an image was built."""
    created = (image or {}).get("Created")
    return f"{created[:19]}Z" if created else text("unknown_date")
