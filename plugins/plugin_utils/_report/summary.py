# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen at the end of a deploy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Union

from ...module_utils._texts.text import Text, say
from .language import Language
from .translate import CATALOGUES, texts_of

Said = Union[str, Text]


def screen(
    rows: Sequence[tuple[Said, Said]],
    left_out: Mapping[str, Mapping[str, Any]],
    command: str,
    steps: Iterable[Text],
    language: Language,
) -> list[str]:
    """Return the lines.

    Args:
        rows: What is where.
        left_out: A check by host.
        command: What to run when these hosts are back.
        steps: What to do next.
        language: That of all texts.
    """
    catalogue = CATALOGUES.get(language.code)

    def of(said: Said) -> str:
        return say(said.code, said.values, catalogue=catalogue) if isinstance(said, Text) else said

    def title(code: str) -> list[str]:
        return ["", say(code, {}, catalogue=catalogue)]

    lines: list[str] = []
    if rows:
        lines += [*title("summary.addresses"), *_aligned([(of(a), of(b)) for a, b in rows])]
    if left_out:
        seen = [(host, texts_of(check, language)["seen"]) for host, check in left_out.items()]
        lines += [*title("summary.left_out"), *_aligned(seen)]
        lines += [f"  {say('summary.catch_up', {'command': command}, catalogue=catalogue)}"]
    next_steps = [f"  - {of(step)}" for step in steps]
    return lines + (title("summary.next") + next_steps if next_steps else [])


def _aligned(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(name) for name, _said in rows)
    return (f"  {name.ljust(width)}  {said}".rstrip() for name, said in rows)
