# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""All types of objects in a bundle, in the order in which they are written."""

from __future__ import annotations

from typing import Any

from .kind import Kind
from .objects import (
    contact_points,
    dashboards,
    datasources,
    folders,
    mute_timings,
    organization,
    policy,
    rule_groups,
    templates,
)
from .options import common_argument_spec

# Objects that others refer to come first.
KINDS: tuple[Kind, ...] = (
    organization.KIND,
    folders.KIND,
    datasources.KIND,
    dashboards.KIND,
    templates.KIND,
    mute_timings.KIND,
    contact_points.KIND,
    policy.KIND,
    rule_groups.KIND,
)
NAMES = [kind.name for kind in KINDS]


def bundle_argument_spec() -> dict[str, Any]:
    """Return the options of grafana_bundle, without those of the connection."""
    spec: dict[str, Any] = common_argument_spec()
    for kind in KINDS:
        spec |= {kind.name: dict(kind.option), **kind.settings}
    return spec


def export_argument_spec() -> dict[str, Any]:
    """Return the options of grafana_bundle_info, without those of the connection."""
    return {
        "sections": {"type": "list", "elements": "str"},
        "directory": {"type": "path"},
        "mark": common_argument_spec()["mark"],
    }
