# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook init, and what its inventory is good for once its ten lines are edited."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ... import processes

VAULT = Path(processes.PLAYBOOK).with_name("ansible-vault")
FILES = ["group_vars/all/main.yml", "group_vars/all/vault.yml", "hosts.yml"]
ADDRESSES = {"wf001": 11, "wf008": 18, "wfdb01": 21, "wfdb02": 22}


def init(cwd: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    where = ("-e", "inventory_directory=inventories/mine")
    return processes.play(
        *("-i", "localhost,", "vya.observability.init"),
        *where,
        *arguments,
        cwd=cwd,
        ANSIBLE_CALLBACK_RESULT_FORMAT="json",
        **more,
    )


def code(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0, done.stdout
    found = re.search(r'"code": "([^"]*)"', done.stdout)
    assert found, done.stdout
    return found[1]


def commands(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """The commands that it says."""
    lines = [line.strip() for line in done.stdout.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("ansible-playbook -i ")]


def names(directory: Path) -> list[str]:
    return sorted(
        str(each.relative_to(directory)) for each in directory.rglob("*") if each.is_file()
    )


def decrypted(vault: Path, password: Path) -> dict[str, Any]:
    done = subprocess.run(
        [VAULT, "view", f"--vault-password-file={password}", vault],
        check=True,
        capture_output=True,
        text=True,
        env=processes.environment(),
    )
    values: dict[str, Any] = yaml.safe_load(done.stdout)
    return values


def secrets_of(values: Mapping[str, Any]) -> list[str]:
    return [*values["collector_api_keys"], values["grafana_password"]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Made without a vault password, with all that Ansible says."""
    cwd = tmp_path_factory.mktemp("made")
    done = init(cwd, "-vvv", "--diff")
    assert done.returncode == 0, done.stdout + done.stderr
    return cwd, done


def edited(directory: Path) -> None:
    """Edit the lines that a user edits."""
    path = directory / "hosts.yml"
    text = path.read_text()
    for host, number in ADDRESSES.items():
        text = text.replace(
            f"{host}: {{ansible_host: FILL-IN", f"{host}: {{ansible_host: 192.0.2.{number}"
        )
    text = text.replace("ansible_user: FILL-IN", "ansible_user: deploy")
    text = text.replace("observability_domain: FILL-IN", "observability_domain: example.com")
    changed = sum(
        a != b for a, b in zip(path.read_text().split("\n"), text.split("\n"), strict=True)
    )
    assert changed <= 10
    assert not re.search(r"^[^#]*FILL-IN", text, re.MULTILINE)
    path.write_text(text)


def test_without_a_vault_password_one_is_generated(
    made: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    directory = made[0] / "inventories/mine"
    assert names(directory) == sorted([*FILES, ".gitignore", ".vault_password"])
    assert (directory / ".gitignore").read_text().split() == [".vault_password"]
    for name in (".vault_password", FILES[1]):
        assert (directory / name).stat().st_mode & 0o777 == 0o600
    values = decrypted(directory / FILES[1], directory / ".vault_password")
    assert all(re.fullmatch("[A-Za-z0-9]{40}", each) for each in secrets_of(values))
    assert len({*secrets_of(values)}) == 2


def test_no_secret_is_shown(made: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    directory, said = made[0] / "inventories/mine", made[1].stdout + made[1].stderr
    password = directory / ".vault_password"
    for secret in [
        *secrets_of(decrypted(directory / FILES[1], password)),
        password.read_text().strip(),
    ]:
        assert secret not in said
    assert "WARNING" not in said


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Not even in part: the other files are not written either."""
    path = tmp_path / "inventories/mine/hosts.yml"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    for arguments in ((), ("--check",)):
        assert code(init(tmp_path, *arguments)) == "inventory.exists"
    assert names(tmp_path) == ["inventories/mine/hosts.yml"]
    assert path.read_text() == "mine"


def test_a_directory_is_needed(tmp_path: Path) -> None:
    done = processes.play(
        *("-i", "localhost,", "vya.observability.init"),
        cwd=tmp_path,
        ANSIBLE_CALLBACK_RESULT_FORMAT="json",
    )
    assert code(done) == "inventory.no_directory"
    assert names(tmp_path) == []


def test_check_mode_writes_nothing_and_says_what_it_would(tmp_path: Path) -> None:
    done = init(tmp_path, "--check", "--diff")
    assert done.returncode == 0, done.stdout
    assert "changed=1" in done.stdout
    assert all(f"+++ after: inventories/mine/{name}" in done.stdout for name in FILES)
    assert list(tmp_path.iterdir()) == []


WAYS = {
    "option": (["--vault-password-file={file}"], {}, "default"),
    "identity": (["--vault-id=fleet@{file}"], {}, "fleet"),
    "environment": ([], {"ANSIBLE_VAULT_PASSWORD_FILE": "{file}"}, "default"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_vault_password_of_the_user(tmp_path: Path, way: str) -> None:
    """The next command needs the same options, and no password is generated."""
    file = tmp_path / "a password"
    file.write_text("of the user")
    options, environment, identity = WAYS[way]
    given = [option.format(file=file) for option in options]
    settings = {name: value.format(file=file) for name, value in environment.items()}
    done = init(tmp_path, *given, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    directory = tmp_path / "inventories/mine"
    assert names(directory) == FILES
    assert len(secrets_of(decrypted(directory / FILES[1], file))) == 2
    head = (directory / FILES[1]).read_text().split("\n")[0].split(";")
    assert (head[3] if len(head) > 3 else "default") == identity
    edited(directory)
    assert commands(done)[0] == [
        "ansible-playbook",
        "-i",
        "inventories/mine",
        *given,
        "vya.observability.plan",
    ]
    planned = processes.play(*commands(done)[0][1:], cwd=tmp_path, **settings)
    assert planned.returncode == 0, planned.stdout + planned.stderr


def test_the_next_commands_work_once_the_lines_are_edited(
    made: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """With no other variable. Another collector is one line."""
    cwd, done = made
    plan, deploy = commands(done)
    assert deploy == [*plan[:-1], "vya.observability.deploy"]
    refused = processes.play(*plan[1:], cwd=cwd)
    assert refused.returncode != 0
    edited(cwd / "inventories/mine")
    hosts = cwd / "inventories/mine/hosts.yml"
    line = "wf001: {ansible_host: 192.0.2.11, collector_region: usa}\n"
    another = "wf010: {ansible_host: 192.0.2.10, collector_region: usa}\n"
    assert hosts.read_text().count(line) == 1
    hosts.write_text(hosts.read_text().replace(line, f"{line}        {another}"))
    planned = processes.play(*plan[1:], cwd=cwd)
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "https://api-wf010.example.com" in planned.stdout
    assert planned.stderr == ""


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_inventory_of_the_readme_is_enough(tmp_path: Path, readme: str) -> None:
    plan, _deploy = commands(init(tmp_path))
    text = (processes.PROJECT / readme).read_text()
    found = re.search(r"```yaml\n(all:.*?)```", text, re.DOTALL)
    assert found
    (tmp_path / "inventories/mine/hosts.yml").write_text(found[1])
    planned = processes.play(*plan[1:], cwd=tmp_path)
    assert planned.returncode == 0, planned.stdout + planned.stderr
