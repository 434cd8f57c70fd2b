# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for n8n, for tests. It is not n8n; see README.md."""

from .server import KEY, N8n, serve, serve_example

__all__ = ["KEY", "N8n", "serve", "serve_example"]
