# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues of texts: every language has the same codes, fields and places; a page of each,
which `make generate` renews, shows the texts."""

from __future__ import annotations

import re
import string
from pathlib import Path
from types import ModuleType

import pytest

from ansible_collections.vya.observability.plugins.module_utils._texts.en import catalogue as en
from ansible_collections.vya.observability.plugins.module_utils._texts.pt_br import (
    catalogue as pt_br,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import FIELDS, Catalogue
from ansible_collections.vya.observability.tests.generate.codes import CATALOGUES, PAGES, page

PLUGINS = Path(__file__).parents[5] / "plugins"


def flat(catalogue: Catalogue) -> dict[str, str]:
    """Each text by its code, or its code and field."""
    texts = {}
    for code, entry in catalogue.items():
        fields = {"": entry} if isinstance(entry, str) else entry
        texts.update({f"{code} {field}".strip(): text for field, text in fields.items()})
    return texts


def places(text: str) -> set[str]:
    return {name for _before, name, _form, _conversion in string.Formatter().parse(text) if name}


def test_fields() -> None:
    entries = [entry for entry in en.TEXTS.values() if not isinstance(entry, str)]
    assert {field for entry in entries for field in entry} <= set(FIELDS)
    assert all(text for text in flat(en.TEXTS).values())


@pytest.mark.parametrize("language", ["pt-BR"])
def test_another_language_has_the_same_texts_with_the_same_places(language: str) -> None:
    english, other = flat(en.TEXTS), flat(CATALOGUES[language])
    assert other.keys() == english.keys()
    assert {c for c, text in other.items() if places(text) != places(english[c])} == set()


@pytest.mark.parametrize("catalogue", [en, pt_br])
def test_each_room_has_its_file_and_each_code_its_room(catalogue: ModuleType) -> None:
    rooms = {room.__name__.rpartition(".")[2]: [*room.TEXTS] for room in catalogue.ROOMS}
    files = {path.stem for path in Path(str(catalogue.__file__)).parent.glob("*.py")}
    assert rooms.keys() == files - {"catalogue"}
    assert [*rooms.values()] == [[*room.TEXTS] for room in en.ROOMS]
    assert len(catalogue.TEXTS) == sum(map(len, rooms.values()))


def test_no_line_is_longer_than_sanity_allows() -> None:
    texts = [path.read_text("utf-8") for path in (PLUGINS / "module_utils/_texts").rglob("*.py")]
    assert [line for text in texts for line in text.splitlines() if len(line) > 160] == []


def test_every_code_is_used() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [
            *PLUGINS.rglob("*.py"),
            *(
                path
                for of in ("roles", "playbooks")
                for path in (PLUGINS.parent / of).rglob("*.yml")
            ),
        ]
        if "_texts" not in path.parts
    )
    said = set(re.findall(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*", source))
    # What a request's failure is called is computed from its status and kind.
    unused = [
        code
        for code in en.TEXTS
        if not code.startswith(("http.", "separators"))
        and code not in said
        and code.rpartition(".")[2] not in said
        and not any(other.startswith(f"{code}.") for other in said)
    ]
    assert not unused


@pytest.mark.parametrize("language", CATALOGUES)
def test_pages(language: str) -> None:
    """What people read stands in docs/codes.md: a change of a text is seen in a review."""
    assert PAGES[language].read_text(encoding="utf-8") == page(language), "run: make generate"
