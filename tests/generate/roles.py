# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make each role's README from its metadata and its specification: ``make generate``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROLES = sorted((Path(__file__).parents[2] / "roles").iterdir())
COLLECTION = "vya.observability"
MARKUP = re.compile(r"\b[A-Z]\((?:[\w.]+#role:\w+:)?([^)]*)\)")


def page(role: Path) -> str:
    """The README of a role."""
    meta = yaml.safe_load((role / "meta/main.yml").read_text("utf-8"))
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text("utf-8"))["argument_specs"]
    return "\n".join(_lines(role.name, meta, specs)) + "\n"


def _lines(role: str, meta: dict[str, Any], specs: dict[str, Any]) -> Iterator[str]:
    yield f"# {COLLECTION}.{role}\n"
    yield f"{meta['galaxy_info']['description']}.\n"
    for entry, spec in specs.items():
        yield f"## Entry point `{entry}`\n"
        yield f"{_shown(spec['short_description'])}.\n"
        texts = spec["description"]
        yield from (f"{_shown(text)}\n" for text in ([texts] if isinstance(texts, str) else texts))
        needed = {
            name: option
            for name, option in (spec.get("options") or {}).items()
            if option.get("required")
        }
        if needed:
            yield "| required variable | type | |\n| --- | --- | --- |"
            yield from (
                f"| `{name}` | {option['type']} | {_first(option['description'])} |"
                for name, option in needed.items()
            )
            yield ""
    needs = [each["role"] for each in meta["dependencies"]]
    if needs:
        yield f"It brings in {' and '.join(f'`{name}`' for name in needs)}.\n"
    yield "## How to use it\n"
    yield f"All variables: `ansible-doc -t role {COLLECTION}.{role}`.\n"
    if "main" in specs:
        yield "```yaml"
        yield f"- hosts: all\n  become: true\n  roles:\n    - role: {COLLECTION}.{role}"
        yield "```\n"
    yield f"Licence: {meta['galaxy_info']['license']}. Author: {meta['galaxy_info']['author']}.\n"
    yield "Made by `make generate` from `meta/`: change it there."


def _first(description: str | list[str]) -> str:
    return _shown(description if isinstance(description, str) else description[0])


def _shown(text: str) -> str:
    """A text of the documentation, as Markdown shows it."""
    return MARKUP.sub(r"`\1`", " ".join(text.split())).replace("|", "\\|")


if __name__ == "__main__":
    for each in ROLES:
        (each / "README.md").write_text(page(each), "utf-8")
