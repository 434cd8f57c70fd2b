# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both dashboards of n8n show of the exporter that feeds them."""

from __future__ import annotations

from .panels import HAS_FAILED, STALE, Json, stat, states
from .queries import or_stale, where
from .values import N8N_AGE, N8N_STALE, t

HOST = where('instance=~"$instance"')
WORKFLOW = 'workflow_name=~"$workflow"'
# What starts by itself. Not by hand, not as a part or a consequence of another execution.
PRODUCTION = 'mode!~"manual|integrated|error|internal|evaluation"'
# A share of failures means something only where n8n saves successes and errors.
WHOLE = 'saved="all"'
# Names are not unique.
BY_WORKFLOW = "workflow_id, workflow_name"
EXPORTER_HAS_NOT_RUN = t("the exporter has not run", "o exportador não executou")
# To the other dashboard, with what is chosen in this one.
KEEP = "&${workflow:queryparam}&${instance:queryparam}"


def exporter_state(selector: str, links: list[Json] | None = None) -> list[Json]:
    """Whether an exporter runs, and when it last did."""
    success = f"n8n_exporter_last_success_timestamp_seconds{selector}"
    return [
        stat(
            t("Exporter", "Exportador"),
            f"Its last run. STALE: no run has ended well for {N8N_STALE} s, so the figures below are old.",
            or_stale(f"n8n_exporter_run_success{selector}", success, N8N_STALE),
            "{{instance}}",
            empty=EXPORTER_HAS_NOT_RUN,
            mappings=states(
                ("1", "OK", "green"), ("0", HAS_FAILED, "red"), ("-1", STALE, "orange")
            ),
            links=links,
        ),
        stat(
            t("Last good run", "Última execução boa"),
            "Time since the exporter last ended well. Cron starts it every few minutes.",
            f"max(time() - ({success} > 0))",
            "age",
            empty=t("no run has ended well yet", "nenhuma execução terminou bem"),
            unit="s",
            steps=N8N_AGE,
        ),
    ]
