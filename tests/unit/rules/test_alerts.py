# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each alert's file is whole, and what is made from it is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._drill.scenarios import (
    read_scenarios,
)
from ansible_collections.vya.observability.plugins.plugin_utils._alerts.files import alerts

from ...generate import longest
from ...generate.alerts import DOCS, ROOT, files
from ..dashboards.grafana_rules import grafana_rules
from ..dashboards.promql import ask
from .rendered import Rendered
from .test_rules import check, known

EACH_ALERT = pytest.mark.parametrize("alert", alerts())
FILES = files()
KEYS = {
    *("group", "position", "severity", "for", "expr", "annotations"),
    *("waits", "drill", "query", *DOCS),
}
ALERTMANAGER = {
    "alertmanager_group_wait": "7s",
    "alertmanager_severities": {"critical": {"group_wait": "1m"}},
}


@EACH_ALERT
def test_a_file_has_all_keys_and_no_others(alert: str) -> None:
    found = alerts()[alert]
    assert KEYS <= set(found) <= KEYS | {"values", "when"}
    assert list(found["annotations"]) == ["summary", "description", "action"]
    for value in found.get("values", {}).values():
        assert value.keys() == {"default", "type", "description"}
        assert value["type"] in ("int", "float")
        assert re.fullmatch(r"[A-Z].+\.", value["description"])


@EACH_ALERT
def test_a_runbook_says_what_it_means_what_to_look_at_and_three_things_to_do(
    alert: str, rendered: dict[str, Rendered]
) -> None:
    for language in DOCS:
        texts = alerts()[alert][language]
        assert texts.keys() == {"meaning", "first"}
        assert re.fullmatch(r"[A-Z].+\.", texts["meaning"])
        assert len(texts["first"]) == 3
    check(ask(alerts()[alert]["query"]), known(rendered["whole"]))


@EACH_ALERT
def test_each_alert_has_a_drill_that_names_groups_of_its_own(alert: str) -> None:
    scenario = read_scenarios({alert: alerts()[alert]["drill"]})[alert]
    values = [*scenario.labels.values(), *(s.labels.get("instance") for s in scenario.series)]
    assert any(str(value).startswith("drill") for value in values)


@EACH_ALERT
def test_the_link_of_an_alert_leads_to_its_page(alert: str, rendered: dict[str, Rendered]) -> None:
    url = rendered["whole"].alerts[alert]["annotations"]["runbook_url"]
    homepage = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
    assert url.startswith(f"{homepage}/blob/main/")
    assert ROOT / url.removeprefix(f"{homepage}/blob/main/") in FILES


@pytest.mark.parametrize("language", DOCS)
def test_there_is_no_page_for_an_alert_that_is_no_more(language: str) -> None:
    pages = {file.stem for file in (DOCS[language] / "runbooks").glob("*.md")}
    # Those of Grafana's own rules are looked at in ../dashboards/test_grafana_rules.py.
    assert pages == set(alerts()) | set(grafana_rules())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_made_from_the_files_is_current(path: Path) -> None:
    # `make generate` writes them.
    assert path.read_text("utf-8") == FILES[path]


def test_the_longest_time_is_the_sum_of_all_waits() -> None:
    every = {"scrape": 10, "evaluation": 50, "push": 40, "probe": 90, "probe_timeout": 3}

    def total(**changes: str) -> float:
        alert = {**alerts()["DatabaseDown"], **changes}
        return sum(wait for _what, wait in longest.longest(alert, every, ALERTMANAGER))

    # `for`, two minutes, is over at the third evaluation.
    assert total() == 90 + 6 + 40 + 10 + 50 + 150 + 60
    assert total(severity="info", **{"for": "0m"}) == 90 + 6 + 40 + 10 + 50 + 0 + 7


def test_every_wait_has_a_word_in_portuguese() -> None:
    every = longest.intervals()
    used = {what for alert in alerts().values() for what, _wait in longest.causes(alert, every)}
    assert used | {"evaluation"} == set(longest.WORDS["pt-BR"])
