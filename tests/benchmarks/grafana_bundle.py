# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Grafana with nothing to change: wall and CPU seconds and requests, beside community.grafana.

    .venv/bin/python tests/benchmarks/grafana_bundle.py --install-peer

GRAFANA_URL, GRAFANA_USER and GRAFANA_PASSWORD name a throw-away server; without them it is the
stand-in of the tests, whose own speed is not Grafana's. What is made there is removed at the end.
Each dashboard has 20 panels. The peer is community.grafana's grafana_dashboard in a loop, from the
same files, in the same ansible-core. Both are run by ansible-playbook; what an empty playbook takes
is Ansible's own start. The bare client only reads the dashboards.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import requests
from deploy_unchanged import ENVIRONMENT, peer_python

from ansible_collections.vya.observability.tests.grafana_stand_in import Behaviour, serve

ROOT = Path(__file__).parents[2]
PREFIX = "benchmark"
PANELS = 20
RULES = (10, 20)  # groups, rules in each
CLIENTS = 8


class Run(NamedTuple):
    """Seconds, and what the module told of itself."""

    wall: float
    cpu: float
    told: dict[str, Any]


class Server(NamedTuple):
    """Where it is and who asks: all with a token, as a password costs Grafana more."""

    url: str
    token: str

    @property
    def options(self) -> dict[str, Any]:
        """The options of our modules."""
        return {"url": self.url, "bearer_token": self.token}

    @property
    def headers(self) -> dict[str, str]:
        """The same for a bare client."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def account(url: str, user: str, password: str) -> Iterator[Server]:
    """A service account with a token, for as long as it is needed."""
    accounts = f"{url}/api/serviceaccounts"
    with requests.Session() as session:
        session.auth = (user, password)
        body = {"name": f"{PREFIX} {time.time_ns()}", "role": "Admin"}
        answer = session.post(accounts, json=body, timeout=30)
        answer.raise_for_status()
        path = f"{accounts}/{answer.json()['id']}"
        answer = session.post(f"{path}/tokens", json={"name": PREFIX}, timeout=30)
        answer.raise_for_status()
        try:
            yield Server(url, answer.json()["key"])
        finally:
            session.delete(path, timeout=30)


def timed(command: list[str], **options: Any) -> tuple[float, float, str]:
    """Wall and CPU seconds of a command, and what it wrote; exits when it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, text=True, **options)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\n{done.stderr[-1000:]}\n{command[:2]}: failed")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def module(server: Server, **options: Any) -> Run:
    """Run the module alone, as Ansible does."""
    name = "ansible_collections.vya.observability.plugins.modules.grafana_bundle"
    arguments = {**server.options, "prove": {"scope": "none"}, "prune": True, **options}
    given = json.dumps({"ANSIBLE_MODULE_ARGS": {**arguments, "max_deletions": 1000}})
    wall, cpu, output = timed([sys.executable, "-m", name], input=given)
    return Run(wall, cpu, json.loads(output))


def playbook(python: Path, tasks: list[dict[str, Any]], directory: Path) -> Run:
    """Run tasks on this machine by ansible-playbook."""
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    file = directory / "play.json"
    file.write_text(json.dumps([play]))
    command = [str(python.parent / "ansible-playbook"), "-i", "localhost,", "-c", "local"]
    variables = ["-e", f"ansible_python_interpreter={python}"]
    wall, cpu, output = timed([*command, *variables, str(file)], env=ENVIRONMENT, cwd=ROOT)
    if re.search(r"changed=[1-9]", output):
        sys.exit(f"Expected nothing to change:\n{output[-2000:]}")
    return Run(wall, cpu, {})


def panel(number: int) -> dict[str, Any]:
    """One of the size that a panel has in practice."""
    datasource = {"type": "prometheus", "uid": f"{PREFIX}-prometheus"}
    expression = f'sum by (instance) (rate(metric_{number}_total{{job=~"$job"}}[$__rate_interval]))'
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 80}]
    defaults = {
        "unit": "s",
        "color": {"mode": "palette-classic"},
        "thresholds": {"mode": "absolute", "steps": steps},
        "custom": {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never"},
    }
    return {
        "id": number,
        "type": "timeseries",
        "title": f"Panel {number}",
        "description": "What it shows, and what to do when it is red.",
        "datasource": datasource,
        "gridPos": {"h": 8, "w": 12, "x": number % 2 * 12, "y": number // 2 * 8},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"legend": {"displayMode": "list"}, "tooltip": {"mode": "multi"}},
        "targets": [{"refId": "A", "expr": expression, "datasource": datasource}],
    }


def dashboards(directory: Path, number: int) -> list[Path]:
    """Dashboards in files of their own directory."""
    directory.mkdir()
    paths = []
    for index in range(number):
        content = {
            "uid": f"{PREFIX}-{index}",
            "title": f"Benchmark {index}",
            "tags": [PREFIX],
            "schemaVersion": 37,
            "panels": [panel(n) for n in range(1, PANELS + 1)],
        }
        paths.append(directory / f"{index}.json")
        paths[-1].write_text(json.dumps(content))
    return paths


def rule_groups() -> list[dict[str, Any]]:
    """Alert rules in groups."""
    groups, size = RULES
    threshold = [{"evaluator": {"type": "gt", "params": [1]}}]
    expression = {"type": "threshold", "expression": "A", "conditions": threshold}
    return [
        {
            "folder": PREFIX,
            "name": f"{PREFIX} {group}",
            "interval_seconds": 600,
            "rules": [
                {
                    "uid": f"{PREFIX}-{group}-{number}",
                    "title": f"Benchmark {group} {number}",
                    "condition": "B",
                    "for": "10m",
                    "isPaused": False,
                    "labels": {"severity": "warning"},
                    "annotations": {"summary": "a rule of the benchmark"},
                    "data": [
                        {
                            "refId": "A",
                            "datasourceUid": f"{PREFIX}-prometheus",
                            "relativeTimeRange": {"from": 600, "to": 0},
                            "model": {"expr": f"up{{n='{group} {number}'}}", "instant": True},
                        },
                        {"refId": "B", "datasourceUid": "__expr__", "model": expression},
                    ],
                }
                for number in range(size)
            ],
        }
        for group in range(groups)
    ]


def bare(server: Server, number: int, clients: int) -> float:
    """Seconds in which a client that only reads has all dashboards."""
    session = requests.Session()
    session.headers.update(server.headers)
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=clients))
    urls = [f"{server.url}/api/dashboards/uid/{PREFIX}-{n}" for n in range(number)]
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        for answer in pool.map(session.get, urls):
            answer.json()
    return time.perf_counter() - started


