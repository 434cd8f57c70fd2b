# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module grafana_annotation: ensure one annotation on the dashboards."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .client import Grafana, grafana_for, path_of

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

PATH = "/api/annotations"
MOST = 1000  # annotations of one key or one moment

FOUND = [{"id": int, "dashboardUID?": str, "panelId?": int, "tags?": [str]}]


def milliseconds(option: str, value: str | None) -> int | None:
    """Return a time in milliseconds since the epoch, as Grafana's API takes it.

    Args:
        value: Seconds since the epoch, or ISO 8601 (UTC if it has no time zone).

    Raises:
        Failure: `grafana.time_invalid`.
    """
    if value is None:
        return None
    try:
        return round(float(value) * 1000)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
    except ValueError as error:
        raise Failure(
            "grafana.time_invalid",
            f"option {option}: expected seconds since the epoch or ISO 8601; seen: {value!r}; "
            "likely cause: the value given to the module; next: correct the variable that sets "
            "this option",
            option=option,
            value=value,
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


def run_module(module: AnsibleModule) -> None:
    """Run the module `grafana_annotation`."""
    params = module.params
    grafana = grafana_for(module)
    try:
        wanted = _wanted(params)
        grafana.learn_version()
        found = _find(grafana, params, wanted)
        before = None if found is None else _normal(found, wanted)
        changed = before != wanted
        identity = None if found is None else found["id"]
        if changed and not module.check_mode:
            identity = _write(grafana, params, wanted, identity)
    except Failure as error:
        fail(module, error, requests=grafana.requests)
    result: dict[str, Any] = {
        "changed": changed,
        "annotation": {"id": identity, **wanted},
        "requests": grafana.requests,
    }
    if module._diff and changed:
        result["diff"] = {"before": before or {}, "after": wanted}
    module.exit_json(**result)


def _wanted(params: Mapping[str, Any]) -> dict[str, Any]:
    start = milliseconds("time", params["time"])
    end = milliseconds("time_end", params["time_end"])
    if start is not None and end is not None and end < start:
        raise Failure(
            "grafana.times_exchanged",
            f"option time_end: expected a moment after time; seen: {params['time_end']} after "
            f"{params['time']}; likely cause: the two were exchanged; next: correct them",
            time=params["time"],
            time_end=params["time_end"],
        )
    tags = dict.fromkeys([*params["tags"], *([params["key"]] if params["key"] else [])])
    cut = [tag for tag in tags if tag.count(":") > 1 or tag != tag.strip() or not tag]
    if cut:
        raise Failure(
            "grafana.tag_invalid",
            f"option tags or key: expected tags with at most one colon and no blank around; seen: "
            f"{', '.join(map(repr, cut))}; likely cause: Grafana takes a tag as name:value and "
            "drops what follows a second colon; next: use another separator",
            tags=cut,
        )
    names = [tag.split(":")[0].strip() for tag in tags]
    if len(set(names)) < len(names):
        raise Failure(
            "grafana.tag_name_twice",
            f"option tags or key: expected tags of different names; seen: {', '.join(tags)}; "
            "likely cause: Grafana counts a:b as a tag named a, and a search for the tag a does "
            "not find what has two of that name; next: give the key another name",
            tags=[*tags],
        )
    wanted: dict[str, Any] = {"text": params["text"], "tags": sorted(tags)}
    if start is not None:
        wanted["time"] = start
    if end is not None:
        wanted["time_end"] = end
    return wanted


def _normal(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the server has of the given fields; without a given time, any time is fine."""
    there = {
        "text": found.get("text"),
        "tags": sorted(found.get("tags") or []),
        "time": found.get("time"),
        "time_end": found.get("timeEnd"),
    }
    return {key: there[key] for key in wanted}


def _find(
    grafana: Grafana, params: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Find the annotation with this key, or without a key, the same one at the same time."""
    query: list[tuple[str, Any]] = [("type", "annotation"), ("limit", MOST)]
    if params["key"]:
        query.append(("tags", params["key"]))
    elif "time" in wanted:
        query += [("from", wanted["time"] - 1), ("to", wanted["time"] + 1)]
        query += [("tags", tag) for tag in wanted["tags"]]
    else:
        return None
    place = params["dashboard_uid"] or None, params["panel_id"] or 0
    for item in grafana.get(PATH, FOUND, params=query):
        if (item.get("dashboardUID") or None, item.get("panelId") or 0) != place:
            continue
        if params["key"] or _normal(item, wanted) == dict(wanted):
            return dict(item)
    return None


def _write(
    grafana: Grafana, params: Mapping[str, Any], wanted: Mapping[str, Any], identity: int | None
) -> int:
    body: dict[str, Any] = {"text": wanted["text"], "tags": wanted["tags"]}
    if "time_end" in wanted:
        body["timeEnd"] = wanted["time_end"]
    if identity is not None:
        if "time" in wanted:
            body["time"] = wanted["time"]
        grafana.ask("PATCH", path_of("annotations", str(identity)), body)
        return identity
    body["time"] = wanted.get("time", round(time.time() * 1000))
    if params["dashboard_uid"]:
        body["dashboardUID"] = params["dashboard_uid"]
    if params["panel_id"]:
        body["panelId"] = params["panel_id"]
    return int(grafana.ask("POST", PATH, body).json({"id": int})["id"])
