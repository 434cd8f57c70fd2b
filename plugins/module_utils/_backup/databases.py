# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL and MariaDB or MySQL: a dump of everything, users included, and each table's rows.

The programs run in the database's own container. Its password does not leave it: the server's own
socket needs none, or a shell in the container reads it from where the container has it.
"""

from __future__ import annotations

import gzip
import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from .._failure import Failure
from .kind import Figures, Job, Kind, copy_volumes
from .running import TRIES, Server

DUMP = "dump.sql.gz"
TAIL = 400  # bytes in which a whole dump says that it is whole
PASSWORD = "password"  # noqa: S105  (the name of a file)


class Database(Kind, ABC):
    """A server that is dumped; one that does not run is copied as it is."""

    variables: tuple[str, ...]  # the beginnings of the variables of its image's entrypoint
    whole: bytes  # what a whole dump ends with

    @abstractmethod
    def dump(self) -> list[str]:
        """Return the command that writes everything."""

    @abstractmethod
    def load(self) -> list[str]:
        """Return the command that reads /restore/dump.sql."""

    @abstractmethod
    def hello(self) -> list[str]:
        """Return the command that succeeds once the server takes queries."""

    def ready(self, server: Server) -> bool:
        """Return whether the server takes queries: it listens before it has started."""
        if not server.listens():
            return False
        try:
            server.run(self.hello())
        except Failure:
            return False
        return True

    def missing(self, counted: Figures, found: Figures) -> list[str]:
        """Return the tables that lack rows; some may have been added between count and dump."""
        return [name for name, rows in counted.items() if found.get(name, -1) < rows]

    def capture(self, job: Job) -> None:
        if not job.running:
            copy_volumes(job)
            return
        server = self.server(job.client, job.record, job.params)
        before: Figures = {}
        with job.counting():
            before = self.count(server, 0)
        handle = os.open(job.folder / DUMP, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            # Docker may lose the end of a dump, too.
            if not any(self._dumped(server, file) for _again in range(TRIES)):
                said = f"the dump of {job.record['Name'].lstrip('/')} was cut off, {TRIES} times."
                raise Failure("backup.cut_off", said)
        with job.counting():
            after = self.count(server, 0)
            # What was written meanwhile may be in the dump or not.
            job.figures = {name: min(before[name], after[name]) for name in {*before} & {*after}}
        job.method = "dump"
        job.left += [
            {"path": str(mount["Destination"]), "why": "dumped"}
            for mount in job.record.get("Mounts") or []
            if mount["Type"] == "volume"
        ]

    def _dumped(self, server: Server, file: IO[bytes]) -> bool:
        """Write a dump to a file, and return whether it is whole."""
        tail = bytearray()
        file.seek(0)
        file.truncate()
        with gzip.GzipFile("", "wb", 1, file, 0) as packed:

            def take(piece: bytes) -> None:
                packed.write(piece)
                tail[:] = (tail + piece)[-TAIL:]

            server.run(self.dump(), take)
        return self.whole in tail

    def command(self, record: Mapping[str, Any]) -> dict[str, Any]:
        # The entrypoint sets up an empty directory. What the container runs besides is not needed.
        return {"Entrypoint": ["docker-entrypoint.sh"], "Cmd": [self.program(record)]}

    @abstractmethod
    def program(self, record: Mapping[str, Any]) -> str:
        """Return the server's own program."""

    def environment(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return the environment without the users and passwords: the dump has them."""
        kept = {name: value for name, value in found.items() if not name.startswith(self.variables)}
        return {**kept, **self.first_user(found)}

    @abstractmethod
    def first_user(self, found: Mapping[str, str]) -> dict[str, str]:
        """Return what an empty directory is set up with."""

    def prepare(self, folder: Path) -> None:
        (folder / PASSWORD).write_text(secrets.token_hex(32), encoding="ascii")
        packed = folder / DUMP
        if packed.exists():
            with gzip.open(packed, "rb") as source, (folder / "dump.sql").open("wb") as target:
                while True:
                    block = source.read(1 << 20)
                    if not block:
                        break
                    target.write(block)

    def feed(self, server: Server, folder: Path) -> None:
        if (folder / DUMP).exists():
            server.run(self.load())


class PostgreSql(Database):
    """PostgreSQL, through its own socket as its first user."""

    name = "postgresql"
    listen = ("port", 5432)
    variables = ("POSTGRES_",)
    whole = b"database cluster dump complete"

    def program(self, _record: Mapping[str, Any]) -> str:
        return "postgres"

    def first_user(self, found: Mapping[str, str]) -> dict[str, str]:
        user = found.get("POSTGRES_USER") or "postgres"
        return {"POSTGRES_USER": user, "POSTGRES_PASSWORD_FILE": f"/restore/{PASSWORD}"}

    def dump(self) -> list[str]:
        return _shell('exec pg_dumpall --clean --if-exists -U "${POSTGRES_USER:-postgres}"')

    def hello(self) -> list[str]:
        return _psql("postgres", "select 1")

    def load(self) -> list[str]:
        # It cannot drop the user that it works as; whether all came back, the rows tell.
        return _shell(
            'exec psql -X -q -U "${POSTGRES_USER:-postgres}" -d postgres'
            " -f /restore/dump.sql > /dev/null"
        )

    def count(self, server: Server, _at: float) -> Figures:
        names = "select datname from pg_database where datallowconn and not datistemplate"
        rows: Figures = {}
        for database in _lines(server.ask(_psql("postgres", names))):
            for line in _lines(server.ask(_psql(database, ROWS))):
                schema, table, count = line.split("\t")
                rows[f"{database}.{schema}.{table}"] = int(count)
        return rows


# One query for all tables of a database. Source: PostgreSQL, query_to_xml.
ROWS = (
    "select schemaname, tablename, (xpath('/row/c/text()', query_to_xml(format("
    "'select count(*) as c from %I.%I', schemaname, tablename), false, true, '')))[1]::text"
    " from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2"
)


def _psql(database: str, query: str) -> list[str]:
    return _shell(
        'exec psql -X -At -F "\t" -U "${POSTGRES_USER:-postgres}" -d "$1" -c "$2"', database, query
    )


class MariaDb(Database):
    """MariaDB or MySQL, as root, with the password from where the container has it."""

    name = "mariadb"
    listen = ("port", 3306)
    variables = ("MARIADB_", "MYSQL_")
    whole = b"Dump completed"

    def program(self, record: Mapping[str, Any]) -> str:
        words = " ".join([record["Path"], *(record.get("Args") or [])])
        return "mysqld" if "mysqld" in words else "mariadbd"

    def first_user(self, _found: Mapping[str, str]) -> dict[str, str]:
        file = f"/restore/{PASSWORD}"
        return {"MARIADB_ROOT_PASSWORD_FILE": file, "MYSQL_ROOT_PASSWORD_FILE": file}

    def dump(self) -> list[str]:
        # Without --flush-privileges: who reads it in stays known until the next start.
        options = "--all-databases --single-transaction --routines --events"
        return _as_root(f'exec "$(either mariadb-dump mysqldump)" -u root {options}')

    def hello(self) -> list[str]:
        return _query("select 1")

    def load(self) -> list[str]:
        return _as_root('exec "$(either mariadb mysql)" -u root < /restore/dump.sql')

    def count(self, server: Server, _at: float) -> Figures:
        tables = _lines(server.ask(_query(TABLES)))
        if not tables:
            return {}
        names = [line.split("\t") for line in tables]
        counts = " union all ".join(_count_of(schema, table) for schema, table in names)
        rows = [line.rsplit("\t", 1) for line in _lines(server.ask(_query(counts)))]
        return {name: int(count) for name, count in rows}


TABLES = (
    "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
    " and table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys')"
    " order by 1, 2"
)
_COUNT = "select '{}', count(*) from {}.{}"
_ROOT = """
either() { command -v "$1" || command -v "$2" || echo "$1"; }
for name in MARIADB_ROOT_PASSWORD MYSQL_ROOT_PASSWORD; do
  eval "value=\\${$name:-} file=\\${${name}_FILE:-}"
  if [ -n "$file" ]; then value=$(cat "$file"); fi
  if [ -n "$value" ]; then export MYSQL_PWD="$value"; break; fi
done
"""


def _as_root(script: str, *arguments: str) -> list[str]:
    return _shell(_ROOT + script, *arguments)


def _query(query: str) -> list[str]:
    return _as_root('exec "$(either mariadb mysql)" -u root -N -B -e "$1"', query)


def _shell(script: str, *arguments: str) -> list[str]:
    return ["sh", "-c", script, "backup", *arguments]


def _lines(output: bytes) -> list[str]:
    return [line for line in output.decode("utf-8", "replace").splitlines() if line]


def _count_of(schema: str, table: str) -> str:
    return _COUNT.format(_text(f"{schema}.{table}"), _name(schema), _name(table))


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _name(value: str) -> str:
    return "`" + value.replace("`", "``") + "`"
