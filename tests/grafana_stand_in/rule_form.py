# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an alert rule looks like, coming and going, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from . import durations
from .answers import Refused, bad_request

NEVER = "0001-01-01T00:00:00Z"
PANEL = ("__dashboardUid__", "__panelId__")
LATER = ("keep_firing_for", "isPaused", "notification_settings", "record")
STATES = {
    "execErrState": ("Error", {"Alerting", "Error", "OK"}),
    "noDataState": ("NoData", {"Alerting", "NoData", "OK"}),
}


DEFAULT_MODEL = {"intervalMs": 1000, "maxDataPoints": 43200}


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value != 0


def _query(query: Any) -> dict[str, Any]:
    if not isinstance(query, dict) or not isinstance(query.get("model"), dict):
        raise bad_request()
    if not isinstance(query.get("queryType", ""), str):
        raise bad_request()
    times, model = query.get("relativeTimeRange") or {}, query["model"]
    numbers = {k: model[k] for k in DEFAULT_MODEL if _number(model.get(k))}
    return {
        "refId": query.get("refId", ""),
        "queryType": model.get("queryType", query.get("queryType", "")),
        "relativeTimeRange": {"from": times.get("from", 0), "to": times.get("to", 0)},
        "datasourceUid": query.get("datasourceUid", ""),
        "model": {**model, **DEFAULT_MODEL, **numbers},
    }


def read_rule(body: Any, org_id: int) -> dict[str, Any]:
    """A rule from a request."""
    if not isinstance(body, dict) or not isinstance(body.get("data") or [], list):
        raise bad_request()
    try:
        duration = durations.seconds(str(body.get("for") or "0s"))
    except ValueError:
        raise bad_request() from None
    return {
        "id": body.get("id", 0),
        "uid": body.get("uid") or "",
        "orgID": org_id,
        "sentOrgID": body.get("orgID", 0),
        "provenance": body.get("provenance", ""),
        "folderUID": body.get("folderUID", ""),
        "ruleGroup": body.get("ruleGroup", ""),
        "title": body.get("title", ""),
        "condition": body.get("condition", ""),
        "data": [_query(query) for query in body.get("data") or []],
        "sentData": body.get("data") or [],
        "isPaused": bool(body.get("isPaused")),
        "keep_firing_for": body.get("keep_firing_for") or "0s",
        "record": body.get("record"),
        "updated": body.get("updated", NEVER),
        "noDataState": body.get("noDataState", ""),
        "execErrState": body.get("execErrState", ""),
        "for": durations.text(duration),
        "annotations": body.get("annotations") or {},
        "labels": body.get("labels") or {},
        "notification_settings": body.get("notification_settings"),
        "emptied": [key for key in ("annotations", "labels") if body.get(key) == {}],
        "index": 0,
    }


def _as_go(value: Any) -> str:
    """A value as the server's messages show it."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{k}:{_as_go(v)}' for k, v in sorted(value.items()))}]"
    return "<nil>" if value is None else str(value).lower()


def checked(rule: dict[str, Any], what: str = "") -> None:
    """Refuse what the server refuses, which is little."""
    if not rule["data"]:
        raise Refused(400, f"{what}invalid alert rule: no queries or expressions are found")
    if not rule["title"]:
        raise Refused(400, f"{what}invalid alert rule: title is empty")
    for key, most in (("title", 190), ("ruleGroup", 190)):
        if len(rule[key]) > most:
            name = "name" if key == "title" else "rule group name"
            raise Refused(
                400, f"{what}invalid alert rule: {name} length should not be greater than {most}"
            )
    for key, (name, known) in STATES.items():
        if rule[key] not in known:
            raise Refused(500, f"{what}unknown {name} state option {rule[key]}")
    if len({key in rule["annotations"] for key in PANEL}) > 1:
        raise Refused(500, f"{what}both annotations {PANEL[0]} and {PANEL[1]} must be specified")
    for query in rule["data"]:
        if not isinstance(query["queryType"], str):
            raise Refused(
                500,
                f"{what}invalid alert query {query['refId']}: failed to set query type to query "
                f"model: failed to get queryType from query model: {_as_go(query['queryType'])}",
            )
        times = query["relativeTimeRange"]
        expression = query["datasourceUid"] in ("-100", "__expr__")
        if not expression and times["from"] <= times["to"]:
            raise Refused(
                500,
                f"{what}invalid alert query {query['refId']}: invalid relative time range: "
                f"{{From:{times['from']}s To:{times['to']}s}}",
            )


def shown(rule: dict[str, Any], provenance: str, later: bool = False) -> dict[str, Any]:
    """A rule as it is given out: what is empty is left out at the end. ``later``: as of 12.0."""
    keys = ("id", "uid", "orgID", "folderUID", "ruleGroup", "title", "condition", "data")
    keys += ("updated", "noDataState", "execErrState", "for")
    keys += LATER if later else ()
    result = {key: rule[key] for key in keys}
    result |= {key: rule[key] for key in ("annotations", "labels") if rule[key]}
    return {**result, "provenance": provenance} if provenance else result
