# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of day and spans of days, of which Ansible's YAML makes numbers."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.vya.observability.plugins.module_utils._api.times import interval_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("times: [{start_time: 17:00, end_time: 24:00}]", {"times": [("17:00", "24:00")]}),
        ("times: [{start_time: 06:00, end_time: '09:30'}]", {"times": [("06:00", "09:30")]}),
        ("days_of_month: [1:5, 7, -1, '-3:-1', 1:31]", ["1:5", 7, -1, "-3:-1", "1:31"]),
        ("months: [1:3, december]", ["1:3", "december"]),
    ],
)
def test_an_interval_is_as_it_was_written(written: str, expected: object) -> None:
    found = interval_of(yaml.safe_load(written))
    if "times" in found:
        times = [(one["start_time"], one["end_time"]) for one in found["times"]]
        assert {"times": times} == expected
    else:
        assert [*found.values()] == [expected]


@pytest.mark.parametrize("odd", [None, "x", {"times": "x"}, {"times": ["x", None]}, {"months": 3}])
def test_what_is_no_interval_is_left_to_the_server(odd: object) -> None:
    assert interval_of(odd) == odd
