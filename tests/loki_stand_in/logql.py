# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of LogQL that the stand-in knows: selectors, line filters, counts, sums, vector(), a
number times a sum, C(or)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|`[^`]*`)|(?P<duration>\d+(?:ms|[smhdwy]))|(?P<number>\d+(?:\.\d+)?)'
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>\|=|\|~|!=|!~|=~|[={}()\[\],+|*]))"
)
NO_MATCHER = (
    "parse error : queries require at least one regexp or equality matcher that does not have an "
    'empty-compatible value. For instance, app=~".*" does not meet this requirement, but '
    'app=~".+" will'
)
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
COUNTS = ("count_over_time", "rate")


class ParseError(Exception):
    """What Loki says of a query that is none."""


@dataclass(frozen=True)
class Selector:
    """Streams and lines: matchers of labels, filters of lines, as sign and value."""

    matchers: tuple[tuple[str, str, str], ...]
    filters: tuple[tuple[str, str], ...]

    def takes(self, labels: Mapping[str, str], line: str) -> bool:
        """Whether a line of a stream is meant."""
        return all(
            _matches(sign, labels.get(name, ""), value, re.fullmatch)
            for name, sign, value in self.matchers
        ) and all(_filters(sign, line, value) for sign, value in self.filters)


@dataclass(frozen=True)
class Count:
    """Lines within the last C(seconds) per stream, or all together, or per second."""

    selector: Selector
    seconds: float
    per_second: bool
    by: tuple[str, ...] | None  # None: as the streams are


@dataclass(frozen=True)
class Number:
    """A number, whatever there is."""

    value: float


@dataclass(frozen=True)
class Times:
    """A number times what a count finds."""

    factor: float
    counted: Count


@dataclass(frozen=True)
class Either:
    """What the first finds, and the series of the second that the first has not."""

    first: Count | Times | Number
    second: Count | Times | Number


Query = Selector | Count | Number | Times | Either


def _matches(sign: str, seen: str, value: str, search: object) -> bool:
    assert callable(search)
    if sign in ("=", "!="):
        return (seen == value) is (sign == "=")
    return bool(search(value, seen)) is (sign == "=~")


def _filters(sign: str, line: str, value: str) -> bool:
    if sign in ("|=", "!="):
        return (value in line) is (sign == "|=")
    return bool(re.search(value, line)) is (sign == "|~")


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        place = 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            if not found or found.lastgroup is None:
                raise ParseError(
                    f"parse error at line 1, col {place + 1}: syntax error: unexpected character"
                )
            self.tokens.append(
                (found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
            )
            place = found.end()
        self.tokens.append(("end", "$end", len(text)))

    def peek(self) -> str:
        return self.tokens[0][1]

    def take(self, kind: str = "", *texts: str) -> str:
        """The next token, which must be of this kind or one of these texts."""
        found, text, place = self.tokens[0]
        if (kind and found != kind) or (texts and text not in texts):
            wanted = ", expecting STRING" if kind == "string" else ""
            shown = text if found in ("end", "sign") else "IDENTIFIER"
            raise ParseError(
                f"parse error at line 1, col {place + 1}: syntax error: unexpected {shown}{wanted}"
            )
        self.tokens.pop(0)
        return text

    def string(self) -> str:
        text = self.take("string")
        return text[1:-1] if text[0] == "`" else str(json.loads(text))

    def selector(self) -> Selector:
        self.take("", "{")
        matchers = []
        while self.peek() != "}":
            name = self.take("name")
            matchers.append((name, self.take("", "=", "!=", "=~", "!~"), self.string()))
            if self.peek() != "}":
                self.take("", ",")
        self.take("", "}")
        if not any(
            (sign == "=" and value) or (sign == "=~" and not re.fullmatch(value, ""))
            for _name, sign, value in matchers
        ):
            raise ParseError(NO_MATCHER)
        filters = []
        while self.peek() in ("|=", "!=", "|~", "!~"):
            filters.append((self.take(), self.string()))
        return Selector(tuple(matchers), tuple(filters))

    def labels(self) -> tuple[str, ...]:
        if self.peek() != "by":
            return ()
        self.take()
        self.take("", "(")
        names = []
        while self.peek() != ")":
            names.append(self.take("name"))
            if self.peek() != ")":
                self.take("", ",")
        self.take("", ")")
        return tuple(names)

    def term(self) -> Query:
        word = self.peek()
        if word == "{":
            return self.selector()
        if word == "sum":
            self.take()
            by = self.labels()
            self.take("", "(")
            inside = self.term()
            if not isinstance(inside, Count):
                raise ParseError(
                    "parse error at line 1, col 5: syntax error: unexpected IDENTIFIER"
                )
            self.take("", ")")
            return Count(inside.selector, inside.seconds, inside.per_second, by or self.labels())
        if word in COUNTS:
            self.take()
            self.take("", "(")
            selector = self.selector()
            self.take("", "[")
            number, unit = re.findall(r"\d+|\D+", self.take("duration"))
            self.take("", "]")
            self.take("", ")")
            return Count(selector, int(number) * SECONDS[unit], word == "rate", None)
        self.take("", "vector")
        self.take("", "(")
        value = float(self.take("number"))
        self.take("", ")")
        return Number(value)

    def product(self) -> Query:
        """A term, or a number times one."""
        if self.tokens[0][0] != "number":
            return self.term()
        factor = float(self.take("number"))
        self.take("", "*")
        counted = self.term()
        assert isinstance(counted, Count)
        return Times(factor, counted)


def parse(text: str) -> Query:
    """A query; raises ParseError."""
    parser = _Parser(text)
    found = parser.product()
    while parser.peek() == "or":
        parser.take()
        second = parser.product()
        assert not isinstance(found, Selector | Either)
        assert not isinstance(second, Selector | Either)
        found = Either(found, second)
    while isinstance(found, Number) and parser.peek() == "+":
        parser.take()
        other = parser.term()
        assert isinstance(other, Number)
        found = Number(found.value + other.value)
    parser.take("end")
    return found
