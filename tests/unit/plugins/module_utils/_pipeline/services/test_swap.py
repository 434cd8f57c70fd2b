# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that is between two releases is not down; one that stays away is."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import run_side_by_side
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    Options,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.run import (
    service_probes,
)
from ansible_collections.vya.observability.tests.http_stand_in import Reply, between


def outcome(first: list[int], patience: float) -> str:
    """What is said of a service that gives these statuses first, then 200; 0 is none."""

    def answer(*_: Any) -> Reply:
        return (first.pop(0) if first else 200), b"{}"

    empty = {"status": None, "contains": None, "within": 0.0, "databases": None}
    with between(answer) as url, Session(Options(retries=0)) as session:
        services = [{**empty, "name": "x", "kind": "http", "url": url}]
        params = {"services": services, "slow": 5.0, "certificate_days": 14.0}
        (check,) = run_side_by_side(service_probes(session, params, patience), 20)
        return f"{check.status} {check.code}"


@pytest.mark.parametrize(
    ("first", "patience", "said"),
    [
        ([502, 502, 0], 5, "pass service.ok"),
        ([503], 0, "fail http.status.503"),
        ([502] * 99, 1, "fail http.status.502"),
        # A wrong address does not become right.
        ([404] * 2, 5, "fail http.status.404"),
    ],
)
def test_a_swap(first: list[int], patience: float, said: str) -> None:
    assert outcome(first, patience) == said
