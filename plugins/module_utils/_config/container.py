# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What installing a configuration needs from Docker: a one-off container, and the server's own."""

from __future__ import annotations

import pwd
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from .._docker.client import (
    DOCKER_ERRORS,
    NotFound,
    client_of,
    describe_error,
)
from .._docker.images import find_image
from .._docker.labels import LABEL_CHECK, LABEL_CHECK_OLD
from .._failure import Failure
from .directory import ConfigError
from .server import POLL

OWN_GROUP = 65533
RUN_TIMEOUT = 60  # seconds that a one-off container may take


class DockerMissingError(ConfigError):
    """Docker or the image is missing: a first run in check mode sees this."""


def connect(docker_host: str) -> Any:
    """Return a client whose daemon answers.

    Raises:
        DockerMissingError: The daemon cannot be reached; the code is that of `client_of`.
    """
    try:
        return client_of({"docker_host": docker_host, "timeout": RUN_TIMEOUT})
    except Failure as failure:
        raise DockerMissingError(failure.code, str(failure), **failure.values) from failure


@contextmanager
def one_off(
    client: Any,
    image: str,
    command: Sequence[str],
    staging: Path,
    mount_path: str,
    subject: Path,
    owner: tuple[int, int],
    **options: Any,
) -> Iterator[Any]:
    """Start a container that sees `staging` at `mount_path`, and remove it at the end.

    It runs as `owner` on a read-only root, without capabilities, and without a network unless
    `options` say otherwise.

    Args:
        subject: The directory to which the set belongs; containers left from earlier runs for it
            are removed.
        owner: uid and gid.
        options: Further ones of the SDK's `containers.create`.

    Raises:
        DockerMissingError: `config.image_missing`.
        ConfigError: `config.not_checked`: the container could not run.
    """
    if not image or find_image(client, image) is None:
        raise DockerMissingError(
            "config.image_missing",
            f"image: expected {image} on this host, to check the configuration with; it is not "
            "there. Build or pull it first, or leave it empty for a server without a container.",
            image=image,
        )
    container = None
    try:
        for label in (LABEL_CHECK, LABEL_CHECK_OLD):
            left = {"label": f"{label}={subject}"}
            for old in client.containers.list(all=True, filters=left, ignore_removed=True):
                old.remove(force=True, v=True)
        container = client.containers.create(
            image,
            list(command[1:]),
            **{
                "entrypoint": [command[0]],
                # A process of the same user and group on the host could enter it through /proc.
                "user": f"{owner[0]}:{OWN_GROUP}",
                "group_add": [owner[1]],
                "volumes": {str(staging): {"bind": mount_path, "mode": "ro"}},
                "network_mode": "none",
                "read_only": True,
                "cap_drop": ["ALL"],
                "security_opt": ["no-new-privileges"],
                "healthcheck": {"test": ["NONE"]},
                # What it says of the set stays on this host, and goes with the container.
                "log_config": {"type": "json-file", "config": {}},
                "labels": {LABEL_CHECK: str(subject)},
                **options,
            },
        )
        container.start()
        yield container
    except DOCKER_ERRORS as error:
        raise ConfigError(
            "config.not_checked",
            f"the configuration could not be checked: {command[0]} did not run in a container of "
            f"{image}: {describe_error(error)}.",
            program=command[0],
            image=image,
        ) from error
    finally:
        if container is not None:
            container.remove(force=True, v=True)


def check_with(
    command: Sequence[str], params: Mapping[str, Any], staging: Path, mount_path: str
) -> None:
    """Run a server's own checker, from the server's image, on a staged set.

    Args:
        params: The module's options.
        staging: The staged set.

    Raises:
        ConfigError: `config.refused`, with the values `program`, `exit_code` and `output`;
            `config.not_checked`; `config.image_missing`.
    """
    client, image, subject = connect(params["docker_host"]), params["image"], Path(params["path"])
    owner = (params["owner"], params["group"])
    with one_off(client, image, command, staging, mount_path, subject, owner) as container:
        code = container.wait(timeout=RUN_TIMEOUT)["StatusCode"]
        output = text(container.logs(stdout=True, stderr=True))
    if code:
        raise ConfigError(
            "config.refused",
            f"{command[0]} refuses the configuration; nothing was written to {subject}. "
            f"`{' '.join(command)}` in {image} says (exit code {code}):\n{output}",
            program=command[0],
            exit_code=code,
            output=output,
        )


