# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collector: takes pings, probes databases, and delivers the measurements to storage."""

from __future__ import annotations

# The one place of the version; pyproject.toml reads it.
__version__ = "0.1.0"
