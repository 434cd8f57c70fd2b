# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n overview."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, row, variable
from ..n8n import (
    BY_WORKFLOW,
    EXPORTER_HAS_NOT_RUN,
    HOST,
    KEEP,
    PRODUCTION,
    WHOLE,
    WORKFLOW,
    exporter_state,
)
from ..panels import HAS_FAILED, bars, column, graph, link, stat, states, table, timeline
from ..queries import also, in_range, mean, per_minute, quantiles, share
from ..values import N8N, N8N_ERRORS, N8N_RATE, levels, t

EXPORTER = also(HOST, 'exporter="executions"')
MINE = also(HOST, WORKFLOW, PRODUCTION)
ERRORS = 'status=~"error|crashed"'
FAILED = also(MINE, ERRORS)
RATED = also(MINE, WHOLE)
FAILED_OF_RATED = also(RATED, ERRORS)
ACTIVE = also(HOST, 'state="active"')
NO_EXECUTION_IN_THIS_RANGE = t("no execution in this range", "nenhuma execução no período")

EXECUTIONS = in_range(f"n8n_exporter_executions_total{MINE}", by=BY_WORKFLOW)
FAILURES = in_range(f"n8n_exporter_executions_total{FAILED}", by=BY_WORKFLOW)
OR_NONE = f"or 0 * sum by ({BY_WORKFLOW}) (n8n_exporter_executions_total{MINE})"
OF_RATED = in_range(f"n8n_exporter_executions_total{RATED}", by=BY_WORKFLOW)
RATED_FAILURES = in_range(f"n8n_exporter_executions_total{FAILED_OF_RATED}", by=BY_WORKFLOW)
OR_NONE_OF_RATED = f"or 0 * sum by ({BY_WORKFLOW}) (n8n_exporter_executions_total{RATED})"
TIME = mean(
    "n8n_exporter_workflow_duration_seconds", MINE, "$__range", by=BY_WORKFLOW, over="increase"
)

