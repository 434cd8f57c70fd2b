# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules of the role grafana, where every data source is there."""

from __future__ import annotations

from typing import Any

import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._content.grafana_rules import (
    rule_groups,
)

from .files import ROLE


def grafana_rules(**changes: Any) -> dict[str, dict[str, Any]]:
    """The rules by the name of their page, as the role gives them to the module."""
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text("utf-8"))
    sources = ("prometheus", "victoriametrics", "alertmanager", "loki")
    urls = {f"grafana_{name}_url": f"http://{name}.example.com" for name in sources}
    groups = rule_groups({**defaults, **urls, **changes})
    return {rule["labels"]["page"]: rule for group in groups for rule in group["rules"]}
