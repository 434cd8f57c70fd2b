# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network latency Brazil → USA."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, row, variable
from ..panels import graph, heatmap, stat, states, timeline
from ..queries import mean, per_minute, quantile, share, where
from ..values import CLOCKS, QUANTILE, RATE, RTT, VICTORIAMETRICS, levels, t

MINE = where('source_location=~"$source"', 'target_location=~"$target"')
SOURCE = where('source_location=~"$source"')
NO_PING_LATELY = t("no ping lately", "nenhum ping recente")
PING_SERVICE_NOT_SCRAPED = t("ping service not scraped", "serviço de ping não coletado")
NOT_MEASURED_YET = t("not measured yet", "ainda não medida")
NO_PING_RECEIVED_IN_THIS_RANGE = t(
    "no ping received in this range", "nenhum ping recebido no período"
)
NO_SAMPLE_IN_VICTORIAMETRICS_IN_THIS_RANGE = t(
    "no sample in VictoriaMetrics in this range", "nenhuma amostra no VictoriaMetrics no período"
)

MEAN = t("mean", "média")
BY = "source_location, target_location"
PAIR = "{{source_location}} → {{target_location}}"
ROUND_TRIP = f"network_latency_rtt_seconds_bucket{MINE}"
# As the rules recorded them, where they are loaded.
ROUND_TRIPS = [
    (
        f"source_target:network_latency_rtt_seconds:{name}{MINE} or "
        + quantile(rank, ROUND_TRIP, QUANTILE, by=BY),
        f"{PAIR} {name}",
    )
    for name, rank in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
] + [(mean("network_latency_rtt_seconds", MINE, QUANTILE, by=BY), f"{PAIR} {MEAN}")]