DASHBOARD = dashboard(
    "vya-n8n-overview",
    t("n8n overview", "Visão geral do n8n"),
    "Do the workflows run, how many fail, and how long do they take? From the exporter of workflows and executions.",
    [
        variable("instance", t("n8n", "n8n"), "n8n_exporter_run_success", "instance"),
        variable(
            "workflow",
            t("Workflow", "Fluxo"),
            f"n8n_exporter_workflow_info{HOST}",
            "workflow_name",
        ),
    ],
    row(
        ALL_IS_WELL,
        *exporter_state(EXPORTER),
        stat(
            t("Failed executions, 1 h", "Execuções com falha, 1 h"),
            "Share of the executions in production that ended in the last hour with error or crashed. Without workflows of which n8n does not save all.",
            share(
                f"sum(increase(n8n_exporter_executions_total{FAILED_OF_RATED}[1h]))",
                f"sum(increase(n8n_exporter_executions_total{RATED}[1h]))",
            ),
            "failed",
            empty=t("no execution in 1 h", "nenhuma execução em 1 h"),
            unit="percentunit",
            decimals=1,
            steps=N8N_ERRORS,
        ),
        stat(
            t("Active workflows", "Fluxos ativos"),
            "Workflows that their triggers start.",
            f"sum(n8n_exporter_workflows{ACTIVE})",
            "active",
            empty=EXPORTER_HAS_NOT_RUN,
            steps=[("red", 0), ("green", 1)],
        ),
        stat(
            t("Running now", "Em execução"),
            "Executions that run or wait now.",
            f"sum by (status) (n8n_exporter_executions_open{HOST})",
            "{{status}}",
            empty=EXPORTER_HAS_NOT_RUN,
            steps=[("blue", 0)],
        ),
        stat(
            t("Longest running", "Há mais tempo rodando"),
            "Age of the oldest execution that still runs. Far above what its workflow takes: it hangs.",
            f"max(n8n_exporter_oldest_running_seconds{HOST})",
            "age",
            empty=EXPORTER_HAS_NOT_RUN,
            unit="s",
            steps=levels(900, 3600),
        ),
    ),
    row(
        t("Executions", "Execuções"),
        graph(
            t("Executions by status", "Execuções por status"),
            "Executions in production that ended, per minute.",
            (
                per_minute(f"n8n_exporter_executions_total{MINE}", N8N_RATE, by="status"),
                "{{status}}",
            ),
            unit="suffix:/min",
            stacked=True,
            colors={
                "success": "green",
                "error": "red",
                "crashed": "dark-red",
                "canceled": "orange",
            },
        ),
        graph(
            t("Share of failed executions", "Proporção de execuções com falha"),
            "Error and crashed, of all that ended. The line is the limit that an alert goes by.",
            (
                share(
                    f"sum(rate(n8n_exporter_executions_total{FAILED_OF_RATED}[{N8N_RATE}]))",
                    f"sum(rate(n8n_exporter_executions_total{RATED}[{N8N_RATE}]))",
                ),
                "failed",
            ),
            unit="percentunit",
            steps=N8N_ERRORS,
            lines=True,
            legend={"showLegend": False},
        ),
        graph(
            t("Time of an execution", "Duração da execução"),
            "Quantiles over all workflows, from start to end.",
            *quantiles(
                f"n8n_exporter_execution_duration_seconds_bucket{also(HOST, PRODUCTION)}", N8N_RATE
            ),
            unit="s",
        ),
        graph(
            t("Open executions", "Execuções em aberto"),
            "Executions that have not ended: new, running, waiting. A steady climb: workers are too few, or something hangs.",
            (f"sum by (status) (n8n_exporter_executions_open{HOST})", "{{status}}"),
            empty=EXPORTER_HAS_NOT_RUN,
            stacked=True,
        ),
        empty=NO_EXECUTION_IN_THIS_RANGE,
    ),
    row(
        t("Workflows", "Fluxos"),
        bars(
            t("Most failures", "Mais falhas"),
            "The ten workflows with the most failed executions in the chosen range.",
            f"topk(10, round({FAILURES}) > 0)",
            "{{workflow_name}}",
            empty=t("no failed execution in the data", "nenhuma execução com falha nos dados"),
            unit="short",
            decimals=0,
            steps=[("orange", 0), ("red", 10)],
        ),
        bars(
            t("Slowest", "Mais lentos"),
            "The ten workflows with the longest mean time in the chosen range.",
            f"topk(10, {TIME})",
            "{{workflow_name}}",
            unit="s",
            steps=[("blue", 0)],
        ),
        table(
            t("All workflows", "Todos os fluxos"),
            "Each workflow in the chosen range, by its id: names may be the same. No share: n8n does not save all of its executions.",
            [
                f"round({EXECUTIONS})",
                f"round({FAILURES}) {OR_NONE}",
                f"({RATED_FAILURES} {OR_NONE_OF_RATED}) / ({OF_RATED} > 0)",
                TIME,
                f"time() - max by ({BY_WORKFLOW}) (n8n_exporter_workflow_last_ended_timestamp_seconds{also(HOST, WORKFLOW)})",
            ],
            columns=[
                column("workflow_name", t("Workflow", "Fluxo"), width=400),
                column("Value #A", t("Executions", "Execuções"), unit="locale"),
                column("Value #B", t("Failed", "Com falha"), unit="short"),
                column(
                    "Value #C",
                    t("Failed share", "Proporção de falhas"),
                    unit="percentunit",
                    steps=N8N_ERRORS,
                ),
                column("Value #D", t("Mean time", "Tempo médio"), unit="s"),
                column("Value #E", t("Last ended", "Último término"), unit="s"),
                column("workflow_id", t("Id", "Id"), width=180),
            ],
            sort=t("Executions", "Execuções"),
            height=9,
            links=[
                link(
                    t("n8n nodes", "Nós do n8n"),
                    "vya-n8n-nodes",
                    keep=KEEP,
                )
            ],
        ),
        table(
            t("What n8n saves", "O que o n8n salva"),
            "The state of each workflow, and which of its executions n8n saves. Only where it saves all is there a share of failures.",
            [
                f"sum by ({BY_WORKFLOW}, state, saved, saved_manual) (n8n_exporter_workflow_info{also(HOST, WORKFLOW)})"
            ],
            empty=EXPORTER_HAS_NOT_RUN,
            columns=[
                column("workflow_name", t("Workflow", "Fluxo"), width=400),
                column("state", t("State", "Estado")),
                column("saved", t("Saved in production", "Salvas em produção")),
                column("saved_manual", t("Saved if manual", "Salvas se manuais")),
                column("workflow_id", t("Id", "Id"), width=180),
            ],
            height=7,
        ),
        empty=NO_EXECUTION_IN_THIS_RANGE,
    ),
    row(
        t("The exporters themselves", "Os próprios exportadores"),
        timeline(
            t("Runs", "Execuções do exportador"),
            "The last run of each exporter over time.",
            f"n8n_exporter_run_success{HOST}",
            "{{exporter}} {{instance}}",
            mappings=states(("1", "OK", "green"), ("0", HAS_FAILED, "red")),
            steps=[("red", 0), ("green", 1)],
            width=8,
        ),
        graph(
            t("Time of a run", "Duração da coleta"),
            "How long each run took. It is bounded, so that polling does not hurt n8n.",
            (f"n8n_exporter_run_duration_seconds{HOST}", "{{exporter}} {{instance}}"),
            unit="s",
        ),
        graph(
            t("Requests per run", "Requisições por coleta"),
            "Requests or queries that each run sent to n8n or its database.",
            (f"n8n_exporter_run_requests{HOST}", "{{exporter}} {{instance}}"),
        ),
        graph(
            t("Failures and caps", "Falhas e limites"),
            "Failures of a run by cause, and 1 where a run stopped at a cap and left the rest for the next.",
            (f"n8n_exporter_run_errors{HOST}", "{{exporter}} {{error_type}}"),
            (f"n8n_exporter_run_capped{HOST}", "{{exporter}} cap {{cap}}"),
            empty=t("no failure and no cap in the data", "nenhuma falha nem limite nos dados"),
            soft_max=1,
            width=6,
        ),
        empty=EXPORTER_HAS_NOT_RUN,
        width=5,
        height=7,
    ),
    source=N8N,
)
