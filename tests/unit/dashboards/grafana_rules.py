# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules of the role grafana, where every data source is there."""

from __future__ import annotations

import json
from typing import Any

import jinja2
import yaml

from .files import ROLE


def combine(*values: dict[str, Any]) -> dict[str, Any]:
    """Ansible's filter of that name, for flat dictionaries."""
    return {key: item for value in values for key, item in value.items()}


def grafana_rules(**changes: Any) -> dict[str, dict[str, Any]]:
    """The rules by the name of their page, as the template gives them to the module."""
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text("utf-8"))
    sources = ("prometheus", "victoriametrics", "alertmanager", "loki")
    urls = {f"grafana_{name}_url": f"http://{name}.example.com" for name in sources}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - not HTML
    environment.filters |= {"to_json": json.dumps, "combine": combine}
    template = environment.from_string((ROLE / "templates/rule_groups.json.j2").read_text("utf-8"))
    groups = json.loads(template.render({**defaults, **urls, **changes}))
    return {rule["labels"]["page"]: rule for group in groups for rule in group["rules"]}
