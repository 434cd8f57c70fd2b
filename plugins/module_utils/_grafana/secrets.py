# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out whether secrets that a server never shows are still the ones that were written.

A fingerprint of the secrets is stored with the object. It is scrypt with its own salt, because
anyone who can read the object's settings (for a data source, every viewer) can try passwords.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping

KEY = "secretsFingerprint"  # beside the other settings of the object
MARK_KEY = "managedBy"
COST, BLOCK, LANES = 15, 8, 1  # 2^15 rounds: 32 MiB and about 0.1 s
HIDDEN = "[REDACTED]"  # what the server shows for a secret, and accepts as "keep it"


def given(secrets: Mapping[str, object] | None) -> dict[str, str]:
    """Return the secrets that have a value; null means to keep the server's."""
    return {str(k): str(v) for k, v in (secrets or {}).items() if v is not None}


def _digest(secrets: Mapping[str, str], salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    text = json.dumps(dict(secrets), sort_keys=True).encode()
    room = 256 * block * (1 << cost)  # bytes; twice what scrypt needs
    return hashlib.scrypt(text, salt=salt, n=1 << cost, r=block, p=lanes, maxmem=room, dklen=32)


def fingerprint(secrets: Mapping[str, str]) -> str:
    """Return a new fingerprint, `scrypt:COST:BLOCK:LANES:SALT:DIGEST`; empty without secrets."""
    if not secrets:
        return ""
    salt = os.urandom(16)
    digest = _digest(secrets, salt, COST, BLOCK, LANES)
    return f"scrypt:{COST}:{BLOCK}:{LANES}:{salt.hex()}:{digest.hex()}"


def matches(secrets: Mapping[str, str], stored: object) -> bool:
    """Return whether `stored` is the fingerprint of these secrets."""
    if not secrets:
        return not stored
    try:
        method, cost, block, lanes, salt, digest = str(stored).split(":")
        sizes = int(cost), int(block), int(lanes)
        if method != "scrypt" or sizes > (20, 16, 4):
            return False
        seen = _digest(secrets, bytes.fromhex(salt), *sizes)
        return hmac.compare_digest(seen, bytes.fromhex(digest))
    except ValueError:
        return False
