# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the first row tell the truth? Prometheus's own promtool evaluates its queries over series
that are written down here. All is asked at minute 30, which is 1800 s."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import yaml

from ...unit.dashboards.files import NAMES, Query, queries, render

QUERIES: dict[tuple[str, str], Query] = {
    (name, query.panel): query
    for name in NAMES
    for query in queries(render(name))
    if query.ref_id == "A"
}
WF001 = 'job="collector_api_wf001_usa", instance="wf001"'
WF008 = 'job="collector_api_wf008_brazil", instance="wf008"'
CRON = 'job="n8n_executions", instance="wf001"'
NOTHING: list[float] = []


def _always(series: str, value: float, since: int = 0) -> tuple[str, str]:
    """A series with one value, from minute ``since`` on."""
    before = f"_x{since} " if since else ""
    return series, f"{before}{value}x{40 - since}"


def _collector(labels: str, pushed: float) -> list[tuple[str, str]]:
    return [
        _always(f"collector_api_up{{{labels}}}", 1),
        _always(f"push_time_seconds{{{labels}}}", pushed),
    ]


def _database(up: float, pushed: float) -> list[tuple[str, str]]:
    series = f'database_available{{{WF001}, db_type="mysql", database="shop"}}'
    return [_always(series, up), *_collector(WF001, pushed)]


def _started(labels: str, when: float) -> list[tuple[str, str]]:
    return [
        _always(f"collector_api_up{{{labels}}}", 1),
        _always(f"process_start_time_seconds{{{labels}}}", when),
    ]


def _exporter(success: float, last: float) -> list[tuple[str, str]]:
    labels = f'{CRON}, exporter="executions"'
    return [
        _always(f"n8n_exporter_run_success{{{labels}}}", success),
        _always(f"n8n_exporter_last_success_timestamp_seconds{{{labels}}}", last),
    ]


def _requests(status: str, values: str) -> tuple[str, str]:
    labels = f'{WF001}, endpoint="/api/ping", method="POST", status_code="{status}"'
    return f"api_requests_total{{{labels}}}", values


DEAD = 1800 - 200  # a collector's last push: older than three intervals
FRESH = 1800 - 30

