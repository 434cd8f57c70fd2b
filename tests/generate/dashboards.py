# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the dashboards of the role grafana from ``tests/generate/grafana``: ``make generate``."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parents[2] / "roles/grafana/templates/dashboards"
NAMES = sorted(path.stem for path in (Path(__file__).parent / "grafana/dashboards").glob("*.py"))
HEADER = """\
#jinja2: variable_start_string:'<<', variable_end_string:'>>', \
block_start_string:'<%', block_end_string:'%>', comment_start_string:'<#', comment_end_string:'#>'
<# Made by `make generate` from tests/generate/grafana/dashboards/NAME.py: change it there.
   Ours is in angle brackets; {{label}} and $variable are Grafana's.
   t(): the text in English and in Portuguese.
   The empty line keeps Ansible before 2.19 from reading the text as Python. #>
<% macro t(en, pt) %><< pt if grafana_language == 'pt-BR' else en >><% endmacro %>

"""


def template(name: str) -> str:
    """The text of a dashboard's template. Each panel, variable and link has a line of its own."""
    found: dict[str, Any] = import_module(f".grafana.dashboards.{name}", __package__).DASHBOARD
    lines = [f"  {json.dumps(key)}: {_value(value)}" for key, value in found.items()]
    return HEADER.replace("NAME", name) + "{\n" + ",\n".join(lines) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, dict) and "list" in value:
        return f'{{"list": {_value(value["list"])}}}'
    if isinstance(value, list) and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_value(each)}" for each in value) + "\n  ]"
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r'"number:([^"]+)"', r"<< \1 >>", text)


if __name__ == "__main__":
    for each in NAMES:
        (TEMPLATES / f"{each}.json.j2").write_text(template(each), "utf-8")
