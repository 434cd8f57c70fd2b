# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the pages of all codes from the catalogues of texts: ``make generate``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from ansible_collections.vya.observability.plugins.module_utils._texts.en import catalogue as en
from ansible_collections.vya.observability.plugins.module_utils._texts.pt_br import (
    catalogue as pt_br,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import Catalogue

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "codes.md", "pt-BR": DOCS / "pt-BR/codes.md"}
CATALOGUES: dict[str, Catalogue] = {"en": en.TEXTS, "pt-BR": pt_br.TEXTS}
COLUMNS = {
    "en": ("code", "seen", "likely cause", "next step"),
    "pt-BR": ("código", "encontrado", "causa provável", "próximo passo"),
}
PARTS = {"en": ("Parts of texts", "text"), "pt-BR": ("Partes de textos", "texto")}
HEAD = {
    "en": """\
# The codes of the checks

*Em português: [pt-BR/codes.md](pt-BR/codes.md).* *What is checked: [checks.md](checks.md).*

Each check has a `code`, which names what came of it, and `values`, which fill the places of its
texts (`<host>`). Ask for the code, not for the text: texts are improved. What a code does not say
is said by the one above it (`ping.bad_answer.no_time` has the cause of `ping.bad_answer`). A
request that failed gives its own code (`http...`) to the check that made it.

Made by `make generate` from `plugins/module_utils/_texts/en`: change it there.
""",
    "pt-BR": """\
# Os códigos das verificações

*In English: [codes.md](../codes.md).* *O que é verificado: [checks.md](checks.md).*

Cada verificação tem um `code`, que diz qual foi o resultado, e `values`, que preenchem os lugares
dos textos (`<host>`). Consulte o código, não o texto: os textos são melhorados. O que um código não
diz, diz o que está acima dele (`ping.bad_answer.no_time` tem a causa de `ping.bad_answer`). Uma
requisição que falhou dá o próprio código (`http...`) à verificação que a fez.

Feito por `make generate` a partir de `plugins/module_utils/_texts/pt_br`: mude lá.
""",
}


def page(language: str) -> str:
    """The page of a language: a table for each check, then the texts that are parts of others."""
    catalogue = CATALOGUES[language]
    entries = [(code, entry) for code, entry in catalogue.items() if isinstance(entry, dict)]
    lines = [HEAD[language]]
    sections: dict[str, dict[str, dict[str, str]]] = {}
    for code, entry in entries:
        sections.setdefault(code.partition(".")[0], {})[code] = entry
    for name, codes in sections.items():
        lines += _section(name, codes, COLUMNS[language])
    title, text = PARTS[language]
    lines += [f"## {title}", "", f"| {COLUMNS[language][0]} | {text} |", "| --- | --- |"]
    parts = ((code, entry) for code, entry in catalogue.items() if isinstance(entry, str))
    lines += [f"| `{code}` | {_shown(entry)} |" for code, entry in parts if code != "separators"]
    return "\n".join(lines) + "\n"


def _section(
    name: str, codes: dict[str, dict[str, str]], columns: tuple[str, ...]
) -> Iterator[str]:
    yield f"## `{name}`\n"
    expected = codes.get(name, {}).get("expected")
    if expected:
        yield f"{_shown(expected)}\n"
    rows = [
        [f"`{code}`", *(_shown(texts.get(part, "")) for part in ("seen", "cause", "fix"))]
        for code, texts in codes.items()
        if texts.keys() - {"expected"}
    ]
    if rows:
        yield f"| {' | '.join(columns)} |\n| --- | --- | --- | --- |"
        yield from (f"| {' | '.join(row)} |" for row in rows)
        yield ""


def _shown(text: str) -> str:
    """With the places by name, as Markdown shows it in a table."""
    shown = ""
    for plain, place, _, _ in Formatter().parse(text):
        shown += re.sub(r"([|*_<>])", r"\\\1", plain)
        if place is not None:
            shown += f"`<{place}>`"
    return shown


if __name__ == "__main__":
    for each, path in PAGES.items():
        path.write_text(page(each), "utf-8")
