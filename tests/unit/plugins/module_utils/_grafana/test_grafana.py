# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the Grafana modules that need no server."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._grafana.client import Grafana
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects import (
    mute_timings,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.dashboards import (
    normal,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.expression import (
    problems_of_expression,
    references,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.policy import (
    normal as normal_policy,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.rule import (
    normal as normal_rule,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.rule import (
    problem,
    problems_of,
    rules_of_ruler,
    series_problem,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.objects.templates import (
    normal as normal_template,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.options import seconds_of
from ansible_collections.vya.observability.plugins.module_utils._grafana.plan import (
    Change,
    Step,
    diff_of,
    differences,
    in_order,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.problems import (
    COMMON,
    Problem,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.provisioning import (
    provenance_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.queries.patterns import (
    fitting,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.queries.sources import (
    source_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.queries.variables import (
    Anything,
    filled,
    globals_of,
    valueless,
    values_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.secrets import (
    fingerprint,
    matches,
)
from ansible_collections.vya.observability.plugins.module_utils._http.session import Session

FIXTURES = Path(__file__).parents[4] / "fixtures" / "grafana"


def recorded(version: str, path: str, index: int = 0, method: str = "GET") -> Any:
    """The body of an answer of a real server."""
    pairs = json.loads((FIXTURES / f"grafana-{version}-recorded.json").read_text())
    found = [
        pair["response"]["body"]
        for pair in pairs
        if (pair["request"]["method"], pair["request"]["path"]) == (method, path)
    ]
    return found[index]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1m", 60),
        ("1m30s", 90),
        ("500ms", 0.5),
        ("2d", 172800),
        ("0", 0),
        ("", 0),
        (None, 0),
        (90, 90),
        ("soon", None),
        ("5", None),
        ("1m x", None),
        (True, None),
    ],
)
def test_durations(text: object, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_differences_have_paths_and_both_values() -> None:
    before = {"a": [{"b": 1}, {"c": 2}], "d": [1], "same": {"x": None}}
    after = {"a": [{"b": 1}, {"c": 3}], "d": [1, 2], "e": "new", "same": {"x": None}}
    assert differences(before, after) == [
        ("a[1].c", 2, 3),
        ("d", [1], [1, 2]),
        ("e", None, "new"),
    ]


def test_a_diff_shows_that_a_secret_changes_and_no_more() -> None:
    same = {"name": "x"}
    change = Change("datasources", "updated", "x", "X", same, same, ("password",))
    shown = diff_of(change)
    assert json.loads(shown["before"]) == {"secret password": "(hidden)"}
    assert json.loads(shown["after"]) == {"secret password": "(hidden, another value)"}


def step(name: str, takes: str = "", frees: str = "", kind: str = "b") -> Step:
    return Step(kind, name, lambda: None, (takes,) if takes else (), (frees,) if frees else ())


def test_who_takes_a_name_waits_for_who_frees_it() -> None:
    steps = [step("c", "y", "z"), step("b", "x", "y"), step("a", "w", "x"), step("d", "q")]
    steps += [Step("a", "last", print, last=True), step("first", kind="a")]
    ordered = [one.label for one in in_order(steps, ["a", "b"])]
    assert ordered == ["first", "a", "d", "b", "c", "last"]


def test_names_that_go_in_a_circle_are_found_before_writing() -> None:
    with pytest.raises(Failure) as found:
        in_order([step("a", "x", "y"), step("b", "y", "x")], ["b"])
    assert found.value.code == "grafana.names_exchanged"
    assert found.value.values == {"steps": ["a", "b"]}


def test_a_fingerprint_is_salted_and_is_of_all_secrets() -> None:
    secrets = {"password": "p", "token": "t"}
    first, second = fingerprint(secrets), fingerprint(secrets)
    assert first != second
    assert matches(secrets, first)
    assert matches({"token": "t", "password": "p"}, second)
    for other in ({"password": "p"}, {"password": "p", "token": "u"}, {}):
        assert not matches(other, first)
    for stored in (None, "", "scrypt:1", "scrypt:99:8:1:00:00", "md5:1:1:1:00:00", "a:b:c:d:e:f"):
        assert not matches(secrets, stored)
    assert "p" not in first.split(":")[4:]


@pytest.mark.parametrize("version", ["9.3.2", "9.4.0-pre"])
def test_rules_are_read_from_what_real_servers_answered(version: str) -> None:
    answer = recorded(version, "/api/ruler/grafana/api/v1/rules")
    rules = {rule["title"]: rule for rule in rules_of_ruler(answer)}
    assert set(rules) == {"N1", "A", "Free", "E"}
    free = rules["Free"]
    assert (free["uid"], free["folderUID"], free["ruleGroup"]) == ("r3", "f1", "g3")
    assert (free["provenance"], free["interval_seconds"]) == ("api", 60)
    single = recorded(version, "/api/v1/provisioning/alert-rules/r3", -1)
    assert normal_rule(single) == normal_rule(free)


def test_what_a_dashboard_is_does_not_depend_on_version_id_and_mark() -> None:
    answer = recorded("9.3.2", "/api/dashboards/uid/d1")
    folder = answer["meta"]["folderUid"]
    content = {**answer["dashboard"], "tags": [*answer["dashboard"]["tags"], "mark"]}
    before = normal(content, folder, "mark")
    sent = {k: v for k, v in content.items() if k not in ("id", "version")}
    assert normal({**sent, "tags": ["vya"], "version": 9}, "f1", "mark") == before
    assert normal({**sent, "title": "x"}, "f1", "mark") != before


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        ({"type": "math", "expression": "$A + ${B} * $A / 2"}, ["A", "B"]),
        ({"type": "reduce", "expression": "A"}, ["A"]),
        ({"type": "threshold", "expression": "$B"}, ["B"]),
        ({"type": "reduce"}, []),
        (
            {"type": "classic_conditions", "conditions": [{"query": {"params": ["A", "5m"]}}]},
            ["A"],
        ),
        ({"type": "sql", "expression": "SELECT * FROM A"}, []),
    ],
)
def test_references_of_expressions(model: dict[str, Any], needs: list[str]) -> None:
    assert references(model) == needs


INSTANT, LOKI_INSTANT = {"instant": True}, {"queryType": "instant"}
BY_UID = {"p": {"type": "prometheus"}, "l": {"type": "loki"}, "s": {"type": "postgres"}}


@pytest.mark.parametrize(
    ("source", "model", "between", "version", "wrong"),
    [
        ("p", INSTANT, None, (9, 3), False),
        ("p", {"range": True}, None, (9, 3), True),
        ("p", {}, None, (12, 0), True),
        ("p", {}, {"type": "reduce", "expression": "A"}, (9, 3), False),
        ("p", {}, {"type": "math", "expression": "$A * 2"}, (9, 3), True),
        ("p", INSTANT, {"type": "math", "expression": "$A * 2"}, (9, 3), False),
        ("p", INSTANT, {"type": "resample", "expression": "A"}, (9, 3), True),
        ("p", {}, {"type": "classic_conditions", "conditions": []}, (9, 3), False),
        ("p", {}, {"type": "math", "expression": "$B"}, (9, 3), False),  # a circle is told apart
        ("l", LOKI_INSTANT, None, (9, 3), True),
        ("l", LOKI_INSTANT, None, (11, 6), False),
        ("l", LOKI_INSTANT, None, (), False),
        ("l", {"queryType": "range"}, None, (11, 6), True),
        ("l", LOKI_INSTANT, {"type": "reduce", "expression": "A"}, (9, 3), False),
        ("s", {}, None, (9, 3), False),
        ("unknown", {}, None, (9, 3), False),
    ],
)
def test_a_condition_takes_no_time_series(
    source: str, model: Any, between: Any, version: tuple[int, ...], wrong: bool
) -> None:
    data = [{"refId": "A", "datasourceUid": source, "model": model}]
    if between:
        data.append({"refId": "B", "datasourceUid": "__expr__", "model": between})
    last = {"type": "threshold", "expression": data[-1]["refId"]}
    data.append({"refId": "C", "datasourceUid": "__expr__", "model": last})
    rule = {"title": "r", "condition": "C", "data": data}
    assert bool(series_problem(rule, BY_UID, version)) is wrong
    assert not series_problem({**rule, "record": {"metric": "m"}}, BY_UID, version)


THRESHOLD = {"type": "threshold", "expression": "A"}


def threshold(kind: str, *params: Any) -> dict[str, Any]:
    return {**THRESHOLD, "conditions": [{"evaluator": {"type": kind, "params": list(params)}}]}


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ({"expression": "A"}, "expression_no_type"),
        ({"type": "math", "expression": " "}, "math_empty"),
        ({"type": "math", "expression": "($A + 1"}, "math_brackets"),
        ({"type": "math", "expression": "$A) + (1"}, "math_brackets"),
        ({"type": "math", "expression": "$A + $"}, "math_dollar"),
        ({"type": "math", "expression": "$A +"}, "math_operator"),
        ({"type": "math", "expression": "* $A"}, "math_operator"),
        ({"type": "math", "expression": "$A $B"}, "math_values"),
        ({"type": "math", "expression": "2 ($A)"}, "math_values"),
        ({"type": "reduce", "expression": "A", "reducer": "avg"}, "expression_value"),
        ({"type": "reduce", "expression": "A"}, "expression_value"),
        (
            {"type": "reduce", "expression": "A", "reducer": "sum", "settings": {"mode": "x"}},
            "expression_value",
        ),
        ({"type": "resample", "expression": "A", "downsampler": "sum"}, "expression_no_window"),
        (THRESHOLD, "expression_no_conditions"),
        (threshold("above", 1), "expression_value"),
        (threshold("gt"), "expression_numbers"),
        (threshold("within_range", 1), "expression_numbers"),
        (threshold("lt", "1"), "expression_numbers"),
        (
            {
                "type": "classic_conditions",
                "conditions": [
                    {
                        "evaluator": {"type": "gt", "params": [1]},
                        "query": {"params": ["A"]},
                        "reducer": {"type": "mean"},
                    }
                ],
            },
            "expression_value",
        ),
    ],
)
def test_what_cannot_be_right_in_an_expression(model: dict[str, Any], code: str) -> None:
    assert problems_of_expression(model)[-1][0] == code


@pytest.mark.parametrize(
    "model",
    [
        *(
            {"type": "math", "expression": text}
            for text in (
                "$A",
                "-$A + ${B C} * (2 - 1.5e3)",
                "abs($A) > 1 && !is_nan($B) || ($A ** 2) % 3 <= 4",
                "round ( $A ) / -1",
                "!$A",
                "inf() * $A",
            )
        ),
        {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "dropNN"}},
        {
            "type": "resample",
            "expression": "$A",
            "downsampler": "mean",
            "upsampler": "fillna",
            "window": "1m",
        },
        threshold("gt", 0),
        threshold("outside_range", 1, 2.5),
        {"type": "sql", "expression": "SELECT"},
        {"type": "of a later version"},
    ],
)
def test_what_may_be_right_in_an_expression(model: dict[str, Any]) -> None:
    assert problems_of_expression(model) == []


def test_an_expression_that_needs_itself_is_a_circle() -> None:
    query = {"refId": "A", "datasourceUid": "-100", "model": {"type": "math", "expression": "$A"}}
    rule = {"uid": "r", "title": "R", "condition": "A", "data": [query]}
    assert problems_of(rule, set()) == [problem("rule_circle", "rule 'R'", circle="A needs A")]


def test_a_policy_is_the_same_whatever_form_its_matchers_have() -> None:
    forms = (
        {"object_matchers": [["a", "=", "1"], ["b", "!~", "x|y"]]},
        {"matchers": ['b!~"x|y"', "a=1"]},
        {"matchers": ["b !~ x|y"], "match": {"a": "1"}},
    )
    found = [
        normal_policy({"receiver": "r", "group_wait": w, **f}, [])
        for f in forms
        for w in ("60s", "1m")
    ]
    assert all(one == found[0] for one in found)
    assert found[0]["object_matchers"] == [["a", "=", "1"], ["b", "!~", "x|y"]]
    left_out = {"receiver": "r", "continue": False, "routes": [], "provenance": "api"}
    assert normal_policy(left_out, []) == {"receiver": "r"}
    problems: list[Problem] = []
    normal_policy({"matchers": ["nothing"], "group_wait": "soon"}, problems)
    assert [one.code for one in problems] == ["duration_invalid", "policy_matcher"]


@pytest.mark.parametrize(
    ("text", "matcher"),
    [
        (r'instance=~"till\.[a-z]+"', ["instance", "=~", r"till\.[a-z]+"]),
        (r'path="C:\temp"', ["path", "=", r"C:\temp"]),
        (r'a="x\"y\\z\n"', ["a", "=", 'x"y\\z\n']),
        ('"a b"="x"', ["a b", "=", "x"]),
        (r'"a\"b" != x y', ['a"b', "!=", "x y"]),
        ('a=""', ["a", "=", ""]),
        ('{a="x"}', ["a", "=", "x"]),
        ("{ a=x, }", ["a", "=", "x"]),
        ('a="x,y"', ["a", "=", "x,y"]),
        ("a=~x{1,3}", ["a", "=~", "x{1,3}"]),
    ],
)
def test_what_a_matcher_says(text: str, matcher: list[str]) -> None:
    problems: list[Problem] = []
    found = normal_policy({"receiver": "r", "matchers": [text]}, problems)
    assert (found["object_matchers"], problems) == ([matcher], [])


@pytest.mark.parametrize(
    "text", ['a="x", b!~"y,\\"z"', '{a="x",b!~"y,\\"z"}', '{ "a" = x , b !~ "y,\\"z", }']
)
def test_a_matcher_may_be_a_list_of_them(text: str) -> None:
    """As Alertmanager reads it, whose form this is."""
    found = normal_policy({"receiver": "r", "matchers": [text]}, [])
    assert found["object_matchers"] == [["a", "=", "x"], ["b", "!~", 'y,"z']]


def test_a_mute_timing_is_the_same_however_its_months_and_days_are_written() -> None:
    written = {"weekdays": ["Monday:Friday", "SUNDAY"], "months": ["January", "march:May", "2"]}
    kept = {"weekdays": ["monday:friday", "sunday"], "months": ["1", "3:5", "2"]}
    more = {"days_of_month": ["1:5", -1], "times": [{"start_time": "06:00", "end_time": "07:00"}]}
    more_kept = {**more, "days_of_month": ["1:5", "-1"]}
    one = mute_timings.normal({"name": "n", "time_intervals": [{**written, **more}]})
    assert one == {"name": "n", "time_intervals": [{**kept, **more_kept}]}
    assert mute_timings.normal(one) == one


def test_times_that_yaml_made_numbers_of_are_as_they_were_written() -> None:
    """To Ansible's YAML, 22:00 is 1320."""
    written = yaml.safe_load(
        "{times: [{start_time: 22:00, end_time: 24:00}], months: [1:3, 12], days_of_month: [1:31]}"
    )
    assert written["times"][0]["start_time"] == 1320
    (found,) = mute_timings.normal({"name": "n", "time_intervals": [written]})["time_intervals"]
    assert found["times"] == [{"start_time": "22:00", "end_time": "24:00"}]
    assert (found["months"], found["days_of_month"]) == (["1:3", "12"], ["1:31"])


def test_a_template_is_wrapped_as_the_server_wraps_it() -> None:
    path = "/api/v1/provisioning/templates/t2"
    answer = recorded("9.3.2", path, method="PUT")
    assert normal_template("t2", "no define here", "mark") == answer["template"]
    text = '{{ define "x" }}y{{ end }}'
    marked = "{{/* managed by mark */}}\n" + text
    assert normal_template("t1", marked, "mark") == text
    assert normal_template("t1", marked, "other") == marked


VARIABLES: list[tuple[dict[str, Any], Any]] = [
    ({"type": "query", "current": {"value": "a"}}, "a"),
    ({"type": "query", "current": {"value": ["a", "b"]}}, ["a", "b"]),
    ({"type": "query", "current": {"value": ["$__all"]}}, ".*"),
    ({"type": "query", "current": {"value": "$__all"}, "allValue": ".+"}, ".+"),
    ({"type": "query", "includeAll": True}, ".*"),
    ({"type": "query", "current": {}, "options": [{"value": "o"}]}, "o"),
    ({"type": "query", "options": [{"value": "o"}, {"value": "p", "selected": True}]}, "p"),
    ({"type": "query", "multi": True, "current": {"value": "a"}}, ["a"]),
    ({"type": "custom", "query": "a\\,b,c"}, "a,b"),
    ({"type": "query", "current": "a"}, None),
    ({"type": "adhoc"}, None),
    ({"type": "custom", "query": "one : 1, two : 2"}, "1"),
    ({"type": "custom", "query": "x,y", "current": {"value": "$__all"}}, ["x", "y"]),
    ({"type": "constant", "query": "c", "current": {"value": "old"}}, "c"),
    ({"type": "textbox", "query": "t"}, "t"),
    ({"type": "interval", "query": "1m,5m"}, "1m"),
    ({"type": "datasource", "query": "loki"}, "logs"),
    ({"type": "datasource", "query": "prometheus", "current": {"value": "Second"}}, "p2"),
    ({"type": "datasource", "query": "prometheus"}, "p1"),
    ({"type": "datasource", "query": "prometheus", "regex": "/^Sec(ond)?$/"}, "p2"),
    ({"type": "datasource", "query": "prometheus", "regex": "nowhere"}, ""),
    ({"type": "datasource", "query": "prometheus", "regex": "(?<="}, "p1"),
    ({"type": "datasource", "query": "postgres"}, "sql"),
    ({"type": "datasource", "query": "grafana"}, "grafana"),
    ({"type": "datasource", "query": "prometheus", "regex": "/^default$/"}, "p1"),
    ({"type": "datasource", "query": "prometheus", "regex": "/$none/"}, None),
    ({"type": "query", "current": {"value": "$__all"}, "allValue": "$__range_s.*"}, "600.*"),
]
SOURCES = {
    "p2": {"name": "Second", "type": "prometheus", "is_default": False},
    "p1": {"name": "First", "type": "prometheus", "is_default": True},
    "logs": {"name": "Logs", "type": "loki", "is_default": False},
    "sql": {"name": "SQL", "type": "grafana-postgresql-datasource", "is_default": False},
}


@pytest.mark.parametrize(("variable", "value"), VARIABLES)
def test_values_of_variables(variable: dict[str, Any], value: Any) -> None:
    content = {"templating": {"list": [{"name": "v", **variable}]}}
    assert values_of(content, SOURCES).get("v") == value


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ({"auto_min": "10s", "current": {"value": "$__auto_interval_v"}}, "20s"),
        ({"auto_min": "10s", "current": {"value": "$__auto"}}, "20s"),
        ({"auto_min": "1m", "auto_count": 60, "current": {"value": "$__auto_interval_v"}}, "60s"),
        ({"current": {"value": "5m"}}, "5m"),
        ({"query": "30s,1m"}, "30s"),
    ],
)
def test_an_automatic_interval(variable: dict[str, Any], value: str) -> None:
    """By Grafana: the window by `auto_count` (30), at least `auto_min` (10 s)."""
    content = {"templating": {"list": [{"name": "v", "type": "interval", **variable}]}}
    assert values_of(content, SOURCES, 600)["v"] == value


def test_a_variable_stands_for_others() -> None:
    listed = [
        {"name": "a", "type": "constant", "query": "x"},
        {"name": "b", "type": "textbox", "query": "${a}-y"},
        {"name": "c", "type": "custom", "query": "$b-$none", "current": {"value": "$b-$none"}},
    ]
    assert values_of({"templating": {"list": listed}}, {})["c"] == "x-y-$none"


@pytest.mark.parametrize(
    ("offered", "value"),
    [(["a", "b"], "a"), (["a", "held"], "held"), ([], "held"), (None, "held")],
)
def test_a_value_that_is_not_offered_any_more(offered: list[str] | None, value: str) -> None:
    variable = {"name": "v", "type": "query", "current": {"value": "held"}}
    content = {"templating": {"list": [variable]}}
    assert values_of(content, {}, 600, lambda *_: offered)["v"] == value


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ('up{a="$none"}', "prometheus", ["none"]),
        ('up{a=~"x.*$any"}', "prometheus", []),
        ('up{a=~"$any", b="$any"}', "prometheus", ["any"]),
        ('up{a!~"$any"}', "prometheus", ["any"]),
        ('label_replace(up{a=~"$any"}, "b", "$any", "a", "$1")', "prometheus", ["any"]),
        ('{a=~"$any"}', "loki", []),
        ("SELECT 1 WHERE a IN ($any)", "mysql", ["any"]),
        ("rate(x[$__rate_interval])", "prometheus", []),
        ('up{a="$there"}', "prometheus", []),
        ('up{a="${__user.login}"}', "prometheus", ["__user"]),
        ("SELECT 1 WHERE org = $__org", "mysql", ["__org"]),
    ],
)
def test_what_has_no_value_where_it_stands(text: str, kind: str, left: list[str]) -> None:
    listed = [
        {"name": "none", "type": "query"},
        {"name": "any", "type": "query", "includeAll": True},
        {"name": "there", "type": "custom", "query": "x"},
    ]
    values = values_of({"templating": {"list": listed}}, {})
    names = {"none", "any", "there"}
    assert valueless({"expr": text, "refId": "A"}, values, kind, names) == left


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("$many", "mysql", "'a','b.c'"),
        ("$many", "grafana-postgresql-datasource", "'a','b.c'"),
        ('x=~"$many"', "prometheus", 'x=~"(a|b\\\\.c)"'),
        ('x=~"$any"', "loki", 'x=~".+"'),
        ("${many:json} ${many:singlequote} ${many:glob}", "", "[\"a\", \"b.c\"] 'a','b.c' {a,b.c}"),
        ("${many:doublequote} ${many:sqlstring}", "", "\"a\",\"b.c\" 'a','b.c'"),
        ("${many:regex} ${many:text}", "", "(a|b\\.c) a + b.c"),
        ("${many:lucene} ${one:lucene}", "", '("a" OR "b.c") 1'),
        ("${many:percentencode}", "", "%7Ba%2Cb.c%7D"),
        ("${__from} ${__from:date:seconds}", "", "1700000000000 1700000000"),
        ("${__from:date} ${__from:date:iso}", "", "2023-11-14T22:13:20.000Z " * 2),
        ("${__from:date:YYYY-MM-DD HH}", "", "2023-11-14 22"),
    ],
)
def test_values_in_the_forms_of_a_source(text: str, kind: str, result: str) -> None:
    values = {"many": ["a", "b.c"], "one": "1", "any": Anything(".*"), "__from": "1700000000000"}
    assert filled(text, values, kind) == result.strip()


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["a-1", "b-2"]),
        ("/^b/", ["b-2"]),
        ("/(?<text>.)-(?<value>.)/", ["1", "2"]),
        ("/B-(.)/i", ["2"]),
        ("a.*", ["a-1"]),
    ],
)
def test_what_a_variable_takes_of_its_values(pattern: str, found: list[str]) -> None:
    assert fitting(["a-1", "b-2"], pattern) == found


