# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks n8n's PostgreSQL: one query at a time, each with limits on both sides, reading only.

Between us and the server there may be a pooler, which refuses settings at the start of a
connection, or ignores them, and gives each transaction another connection. So each query is a
transaction of its own that sets what it needs, and asks whether it holds.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from collector.n8n.budget import Budget, RunError
from collector.n8n.settings import Database
from collector.postgresql import Session
from collector.tls import InClearError

# The connection ended, or whoever runs the server has ended it.
_LOST = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
_TABLES = ("execution_entity", "execution_data", "workflow_entity")
_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


class Postgres:
    """One connection. ``budget`` counts each query."""

    def __init__(self, settings: Database, budget: Budget) -> None:
        self._settings = settings
        self._budget = budget
        # What is filled in into queries.
        self.names = {
            name: f'"{settings.db_schema}"."{settings.tables_prefix}{name}"' for name in _TABLES
        }
        milliseconds = int(settings.timeout_seconds * 1000)
        # The server ends a query that nobody waits for any more.
        limits = "; ".join(f"SET LOCAL {name} = {milliseconds}" for name in _LIMITS)
        self._begin = f"BEGIN READ ONLY; {limits}"
        self._holds = "SELECT current_setting('transaction_read_only') = 'on'" + "".join(
            f" AND current_setting('{name}')::interval = interval '{milliseconds} milliseconds'"
            for name in _LIMITS
        )
        self._session: Session = self._within(
            lambda timeout: Session(
                settings, settings.port, timeout, {"application_name": "n8n-nodes"}
            )
        )

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """All rows; in the query, ``{execution_entity}`` is the table's name. RunError when there
        is no answer, CappedError when no query is left."""
        self._budget.take_request(self._settings.pause_seconds)
        text = query.format(**self.names)
        return list(
            self._within(lambda timeout: self._session.run(self._read(text, values), timeout))
        )

    async def _read(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        connection = self._session.connection
        await connection.execute(self._begin)
        if not await connection.fetchval(self._holds):
            raise RunError(
                "query",
                "the server, or a pooler before it, does not keep a transaction read-only and "
                "within its time: connect to another port",
            )
        rows: list[Any] = await connection.fetch(query, *values)
        await connection.execute("COMMIT")
        return rows

    def close(self) -> None:
        """Close, whatever the state."""
        self._session.close()

    def _within(self, action: Callable[[float], Any]) -> Any:
        """What it returns for the seconds that it may take; its errors as those of a run."""
        whole = self._settings.timeout_seconds
        timeout = min(whole, max(self._budget.left, 0.1))
        where = f"{self._settings.host}:{self._settings.port}"
        try:
            return action(timeout)
        except (TimeoutError, asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError) as error:
            if timeout < whole:
                raise self._budget.cap("seconds") from error
            raise RunError("timeout", f"no answer within {timeout:g} s from {where}") from error
        except ssl.SSLError as error:
            raise RunError("tls_error", f"{where}: TLS failed: {error.reason}") from error
        except InClearError as error:
            raise RunError("tls_error", f"{where}: {error}") from error
        except OSError as error:
            raise RunError("connection_error", f"{where}: {error}") from error
        except _LOST as error:
            raise RunError("connection_error", f"{where}: {_text(error)}") from error
        except asyncpg.UndefinedTableError as error:
            said = f"{where}: {_text(error)}: check database.schema and database.tables_prefix"
            raise RunError("query", said) from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            said = f"{where}: {_text(error)}: check the database, the user and its rights"
            raise RunError("query", said) from error


def _text(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
