# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A text by its code: what is said, separate from the language.

Each language is a folder with a file for each room whose checks it serves; :mod:`.en.catalogue` has
them all, and so has :mod:`.pt_br.catalogue`, which only the controller reads. A catalogue is
``{code: text}`` or, for what a check says, ``{code: {"expected": ..., "seen": ..., "cause": ...,
"fix": ...}}``. A field that a code does not have is its parent's: ``rtt.slow`` has the ``expected``
of ``rtt``.

A place in a text is written as :meth:`str.format` writes it, with these formats:

==============  ==================================================================================
``{x}``         as it is; a further Text in the same language; a list with ``, `` between its items
``{x:; }``      a list with that between its items (any format without letters and digits)
``{x:some}``    the first three items of a list, and how many more there are; ``{x:some; }``: with
                ``; `` between them
``{x:g}``       a number (also ``d``, ``.1f`` and so on), with the language's decimal separator
``{x:ms}``      seconds as milliseconds, one decimal: ``151.2 ms``
``{x:span}``    seconds as people say them: ``45 s``, ``12 min``, ``5.0 h``, ``13.9 d``
==============  ==================================================================================
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

Catalogue = Mapping[str, Union[str, Mapping[str, str]]]
FIELDS = ("expected", "seen", "cause", "fix")
SOME = 3


@dataclass(frozen=True)
class Text:
    """A code of the catalogues, and the values of its places.

    Args:
        code: A key of every catalogue.
        values: By the names of the places: str, number, Text, or a list of these.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the text in English."""
        return say(self.code, self.values)


def text(code: str, **values: Any) -> Text:
    """Return a Text."""
    return Text(code, values)


def as_data(value: Any) -> Any:
    """Return a value in JSON's types; a Text becomes ``{"code": ..., "values": ...}``."""
    if isinstance(value, Text):
        return {"code": value.code, "values": as_data(value.values)}
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return [as_data(item) for item in sorted(value)]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def from_data(value: Any) -> Any:
    """Return the value that :func:`as_data` was given."""
    if isinstance(value, Mapping):
        if set(value) == {"code", "values"} and isinstance(value["values"], Mapping):
            return Text(str(value["code"]), from_data(value["values"]))
        return {key: from_data(item) for key, item in value.items()}
    return [from_data(item) for item in value] if isinstance(value, list) else value


def find(catalogue: Catalogue, code: str, part: str = "") -> str | None:
    """Return the text of a code, or of one field of it, before its places are filled in."""
    while code:
        entry = catalogue.get(code)
        if isinstance(entry, str):
            if not part:
                return entry
        elif entry and part in entry:
            return entry[part]
        code = code.rpartition(".")[0]
    return None


def say(
    code: str, values: Mapping[str, Any], part: str = "", catalogue: Catalogue | None = None
) -> str:
    """Return the text of a code with its values, in English or in the language of the catalogue.

    Args:
        code: Which text.
        values: By the names of the places; a place without a value is shown as ``?``.
        part: A field of the code (FIELDS); empty for a code that is one text.
        catalogue: Another language's; what it lacks is said in English.
    """
    template = find(catalogue, code, part) if catalogue else None
    if catalogue is None or template is None:
        # Most modules that change nothing say nothing: they need not read all texts.
        from .en import catalogue as english

        catalogue, template = english.TEXTS, find(english.TEXTS, code, part)
    return _Filled(catalogue).vformat(template or "", (), values)


def fields_of(
    name: str,
    code: str,
    status: str,
    values: Mapping[str, Any],
    catalogue: Catalogue | None = None,
) -> dict[str, str]:
    """Return what a check says, by FIELDS; one that passed has neither cause nor next step."""
    texts = {"expected": say(name, values, "expected", catalogue)}
    for part in FIELDS[1:]:
        silent = status == "pass" and part != "seen"
        texts[part] = "" if silent else say(code, values, part, catalogue)
    return texts


class _Filled(string.Formatter):
    """Fills the places in, in the language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        # The language's own signs for those of Python.
        self.separators = str.maketrans(",.", str(catalogue["separators"]))

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:  # noqa: ARG002
        return kwargs.get(key, "?")

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._listed(value, format_spec)
        if isinstance(value, Text):
            return say(value.code, value.values, catalogue=self.catalogue)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._number(value, format_spec)
        return str(value)

    def _listed(self, values: Any, form: str) -> str:
        items: Sequence[Any] = sorted(values) if isinstance(values, (set, frozenset)) else [*values]
        more = len(items) - SOME if form.startswith("some") else 0
        shown = [self.format_field(item, "") for item in items[: SOME if more > 0 else None]]
        listed = (form[4:] if form.startswith("some") else form) or ", "
        listed = listed.join(shown)
        return say("more", {"items": listed, "n": more}, "", self.catalogue) if more > 0 else listed

    def _number(self, value: float, form: str) -> str:
        if form == "span":
            return self._span(value)
        if form == "ms":
            return f"{value * 1000:.1f} ms".translate(self.separators)
        return format(value, form).translate(self.separators)

    def _span(self, seconds: float) -> str:
        for size, unit in ((86400, "d"), (3600, "h")):
            if seconds >= 2 * size:
                return f"{seconds / size:.1f} {unit}".translate(self.separators)
        return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{max(seconds, 0):.0f} s"