def group_of(params: Mapping[str, Any]) -> int:
    """Return the id of the group that reads the files.

    It is the option `group`, else that of the server's process, else the first one of its user.
    """
    if params["group"] is not None:
        return int(params["group"])
    if params["container"]:
        with suppress(DockerMissingError, OSError):
            record = ServerContainer(connect(params["docker_host"]), params["container"]).record()
            if record:
                status = Path(f"/proc/{record['State']['Pid']}/status").read_text(encoding="utf-8")
                return int(status.split("\nGid:")[1].split()[0])
    with suppress(KeyError):
        return pwd.getpwuid(params["owner"]).pw_gid
    return int(params["owner"])


def text(output: bytes) -> str:
    """Return a container's output as text."""
    return output.decode("utf-8", "replace").strip()


class ServerContainer:
    """The container that the server runs in."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name

    def _failed(self, error: BaseException) -> ConfigError:
        said = describe_error(error)
        return ConfigError("docker.refused", f"container {self.name}: {said}.", container=self.name)

    def record(self) -> Mapping[str, Any] | None:
        """Return the answer of `docker inspect`; None if the container does not run.

        Raises:
            ConfigError: `docker.refused`.
        """
        try:
            record = self._client.api.inspect_container(self.name)
        except NotFound:
            return None
        except DOCKER_ERRORS as error:
            raise self._failed(error) from error
        state = record["State"]
        return record if state["Running"] and not state.get("Restarting") else None

    def unfit(self, path: Path, mount_path: str, image: str) -> str:
        """Return why this container is not the server that `path` is for; empty if it is.

        It must see `path` at `mount_path`, and run the image that the set is checked with: another
        version may refuse what this one accepts.
        """
        record = self.record()
        if record is None:
            return f"no container {self.name} runs"
        wanted = find_image(self._client, image)
        if wanted is not None and wanted["Id"] != record["Image"]:
            return f"container {self.name} runs another image than {image}"
        inside = PurePosixPath(mount_path)
        mounts = {
            PurePosixPath(mount["Destination"]): mount for mount in record.get("Mounts") or []
        }
        for above in (inside, *inside.parents):
            if above in mounts:
                seen = Path(mounts[above].get("Source") or "") / inside.relative_to(above)
                if seen.resolve() == path.resolve():
                    return ""
                return f"container {self.name} has {seen} at {mount_path}, not {path}"
        return f"container {self.name} has nothing mounted at {mount_path}"

    def hang_up(self) -> None:
        """Send SIGHUP.

        Raises:
            ConfigError: `docker.refused`.
        """
        try:
            self._client.api.kill(self.name, "SIGHUP")
        except DOCKER_ERRORS as error:
            raise self._failed(error) from error

    def log_since(
        self, moment: float, words: Sequence[str], lines: int = 8, patience: float = 0.0
    ) -> str:
        """Return the container's last log lines that contain one of the words.

        Args:
            moment: Unix time of the first line to read.
            lines: How many lines at most.
            patience: Seconds to wait for the first one: Docker reads the output a moment later.
        """
        deadline = time.monotonic() + patience
        while True:
            said = self._log_since(moment, words, lines)
            if said or time.monotonic() > deadline:
                return said
            time.sleep(POLL)

    def _log_since(self, moment: float, words: Sequence[str], lines: int) -> str:
        try:
            output = self._client.api.logs(
                self.name, stdout=True, stderr=True, since=int(moment), until=int(time.time()) + 1
            )
        except DOCKER_ERRORS as error:
            return f"(its log cannot be read: {describe_error(error)})"
        found = [line for line in text(output).splitlines() if any(word in line for word in words)]
        return "\n".join(found[-lines:])
