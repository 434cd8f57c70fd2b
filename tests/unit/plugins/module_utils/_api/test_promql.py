# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names in an expression: what a real PromQL parser finds in it."""

from __future__ import annotations

import promql_parser
import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.promql import metric_names

from ....dashboards.files import NAMES, queries, render

EXPRESSIONS = [
    "up",
    "vector(1)",
    'up{job="a{b}", instance!~"up|down"} == 0',
    "sum(up) by (job)",
    "sum by (job, instance) (rate(a_total[5m])) / on (job) group_left (version) build_info",
    "SUM BY (job) (a) OR max WITHOUT (b) (c) unless ON () d",
    "a offset 5m and rate(b[1h30m:1m] @ end())",
    "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) > 0x1F",
    "quantile_over_time(.5, a[1h]) >= 1e6 and b < 1e-5 and c > -Inf and d != NaN",
    'absent(a{b="c"}) or count_values by (x) ("start", e and on (x) f) > bool 1',
    "job:a:rate5m * ignoring(x) group_right job:b:sum",
    "# a comment about nothing\nup # and another\n+ down",
    'label_replace(a, "dst", "$1", "src", \'(.*)_total\')',
    '{__name__="only_here", job=~"x"}',
    "topk(3, a) + time() - start_of",
    "-a ^ b % c atan2 d",
    "sum(a) without (b)",
]


def parsed(expression: str) -> set[str]:
    found: set[str] = set()

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            named = [each.value for each in node.matchers.matchers if each.name == "__name__"]
            found.update([node.name] if node.name else named)

    promql_parser.walk(promql_parser.parse(expression), pre_visit=visit)
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_it_finds_what_a_parser_finds(expression: str) -> None:
    assert metric_names(expression) == parsed(expression)


def test_it_finds_what_a_parser_finds_in_every_query_of_the_dashboards() -> None:
    filled = [query.filled for name in NAMES for query in queries(render(name))]
    assert len(filled) > 100
    for expression in filled:
        assert metric_names(expression) == parsed(expression), expression


def test_names_in_quotes_are_of_prometheus_3() -> None:
    assert metric_names('{"my.metric", job="a"} + {job="b", "other.metric"}') == {
        "my.metric",
        "other.metric",
    }


def test_a_pattern_is_no_name() -> None:
    assert metric_names('{__name__=~"a|b", job="c"}') == set()


def test_modifiers_of_ranges_are_no_names() -> None:
    """Behind a feature since Prometheus 3.7."""
    assert metric_names("rate(a[5m] anchored) + increase(b[5m] smoothed) + smoothed") == {
        *("a", "b", "smoothed"),
    }
