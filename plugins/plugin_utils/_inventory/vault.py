# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault password of a new inventory: the one that Ansible was given, or a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, VaultSecret, match_encrypt_secret

from ...module_utils._failure import Failure


def given(loader: Any) -> tuple[str, Any] | None:
    """Return the id and the secret with which Ansible encrypts; None if it was given none.

    Args:
        loader: Ansible's DataLoader, which decrypts the variables' files with the same secrets.
    """
    known = loader._vault.secrets
    if not known:
        return None
    identity = constants.DEFAULT_VAULT_ENCRYPT_IDENTITY
    try:
        vault_id, secret = match_encrypt_secret(known, encrypt_vault_id=identity)
    except AnsibleError as error:
        raise Failure("inventory.vault_id", str(error)) from error
    return str(vault_id), secret


def generated(password: str) -> tuple[str, Any]:
    """Return the id and the secret of a new password."""
    return constants.DEFAULT_VAULT_IDENTITY, VaultSecret(password.encode())


def encrypted(text: str, identity: tuple[str, Any]) -> bytes:
    """Return the text as a vault's file."""
    vault_id, secret = identity
    content: bytes = VaultLib().encrypt(text, secret, vault_id)
    return content


def options(arguments: Mapping[str, Any]) -> Sequence[str]:
    """Return the options of a command line that name the vault password.

    Args:
        arguments: Ansible's own. The next command reads environment and ansible.cfg itself.
    """
    return [
        *(f"--vault-id={each}" for each in arguments.get("vault_ids") or ()),
        *(f"--vault-password-file={each}" for each in arguments.get("vault_password_files") or ()),
        *(["--ask-vault-pass"] if arguments.get("ask_vault_pass") else []),
    ]