CASES: list[tuple[str, str, str, list[tuple[str, str]], list[float]]] = [
    ("alive", "collector_api", "Collectors", _collector(WF001, FRESH), [1]),
    # The gateway keeps the last 1 for ever.
    ("dead", "collector_api", "Collectors", _collector(WF001, DEAD), [-1]),
    (
        "one of two dead",
        "collector_api",
        "Collectors",
        _collector(WF001, FRESH) + _collector(WF008, DEAD),
        [1, -1],
    ),
    ("never there", "collector_api", "Collectors", [], NOTHING),
    # A counter that is there from its first event on has no increase over that event.
    (
        "wrong key, new series",
        "collector_api",
        "Wrong key (401), 1 h",
        [*_collector(WF001, FRESH), _requests("401", "_x20 5x20")],
        [5],
    ),
    (
        "wrong key, after a restart",
        "collector_api",
        "Wrong key (401), 1 h",
        [*_collector(WF001, FRESH), _requests("401", "100x20 0 2 4 6 6x20")],
        [6],
    ),
    ("right key", "collector_api", "Wrong key (401), 1 h", _collector(WF001, FRESH), [0]),
    (
        "all refused",
        "collector_api",
        "Refused or failed",
        [_requests("401", "0+1x40")],
        [1],
    ),
    ("all accepted", "collector_api", "Refused or failed", [_requests("200", "0+1x40")], [0]),
    ("no request", "collector_api", "Refused or failed", [_requests("200", "7x40")], NOTHING),
    ("database up", "database_health", "Databases", _database(1, FRESH), [1]),
    ("database down", "database_health", "Databases", _database(0, FRESH), [0]),
    ("nobody probes any more", "database_health", "Databases", _database(1, DEAD), [-1]),
    (
        "no ping for an hour",
        "network_latency",
        "Round trip p95",
        [_always('network_latency_rtt_seconds_bucket{le="0.2", source_location="br"}', 9)],
        NOTHING,
    ),
    ("pushed once", "pipeline_health", "Collected twice", _started(WF001, 100.25), [0]),
    (
        "pushed to two groups",
        "pipeline_health",
        "Collected twice",
        _started(WF001, 100.25) + _started('job="old_name", instance="wf001"', 100.25),
        [1],
    ),
    (
        "pushed and scraped",
        "pipeline_health",
        "Collected twice",
        _started(WF001, 100.25) + _started('job="api", instance="wf001:9102"', 100.25),
        [1],
    ),
    (
        "two processes",
        "pipeline_health",
        "Collected twice",
        _started(WF001, 100.25) + _started(WF008, 100.26),
        [0],
    ),
    (
        "honor_labels is missing",
        "pipeline_health",
        "Renamed labels",
        [_always('push_time_seconds{job="pushgateway", exported_job="collector_api_x"}', FRESH)],
        [1],
    ),
    ("all fresh", "pipeline_health", "Stale groups", _collector(WF001, FRESH), [0]),
    ("a dead collector", "pipeline_health", "Stale groups", _collector(WF001, DEAD), [1]),
    (
        "cron pushes more rarely",
        "pipeline_health",
        "Stale groups",
        [_always(f"push_time_seconds{{{CRON}}}", DEAD)],
        [0],
    ),
    (
        "cron is gone",
        "pipeline_health",
        "Stale groups",
        [_always(f"push_time_seconds{{{CRON}}}", 1800 - 600)],
        [1],
    ),
    (
        "a target is down",
        "pipeline_health",
        "Targets down",
        [_always('up{job="ping"}', 0), _always('up{job="pushgateway"}', 1)],
        [1],
    ),
    (
        "the gateway was last scraped ten minutes ago",
        "pipeline_health",
        "Last scrape",
        [(f"push_time_seconds{{{WF001}}}", "1170x20 stale")],
        [600],
    ),
    ("no rule loaded", "pipeline_health", "Alerts firing", [_always('up{job="x"}', 1)], NOTHING),
    ("n8n read", "n8n_overview", "Exporter", _exporter(1, 1700), [1]),
    ("n8n refused", "n8n_overview", "Exporter", _exporter(0, 1700), [0]),
    ("cron no longer starts it", "n8n_overview", "Exporter", _exporter(1, 900), [-1]),
]


def _promtool_test(name: str, panel: str, series: list[tuple[str, str]], seen: list[float]) -> str:
    """One file for promtool. Of the answer only the values count, not the labels."""
    samples = [
        {"labels": f'{{value="{value:g}"}}', "value": seen.count(value)} for value in set(seen)
    ]
    ask = f'count_values("value", {QUERIES[name, panel].filled})'
    test = {
        "interval": "1m",
        "input_series": [{"series": each, "values": values} for each, values in series],
        "promql_expr_test": [{"expr": ask, "eval_time": "30m", "exp_samples": samples}],
    }
    return yaml.safe_dump({"evaluation_interval": "1m", "tests": [test]})


Promtool = Callable[[Path, str], tuple[int, str]]


def _run(promtool: Promtool, directory: Path, files: dict[str, str]) -> tuple[int, str]:
    for file, text in files.items():
        (directory / file).write_text(text)
    return promtool(directory, f"promtool test rules {shlex.join(files)}")


def test_the_first_row_tells_the_truth(promtool: Promtool, tmp_path: Path) -> None:
    files = {
        f"{number:02} {case} {panel}.yml".replace(" ", "_"): _promtool_test(
            name, panel, series, seen
        )
        for number, (case, name, panel, series, seen) in enumerate(CASES)
    }
    code, output = _run(promtool, tmp_path, files)
    assert code == 0, output
    assert output.count("SUCCESS") == len(CASES)


def test_it_can_fail(promtool: Promtool, tmp_path: Path) -> None:
    wrong = _promtool_test("collector_api", "Collectors", _collector(WF001, DEAD), [1])
    code, output = _run(promtool, tmp_path, {"x.yml": wrong})
    assert code != 0
    assert 'value="-1"' in output
