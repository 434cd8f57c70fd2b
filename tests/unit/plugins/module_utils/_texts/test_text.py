# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts by code: places, numbers, lists, fields that a parent has, other languages."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vya.observability.plugins.module_utils._texts.text import (
    Catalogue,
    Text,
    as_data,
    find,
    from_data,
    say,
    text,
)

ENGLISH: Catalogue = {
    "separators": ",.",
    "more": "{items} and {n} more",
    "age": {"expected": "younger than {limit:span}", "cause": "nobody pushes"},
    "age.old": {"seen": "{age:span}", "fix": "look at {host}"},
    "pair": "{a}={b}",
}
PORTUGUESE: Catalogue = {"separators": ".,", "more": "{items} e mais {n}", "pair": "{a}: {b}"}


@pytest.mark.parametrize(
    ("template", "value", "english", "portuguese"),
    [
        ("{x}", "as it is", "as it is", "as it is"),
        ("{x}", ["a", "b"], "a, b", "a, b"),
        ("{x:; }", ["a", "b"], "a; b", "a; b"),
        ("{x:some}", ["a", "b", "c"], "a, b, c", "a, b, c"),
        ("{x:some}", ["a", "b", "c", "d", "e"], "a, b, c and 2 more", "a, b, c e mais 2"),
        ("{x:some; }", ["a", "b", "c", "d"], "a; b; c and 1 more", "a; b; c e mais 1"),
        ("{x}", {"b", "a"}, "a, b", "a, b"),
        ("{x:g}", 0.5, "0.5", "0,5"),
        ("{x:.1f}", 1234.56, "1234.6", "1234,6"),
        ("{x:,d}", 1234567, "1,234,567", "1.234.567"),
        ("{x:ms}", 0.15123, "151.2 ms", "151,2 ms"),
        ("{x:span}", -3, "0 s", "0 s"),
        ("{x:span}", 45, "45 s", "45 s"),
        ("{x:span}", 720, "12 min", "12 min"),
        ("{x:span}", 18000, "5.0 h", "5,0 h"),
        ("{x:span}", 1200960, "13.9 d", "13,9 d"),
        ("{x:; }", [text("pair", a=1, b=2), text("pair", a=3, b=4)], "1=2; 3=4", "1: 2; 3: 4"),
        ("{y}", "a place without a value", "?", "?"),
    ],
)
def test_places(template: str, value: object, english: str, portuguese: str) -> None:
    for catalogue, said in ((ENGLISH, english), (PORTUGUESE, portuguese)):
        known = {**catalogue, "it": template}
        assert say("it", {"x": value}, catalogue=known) == said


def test_a_field_may_be_the_parents() -> None:
    assert find(ENGLISH, "age.old", "cause") == "nobody pushes"
    assert find(ENGLISH, "age.old", "seen") == "{age:span}"
    assert find(ENGLISH, "age.old.very", "fix") == "look at {host}"
    assert find(ENGLISH, "unknown.code", "seen") is None
    assert find(ENGLISH, "age") is None


def test_data_and_back() -> None:
    values = {"each": [text("pair", a=1, b=text("pair", a=2, b=3))], "n": 4.5, "none": None}
    there = json.loads(json.dumps(as_data(values)))
    assert from_data(there) == values
    assert as_data({"x": {2, 1}, "y": ("a",)}) == {"x": [1, 2], "y": ["a"]}


def test_what_another_language_lacks_is_said_in_english() -> None:
    assert str(Text("http.dns", {"host": "a.example"})) == say("http.dns", {"host": "a.example"})
    assert say("defect.no_result", {}, "fix", {"separators": ".,"}) == "report it"