def medians(rounds: int, run: Callable[[], Run]) -> Run:
    """The median of each column; what was told is of the last round."""
    runs = [run() for _n in range(rounds)]
    walls, cpus, told = zip(*runs, strict=True)
    return Run(statistics.median(walls), statistics.median(cpus), told[-1])


def line(name: str, run: Run) -> None:
    """One line of the table."""
    inside = run.told.get("seconds", {}).get("total", "")
    print(
        f"{name:52}{run.wall:8.2f}{run.cpu:8.2f}{inside!s:>10}{run.told.get('requests', '')!s:>10}"
    )


def unchanged(server: Server, **options: Any) -> Run:
    """The module, which must change nothing."""
    run = module(server, **options)
    if run.told["changed"]:
        sys.exit(f"Expected nothing to change; changed: {run.told['changes']}")
    return run


def measure(server: Server, directory: Path, python: Path, rounds: int) -> None:
    """Print the table."""
    ours = Path(sys.executable)
    setup: dict[str, Any] = {
        "folders": [{"uid": PREFIX, "title": "Benchmark"}],
        "datasources": [
            {
                "uid": f"{PREFIX}-prometheus",
                "name": "Benchmark",
                "type": "prometheus",
                "url": "http://127.0.0.1:9",
            }
        ],
    }
    first = module(server, mark=PREFIX, **setup)
    print(f"Grafana {first.told['version']}, nothing to change, medians of {rounds} rounds")
    print(f"{'':52}{'wall s':>8}{'CPU s':>8}{'inside s':>10}{'requests':>10}")
    start = medians(rounds, lambda: playbook(ours, [{"meta": "noop"}], directory))
    line("ansible-playbook, no task (Ansible's own start)", start)
    for number in (20, 50, 200):
        files = dashboards(directory / str(number), number)
        given = [{"folder": PREFIX, "path": str(files[0].parent)}]
        module(server, mark=PREFIX, dashboards=given)
        options = {"mark": PREFIX, "dashboards": given}
        line(
            f"{number} dashboards: the module alone",
            medians(rounds, lambda options=options: unchanged(server, **options)),  # type: ignore[misc]
        )
        task = {
            "vya.observability.grafana_bundle": {
                **server.options,
                "prove": {"scope": "none"},
                **options,
            }
        }
        run = medians(rounds, lambda task=task: playbook(ours, [task], directory))  # type: ignore[misc]
        line(f"{number} dashboards: grafana_bundle in a playbook", run)
        if number < 200:
            loop = {
                "community.grafana.grafana_dashboard": {
                    "grafana_url": server.url,
                    "grafana_api_key": server.token,
                    "state": "present",
                    "folder": "Benchmark",
                    "overwrite": True,
                    "path": "{{ item }}",
                },
                "loop": [str(file) for file in files],
            }
            peer = medians(
                max(1, rounds - 1), lambda loop=loop: playbook(python, [loop], directory)
            )  # type: ignore[misc]
            line(f"{number} dashboards: community.grafana in a loop", peer)
            apart = (peer.wall - start.wall) / max(run.wall - start.wall, 0.001)
            print(f"    {peer.wall / run.wall:.1f} times faster; Ansible's start apart {apart:.1f}")
    for clients in (1, 4, CLIENTS):
        seconds = statistics.median(bare(server, 200, clients) for _n in range(rounds))
        print(f"200 dashboards, bare client on {clients} connections: {seconds:.2f} s")
    groups = rule_groups()
    module(server, mark=PREFIX, rule_groups=groups)
    run = medians(rounds, lambda: unchanged(server, mark=PREFIX, rule_groups=groups))
    line(f"{RULES[0] * RULES[1]} alert rules: the module alone", run)


def clean(server: Server) -> None:
    """Remove what was made."""
    module(server, mark=PREFIX, dashboards=[], rule_groups=[])
    module(server, mark=PREFIX, datasources=[])
    url = f"{server.url}/api/folders/{PREFIX}?forceDeleteRules=true"
    requests.delete(url, headers=server.headers, timeout=30)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-venv", type=Path, default=ROOT / ".build" / "peer-venv")
    parser.add_argument(
        "--install-peer", action="store_true", help="make --peer-venv when it is not there"
    )
    options = parser.parse_args()
    python = peer_python(options.peer_venv.absolute(), options.install_peer)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vya-benchmark-")))
        if url := os.environ.get("GRAFANA_URL", "").rstrip("/"):
            login = os.environ.get("GRAFANA_USER", "admin"), os.environ["GRAFANA_PASSWORD"]
        else:
            print("THE STAND-IN of the tests, not a Grafana: only requests and CPU say something")
            url, login = stack.enter_context(serve(Behaviour())).url, ("admin", "admin")
        server = stack.enter_context(account(url, *login))
        stack.callback(clean, server)
        measure(server, directory, python, options.rounds)


if __name__ == "__main__":
    main()
