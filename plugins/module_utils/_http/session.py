# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session for a module: TLS, authorisation, timeouts, retries, and errors with a cause."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from .._connection import POOLS
from .._deadline import deadline
from .._failure import fail
from .._texts.text import text
from .answer import WRONG, parse, shaped
from .error import HttpError, classify
from .options import (
    Options,
    auth_argument_spec,
    authorization,
    check_url,
    connection_argument_spec,
    http_argument_spec,
)
from .plain import PlainSession

# ERRORS: what a request may raise, beside an HttpError.
try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import PoolManager
    from urllib3.exceptions import HTTPError as Urllib3Error
except ImportError:
    requests = None  # type: ignore[assignment]
    HTTPAdapter = PoolManager = object  # type: ignore[assignment,misc]
    ERRORS: tuple[type[Exception], ...] = (HTTPException, OSError, ValueError)
else:
    ERRORS = (requests.RequestException, Urllib3Error, OSError, ValueError)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

__all__ = [
    "HttpError",
    "Options",
    "Response",
    "Session",
    "auth_argument_spec",
    "authorization",
    "check_url",
    "connection_argument_spec",
    "http_argument_spec",
    "session_for",
]

Result = TypeVar("Result")
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRIED_STATUS = frozenset({429, 502, 503, 504})
RETRIED = frozenset(
    f"http.{kind}" for kind in ("dns", "refused", "unreachable", "closed", "timeout")
)
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
LONGEST_PAUSE = 5.0  # seconds, whatever Retry-After asks for


@dataclass(frozen=True)
class Response:
    """An answer that was read completely."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float  # from the request to the last byte, of the attempt that succeeded

    @property
    def text(self) -> str:
        """Return the body as UTF-8, with undecodable bytes replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self, shape: Any = object) -> Any:
        """Parse the body as JSON of a shape (see `answer`).

        Raises:
            HttpError: It is not JSON, or has another shape (`http.not_json`).
        """
        return self.read(lambda value: value, "JSON", shape)

    def read(
        self,
        make: Callable[[Any], Result],
        expected: str,
        shape: Any = object,
        lines: bool = False,
    ) -> Result:
        """Return what `make` makes of the body, which is JSON of a shape, or of all its lines.

        Raises:
            HttpError: `http.not_json`: it has another shape, or `make` raises an error of Python.
        """
        try:
            if lines:
                return make(
                    [
                        shaped(parse(line, constants=True), shape)
                        for line in self.content.splitlines()
                    ]
                )
            return make(shaped(parse(self.content), shape))
        except WRONG as error:
            kind = self.headers.get("Content-Type", "no content type")
            seen = f"{kind}: {excerpt(str(error), 80)}: {excerpt(self.text)}"
            raise HttpError.of("not_json", self.method, self.url, expected, seen) from error


def excerpt(text: str, length: int = 160) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


class _Pools(PoolManager):
    """Connects to the given address, but keeps the host name for TLS."""

    def __init__(self, options: Options, **kwargs: Any) -> None:
        self._options = options
        super().__init__(**kwargs)
        self.pool_classes_by_scheme = POOLS

    def connection_from_host(
        self,
        host: str | None,
        port: int | None = None,
        scheme: str | None = "http",
        pool_kwargs: dict[str, Any] | None = None,
    ) -> Any:
        name = host or ""
        address = self._options.address(name)
        if address != name and scheme == "https":
            pool_kwargs = {**(pool_kwargs or self.connection_pool_kw), "server_hostname": name}
        return super().connection_from_host(address, port, scheme, pool_kwargs)


class _Adapter(HTTPAdapter):
    def __init__(self, options: Options, connections: int) -> None:
        self._options = options
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        self.poolmanager = _Pools(
            self._options, num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )

    def add_headers(self, request: requests.PreparedRequest, **_kwargs: Any) -> None:
        request.headers.setdefault("Host", urlsplit(str(request.url)).netloc)


def _kept_alive(options: Options, headers: Mapping[str, str], connections: int) -> Any:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update(headers)
    if options.client_cert:
        cert, key = options.client_cert, options.client_key
        session.cert = (cert, key) if key else cert
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(options, connections))
    return session


