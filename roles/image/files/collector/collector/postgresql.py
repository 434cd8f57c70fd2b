# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to PostgreSQL for code that waits: the driver is asynchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from collector.postgresql_guard import guard
from collector.secret import read_secret
from collector.settings import DatabaseServer
from collector.tls import tls_context, verifies


class Session:
    """One connection, with an event loop of its own. Raises what asyncpg does, and TimeoutError."""

    def __init__(
        self, settings: DatabaseServer, port: int, timeout: float, server_settings: dict[str, str]
    ) -> None:
        import asyncpg  # type: ignore[import-untyped]  # costs memory: only where it is needed

        self._loop = asyncio.new_event_loop()
        try:
            guard(asyncpg)
            self.connection = self.run(
                asyncpg.connect(
                    host=settings.host,
                    port=port,
                    database=settings.database,
                    user=settings.user,
                    password=read_secret(settings.password_file),
                    ssl=tls_context(settings) if verifies(settings) else settings.tls,
                    server_settings=server_settings,
                    # A pooler gives the next transaction another connection, without them.
                    statement_cache_size=0,
                ),
                timeout,
            )
        except BaseException:
            self._loop.close()
            raise

    def run(self, operation: Coroutine[Any, Any, Any], timeout: float) -> Any:
        """Wait for it, for ``timeout`` seconds at most."""
        return self._loop.run_until_complete(asyncio.wait_for(operation, timeout))

    def close(self) -> None:
        """Say good-bye without waiting for an answer."""
        self.connection.terminate()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
