# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts name a host."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._decommission.elsewhere import word


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["wf005"], 'up{instance="wf005"} == 0', True),
        (["wf005"], 'up{instance=~"wf001|wf005"} == 0', True),
        (["wf005"], "http://wf005:9100/metrics", True),
        (["wf005"], "http://wf005.example.org/metrics", True),
        (["wf005"], 'up{instance="wf0055"}', False),
        (["wf005"], 'up{instance="old-wf005"}', False),
        (["wf005"], 'up{instance="wf005-b"}', False),
        (["a.b"], 'up{instance="axb"}', False),
        ([], "anything", False),
        ([], "", False),
    ],
)
def test_a_name_as_a_whole_word(names: list[str], text: str, found: bool) -> None:
    assert bool(word(names).search(text)) is found
