# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue on disk: what was accepted and has not been delivered yet.

The collector keeps the samples of its pings in one, the ping service its pings. It is an SQLite
database in WAL mode: a transaction that has been committed survives SIGKILL; a power loss may cost
the last ones, because a commit does not wait for the disk (``synchronous=NORMAL``).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB UNIQUE, at INTEGER);
CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT);
"""
_BUSY_SECONDS = 1.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# Keys are forgotten in steps of this many, not with each one.
_FORGET_STEP = 1000


class SpoolError(Exception):
    """The spool cannot be read or written; the message says why."""


class Entry(NamedTuple):
    """What is put in: ``size`` is what it counts for; an entry whose key is known is left out.

    ``at`` is remembered with the key.
    """

    body: str
    size: int = 1
    key: bytes | None = None
    at: int = 0


class Item(NamedTuple):
    """What waits. Items are numbered in the order in which they came; no number comes twice."""

    id: int
    size: int
    body: str


class Spool:
    """A bounded queue; when it is full, the oldest items make room. For any thread.

    Args:
        path: The database. It is created; one that is damaged is moved aside to ``*.damaged``.
        limit: The sum of sizes that is kept.
        remember: How many keys are known at least.

    Raises:
        SpoolError: From all methods, when the disk refuses. What was asked for has not happened.
    """

    def __init__(self, path: Path, limit: int, remember: int = 0) -> None:
        self._path = path
        self._limit = limit
        self._remember = remember
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._since_forgotten = 0
        self.size = 0
        self.damaged: Path | None = None

    def open(self) -> None:
        """Open the database, unless it is open. All other methods do so, too."""
        with self._lock, self._opened():
            pass

    def add(
        self, entries: Sequence[Entry], note: str | None = None
    ) -> tuple[list[Item | None], int]:
        """Put entries in, all or none of them, in one transaction.

        Args:
            entries: What is put in.
            note: What ``note`` tells from then on, unless it is None.

        Returns:
            The item of each entry, None where its key is known, and the sum of sizes that was
            dropped for them.
        """
        with self._lock:
            with self._transaction() as database:
                items = [self._insert(database, entry) for entry in entries]
                added = [item.size for item in items if item]
                excess = self.size + sum(added) - self._limit
                dropped = self._make_room(database, excess) if excess > 0 else 0
                self._forget(database, len(added))
                self._write(database, note)
            # Only now is it so.
            self.size += sum(added) - dropped
        return items, dropped

    def first(self, size: int) -> list[Item]:
        """The oldest items, as many as have that size together; at least one, if there is any."""
        with self._lock, self._opened() as database:
            items: list[Item] = []
            total = 0
            for row in database.execute(
                "SELECT id, size, body FROM item ORDER BY id LIMIT ?", (size,)
            ):
                item = Item(*row)
                if items and total + item.size > size:
                    break
                items.append(item)
                total += item.size
            return items

    def remove(self, items: Sequence[Item], note: str | None = None) -> None:
        """Remove items that were delivered, or never can be; ``note`` as for ``add``."""
        with self._lock:
            with self._transaction() as database:
                gone = 0
                for item in items:
                    deleted = database.execute("DELETE FROM item WHERE id = ?", (item.id,))
                    gone += item.size * deleted.rowcount
                self._write(database, note)
            self.size -= gone

    def at(self, key: bytes) -> int | None:
        """What was remembered with a key; None for an unknown one."""
        with self._lock, self._opened() as database:
            row = database.execute("SELECT at FROM seen WHERE key = ?", (key,)).fetchone()
            return row[0] if row else None

    def note(self) -> str:
        """The one text that is kept beside the items; empty if there is none."""
        with self._lock, self._opened() as database:
            row = database.execute("SELECT body FROM note").fetchone()
            return str(row[0]) if row else ""

    def close(self) -> None:
        """Close the database; it is opened again when it is needed."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._database:
            self._database.close()
            self._database = None

    @staticmethod
    def _insert(database: sqlite3.Connection, entry: Entry) -> Item | None:
        if entry.key is not None:
            statement = "INSERT OR IGNORE INTO seen (key, at) VALUES (?, ?)"
            if not database.execute(statement, (entry.key, entry.at)).rowcount:
                return None
        if not entry.size:
            return Item(0, 0, entry.body)
        statement = "INSERT INTO item (size, body) VALUES (?, ?)"
        number = database.execute(statement, (entry.size, entry.body)).lastrowid
        return Item(number or 0, entry.size, entry.body)

    @staticmethod
    def _write(database: sqlite3.Connection, note: str | None) -> None:
        if note is not None:
            database.execute("REPLACE INTO note (id, body) VALUES (1, ?)", (note,))

    @staticmethod
    def _make_room(database: sqlite3.Connection, wanted: int) -> int:
        dropped, oldest = 0, 0
        for number, size in database.execute("SELECT id, size FROM item ORDER BY id"):
            dropped, oldest = dropped + size, number
            if dropped >= wanted:
                break
        database.execute("DELETE FROM item WHERE id <= ?", (oldest,))
        return dropped

    def _forget(self, database: sqlite3.Connection, added: int) -> None:
        self._since_forgotten += added
        if self._since_forgotten >= _FORGET_STEP:
            self._since_forgotten = 0
            statement = "DELETE FROM seen WHERE id <= (SELECT max(id) FROM seen) - ?"
            database.execute(statement, (self._remember,))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._database or self._connect()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                self._move_aside()
            elif code == sqlite3.SQLITE_READONLY:
                # It was opened while the disk was read-only, and would stay so.
                self._close()
            raise SpoolError(f"{self._path}: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # A flipped bit must not hold up all that follow.
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=NORMAL")
            database.executescript(_SCHEMA)
            (self.size,) = database.execute("SELECT coalesce(sum(size), 0) FROM item").fetchone()
        except BaseException:
            database.close()
            raise
        self._database = database
        return database

    def _move_aside(self) -> None:
        """Keep the last damaged database for whoever wants to look at it, and start a new one."""
        self._close()
        self.damaged = self._path.with_name(f"{self._path.name}.damaged")
        with contextlib.suppress(OSError):  # told by the next one who opens it
            self._path.replace(self.damaged)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self.size = 0