class Session:
    """An HTTP session; see the docstring of this file.

    Args:
        options: How to connect and authenticate.
        connections: Number of connections to keep open per host.
    """

    def __init__(self, options: Options | None = None, connections: int = 16) -> None:
        self.options = options or Options()
        self._until = math.inf
        headers = {"User-Agent": "vya.observability", **self.options.headers}
        self._session: Any = PlainSession(self.options, headers)
        if requests is not None:
            self._session = _kept_alive(self.options, headers, connections)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def ending(self, until: float) -> Session:
        """Return this session with an end for all its requests.

        Args:
            until: When the time is over, by the monotonic clock.
        """
        ending = copy.copy(self)
        ending._until = until
        return ending

    def close(self) -> None:
        """Close the connections that are kept alive."""
        self._session.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        expected: Collection[int] | None = (200,),
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Mapping[str, str | None] | None = None,
        timeout: float | None = None,
        retries: int | None = None,
    ) -> Response:
        """Send a request and read the whole answer.

        Connection errors and 429, 502, 503 and 504 are retried if the method is idempotent.

        Args:
            method: HTTP method.
            url: Full URL.
            expected: Accepted statuses; None accepts any.
            params: Query parameters, as requests takes them.
            data: Body, as requests takes it.
            json: Body, to be sent as JSON.
            headers: Additional headers; None removes one.
            timeout: Seconds from resolving the name to the last byte, of each try.
            retries: Maximum number of retries.

        Raises:
            HttpError: There is no answer, or its status is not accepted.
        """
        method = method.upper()
        check_url(url)
        seconds = self.options.timeout if timeout is None else timeout
        tries = 1 + (self.options.retries if retries is None else retries)
        arguments = {"params": params, "data": data, "json": json, "headers": headers}
        for left in reversed(range(tries if method in IDEMPOTENT else 1)):
            pause = min(0.2 * 2 ** (tries - 1 - left), LONGEST_PAUSE)
            try:
                response = self._once(method, url, seconds, arguments)
            except HttpError as error:
                late = time.monotonic() + pause > self._until
                if late or not left or error.code not in RETRIED:
                    raise
            else:
                right = expected is None or response.status in expected
                if right or not left or response.status not in RETRIED_STATUS:
                    break
                asked = response.headers.get("Retry-After", "")
                if asked.isdecimal():
                    pause = float(asked)
                if pause > LONGEST_PAUSE or time.monotonic() + pause > self._until:
                    break
            time.sleep(pause)
        if expected is not None and response.status not in expected:
            raise HttpError.status_of(response, expected)
        return response

    def get(self, url: str, **arguments: Any) -> Response:
        """Send a GET; see `request`."""
        return self.request("GET", url, **arguments)

    def get_json(self, url: str, shape: Any = object, **arguments: Any) -> Any:
        """Send a GET, and return the JSON of the answer; see `request` and `Response.json`."""
        return self.request("GET", url, **arguments).json(shape)

    def _once(self, method: str, url: str, timeout: float, arguments: dict[str, Any]) -> Response:
        started = time.monotonic()
        timeout = max(min(timeout, self._until - started), 0.0)
        content = bytearray()
        try:
            with (
                deadline(timeout) as end,
                self._session.request(
                    method,
                    url,
                    timeout=(timeout, timeout),
                    verify=self.options.verify,
                    allow_redirects=False,
                    stream=True,
                    **arguments,
                ) as answer,
            ):
                for chunk in answer.iter_content(65536):
                    content += chunk
                    if len(content) > LARGEST_ANSWER:
                        seen = text("request_too_large", limit=LARGEST_ANSWER)
                        raise HttpError.of("too_large", method, url, "a shorter answer", seen)
                    end.left()
        except ERRORS as error:
            if content and isinstance(error, TimeoutError):
                seen = text("request_too_slow", received=len(content), seconds=timeout)
                raise HttpError.of("timeout", method, url, "a whole answer", seen) from error
            raise classify(error, method, url, timeout, self.options) from error
        return Response(
            method,
            url,
            answer.status_code,
            answer.headers,
            bytes(content),
            time.monotonic() - started,
        )


def session_for(module: AnsibleModule, connections: int = 16) -> Session:
    """Return a session with the module's options; fail the module if they are wrong."""
    try:
        return Session(Options.from_params(module.params), connections)
    except HttpError as error:
        fail(module, error)
