# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON may hold halves of characters, which can be neither stored nor delivered."""

from __future__ import annotations

import json


def clean(text: str) -> str:
    """The text with a question mark for each."""
    return text.encode("utf-8", "replace").decode()


def clean_json(body: bytes) -> bytes:
    """The same for what is in a document. ValueError when it is no JSON."""
    return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
