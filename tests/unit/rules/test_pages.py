# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each alert has a runbook in both languages, where its link leads; the tables are current."""

from __future__ import annotations

import re

import pytest
import yaml

from ..dashboards.grafana_rules import grafana_rules
from ..dashboards.promql import ask
from . import longest
from .page import DOCS, PAGES, defaults, meaning, page
from .rendered import ROLE, ROOT, Rendered
from .test_rules import check, known

EACH_ALERT = pytest.mark.parametrize("alert", defaults())
EACH_LANGUAGE = pytest.mark.parametrize("language", DOCS)
TITLES = {"en": ("Look at", "First"), "pt-BR": ("O que olhar", "Primeiro")}


def query(language: str, alert: str) -> str:
    text = (DOCS[language] / f"runbooks/{alert}.md").read_text("utf-8")
    (found,) = re.findall(r"```promql\n(.*?)\n```", text, re.DOTALL)
    return found


@EACH_LANGUAGE
@EACH_ALERT
def test_a_runbook_says_what_it_means_what_to_look_at_and_three_things_to_do(
    alert: str, language: str, rendered: dict[str, Rendered]
) -> None:
    lines = (DOCS[language] / f"runbooks/{alert}.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {alert}"
    assert re.fullmatch(r"[A-Z].+\.", lines[2])
    assert tuple(line[3:] for line in lines if line.startswith("## ")) == TITLES[language]
    assert [line[:3] for line in lines if re.match(r"\d", line)] == ["1. ", "2. ", "3. "]
    check(ask(query(language, alert)), known(rendered["whole"]))


@EACH_ALERT
def test_both_languages_show_the_same_query(alert: str) -> None:
    assert query("en", alert) == query("pt-BR", alert)


@EACH_ALERT
def test_the_link_of_an_alert_leads_to_its_page(alert: str, rendered: dict[str, Rendered]) -> None:
    url = rendered["whole"].alerts[alert]["annotations"]["runbook_url"]
    homepage = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
    assert url.startswith(f"{homepage}/blob/main/")
    assert (ROOT / url.removeprefix(f"{homepage}/blob/main/")).is_file()


@EACH_LANGUAGE
def test_there_is_no_page_for_an_alert_that_is_no_more(language: str) -> None:
    pages = {file.stem for file in (DOCS[language] / "runbooks").glob("*.md")}
    # Those of Grafana's own rules are looked at in ../dashboards/test_grafana_rules.py.
    assert pages == set(defaults()) | set(grafana_rules())


@EACH_ALERT
def test_the_specification_says_the_same_as_the_runbook(alert: str) -> None:
    specs = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
    options = specs["main"]["options"]["prometheus_alerts"]["options"]
    assert options[alert]["description"] == meaning("en", alert)


@EACH_LANGUAGE
@pytest.mark.parametrize("name", PAGES)
def test_the_tables_are_current(language: str, name: str, rendered: dict[str, Rendered]) -> None:
    # page.py says how to write them anew.
    written = (DOCS[language] / name).read_text("utf-8")
    assert written == page(language, name, rendered["whole"])


def test_each_alert_has_a_longest_time_to_its_message() -> None:
    assert list(longest.causes(longest.defaults(), defaults())) == list(defaults())


def test_the_longest_time_is_the_sum_of_all_waits() -> None:
    every = longest.Intervals(
        scrape=10,
        evaluation=50,
        push=40,
        probe=90,
        probe_timeout=3,
        victoria=10,
        victoria_timeout=10,
        group_wait=7,
        severities={"critical": {"group_wait": "1m"}},
    )
    found = longest.longest(
        every, {**defaults(), "DatabaseSlow": {"severity": "info", "for": "0m"}}
    )
    # `for`, two minutes, is over at the third evaluation.
    assert sum(wait for _what, wait in found["DatabaseDown"]) == 90 + 6 + 40 + 10 + 50 + 150 + 60
    assert sum(wait for _what, wait in found["DatabaseSlow"]) == 90 + 6 + 40 + 10 + 50 + 0 + 7


def test_every_wait_has_a_word_in_portuguese() -> None:
    waits = longest.causes(longest.defaults(), defaults()).values()
    used = {what for each in waits for what, _wait in each} | {"evaluation"}
    assert used == set(longest.WORDS["pt-BR"])
