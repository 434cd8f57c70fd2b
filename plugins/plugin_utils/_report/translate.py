# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks say, in another language, by the messages of roles/validate/files/messages.yml.

Checks say all in English, on whatever host they run; only what people read is translated, here, on
the controller. What no message of the catalogue is like stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from ...module_utils._texts import en, pt_br
from ...module_utils._texts.text import FIELDS, Catalogue, fields_of, from_data
from .language import SEPARATORS

CATALOGUE = Path(__file__).parents[3] / "roles/validate/files/messages.yml"
PLACE = re.compile(r"\{(\w+)(:n)?\}")
NUMBER = r"[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|inf|nan)"
CATALOGUES: dict[str, Catalogue] = {"en": en.TEXTS, "pt-BR": pt_br.TEXTS}
# Several messages in a row are joined by this.
AND = "; "
ANYTHING = f"(?:(?!{AND}).)*?"


@dataclass(frozen=True)
class Message:
    """One that checks say, and what it is in the other language. C(longest) is the longest text
    between its places; C(own) how much of it is its own: the more, the surer is a match."""

    text: str
    pattern: re.Pattern[str]
    longest: str
    own: int

    @classmethod
    def of(cls, english: str, text: str) -> Message:
        """C({0}) stands for anything but a further message, C({0:n}) for a number. A message
        that begins or ends within a sentence has the other part of it before or after."""
        if english[0] in " ,":
            english, text = "{before}" + english, "{before}" + text
        if english[-1] == " ":
            english, text = english + "{after}", text + "{after}"
        known: set[str] = set()
        pattern, end, literals = "", 0, [""]
        for place in PLACE.finditer(english):
            literals.append(english[end : place.start()])
            pattern += re.escape(literals[-1]) + _group(place, known)
            end = place.end()
        literals.append(english[end:])
        compiled = re.compile(pattern + re.escape(literals[-1]), re.DOTALL)
        return cls(text, compiled, max(literals, key=len), sum(map(len, literals)))


def _group(place: re.Match[str], known: set[str]) -> str:
    name = f"p_{place[1]}"
    if name in known:
        return f"(?P={name})"
    known.add(name)
    return f"(?P<{name}>{NUMBER if place[2] else ANYTHING})"


@cache
def messages_in(code: str) -> tuple[Message, ...]:
    """The catalogue in that language, surest first."""
    # Only the controller needs it, and there Ansible has it.
    import yaml

    entries = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    messages = (Message.of(each["en"], each[code]) for each in entries if code in each)
    return tuple(sorted(messages, key=lambda message: message.own, reverse=True))


@cache
def translated(text: str, code: str) -> str:
    """C(text) in the language C(code)."""
    if code == "en":
        return text
    parts, said = text.split(AND), []
    while parts:
        # A message may have the joint in it: as many parts as are one message.
        for count in range(len(parts), 0, -1):
            found = _one(AND.join(parts[:count]), code)
            if found is not None or count == 1:
                said.append(_by_parts(parts[0], code) if found is None else found)
                del parts[:count]
                break
    return AND.join(said)


def _one(text: str, code: str) -> str | None:
    """The text as one message of the catalogue, with what stands in its places translated, too."""
    for message in messages_in(code):
        match = message.longest in text and message.pattern.fullmatch(text)
        if match:
            return PLACE.sub(partial(_value, match, code), message.text)
    return None


def _value(match: re.Match[str], code: str, place: re.Match[str]) -> str:
    found = match[f"p_{place[1]}"]
    return found.translate(SEPARATORS[code]) if place[2] else translated(found, code)


def _by_parts(text: str, code: str) -> str:
    """What is no message may be a name, a colon and a message."""
    name, colon, rest = text.partition(": ")
    return f"{name}: {translated(rest, code)}" if colon else text


def texts_of(check: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    """What a check with a code says in the language of the catalogue, by FIELDS."""
    values = from_data(check["values"])
    return fields_of(check["name"], check["code"], check["status"], values, catalogue)


def report_in(report: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The report with what its checks, hops, plots and facts say in that language. The ids of the
    checks stay: they are what comparisons, JSON and JUnit know a check by."""

    def said(text: object) -> str:
        return translated(str(text), code)

    def check(found: Mapping[str, Any]) -> dict[str, Any]:
        if found.get("code"):
            return {**found, **texts_of(found, CATALOGUES[code])}
        return {**found, **{key: said(found[key]) for key in FIELDS}}

    return {
        **report,
        "checks": [check(found) for found in report["checks"]],
        "hops": [{**hop, "name": said(hop["name"])} for hop in report["hops"]],
        "plots": [{**plot, "name": said(plot.get("name", ""))} for plot in report["plots"]],
        "facts": {said(key): value for key, value in report["facts"].items()},
    }
