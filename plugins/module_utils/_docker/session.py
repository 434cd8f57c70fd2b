# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SDK's client, whose requests have an end: its own timeout holds for each read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .._connection import POOLS, Kept
from .._deadline import current, deadline

try:
    from docker import APIClient, DockerClient
    from docker.errors import NotFound, StreamParseError
    from docker.transport.unixconn import UnixHTTPAdapter, UnixHTTPConnection
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError
except ImportError:  # told by `client_of`
    APIClient = DockerClient = object  # type: ignore[assignment,misc]
    UnixHTTPAdapter = UnixHTTPConnection = object  # type: ignore[assignment,misc]
    NotFound = StreamParseError = RequestException = HTTPError = Exception  # type: ignore[assignment,misc]

PREFIX = "http+docker://"  # what the SDK makes of unix://


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit what streams: a build, a pull, a file of a container.

    Raises:
        RequestException: The time was over, or the stream was cut off; of the latter, the SDK lets
            errors through that are none of its own.
    """
    try:
        with deadline(seconds):
            yield
    except (TimeoutError, HTTPError, StreamParseError) as error:
        raise RequestException(str(error)) from error


class _UnixConnection(Kept, UnixHTTPConnection):
    def connect(self) -> None:
        super().connect()
        end = current()
        if end:
            end.watch(self.sock)


class _UnixAdapter(UnixHTTPAdapter):
    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        pool: Any = super().get_connection(url, proxies)
        pool._new_conn = lambda: _UnixConnection(pool.base_url, pool.socket_path, pool.timeout)
        return pool


class _Api(APIClient):
    def _retrieve_server_version(self) -> Any:
        # The first request, when its transport has just been set up.
        for adapter in list(self.adapters.values()):
            if isinstance(adapter, UnixHTTPAdapter):
                path, timeout = adapter.socket_path, adapter.timeout
                self.mount(PREFIX, _UnixAdapter(f"http+unix://{path}", timeout))
            elif hasattr(adapter, "poolmanager"):
                adapter.poolmanager.pool_classes_by_scheme = POOLS
        return super()._retrieve_server_version()  # type: ignore[misc]

    def request(self, *arguments: Any, **options: Any) -> Any:
        """Send a request; one that streams has the end that its caller gives it (`within`)."""
        seconds = options.get("timeout")
        if options.get("stream") or not seconds:
            return super().request(*arguments, **options)
        with within(seconds):
            return super().request(*arguments, **options)


class _Snapshot(_Api):
    """Asks each question once: for a look that changes nothing."""

    def __init__(self, **options: Any) -> None:
        self._answers: dict[str, Any] = {}
        self._known: list[str] | None = None
        super().__init__(**options)

    def request(self, method: Any, url: Any, *arguments: Any, **options: Any) -> Any:
        """Send a request, or return the answer that it has had."""
        if str(method).upper() != "GET" or options.get("stream"):
            return super().request(method, url, *arguments, **options)
        question = f"{url} {options.get('params')}"
        if question not in self._answers:
            self._answers[question] = super().request(method, url, *arguments, **options)
        return self._answers[question]

    def inspect_container(self, container: Any) -> Any:
        """Inspect a container; one that is not in the list of all is not asked for."""
        if self._known is None:
            listed = self.containers(all=True)
            names = [name.lstrip("/") for each in listed for name in each.get("Names") or ()]
            self._known = [*names, *(each["Id"] for each in listed)]
        if not any(each.startswith(container) for each in self._known):
            raise NotFound(f"No such container: {container}")
        return super().inspect_container(container)


class Client(DockerClient):
    """A `docker.DockerClient`; the other arguments are its.

    Args:
        snapshot: Whether to ask the daemon each question only once.
    """

    def __init__(self, snapshot: bool = False, **options: Any) -> None:
        kind = _Snapshot if snapshot else _Api
        self.api = kind(**{**options, "version": "auto"})
