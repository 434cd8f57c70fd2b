# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make from the files of the alerts: runbooks, tables, role specification. ``make generate``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.vya.observability.plugins.plugin_utils._alerts.files import (
    Alert,
    alerts,
    recorded,
)

from .longest import longest_table

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT / "roles/prometheus/meta/argument_specs.yml"
DOCS = {"en": ROOT / "docs", "pt-BR": ROOT / "docs/pt-BR"}
RUNBOOK = """\
# {name}

{meaning}

{links}

## {look}

```promql
{query}
```

## {first}

{steps}
"""
RUNBOOK_TITLES = {
    "en": {"look": "Look at", "first": "First"},
    "pt-BR": {"look": "O que olhar", "first": "Primeiro"},
}
RUNBOOK_LINKS = {
    "en": (
        "*Em português: [pt-BR](../pt-BR/runbooks/{}.md).* *All alerts: [alerts.md](../alerts.md).*"
    ),
    "pt-BR": (
        "*In English: [English](../../runbooks/{}.md).* "
        "*Todos os alertas: [alerts.md](../alerts.md).*"
    ),
}
ALERTS_HEADER = {
    "en": "| alert | severity | for | values | when |",
    "pt-BR": "| alerta | severidade | for | valores | quando |",
}
RECORDED_HEADER = {"en": "| name | quantile of |", "pt-BR": "| nome | quantil de |"}


def runbook(language: str, name: str, alert: Alert) -> str:
    """The page of an alert."""
    texts = alert[language]
    return RUNBOOK.format(
        name=name,
        meaning=texts["meaning"],
        links=RUNBOOK_LINKS[language].format(name),
        query=alert["query"],
        steps="\n".join(f"{number}. {step}" for number, step in enumerate(texts["first"], 1)),
        **RUNBOOK_TITLES[language],
    )


def alerts_table(language: str) -> Iterator[str]:
    """The lines of the table of all alerts."""
    yield ALERTS_HEADER[language]
    yield "| --- | --- | --- | --- | --- |"
    for name, alert in alerts().items():
        values = alert.get("values", {}).items()
        own = ", ".join(f"`{key}: {value['default']}`" for key, value in values) or "-"
        yield (
            f"| [{name}](runbooks/{name}.md) | {alert['severity']} | {alert['for']} | {own} "
            f"| {alert[language]['meaning']} |"
        )


def recorded_table(language: str) -> Iterator[str]:
    """The lines of the table of the recording rules."""
    yield RECORDED_HEADER[language]
    yield "| --- | --- |"
    for rules in recorded().values():
        for rule in rules:
            yield f"| `{rule['record']}` | `{rule['expr'].removesuffix(' >= 0')}` |"


def specification() -> Iterator[str]:
    """The lines of the description of C(prometheus_alerts): what values of its own an alert has."""
    for name, alert in alerts().items():
        for key, value in alert.get("values", {}).items():
            described = f"C({name}), C({key}): {value['description']}"
            yield f"- {_quoted(described)}"


def _quoted(text: str) -> str:
    """A text as YAML on one line."""
    return json.dumps(text, ensure_ascii=False)


def between(text: str, mark: str, lines: Iterable[str], indent: str = "") -> str:
    """A file's text, with these lines between its marks C(begin) and C(end) of that name."""
    made = "".join(f"{indent}{line}\n" for line in lines)
    text, count = re.subn(
        rf"(?s)([^\n]* begin {mark}: [^\n]*\n).*?([^\n]* end\b)",
        lambda found: found[1] + made + found[2],
        text,
    )
    assert count == 1, f"expected one place {mark}; seen: {count}"
    return text


def files() -> dict[Path, str]:
    """Each file that is made from the alerts, with its text."""
    made = {
        DOCS[language] / f"runbooks/{name}.md": runbook(language, name, alert)
        for language in DOCS
        for name, alert in alerts().items()
    }
    for language, docs in DOCS.items():
        page = (docs / "alerts.md").read_text("utf-8")
        page = between(page, "alerts", alerts_table(language))
        made[docs / "alerts.md"] = between(page, "recorded", recorded_table(language))
        page = (docs / "alerting.md").read_text("utf-8")
        made[docs / "alerting.md"] = between(page, "longest", longest_table(language))
    specified = SPECIFICATION.read_text("utf-8")
    made[SPECIFICATION] = between(specified, "alerts", specification(), " " * 10)
    return made


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, "utf-8")
