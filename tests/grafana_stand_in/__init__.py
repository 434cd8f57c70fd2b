# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Grafana's HTTP API, for tests only. It is not Grafana and holds nothing of it.

What it answers is what two real servers were recorded to answer; see README.md beside this file.
"""

from __future__ import annotations

from .app import create_app
from .faults import Recorder, Request
from .server import Server, Tls, serve
from .state import Behaviour, State

__all__ = ["Behaviour", "Recorder", "Request", "Server", "State", "Tls", "create_app", "serve"]
