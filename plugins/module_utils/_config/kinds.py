# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers whose configuration can be installed: the options, and the work, of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .options import config_argument_spec


# Imported where they are needed: a host that runs none of them need not compile them.
def _alertmanager(module: Any) -> None:
    from .alertmanager import run_module

    run_module(module)


def _prometheus(module: Any) -> None:
    from .prometheus import run_config

    run_config(module)


def _traefik(module: Any) -> None:
    from .traefik import run_module

    run_module(module)


@dataclass(frozen=True)
class Kind:
    """One kind of server.

    Attributes:
        spec: The argument spec of its module.
        run: Does the module's work, and ends the module.
    """

    spec: dict[str, Any]
    run: Callable[[Any], None]


KINDS = {
    "alertmanager": Kind(
        {
            **config_argument_spec("/etc/alertmanager"),
            "config_file": {"type": "str", "default": "alertmanager.yml"},
        },
        _alertmanager,
    ),
    "prometheus": Kind(
        {
            **config_argument_spec("/etc/prometheus"),
            "config_file": {"type": "str", "default": "prometheus.yml"},
            "web_config_file": {"type": "str"},
        },
        _prometheus,
    ),
    "traefik": Kind(
        {
            **config_argument_spec("/etc/traefik/dynamic"),
            "entry_points": {"type": "list", "elements": "str", "default": ["websecure"]},
            "tls_address": {"type": "str"},
        },
        _traefik,
    ),
}
