# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build an image from a context and test it before it gets a name."""

from __future__ import annotations

import fcntl
import io
import os
import re
import signal
import subprocess
import tarfile
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from .._docker.client import DOCKER_ERRORS, describe_error
from .._docker.labels import LABEL_SMOKE
from .._docker.session import within
from .._failure import Failure
from .source import PREPARE, write_tar

# They name the machine's CAs for programs of a build that bring their own (pip).
CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
CA_FILE = "ca-bundle.crt"
PROXY_VARIABLES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy")
_TAIL = 25
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"^Step \d+/\d+ : ")


class BuildLog:
    """The build's output: all of it in a file, the last lines and the current step in memory."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.tail: deque[str] = deque(maxlen=_TAIL)
        self.step = ""

    def write(self, text: str) -> None:
        """Write a piece of output of one or more lines."""
        for line in _ESCAPE.sub("", text).replace("\r", "\n").splitlines():
            if line.strip():
                self.step = line if _STEP.match(line) else self.step
                self.tail.append(line)
                self.file.write(line + "\n")
        self.file.flush()

    def failure(self, code: str, what: str) -> Failure:
        """Return the failure that ends the build, with the values `step` and `log` (a path)."""
        tail = "\n".join(self.tail)
        step = f"\nfailed at: {self.step}" if self.step else ""
        return Failure(
            code,
            f"{what}{step}\nlast lines of its output:\n{tail}\nall of it: {self.file.name}",
            step=self.step,
            log=self.file.name,
        )


@contextmanager
def build_log(directory: str, image: str, seconds: float) -> Iterator[BuildLog]:
    """Open the image's log, which only one build can hold: hosts of a play may share a daemon.

    Args:
        seconds: How long to wait for another build.

    Raises:
        Failure: `image.log_directory`, `image.locked`.
    """
    path = Path(directory, re.sub(r"[^\w.-]", "_", image) + ".log")
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise Failure(
            "image.log_directory", f"log_directory: the build's output cannot be kept: {error}"
        ) from error
    with file:
        until = time.monotonic() + seconds
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > until:
                raise Failure(
                    "image.locked",
                    f"{image}: another build of it runs for over {seconds:g} s ({path}).",
                    image=image,
                )
            time.sleep(0.2)
        file.truncate(0)
        yield BuildLog(file)


def build_image(client: Any, context: str, options: dict[str, Any], log: BuildLog) -> str:
    """Build an image, and return its id; it has no tag.

    Source: Docker Engine API, POST /build.

    Args:
        context: Path of a tar with the source.
        options: `buildargs`, `optional_buildargs` (given if the Dockerfile declares them),
            `labels`, `ca_bundle`, `refresh`, `build_timeout` (seconds).

    Raises:
        Failure: `image.no_dockerfile`, `image.ca_bundle`, `image.prepare_failed`,
            `image.build_failed` or `image.build_timeout`, with the failed step and the last lines.
    """
    until = time.monotonic() + options["build_timeout"]
    with (
        tempfile.TemporaryDirectory(prefix="image_build.") as name,
        tempfile.TemporaryFile() as tar,
    ):
        directory = Path(name)
        with tarfile.open(context) as archive:
            archive.extractall(directory)  # noqa: S202  (the controller made it)
        dockerfile = _dockerfile(directory)
        buildargs = {
            **_proxies(),
            **{k: v for k, v in options["optional_buildargs"].items() if _declares(dockerfile, k)},
            **options["buildargs"],
        }
        if "ca-bundle" in dockerfile:
            _add_authorities(directory, options["ca_bundle"])
        _prepare(directory, buildargs, log, until)
        write_tar(directory, _all_files(directory), tar)
        tar.seek(0)
        try:
            # The daemon ends a build when its client goes.
            with within(max(until - time.monotonic(), 0)):
                events = client.api.build(
                    fileobj=tar,
                    custom_context=True,
                    rm=True,
                    forcerm=True,
                    nocache=options["refresh"],
                    buildargs=buildargs,
                    labels=options["labels"],
                    timeout=options["build_timeout"],
                    decode=True,
                )
                return _follow(events, log)
        except DOCKER_ERRORS as error:
            if time.monotonic() >= until:
                raise log.failure(
                    "image.build_timeout", "the build took longer than build_timeout allows"
                ) from error
            raise log.failure(
                "image.build_failed", f"the build was cut short: {describe_error(error)}"
            ) from error


def _follow(events: Iterator[dict[str, Any]], log: BuildLog) -> str:
    image_id = ""
    for event in events:
        log.write(event.get("stream") or event.get("status") or "")
        if "error" in event:
            raise log.failure("image.build_failed", f"the build failed: {event['error']}")
        image_id = (event.get("aux") or {}).get("ID", image_id)
    if not image_id:
        raise log.failure("image.build_failed", "the build ended without an image")
    return image_id


def _all_files(directory: Path) -> list[str]:
    return sorted(
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _proxies() -> dict[str, str]:
    """Return the machine's proxies. Docker keeps these arguments out of the image's history."""
    names = [name for lower in PROXY_VARIABLES for name in (lower, lower.upper())]
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def _dockerfile(directory: Path) -> str:
    path = directory / "Dockerfile"
    if not path.is_file():
        raise Failure(
            "image.no_dockerfile", "src: expected a file named Dockerfile in it, found none."
        )
    return path.read_text(encoding="utf-8")


def _declares(dockerfile: str, name: str) -> bool:
    return re.search(rf"^ARG\s+{re.escape(name)}\b", dockerfile, re.MULTILINE) is not None


def _add_authorities(directory: Path, wish: str) -> None:
    """Put the machine's CA bundle where the Dockerfile asks for one."""
    path = wish
    if wish == "auto":
        named = [os.environ[name] for name in CA_VARIABLES if os.environ.get(name)]
        path = next((name for name in named if Path(name).is_file()), "")
    if path:
        try:
            (directory / CA_FILE).write_bytes(Path(path).read_bytes())
        except OSError as error:
            raise Failure(
                "image.ca_bundle", f"ca_bundle: cannot be read on the Docker host: {error}"
            ) from error


