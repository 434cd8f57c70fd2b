# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""n8n nodes."""

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
from ..panels import NO, NONE_IS_WELL, YES, bars, column, graph, heatmap, link, stat, states, table
from ..queries import also, in_range, mean, per_minute, quantile, share
from ..values import N8N, N8N_ERRORS, N8N_RATE, levels, t

TYPE = 'node_type=~"$node_type"'
EXPORTER = also(HOST, 'exporter="nodes"')
MINE = also(HOST, WORKFLOW, TYPE, PRODUCTION)
RUNS = f"n8n_exporter_node_executions_total{MINE}"
FAILED = also(MINE, 'status="error"')
RATED_RUNS = f"n8n_exporter_node_executions_total{also(MINE, WHOLE)}"
FAILED_OF_RATED = f"n8n_exporter_node_executions_total{also(FAILED, WHOLE)}"
FAILED_RUNS = f"n8n_exporter_node_executions_total{FAILED}"
TYPE_TIMES = f"n8n_exporter_node_type_duration_seconds_bucket{also(HOST, TYPE, PRODUCTION)}"
SLOWEST = f"n8n_exporter_node_slowest_seconds{MINE}"
NODE = f"{BY_WORKFLOW}, node_name"
NODE_AND_TYPE = f"{NODE}, node_type"
NO_NODE_RAN_IN_1_H = t("no node ran in 1 h", "nenhum nó executou em 1 h")
NO_NODE_RAN_IN_THIS_RANGE = t("no node ran in this range", "nenhum nó executou no período")
NO_NODE_FAILED_IN_THIS_RANGE = t("no failed node in the data", "nenhum nó com falha nos dados")


def mean_time(by: str) -> str:
    """The mean time of a node."""
    return mean("n8n_exporter_node_duration_seconds", MINE, "$__range", by, over="increase")


