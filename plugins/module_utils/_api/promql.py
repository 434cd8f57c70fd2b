# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the names of the metrics that a PromQL expression uses.

Prometheus can list them only since version 3 (`/api/v1/parse_query`), and targets have no PromQL
parser. So the words of the expression are read: what is not a function, keyword, label or duration
is a name. The server has already parsed the expression, so it is known to be valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*`)
  | (?P<number>\.?[0-9][\w.]*)            # durations too
  | (?P<range>\[[^]]*\])                  # of a matrix or a subquery: durations alone
  | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)
  | (?P<sign>=~|!~|!=|\S)
    """,
    re.VERBOSE | re.DOTALL,
)
KEYWORDS = frozenset({"and", "or", "unless", "atan2", "bool", "offset", "inf", "nan"})
MODIFIERS = frozenset({"anchored", "smoothed"})  # of a range, since Prometheus 3.7, by a feature
# What a list of labels in parentheses follows; by and without also after an aggregation's name.
GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
Tokens = list[tuple[str, str]]  # kind, text


def metric_names(expression: str) -> set[str]:
    """Return the names of the metrics that `expression` selects."""
    return set(_names(_tokens(expression)))


def _tokens(expression: str) -> Tokens:
    found = [(str(each.lastgroup), each.group()) for each in TOKEN.finditer(expression)]
    found = [each for each in found if each[0] != "comment"]
    return [
        each
        for before, each in zip([("", ""), *found], found)
        if each[0] != "range" and not (before[0] == "range" and each[1] in MODIFIERS)
    ]


def _names(tokens: Tokens) -> Iterator[str]:
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        following = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        if text == "{":
            end = _closing(tokens, position, "}")
            yield from _in_braces(tokens[position + 1 : end])
            position = end
        elif kind == "word" and text.lower() in GROUPING and following == "(":
            position = _closing(tokens, position, ")")
        elif (
            kind == "word"
            and following != "("
            and following.lower() not in ("by", "without")
            and text.lower() not in KEYWORDS | GROUPING
        ):
            yield text
        position += 1


def _closing(tokens: Tokens, position: int, sign: str) -> int:
    """Return where the list that begins after `position` ends; these lists are never nested."""
    while position < len(tokens) and tokens[position][1] != sign:
        position += 1
    return position


def _in_braces(tokens: Tokens) -> Iterator[str]:
    """Yield names given as `{__name__="a"}`, or as `{"a b"}` since Prometheus 3."""
    for index, (kind, text) in enumerate(tokens):
        if kind != "string":
            continue
        before = [each[1] for each in tokens[max(0, index - 2) : index]]
        after = tokens[index + 1][1] if index + 1 < len(tokens) else ","
        if before == ["__name__", "="] or (before[-1:] in ([], [","]) and after == ","):
            yield text[1:-1]