@pytest.mark.parametrize(
    ("reference", "uid"),
    [
        ({"type": "prometheus"}, "p1"),
        ({"type": "prometheus", "uid": ""}, "p1"),
        ({"uid": "Second"}, "p2"),
        ({"type": "postgres"}, "sql"),
        ("First", "p1"),
        (None, ""),
        ("other", "other"),
    ],
)
def test_which_source_a_reference_means(reference: Any, uid: str) -> None:
    assert source_of(reference, SOURCES) == uid


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('up{job=~"$job"}', 'up{job=~"(a|b)"}'),
        ('up{job=~"${job:regex}", x="[[one]]"}', 'up{job=~"(a|b)", x="1"}'),
        ("${job:csv} ${job:pipe}", "a,b a|b"),
        ("$jobs ${unknown} $one", "$jobs ${unknown} 1"),
        ("rate(x[$__rate_interval])", "rate(x[60s])"),
        ("x[$__range] $__range_s $__interval", "x[600s] 600 15s"),
    ],
)
def test_variables_are_filled_in(text: str, result: str) -> None:
    values = {**globals_of(600, 15), "job": ["a", "b"], "one": "1"}
    assert filled({"expr": [text], "n": 1}, values) == {"expr": [result], "n": 1}


@pytest.mark.parametrize(
    ("version", "option", "held", "differs", "result"),
    [
        ((11, 6), "keep", None, True, "api"),
        ((11, 6), "keep", "", True, ""),
        ((11, 6), "none", "", True, ""),
        ((11, 6), "none", "api", False, ""),
        ((11, 6), "api", "", False, "api"),
        ((11, 6), "api", "file", True, "file"),
        # Before 10 only a rule on its own can do without.
        ((9, 3), "none", None, True, "api"),
        ((9, 3), "none", "api", False, "api"),
        ((9, 3), "keep", "", True, "api"),
        ((9, 3), "keep", "", False, ""),
    ],
)
def test_provenance(
    version: tuple[int, int], option: str, held: str | None, differs: bool, result: str
) -> None:
    grafana = Grafana(Session(), "http://127.0.0.1:9")
    grafana.version = version
    assert provenance_of(grafana, option, held, differs) == result


