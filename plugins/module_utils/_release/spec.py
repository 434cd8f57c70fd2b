# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a release is to be: the options of `container_release` after they have been read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._docker.ports import Port

SUFFIXES = ("previous", "next", "rehearsal", "retired")


class File(NamedTuple):
    """One file that is mounted into the container; `secret` ones are never shown."""

    path: str
    content: str
    mode: int
    secret: bool


class Volume(NamedTuple):
    """A named volume, or a path of the host when `source` begins with `/`."""

    source: str
    target: str
    read_only: bool
    owner: tuple[int, int] | None

    @property
    def on_host(self) -> bool:
        """Whether the source is a path of the host."""
        return self.source.startswith("/")


class Rehearsal(NamedTuple):
    """How the new image proves itself before the old container is touched."""

    command: list[str] | None
    entrypoint: list[str] | None
    until: str
    timeout: float


@dataclass(frozen=True)
class Spec:
    """What the container is to be: the options, checked, in one form each."""

    name: str
    image: str
    files: list[File]
    volumes: list[Volume]
    ports: list[Port]
    networks: dict[str, list[str]]
    rehearsal: Rehearsal
    settings: dict[str, Any]  # by the names of `options.CONTAINER`

    def described(self) -> dict[str, Any]:
        """All that makes the configuration, without secrets; the digest is taken over it."""
        parts = {
            **self.settings,
            "ports": sorted(str(port) for port in self.ports),
            "networks": self.networks,
            "volumes": {
                v.target: {
                    "source": v.source,
                    "read_only": v.read_only,
                    "owner": "{}:{}".format(*v.owner) if v.owner else None,
                }
                for v in self.volumes
            },
            "files": {
                f.path: {"mode": f"{f.mode:04o}", "sha256": sha256(f.content)}
                for f in self.files
                if not f.secret
            },
            "secrets": {f.path: {"mode": f"{f.mode:04o}"} for f in self.files if f.secret},
        }
        # Unset options stay out, so that a new option does not redeploy every container.
        return {k: v for k, v in parts.items() if v not in (None, "", [], {})}

    def digest(self) -> str:
        """`sha256:…` of the configuration, secrets' contents excepted."""
        return "sha256:" + sha256(json.dumps(self.described(), sort_keys=True))


def sha256(text: str) -> str:
    """Hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
