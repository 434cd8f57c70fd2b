# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collector API overview."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, row, variable
from ..panels import UP_DOWN_STALE, column, graph, link, stat, table
from ..queries import (
    also,
    last_hour,
    of_group,
    or_stale,
    per_minute,
    quantile,
    quantiles,
    share,
    where,
)
from ..values import MEMORY, PUSH_AGE, PUSH_STALE, QUANTILE, RATE, levels, t

MINE = where('job=~"$job"', 'instance=~"$instance"')
# Without the wrong keys by which a validation asks whether they are refused.
ASKED = also(MINE, 'endpoint!="key_check"')
REFUSED = also(ASKED, 'status_code=~"[45].."')
WRONG_KEY = also(ASKED, 'status_code="401"')
OF_COLLECTORS = f"and on (job, instance) collector_api_up{MINE}"
NO_COLLECTOR_HAS_PUSHED = t("no collector has pushed", "nenhum coletor enviou dados")
NO_REQUEST_LATELY = t("no request lately", "nenhuma requisição recente")
NO_REQUEST_IN_THIS_RANGE = t("no request in this range", "nenhuma requisição no período")

DASHBOARD = dashboard(
    "vya-collector-api",
    t("Collector API overview", "Visão geral da API coletora"),
    "Are the collectors alive, do they answer, and to whom? Detail: requests, pings, processes.",
    [
        variable("job", t("Job", "Job"), "collector_api_up", "job"),
        variable("instance", t("Host", "Host"), 'collector_api_up{job=~"$job"}', "instance"),
    ],
    row(
        ALL_IS_WELL,
        stat(
            t("Collectors", "Coletores"),
            f"Each collector by its last push. STALE: the last push is older than {PUSH_STALE} s, so what the gateway still shows is old.",
            or_stale(
                f"collector_api_up{MINE}",
                of_group(f"push_time_seconds{MINE}"),
                PUSH_STALE,
                "on (job, instance) ",
            ),
            "{{instance}}",
            mappings=UP_DOWN_STALE,
            names=True,
            width=12,
            links=[link(t("Pipeline health", "Saúde do fluxo de dados"), "vya-pipeline-health")],
        ),
        stat(
            t("Oldest push", "Envio mais antigo"),
            "Age of the push that is longest ago. The gateway keeps what it was given, so only the age shows a dead collector.",
            f"max(time() - push_time_seconds{MINE} {OF_COLLECTORS})",
            "age",
            unit="s",
            steps=PUSH_AGE,
            links=[link(t("Pipeline health", "Saúde do fluxo de dados"), "vya-pipeline-health")],
        ),
        stat(
            t("Last ping", "Último ping"),
            "Time since the last ping was accepted, by any of these collectors.",
            f"time() - max(ping_last_received_timestamp_seconds{MINE})",
            "age",
            empty=t("no ping received yet", "nenhum ping recebido"),
            unit="s",
            steps=levels(90, 180),
            links=[link(t("Network latency", "Latência de rede"), "vya-network-latency")],
        ),
        stat(
            t("Most memory", "Maior uso de memória"),
            "Resident memory of the collector that uses most.",
            f"max(process_resident_memory_bytes{MINE} {OF_COLLECTORS})",
            "memory",
            unit="decbytes",
            steps=MEMORY,
        ),
        stat(
            t("Refused or failed", "Recusadas ou falhas"),
            f"Share of the requests of the last {RATE} that were answered with 4xx or 5xx.",
            share(
                f"sum(rate(api_requests_total{REFUSED}[{RATE}]))",
                f"sum(rate(api_requests_total{ASKED}[{RATE}]))",
            ),
            "share",
            empty=NO_REQUEST_LATELY,
            unit="percentunit",
            decimals=1,
            steps=levels(0.01, 0.05),
            width=8,
        ),
        stat(
            t("Wrong key (401), 1 h", "Chave errada (401), 1 h"),
            "Requests of the last hour that were refused for a missing or wrong API key. More than a few: a sender has another key than the collector.",
            last_hour(f"api_requests_total{WRONG_KEY}", f"collector_api_up{MINE}"),
            "401",
            steps=levels(1, 10),
            width=8,
        ),
        stat(
            t("Request time p95", "Tempo de resposta p95"),
            f"95 % of the requests under /api of the last {QUANTILE} were answered within this time.",
            quantile(0.95, f"api_request_duration_seconds_bucket{MINE}", QUANTILE),
            "p95",
            empty=NO_REQUEST_LATELY,
            unit="s",
            decimals=1,
            steps=levels(0.25, 1),
            width=8,
        ),
        empty=NO_COLLECTOR_HAS_PUSHED,
        width=4,
    ),
    row(
        t("Requests", "Requisições"),
        graph(
            t("Requests by status", "Requisições por status"),
            "Requests per second by the status they were answered with. Refused ones are counted, too.",
            (f"sum by (status_code) (rate(api_requests_total{MINE}[{RATE}]))", "{{status_code}}"),
            unit="reqps",
            stacked=True,
            colors={"2..": "green", "4..": "yellow", "401": "dark-orange", "5..": "red"},
        ),
        graph(
            t("Requests by endpoint", "Requisições por endpoint"),
            "Requests per second by endpoint. Paths that do not exist share the endpoint unmatched.",
            (f"sum by (endpoint) (rate(api_requests_total{MINE}[{RATE}]))", "{{endpoint}}"),
            unit="reqps",
            stacked=True,
        ),
        graph(
            t("Request time", "Tempo de resposta"),
            "Quantiles of the time to answer a request under /api. Bounded by the buckets of the histogram.",
            *quantiles(f"api_request_duration_seconds_bucket{MINE}", QUANTILE),
            unit="s",
        ),
        empty=NO_REQUEST_IN_THIS_RANGE,
        width=8,
    ),
    row(
        t("Pings", "Pings"),
        graph(
            t("Pings accepted", "Pings aceitos"),
            "Accepted pings per minute, by where they come from. A sender pings every 30 s, so 2 per minute is normal.",
            (
                per_minute(f"pings_received_total{MINE}", RATE, by="source_location, instance"),
                "{{source_location}} → {{instance}}",
            ),
            empty=t("no ping received in this range", "nenhum ping recebido no período"),
            unit="suffix:/min",
            links=[link(t("Network latency", "Latência de rede"), "vya-network-latency")],
        ),
        graph(
            t("Databases available", "Bancos disponíveis"),
            "Databases whose last probe connected and queried, by the collector that probes them.",
            (f"sum by (instance) (database_available{MINE})", "{{instance}}"),
            empty=t("no database is probed", "nenhum banco é verificado"),
            links=[link(t("Database health", "Saúde dos bancos"), "vya-database-health")],
        ),
    ),
    row(
        t("Processes", "Processos"),
        table(
            t("What runs", "O que está em execução"),
            "Version and source revision of each collector, since when it runs, and its last push.",
            [
                f"max by (instance, job, version, revision) (collector_build_info{MINE})",
                f"max by (instance, job) (time() - process_start_time_seconds{MINE} {OF_COLLECTORS})",
                f"max by (instance, job) (time() - push_time_seconds{MINE} {OF_COLLECTORS})",
            ],
            columns=[
                column("instance", t("Host", "Host")),
                column("job", t("Job", "Job")),
                column("version", t("Version", "Versão")),
                column("revision", t("Revision", "Revisão")),
                column("Value #B", t("Running for", "Em execução há"), unit="s"),
                column("Value #C", t("Last push", "Último envio"), unit="s", steps=PUSH_AGE),
            ],
            height=6,
        ),
        graph(
            t("Memory", "Memória"),
            "Resident memory of each collector. The line is the limit that an alert goes by.",
            (f"process_resident_memory_bytes{MINE} {OF_COLLECTORS}", "{{instance}}"),
            unit="decbytes",
            steps=MEMORY,
            lines=True,
            width=6,
        ),
        graph(
            t("CPU", "CPU"),
            "Share of one core that each collector uses.",
            (f"rate(process_cpu_seconds_total{MINE}[{RATE}]) {OF_COLLECTORS}", "{{instance}}"),
            unit="percentunit",
            width=6,
        ),
        graph(
            t("Open files", "Arquivos abertos"),
            "Open file descriptors, as a share of how many the process may have.",
            (f"process_open_fds{MINE} / process_max_fds{MINE} {OF_COLLECTORS}", "{{instance}}"),
            unit="percentunit",
            steps=[("green", 0), ("red", 0.8)],
            width=6,
        ),
        graph(
            t("Log records suppressed", "Registros de log suprimidos"),
            "Log records that were not written, because there were too many of their kind: somebody sends many bad requests.",
            (f"increase(collector_log_suppressed_total{MINE}[{RATE}])", "{{instance}}"),
            soft_max=1,
            width=6,
        ),
        empty=NO_COLLECTOR_HAS_PUSHED,
    ),
)
