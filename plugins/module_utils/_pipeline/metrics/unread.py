# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is raised for a configuration that is not understood here, so nothing is judged by it."""

from __future__ import annotations


class UnreadableError(Exception):
    """Something of a server's configuration that is not understood here."""
