# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are in files; apart from the settings, whose library takes 14 MB of memory."""

from __future__ import annotations

from pathlib import Path


def read_secret(path: str) -> str:
    """The content of a secret's file, without the newline at its end."""
    return Path(path).read_text("utf-8").rstrip("\r\n")
