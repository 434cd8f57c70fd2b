# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of an HTTP session: their argument specs, and how they are checked."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .error import HttpError

try:
    import idna
except ImportError:  # it comes with requests
    idna = None  # type: ignore[assignment]


def _ascii(host: str) -> str:
    """Return a host name as DNS has it: in lower case, and international ones encoded."""
    name = host.lower().rstrip(".")
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode() if idna else name.encode("idna").decode()
    except UnicodeError:  # so are those of idna
        return name


def auth_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of the doc fragment `http_client.auth`."""
    return {
        "url_username": {"type": "str"},
        "url_password": {"type": "str", "no_log": True},
        "bearer_token": {"type": "str", "no_log": True},
        "headers": {"type": "dict", "default": {}},
    }


def connection_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of the doc fragment `http_client`."""
    return {
        "timeout": {"type": "float", "default": 10.0},
        "retries": {"type": "int", "default": 2},
        "ca_path": {"type": "path"},
        "validate_certs": {"type": "bool", "default": True},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path"},
        "resolve": {"type": "dict", "default": {}},
    }


def http_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of both doc fragments."""
    return {**connection_argument_spec(), **auth_argument_spec()}


def authorization(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers for `url_username`/`url_password`, `bearer_token` and `headers`.

    Raises:
        HttpError: A value or a combination cannot be sent (`http.option`).
    """
    headers = {str(name): str(value) for name, value in (params.get("headers") or {}).items()}
    for name, value in headers.items():
        if not name.isascii() or any(c in name + value for c in "\r\n") or ":" in name:
            raise HttpError.option("headers", "header names and values of one line", name)
    user, token = params.get("url_username"), params.get("bearer_token")
    if user and token:
        raise HttpError.option("bearer_token", "url_username or bearer_token", "both")
    if params.get("url_password") and not user:
        raise HttpError.option("url_username", "a user name beside url_password", "none")
    if user:
        pair = f"{user}:{params.get('url_password') or ''}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def check_url(url: str, option: str = "url") -> str:
    """Return `url` without a slash at its end.

    Raises:
        HttpError: It is not a URL (`http.option`); the error names `option`.
    """
    expected = "http:// or https://, a host, perhaps a port and a path"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise HttpError.option(option, expected, str(error)) from error
    if parts.username is not None:
        seen = "user name or password inside the URL; url_username and url_password take them"
        raise HttpError.option(option, expected, seen)
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise HttpError.option(option, expected, repr(url))
    if any(c.isspace() for c in url):
        raise HttpError.option(option, expected, f"a blank in {url!r}")
    return url.rstrip("/")


@dataclass(frozen=True)
class Options:
    """How a session reaches servers. Times in seconds."""

    timeout: float = 10.0
    retries: int = 2
    ca_path: str | None = None
    validate_certs: bool = True
    client_cert: str | None = None
    client_key: str | None = None
    resolve: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Options:
        """Read a module's parameters.

        Raises:
            HttpError: A parameter is wrong (`http.option`); the error names it.
        """
        if params["timeout"] <= 0:
            raise HttpError.option("timeout", "more than 0 seconds", str(params["timeout"]))
        if not 0 <= params["retries"] <= 10:
            raise HttpError.option("retries", "0 to 10", str(params["retries"]))
        if params["client_key"] and not params["client_cert"]:
            raise HttpError.option("client_cert", "a certificate beside client_key", "none")
        for option in ("ca_path", "client_cert", "client_key"):
            if params[option] and not Path(params[option]).exists():
                raise HttpError.option(option, "a file", f"{params[option]} does not exist")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authorities, cert = params["ca_path"], params["client_cert"]
        try:
            if authorities and not Path(authorities).is_dir():
                context.load_verify_locations(authorities)
        except (OSError, ValueError) as error:
            seen = f"{authorities}: {error}"
            raise HttpError.option("ca_path", "certificates in PEM form", seen) from error
        try:
            if cert:
                context.load_cert_chain(cert, params["client_key"])
        except (OSError, ValueError) as error:
            expected = "a certificate and its key, without a passphrase, in PEM form"
            raise HttpError.option("client_cert", expected, f"{cert}: {error}") from error
        names = connection_argument_spec()
        return cls(
            **{name: params[name] for name in names if name != "resolve"},
            resolve={_ascii(str(k)): str(v) for k, v in (params["resolve"] or {}).items()},
            headers=authorization(params),
        )

    def address(self, host: str) -> str:
        """Return the address to connect to. Names below `localhost` mean this host (RFC 6761)."""
        name = _ascii(host)
        if name in self.resolve:
            return self.resolve[name].strip("[]")
        return "127.0.0.1" if name.endswith(".localhost") else host

    @property
    def verify(self) -> str | bool:
        """Return requests' `verify`: the CA file, or the system's store (not certifi's)."""
        if not self.validate_certs:
            return False
        paths = ssl.get_default_verify_paths()
        return self.ca_path or paths.cafile or paths.capath or True
