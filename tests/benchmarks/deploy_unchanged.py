# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deploy with nothing to change: wall and CPU seconds, beside community.docker's modules.

    .venv/bin/python tests/benchmarks/deploy_unchanged.py --install-peer

Needs the containers of `make demo`. The peer (deploy_unchanged/peer.yml) converges the same
hosts, templates, images, containers and limits with community.docker, as containers peer-* on
other ports, which are removed at the end. Compared is converging alone; what the deploy proves at
its end is timed apart. CPU is that of Ansible and its modules, not that of the Docker daemon. The
peer checks no variables and no argument specs, and asks no server whether it runs what is written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import docker

ROOT = Path(__file__).parents[2]
PEER = Path(__file__).parent / "deploy_unchanged" / "peer.yml"
PREFIX = "peer-"
LABEL = "vya.observability.benchmark"
PEER_PORT = 20_000  # added to each port
RELEASES = {
    "collector": "collector-api-wf001",
    "second collector": "collector-api-wf008",
    **{
        name: name
        for name in (
            "postgresql",
            "mariadb",
            "victoriametrics",
            "pushgateway",
            "alertmanager",
            "prometheus",
            "traefik",
        )
    },
}
# As in the Makefile; the same for both.
ENVIRONMENT = {
    **os.environ,
    "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
    "ANSIBLE_HOME": str(ROOT / ".build" / "ansible"),
    "ANSIBLE_PIPELINING": "true",
    "ANSIBLE_FORKS": "5",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_INJECT_FACT_VARS": "false",
    "ANSIBLE_NOCOLOR": "true",
}


class Run(NamedTuple):
    """One run of a playbook: seconds, tasks that ran on all hosts, names of those that changed."""

    wall: float
    cpu: float
    tasks: int
    changed: list[str]


def play(python: Path, *arguments: str, may_fail: bool = False) -> Run:
    """Run ansible-playbook of an environment; exits with its last words when it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        [python.parent / "ansible-playbook", *arguments],
        env=ENVIRONMENT,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a Ctrl-C shall reach it by the lines below alone
    )
    try:
        output, _nothing = process.communicate()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        raise
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode and not may_fail:
        sys.exit(f"{output[-4000:]}\n{' '.join(arguments)}: exit code {process.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ran = sum(int(ok) for ok in re.findall(r"^\S+ +: ok=(\d+) ", output, re.MULTILINE))
    blocks = re.findall(r"^TASK \[(.*)\] \*+\n((?:.+\n)*)", output, re.MULTILINE)
    changed = [task for task, lines in blocks if re.search(r"^changed: ", lines, re.MULTILINE)]
    return Run(wall, cpu, ran, changed)


def unchanged(python: Path, *arguments: str, may_fail: bool = False) -> Run:
    """The same, which must change nothing."""
    run = play(python, *arguments, may_fail=may_fail)
    if run.changed:
        sys.exit(
            f"Expected nothing to change; changed by {' '.join(arguments)}: "
            f"{'; '.join(run.changed)}. Run `make demo` first; when this comes again, "
            "something else works on these containers or on the sources at the same time."
        )
    return run


def median(runs: list[Run]) -> Run:
    """The median of each column."""
    walls, cpus, tasks, _changed = zip(*runs, strict=True)
    return Run(statistics.median(walls), statistics.median(cpus), tasks[0], [])


def running_images(client: docker.DockerClient) -> dict[str, str]:
    """The image of each service of the local case; exits when one does not run."""
    names = {c.name: str(c.attrs["Image"]) for c in client.containers.list(ignore_removed=True)}
    missing = sorted(set(RELEASES.values()) - set(names))
    if missing:
        sys.exit(f"Not running here: {', '.join(missing)}. Run `make demo` first.")
    return {service: names[name] for service, name in RELEASES.items()}


def peer_python(venv: Path, install: bool) -> Path:
    """The Python that has community.docker and the same ansible-core; exits when it has not."""
    python = venv / "bin" / "python"
    if install and not (venv / "bin" / "ansible-playbook").exists():
        print(f"Installing ansible 12.3.0 (547 MB) into {venv}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [str(python), "-m", "pip", "install", "-q", "ansible==12.3.0", "docker", "requests"]
        subprocess.run([*pip, "-c", ROOT / "requirements" / "run.in"], check=True)
    if not (venv / "bin" / "ansible-playbook").exists():
        sys.exit(f"No Ansible in {venv}: give --peer-venv DIR, or --install-peer to make it.")
    return python


def versions(ours: Path, peer: Path) -> str:
    """Which versions are compared; exits when the two have different ones of ansible-core."""
    ask = "import ansible.release; print(ansible.release.__version__)"
    core = [
        subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True).stdout
        for python in (ours, peer)
    ]
    if core[0] != core[1]:
        sys.exit(f"Expected the same ansible-core, seen {core[0].strip()} and {core[1].strip()}.")
    listed = subprocess.run(
        [peer.parent / "ansible-galaxy", "collection", "list", "community.docker"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.search(r"community\.docker +(\S+)", listed)
    if not found:
        sys.exit(f"No community.docker in {peer.parent}: give another --peer-venv.")
    return f"ansible-core {core[0].strip()}, community.docker {found[1]}"


def remove_peer(client: docker.DockerClient) -> None:
    """Remove the peer's containers, volumes and network."""
    labelled: dict[str, str | list[str] | bool] = {"label": f"{LABEL}={PREFIX}"}
    for container in client.containers.list(all=True, filters=labelled, ignore_removed=True):
        container.remove(force=True, v=True)
    for volume in client.volumes.list(filters=labelled):
        volume.remove(force=True)
    for network in client.networks.list(filters=labelled):
        network.remove()


