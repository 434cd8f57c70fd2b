# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/incidents.md and docs/pt-BR/incidents.md, from the tests that replay the
incidents, and from the catalogue of faults.

To write them anew, with PYTHONPATH=.build in the virtual environment of the tests:
python -m ansible_collections.vya.observability.tests.unit.incidents.page
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ...chaos.catalogue import HOPS, read_faults
from ...integration.incidents.registry import OUTCOMES, registered

ROOT = Path(__file__).parents[3]
DOCS = {"en": ROOT / "docs", "pt-BR": ROOT / "docs/pt-BR"}
TESTS = "tests/integration/incidents"
HEAD = {
    "en": "| # | what happened | now | by | replayed by |",
    "pt-BR": "| nº | o que aconteceu | agora | por | reproduzido por |",
}
FAULTS = {
    "en": "| fault | what is broken | told by |",
    "pt-BR": "| falha | o que está quebrado | apontada por |",
}
NOW = {
    "en": dict(zip(OUTCOMES, OUTCOMES, strict=True)),
    "pt-BR": dict(zip(OUTCOMES, ("impedido", "recusado", "encontrado", "aberto"), strict=True)),
}
SUM = {
    "en": "{caught} of {all}: {counts}.",
    "pt-BR": "{caught} de {all}: {counts}.",
}


def table(language: str) -> list[str]:
    """The table, and the sum of its outcomes."""
    incidents = registered()
    up = "../" if language == "en" else "../../"
    lines = [HEAD[language], "| --- | --- | --- | --- | --- |"]
    for one in incidents.values():
        file, _colons, test = one.test.partition("::")
        replayed = f"[{test}]({up}{TESTS}/{file})" if one.outcome != "open" else "-"
        cells = [
            str(one.number),
            one.title if language == "en" else one.title_pt,
            NOW[language][one.outcome],
            ", ".join(one.by) or "-",
            replayed,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    found = Counter(one.outcome for one in incidents.values())
    counts = ", ".join(f"{found[each]} {NOW[language][each]}" for each in OUTCOMES if found[each])
    caught = len(incidents) - found["open"]
    return [*lines, "", SUM[language].format(caught=caught, all=len(incidents), counts=counts)]


def faults(language: str) -> list[str]:
    """The faults of the catalogue, by hop."""
    lines = [FAULTS[language], "| --- | --- | --- |"]
    for one in sorted(read_faults().values(), key=lambda each: HOPS.index(each.hop)):
        codes = dict.fromkeys(f"`{code}`" for _id, code in one.expected)
        title = one.title if language == "en" else one.title_pt
        lines.append(f"| `{one.name}` | {title} | {', '.join(codes)} |")
    return lines


def page(language: str) -> str:
    """The page as it is, with its tables made anew."""
    text = (DOCS[language] / "incidents.md").read_text("utf-8")
    for name, made in (("incidents", table), ("faults", faults)):
        lines = "\n".join(made(language))
        begin = rf"(<!-- begin {name}: [^\n]+ -->\n).*?(\n<!-- end -->)"
        text, count = re.subn(begin, r"\g<1>@@@\g<2>", text, flags=re.DOTALL)
        assert count == 1, f"{language}: expected one table of {name}; seen: {count}"
        text = text.replace("@@@", lines)
    return text


if __name__ == "__main__":
    for name, docs in DOCS.items():
        (docs / "incidents.md").write_text(page(name), "utf-8")
