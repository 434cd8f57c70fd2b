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
    from docker.errors import StreamParseError
    from docker.transport.unixconn import UnixHTTPAdapter, UnixHTTPConnection
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError
except ImportError:  # told by `client_of`
    APIClient = DockerClient = object  # type: ignore[assignment,misc]
    UnixHTTPAdapter = UnixHTTPConnection = object  # type: ignore[assignment,misc]
    StreamParseError = RequestException = HTTPError = Exception  # type: ignore[assignment,misc]

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


class Client(DockerClient):
    """A `docker.DockerClient`; the arguments are its."""

    def __init__(self, **options: Any) -> None:
        self.api = _Api(**{**options, "version": "auto"})