@contextmanager
def peer_arguments(
    client: docker.DockerClient, images: dict[str, str], python: Path
) -> Iterator[list[str]]:
    """Arguments of the peer's playbook; what it made is removed afterwards."""
    remove_peer(client)  # what a killed run left
    with tempfile.TemporaryDirectory(prefix="vya-benchmark-") as name:
        directory = Path(name)
        # The roles' variables, below the inventory's own values.
        variables_of_all = directory / "inventory" / "group_vars" / "all"
        variables_of_all.mkdir(parents=True)
        for path in (ROOT / "roles").glob("*/*/main.yml"):
            role, kind, _name = path.parts[-3:]
            if kind in ("defaults", "vars"):
                shutil.copy(path, variables_of_all / f"{role}_{kind}.yml")
        (directory / "inventory" / "hosts.yml").write_text("all: {}\n")
        variables = {
            "peer_prefix": PREFIX,
            "peer_labels": {LABEL: PREFIX},
            "peer_port": PEER_PORT,
            "peer_images": images,
            "peer_roles": str(ROOT / "roles"),
            "peer_directory": str(directory / "files"),
        }
        (directory / "files").mkdir()
        extra = directory / "variables.json"
        extra.write_text(json.dumps(variables))
        inventories = ["-i", str(directory / "inventory"), "-i", "inventories/local"]
        try:
            yield [*inventories, "-e", f"@{extra}", str(PEER)]
        finally:
            remove_peer(client)
            # The files belong to the containers' users.
            task = f"path={directory / 'files'} state=absent"
            ansible = [str(python.parent / "ansible"), "-i", "inventories/local", "wfdb01", "-b"]
            subprocess.run(
                [*ansible, "-m", "ansible.builtin.file", "-a", task],
                cwd=ROOT,
                env=ENVIRONMENT,
                check=True,
                stdout=subprocess.DEVNULL,
            )


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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    client = docker.from_env(timeout=120)
    ours = Path(sys.executable)
    images = running_images(client)
    python = peer_python(options.peer_venv.absolute(), options.install_peer)
    compared = versions(ours, python)
    deploy = ["-i", "inventories/local", "vya.observability.deploy"]
    converge = [*deploy, "--skip-tags", "proof"]
    results: dict[str, list[Run]] = {"deploy": [], "peer": [], "proof": []}
    unchanged(ours, *converge)
    with peer_arguments(client, images, python) as peer:
        # Makes everything; four hosts on one machine must not make its network at the same time.
        play(python, *peer, "--forks", "1")
        unchanged(python, *peer)
        for _n in range(options.rounds):
            results["deploy"].append(unchanged(ours, *converge))
            results["peer"].append(unchanged(python, *peer))
            # Other containers of this machine may be wrong, which it says as well.
            results["proof"].append(unchanged(ours, *deploy, may_fail=True))
    converged, other, whole = (median(results[name]) for name in ("deploy", "peer", "proof"))
    print(f"{len(RELEASES)} containers on 4 hosts, nothing to change; {compared}")
    print(f"pipelining, 5 forks, medians of {options.rounds} alternating rounds")
    print(f"{'':46}{'wall s':>8}{'CPU s':>8}{'tasks':>8}")
    for name, run in (
        ("vya.observability.deploy --skip-tags proof", converged),
        ("the same with community.docker", other),
        ("vya.observability.deploy, with its proof", whole),
    ):
        print(f"{name:46}{run.wall:8.1f}{run.cpu:8.1f}{run.tasks:8}")
    print(f"ratio to community.docker: wall {converged.wall / other.wall:.2f}, ", end="")
    print(f"CPU {converged.cpu / other.cpu:.2f}; the proof alone: ", end="")
    print(f"wall {whole.wall - converged.wall:.1f} s, CPU {whole.cpu - converged.cpu:.1f} s")


if __name__ == "__main__":
    main()