def test_an_old_server_is_told_from_a_recorded_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    grafana = Grafana(Session(), "http://127.0.0.1:9")
    answers = {"/api/health": {"commit": "NA", "database": "ok", "version": "7.5.5"}}
    monkeypatch.setattr(grafana, "get", lambda path, _shape: answers[path])
    with pytest.raises(Failure) as found:
        grafana.learn_version()
    assert found.value.code == "grafana.version_too_old"
    assert found.value.values == {"version": "7.5.5", "oldest": "9.3"}
    # Where the version is hidden from those who are not logged in.
    answers["/api/health"] = {"database": "ok"}
    answers["/api/frontend/settings"] = {"buildInfo": {"version": "12.3.0-88"}}
    grafana.learn_version()
    assert grafana.version == (12, 3)


ROOM = Path(__file__).parents[5] / "plugins/module_utils/_grafana"
FILES = sorted(path for path in ROOM.rglob("*.py") if path.name != "problems.py")


def codes_in(source: str) -> set[str]:
    return set(re.findall(r'"([a-z_]+)"', source))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_sentence_is_said_in_its_file(path: Path) -> None:
    """A code that is used has a sentence, and a file's own sentences are used there."""
    name = ".".join(path.relative_to(ROOM).with_suffix("").parts)
    file = importlib.import_module(f"{Problem.__module__.rpartition('.')[0]}.{name}")
    source = path.read_text("utf-8")
    own = getattr(getattr(file, "problem", None), "own", {})
    if path.name == "rule.py":  # says what expression.py finds
        source += (path.parent / "expression.py").read_text("utf-8")
    assert not own.keys() & COMMON.keys()
    assert own.keys() <= codes_in(source.partition("\n)\n")[2])
    assert set(re.findall(r'problem\(\s*"([a-z_]+)"', source)) <= {*own, *COMMON}


def test_every_common_sentence_is_said() -> None:
    said = {code for path in FILES for code in codes_in(path.read_text("utf-8"))}
    assert COMMON.keys() - said == {"given_twice"}
