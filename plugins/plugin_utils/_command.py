# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that started this run, for the next one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible import constants, context

# Options that are switches, and those that are followed by a value each time.
SWITCHES = {"become_ask_pass": "-K", "ask_vault_pass": "--ask-vault-pass", "ask_pass": "-k"}
VALUES = {
    "vault_password_files": "--vault-password-file",
    "vault_ids": "--vault-id",
    "extra_vars": "-e",
    "tags": "--tags",
    "skip_tags": "--skip-tags",
}
DEFAULTS = {"tags": ["all"]}


def next_command(
    playbook: str = "", hosts: Sequence[str] = (), given: Mapping[str, Any] | None = None
) -> str:
    """Return the command of this run for other hosts, with its inventory.

    Variables of the command line are not repeated, as they may be secrets; a file of them is.

    Args:
        playbook: Another playbook than this run's.
        hosts: Those that it is limited to.
        given: The options of this run's command line; None for Ansible's own.
    """
    known = context.CLIARGS if given is None else given
    playbooks = [playbook] if playbook else [near(each) for each in known.get("args", ())]
    limit = ["--limit", ",".join(hosts)] if hosts else []
    words = ["ansible-playbook", *_options(known, bool(playbook)), *playbooks, *limit]
    return " ".join(word if word == "-e …" else shlex.quote(word) for word in words)


def _options(known: Mapping[str, Any], other: bool) -> Iterator[str]:
    sources = [str(source) for source in known.get("inventory") or ()]
    if sources != [str(source) for source in constants.DEFAULT_HOST_LIST]:
        for source in sources:
            yield from ("-i", source if "," in source else near(source))
    for option, name in SWITCHES.items():
        if known.get(option):
            yield name
    for option, name in VALUES.items():
        values = [str(value) for value in known.get(option) or ()]
        if values == DEFAULTS.get(option, []) or (other and option in ("tags", "skip_tags")):
            continue
        for value in values:
            if option != "extra_vars" or value.startswith("@"):
                yield from (name, value)
            else:
                yield "-e …"


def near(path: str) -> str:
    """Return a path as one types it here."""
    with suppress(ValueError):
        return str(Path(path).relative_to(Path.cwd()))
    return path
