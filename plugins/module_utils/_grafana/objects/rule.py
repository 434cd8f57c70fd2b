# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One alert rule: its normal form, and what is wrong with it.

The server accepts rules whose condition refers to nothing, whose expressions form a circle, or
whose folder and data sources do not exist. All of that is found here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..options import seconds_of, uid_problem
from ..problems import NOWHERE, Problem, Sentences
from ..versions import LOKI_NUMBERS
from .expression import SENTENCES, circle_in, problems_of_expression, references

problem = Sentences(
    **SENTENCES,
    rule_long_title="the title is longer than {most} characters",
    rule_state="{field} is {value!r}, not one of {known}",
    rule_no_data="data is not a list of queries and expressions",
    rule_ref_twice="refId {ref} is given twice",
    rule_condition="its condition {condition!r} is not one of its refIds: {refs}",
    rule_no_model="query {ref} has no model",
    rule_query_type="query {ref} has queryType {type!r}, which is not a string",
    rule_range="query {ref}: relativeTimeRange from {start!r} to {end!r}: from must be larger "
    "(further back) than to",
    rule_source_unknown=f"data source {{source!r}} of query {{ref}} is {NOWHERE}",
    rule_reference="expression {ref} refers to {other!r}, which the rule does not have",
    rule_circle="its expressions refer to each other in a circle: {circle}",
    rule_series="its condition {condition!r} gets time series but needs numbers; put a reduce "
    "in between, or make the query instant",
)

Rule = Mapping[str, Any]  # in the form of the provisioning API
MARK_KEY = "__managed_by__"  # annotations of this form are not sent with notifications
EXPRESSIONS = ("-100", "__expr__")
NO_DATA = ("NoData", "Alerting", "OK", "KeepLast")
EXEC_ERR = ("Error", "Alerting", "OK", "KeepLast")
# Names of the fields in the ruler API, by their names in the provisioning API.
RULER_NAMES = {
    "uid": "uid",
    "title": "title",
    "condition": "condition",
    "data": "data",
    "noDataState": "no_data_state",
    "execErrState": "exec_err_state",
    "isPaused": "is_paused",
    "record": "record",
    "notification_settings": "notification_settings",
    "missingSeriesEvalsToResolve": "missing_series_evals_to_resolve",
    "folderUID": "namespace_uid",
    "ruleGroup": "rule_group",
    "provenance": "provenance",
}
# Fields set by the server, and fields of the rule's group, which is compared separately.
NOT_COMPARED = frozenset(
    {"id", "orgID", "updated", "provenance", "folderUID", "ruleGroup", "interval_seconds"}
)
LONGEST_TITLE = 190
DEFAULT_MODEL = {"intervalMs": 1000, "maxDataPoints": 43200}