def _prepare(directory: Path, variables: dict[str, str], log: BuildLog, until: float) -> None:
    """Run the source's own program for what a Dockerfile cannot do."""
    if not (directory / PREPARE).is_file():
        return
    log.step = f"{PREPARE} (on the Docker host)"
    late = threading.Event()
    try:
        with subprocess.Popen(  # noqa: S603
            ["sh", PREPARE],  # noqa: S607
            cwd=directory,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:

            def expire() -> None:
                late.set()
                _kill(process)

            timer = threading.Timer(max(until - time.monotonic(), 0), expire)
            timer.start()
            try:
                for line in process.stdout or ():
                    log.write(line)
            except BaseException:
                _kill(process)
                raise
            finally:
                timer.cancel()
    except OSError as error:
        raise log.failure(
            "image.prepare_failed", f"the preparation could not start: {error}"
        ) from error
    if late.is_set():
        raise log.failure(
            "image.build_timeout", "the preparation took longer than build_timeout allows"
        )
    if process.returncode != 0:
        raise log.failure(
            "image.prepare_failed", f"the preparation failed with exit code {process.returncode}"
        )
    log.step = ""


def _kill(process: subprocess.Popen[str]) -> None:
    """End a program with all that it has started: they hold its output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def smoke(client: Any, image_id: str, test: dict[str, Any], log: BuildLog) -> None:
    """Run a command in a container of the new image, without a network.

    Args:
        test: `command`, `entrypoint`, `files` (content by path) and `timeout` (seconds).

    Raises:
        Failure: `image.smoke_failed`: it did not exit with 0 in time.
    """
    what = f"smoke command {test['command']}"
    log.write(what)
    container = None
    try:
        container = client.containers.create(
            image_id,
            test["command"],
            entrypoint=test["entrypoint"],
            network_disabled=True,
            labels={LABEL_SMOKE: image_id},
        )
        if test["files"]:
            container.put_archive("/", _archive(test["files"]))
        container.start()
        code = container.wait(timeout=test["timeout"])["StatusCode"]
        log.write(container.logs(tail=_TAIL).decode("utf-8", "replace"))
    except DOCKER_ERRORS as error:
        raise log.failure(
            "image.smoke_failed", f"{what} could not be run: {describe_error(error)}"
        ) from error
    finally:
        if container is not None:
            with suppress(*DOCKER_ERRORS):
                container.remove(force=True, v=True)
    if code != 0:
        raise log.failure(
            "image.smoke_failed", f"{what} in the new image exited with {code}, expected 0"
        )


def _archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            data = content.encode()
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(data), 0o444
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
