# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin inventory_init: write an inventory to start from, with generated secrets."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ansible import context
from ansible.utils.display import Display

from ..module_utils._failure import Failure
from ..plugin_utils._inventory import vault
from ..plugin_utils._inventory.files import GENERATED, filled, read, refuse, secret, write
from ..plugin_utils._local_action import LocalAction

PASSWORD = ".vault_password"  # noqa: S105  (a file's name)


def next_steps(
    directory: Path, files: Sequence[str], generated: bool, commands: Sequence[str]
) -> Iterator[str]:
    """Yield what is said at the end."""
    yield f"Written to {directory}: {', '.join(files)}"
    if generated:
        yield (
            f"The vault password was generated: {directory / PASSWORD}. Keep a copy elsewhere: "
            "without it the secrets are lost. The .gitignore beside it keeps it out of git."
        )
    yield f"Replace each FILL-IN in {directory / 'hosts.yml'}. See what runs where, then deploy:"
    yield from (f"  {command}" for command in commands)
    yield "If sudo asks for a password, add -K to the second."


class ActionModule(LocalAction):
    """Writes files on the controller."""

    ARGUMENTS: ClassVar[dict[str, Any]] = {
        "directory": {"type": "path", "required": True},
        "src": {"type": "str", "required": True},
    }

    def act(
        self,
        result: dict[str, Any],
        arguments: Mapping[str, Any],
        known: Mapping[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Write the inventory, and say what is next."""
        texts = read(Path(self._find_needle("files", arguments["src"])))
        try:
            result.update(changed=True, **self._init(arguments["directory"], texts))
        except Failure as failure:
            result.update(
                failed=True, msg=str(failure), code=failure.code, values=dict(failure.values)
            )
        return result

    def _init(self, where: str, texts: Mapping[str, str]) -> dict[str, Any]:
        if not where:
            raise Failure(
                "inventory.no_directory",
                "inventory_directory: expected a directory for the new inventory, for example: "
                "ansible-playbook vya.observability.init -e inventory_directory=inventories/mine",
            )
        directory, identity = Path(where), vault.given(self._loader)
        own = {} if identity else {PASSWORD: "", ".gitignore": f"{PASSWORD}\n"}
        refuse(directory, [*texts, *own])
        password = secret()
        if not self._task.check_mode:
            contents = {**texts, **own, **({PASSWORD: f"{password}\n"} if own else {})}
            write(
                directory,
                {
                    name: self._written(name, text, identity or vault.generated(password))
                    for name, text in contents.items()
                },
            )
        options = (
            [f"--vault-password-file={directory / PASSWORD}"]
            if own
            else vault.options(context.CLIARGS)
        )
        commands = [
            shlex.join(["ansible-playbook", "-i", where, *options, f"vya.observability.{playbook}"])
            for playbook in ("plan", "deploy")
        ]
        if not self._task.check_mode:
            for line in next_steps(directory, list(texts), bool(own), commands):
                Display().display(line)
        diff = [
            {"before": "", "after": _shown(name, text), "after_header": str(directory / name)}
            for name, text in {**texts, **own}.items()
        ]
        return {
            "files": [str(directory / name) for name in (*texts, *own)],
            "vault_password_file": str(directory / PASSWORD) if own else "",
            "commands": commands,
            **({"diff": diff} if self._task.diff else {}),
        }

    @staticmethod
    def _written(name: str, text: str, identity: tuple[str, Any]) -> tuple[bytes, int]:
        if GENERATED in text:
            return vault.encrypted(filled(text), identity), 0o600
        return text.encode(), 0o600 if name == PASSWORD else 0o666


def _shown(name: str, text: str) -> str:
    return "(secrets, not shown)\n" if name == PASSWORD or GENERATED in text else text
