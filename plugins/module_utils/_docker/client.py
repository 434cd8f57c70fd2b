# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker daemon: how to connect to it, and what its errors mean."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._failure import Failure, fail
from .._texts.text import say
from .session import Client

# DOCKER_ERRORS: what a call to the daemon may raise, for its answers and for broken connections.
try:
    import docker
    from docker.errors import APIError, DockerException
    from docker.tls import TLSConfig
    from requests.exceptions import RequestException

    NotFound = docker.errors.NotFound
    DOCKER_ERRORS = (APIError, DockerException, RequestException)
    DOCKER_IMPORT_ERROR = None
except ImportError:
    DOCKER_IMPORT_ERROR = traceback.format_exc()
    if not TYPE_CHECKING:
        DOCKER_ERRORS = ()
        docker = TLSConfig = None
        APIError = DockerException = NotFound = RequestException = Exception


# Texts of the daemon whose cause is worth saying: pattern, code, cause and next step.
_CAUSES = (
    (
        r"no space left on device",
        "docker.disk_full",
        "the disk is full: free space on the Docker host, then run again",
    ),
    (
        r"port is already allocated|address already in use",
        "docker.port_taken",
        "the port is taken: see `docker ps` and `ss -ltnp` for who holds it",
    ),
    (
        r"(pull access denied|unauthorized|authentication required|no basic auth|denied:)",
        "docker.registry_refused",
        "the registry refused: check the image's name, and `docker login` for private ones",
    ),
    (
        r"manifest.*(unknown|not found)|failed to resolve reference .*: not found",
        "docker.no_such_tag",
        "the registry has no such tag or digest",
    ),
    (
        r"(no such host|i/o timeout|connection refused|client\.timeout|network is unreachable)",
        "docker.registry_unreachable",
        "the registry does not answer: check its name, DNS and the network",
    ),
    (
        r"toomanyrequests",
        "docker.registry_limit",
        "the registry limits pulls: log in, use a mirror, or wait",
    ),
)

# Codes of a host whose engine a run would first install or start.
DOCKER_HOST = "unix:///var/run/docker.sock"  # where an engine is, if nobody says
NOT_YET = frozenset({"docker.sdk_missing", "docker.no_socket", "docker.not_running"})

# Why no daemon answers, by the type of one of the error's causes.
_UNREACHABLE = {
    FileNotFoundError: "docker.no_socket",
    PermissionError: "docker.no_permission",
    ConnectionRefusedError: "docker.not_running",
}


def docker_argument_spec() -> dict[str, Any]:
    """Return the options of the doc fragment `vya.observability.docker`."""
    return {
        "docker_host": {"type": "str", "default": DOCKER_HOST},
        "tls": {"type": "bool", "default": False},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path", "no_log": False},
        "timeout": {"type": "int", "default": 60},
    }


def client_of(params: Mapping[str, Any], snapshot: bool = False) -> Any:
    """Return a `docker.DockerClient` whose daemon has answered.

    Args:
        params: The options of `docker_argument_spec`; those for TLS may be missing.
        snapshot: Whether it asks the daemon each question only once; then it cannot wait for
            anything.

    Raises:
        Failure: `docker.sdk_missing`, or a code of `unreachable`.
    """
    if DOCKER_IMPORT_ERROR is not None:
        missing = missing_required_lib("docker")
        raise Failure(
            "docker.sdk_missing",
            f"{missing} On Debian and Ubuntu: apt-get install python3-docker.",
        )
    host = params["docker_host"]
    try:
        return Client(snapshot, base_url=host, timeout=params["timeout"], tls=_tls(params))
    except DOCKER_ERRORS as error:
        raise unreachable(error, host) from error


def connect(module: AnsibleModule) -> Any:
    """Return a client by the module's options; fail the module if there is none."""
    try:
        return client_of(module.params)
    except Failure as failure:
        fail(module, failure, exception=DOCKER_IMPORT_ERROR)


def _tls(params: Mapping[str, Any]) -> Any:
    if not params.get("tls"):
        return False
    cert, key = params["client_cert"], params["client_key"]
    return TLSConfig(
        client_cert=(cert, key) if cert and key else None,
        ca_cert=params["ca_path"],
        verify=params["validate_certs"],
    )


def unreachable(error: BaseException, docker_host: str) -> Failure:
    """Return why the daemon did not answer.

    Returns:
        `docker.no_socket`, `docker.no_permission`, `docker.not_running` or `docker.no_answer`.
    """
    causes = {type(cause) for cause in _chain(error)}
    codes = (code for kind, code in _UNREACHABLE.items() if kind in causes)
    code = next(codes, "docker.no_answer")
    values = {"docker_host": docker_host, "error": describe_error(error)}
    seen, cause, fix = (say(code, values, part) for part in ("seen", "cause", "fix"))
    wanted = say("docker", values, "expected")
    message = f"expected {wanted}; seen: {seen}; likely cause: {cause}; next: {fix}"
    return Failure(code, message, **values)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and all its causes; requests hides some in `args`."""
    seen: set[int] = set()
    todo: list[Any] = [error]
    while todo:
        item = todo.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        todo += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]


def describe_error(error: BaseException) -> str:
    """Return one line: what the daemon said, and the likely cause if the text shows it."""
    return _classified(error)[1]


def docker_failure(message: str, error: BaseException, **values: Any) -> Failure:
    """Return the failure for what the daemon said, which follows `message`.

    Returns:
        `docker.disk_full`, `docker.port_taken`, `docker.registry_refused`, `docker.no_such_tag`,
        `docker.registry_unreachable`, `docker.registry_limit` or `docker.refused`.
    """
    code, said = _classified(error)
    return Failure(code, f"{message}: {said}", **values)


def _classified(error: BaseException) -> tuple[str, str]:
    said = getattr(error, "explanation", None) or error
    text = " ".join(str(said.decode() if isinstance(said, bytes) else said).split())
    for pattern, code, cause in _CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return code, f"{text} ({cause})"
    return "docker.refused", text or type(error).__name__
