# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline health."""

from __future__ import annotations

from ..dashboard import ALL_IS_WELL, dashboard, row, variable
from ..panels import NO, NONE_IS_WELL, YES, column, graph, stat, states, table, timeline
from ..queries import also, mean, of_group, per_minute, where
from ..values import N8N_STALE, PUSH_AGE, PUSH_STALE, RATE, levels, t

MINE = where('job=~"$job"')
COLLECTORS = also(MINE, 'job=~"collector_api_.+"')
OTHERS = also(MINE, 'job!~"collector_api_.+"')
NO_GROUP_IS_SCRAPED = t("no group is scraped", "nenhum grupo coletado")
NO_COLLECTOR_HAS_PUSHED = t("no collector has pushed", "nenhum coletor enviou dados")
NOTHING_IS_SCRAPED = t("nothing is scraped", "nada é coletado")
NO_COLLECTOR_SPOOLS = t("no collector spools", "nenhum coletor usa fila")
NOBODY_VALIDATES = t(
    "no validation is published (validate_publish)",
    "nenhuma validação é publicada (validate_publish)",
)
WAITING, LOST = t("waiting", "na fila"), t("lost", "perdidas")
RETRIED, GIVEN_UP = t("retried", "repetidas"), t("given up", "abandonadas")
NOTHING_IS_WRITTEN_TO_ANOTHER_STORE = t(
    "nothing is written to another store", "nada é gravado em outro armazenamento"
)

