# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as data, JUnit XML and Markdown, and its files."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.plugin_utils._report.document import (
    ReportError,
    as_json,
    document,
    group_of,
    path_of,
    read_report,
    started_of,
    verdict_of,
    write_file,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.junit import as_junit
from ansible_collections.vya.observability.plugins.plugin_utils._report.language import Language
from ansible_collections.vya.observability.plugins.plugin_utils._report.markdown import (
    MARKS,
    as_markdown,
    cell,
    verdict_lines,
)

ROOT = Path(__file__).parents[5]
ENDED = 1_764_000_000.0
ENGLISH = Language("en")


def check(check_id: str, status: str, **more: Any) -> dict[str, Any]:
    texts = {key: f"{key} of {check_id}" for key in ("expected", "seen", "cause", "fix")}
    return {"id": check_id, "status": status, "seconds": 0.5, **texts, **more}


def report(*checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    arguments = {"ended": ENDED, "seconds": 2.5, "asked_from": "wfdb01", **more}
    return document("validation", list(checks), **arguments)


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode())  # noqa: S314


@pytest.fixture
def usual() -> dict[str, Any]:
    return report(
        check("service A", "pass"),
        check("service B", "warn"),
        check("push wf001", "fail"),
        check("prometheus wf001", "skip"),
        hops=[{"name": "gateway", "seconds": 0.25}, {"name": "grafana"}],
        facts={"Environment": "production"},
    )


def test_json_round_trip(tmp_path: Path, usual: dict[str, Any]) -> None:
    write_file(tmp_path / "a.json", as_json(usual))
    assert read_report(str(tmp_path / "a.json"), "before") == usual
    assert list(usual) == [
        "format",
        "name",
        "started",
        "seconds",
        "asked_from",
        "counts",
        "checks",
        "hops",
        "plots",
        "runs",
        "facts",
    ]
    assert usual["counts"] == {"pass": 1, "warn": 1, "fail": 1, "skip": 1}
    assert started_of(usual) == ENDED - 2.5


def test_json_has_only_what_json_has() -> None:
    plots = [{"series": [{"points": [(1, float("nan")), (2, float("inf")), (3, 1.5)]}]}]
    text = as_json(report(check("a", "pass"), plots=plots, facts={1: {"é"}, "path": Path("/x")}))

    def refuse(name: str) -> None:
        raise AssertionError(name)

    read = json.loads(text, parse_constant=refuse)
    assert read["plots"][0]["series"][0]["points"] == [[1, None], [2, None], [3, 1.5]]
    assert read["facts"] == {"1": ["é"], "path": "/x"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "unreadable"),
        ("{", "no_json"),
        ("[]", "no_report"),
        ('{"checks": []}', "no_report"),
        ('{"format": 2, "checks": []}', "other_format"),
        ('{"format": 1, "checks": [{"id": "a"}]}', "damaged"),
        ('{"format": 1, "checks": [{"id": "a", "status": "bad", "seconds": 1}]}', "damaged"),
        ('{"format": 1, "checks": []}', "damaged"),
    ],
)
def test_what_is_no_report_is_named(tmp_path: Path, text: str | None, code: str) -> None:
    path = tmp_path / "a.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReportError) as error:
        read_report(str(path), "before")
    assert (error.value.code, error.value.values["option"]) == (f"report.{code}", "before")
    assert str(path) in error.value.values["seen"]


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_files_are_readable_by_all_and_replaced_at_once(tmp_path: Path, strict_umask: None) -> None:
    path = tmp_path / "reports" / "today" / "a.md"
    write_file(path, "one")
    inode = path.stat().st_ino
    with path.open() as reader:
        write_file(path, "two")
        assert reader.read() == "one"
    assert path.read_text() == "two"
    assert path.stat().st_ino != inode
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    for directory in (path.parent, path.parent.parent):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o755
    assert [file.name for file in path.parent.iterdir()] == ["a.md"]


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError) as error:
        write_file(tmp_path / "file" / "a.md", "x")
    assert (error.value.code, error.value.values["option"]) == ("report.unwritable", "directory")
    # A directory in the file's place: nothing of the attempt stays.
    (tmp_path / "b.md").mkdir()
    with pytest.raises(ReportError):
        write_file(tmp_path / "b.md", "x")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.md", "file"]


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a\n", "a b"])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(ReportError) as error:
        path_of("/reports", name, ".md")
    assert error.value.code == "report.name"


