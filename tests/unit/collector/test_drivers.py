# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a failed connection is named."""

from __future__ import annotations

import socket

import asyncpg
import pymysql
import pytest

from collector import drivers


def wrapped(cause: Exception) -> Exception:
    """As PyMySQL raises it when a read fails."""
    try:
        try:
            raise cause
        except OSError as error:
            text = f"Lost connection to MySQL server during query ({error})"
            raise pymysql.err.OperationalError(2013, text)  # noqa: B904  (PyMySQL's own manner)
    except pymysql.err.OperationalError as error:
        return error


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (wrapped(TimeoutError("timed out")), "timeout"),
        (wrapped(ConnectionResetError("reset by peer")), "other"),
        (TimeoutError("no end within 5 s"), "timeout"),
        (ConnectionRefusedError("refused"), "connection_refused"),
        (socket.gaierror("unknown name"), "dns"),
        (pymysql.err.OperationalError(1045, "Access denied"), "authentication"),
        (pymysql.err.OperationalError(1044, "Access denied for database"), "permission"),
        (pymysql.err.OperationalError(1040, "Too many connections"), "too_many_connections"),
        (pymysql.err.OperationalError(1049, "Unknown database"), "database_missing"),
        (asyncpg.InsufficientPrivilegeError("no CONNECT"), "permission"),
        (asyncpg.TooManyConnectionsError("too many clients"), "too_many_connections"),
        (asyncpg.InvalidCatalogNameError("no such database"), "database_missing"),
        (asyncpg.CannotConnectNowError("starting up"), "starting"),
        (asyncpg.InvalidPasswordError("password"), "authentication"),
    ],
    ids=str,
)
def test_the_cause_is_named(error: Exception, named: str) -> None:
    assert drivers._classify(error) == named


@pytest.mark.parametrize(
    ("error", "named"),
    [
        # The read's own timeout may win the race with the deadline's.
        (wrapped(TimeoutError("timed out")), "timeout"),
        (TimeoutError("no end within 5 s"), "timeout"),
        (wrapped(ConnectionResetError("reset by peer")), "query"),
    ],
    ids=str,
)
def test_the_cause_of_a_failed_query_is_named(error: Exception, named: str) -> None:
    class Broken:
        def query(self) -> None:
            raise error

        def close(self) -> None: ...

    with pytest.raises(drivers.ProbeError) as caught:
        drivers.query(Broken())
    assert caught.value.error_type == named
