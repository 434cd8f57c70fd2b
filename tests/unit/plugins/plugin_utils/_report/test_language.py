# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts, numbers and dates of a report in each language."""

from __future__ import annotations

import re
import string

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    LANGUAGES,
    MONTHS,
    TEXTS,
    Language,
)

AT = 1_764_000_000.0  # 2025-11-24 16:00:00 UTC


def fields(text: str) -> set[str | None]:
    return {field for _text, field, _spec, _conversion in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("code", LANGUAGES)
def test_languages_say_the_same(code: str) -> None:
    english, other = TEXTS["en"], TEXTS[code]
    assert list(other) == list(english)
    for key, text in other.items():
        assert text.count("|") == english[key].count("|"), key
        for form in text.split("|"):
            assert form.strip() == form, key
            assert form, key
            assert fields(form) == fields(english[key].split("|")[0]), key
    assert len(MONTHS[code].split()) == 12


def test_portuguese_is_translated() -> None:
    same = {key for key, text in TEXTS["pt-BR"].items() if text == TEXTS["en"][key]}
    assert not same


def test_forms() -> None:
    portuguese = Language("pt-BR")
    assert portuguese.text("verdict_fail", 1, all=3) == "Não: 1 de 3 verificações falhou"
    assert portuguese.text("verdict_fail", 2, all=3) == "Não: 2 de 3 verificações falharam"
    assert Language("en").text("verdict_pass_more", 0) == "0 checks passed"


def test_numbers_and_dates() -> None:
    english, portuguese = Language("en"), Language("pt-BR")
    assert english.number(-1234.5, 2) == "−1,234.50"  # noqa: RUF001
    assert portuguese.number(-1234.5, 2) == "−1.234,50"  # noqa: RUF001
    assert english.moment(AT) == "24 Nov 2025, 16:00:00 UTC"
    assert portuguese.moment(AT) == "24 de nov. de 2025, 16:00:00 UTC"
    assert portuguese.day(AT) == "24 nov."
    assert english.clock(AT) == "16:00"
    shown = [english.significant(v) for v in (0, 182.4, 24, 3.2, 0.95, 0.00321, 12345.6)]
    assert shown == ["0", "182", "24.0", "3.20", "0.95", "0.00321", "12,346"]
    assert [english.round_number(v) for v in (0.0, 20.0, 0.25, 2.5)] == ["0", "20", "0.25", "2.5"]
    assert re.fullmatch(r"\d+,\d+", portuguese.round_number(0.5))
