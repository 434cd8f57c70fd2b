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
    """A file that is mounted into the container; secrets are never shown."""

    path: str
    content: str
    mode: int
    secret: bool


class Volume(NamedTuple):
    """A named volume, or a path of the host if `source` begins with `/`.

    `owner` is uid and gid; `propagation` is None for Docker's default.
    """

    source: str
    target: str
    read_only: bool
    owner: tuple[int, int] | None
    propagation: str | None = None

    @property
    def on_host(self) -> bool:
        """Return whether the source is a path of the host."""
        return self.source.startswith("/")


class Rehearsal(NamedTuple):
    """How the new image is proven before the old container is touched.

    `until` is `healthy`, `exited` or `none`; `timeout` is in seconds. `command` and `entrypoint`
    replace the container's own.
    """

    command: list[str] | None
    entrypoint: list[str] | None
    until: str
    timeout: float


@dataclass(frozen=True)
class Spec:
    """What the container is to be: the checked options, each in one form.

    Args:
        networks: The container's names on each network.
        settings: The other options, by the names of `options.CONTAINER`.
        drain: Seconds for the old container to end its requests in, while the new one serves; None
            if the old one stops first.
    """

    name: str
    image: str
    files: list[File]
    volumes: list[Volume]
    ports: list[Port]
    networks: dict[str, list[str]]
    rehearsal: Rehearsal
    settings: dict[str, Any]
    drain: float | None = None

    def described(self) -> dict[str, Any]:
        """Return the whole configuration without the contents of secrets; the digest covers it.

        Returns:
            The settings by their names, `ports` and `networks`; `volumes`, `files` and `secrets` by
            path. Values that are not set are missing.
        """
        parts = {
            **self.settings,
            "ports": sorted(str(port) for port in self.ports),
            "networks": self.networks,
            "volumes": {
                v.target: {
                    "source": v.source,
                    "read_only": v.read_only,
                    "owner": "{}:{}".format(*v.owner) if v.owner else None,
                    # As below: only where it is set.
                    **({"propagation": v.propagation} if v.propagation else {}),
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
        """Return `sha256:…` of the configuration, without the contents of secrets."""
        return "sha256:" + sha256(json.dumps(self.described(), sort_keys=True))


def sha256(text: str) -> str:
    """Return the hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
