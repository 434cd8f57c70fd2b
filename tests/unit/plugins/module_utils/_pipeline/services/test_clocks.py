# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks that are certainly apart are named, and whose; what a date cannot say is not."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    Options,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.clocks import (
    Clock,
    clock_probe,
    judge_clocks,
)
from ansible_collections.vya.observability.tests.http_stand_in import between

LIMIT = 1.0


def clock(name: str, offset: float, trip: float = 0.05) -> Clock:
    """As it is read of a server whose clock is so far ahead, in the middle of a second."""
    now = 1_700_000_000.5
    date = formatdate(int(now + offset), usegmt=True)
    found = Clock.read(name, date, now - trip, now)
    assert found
    return found


@pytest.mark.parametrize(
    ("offsets", "code", "names"),
    [
        ({"a": 0, "b": 0.4, "c": -0.4}, "clocks.ok", None),
        # It may be the date that is old.
        ({"a": 1.4, "b": 0}, "clocks.ok", None),
        ({"a": 90, "b": 0, "c": 0}, "clocks.apart", ["a"]),
        ({"a": -20, "b": 0, "c": 5}, "clocks.apart", ["a", "c"]),
        ({"a": 90, "b": 90}, "clocks.controller", ["a", "b"]),
        ({"a": -4}, "clocks.controller", ["a"]),
        ({"a": 90, "b": -90}, "clocks.apart", ["a", "b"]),
    ],
)
def test_clocks(offsets: dict[str, float], code: str, names: list[str] | None) -> None:
    check = judge_clocks([clock(*each) for each in offsets.items()], LIMIT)
    assert check.code == code
    assert check.values.get("names") == names
    grave = max(map(abs, offsets.values())) > 40
    assert check.status == ("pass" if names is None else "fail" if grave else "warn")


def test_a_slow_answer_says_less() -> None:
    assert judge_clocks([clock("a", 4)], LIMIT).code == "clocks.controller"
    assert judge_clocks([clock("a", -4, trip=9)], LIMIT).code == "clocks.ok"


def test_a_server_is_asked() -> None:
    services = [{"name": "none", "kind": "http", "url": "http://127.0.0.1:9"}]
    with Session(Options(retries=0)) as session:
        check: Any = clock_probe(session, services, LIMIT).run()
        assert (check.status, check.code) == ("skip", "clocks.none")
        ahead = formatdate(time.time() + 3600, usegmt=True)

        def answer(*_: Any) -> Any:
            return 200, b"{}", {"X": "y"}

        with between(answer) as url:
            services.append({"name": "right", "kind": "http", "url": url})
            check = clock_probe(session, services, LIMIT).run()
            assert check.code == "clocks.ok"
            assert len(check.values["clocks"]) == 1
    assert Clock.read("x", ahead, time.time(), time.time())
    assert Clock.read("x", "yesterday", 0, 0) is None
    assert Clock.read("x", None, 0, 0) is None
