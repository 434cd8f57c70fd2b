# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: where they are, and where they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ..conftest import answer
from .conftest import ROOT, Release

NO_REHEARSAL = {"rehearsal": {"until": "none"}}
KEY = "correct-horse-battery"


def secret(content: str = KEY) -> list[dict[str, str]]:
    return [{"path": "/run/secrets/key", "content": content}]


def test_secret_rotation_and_where_no_secret_is(
    release: Release, images: Callable[..., str]
) -> None:
    created = release.ok(secrets=secret())
    stored = release.stored()[0] / "mounts/run/secrets/key"
    assert (stored.stat().st_uid, stored.stat().st_mode & 0o777) == (10001, 0o400)
    assert stored.parents[3].stat().st_mode & 0o777 == 0o700
    assert release.ok(secrets=secret())["changed"] is False
    rotated = release.ok(secrets=secret("staple-battery-horse"))
    assert rotated["actions"] == [f"replace container {release.name} (secret /run/secrets/key)"]
    inside = release.client.containers.get(release.name)
    assert answer(inside, "cat", "/run/secrets/key") == "staple-battery-horse"
    seen = json.dumps(release.attrs()) + json.dumps(release.attrs(".previous"))
    for result in (created, rotated):
        seen += result["text"]
    for content in (KEY, "staple-battery-horse"):
        assert content not in seen
    assert "(secret, changed)" in str(rotated["diff"])
    records = "".join((path / "release.json").read_text() for path in release.stored())
    assert KEY not in records
    # The old secret comes back with the old release.
    release.ok(**release.only(state="rolled_back"))
    inside = release.client.containers.get(release.name)
    assert answer(inside, "cat", "/run/secrets/key") == KEY


def test_secret_in_the_log_of_a_failure_is_masked(
    served: Release, images: Callable[..., str]
) -> None:
    for options in ({}, NO_REHEARSAL):
        result = served.apply(**options, image=images("leak", "2"), secrets=secret(KEY + "\n"))
        assert result["failed"]
        assert "cannot log in with ***" in result["msg"]
        assert KEY not in result["text"]


def test_secret_that_a_healthcheck_prints_is_masked(
    release: Release, images: Callable[..., str], tmp_path: Path
) -> None:
    """On the way forth and on the way back, where the module is not given the secret."""
    flag = tmp_path / "flag"
    flag.touch()
    tmp_path.chmod(0o755)
    says = {
        "test": ["CMD-SHELL", "cat /run/secrets/key; test -e /needed/flag"],
        "interval": 1,
        "retries": 1,
    }
    needed = [{"source": str(tmp_path), "target": "/needed"}]
    first = {"healthcheck": says, "secrets": secret(), "volumes": needed, **NO_REHEARSAL}
    release.ok(**first)
    release.ok(image=images("ok", "2"))
    flag.unlink()
    for options in (release.only(state="rolled_back"), {**release.options, **first}):
        result = release.apply(**options)
        assert result["failed"]
        assert "its healthcheck said: ***" in result["msg"]
        assert KEY not in result["text"]
    assert release.version() == "2"


def test_secret_through_ansible_at_full_verbosity(release: Release, tmp_path: Path) -> None:
    play = tmp_path / "play.yml"
    task = {
        "vya.observability.container_release": {**release.options, "secrets": secret("{{ key }}")}
    }
    play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
    variables = tmp_path / "variables.json"
    variables.write_text(json.dumps({"key": KEY}))
    program = Path(sys.executable).parent / "ansible-playbook"
    command = [str(program), "-i", "localhost,", "-c", "local", "-vvv", "--diff", str(play)]
    command += ["-e", f"@{variables}", "-e", f"ansible_python_interpreter={sys.executable}"]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build")}
    for changed in (1, 0):
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"changed={changed}" in done.stdout
        assert KEY not in done.stdout + done.stderr
