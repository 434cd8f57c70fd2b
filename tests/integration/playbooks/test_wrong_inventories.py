# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong inventories: each fault is told by its variable and place, before anything is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ...processes import PROJECT, environment
from .wrong import ALL, CASES, GROUPS, HOSTS, THREE, Case

HERE = Path(__file__).parent
WRONG = {**CASES, **THREE}
# One in five is tried each time, and those with several faults; each takes some seconds.
USUAL = {*[*CASES][::5], *THREE}
NAMES = [pytest.param(name, marks=[] if name in USUAL else pytest.mark.long) for name in WRONG]


DEPLOY = PROJECT / "playbooks" / "deploy.yml"


def first_play() -> str:
    """The first play of a deploy; without the others, a run takes half the time."""
    (play, *_others) = yaml.safe_load(DEPLOY.read_text())
    for task in play["tasks"]:
        path = "ansible.builtin.import_tasks"
        task[path] = str(DEPLOY.parent / task[path])
    return yaml.safe_dump([play])


def write(directory: Path, case: Case, playbook: str) -> None:
    """Write an inventory, and what is played on it."""
    groups = {**GROUPS, **case.groups}
    children = {
        name: {"hosts": {host: {} for host in hosts}}
        for name, hosts in groups.items()
        if hosts is not None
    }
    hosts = {name: {**of, **case.hosts.get(name, {})} for name, of in HOSTS.items()}
    variables = {**ALL, **case.all, "observability_state_directory": str(directory / "state")}
    (directory / "group_vars").mkdir(parents=True)
    (directory / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": hosts, "children": children}})
    )
    (directory / "group_vars" / "all.yml").write_text(yaml.safe_dump(variables))
    (directory / "play.yml").write_text(playbook)


class Told:
    """What a run said and did."""

    def __init__(self, directory: Path) -> None:
        end = json.loads((directory / "end.json").read_text())
        self.code: int = end["code"]
        self.seconds: float = end["seconds"]
        self.output = (directory / "output").read_text()
        lines = [json.loads(line) for line in (directory / "told").read_text().splitlines()]
        self.actions = {line["action"] for line in lines}
        self.faults: list[dict[str, Any]] = [each for line in lines for each in line["faults"]]


def played(*directories: Path, **variables: str) -> list[Told]:
    """What runs in these directories said and did, two at once."""
    subprocess.run(
        [sys.executable, HERE / "many.py", *directories],
        check=True,
        timeout=900,
        env=environment(
            ANSIBLE_CALLBACKS_ENABLED="told",
            ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callbacks"),
            DOCKER_HOST="unix:///none.sock",
            **variables,
        ),
    )
    return [Told(directory) for directory in directories]


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Told]:
    """What a deploy says of each inventory that is asked about; the right one has no name."""
    top = tmp_path_factory.mktemp("inventories")
    here = [each for each in request.session.items if each.path == request.path]
    asked = {each.callspec.params["name"] for each in here if hasattr(each, "callspec")}
    cases = {"": Case([]), **{name: case for name, case in WRONG.items() if name in asked}}
    directories = {name: top / str(number) for number, name in enumerate(cases)}
    whole, first = yaml.safe_dump([{"import_playbook": str(DEPLOY)}]), first_play()
    for name, case in cases.items():
        write(directories[name], case, whole if name in THREE else first)
    return dict(zip(directories, played(*directories.values()), strict=True))


def test_the_right_one_is_refused_nothing(runs: dict[str, Told]) -> None:
    assert runs[""].faults == []


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_inventory(name: str, runs: dict[str, Told]) -> None:
    run, case = runs[name], WRONG[name]
    found = {f"{fault['code']} {fault['variable']}" for fault in run.faults}
    assert sorted(found) == sorted(case.expected)
    assert run.code == 2
    # Nothing but checks on the controller ran.
    assert run.actions == {"vya.observability.preflight"}


@pytest.mark.parametrize("name", NAMES)
def test_the_place_is_named(name: str, runs: dict[str, Told]) -> None:
    case = WRONG[name]
    for fault in runs[name].faults:
        variable = fault["variable"].split(".")[0].split("[")[0]
        if variable in case.all:
            assert fault["where"].startswith("group_vars/all.yml:")
        elif any(variable in of for of in case.hosts.values()):
            assert fault["where"].startswith("hosts.yml:")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed(name: str, runs: dict[str, Told]) -> None:
    """A table that names each variable, no result under it, and no secret."""
    output = runs[name].output
    assert all(expected.split(" ")[1] in output for expected in WRONG[name].expected)
    assert '"faults"' not in output
    assert "pass-word" not in output


def test_the_seconds(runs: dict[str, Told], capsys: pytest.CaptureFixture[str]) -> None:
    seconds = sorted(run.seconds for name, run in runs.items() if name)
    with capsys.disabled():
        print(f"\n{len(seconds)} wrong inventories: {seconds[0]:.1f} to {seconds[-1]:.1f} s each")
