# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exporter of n8n says about its run."""

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


def test_a_run_is_a_check() -> None:
    runs = [
        {"item": "executions", "rc": 0, "stdout_lines": [INFO], "stderr_lines": []},
        {"item": "nodes", "rc": 1, "stdout_lines": [], "stderr_lines": ["first", "no such image"]},
        {"item": "nodes", "rc": 2, "stdout_lines": [INFO], "stderr_lines": []},
    ]
    found = n8n_exporter.run_checks("wf001", "/opt/x", runs)
    assert [(check["id"], check["status"], check["code"]) for check in found] == [
        ("exporter run executions wf001", "pass", "exporter_run.ok"),
        ("exporter run nodes wf001", "fail", "exporter_run.failed"),
        ("exporter run nodes wf001", "fail", "exporter_run.failed.silent"),
    ]
    assert found[1]["values"] == {
        "exporter": "nodes",
        "directory": "/opt/x",
        "exit_code": 1,
        "error": "no such image",
    }
