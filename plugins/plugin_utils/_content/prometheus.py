# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of Prometheus's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.filter.core import to_nice_yaml


def files(v: Mapping[str, Any], configuration: str) -> dict[str, str]:
    """Return the text of each file by its path.

    Args:
        configuration: The text of the first file, prometheus.yml.
    """
    found = {"prometheus.yml": configuration}
    for group in v["prometheus_rule_groups"]:
        text = to_nice_yaml({"groups": [group]}, indent=2, width=1000, sort_keys=False)
        found[f"rules/{group['name']}.yml"] = str(text)
    for name, groups in sorted(v["prometheus_rules"].items()):
        text = to_nice_yaml({"groups": groups}, indent=2, sort_keys=False)
        found[f"rules/{name}.yml"] = str(text)
    if v["prometheus_pushgateway_ca"]:
        found["pushgateway_ca.crt"] = v["prometheus_pushgateway_ca"]
    return found
