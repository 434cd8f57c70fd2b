# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks say in the language of the report."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._texts.pt_br.catalogue import TEXTS
from ansible_collections.vya.observability.plugins.module_utils._texts.text import FIELDS, say, text
from ansible_collections.vya.observability.plugins.plugin_utils._report.language import (
    LANGUAGES,
    NAMES,
    Language,
)
from ansible_collections.vya.observability.plugins.plugin_utils._report.translate import (
    CATALOGUES,
    report_in,
    texts_of,
)

from .test_document import ROOT, check, report

ENGLISH, PORTUGUESE = Language("en"), Language("pt-BR")


def slow() -> dict[str, Any]:
    return Ask("rtt", "wf001", limit=1.0).warn("slow", p50=0.5, p95=1.5).as_data()


def test_every_language_but_english_has_a_catalogue_and_names() -> None:
    assert set(CATALOGUES) == set(NAMES) == set(LANGUAGES) - {"en"}


def test_a_check_with_a_code_is_said_in_the_language() -> None:
    found = texts_of(slow(), PORTUGUESE)
    assert found["cause"] == TEXTS["rtt.slow"]["cause"]  # type: ignore[index]
    assert "1500,0 ms" in found["seen"]
    assert texts_of(slow(), ENGLISH) == {key: slow()[key] for key in FIELDS}


def test_a_text_in_the_values_is_said_in_the_language_too() -> None:
    name = text("data_source.its_address")
    made = Ask("data_source", "x", type="loki", address=name).fail("down", answer="502").as_data()
    said = texts_of(made, PORTUGUESE)["expected"]
    assert say(name.code, {}, catalogue=TEXTS) in said
    assert str(name) not in said


@pytest.mark.parametrize(
    "code",
    [
        {},
        {"code": "mine", "name": "rtt", "values": {}},
        {"code": "rtt.slow"},
        {"code": "rtt.slow", "name": "mine", "values": {}},
    ],
)
def test_a_check_whose_code_nobody_knows_stays_as_it_is(code: dict[str, Any]) -> None:
    own = check("a", "fail", **code)
    assert texts_of(own, PORTUGUESE) == {key: f"{key} of a" for key in FIELDS}


def test_a_report_keeps_its_ids() -> None:
    plots = [{"name": "push age"}, {"name": "mine"}]
    made = report(slow(), plots=plots, facts={"limit": "wf001", "mine": "x"})
    there = report_in(made, PORTUGUESE)
    assert [c["id"] for c in there["checks"]] == ["rtt wf001"]
    assert there["checks"][0]["cause"] != made["checks"][0]["cause"]
    assert there["counts"] == made["counts"]
    assert [plot["name"] for plot in there["plots"]] == ["idade do envio", "mine"]
    assert there["facts"] == {"limite": "wf001", "mine": "x"}
    assert report_in(made, ENGLISH) == made


@pytest.mark.parametrize("code", NAMES)
def test_names_are_those_that_the_role_gives(code: str) -> None:
    role = ROOT / "roles/validate"
    text = "".join((role / f"{part}/main.yml").read_text() for part in ("vars", "defaults"))
    plots = yaml.safe_load((role / "vars/main.yml").read_text())["validate_plots"]
    assert {plot["name"] for plot in plots} <= set(NAMES[code])
    assert [name for name in NAMES[code] if name not in text] == []
