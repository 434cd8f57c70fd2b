# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill has shown, as checks."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._drill.checks import (
    Receivers,
    checks_of,
)
from ansible_collections.vya.observability.plugins.module_utils._drill.delivery import Failures
from ansible_collections.vya.observability.plugins.module_utils._drill.drill import (
    FALL,
    RISE,
    Drill,
)
from ansible_collections.vya.observability.plugins.module_utils._drill.scenarios import Rule
from ansible_collections.vya.observability.plugins.module_utils._http.error import HttpError
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

RULE = Rule("Some", "some > 0.5", 60)


@pytest.mark.parametrize("hop", ["settled", *RISE, *FALL])
def test_a_hop_that_was_missed_has_its_own_cause(hop: str) -> None:
    reached, missed = checks_of([Drill(RULE, {}, seconds={"told": 1.5}, missed=hop)], {}, 9)
    assert (reached.id, reached.status, reached.code) == ("drill Some told", "pass", "drill.ok")
    assert (reached.seconds, reached.values["took"]) == (1.5, 1.5)
    assert (missed.id, missed.status, missed.seconds) == (f"drill Some {hop}", "fail", 9)
    assert missed.code == f"drill.missed.{hop.lower().replace(' ', '_')}"
    assert all(missed.texts.values())


def test_what_was_not_drilled_says_why() -> None:
    (check,) = checks_of([], {"Some": text("drill.not_expected", missing="x")}, 9)
    assert (check.status, check.code) == ("skip", "drill.not_expected")
    assert check.values == {"missing": "x", "timeout": 9}


def test_receivers_that_fail_meanwhile_are_warned_about() -> None:
    counts: Failures = {("failed", "webhook"): 2.0, ("failed", "email"): 1.0}
    receivers = Receivers(lambda: dict(counts))
    assert receivers.check().code == "receivers.ok"
    counts["failed", "webhook"] = 5.0
    check = receivers.check()
    assert (check.status, check.code) == ("warn", "receivers.failed")
    (failed,) = check.values["receivers"]
    assert failed.values == {"receiver": "webhook", "n": 3}


def test_receivers_that_cannot_be_read_are_skipped() -> None:
    def refused() -> Failures:
        raise HttpError.of("refused", "GET", "http://127.0.0.1:9", "an answer", "refused")

    check = Receivers(refused).check()
    assert (check.status, check.code) == ("skip", "http.refused")