def test_groups_and_verdicts() -> None:
    ids = ["service A", "wrong key wf001", "no key wf001", "once", ""]
    assert [group_of(each) for each in ids] == ["service", "wrong key", "no key", "once", "?"]
    none = {"pass": 0, "warn": 0, "fail": 0, "skip": 3}
    assert verdict_of(none) == "none"
    assert verdict_of({**none, "pass": 1}) == "pass"
    assert verdict_of({**none, "pass": 1, "warn": 1}) == "warn"
    assert verdict_of({**none, "warn": 1, "fail": 1}) == "fail"


def test_junit(usual: dict[str, Any]) -> None:
    root = parsed(as_junit(usual))
    assert root.attrib["tests"] == "4"
    assert (root.attrib["failures"], root.attrib["skipped"]) == ("1", "1")
    suites = {suite.attrib["name"]: suite for suite in root}
    assert list(suites) == ["service", "push", "prometheus"]
    assert [case.attrib["name"] for case in suites["service"]] == ["service A", "service B"]
    failure = suites["push"].find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    for key in ("expected", "seen", "cause", "fix"):
        assert f"{key}: {key} of push wf001" in failure.text
    assert suites["prometheus"].find("testcase/skipped") is not None
    assert suites["service"].find("testcase/failure") is None
    output = suites["service"].find("testcase/system-out")
    assert output is not None
    assert "cause of service B" in str(output.text)


def test_json_and_junit_have_the_codes() -> None:
    made = report(
        Ask("rtt", "wf001", limit=1).fail("slow", p50=1, p95=2).as_data(),
        Ask("roundtrip", "Prometheus", place="Prometheus", url="http://h")
        .skip("check_mode")
        .as_data(),
        check("mine", "fail"),
    )
    assert [found.get("code") for found in made["checks"]] == [
        "rtt.slow",
        "roundtrip.check_mode",
        None,
    ]
    assert made["checks"][0]["values"] == {"limit": 1, "p50": 1, "p95": 2}
    root = parsed(as_junit(made))
    kinds = [case[0].attrib["type"] for case in root.iterfind("testsuite/testcase")]
    assert kinds == ["rtt.slow", "roundtrip.check_mode", "check"]
    assert "code: rtt.slow\n" in str(root.findtext("testsuite/testcase/failure"))


def test_junit_parses_whatever_a_check_has_seen() -> None:
    seen = "<b>]]>&\x00\x1b[31m\ud800\ufffe \N{PILE OF POO} ok"
    text = as_junit(report(check("a <x>", "fail", seen=seen)))
    case = parsed(text).find("testsuite/testcase")
    assert case is not None
    assert case.attrib["name"] == "a <x>"
    failure = case.find("failure")
    assert failure is not None
    assert "<b>]]>&" in str(failure.text)
    assert "\N{PILE OF POO} ok" in str(failure.text)


def test_markdown_begins_with_the_answer_and_what_did_not_pass(usual: dict[str, Any]) -> None:
    text = as_markdown(usual, "After the deploy", ENGLISH)
    lines = text.splitlines()
    assert lines[0] == "## After the deploy"
    answer, more = verdict_lines(usual, ENGLISH)
    assert answer == ENGLISH.text("verdict_fail", 1, all=4)
    assert more.count("1 ") == 3  # passed, warned, not made
    assert lines[2] == f"{MARKS['fail']} **{answer}** ({more})"
    assert "Environment: production" in text
    order = ["**push wf001**", "**service B**", "gateway", "<details>", "service A", "</details>"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "cause of push wf001 | fix of push wf001" in text
    assert f"| grafana | {ENGLISH.text('not_reached')} |" in text
    rest = text[text.index("<details>") :]
    assert "push wf001" not in rest
    # GitHub reads Markdown inside of HTML only after an empty line.
    assert "</summary>\n\n|" in rest


def test_markdown_of_an_all_well_report_in_portuguese() -> None:
    language = Language("pt-BR")
    text = as_markdown(report(check("a", "pass")), "Validation", language)
    assert text.startswith(f"## {language.name('Validation')}\n")
    answer, more = language.text("verdict_pass"), language.text("verdict_pass_more", 1)
    assert f"{MARKS['pass']} **{answer}** ({more})" in text
    assert "24 de nov. de 2025, 15:59:57 UTC" in text
    assert "2,5 s" in text
    assert language.text("not_passed") not in text


def test_markdown_shows_text_as_it_is() -> None:
    assert cell("a|b\nc <script> & `d` *e* [f](g) ~~h~~ \\") == (
        "a\\|b c &lt;script&gt; &amp; \\`d\\` \\*e\\* \\[f\\](g) \\~\\~h\\~\\~ \\\\"
    )
    assert cell("collector_api_up __name__ _x_") == "collector_api_up \\_\\_name\\_\\_ \\_x\\_"
    assert cell("@everyone") != "@everyone"
