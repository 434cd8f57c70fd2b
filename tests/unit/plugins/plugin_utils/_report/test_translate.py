# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message that a check can say is in the catalogue, in each language, and is found there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    LANGUAGES,
    SEPARATORS,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.translate import (
    CATALOGUE,
    PLACE,
    report_in,
    translated,
)

from .message_tools import Messages
from .test_document import check, report

ROOT = Path(__file__).parents[5]
# What is wrong with options or a dashboard, or what Docker refuses, ends a task without checks.
NO_CHECKS = re.compile(
    r"_docker/(?!health|ports|environment|arp).*|_http/options|_grafana/(?!client|prove).*"
)
UTILS = ROOT / "plugins/module_utils"
SOURCES = [
    *(
        path
        for path in UTILS.rglob("*.py")
        if not NO_CHECKS.fullmatch(str(path.relative_to(UTILS).with_suffix("")))
    ),
    *ROOT.glob("plugins/plugin_utils/**/*.py"),
    ROOT / "plugins/action/check_report.py",
]
OTHERS = [code for code in LANGUAGES if code != "en"]
ENTRIES = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
SAID = Messages(sorted(SOURCES)).texts


def test_every_message_is_in_the_catalogue() -> None:
    known = {entry["en"] for entry in ENTRIES}
    missing = sorted(f"{module}: {text}" for text, module in SAID.items() if text not in known)
    assert not missing, "\n".join(missing)


def test_the_catalogue_has_nothing_that_no_check_says() -> None:
    files = [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("roles/validate/*/*.yml")]
    texts = [
        f.read_text(encoding="utf-8") for f in files if f != CATALOGUE and f.parent.name != "_texts"
    ]

    def somewhere(text: str) -> bool:
        literal = re.compile(rf"[\"' ]{re.escape(text)}[\"',:\n]")
        return any(literal.search(source) for source in texts)

    said = [entry["en"] for entry in ENTRIES]
    stale = [text for text in said if text not in SAID and not somewhere(text)]
    assert not stale, "\n".join(stale)


def test_the_catalogue_has_each_message_once() -> None:
    texts = [entry["en"] for entry in ENTRIES]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_same_places_and_the_same_ends(code: str) -> None:
    wrong = [
        entry
        for entry in ENTRIES
        if sorted(PLACE.findall(entry["en"])) != sorted(PLACE.findall(entry[code]))
        or entry["en"].count("; ") != entry[code].count("; ")
        or _ends(entry["en"]) != _ends(entry[code])
    ]
    assert not wrong


def _ends(text: str) -> tuple[str, str]:
    return (text[0] if text[0] in " ,;" else "", text[-1] if text[-1] in " :," else "")


@pytest.mark.parametrize("code", OTHERS)
def test_each_message_is_found_with_whatever_stands_in_its_places(code: str) -> None:
    """Also beside others, and although some messages are like others."""
    wrong = []
    for entry in ENTRIES:
        values = {
            name: f"{number}.5" if n else f"Wf{number:03}"
            for number, (name, n) in enumerate(PLACE.findall(entry["en"]), 1)
        }
        said, wanted = (
            PLACE.sub(lambda place, values=values: values[place[1]], entry[key])
            for key in ("en", code)
        )
        for name, n in PLACE.findall(entry["en"]):
            if n:
                wanted = wanted.replace(values[name], values[name].translate(SEPARATORS[code]))
        before, after = said[0] in " ,", said[-1] == " "
        said, wanted = (f"{'x' * before}{text}{'x' * after}" for text in (said, wanted))
        for text, expected in ((said, wanted), (f"{said}; x", f"{wanted}; x")):
            if translated(text, code) != expected:
                wrong.append((text, translated(text, code), expected))
    assert not wrong


@pytest.mark.parametrize("text", ["", "x", "wf001", "a text that no check says", "a: b; c: d"])
def test_what_no_message_is_like_stays(text: str) -> None:
    assert translated(text, "pt-BR") == text


def test_english_stays_english() -> None:
    assert translated("no such group, but wf001", "en") == "no such group, but wf001"


def test_what_stands_in_a_place_is_translated_too() -> None:
    inner = translated("connection refused", "pt-BR")
    assert inner != "connection refused"
    assert inner in translated("Alertmanager's metrics cannot be read: connection refused", "pt-BR")
    assert translated("wf001: connection refused; wf002 is up", "pt-BR").startswith(
        f"wf001: {inner}; "
    )


def test_a_report_keeps_its_ids() -> None:
    made = report(check("push wf001", "fail", seen="connection refused"), facts={"hosts": "wf001"})
    there = report_in(made, "pt-BR")
    assert [c["id"] for c in there["checks"]] == ["push wf001"]
    assert there["checks"][0]["seen"] == translated("connection refused", "pt-BR")
    assert there["counts"] == made["counts"]
    assert made["checks"][0]["seen"] == "connection refused"
