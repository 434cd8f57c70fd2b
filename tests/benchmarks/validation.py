# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole validation beside its slowest probe, and beside uri, get_certificate and assert.

    .venv/bin/python tests/benchmarks/validation.py --install-peer

Needs the containers of `make demo`. A probe is a part that can be run alone; the round trip is
done when its marker is away again, which takes Prometheus one more scrape. The peer
(validation/peer.yml) makes a third of the checks.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from deploy_unchanged import ROOT, Run, peer_python, play

PEER = Path(__file__).parent / "validation" / "peer.yml"
SECRETS = ROOT / ".local" / "secrets"
ROUNDS = 3
PARTS = ("services", "ping", "metrics", "roundtrip")


def report(directory: str) -> dict[str, Any]:
    """What the last validation has written."""
    found: dict[str, Any] = json.loads((Path(directory) / "validation.json").read_text())
    return found


def facts() -> dict[str, Any]:
    """Where the peer asks: the same servers, past the proxy, as uri cannot resolve its names."""
    key = (SECRETS / "api_key").read_text().strip()
    ports = {"wf001": 5001, "wf008": 5011}
    collectors = [
        {"host": host, "url": f"http://127.0.0.1:{port}", "key": key}
        for host, port in ports.items()
    ]
    ready = ["9091/-/ready", "9090/-/ready", "9093/-/ready", "8428/health", "8081/api/version"]
    names = ("prometheus", "alertmanager", "api-monitoring", "api-monitoring-br")
    return {
        "ca_path": "/var/lib/vya-observability/certificates/ca.crt",
        "names": [f"{name}.localhost" for name in names],
        "collectors": collectors,
        "gateway": "http://127.0.0.1:9091",
        "prometheus": "http://127.0.0.1:9090",
        "ready": [
            *(f"http://127.0.0.1:{each}" for each in ready),
            *(f"{one['url']}/ready" for one in collectors),
        ],
    }


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-venv", type=Path, default=ROOT / ".build" / "peer")
    parser.add_argument("--install-peer", action="store_true")
    options = parser.parse_args()
    peer = peer_python(options.peer_venv, options.install_peer)
    ours = ROOT / ".venv" / "bin" / "python"
    runs: list[Run] = []
    peers: list[Run] = []
    inside: list[float] = []
    alone: dict[str, list[float]] = {part: [] for part in PARTS}
    checks = 0
    with tempfile.TemporaryDirectory() as directory:
        where = ["-e", f"validate_report_directory={directory}", "--skip-tags", "releases"]
        for _round in range(ROUNDS):
            validate = ["-i", str(ROOT / "inventories/local"), "vya.observability.validate", *where]
            runs.append(play(ours, *validate))
            found = report(directory)
            checks = len(found["checks"])
            inside.append(found["seconds"])
            for part, seconds in alone.items():
                play(
                    ours,
                    *validate,
                    "-e",
                    json.dumps(
                        {
                            "validate_parts": [part],
                            "observability_other_prefixes": ["validate_parts"],
                        }
                    ),
                )
                seconds.append(report(directory)["seconds"])
            arguments = [
                "-i",
                "localhost,",
                "-c",
                "local",
                str(PEER),
                "-e",
                json.dumps({**facts(), "ansible_python_interpreter": str(peer)}),
            ]
            peers.append(play(peer, *arguments))
    whole = statistics.median(inside)
    slow, part = max((statistics.median(seconds), part) for part, seconds in alone.items())
    print(f"checks                       {checks}")
    print(f"the module                   {whole:6.1f} s")
    print(f"its slowest probe ({part:9})  {slow:6.1f} s  (the whole: + {whole - slow:.1f} s)")
    for name, all_runs in (("with Ansible", runs), ("uri and others", peers)):
        wall = statistics.median(run.wall for run in all_runs)
        cpu = statistics.median(run.cpu for run in all_runs)
        print(f"{name:28} {wall:6.1f} s, CPU {cpu:.1f} s")


if __name__ == "__main__":
    main()
