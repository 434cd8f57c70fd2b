# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML page: well-formed, alone, and without anything of a check in its markup."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._report.html import as_html
from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    LANGUAGES,
    TEXTS,
    Language,
)

from .test_document import check, report
from .test_plot import entry, points

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}</style>"
CHROMIUM = shutil.which("chromium") or ""
VOID = {"meta", "input", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """Refuses tags that do not match; keeps elements, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert len({name for name, _value in attrs}) == len(attrs), (tag, attrs)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open, f"<{tag}/> is only closed inside svg"
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def page(language: str = "en", title: str = "Validation", **more: Any) -> Page:
    checks = more.pop(
        "checks",
        [
            check("service A", "pass", seconds=1234.5),
            check("service B", "warn"),
            check("push wf001", "fail"),
            check("prometheus wf001", "skip"),
        ],
    )
    arguments = {
        "hops": [{"name": "gateway", "seconds": 0.25}, {"name": "prometheus", "seconds": 1.0}],
        "plots": [entry(points(1, 2, 3)), entry(), entry(error="refused")],
        "runs": [
            {
                "ended": 1763900000.0,
                "seconds": 7.5,
                "counts": {"pass": 40, "warn": 0, "fail": 1, "skip": 0},
            }
        ],
        "facts": {"Environment": "production", "Versions": {"prometheus": "3.2.1"}},
        **more,
    }
    text = as_html(report(*checks, **arguments), title, Language(language))
    parsed = Page(text)
    parsed.source = text  # type: ignore[attr-defined]
    return parsed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_alone(language: str) -> None:
    made = page(language)
    source = made.source  # type: ignore[attr-defined]
    assert source.startswith("<!DOCTYPE html>\n")
    assert ("html", "lang", language) in made.attributes
    assert "script" not in made.tags
    assert not {"img", "link", "iframe", "object", "form"} & set(made.tags)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|src=", source)
    for _tag, name, value in made.attributes:
        assert not name.startswith("on")
        assert name != "href" or value.startswith("#")
    targets = {value for _tag, name, value in made.attributes if name == "id"}
    links = {value[1:] for _tag, name, value in made.attributes if name == "href"}
    assert links
    assert links <= targets
    for word in ("prefers-color-scheme: dark", "@media print", "max-width: 44rem"):
        assert word in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_all_of_it(language: str) -> None:
    text = page(language).text
    for key in (
        "question",
        "not_passed",
        "hops",
        "plots",
        "runs",
        "no_data",
        "not_answered",
        "cause",
    ):
        assert TEXTS[language][key] in text, key
    for check_id in ("service A", "service B", "push wf001", "prometheus wf001"):
        assert f"seen of {check_id}" in text
    assert "cause of push wf001" in text
    assert "fix of service B" in text
    assert "cause of service A" not in text
    assert "prometheus: 3.2.1" in text
    assert ("1.234,50" if language == "pt-BR" else "1,234.50") in text
    assert "refused" in text


def test_nothing_of_a_check_is_markup() -> None:
    evil = dict.fromkeys(("id", "expected", "seen", "cause", "fix"), EVIL)
    plot = {**entry(points(1, 2)), "name": EVIL, "unit": EVIL}
    plot["series"] += [{"labels": {"instance": EVIL}, "points": points(3)}]
    clean = page(
        checks=[check("a", s) for s in ("fail", "pass")], plots=[entry(points(1), [[0, 1]])]
    )
    made = page(
        title=EVIL,
        asked_from=EVIL,
        checks=[check("a", status, **evil) for status in ("fail", "pass")],
        plots=[plot, {"name": EVIL, "error": EVIL}],
        hops=[{"name": EVIL, "seconds": 1}],
        facts={EVIL: [EVIL, {EVIL: EVIL}]},
    )
    assert set(made.tags) <= {*clean.tags, "strong"}
    assert made.text.count("<script>alert(1)</script>") > 15
    assert "{{ 7 * 7 }}" in made.text
    assert not [name for _tag, name, _value in made.attributes if name.startswith("on")]


def test_what_is_empty_is_left_out() -> None:
    made = page(checks=[], hops=[], plots=[], runs=[], facts={}, asked_from="")
    assert TEXTS["en"]["verdict_none"] in made.text
    for key in ("not_passed", "hops", "plots", "runs", "all_checks", "asked_from"):
        assert TEXTS["en"][key] not in made.text
    well = page(checks=[check("a", "pass")])
    assert TEXTS["en"]["not_passed"] not in well.text
    assert "Yes" in well.text


def test_bars_are_as_long_as_their_seconds() -> None:
    hops = [{"name": "a", "seconds": 0.5}, {"name": "b", "seconds": 2.0}, {"name": "c"}]
    made = page(hops=hops)
    widths = [v for _tag, name, v in made.attributes if name == "style" and v.startswith("width")]
    assert widths == ["width:25.0%", "width:100.0%"]
    assert TEXTS["en"]["not_reached"] in made.text


def printed() -> dict[str, dict[str, str]]:
    """What the style sheet says for paper alone: the declarations of each selector."""
    style = page().source.split("@media print {")[1].split("</style>")[0]  # type: ignore[attr-defined]
    found: dict[str, dict[str, str]] = {}
    for selectors, declarations in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        pairs = [each.split(":", 1) for each in declarations.split(";") if each.strip()]
        for selector in selectors.split(","):
            said = found.setdefault(" ".join(selector.split()), {})
            said.update({name.strip(): value.strip() for name, value in pairs})
    assert found
    return found


def test_paper_has_all_checks_and_no_buttons() -> None:
    rules = printed()
    assert rules["@page"]["size"] == "A4"
    assert rules[".filter"]["display"] == "none"
    # Whatever filter is chosen on the screen: its rules are stronger, but for this.
    source = page().source  # type: ignore[attr-defined]
    assert re.search(r"#show-\w+:checked\) \.checks tr\.check[^}]*\{ display: none; \}", source)
    assert rules[".checks tr.check"]["display"] == "table-row !important"
    assert rules[".checks tbody"]["display"] == "table-row-group !important"


def test_paper_is_white_and_nothing_is_cut_in_two() -> None:
    rules = printed()
    source = page().source  # type: ignore[attr-defined]
    assert re.findall(r"@media ([^{]*)\(prefers-color-scheme: dark\)", source) == ["screen and "]
    assert rules["body"]["background"] == "none"
    assert rules["body"]["print-color-adjust"] == "exact"  # marks and bars are backgrounds
    for selector in (".wrong article", ".plot", ".hops", ".checks tr"):
        assert rules[selector]["break-inside"] == "avoid", selector
    for selector in ("h2", ".head", ".checks .group"):
        assert rules[selector]["break-after"] == "avoid", selector
    # A box that hides what it has no room for would lose what is on the next sheet.
    assert rules[".checks"]["overflow"] == "visible"


@pytest.mark.skipif(not CHROMIUM, reason="no chromium")
def test_a_browser_prints_it_whole(tmp_path: Path) -> None:
    """A4, and as many sheets when the screen shows only what failed."""
    checks = [check(f"service {n}", "fail" if n == 7 else "pass") for n in range(200)]
    source: str = page(checks=checks).source  # type: ignore[attr-defined]
    chosen = re.sub(r'( id="show-fail")', r"\1 checked", source)
    assert chosen != source
    sheets = {}
    for name, text in (("all", source), ("failed", chosen)):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        file = tmp_path / f"{name}.pdf"
        options = ["--headless", "--no-sandbox", "--disable-gpu"]
        options += [f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={file}"]
        subprocess.run(
            [CHROMIUM, *options, f"file://{tmp_path}/{name}.html"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        sizes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", file.read_bytes())
        assert {(round(float(x)), round(float(y))) for x, y in sizes} == {(595, 842)}
        sheets[name] = len(sizes)
    assert sheets["failed"] == sheets["all"] > 3
