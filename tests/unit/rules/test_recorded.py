# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is recorded is read: by an alert, a dashboard, the report of a deploy, or a runbook."""

from __future__ import annotations

import yaml

from ...generate.alerts import DOCS
from ..dashboards.files import TEXTS
from ..dashboards.promql import RECORDED, ask
from .rendered import ROOT, Rendered


def test_each_recorded_series_has_a_reader(rendered: dict[str, Rendered]) -> None:
    rules = rendered["whole"].rules
    readers = [
        *TEXTS.values(),
        *(rule["expr"] for rule in rules),
        (ROOT / "roles/validate/vars/main.yml").read_text("utf-8"),
        *(page.read_text("utf-8") for page in (DOCS["en"] / "runbooks").glob("*.md")),
    ]
    names = {rule["record"] for rule in rules if "record" in rule}
    assert names
    assert [name for name in names if not any(name in text for text in readers)] == []


def test_dashboards_know_the_labels_of_each_recorded_series(rendered: dict[str, Rendered]) -> None:
    rules = [rule for rule in rendered["whole"].rules if "record" in rule]
    assert {
        rule["record"]: set(ask(rule["expr"]).grouped) - {"le", "drill"} for rule in rules
    } == RECORDED


def test_the_report_asks_for_the_same_where_nothing_is_recorded(
    rendered: dict[str, Rendered],
) -> None:
    recorded = {r["record"]: r["expr"] for r in rendered["whole"].rules if "record" in r}
    variables = yaml.safe_load((ROOT / "roles/validate/vars/main.yml").read_text("utf-8"))
    found = 0
    for plot in variables["validate_plots"]:
        with_rules, _or, without = plot["query"].partition(" or ")
        for name in (name for name in recorded if name in with_rules):
            assert "".join(without.split()) == "".join(recorded[name].split())
            found += 1
    assert found == 2
