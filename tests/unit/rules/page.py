# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of alerts.md and alerting.md in both languages, from defaults, rules and runbooks.

To write them anew, with PYTHONPATH=.build in the virtual environment of the tests:
python -m ansible_collections.vya.observability.tests.unit.rules.page
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import yaml

from . import longest
from .rendered import ROLE, ROOT, Rendered, render

DOCS = {"en": ROOT / "docs", "pt-BR": ROOT / "docs/pt-BR"}
PAGES = ("alerts.md", "alerting.md")
COLUMNS = {
    "en": ("| alert | severity | for | values | when |", "| name | quantile of |"),
    "pt-BR": ("| alerta | severidade | for | valores | quando |", "| nome | quantil de |"),
}


def defaults() -> dict[str, dict[str, Any]]:
    """The settings of each alert that the role has."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROLE / "vars/main.yml").read_text())[
        "prometheus_alert_defaults"
    ]
    return found


def meaning(language: str, alert: str) -> str:
    """What its runbook says first: one sentence."""
    lines = (DOCS[language] / f"runbooks/{alert}.md").read_text("utf-8").splitlines()
    return lines[2]


def alerts(language: str) -> list[str]:
    """The table of the alerts."""
    lines = [COLUMNS[language][0], "| --- | --- | --- | --- | --- |"]
    for alert, values in defaults().items():
        own = {name: values[name] for name in values if name not in ("enabled", "severity", "for")}
        cells = [
            f"[{alert}](runbooks/{alert}.md)",
            values["severity"],
            values["for"],
            ", ".join(f"`{name}: {value}`" for name, value in own.items()) or "-",
            meaning(language, alert),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def recorded(language: str, rendered: Rendered) -> list[str]:
    """The table of what is recorded."""
    rules = [rule for rule in rendered.rules if "record" in rule]
    rows = [f"| `{rule['record']}` | `{rule['expr'].removesuffix(' >= 0')}` |" for rule in rules]
    return [COLUMNS[language][1], "| --- | --- |", *rows]


def tables(language: str, rendered: Rendered) -> dict[str, dict[str, list[str]]]:
    """The tables of each page, by name."""
    return {
        "alerts.md": {"alerts": alerts(language), "recorded": recorded(language, rendered)},
        "alerting.md": {"longest": longest.table(language, defaults())},
    }


def page(language: str, name: str, rendered: Rendered) -> str:
    """The page as it is, with its tables made anew."""
    text = (DOCS[language] / name).read_text("utf-8")
    for title, lines in tables(language, rendered)[name].items():
        table = "\n".join(lines)
        begin = rf"(<!-- begin {title}: [^\n]+ -->\n).*?(\n<!-- end -->)"
        text, count = re.subn(
            begin, lambda found, table=table: found[1] + table + found[2], text, flags=re.DOTALL
        )
        assert count == 1, f"{language} {name}: expected one table {title}; seen: {count}"
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        whole = render(Path(folder))["whole"]
    for language, docs in DOCS.items():
        for name in PAGES:
            (docs / name).write_text(page(language, name, whole), "utf-8")
