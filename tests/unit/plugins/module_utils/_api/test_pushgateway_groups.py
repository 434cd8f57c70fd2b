# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of a group: it must lead to that group and to no other."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway_groups import (
    path_of,
)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("plain_name", "plain_name"),
        ("?x", "U___3f_x"),
        ("a#b", "U__a_23_b"),
        ("a/b", "U__a_2f_b"),
        ("a b", "U__a_20_b"),
        ("a@base64", "U__a_40_base64"),
        ("a_b.c", "U__a__b_2e_c"),
        ("ã", "U___e3_"),
        ("1a2", "U___31_a2"),
    ],
)
def test_a_name_that_a_path_cannot_hold_is_escaped(name: str, part: str) -> None:
    """As EscapeName of github.com/prometheus/common writes it."""
    assert path_of({"job": "till", name: "north"}) == f"/metrics/job/till/{part}/north"
    assert path_of({"job": "a/b", name: "c/d"}) == f"/metrics/job@base64/YS9i/{part}@base64/Yy9k"
