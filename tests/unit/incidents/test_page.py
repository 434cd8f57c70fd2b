# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""All thirty incidents are registered, each by one test; the tables are current."""

from __future__ import annotations

import pytest

from ...integration.incidents import registry
from .page import DOCS, ROOT, page


def test_each_of_the_thirty_is_registered_once() -> None:
    # Twice is refused where it is registered.
    assert list(registry.registered()) == list(range(1, 31))


def test_a_number_is_not_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "INCIDENTS", {})

    def first() -> None: ...
    def second() -> None: ...

    registry.incident(1, "x", "x", "found")(first)
    registry.incident(1, "x", "x", "found")(first)  # imported under another name
    with pytest.raises(ValueError, match=r"incident 1 is replayed by .+first and by .+second"):
        registry.incident(1, "x", "x", "found")(second)
    with pytest.raises(ValueError, match="outcome 'solved'"):
        registry.incident(2, "x", "x", "solved")


@pytest.mark.parametrize("one", registry.registered().values(), ids=lambda one: str(one.number))
def test_what_stops_it_exists(one: registry.Incident) -> None:
    assert bool(one.by) is (one.outcome != "open")
    for name in one.by:
        module, role = ROOT / f"plugins/modules/{name}.py", ROOT / f"roles/{name}"
        assert module.is_file() or role.is_dir(), name


@pytest.mark.parametrize("language", DOCS)
def test_the_table_is_current(language: str) -> None:
    # page.py says how to write it anew.
    assert (DOCS[language] / "incidents.md").read_text("utf-8") == page(language)
