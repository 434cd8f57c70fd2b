# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_report and check_compare as Ansible runs them: files, check mode, what fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    TEXTS,
    Language,
)

from .... import processes


def result(*checks: tuple[str, str], **more: Any) -> dict[str, Any]:
    made = [
        {
            "id": name,
            "status": status,
            "expected": "e",
            "seen": f"seen of {name} {{{{ 49 }}}}",
            "cause": "c",
            "fix": "f",
            "seconds": 0.5,
        }
        for name, status in checks
    ]
    return {"checks": made, "seconds": 1.5, "asked_from": "wfdb01", **more}


GOOD = result(("service A", "pass"), ("service B", "warn"))
BAD = result(("service A", "fail"), ("service C", "pass"))
PLOT = {"name": "Age", "unit": "seconds", "series": [{"labels": {}, "points": [[0, 1], [60, 2]]}]}
REPORTS: dict[str, dict[str, Any]] = {
    "before": {
        "results": [GOOD],
        "directory": "new/reports",
        "name": "before",
        "title": "Título",
        "language": "pt-BR",
        "hops": [{"name": "gateway", "seconds": 0.25}, {"name": "grafana"}],
        "plots": [PLOT],
        "facts": {"Environment": "test", "Hosts": ["a", "b"]},
    },
    "after": {
        "results": [BAD, {"failed": True, "msg": "no requests"}, {"skipped": True}],
        "directory": "new/reports",
        "name": "after",
        "formats": ["json", "markdown"],
    },
    "table": {"results": [GOOD]},
    "strict": {"results": [GOOD], "fail_on": "warn"},
    "lenient": {"results": [BAD], "fail_on": "never"},
    "nothing": {"results": [{"skipped": True}], "directory": "new", "name": "nothing"},
    "skipped": {"results": [result(("service A", "skip"))]},
    "unwritable": {"results": [GOOD], "directory": "file/below"},
    "bad name": {"results": [GOOD], "directory": ".", "name": "../x"},
}
PATHS = {"before": "new/reports/before.json", "after": "new/reports/after.json"}
BACK = {"before": PATHS["after"], "after": PATHS["before"]}
COMPARISONS: dict[str, dict[str, Any]] = {
    "worse": {**PATHS, "directory": "new/reports", "language": "pt-BR"},
    "worse allowed": {**PATHS, "fail_on_regression": False},
    "better": BACK,
    "missing": {**PATHS, "before": "nowhere.json"},
    "no report": {**PATHS, "after": "file"},
    "bad factor": {**PATHS, "factor": 0.5},
}


@dataclass
class Run:
    results: dict[str, dict[str, Any]]
    output: str
    directory: Path


def run(directory: Path, *arguments: str) -> Run:
    (directory / "file").write_text("no JSON")
    tasks = [
        {
            "name": name,
            f"vya.observability.check_{kind}": f"{{{{ {kind}s['{name}'] }}}}",
            "register": "made",
            "ignore_errors": True,
        }
        for kind, cases in (("report", REPORTS), ("compare", COMPARISONS))
        for name in cases
    ]
    keeping = {
        "ansible.builtin.set_fact": {"made_all": "{{ made_all + [made] }}"},
    }
    writing = {
        "ansible.builtin.copy": {"content": "{{ made_all | to_json }}", "dest": "made"},
        "check_mode": False,
    }
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"reports": REPORTS, "compares": COMPARISONS, "made_all": []},
        "tasks": [*(step for task in tasks for step in (task, keeping)), writing],
    }
    # What was seen is data: Ansible must not read it as a template.
    book = yaml.safe_dump([play]).replace("seen of ", "!unsafe seen of ")
    (directory / "play.yml").write_text(book)
    done = processes.play(
        *("-i", "localhost,", "-c", "local", "play.yml", *arguments), seconds=120, cwd=directory
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((directory / "made").read_text())
    names = [*REPORTS, *COMPARISONS]
    return Run(dict(zip(names, results, strict=True)), done.stdout, directory)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("run"))