DASHBOARD = dashboard(
    "vya-pipeline-health",
    t("Pipeline health", "Saúde do fluxo de dados"),
    "Do the numbers arrive: pushed, scraped, once, and kept?",
    [
        variable("job", t("Group", "Grupo"), "push_time_seconds", "job"),
    ],
    row(
        ALL_IS_WELL,
        stat(
            t("Stale groups", "Grupos parados"),
            f"Groups whose last push is older than {PUSH_STALE} s; for others than the collectors, which cron starts more rarely: {N8N_STALE} s.",
            f"count(time() - push_time_seconds{COLLECTORS} > {PUSH_STALE} "
            f"or time() - push_time_seconds{OTHERS} > {N8N_STALE}) or 0 * count(push_time_seconds{MINE})",
            "stale",
            steps=NONE_IS_WELL,
        ),
        stat(
            t("Oldest push", "Envio mais antigo"),
            "Age of the push that is longest ago, of the chosen collectors.",
            f"max(time() - push_time_seconds{COLLECTORS})",
            "age",
            empty=NO_COLLECTOR_HAS_PUSHED,
            unit="s",
            steps=PUSH_AGE,
        ),
        stat(
            t("Last scrape", "Última coleta"),
            "Time since Prometheus last took groups over from the gateway; looks back one hour. High: the gateway is away, or its job is gone.",
            # Not by group: one that was deleted would count for an hour.
            f"time() - max(max_over_time(timestamp(push_time_seconds{MINE})[1h:15s]))",
            "age",
            empty=t("not scraped for an hour", "sem coleta há uma hora"),
            unit="s",
            steps=levels(60, 180),
        ),
        stat(
            t("Targets down", "Alvos fora do ar"),
            "Scrape targets that did not answer the last scrape.",
            "count(up == 0) or 0 * count(up)",
            "down",
            empty=NOTHING_IS_SCRAPED,
            steps=NONE_IS_WELL,
        ),
        stat(
            t("Collected twice", "Coletados em dobro"),
            "Processes whose metrics arrive by more than one path: two groups, or pushed and scraped. Their sums and alerts count twice.",
            'count(count_values("start", process_start_time_seconds and on (job, instance) collector_api_up) > 1) or 0 * count(collector_api_up)',
            "twice",
            empty=NO_COLLECTOR_HAS_PUSHED,
            steps=NONE_IS_WELL,
        ),
        stat(
            t("Renamed labels", "Rótulos renomeados"),
            "Groups that Prometheus stored with exported_job: the scrape job of the gateway lacks honor_labels, so dashboards and alerts do not find them.",
            'count(push_time_seconds{exported_job!=""}) or 0 * count(push_time_seconds)',
            "renamed",
            steps=NONE_IS_WELL,
        ),
        stat(
            t("Spool", "Fila em disco"),
            "Samples that wait on disk because VictoriaMetrics did not take them. They are replayed in order.",
            f"sum(collector_spool_samples{MINE})",
            "waiting",
            empty=NO_COLLECTOR_SPOOLS,
            steps=levels(100, 10000),
        ),
        stat(
            t("Alerts firing", "Alertas ativos"),
            "Alerts of the Prometheus rules that fire now.",
            'count(ALERTS{alertstate="firing"}) or 0 * sum(prometheus_rule_group_rules)',
            "firing",
            empty=t("no rule is loaded", "nenhuma regra carregada"),
            steps=NONE_IS_WELL,
        ),
        empty=NO_GROUP_IS_SCRAPED,
        width=6,
    ),
    row(
        t("Pushes", "Envios"),
        graph(
            t("Age of the last push", "Idade do último envio"),
            f"The greatest age in each {RATE}. Level at the push interval is healthy; a straight climb is a dead pusher. "
            "The red line is where a collector counts as stale.",
            (
                f"max by (job, instance) (max_over_time((time() - push_time_seconds{MINE})[{RATE}:15s]))",
                "{{job}} {{instance}}",
            ),
            empty=NO_GROUP_IS_SCRAPED,
            unit="s",
            steps=PUSH_AGE,
            lines=True,
        ),
        graph(
            t("Since the last success, by target", "Desde o último sucesso, por destino"),
            "As each collector knows it: time between its last push to the gateway and its last success at each target.",
            (
                f"{of_group(f'push_time_seconds{MINE}')} - on (job, instance) group_right () "
                # 0 until the first success.
                f"(collector_push_last_success_timestamp_seconds{MINE} > 0)",
                "{{instance}} → {{target}}",
            ),
            unit="s",
            signed=True,
        ),
        graph(
            t("Pushes by status", "Envios por status"),
            "Pushes per minute by target and status, as the collectors count them.",
            (
                per_minute(f"collector_push_total{MINE}", RATE, by="target, status"),
                "{{target}} {{status}}",
            ),
            unit="suffix:/min",
            colors={"/failure/": "red"},
            width=8,
        ),
        graph(
            t("Time of a push", "Duração do envio"),
            "Mean time of a push, failed ones too. Near the timeout of 10 s: the proxy or the target is too slow.",
            (
                mean("collector_push_duration_seconds", MINE, RATE, by="instance, target"),
                "{{instance}} → {{target}}",
            ),
            unit="s",
            width=8,
        ),
        graph(
            t("Spool and losses", "Fila e perdas"),
            "Samples that wait on disk, and samples lost because the spool was full or the target refused them for good.",
            (f"collector_spool_samples{MINE}", f"{{{{instance}}}} {WAITING}"),
            (f"increase(collector_spool_dropped_total{MINE}[{RATE}])", f"{{{{instance}}}} {LOST}"),
            empty=NO_COLLECTOR_SPOOLS,
            soft_max=1,
            colors={f"/{LOST}$/": "red"},
            width=8,
        ),
        table(
            t("Groups on the gateway", "Grupos no gateway"),
            "Each group, the age of its last push, and of its last refused push where there was one. "
            "A group that nobody pushes any more stays until it is deleted.",
            [
                f"max by (job, instance) (time() - push_time_seconds{MINE})",
                f"max by (job, instance) (time() - (push_failure_time_seconds{MINE} > 0))",
                f"max by (job, instance) (push_failure_time_seconds{MINE} > bool push_time_seconds{MINE})",
            ],
            empty=NO_GROUP_IS_SCRAPED,
            columns=[
                column("job", t("Group", "Grupo")),
                column("instance", t("Host", "Host")),
                column("Value #A", t("Last push", "Último envio"), unit="s"),
                column("Value #B", t("Last refused push", "Último envio recusado"), unit="s"),
                column(
                    "Value #C",
                    t("Refused now", "Recusado agora"),
                    steps=NONE_IS_WELL,
                    mappings=states(("0", NO, "green"), ("1", YES, "red")),
                ),
            ],
            sort=t("Last push", "Último envio"),
            height=6,
        ),
        empty=NO_COLLECTOR_HAS_PUSHED,
    ),
    row(
        t("Scrapes", "Coletas"),
        timeline(
            t("Targets", "Alvos"),
            "Every scrape target of Prometheus over time.",
            "up",
            "{{job}} {{instance}}",
            mappings=states(("1", "UP", "green"), ("0", "DOWN", "red")),
            steps=[("red", 0), ("green", 1)],
        ),
        graph(
            t("Scraped samples", "Amostras coletadas"),
            "Samples of each scrape. A jump without a deploy: something is collected twice, or a label has too many values.",
            ("scrape_samples_scraped", "{{job}} {{instance}}"),
        ),
        graph(
            t("Time of a scrape", "Duração da coleta"),
            "How long each scrape took.",
            ("scrape_duration_seconds", "{{job}} {{instance}}"),
            unit="s",
        ),
        empty=NOTHING_IS_SCRAPED,
        width=8,
    ),
    row(
        t("Prometheus and VictoriaMetrics", "Prometheus e VictoriaMetrics"),
        graph(
            t("Remote write behind by", "Atraso da gravação remota"),
            "How far the samples written to VictoriaMetrics lag behind what Prometheus has.",
            (
                "prometheus_remote_storage_highest_timestamp_in_seconds - on "
                "(job, instance) group_right () prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
                # Without a name in the configuration, remote_name is a hash.
                "{{instance}} → {{url}}",
            ),
            unit="s",
        ),
        graph(
            t("Remote write failures", "Falhas da gravação remota"),
            "Samples per second that were retried, or given up.",
            (
                "sum by (url) (rate(prometheus_remote_storage_samples_retried_total[$__rate_interval]))",
                f"{{{{url}}}} {RETRIED}",
            ),
            (
                "sum by (url) (rate(prometheus_remote_storage_samples_failed_total[$__rate_interval]))",
                f"{{{{url}}}} {GIVEN_UP}",
            ),
            soft_max=1,
            colors={f"/{GIVEN_UP}$/": "red"},
        ),
        graph(
            t("Samples ingested", "Amostras gravadas"),
            "Samples per second that Prometheus stores.",
            (
                "rate(prometheus_tsdb_head_samples_appended_total[$__rate_interval])",
                "{{job}} {{instance}}",
            ),
            empty=t("Prometheus does not scrape itself", "o Prometheus não coleta a si mesmo"),
        ),
        empty=NOTHING_IS_WRITTEN_TO_ANOTHER_STORE,
        width=8,
    ),
    row(
        t("Validation", "Validação"),
        stat(
            t("Failed checks", "Verificações que falharam"),
            "Checks that failed in the last published run.",
            'sum(validation_run_checks{status="fail"})',
            "failed",
            steps=NONE_IS_WELL,
            width=4,
            height=8,
        ),
        stat(
            t("Last run", "Última execução"),
            "Time since the end of the last published run. High: the schedule has stopped, or its runs end before they report.",
            "max(time() - validation_run_timestamp_seconds)",
            "age",
            unit="s",
            steps=levels(3900, 7200),
            width=4,
            height=8,
        ),
        graph(
            t("Checks by status", "Verificações por situação"),
            "Checks of each published run. It stays level until the next run; a change is a check that began to fail or was repaired.",
            ("validation_run_checks", "{{instance}} {{status}}"),
            colors={
                "/ fail$/": "red",
                "/ warn$/": "yellow",
                "/ pass$/": "green",
                "/ skip$/": "blue",
            },
            width=8,
        ),
        graph(
            t("Duration of a run", "Duração da execução"),
            "How long all checks of a run took.",
            ("validation_run_duration_seconds", "{{instance}}"),
            unit="s",
            width=8,
        ),
        table(
            t("What did not pass", "O que não passou"),
            "Checks that warned or failed in the last published run. The code says why: its cause and next step are in codes.md.",
            ["max by (instance, check, host, code) (validation_check_status > 0)"],
            [
                column("instance", t("Inventory", "Inventário"), 160),
                column("check", t("Check", "Verificação"), 220),
                column("host", t("Host", "Host"), 220),
                column("code", t("Code", "Código")),
                column(
                    "Value #A",
                    t("Status", "Situação"),
                    100,
                    mappings=states(("1", "WARN", "orange"), ("2", "FAIL", "red")),
                    steps=[("green", 0), ("orange", 1), ("red", 2)],
                ),
            ],
            empty=t(
                "no warning and no failure in what is published",
                "nenhum aviso nem falha no que foi publicado",
            ),
        ),
        empty=NOBODY_VALIDATES,
    ),
)