DASHBOARD = dashboard(
    "vya-network-latency",
    t("Network latency Brazil → USA", "Latência de rede Brasil → EUA"),
    "How long is the way there and back, does every ping arrive, and do the clocks agree?",
    [
        variable("source", t("From", "De"), "pings_received_total", "source_location"),
        variable(
            "target",
            t("To", "Para"),
            f"network_latency_rtt_seconds_count{SOURCE}",
            "target_location",
        ),
    ],
    row(
        ALL_IS_WELL,
        stat(
            t("Round trip p50", "Ida e volta p50"),
            f"Half of the pings of the last {QUANTILE} were faster. Measured by the sender with four timestamps.",
            quantile(0.5, ROUND_TRIP, QUANTILE),
            "p50",
            unit="s",
            steps=RTT,
        ),
        stat(
            t("Round trip p95", "Ida e volta p95"),
            f"95 % of the pings of the last {QUANTILE} were faster.",
            quantile(0.95, ROUND_TRIP, QUANTILE),
            "p95",
            unit="s",
            steps=RTT,
        ),
        stat(
            t("Last ping", "Último ping"),
            "Time since the last ping was accepted. A sender pings every 30 s.",
            f"time() - max by (source_location) (ping_last_received_timestamp_seconds{SOURCE})",
            "{{source_location}}",
            empty=t("no ping received yet", "nenhum ping recebido"),
            unit="s",
            steps=levels(90, 180),
        ),
        stat(
            t("Lost pings", "Pings perdidos"),
            f"Share of the pings of the last {RATE} that the sender could not deliver.",
            share(
                f"sum(rate(ping_errors_total{MINE}[{RATE}]))",
                f"sum(rate(ping_requests_total{MINE}[{RATE}]))",
            ),
            "lost",
            empty=PING_SERVICE_NOT_SCRAPED,
            unit="percentunit",
            decimals=1,
            steps=levels(0.01, 0.05),
        ),
        stat(
            t("Clock offset", "Diferença dos relógios"),
            "Largest difference between the clocks of a sender and a collector. A large one: NTP does not run on one of them.",
            f"max(abs(network_clock_offset_seconds{MINE}))",
            "offset",
            empty=NOT_MEASURED_YET,
            unit="s",
            steps=CLOCKS,
        ),
        stat(
            t("Ping service", "Serviço de ping"),
            "Each sender. PAUSED: its circuit breaker holds pings back after failures.",
            f"ping_service_up{MINE} - 2 * ping_circuit_open{MINE}",
            "{{source_location}}",
            empty=PING_SERVICE_NOT_SCRAPED,
            mappings=states(
                ("1", "UP", "green"), ("0", "DOWN", "red"), ("-1", t("PAUSED", "PAUSADO"), "orange")
            ),
        ),
        empty=NO_PING_LATELY,
    ),
    row(
        t("Round trip time", "Tempo de ida e volta"),
        graph(
            t("Round trip: p50, p95, p99, mean", "Ida e volta: p50, p95, p99, média"),
            "As the sender measured them with four timestamps and reported them with its next ping. "
            "The lines are the thresholds. Between the bounds of the buckets a quantile is an estimate; the mean is exact.",
            *ROUND_TRIPS,
            unit="s",
            steps=RTT,
            lines=True,
            legend={"displayMode": "table", "placement": "right", "calcs": ["mean", "max"]},
            width=24,
            height=11,
        ),
        graph(
            t("Every single ping", "Cada ping"),
            "Round trip time of each ping, from VictoriaMetrics, which keeps it with its own time. Over long ranges: the slowest of each step.",
            (
                f"max_over_time(ping_sample_rtt_seconds{MINE}[$__interval])",
                f"{PAIR} ({{{{host}}}})",
            ),
            empty=NO_SAMPLE_IN_VICTORIAMETRICS_IN_THIS_RANGE,
            unit="s",
            steps=RTT,
            points=True,
            step="30s",
            source=VICTORIAMETRICS,
        ),
        heatmap(
            t("How pings are spread", "Distribuição dos pings"),
            "How many pings fell into which band of round trip times. Two bands at once: two ways through the network.",
            ROUND_TRIP,
            step=RATE,
        ),
        graph(
            t("The same, by the sender", "O mesmo, pelo emissor"),
            "p95 that the ping service shows at its own port, beside what reached the collector. A gap: reports are lost on the way.",
            (
                quantile(
                    0.95,
                    f"ping_rtt_seconds_bucket{MINE}",
                    QUANTILE,
                    by=BY,
                ),
                f"{PAIR} {t('sender', 'emissor')}",
            ),
            (
                quantile(
                    0.95,
                    ROUND_TRIP,
                    QUANTILE,
                    by=BY,
                ),
                f"{PAIR} {t('collector', 'coletor')}",
            ),
            unit="s",
        ),
        empty=NO_PING_RECEIVED_IN_THIS_RANGE,
        width=8,
    ),
    row(
        t("Delivery", "Entrega"),
        graph(
            t("Pings accepted", "Pings aceitos"),
            "Accepted pings per minute by source. A sender pings every 30 s, so 2 per minute is normal; more after an outage: failed pings are replayed.",
            (
                per_minute(
                    f"pings_received_total{SOURCE}", RATE, by="source_location, source_datacenter"
                ),
                "{{source_location}} ({{source_datacenter}})",
            ),
            empty=NO_PING_RECEIVED_IN_THIS_RANGE,
            unit="suffix:/min",
            width=8,
        ),
        graph(
            t("Failed pings by cause", "Pings com falha por causa"),
            "Failed pings per minute as the sender counts them, by cause.",
            (per_minute(f"ping_errors_total{MINE}", RATE, by="error_type"), "{{error_type}}"),
            empty=t("no failed ping in the data", "nenhum ping com falha nos dados"),
            unit="suffix:/min",
            stacked=True,
            soft_max=1,
            width=8,
        ),
        graph(
            t("Held back", "Retidos"),
            "Failed pings kept for replay, and those lost because the buffer was full.",
            (
                f"sum by (source_location) (ping_buffer_pings{MINE})",
                f"{{{{source_location}}}} {t('kept', 'guardados')}",
            ),
            (
                f"sum by (source_location) (increase(ping_buffer_dropped_total{MINE}[{RATE}]))",
                f"{{{{source_location}}}} {t('lost', 'perdidos')}",
            ),
            soft_max=1,
            width=8,
        ),
        timeline(
            t("Circuit breaker", "Disjuntor"),
            "When the sender held pings back after five failures.",
            f"ping_circuit_open{MINE}",
            PAIR,
            mappings=states(
                ("0", t("closed", "fechado"), "green"), ("1", t("OPEN", "ABERTO"), "red")
            ),
            height=6,
        ),
        graph(
            t("Pings by status", "Pings por status"),
            "Pings sent per minute by status, as the sender counts them.",
            (per_minute(f"ping_requests_total{MINE}", RATE, by="status"), "{{status}}"),
            unit="suffix:/min",
            stacked=True,
            colors={"success": "green", "failure|error": "red"},
            height=6,
        ),
        empty=PING_SERVICE_NOT_SCRAPED,
    ),
    row(
        t("Clocks and processing", "Relógios e processamento"),
        graph(
            t("Clock offset over time", "Diferença dos relógios ao longo do tempo"),
            "Clock of the collector minus clock of the sender, as the sender last computed it.",
            (f"network_clock_offset_seconds{MINE}", "{{source_location}} → {{instance}}"),
            empty=NOT_MEASURED_YET,
            unit="s",
            signed=True,
        ),
        graph(
            t("Processing time of a ping", "Tempo de processamento do ping"),
            "Time that the collector took for each ping, from VictoriaMetrics. Over long ranges: the slowest of each step.",
            (
                f"max_over_time(ping_sample_processing_seconds{MINE}[$__interval])",
                f"{PAIR} ({{{{host}}}})",
            ),
            empty=NO_SAMPLE_IN_VICTORIAMETRICS_IN_THIS_RANGE,
            unit="s",
            points=True,
            step="30s",
            source=VICTORIAMETRICS,
        ),
    ),
)
