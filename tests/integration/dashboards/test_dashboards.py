# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every query of every dashboard and of the report's plots returns data from real servers.

Those of log lines: tests/integration/grafana/test_role_loki.py."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml

from ...unit.dashboards.files import NAMES, Query, queries, render
from ..conftest import PROJECT
from .conftest import Stores

PLOTS = yaml.safe_load((PROJECT / "roles/validate/vars/main.yml").read_text())["validate_plots"]

QUERIES = [q for name in NAMES for q in queries(render(name)) if q.kind == "prometheus"]
VARIABLES = sorted(
    {
        (variable["datasource"]["uid"], variable["query"])
        for name in NAMES
        for variable in render(name)["templating"]["list"]
        if variable["datasource"]["type"] == "prometheus"
    }
)


def _numbers(series: dict[str, Any]) -> list[float]:
    pairs = series.get("values") or [series["value"]]
    return [float(text) for _time, text in pairs if not math.isnan(float(text))]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_it_returns_data(query: Query, stores: Stores) -> None:
    found = stores.ask(query.datasource, query.filled, query.instant)
    assert any(_numbers(series) for series in found), query.filled


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_filter_that_matches_nothing_is_no_error(query: Query, stores: Stores) -> None:
    nobody = tuple((name, "nobody") for name, _value in query.values)
    other = Query(**{**query.__dict__, "values": nobody})
    stores.ask(query.datasource, other.filled, query.instant)


@pytest.mark.parametrize(("uid", "query"), VARIABLES)
def test_each_variable_has_values(uid: str, query: str, stores: Stores) -> None:
    selector, _comma, label = query.removeprefix("label_values(").removesuffix(")").rpartition(", ")
    for name in ("job", "instance", "source", "db_type", "workflow"):
        selector = selector.replace(f'"${name}"', '".*"')
    found = stores.ask(uid, f"count by ({label}) ({selector})", True)
    assert [series["metric"][label] for series in found]


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot["name"])
def test_a_plot_of_the_report(plot: dict[str, str], stores: Stores) -> None:
    """One line for each thing, whether or not the rules are loaded, or only since an hour."""
    lines = {}
    for uid in ("vya-prometheus", "recording"):
        found = stores.ask(uid, plot["query"], False)
        assert all(_numbers(series) for series in found)
        lines[uid] = sorted(sorted(series["metric"].items()) for series in found)
    assert lines["vya-prometheus"]
    assert lines["recording"] == lines["vya-prometheus"]
    assert "__name__" not in str(lines)
