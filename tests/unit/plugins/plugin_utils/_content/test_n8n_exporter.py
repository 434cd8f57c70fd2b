# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exporter of n8n has said of its run."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._content import n8n_exporter

INFO = '{"time": "t", "level": "info", "message": "began"}'


@pytest.mark.parametrize(
    ("lines", "errors"),
    [
        ([], []),
        ([INFO], []),
        (['{"time": "t", "level": "error", "message": "no n8n"}', INFO], ["no n8n"]),
        (
            ['{"time": "t", "level": "error", "message": "m", "error": "refused"}'],
            ["refused"],
        ),
        (
            ['{"time": "t", "level": "error", "message": "m", "exception": "Trace\\nLast line"}'],
            ["Last line"],
        ),
        (["docker: no such image", INFO], ["docker: no such image"]),
    ],
)
def test_errors(lines: list[str], errors: list[str]) -> None:
    assert n8n_exporter.errors(lines) == errors
