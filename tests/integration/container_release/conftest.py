# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real containers of an image with a chosen behaviour, and the module as Ansible runs it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from .tools import Relay, ask, free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# A name of its own per run: two runs at once must not build each other's images.
REPOSITORY = f"vya-test/release-{uuid.uuid4().hex[:8]}"
LABEL = "io.vya.observability.name"
MODES = ("ok", "crash", "never", "slow", "sick", "fat", "leak", "large")
RUN = """
import sys
from ansible.module_utils import basic
basic._ANSIBLE_PROFILE = "legacy"
from ansible_collections.vya.observability.plugins.modules.{module} import main
main()
"""


@pytest.fixture(scope="session")
def client() -> Iterator[Any]:
    """The Docker daemon of this machine."""
    found = docker.from_env(version="auto")
    yield found
    found.close()


@pytest.fixture(scope="session")
def images(client: Any) -> Iterator[Callable[..., str]]:
    """The reference of the test image with a mode and a version; made on first use."""
    yield image_factory(client, os.environ.get("VYA_TEST_BASE_IMAGE"))
    remove_images(client)


def remove_images(client: Any) -> None:
    """Remove what `image_factory` made."""
    for image in client.images.list(REPOSITORY):
        # An image of the same content may bear another run's names too.
        for tag in image.tags:
            if tag.startswith(f"{REPOSITORY}:"):
                client.api.remove_image(tag, force=True)


def image_factory(client: Any, base: str | None = None) -> Callable[..., str]:
    """A function that builds the test image on `base`, by default the one that the roles build."""
    if not base:
        defaults = yaml.safe_load((ROOT / "roles/observability/defaults/main.yml").read_text())
        base = str(defaults["observability_default_images"]["base"]["packages"])
    try:
        client.images.get(base)
    except docker.errors.ImageNotFound:
        pytest.fail(f"no image {base}: build it (role image), or name one in VYA_TEST_BASE_IMAGE")

    def image(mode: str = "ok", version: str = "1") -> str:
        tag = f"{REPOSITORY}:{mode}-{version}"
        dockerfile = (
            f"FROM {base}\nCOPY app.py /srv/app.py\nUSER 10001:10001\n"
            f"ENV MODE={mode} VERSION={version} PYTHONDONTWRITEBYTECODE=1\nEXPOSE 8000\n"
            'HEALTHCHECK --interval=30s --timeout=20s CMD ["python3", "/srv/app.py", "check"]\n'
            'CMD ["python3", "/srv/app.py"]\n'
        )
        _build(client, dockerfile, tag)
        return tag

    return image


def _build(client: Any, dockerfile: str, tag: str) -> None:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, data in (
            ("Dockerfile", dockerfile.encode()),
            ("app.py", (HERE / "app/app.py").read_bytes()),
        ):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    context.seek(0)
    client.images.build(fileobj=context, custom_context=True, tag=tag, rm=True, forcerm=True)