DASHBOARD = dashboard(
    "vya-n8n-nodes",
    t("n8n nodes", "Nós do n8n"),
    "Which nodes are slow, which fail? From the exporter of nodes.",
    [
        variable("instance", t("n8n", "n8n"), "n8n_exporter_run_success", "instance"),
        variable(
            "workflow",
            t("Workflow", "Fluxo"),
            f"n8n_exporter_node_executions_total{HOST}",
            "workflow_name",
        ),
        variable(
            "node_type",
            t("Node type", "Tipo de nó"),
            f"n8n_exporter_node_executions_total{also(HOST, WORKFLOW)}",
            "node_type",
        ),
    ],
    row(
        ALL_IS_WELL,
        *exporter_state(
            EXPORTER,
            links=[link(t("n8n overview", "Visão geral do n8n"), "vya-n8n-overview", keep=KEEP)],
        ),
        stat(
            t("Failed node runs, 1 h", "Nós com falha, 1 h"),
            "Share of the node runs of the last hour that failed. Without workflows of which n8n does not save all.",
            share(
                f"sum(increase({FAILED_OF_RATED}[1h]))",
                f"sum(increase({RATED_RUNS}[1h]))",
            ),
            "failed",
            empty=NO_NODE_RAN_IN_1_H,
            unit="percentunit",
            decimals=1,
            steps=N8N_ERRORS,
        ),
        stat(
            t("Node runs, 1 h", "Execuções de nós, 1 h"),
            "Node runs of the last hour.",
            f"round(sum(increase({RUNS}[1h])))",
            "runs",
            empty=NO_NODE_RAN_IN_THIS_RANGE,
            unit="locale",
            steps=[("blue", 0)],
        ),
        stat(
            t("Slowest node type p95", "Tipo mais lento p95"),
            "The node type that is slowest in the last hour: 95 % of its runs were faster than this.",
            f"topk(1, {quantile(0.95, TYPE_TIMES, '1h', by='node_type')})",
            "{{node_type}}",
            empty=NO_NODE_RAN_IN_1_H,
            unit="s",
            decimals=1,
            steps=levels(5, 30),
            names=True,
        ),
        stat(
            t("Stopped at a cap", "Parou em um limite"),
            "Whether the last run left nodes for the next one. Always YES: raise the caps, or run more often.",
            f"max(n8n_exporter_run_capped{EXPORTER}) or 0 * max(n8n_exporter_run_success{EXPORTER})",
            "capped",
            empty=EXPORTER_HAS_NOT_RUN,
            mappings=states(("0", NO, "green"), ("1", YES, "orange")),
            steps=[("green", 0), ("orange", 1)],
        ),
    ),
    row(
        t("Node types", "Tipos de nó"),
        graph(
            t("Runs by node type", "Execuções por tipo de nó"),
            "Node runs per minute, the ten busiest types.",
            (
                f"topk(10, {per_minute(RUNS, N8N_RATE, by='node_type')})",
                "{{node_type}}",
            ),
            unit="suffix:/min",
            stacked=True,
        ),
        graph(
            t("Failures by node type", "Falhas por tipo de nó"),
            "Failed node runs per minute.",
            (
                per_minute(FAILED_RUNS, N8N_RATE, by="node_type"),
                "{{node_type}}",
            ),
            empty=NO_NODE_FAILED_IN_THIS_RANGE,
            unit="suffix:/min",
            stacked=True,
            soft_max=1,
        ),
        graph(
            t("Time by node type p95", "Duração por tipo de nó p95"),
            "95 % of the runs of a node of this type were faster.",
            (
                quantile(0.95, TYPE_TIMES, N8N_RATE, by="node_type"),
                "{{node_type}}",
            ),
            unit="s",
        ),
        heatmap(
            t("How node runs are spread", "Distribuição das execuções de nós"),
            "How many node runs fell into which band of time.",
            TYPE_TIMES,
            step=N8N_RATE,
        ),
        empty=NO_NODE_RAN_IN_THIS_RANGE,
    ),
    row(
        t("Nodes", "Nós"),
        bars(
            t("Slowest nodes", "Nós mais lentos"),
            "The ten nodes with the longest mean time in the chosen range.",
            f"topk(10, {mean_time(NODE)})",
            "{{workflow_name}} / {{node_name}}",
            unit="s",
            steps=[("blue", 0)],
            width=8,
        ),
        bars(
            t("Slowest runs", "Execuções mais lentas"),
            "The ten nodes with the slowest single run in the chosen range.",
            f"topk(10, max by ({NODE}) (max_over_time({SLOWEST}[$__range])))",
            "{{workflow_name}} / {{node_name}}",
            unit="s",
            steps=[("blue", 0)],
            width=8,
        ),
        bars(
            t("Most failures", "Mais falhas"),
            "The ten nodes that failed most often in the chosen range.",
            f"topk(10, round({in_range(FAILED_RUNS, by=NODE)}) > 0)",
            "{{workflow_name}} / {{node_name}}",
            empty=NO_NODE_FAILED_IN_THIS_RANGE,
            unit="short",
            decimals=0,
            steps=[("orange", 0), ("red", 10)],
            width=8,
        ),
        table(
            t("All nodes", "Todos os nós"),
            "Each node in the chosen range, in production. A node that goes on after an error counts as success, as in n8n.",
            [
                f"round({in_range(RUNS, by=NODE_AND_TYPE)})",
                f"round({in_range(FAILED_RUNS, by=NODE_AND_TYPE)}) or 0 * sum by ({NODE_AND_TYPE}) ({RUNS})",
                mean_time(NODE_AND_TYPE),
                in_range(f"n8n_exporter_node_duration_seconds_sum{MINE}", by=NODE_AND_TYPE),
            ],
            columns=[
                column("workflow_name", t("Workflow", "Fluxo"), width=300),
                column("node_name", t("Node", "Nó")),
                column("node_type", t("Type", "Tipo"), width=260),
                column("Value #A", t("Runs", "Execuções"), unit="locale"),
                column(
                    "Value #B",
                    t("Failed", "Com falha"),
                    unit="short",
                    steps=NONE_IS_WELL,
                ),
                column("Value #C", t("Mean time", "Tempo médio"), unit="s"),
                column("Value #D", t("Time in all", "Tempo total"), unit="s"),
                column("workflow_id", t("Id of the workflow", "Id do fluxo"), width=180),
            ],
            sort=t("Time in all", "Tempo total"),
            height=10,
        ),
        empty=NO_NODE_RAN_IN_THIS_RANGE,
    ),
    source=N8N,
)
