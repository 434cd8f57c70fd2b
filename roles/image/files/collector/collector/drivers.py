# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connects to databases and queries them, each operation with a hard timeout."""

from __future__ import annotations

import importlib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from collector.deadline import deadline
from collector.postgresql import Session
from collector.secret import read_secret
from collector.settings import Database
from collector.tls import InClearError, tls_context, verifies


class Connection(Protocol):
    """An open connection to a database."""

    def query(self) -> None:
        """Ask for the smallest answer there is."""

    def close(self) -> None:
        """Close, whatever the state."""


class ProbeError(Exception):
    """A probe failed; ``error_type`` is the label of database_connection_errors_total, ``code`` the
    database's own (an SQLSTATE, or MySQL's number), if it gave one."""

    def __init__(self, error_type: str, message: str, code: str = "") -> None:
        self.error_type = error_type
        self.code = code
        super().__init__(message)


def load(settings: Database) -> None:
    """Import the driver: only when it is needed, for it costs memory, and before anything is
    timed."""
    importlib.import_module({"postgresql": "asyncpg", "mysql": "collector.mysql"}[settings.type])


def connect(settings: Database) -> Connection:
    """Connect within ``timeout_seconds``. Raises ProbeError."""
    try:
        return _OPEN[settings.type](settings)
    except Exception as error:
        raise ProbeError(_classify(error), _text(error), _code(error)) from error


def query(connection: Connection) -> None:
    """Query within the timeout. Raises ProbeError."""
    try:
        connection.query()
    except Exception as error:
        named = "timeout" if _timed_out(error) else "query"
        raise ProbeError(named, _text(error), _code(error)) from error


class _PostgreSQL:
    def __init__(self, settings: Database) -> None:
        self._timeout = settings.timeout_seconds
        self._session = Session(
            settings, settings.effective_port, self._timeout, {"application_name": "collector"}
        )

    def query(self) -> None:
        self._session.run(self._session.connection.execute("SELECT 1"), self._timeout)

    def close(self) -> None:
        self._session.close()


class _MySQL:
    def __init__(self, settings: Database) -> None:
        import pymysql

        from collector.mysql import ChallengesOnly

        self._timeout = settings.timeout_seconds
        address = (settings.host, settings.effective_port)
        self._socket = socket.create_connection(address, self._timeout)
        try:
            kind = pymysql.Connection if verifies(settings) else ChallengesOnly
            connection: Any = kind(
                host=settings.host,
                port=settings.effective_port,
                user=settings.user,
                password=read_secret(settings.password_file),
                database=settings.database,
                connect_timeout=self._timeout,
                read_timeout=self._timeout,
                write_timeout=self._timeout,
                program_name="collector",
                defer_connect=True,
                **_mysql_tls(settings),
            )
            with deadline(self._socket.fileno(), self._timeout):
                connection.connect(self._socket)
        except BaseException:
            self._socket.close()
            raise
        self._connection = connection
        self._fd = connection._sock.fileno()

    def query(self) -> None:
        with deadline(self._fd, self._timeout), self._connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()


def _mysql_tls(settings: Database) -> dict[str, Any]:
    if settings.tls == "disable":
        return {"ssl_disabled": True}
    return {} if settings.tls == "prefer" else {"ssl": tls_context(settings)}


_OPEN: dict[str, Callable[[Database], Connection]] = {"postgresql": _PostgreSQL, "mysql": _MySQL}
# Refusals of a user, password or client: MySQL's codes; PostgreSQL's SQLSTATE class 28.
_MYSQL_DENIED = (1045, 1130, 1251, 1698, 2059)
# What a database says of itself, when it refuses a user whom it knows.
_REFUSALS = {
    "1044": "permission",
    "1142": "permission",
    "42501": "permission",
    "55000": "permission",  # the database takes no connections at all
    "1040": "too_many_connections",
    "1129": "too_many_connections",
    "1203": "too_many_connections",
    "1226": "too_many_connections",
    "53300": "too_many_connections",
    "1049": "database_missing",
    "3D000": "database_missing",
    "1053": "starting",
    "57P01": "starting",
    "57P02": "starting",
    "57P03": "starting",
}
_MYSQL_TLS = (2026, 3159)


def _classify(error: BaseException) -> str:
    """The cause of a failed connection, by the drivers' codes."""
    cause = getattr(error, "original_exception", error)
    code = error.args[0] if error.args and isinstance(error.args[0], int) else None
    if known := _REFUSALS.get(_code(error)):
        return known
    if isinstance(cause, socket.gaierror):
        return "dns"
    if _timed_out(cause):
        return "timeout"
    if isinstance(cause, ConnectionRefusedError):
        return "connection_refused"
    if code in _MYSQL_DENIED or str(getattr(error, "sqlstate", "")).startswith("28"):
        return "authentication"
    if isinstance(cause, (ssl.SSLError, InClearError)) or code in _MYSQL_TLS or "SSL" in str(error):
        return "tls"
    return "other"


def _code(error: BaseException) -> str:
    """The database's own code: MySQL's number, which says more than its SQLSTATE, or that."""
    if error.args and isinstance(error.args[0], int):
        return str(error.args[0])
    return str(getattr(error, "sqlstate", None) or "")


def _timed_out(error: BaseException) -> bool:
    """PyMySQL hides the timeout of a read behind "lost connection"."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _text(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
