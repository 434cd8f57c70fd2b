# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Prometheus makes of an alert's labels before it sends it.

Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .unread import UnreadableError, go_pattern

Labels = dict[str, str]
REFERENCE = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))")


def relabelled(labels: Mapping[str, str], steps: Iterable[Mapping[str, Any]]) -> Labels | None:
    """Return the labels after all steps; None if one of them drops the alert.

    Args:
        labels: Those that are known.
        steps: `alert_relabel_configs`, all values of which are texts.

    Raises:
        UnreadableError: A step has something that is not understood here.
    """
    found: Labels | None = dict(labels)
    for step in steps:
        found = _step(found or {}, step)
        if found is None:
            return None
    return found


def _step(labels: Labels, step: Mapping[str, Any]) -> Labels | None:
    action = str(step.get("action", "replace")).lower()
    regex = go_pattern(str(step.get("regex", "(.*)")))
    sources = step.get("source_labels") or ()
    value = str(step.get("separator", ";")).join(labels.get(name, "") for name in sources)
    target, replacement = str(step.get("target_label", "")), str(step.get("replacement", "$1"))
    met = regex.fullmatch(value)
    if action in ("keep", "drop", "keepequal", "dropequal"):
        same = bool(met) if action in ("keep", "drop") else value == labels.get(target, "")
        return labels if same is action.startswith("keep") else None
    if action == "replace":
        name = _expanded(target, met) if met else ""
        return _with(labels, name, _expanded(replacement, met)) if met and name else labels
    if action in ("lowercase", "uppercase"):
        return _with(labels, target, value.lower() if action == "lowercase" else value.upper())
    if action == "labelmap":
        more = {n: regex.fullmatch(n) for n in labels}
        return labels | {_expanded(replacement, m): labels[n] for n, m in more.items() if m}
    if action in ("labeldrop", "labelkeep"):
        kept = action == "labelkeep"
        return {n: v for n, v in labels.items() if bool(regex.fullmatch(n)) is kept}
    raise UnreadableError(str(step))


def _with(labels: Labels, name: str, value: str) -> Labels:
    """Return the labels with this one; an empty value is none."""
    others = {n: v for n, v in labels.items() if n != name}
    return {**others, name: value} if value else others


def _expanded(written: str, match: re.Match[str] | None) -> str:
    """Return a replacement with the groups that it refers to, as Go writes them."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        if match is None:
            return ""
        if name.isdecimal():
            return (match[int(name)] or "") if int(name) <= match.re.groups else ""
        return match.groupdict().get(name) or ""

    return REFERENCE.sub(group, written)
