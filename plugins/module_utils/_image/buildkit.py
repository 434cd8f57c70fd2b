# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build with BuildKit, by the plugin buildx of Docker's command line.

BuildKit reads the credentials of registries from its client, over a session that the SDK cannot
hold.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from .._docker.client import DOCKER_ERRORS
from .log import TOO_LONG, BuildLog, run_logged

_BASE_ARGUMENT = "BASE_IMAGE"
_BASE_NAME = "vya-observability/base-of-a-build"


def buildx(options: Mapping[str, Any]) -> list[str]:
    """Return the command of buildx for this engine; empty if the host has none.

    As elsewhere in Docker, `DOCKER_BUILDKIT=0` in the environment chooses the classic builder.

    Args:
        options: Those of the Docker host.
    """
    command = ["docker", "--host", options["docker_host"], *_tls(options), "buildx"]
    if os.environ.get("DOCKER_BUILDKIT") == "0":
        return []
    try:
        # run_command knows no deadline. pylint: disable-next=ansible-bad-function
        subprocess.run([*command, "version"], capture_output=True, check=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return []
    return command


def _tls(options: Mapping[str, Any]) -> list[str]:
    if not options["tls"]:
        return []
    names = {"tlscacert": "ca_path", "tlscert": "client_cert", "tlskey": "client_key"}
    given = [f"--{name}={options[key]}" for name, key in names.items() if options[key]]
    return ["--tlsverify" if options["validate_certs"] else "--tls", *given]


def build_with(
    command: list[str],
    client: Any,
    tar: IO[bytes],
    options: Mapping[str, Any],
    log: BuildLog,
    until: float,
) -> str:
    """Build, and return the image's id.

    Source: `docker buildx build --help`; its metadata file.

    Args:
        command: What `buildx` returned.
        tar: The context.
        options: See `build_image`; `buildargs` are all of them.

    Raises:
        Failure: `image.build_failed` or `image.build_timeout`.
    """
    with tempfile.TemporaryDirectory(prefix="image_build.") as made, _base(client, options) as args:
        metadata = Path(made, "metadata")
        # The engine's own BuildKit, without an attestation: the image's id is that of its manifest.
        whole = [*command, "build", "--builder=default", "--progress=plain"]
        whole += [f"--metadata-file={metadata}", *["--no-cache"] * options["refresh"]]
        # A value that the environment has, such as a proxy's password, is not shown by `ps`.
        whole += [
            f"--build-arg={name}" + ("" if os.environ.get(name) == value else f"={value}")
            for name, value in args.items()
        ]
        whole += [f"--label={name}={value}" for name, value in options["labels"].items()]
        environment = {**os.environ, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}
        try:
            code = run_logged([*whole, "-"], log, until, stdin=tar, env=environment)
        except OSError as error:
            raise log.failure(
                "image.build_failed", f"the build could not start: {error}"
            ) from error
        if code is None:
            raise log.failure("image.build_timeout", f"the build {TOO_LONG}")
        if code:
            raise log.failure("image.build_failed", f"the build failed with exit code {code}")
        return str(json.loads(metadata.read_text(encoding="utf-8"))["containerimage.digest"])


@contextmanager
def _base(client: Any, options: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield the build arguments, with a name of the base that is this build's own.

    BuildKit takes an image's id for a name of Docker's own registry, and asks a registry for an
    image by digest that has no tag here.
    """
    args, image_id = options["buildargs"], options["prepared"]["base_image_id"]
    if not image_id or args.get(_BASE_ARGUMENT) != options["prepared"]["base_reference"]:
        yield args
        return
    tag = uuid.uuid4().hex
    client.api.tag(image_id, _BASE_NAME, tag)
    try:
        yield {**args, _BASE_ARGUMENT: f"{_BASE_NAME}:{tag}"}
    finally:
        with suppress(*DOCKER_ERRORS):
            client.api.remove_image(f"{_BASE_NAME}:{tag}", noprune=True)