def test_all_files_are_written_below_the_current_directory(made: Run) -> None:
    before = made.results["before"]
    assert not before["failed"]
    assert before["changed"]
    reports = made.directory / "new" / "reports"
    assert before["files"] == {
        "json": str(reports / "before.json"),
        "junit": str(reports / "before.xml"),
        "markdown": str(reports / "before.md"),
        "html": str(reports / "before.html"),
    }
    report = json.loads((reports / "before.json").read_text())
    assert report["checks"] == before["checks"]
    dated = [each.pop("since", "") for each in report["checks"]]
    assert report["checks"] == GOOD["checks"]
    assert list(map(bool, dated)) == [each["status"] != "pass" for each in GOOD["checks"]]
    assert report["hops"] == [
        {"name": "gateway", "seconds": 0.25},
        {"name": "grafana", "seconds": None},
    ]
    assert report["plots"] == [PLOT]
    assert report["facts"] == {"Environment": "test", "Hosts": ["a", "b"]}
    assert (report["asked_from"], report["seconds"]) == ("wfdb01", 1.5)
    assert 'tests="2"' in (reports / "before.xml").read_text()
    for ending in ("md", "html"):
        text = (reports / f"before.{ending}").read_text()
        assert "Título" in text
        assert Language("pt-BR").text("verdict_warn", 1) in text
        assert "{{ 49 }}" in text


def test_some_formats_and_a_failure(made: Run) -> None:
    after = made.results["after"]
    assert after["failed"]
    assert (after["code"], after["values"]["checks"]) == (
        "checks_failed",
        ["service A", "result 2"],
    )
    assert after["counts"] == {"pass": 1, "warn": 0, "fail": 2, "skip": 0}
    assert set(after["files"]) == {"json", "markdown"}
    written = {path.name for path in (made.directory / "new" / "reports").glob("after*")}
    assert written == {"after.json", "after.md"}


def test_what_fails(made: Run) -> None:
    results = made.results
    assert not results["table"]["failed"]
    assert not results["table"]["changed"]
    assert results["table"]["files"] == {}
    assert results["strict"]["failed"]
    assert results["strict"]["values"]["checks"] == ["service B"]
    assert not results["lenient"]["failed"]
    assert results["nothing"]["failed"]
    assert (made.directory / "new" / "nothing.html").exists()
    assert {name: results[name]["code"] for name in ("nothing", "skipped")} == {
        "nothing": "report.no_checks",
        "skipped": "report.all_skipped",
    }
    assert results["unwritable"]["code"] == "report.unwritable"
    assert results["bad name"]["code"] == "report.name"
    assert not (made.directory.parent / "x.json").exists()


def test_compare(made: Run) -> None:
    worse = made.results["worse"]
    assert worse["failed"]
    assert worse["code"] == "report.newly_failing"
    assert [entry["id"] for entry in worse["newly_failing"]] == ["service A", "result 2"]
    assert [entry["id"] for entry in worse["gone"]] == ["service B"]
    assert [entry["id"] for entry in worse["new"]] == ["service C", "result 2"]
    assert worse["verdict"] == "fail"
    markdown = (made.directory / "new" / "reports" / "comparison.md").read_text()
    assert f"{TEXTS['pt-BR']['newly_failing']} (2)" in markdown
    assert not made.results["worse allowed"]["failed"]
    assert made.results["worse allowed"]["newly_failing"] == worse["newly_failing"]
    assert not made.results["worse allowed"]["changed"]
    assert not made.results["better"]["failed"]
    assert [entry["id"] for entry in made.results["better"]["repaired"]] == ["service A"]
    # Two checks of before are not made any more.
    assert made.results["better"]["verdict"] == "warn"
    english = TEXTS["en"]
    assert f"{english['newly_failing']} (2)" in made.output
    assert english["no_change"] not in made.output


def test_compare_refuses_what_is_no_report(made: Run) -> None:
    for name, code, option in (
        ("missing", "unreadable", "before"),
        ("no report", "no_json", "after"),
        ("bad factor", "too_small", "factor"),
    ):
        refused = made.results[name]
        assert (refused["code"], refused["values"]["option"]) == (f"report.{code}", option)


def test_check_mode_writes_nothing(tmp_path: Path, made: Run) -> None:
    checked = run(tmp_path, "--check")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "made", "play.yml"]
    for name in ("before", "after", "nothing"):
        assert checked.results[name]["changed"]
        assert set(checked.results[name]["files"]) == set(made.results[name]["files"])
        assert checked.results[name]["failed"] == made.results[name]["failed"]
    assert checked.results["strict"]["failed"]