def run_module(
    module: str, options: dict[str, Any], check: bool = False, diff: bool = True
) -> subprocess.Popen[str]:
    """Start the module with these options, as Ansible would on the target."""
    # Another Python, with another ansible-core and Docker SDK, may play the target.
    target = os.environ.get("VYA_TEST_TARGET_PYTHON")
    path = [p for p in sys.path if p and (not target or (Path(p) / "ansible_collections").is_dir())]
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    process = subprocess.Popen(
        [target or sys.executable, "-c", RUN.format(module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
    )
    assert process.stdin
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
    process.stdin.close()
    process.stdin = None
    return process


class Release:
    """One release under test: its options, and the module applied to them."""

    def __init__(self, client: Any, state: Path, images: Callable[..., str]) -> None:
        self.client = client
        self.name = f"vyatest-{uuid.uuid4().hex[:8]}"
        self.port = free_port()
        self.state = state
        self.options: dict[str, Any] = {
            "name": self.name,
            "image": images("ok", "1"),
            "ports": [f"127.0.0.1:{self.port}:8000"],
            "settle": 0,
            "wait_timeout": 60,
            "state_directory": str(state),
        }

    def apply(self, check: bool = False, **changes: Any) -> dict[str, Any]:
        """Run it; the result as Ansible gets it, `text` being all that it wrote."""
        process = run_module("container_release", {**self.options, **changes}, check)
        out, err = process.communicate(timeout=180)
        assert out, err
        result: dict[str, Any] = json.loads(out)
        assert result.get("failed") or not err, err
        return {"failed": False, **result, "text": out + err}

    def ok(self, **changes: Any) -> dict[str, Any]:
        """Run it and expect success, and that check mode has said the same before."""
        predicted = self.apply(check=True, **changes)
        assert not predicted["failed"], predicted["msg"]
        result = self.apply(**changes)
        assert not result["failed"], result["msg"]
        assert result["actions"] == predicted["actions"]
        assert result["changed"] == predicted["changed"] == bool(result["actions"])
        # The id of an image is known when it has been pulled.
        if not any(action.startswith("pull") for action in result["actions"]):
            assert result["diff"] == predicted["diff"]
        return result

    def fails(self, code: str, check: bool = False, **changes: Any) -> dict[str, Any]:
        """Run it and expect a failure with that code."""
        result = self.apply(check, **changes)
        assert result["failed"], result
        assert result["code"] == code, result["msg"]
        return result

    def start(self, **changes: Any) -> subprocess.Popen[str]:
        """Begin to run it."""
        return run_module("container_release", {**self.options, **changes})

    def only(self, **options: Any) -> dict[str, Any]:
        """Options for a state that needs no more than the name."""
        same = ("name", "settle", "wait_timeout", "state_directory")
        return {key: self.options[key] for key in same} | options

    def attrs(self, slot: str = "") -> dict[str, Any]:
        """What Docker knows of the container in that slot."""
        found: dict[str, Any] = self.client.api.inspect_container(self.name + slot)
        return found

    def names(self) -> set[str]:
        """The containers there are."""
        found = self.client.api.containers(all=True, filters={"name": self.name})
        return {c["Names"][0].removeprefix(f"/{self.name}") for c in found}

    def stored(self) -> list[Path]:
        """The directories of its releases."""
        directory = self.state / "releases" / self.name
        return sorted(p for p in directory.glob("*") if p.is_dir()) if directory.exists() else []

    def version(self) -> str | None:
        """What the published port answers; None when nothing does."""
        return ask(self.port)

    def clean(self) -> None:
        """Leave nothing."""
        for container in self.client.containers.list(
            all=True, filters={"name": self.name}, ignore_removed=True
        ):
            container.remove(force=True, v=True)
        for kind in (self.client.networks, self.client.volumes):
            for item in kind.list(filters={"label": f"{LABEL}={self.name}"}):
                item.remove()


@pytest.fixture
def release(client: Any, tmp_path: Path, images: Callable[..., str]) -> Iterator[Release]:
    """A release with a name, a port and a state directory of its own."""
    found = Release(client, tmp_path, images)
    yield found
    found.clean()


@pytest.fixture(scope="module")
def shared(
    client: Any, tmp_path_factory: pytest.TempPathFactory, images: Callable[..., str]
) -> Iterator[Release]:
    """One for all tests of a file, which find it as the one before has left it: serving."""
    found = Release(client, tmp_path_factory.mktemp("state"), images)
    found.options["rehearsal"] = {"until": "none"}
    found.ok()
    yield found
    found.clean()


@pytest.fixture
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A fresh one."""
    found = Relay(tmp_path_factory.mktemp("relay") / "docker.sock")
    yield found
    found.close()


@pytest.fixture
def served(release: Release) -> Release:
    """A release that serves version 1."""
    release.ok(rehearsal={"until": "none"})
    return release
