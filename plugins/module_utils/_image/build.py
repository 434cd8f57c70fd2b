# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build an image from a context and test it before it gets a name."""

from __future__ import annotations

import io
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from .._docker.client import DOCKER_ERRORS, describe_error
from .._docker.images import error_in
from .._docker.labels import LABEL_SMOKE, LABEL_STAGE
from .._docker.session import within
from .._failure import Failure
from .buildkit import build_with, buildx
from .log import TAIL, TOO_LONG, BuildLog, run_logged
from .source import PREPARE, write_tar

# They name the machine's CAs for programs of a build that bring their own (pip).
CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
CA_FILE = "ca-bundle.crt"
# A host that has CAs of its own has them in its store, too.
OWN_AUTHORITIES = Path("/usr/local/share/ca-certificates")
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# How the classic builder tells the image of a step.
STEP = re.compile(r"^ ---> ([0-9a-f]{12})$", re.MULTILINE)
PROXY_VARIABLES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy")


def build_image(
    client: Any, context: str, options: dict[str, Any], log: BuildLog
) -> tuple[str, str]:
    """Build an image, and return its id and what built it; it has no tag.

    Args:
        context: Path of a tar with the source.
        options: Those of the Docker host, `buildargs`, `optional_buildargs` (given if the
            Dockerfile declares them), `prepared`, `labels`, `ca_bundle`, `refresh`,
            `build_timeout` (seconds).

    Returns:
        The id, and `buildkit` or `classic`.

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
            add_authorities(directory, options["ca_bundle"])
        _prepare(directory, buildargs, log, until)
        write_tar(directory, _all_files(directory), tar)
        tar.seek(0)
        options = {**options, "buildargs": buildargs}
        command = buildx(options)
        if command:
            return build_with(command, client, tar, options, log, until), "buildkit"
        return _build_classic(client, tar, options, log, until), "classic"


def _build_classic(
    client: Any, tar: IO[bytes], options: dict[str, Any], log: BuildLog, until: float
) -> str:
    """Build with the engine's first builder, which is the one that its API and the SDK have.

    Source: Docker Engine API, POST /build.
    """
    try:
        # The daemon ends a build when its client goes.
        with within(max(until - time.monotonic(), 0)):
            events = client.api.build(
                fileobj=tar,
                custom_context=True,
                rm=True,
                forcerm=True,
                nocache=options["refresh"],
                buildargs=options["buildargs"],
                labels=options["labels"],
                timeout=options["build_timeout"],
                decode=True,
            )
            made: set[str] = set()
            image_id = _follow(events, log, made)
    except DOCKER_ERRORS as error:
        if time.monotonic() >= until:
            raise log.failure("image.build_timeout", f"the build {TOO_LONG}") from error
        raise log.failure(
            "image.build_failed", f"the build was cut short: {describe_error(error)}"
        ) from error
    _remove_stages(client, made)
    return image_id


def _remove_stages(client: Any, made: set[str]) -> None:
    """Remove what a build has made in stages that are not worth keeping as a cache.

    Nothing else: another build that is at work on this daemon needs its own.
    """
    unnamed = {"dangling": True, "label": f"{LABEL_STAGE}=throwaway"}
    with suppress(*DOCKER_ERRORS):  # leftovers only take space
        for image in client.api.images(filters=unnamed):
            if image["Id"].rpartition(":")[2][:12] in made:
                with suppress(*DOCKER_ERRORS):
                    client.api.remove_image(image["Id"])


def _follow(events: Iterator[dict[str, Any]], log: BuildLog, made: set[str]) -> str:
    image_id = ""
    for event in events:
        said = event.get("stream") or event.get("status") or ""
        log.write(said)
        made.update(STEP.findall(said))
        wrong = error_in(event)
        if wrong:
            raise log.failure("image.build_failed", f"the build failed: {wrong}")
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


def add_authorities(directory: Path, wish: str) -> None:
    """Put the machine's CA bundle where the Dockerfile asks for one."""
    path = wish
    if wish == "auto":
        named = [os.environ[name] for name in CA_VARIABLES if os.environ.get(name)]
        if any(OWN_AUTHORITIES.glob("**/*.crt")):
            named.append(SYSTEM_AUTHORITIES)
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
    try:
        code = run_logged(
            ["sh", PREPARE], log, until, cwd=directory, env={**os.environ, **variables}
        )
    except OSError as error:
        raise log.failure(
            "image.prepare_failed", f"the preparation could not start: {error}"
        ) from error
    if code is None:
        raise log.failure("image.build_timeout", f"the preparation {TOO_LONG}")
    if code:
        raise log.failure("image.prepare_failed", f"the preparation failed with exit code {code}")
    log.step = ""


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
        log.write(container.logs(tail=TAIL).decode("utf-8", "replace"))
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
