# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role probe_databases: whose password the databases take, on a real daemon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pymysql
import pytest

from ..conftest import free_port
from ..deployment import Deployment


def ask_postgresql(port: int, password: str) -> None:
    async def ask() -> None:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=port, user="collector", password=password, database="n8n"
        )
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()

    asyncio.run(ask())


def ask_mariadb(port: int, password: str) -> None:
    connection = pymysql.connect(
        host="127.0.0.1", port=port, user="collector", password=password, database="n8n"
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.long
def test_data_that_are_kept_do_not_keep_the_password(
    deployment: Callable[..., Deployment], tmp_path: Path
) -> None:
    """A checkout made anew has new passwords; the volumes are those of the one before."""
    ports = {"postgresql": free_port(), "mariadb": free_port()}
    databases = deployment(
        "probe_databases",
        probe_databases_admin_password="admin-of-the-test",
        probe_databases_postgresql_container_name="{{ deployment_name }}-postgresql",
        probe_databases_mariadb_container_name="{{ deployment_name }}-mariadb",
        **{f"probe_databases_{kind}_port": port for kind, port in ports.items()},
    )
    for password in ("the-first-password", "the-second-password"):
        databases.ok(probe_databases_password=password)
        ask_postgresql(ports["postgresql"], password)
        ask_mariadb(ports["mariadb"], password)
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask_postgresql(ports["postgresql"], "the-first-password")
    with pytest.raises(pymysql.err.OperationalError):
        ask_mariadb(ports["mariadb"], "the-first-password")
