# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of Prometheus as data frames."""

from __future__ import annotations

import math
import re
from typing import Any

from . import durations


def _metric(labels: dict[str, str]) -> str:
    name = labels.get("__name__", "")
    rest = [f'{key}="{labels[key]}"' for key in sorted(labels) if key != "__name__"]
    return f"{name}{{{', '.join(rest)}}}" if rest or not name else name


def _name(labels: dict[str, str], query: dict[str, Any]) -> str:
    legend = query.get("legendFormat") or ""
    if legend == "__auto":
        return "" if labels else query["expr"]
    if legend:
        return re.sub(r"{{\s*(.+?)\s*}}", lambda match: labels.get(match[1], ""), legend)
    name = _metric(labels)
    return query["expr"] if name == "{}" else name


def _plain(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def _values(samples: list[Any]) -> dict[str, Any]:
    """Times in milliseconds and values; what JSON cannot say is listed beside them."""
    times = [round(float(moment) * 1000) for moment, _value in samples]
    values = [float(value) for _moment, value in samples]
    entities: dict[str, list[int]] = {}
    for index, value in enumerate(values):
        if not math.isfinite(value):
            kind = "NaN" if math.isnan(value) else "Inf" if value > 0 else "NegInf"
            entities.setdefault(kind, []).append(index)
    plain = [_plain(value) for value in values]
    return {"values": [times, plain], **({"entities": [None, entities]} if entities else {})}


def from_prometheus(
    data: dict[str, Any], query: dict[str, Any], step: int, newer: bool
) -> list[dict[str, Any]]:
    """One frame for each series."""
    kind, result = data["resultType"], data["result"]
    if kind == "scalar":
        result = [{"metric": {}, "value": result}]
    frames = []
    for series in result:
        labels = series["metric"]
        name = _name(labels, query)
        value: dict[str, Any] = {
            "name": "Value",
            "type": "number",
            "typeInfo": {"frame": "float64"},
            "labels": labels,
        }
        if name:
            value["config"] = {"displayNameFromDS": name}
        schema: dict[str, Any] = {
            "refId": query["refId"],
            "meta": {
                "type": "timeseries-multi" if newer else "timeseries-many",
                "custom": {"resultType": kind},
                "executedQueryString": f"Expr: {query['expr']}\nStep: {durations.go_text(step)}",
            },
            "fields": [
                {
                    "name": "Time",
                    "type": "time",
                    "typeInfo": {"frame": "time.Time"},
                    "config": {"interval": step * 1000},
                },
                value,
            ],
        }
        if name:
            schema = {"name": name, **schema}
        samples = series.get("values") or [series["value"]]
        frames.append({"schema": schema, "data": _values(samples)})
    return frames


def later_prometheus(
    data: dict[str, Any] | None, query: dict[str, Any], step: int, least: bool
) -> list[dict[str, Any]]:
    """The same of 12.0.0-pre and, with ``least``, 12.4.0: without series one empty frame."""
    told = {"executedQueryString": f"Expr: {query['expr']}\nStep: {durations.go_text(step)}"}
    custom = {"calculatedMinStep": step * 1000} if least else {}
    made = from_prometheus(data, query, step, newer=True) if data else []
    for number, frame in enumerate(made):
        schema = frame["schema"]
        schema.pop("name", None)
        schema["fields"][1]["name"] = schema["fields"][1]["labels"].get("__name__", "Value")
        ranged = data is not None and data["resultType"] == "matrix"
        schema["meta"] = {
            "type": "timeseries-multi" if ranged else "numeric-multi",
            "typeVersion": [0, 1],
            "custom": {
                **(custom if number == 0 else {}),
                "resultType": data["resultType"] if data else "",
            },
            **(told if number == 0 else {}),
        }
    if made:
        return made
    meta = {"typeVersion": [0, 0], **({"custom": custom} if custom else {}), **told}
    schema = {"refId": query["refId"], "meta": meta, "fields": []}
    return [{"schema": schema, "data": {"values": []}}]


def from_loki(data: dict[str, Any], query: dict[str, Any]) -> list[dict[str, Any]]:
    """Series, or one frame of lines. No recording of this exists: an assumption."""
    if data["resultType"] != "streams":
        return from_prometheus(data, query, 1, newer=False)
    lines = [
        (stream["stream"], int(stamp), line)
        for stream in data["result"]
        for stamp, line in stream["values"]
    ]
    if not lines:
        return []
    fields = [
        {"name": "labels", "type": "other", "typeInfo": {"frame": "json.RawMessage"}},
        {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}},
        {"name": "Line", "type": "string", "typeInfo": {"frame": "string"}},
    ]
    columns = [
        [labels for labels, _stamp, _line in lines],
        [stamp // 1_000_000 for _labels, stamp, _line in lines],
        [line for _labels, _stamp, line in lines],
    ]
    schema = {"refId": query["refId"], "meta": {"custom": {"frameType": "LabeledTimeValues"}}}
    return [{"schema": {**schema, "fields": fields}, "data": {"values": columns}}]
