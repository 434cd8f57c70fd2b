# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role grafana needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import rules
from .fault import VAULT, Fault

_URL = re.compile("https?://[^/]+.*")
_SETTING = re.compile("GF_[A-Z0-9_]+")
_SOURCES = ("prometheus", "victoriametrics", "alertmanager", "loki")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Return what is wrong."""
    yield from rules.listens(v, "grafana_bind_address", "grafana_port")
    required = ("grafana_url", "grafana_prometheus_url")
    for name in (*required, *(f"grafana_{source}_url" for source in _SOURCES[1:])):
        value = str(v[name])
        if (value or name in required) and not _URL.fullmatch(value):
            yield Fault("url.invalid", name, "a URL of http or https", rules.shown(value))
    for name in v["grafana_settings"]:
        if not _SETTING.fullmatch(name):
            expected = "names of the form GF_SECTION_KEY"
            yield Fault("name.invalid", "grafana_settings", expected, repr(name))
    yield from _credentials(v)
    for source in _SOURCES:
        yield from rules.pair(v, f"grafana_{source}_username", f"grafana_{source}_password")
    if v["grafana_client_key"] and not v["grafana_client_cert"]:
        expected = "a certificate beside grafana_client_key"
        yield Fault("pair.incomplete", "grafana_client_cert", expected, "empty")


def _credentials(v: rules.Variables) -> Iterator[Fault]:
    """Who may write to it."""
    if v["grafana_mode"] != "existing":
        if len(v["grafana_password"]) < 12:
            expected = "at least 12 characters, for Grafana's administrator"
            seen = f"{len(v['grafana_password'])} characters"
            yield Fault("password.weak", "grafana_password", expected, seen, VAULT)
    elif not (v["grafana_token"] or (v["grafana_username"] and v["grafana_password"])):
        expected = "a token, or grafana_username and grafana_password"
        yield Fault("credentials.missing", "grafana_token", expected, "neither", VAULT)
