# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of files as promtool of the server's image sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .container import connect, finished, one_off
from .directory import ConfigError


def promtool(
    params: Mapping[str, Any], arguments: Sequence[str], staging: Path, mount_path: str
) -> None:
    """Run promtool on C(staging), which it sees at C(mount_path). Raises ConfigError."""
    command = ["promtool", *arguments]
    client = connect(params["docker_host"])
    owner = (params["owner"], params["group"])
    subject = Path(params["path"])
    with one_off(
        client, params["image"], command, staging, mount_path, subject, owner
    ) as container:
        code, output = finished(container)
    if code:
        raise ConfigError(
            f"promtool refuses the configuration; nothing was written to {subject}. "
            f"`{' '.join(command)}` in {params['image']} says (exit code {code}):\n{output}"
        )
