# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grafana's own alert rules: each has a page in both languages, and asks for what is exported."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.rule import (
    series_problem,
)

from .files import ROLE
from .grafana_rules import grafana_rules
from .promql import KNOWN, ask

ROOT = ROLE.parents[1]
DOCS = {"en": ROOT / "docs", "pt-BR": ROOT / "docs/pt-BR"}
TITLES = {"en": ("Look at", "First"), "pt-BR": ("O que olhar", "Primeiro")}
RULES = grafana_rules()
# What Prometheus exports about itself, which no dashboard shows.
OTHERS = {"prometheus_notifications_errors_total", "prometheus_notifications_dropped_total"}
EACH_RULE = pytest.mark.parametrize("name", RULES)


def text(language: str, name: str) -> str:
    return (DOCS[language] / f"runbooks/{name}.md").read_text("utf-8")


def expression(rule: dict[str, Any]) -> str:
    found: str = rule["data"][0]["model"]["expr"]
    return found


def test_the_rules_are_of_the_data_sources_that_there_are() -> None:
    assert list(RULES) == [
        "PrometheusStale",
        "VictoriaMetricsStale",
        "LokiStale",
        "AlertmanagerDown",
    ]
    alone = dict.fromkeys(
        ("grafana_victoriametrics_url", "grafana_loki_url", "grafana_alertmanager_url"), ""
    )
    assert list(grafana_rules(**alone)) == ["PrometheusStale"]
    assert grafana_rules(grafana_alerting=False) == {}


@EACH_RULE
@pytest.mark.parametrize("language", DOCS)
def test_a_runbook_says_what_it_means_what_to_look_at_and_three_things_to_do(
    name: str, language: str
) -> None:
    lines = text(language, name).splitlines()
    assert lines[0] == f"# {name}"
    assert re.fullmatch(r"[A-Z].+\.", lines[2])
    assert tuple(line[3:] for line in lines if line.startswith("## ")) == TITLES[language]
    assert [line[:3] for line in lines if re.match(r"\d", line)] == ["1. ", "2. ", "3. "]
    (query,) = re.findall(r"```(?:promql|logql)\n(.*?)\n```", text(language, name), re.DOTALL)
    assert query == expression(RULES[name])


@EACH_RULE
def test_a_rule_says_all_that_it_has_to_say_and_leads_to_its_page(name: str) -> None:
    rule = RULES[name]
    assert rule["annotations"].keys() == {"summary", "description", "action", "runbook_url"}
    homepage = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
    assert rule["annotations"]["runbook_url"] == f"{homepage}/blob/main/docs/runbooks/{name}.md"
    assert rule["labels"] == {"severity": "critical", "page": name}


@EACH_RULE
def test_its_condition_gets_numbers(name: str) -> None:
    types = {query["datasourceUid"]: {"type": "prometheus"} for query in RULES[name]["data"]}
    types["vya-loki"] = {"type": "loki"}
    assert series_problem(RULES[name], types, (9, 3)) == []


@EACH_RULE
def test_it_asks_for_what_is_exported(name: str) -> None:
    if name == "LokiStale":
        pytest.skip("LogQL is parsed by tests/integration/grafana/test_role_loki.py")
    asked = {selector.name for selector in ask(expression(RULES[name])).selectors}
    assert asked <= {*KNOWN, *OTHERS}
