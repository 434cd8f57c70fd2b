# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is recorded is read: by an alert, a dashboard, the report of a deploy, or a runbook."""

from __future__ import annotations

from ..dashboards.files import TEXTS
from .page import DOCS
from .rendered import ROOT, Rendered

# Dashboards ask the histograms: they work where an existing Prometheus has none of these rules, and
# with windows of their own. So nobody reads these three.
UNREAD = {
    "job_instance_endpoint:api_request_duration_seconds:p95",
    "source_target:network_latency_rtt_seconds:p99",
    "instance:n8n_exporter_execution_duration_seconds:p95",
}


def test_each_recorded_series_has_a_reader(rendered: dict[str, Rendered]) -> None:
    rules = rendered["whole"].rules
    readers = [
        *TEXTS.values(),
        *(rule["expr"] for rule in rules),
        (ROOT / "roles/validate/vars/main.yml").read_text("utf-8"),
        *(page.read_text("utf-8") for page in (DOCS["en"] / "runbooks").glob("*.md")),
    ]
    names = {rule["record"] for rule in rules if "record" in rule}
    assert names
    unread = {name for name in names if not any(name in text for text in readers)}
    assert unread == UNREAD & names
