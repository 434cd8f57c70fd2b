# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks n8n's PostgreSQL: one query at a time, each with limits on both sides, reading only."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from collector.n8n.budget import Budget, RunError
from collector.n8n.settings import Database
from collector.postgresql import Session

# The connection ended, or whoever runs the server has ended it.
_LOST = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


class Postgres:
    """One connection. ``budget`` counts each query."""

    def __init__(self, settings: Database, budget: Budget) -> None:
        self._settings = settings
        self._budget = budget
        milliseconds = str(int(settings.timeout_seconds * 1000))
        server_settings = {
            "application_name": "n8n-nodes",
            "search_path": settings.db_schema,
            "default_transaction_read_only": "on",
            # The server ends a query that nobody waits for any more.
            "statement_timeout": milliseconds,
            "lock_timeout": milliseconds,
        }
        self._session: Session = self._within(
            lambda timeout: Session(settings, settings.port, timeout, server_settings)
        )

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """All rows. RunError when there is no answer, CappedError when no query is left."""
        self._budget.take_request(self._settings.pause_seconds)
        session = self._session
        return list(
            self._within(
                lambda timeout: session.run(session.connection.fetch(query, *values), timeout)
            )
        )

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
        except (TimeoutError, asyncpg.QueryCanceledError) as error:
            if timeout < whole:
                raise self._budget.cap("seconds") from error
            raise RunError("timeout", f"no answer within {timeout:g} s from {where}") from error
        except ssl.SSLError as error:
            raise RunError("tls_error", f"{where}: TLS failed: {error.reason}") from error
        except OSError as error:
            raise RunError("connection_error", f"{where}: {error}") from error
        except _LOST as error:
            raise RunError("connection_error", f"{where}: {_text(error)}") from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            said = f"{where}: {_text(error)}: check user, rights and schema"
            raise RunError("query", said) from error


def _text(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
