# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that can be stored, delivered and chosen in a dashboard."""

from __future__ import annotations

import json
from typing import Any


def clean(text: str) -> str:
    """The text with a question mark for each half of a character, which JSON may hold."""
    return text.encode("utf-8", "replace").decode()


def one_line(text: Any) -> Any:
    """The same on one line: a dashboard's choice of all, ``.*``, ends at the end of a line."""
    return " ".join(clean(text).splitlines()) if isinstance(text, str) else text


def clean_json(body: bytes) -> bytes:
    """The same for what is in a document. ValueError when it is no JSON."""
    return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
