# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Loki, for tests. It is not Loki; see README.md."""

from .server import Loki, serve

__all__ = ["Loki", "serve"]
