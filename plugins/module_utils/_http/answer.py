# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that an answer has the shape that its reader relies on.

What another program sends may be anything: lists for mappings, numbers for texts, a field that is
missing, a million brackets. A reader says what it needs, as a shape:

==================  ==============================================================
``str``, ``bool``   a value of that type
``int``, ``float``  a number that is finite (and whole)
``object``          anything
``[shape]``         a list of these
``{str: shape}``    a mapping with any keys
``{"a": shape}``    a mapping with this key at least; ``"a?"``: it may be missing, or null
``(one, other)``    either
==================  ==============================================================
"""

from __future__ import annotations

import json
import math
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .error import HttpError

LONGEST_NUMBER = 20  # digits of a whole number: 64 bits, and its sign
WRONG = (TypeError, ValueError, LookupError, AttributeError, OverflowError, RecursionError)


def parse(text: str | bytes, constants: bool = False) -> Any:
    """Return the JSON of a text, in which all numbers are finite.

    Args:
        constants: The server writes NaN and Infinity as such; NaN is read as null.

    Raises:
        ValueError: It is not JSON, or has too many brackets or digits.
    """
    constant = _constant if constants else _finite
    try:
        return json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=constant)
    except RecursionError:
        raise ValueError("too many brackets") from None


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _constant(word: str) -> float | None:
    return None if word == "NaN" else float(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is not a finite number")
    return number


def shaped(value: Any, shape: Any, where: str = "") -> Any:
    """Return the value.

    Raises:
        ValueError: It has another shape; the message says where.
    """
    if isinstance(shape, tuple):
        return _either(value, shape, where)
    if shape is None:
        fits = value is None
    elif isinstance(shape, list):
        fits = isinstance(value, list)
        for number, each in enumerate(value if fits else ()):
            shaped(each, shape[0], f"{where}[{number}]")
    elif isinstance(shape, dict):
        fits = isinstance(value, dict)
        if fits:
            _mapping(value, shape, where)
    elif shape is float:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    if not fits:
        raise ValueError(f"{where or 'it'} is not {_name(shape)} but {_name(type(value))}")
    return value


def _either(value: Any, shapes: tuple[Any, ...], where: str) -> Any:
    for shape in shapes[:-1]:
        try:
            return shaped(value, shape, where)
        except ValueError:
            continue
    return shaped(value, shapes[-1], where)


def _mapping(value: dict[str, Any], shape: dict[Any, Any], where: str) -> None:
    for key, below in shape.items():
        if key is str:
            for name, each in value.items():
                shaped(each, below, f"{where}.{name}")
            continue
        name = key.rstrip("?")
        if value.get(name) is None and key.endswith("?"):
            continue
        if name not in value:
            raise ValueError(f"{where}.{name} is missing".lstrip("."))
        shaped(value[name], below, f"{where}.{name}".lstrip("."))


def _name(shape: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", str: "a text", bool: "a truth value"}
    kinds.update({int: "a whole number", float: "a number", type(None): "null"})
    return kinds.get(shape if isinstance(shape, type) else type(shape), "another type")


@contextmanager
def understood(url: str) -> Iterator[None]:
    """Turn Python's errors into an HttpError while working on answers that were not fully checked.

    Args:
        url: Where the answers come from.

    Raises:
        HttpError: `http.not_json`: they led to an error of Python.
    """
    try:
        yield
    except WRONG as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        seen = f"{type(error).__name__}: {str(error)[:160]} ({place.name}, line {place.lineno})"
        raise HttpError.of("not_json", "GET", url, "answers as its API describes", seen) from error
