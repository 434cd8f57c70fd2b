# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database health."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, row, variable
from ..panels import NONE_IS_WELL, UP_DOWN_STALE, graph, heatmap, stat, timeline
from ..queries import also, last_hour, mean, of_group, or_stale, per_minute, quantile, where
from ..values import DATABASE, PUSH_STALE, QUANTILE, RATE, t

HOST = where('instance=~"$instance"')
TYPE = 'db_type=~"$db_type"'
MINE = also(HOST, TYPE, 'database=~"$database"')
GOOD = also(MINE, 'status="success"')
BAD = also(MINE, 'status="error"')
NO_DATABASE_IS_PROBED = t("no database is probed", "nenhum banco é verificado")
NO_PROBE_LATELY = t("no probe lately", "nenhuma verificação recente")
NO_PROBE_IN_THIS_RANGE = t("no probe in this range", "nenhuma verificação no período")
NO_PROBE_HAS_FAILED = t("no failed probe in the data", "nenhuma falha nos dados")


def buckets(operation: str) -> str:
    """The times of an operation that succeeded."""
    selector = also(MINE, f'operation="{operation}"', 'status="success"')
    return f"database_query_latency_seconds_bucket{selector}"


def slowest(operation: str) -> str:
    """The 95th percentile of the slowest database."""
    return f"max({quantile(0.95, buckets(operation), QUANTILE, by='db_type, database')})"


def times(operation: str) -> tuple[str, str]:
    """The 95th percentile of each database, as the rules recorded it, where they are loaded."""
    selector = also(MINE, f'operation="{operation}"')
    recorded = f"job_instance_database_operation:database_query_latency_seconds:p95{selector}"
    counted = quantile(0.95, buckets(operation), QUANTILE, by="database, instance")
    expr = f"max by (database, instance) ({recorded}) or {counted}"
    return expr, "{{database}} ← {{instance}}"


AVAILABLE = or_stale(
    f"database_available{MINE}",
    of_group(f"push_time_seconds{HOST}"),
    PUSH_STALE,
    join="on (job, instance) group_left () ",
)
DASHBOARD = dashboard(
    "vya-database-health",
    t("Database health", "Saúde dos bancos de dados"),
    "Can the collectors connect to PostgreSQL and MySQL, and how long does it take?",
    [
        variable("instance", t("Probed by", "Verificado por"), "database_available", "instance"),
        variable("db_type", t("Type", "Tipo"), f"database_available{HOST}", "db_type"),
        variable(
            "database",
            t("Database", "Banco"),
            f"database_available{also(HOST, TYPE)}",
            "database",
        ),
    ],
    row(
        ALL_IS_WELL,
        stat(
            t("Databases", "Bancos de dados"),
            f"Each database by its last probe. STALE: the last push is older than {PUSH_STALE} s, so what the gateway still shows is old.",
            AVAILABLE,
            "{{database}} ← {{instance}}",
            mappings=UP_DOWN_STALE,
            names=True,
            width=24,
        ),
        stat(
            t("Query p95, slowest", "Consulta p95, pior"),
            f"The slowest database: 95 % of its probe queries of the last {QUANTILE} were faster.",
            slowest("query"),
            "p95",
            empty=NO_PROBE_LATELY,
            unit="s",
            steps=DATABASE,
        ),
        stat(
            t("Connect p95, slowest", "Conexão p95, pior"),
            f"The slowest database: 95 % of its probe connections of the last {QUANTILE} were faster.",
            slowest("connect"),
            "p95",
            empty=NO_PROBE_LATELY,
            unit="s",
            steps=DATABASE,
        ),
        stat(
            t("Failed probes, 1 h", "Verificações com falha, 1 h"),
            "Probes of the last hour that could not connect or query.",
            last_hour(f"database_connection_errors_total{MINE}", f"database_available{MINE}"),
            "failed",
            steps=NONE_IS_WELL,
        ),
        stat(
            t("Available", "Disponibilidade"),
            "Share of the chosen range in which the databases were available, as far as they were probed.",
            f"avg(avg_over_time(database_available{MINE}[$__range]))",
            "available",
            unit="percentunit",
            decimals=2,
            steps=[("red", 0), ("yellow", 0.99), ("green", 0.999)],
        ),
        empty=NO_DATABASE_IS_PROBED,
        width=6,
    ),
    row(
        t("Availability", "Disponibilidade"),
        timeline(
            t("Available over time", "Disponibilidade ao longo do tempo"),
            "The state of each database by the collector that probes it. "
            f"STALE: the last push is older than {PUSH_STALE} s, so what the gateway still shows is old.",
            AVAILABLE,
            "{{database}} ← {{instance}}",
            empty=NO_DATABASE_IS_PROBED,
            mappings=UP_DOWN_STALE,
            steps=[("red", 0), ("green", 1)],
            width=24,
            height=6,
        ),
    ),
    row(
        t("Latency", "Latência"),
        graph(
            t("Query time p95", "Tempo de consulta p95"),
            "Time of the probe query. The lines are the thresholds. Between the bounds of the buckets a quantile is an estimate.",
            times("query"),
            unit="s",
            steps=DATABASE,
            lines=True,
            height=9,
        ),
        graph(
            t("Connect time p95", "Tempo de conexão p95"),
            "Time to connect, apart from the query: slow here and fast there is the network, TLS or the login.",
            times("connect"),
            unit="s",
            steps=DATABASE,
            lines=True,
            height=9,
        ),
        graph(
            t("Mean time by operation", "Tempo médio por operação"),
            "Mean of connect and query, without the rounding that quantiles have from their buckets.",
            (
                mean("database_query_latency_seconds", GOOD, RATE, by="database, operation"),
                "{{database}} {{operation}}",
            ),
            unit="s",
        ),
        heatmap(
            t("How queries are spread", "Distribuição das consultas"),
            "How many probe queries fell into which band of time.",
            buckets("query"),
            step=RATE,
        ),
        empty=NO_PROBE_IN_THIS_RANGE,
    ),
    row(
        t("Failures", "Falhas"),
        graph(
            t("Failed probes by cause", "Falhas por causa"),
            "Failed probes per minute by cause. No line: none has failed since the collector started.",
            (
                per_minute(
                    f"database_connection_errors_total{MINE}", RATE, by="database, error_type"
                ),
                "{{database}} {{error_type}}",
            ),
            unit="suffix:/min",
            stacked=True,
            soft_max=1,
        ),
        graph(
            t("Time lost in failures", "Tempo gasto em falhas"),
            "Mean time of operations that failed. As long as the timeout: the host does not answer at all.",
            (
                mean("database_query_latency_seconds", BAD, RATE, by="database, operation"),
                "{{database}} {{operation}}",
            ),
            unit="s",
        ),
        empty=NO_PROBE_HAS_FAILED,
    ),
)
