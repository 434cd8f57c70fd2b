# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings: one JSON file, checked whole before anything starts."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from collector.secret import read_secret

KEY_MIN_LENGTH = 16
DEFAULT_PATH = "/etc/collector/collector.json"
DEFAULT_PORTS = {"postgresql": 5432, "mysql": 3306}
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")


def read_keys(path: str) -> list[bytes]:
    """The API keys of a file, one per line. ValueError says what is wrong, never the key."""
    keys = [line.strip() for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
    if not 1 <= len(keys) <= 2:
        raise ValueError(f"expected one key per line, one or two of them, seen {len(keys)}")
    for number, key in enumerate(keys, 1):
        if len(key) < KEY_MIN_LENGTH or not re.fullmatch(r"[!-~]+", key):
            raise ValueError(
                f"expected keys of at least {KEY_MIN_LENGTH} visible ASCII characters, "
                f"key {number} is not one"
            )
    if len(set(keys)) < len(keys):
        raise ValueError("expected two different keys, seen the same one twice")
    return [key.encode() for key in keys]


def _absolute(value: str) -> str:
    # The value is not shown: a secret set in place of its file would end up in a log.
    if not value.startswith("/"):
        raise ValueError("expected an absolute path, seen something else (not shown)")
    return value


def _readable(value: str) -> str:
    try:
        Path(_absolute(value)).read_text("utf-8")
    except OSError as error:
        raise ValueError(
            f"expected a file that uid {os.getuid()} can read, seen {value}: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"expected a text file, seen other bytes in {value}") from error
    return value


def _secret_file(value: str) -> str:
    secret = read_secret(_readable(value))
    if not secret.strip() or "\n" in secret:
        raise ValueError(f"expected one line with the secret, seen none or more in {value}")
    return value


def _keys_file(value: str) -> str:
    _readable(value)
    try:
        read_keys(value)
    except ValueError as error:
        raise ValueError(f"{error} (file {value})") from error
    return value


def _ca_file(value: str) -> str:
    try:
        ssl.create_default_context(cafile=_readable(value))
    except ssl.SSLError as error:
        raise ValueError(f"expected certificates in PEM form, seen others in {value}") from error
    return value


def _writable_directory(value: str) -> str:
    if not (Path(_absolute(value)).is_dir() and os.access(value, os.R_OK | os.W_OK | os.X_OK)):
        raise ValueError(f"expected a directory that uid {os.getuid()} can write, seen {value}")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.username is not None or parts.password is not None:
        raise ValueError("expected a URL without credentials: they have settings of their own")
    try:
        port_is_valid = parts.port != 0
    except ValueError:
        port_is_valid = False
    plain = not (parts.query or parts.fragment) and not re.search(r"\s", value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not port_is_valid
        or not plain
    ):
        raise ValueError(f"expected http(s)://host[:port][/path], seen {value!r}")
    if re.search(r"/(metrics|api/v1)(/|$)", parts.path):
        raise ValueError(f"expected the base URL, without the API's own path, seen {value!r}")
    return value.rstrip("/")


def _host_name(value: str) -> str:
    # It becomes the label `instance`: a bind address there would be the same on every host.
    last = value.rsplit(".", 1)[-1]
    if not _HOST.fullmatch(value) or last.isdecimal() or value.lower() == "localhost":
        raise ValueError(
            f"expected this host's own name (letters, digits, - and .; no address), seen {value!r}"
        )
    return value


def _address(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise ValueError(f"expected an IP address to bind to, seen {value!r}") from error
    return value


Label = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, AfterValidator(_address)]
Url = Annotated[str, AfterValidator(_url)]
CaFile = Annotated[str, AfterValidator(_ca_file)]
SecretFile = Annotated[str, AfterValidator(_secret_file)]
Interval = Annotated[float, Field(ge=1, le=3600)]
Timeout = Annotated[float, Field(ge=0.5, le=60)]
Host = Annotated[str, Field(max_length=253), AfterValidator(_host_name)]
Absolute = Annotated[str, AfterValidator(_absolute)]
WritableDirectory = Annotated[str, AfterValidator(_writable_directory)]


class Section(BaseModel):
    """Unknown settings are refused, and types are not guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Api(Section):
    """The API's listener, its keys and its limits."""

    listen: Address = "0.0.0.0"  # noqa: S104 - inside a container; what is published is decided there
    port: Port = 5001
    keys_file: Annotated[str, AfterValidator(_keys_file)]
    max_body_bytes: Annotated[int, Field(ge=1024, le=1_048_576)] = 16_384
    max_sources: Annotated[int, Field(ge=1, le=1000)] = 50
    stats_window: Annotated[int, Field(ge=10, le=10_000)] = 1000
    requests_per_second: Annotated[float, Field(gt=0, le=100_000)] = 500
    burst: Annotated[int, Field(ge=1, le=100_000)] = 1000


class MetricsListener(Section):
    """The listener for /metrics, apart from the API so that it is never public with it."""

    listen: Address = "0.0.0.0"  # noqa: S104
    port: Port = 9102


class DatabaseServer(Section):
    """Where a database is, and who asks it."""

    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9_.:-]+$")]
    database: Annotated[str, Field(min_length=1, max_length=64)]
    user: Annotated[str, Field(min_length=1, max_length=64)]
    password_file: SecretFile
    tls: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] = "prefer"
    ca_file: CaFile | None = None


class Database(DatabaseServer):
    """One database that is probed. ``timeout_seconds`` holds for connect and query each."""

    name: Name
    type: Literal["postgresql", "mysql"]
    port: Port | None = None
    interval_seconds: Interval = 60
    timeout_seconds: Annotated[float, Field(ge=2, le=60)] = 5

    @property
    def effective_port(self) -> int:
        """The port, or the default one of the type."""
        return self.port or DEFAULT_PORTS[self.type]


class Target(Section):
    """What every push target has."""

    url: Url
    timeout_seconds: Timeout = 10
    ca_file: CaFile | None = None
    username: Annotated[str, Field(min_length=1, pattern=r"^[^:\x00-\x1f]+$")] | None = None
    password_file: SecretFile | None = None


class Pushgateway(Target):
    """Where the registry is pushed."""

    interval_seconds: Interval = 60
    delete_on_shutdown: bool = False


class VictoriaMetrics(Target):
    """Where the pings' samples are sent, and where they wait meanwhile."""

    interval_seconds: Interval = 10
    # Whether it can be written is told by /health: a full or read-only disk ends nothing.
    spool_directory: Absolute = "/var/lib/collector/spool"
    spool_max_samples: Annotated[int, Field(ge=1000, le=10_000_000)] = 100_000


class Settings(Section):
    """The whole file. ``host`` becomes the label instance, ``location`` target_location."""

    host: Host
    region: Name
    location: Label
    api: Api
    metrics: MetricsListener = MetricsListener()
    databases: list[Database] = []
    pushgateway: Pushgateway | None = None
    victoriametrics: VictoriaMetrics | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
