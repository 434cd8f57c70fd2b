# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a host that come to the controller in pieces, also those that only root can read."""

from __future__ import annotations

import base64
import os
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ..module_utils._failure import Failure


def taken(args: dict[str, Any], here: str, there: str) -> str | None:
    """Take the option for the controller's side out of a task's, and return it.

    Args:
        here: The option for a path on the controller.
        there: The one for a path on the host; exactly one of the two is to be given.

    Raises:
        Failure: `backup.options`.
    """
    path = args.pop(here, None)
    if bool(path) == bool(args.get(there)):
        seen = "both are given" if path else "both are missing"
        raise Failure("backup.options", f"expected one of {here} and {there}; {seen}")
    return str(path) if path else None


PIECE = 8 << 20  # bytes for each command: so much is in memory, in base64 and as text


def fetch(
    execute: Callable[[str], Mapping[str, Any]], source: str, target: Path, size: int
) -> None:
    """Bring one file.

    Args:
        execute: Runs a command on the host with the task's privileges (`rc`, `stdout`, `stderr`).
        size: Bytes of the file.

    Raises:
        AnsibleError: The host does not give it.
    """
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for number in range(-(-size // PIECE)):
            asked = f"dd if={shlex.quote(source)} bs={PIECE} skip={number} count=1 2>/dev/null"
            answer = execute(f"{asked} | base64 -w 0")
            if answer["rc"]:
                raise AnsibleError(f"{source} cannot be read: {answer['stderr'].strip()}")
            stream.write(base64.b64decode(str(answer["stdout"]).strip()))