def rules_of_ruler(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield all rules of the ruler's answer, in the provisioning form, with `interval_seconds`."""
    for groups in answer.values():
        for group in groups:
            for item in group.get("rules") or []:
                alert = item.get("grafana_alert")
                if not alert:
                    continue
                rule = {key: alert[n] for key, n in RULER_NAMES.items() if alert.get(n) is not None}
                rule.setdefault("ruleGroup", group.get("name"))
                rule.setdefault("provenance", "")
                rule["for"] = item.get("for") or "0s"
                if item.get("keep_firing_for"):
                    rule["keep_firing_for"] = item["keep_firing_for"]
                rule["labels"] = item.get("labels") or {}
                rule["annotations"] = item.get("annotations") or {}
                rule["interval_seconds"] = int(
                    alert.get("intervalSeconds") or seconds_of(group.get("interval")) or 0
                )
                yield rule


def _query_type(query: Mapping[str, Any]) -> Any:
    """Return the query as the server reads it: the model takes precedence."""
    return (query.get("model") or {}).get("queryType", query.get("queryType") or "")


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    model = dict(query.get("model") or {})
    model.pop("refId", None)
    for key, value in DEFAULT_MODEL.items():
        number = model.get(key)
        # The server replaces values that are not numbers, or 0, with its own.
        if not isinstance(number, (int, float)) or isinstance(number, bool):
            number = 0
        if number in (0, value):
            model.pop(key, None)
    times = query.get("relativeTimeRange") or {}
    return {
        "refId": query.get("refId"),
        "queryType": _query_type(query),
        "relativeTimeRange": {"from": times.get("from", 0), "to": times.get("to", 0)},
        "datasourceUid": query.get("datasourceUid"),
        "model": model,
    }


def normal(rule: Rule) -> dict[str, Any]:
    """Return a rule in normal form: with the server's defaults, without counters and mark."""
    found = {
        "noDataState": "NoData",
        "execErrState": "Error",
        "isPaused": False,
        **{k: v for k, v in rule.items() if k not in NOT_COMPARED and v not in (None, {}, "")},
    }
    found["for"] = seconds_of(rule.get("for"))
    if "keep_firing_for" in found and not seconds_of(found["keep_firing_for"]):
        del found["keep_firing_for"]
    found["labels"] = {k: str(v) for k, v in (rule.get("labels") or {}).items()}
    notes = rule.get("annotations") or {}
    found["annotations"] = {k: str(v) for k, v in notes.items() if k != MARK_KEY}
    found["data"] = [_query(query) for query in rule.get("data") or []]
    return found


def payload(rule: Rule, folder: str, group: str, mark: str = "") -> dict[str, Any]:
    """Return the payload of a rule.

    Args:
        folder: Uid of its folder.
        group: Title of its group.
        mark: Empty to keep the rule's current mark.
    """
    kept = {k: v for k, v in rule.items() if k not in NOT_COMPARED}
    notes = {k: str(v) for k, v in (rule.get("annotations") or {}).items()}
    return {
        "noDataState": "NoData",
        "execErrState": "Error",
        **kept,
        "for": rule.get("for") or "0s",
        "labels": {k: str(v) for k, v in (rule.get("labels") or {}).items()},
        "annotations": {**notes, MARK_KEY: mark} if mark else notes,
        "folderUID": folder,
        "ruleGroup": group,
    }


def ruler_form(rule: Rule) -> dict[str, Any]:
    """Convert a payload to the API of Grafana's user interface (ruler)."""
    outside = ("for", "labels", "annotations", "keep_firing_for")
    named = {n: rule[key] for key, n in RULER_NAMES.items() if key in rule}
    for name in ("namespace_uid", "rule_group", "provenance"):
        named.pop(name, None)
    return {**{key: rule[key] for key in outside if key in rule}, "grafana_alert": named}


def problems_of(rule: Rule, sources: Collection[str]) -> list[Problem]:
    """Return what is wrong with a rule.

    Args:
        sources: Uids of the data sources after this run.
    """
    name = rule.get("title")
    what = f"rule {name or rule.get('uid')!r}"
    problems = uid_problem(what, rule.get("uid"))
    if not isinstance(name, str) or not name.strip():
        problems.append(problem("title_empty", what))
    elif len(name) > LONGEST_TITLE:
        problems.append(problem("rule_long_title", what, most=LONGEST_TITLE))
    if seconds_of(rule.get("for")) is None:
        problems.append(problem("duration_invalid", what, field="for", value=rule.get("for")))
    for key, known in (("noDataState", NO_DATA), ("execErrState", EXEC_ERR)):
        if rule.get(key, known[0]) not in known:
            problems.append(problem("rule_state", what, field=key, value=rule[key], known=known))
    data = rule.get("data")
    if not isinstance(data, list) or not all(isinstance(q, dict) for q in data) or not data:
        return [*problems, problem("rule_no_data", what)]
    refs = [str(query.get("refId")) for query in data]
    doubled = sorted({ref for ref in refs if refs.count(ref) > 1})
    problems += [problem("rule_ref_twice", what, ref=ref) for ref in doubled]
    condition = rule.get("condition")
    if not (rule.get("record") or condition in refs):
        problems.append(problem("rule_condition", what, condition=condition, refs=refs))
    needs: dict[str, list[str]] = {}
    for query in data:
        ref, source, model = query.get("refId"), query.get("datasourceUid"), query.get("model")
        if not isinstance(model, dict):
            problems.append(problem("rule_no_model", what, ref=ref))
        elif not isinstance(_query_type(query), str):
            problems.append(problem("rule_query_type", what, ref=ref, type=_query_type(query)))
        elif source in EXPRESSIONS:
            needs[str(ref)] = references(model)
            problems += [
                problem("rule_reference", what, ref=ref, other=other)
                for other in needs[str(ref)]
                if other not in refs
            ]
            found = problems_of_expression(model)
            problems += [problem(code, what, ref=ref, **values) for code, values in found]
        else:
            times = query.get("relativeTimeRange") or {}
            start, end = times.get("from", 0), times.get("to", 0)
            if not (isinstance(start, int) and isinstance(end, int) and start > end >= 0):
                problems.append(problem("rule_range", what, ref=ref, start=start, end=end))
        if source not in EXPRESSIONS and str(source) not in sources:
            problems.append(problem("rule_source_unknown", what, ref=ref, source=source))
    circle = circle_in(needs)
    if circle:
        problems.append(problem("rule_circle", what, circle=" needs ".join(circle)))
    return problems


def series_problem(
    rule: Rule, sources: Mapping[str, Mapping[str, Any]], version: tuple[int, ...]
) -> list[Problem]:
    """Return a problem if time series reach the condition, as each evaluation would fail.

    Args:
        sources: The data sources by uid, in the form of the option.
    """
    queries = {str(query.get("refId")): query for query in rule.get("data") or []}

    def gives_series(ref: str, way: tuple[str, ...] = ()) -> bool:
        query = queries.get(ref) or {}
        model, source = query.get("model") or {}, str(query.get("datasourceUid"))
        if source in EXPRESSIONS:
            if model.get("type") not in ("math", "threshold") or ref in way:
                return model.get("type") == "resample"
            return any(gives_series(other, (*way, ref)) for other in references(model))
        kind = (sources.get(source) or {}).get("type")
        if kind == "loki":
            instant = _query_type(query) == "instant" or model.get("instant")
            return not instant or not LOKI_NUMBERS.is_in(version)
        return kind == "prometheus" and not model.get("instant")

    condition = str(rule.get("condition"))
    if rule.get("record") or not gives_series(condition):
        return []
    return [problem("rule_series", f"rule {rule.get('title')!r}", condition=condition)]


def carries_mark(rule: Rule, mark: str) -> bool:
    """Return whether a rule carries the mark."""
    return (rule.get("annotations") or {}).get(MARK_KEY) == mark


def sends_to(rule: Rule) -> tuple[str, set[str]]:
    """Return the contact point that a rule names (empty for none), and its mute timings."""
    settings = rule.get("notification_settings") or {}
    keys = ("mute_time_intervals", "active_time_intervals")
    names = {str(name) for key in keys for name in settings.get(key) or []}
    return str(settings.get("receiver") or ""), names
