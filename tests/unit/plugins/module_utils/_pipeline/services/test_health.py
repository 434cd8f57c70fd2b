# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a collector says of its parts, against what it should have."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.health import (
    judge_health,
)

OK = {"ok": True, "last_error": None}
DOWN = {"ok": False, "last_error": "connection refused"}
N8N = {"databases": ["n8n"], "targets": ["pushgateway"]}


@pytest.mark.parametrize(
    ("expected", "health", "status", "code", "values"),
    [
        (["n8n"], {}, "pass", "ok", N8N),
        (None, {}, "pass", "ok", N8N),
        (["n8n", "mysql"], {}, "fail", "not_probed", {"missing": ["mysql"]}),
        (["mysql"], {}, "fail", "not_probed", {"missing": ["mysql"], "databases": ["n8n"]}),
        ([], {}, "warn", "not_expected", {"more": ["n8n"]}),
        (None, {"push": {}}, "fail", "no_target", {}),
        (None, {"died": {"spool": "ValueError: x"}}, "fail", "part_down", {"names": ["spool"]}),
    ],
)
def test_health(
    expected: list[str] | None,
    health: dict[str, Any],
    status: str,
    code: str,
    values: dict[str, Any],
) -> None:
    made = {"databases": {"n8n": OK}, "push": {"pushgateway": OK}, "died": {}, **health}
    check = judge_health(Ask("health", "x"), "http://x/health", made, expected)
    assert (check.status, check.code) == (status, f"health.{code}")
    assert values.items() <= check.values.items()


def test_a_push_target_does_not_hide_a_database_of_its_name() -> None:
    made = {"databases": {"pushgateway": DOWN}, "push": {"pushgateway": OK}}
    check = judge_health(Ask("health", "x"), "http://x/health", made, None)
    (part,) = check.values["parts"]
    assert part.code == "health_database"
    assert part.values == {"name": "pushgateway", "error": "connection refused"}
