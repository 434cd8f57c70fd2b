# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails for a moment is looked at again, and accuses nobody if it passes then."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask, Check
from ansible_collections.vya.observability.plugins.module_utils._pipeline.under_way import (
    of_a_moment,
    under_way,
)

REFUSED = Ask("push", "wf001").fail("refused", status="failure", error="connection refused")
OLD = Ask("pushed", "wf001", group="", oldest=180.0, look="", families=3, age=200.0).fail("old")
FINE = Ask("push", "wf001").ok(seconds=0.1)
LOST = Ask("remote_write").fail("refused", failed=3, status="")
LIMIT = Ask("limits", "Prometheus").warn("exceeded", metrics=["up"])
CUT = Ask("target", "pushgateway").fail("down", error="EOF")
FORMAT = Ask("target", "pushgateway").fail("down.format", error="unexpected end of input")
KEY = Ask("push", "wf001").fail("wrong_key")


@pytest.mark.parametrize(
    ("checks", "again"),
    [
        ([REFUSED], True),
        ([KEY], False),
        ([FINE], False),
        ([], False),
        ([KEY, REFUSED], True),
        ([LOST, LIMIT], False),
        ([CUT], True),
        ([FORMAT], False),
    ],
)
def test_only_what_a_restart_makes_fail(checks: list[Check], again: bool) -> None:
    assert of_a_moment(checks) is again


def test_what_passes_then_is_told_once() -> None:
    now, told = under_way([REFUSED, OLD], [FINE], 12.0)
    assert now is FINE
    assert (told.status, told.code) == ("skip", "under_way.passed")
    # The other one followed from it.
    assert (told.values["checks"], told.values["codes"]) == (["push wf001"], {"push.refused"})


def test_what_no_restart_makes_fail_stays() -> None:
    assert under_way([KEY], [FINE], 12.0) == [KEY]


def test_what_still_fails_is_not_under_way() -> None:
    assert under_way([REFUSED], [KEY], 12.0) == [KEY]
    assert under_way([FINE], [FINE], 12.0) == [FINE]
