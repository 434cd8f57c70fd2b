# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors and logs. Only with a Loki: the role leaves it out where there is none."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, log_variable, row
from ..panels import NONE_IS_WELL, Json, graph, log_graph, log_stat, logs, stat
from ..queries import also, last_hour, per_minute, where
from ..values import RATE, t

CHOSEN = where('host=~"$host"', 'service=~"$service"')
ERRORS = also(CHOSEN, 'level=~"(?i)(error|err|critical|crit|fatal|panic|alert|emergency)"')
SERVER_ERRORS = "api_requests_total" + where('status_code=~"5.."')
FAILED_PUSHES = "collector_push_total" + where('status="failure"')
NO_LINE = t("no line has arrived", "nenhuma linha chegou")
NO_ERROR = t("no error line in this range", "nenhuma linha de erro no período")
NO_COLLECTOR = t("no collector has pushed", "nenhum coletor enviou dados")
NO_PING = t("no ping service has sent", "nenhum serviço de ping enviou dados")
NO_DATABASE = t("no database is probed", "nenhum banco é verificado")


def lines(selector: str, window: str) -> str:
    """How many lines there were within a window."""
    return f"sum(count_over_time({selector}[{window}]))"


def counted(title: str, description: str, expr: str, legend: str, empty: str) -> Json:
    """How many errors the metrics have counted; none is well."""
    return stat(title, description, expr, legend, empty=empty, steps=NONE_IS_WELL)


DASHBOARD = dashboard(
    "vya-errors",
    t("Errors and logs", "Erros e logs"),
    "What went wrong: error lines of Loki, errors that the metrics count and deploys, on one time axis.",
    [
        log_variable("host", t("Host", "Máquina")),
        log_variable("service", t("Service", "Serviço")),
    ],
    row(
        ALL_IS_WELL,
        log_stat(
            t("Error lines, 1 h", "Linhas de erro, 1 h"),
            "Lines with the level error or worse within an hour. Without a value no line at all has arrived for five minutes.",
            f"{lines(ERRORS, '1h')} or 0 * {lines(CHOSEN, '5m')}",
            "lines",
            empty=NO_LINE,
            steps=NONE_IS_WELL,
        ),
        counted(
            t("Server errors, 1 h", "Erros do servidor, 1 h"),
            "Requests that the collectors answered with 5xx within an hour.",
            last_hour(SERVER_ERRORS, "collector_api_up"),
            "requests",
            NO_COLLECTOR,
        ),
        counted(
            t("Failed pushes, 1 h", "Envios que falharam, 1 h"),
            "Pushes of the collectors that failed within an hour. They are tried again.",
            last_hour(FAILED_PUSHES, "collector_api_up"),
            "pushes",
            NO_COLLECTOR,
        ),
        counted(
            t("Failed pings, 1 h", "Pings que falharam, 1 h"),
            "Pings that failed within an hour, by any cause.",
            last_hour("ping_errors_total", "ping_service_up"),
            "pings",
            NO_PING,
        ),
        counted(
            t("Failed probes, 1 h", "Verificações que falharam, 1 h"),
            "Probes of databases that failed within an hour.",
            last_hour("database_connection_errors_total", "database_available"),
            "probes",
            NO_DATABASE,
        ),
        log_stat(
            t("Lines, 5 min", "Linhas, 5 min"),
            "Lines of every level within five minutes. None: the shippers or Loki are down, or nothing is written.",
            lines(CHOSEN, "5m"),
            "lines",
            empty=NO_LINE,
            steps=[("green", 1)],
        ),
        width=4,
    ),
    row(
        t("On one time axis", "No mesmo eixo de tempo"),
        log_graph(
            t("Error lines by service", "Linhas de erro por serviço"),
            "Lines with the level error or worse. Vertical lines are deploys.",
            f"sum by (service) (count_over_time({ERRORS}[$__interval]))",
            "{{service}}",
            empty=NO_ERROR,
        ),
        graph(
            t("Errors that the metrics count", "Erros que as métricas contam"),
            "Per minute: answers of the collectors with 5xx, pushes, pings and probes of databases that failed. Vertical lines are deploys.",
            # 0 for a collector that has never answered so.
            (
                f"{per_minute(SERVER_ERRORS, RATE, by='instance')} or "
                f"0 * {per_minute('api_requests_total', RATE, by='instance')}",
                "{{instance}} 5xx",
            ),
            (per_minute(FAILED_PUSHES, RATE, by="instance, target"), "{{instance}} → {{target}}"),
            (
                per_minute("ping_errors_total", RATE, by="source_location, error_type"),
                "ping {{source_location}} {{error_type}}",
            ),
            (
                per_minute("database_connection_errors_total", RATE, by="database, error_type"),
                "{{database}} {{error_type}}",
            ),
            empty=t("no failure in the data", "nenhuma falha nos dados"),
            unit="suffix:/min",
            soft_max=1,
            legend={"placement": "right"},
        ),
        log_graph(
            t("Lines by level", "Linhas por nível"),
            "All lines. A gap is a time from which nothing has arrived. Vertical lines are deploys.",
            f"sum by (level) (count_over_time({CHOSEN}[$__interval]))",
            "{{level}}",
            empty=NO_LINE,
            # What has no level is called Value.
            colors={
                "/^(error|critical|fatal)$/": "red",
                "/^warn/": "yellow",
                "info": "green",
                "debug": "blue",
                "Value": "text",
            },
        ),
        width=24,
        height=7,
    ),
    row(
        t("Lines", "Linhas"),
        logs(
            t("Error lines", "Linhas de erro"),
            "The newest error lines of the chosen hosts and services, with their time.",
            ERRORS,
            empty=NO_ERROR,
        ),
    ),
)
