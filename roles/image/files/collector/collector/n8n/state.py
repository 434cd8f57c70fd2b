# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exporter remembers from run to run, in one small file; and that only one runs."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class StateError(Exception):
    """The file cannot be read or written."""


class BusyError(Exception):
    """Another run holds the lock."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class WorkflowCounts(_Part):
    """What has ended of one workflow since the counting began. Times in s. ``active`` is None
    when n8n does not list it; without a name, or not yet announced, it is not shown as counted."""

    name: str = ""
    active: bool | None = None
    announced: bool = False
    ended: dict[str, int] = {}
    seconds: float = 0
    timed: int = 0
    last_ended: float = 0


class Walk(_Part):
    """A way down the list of executions, from ``top`` to the floor; n8n lists the newest first.
    What is at or above ``low`` has been read; ``cursor`` is where the rest begins."""

    top: int
    low: int | None = None
    cursor: str | None = None


class CommonState(_Part):
    """What each exporter remembers. Times in s since 1970."""

    version: Literal[1] = 1
    last_success: float = 0
    not_before: float = 0


class State(CommonState):
    """All executions up to ``floor`` are counted, but for those in ``open``, which had not ended.
    ``buckets`` counts durations per bucket, the last one without bound."""

    floor: int | None = None
    walk: Walk | None = None
    open: list[int] = []
    workflows: dict[str, WorkflowCounts] = {}
    workflows_read_at: float = 0
    buckets: list[int] = []
    seconds: float = 0


class NodeCounts(_Part):
    """What has been counted of one node of a workflow; ``seconds`` is their sum."""

    workflow: str
    workflow_name: str
    node: str
    type: str
    announced: bool = False
    success: int = 0
    error: int = 0
    seconds: float = 0
    last_seen: float = 0


class TypeCounts(_Part):
    """Durations of all nodes of a type, per bucket, the last one without bound."""

    buckets: list[int]
    seconds: float = 0
    announced: bool = False


class NodesState(CommonState):
    """All executions that ended up to ``stopped_at`` (n8n's clock), and of that moment those up
    to the number ``last_id``, are counted."""

    stopped_at: datetime | None = None
    last_id: int = 0
    nodes: dict[str, NodeCounts] = {}
    types: dict[str, TypeCounts] = {}


Model = TypeVar("Model", bound=CommonState)


class Store(Generic[Model]):
    """The files of one exporter in a directory."""

    def __init__(self, directory: str, exporter: str, model: type[Model]) -> None:
        self._model = model
        self._file = Path(directory, f"{exporter}.json")
        self._lock = Path(directory, f"{exporter}.lock")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, which ends with its holder however that one ends. BusyError when another
        run holds it, StateError when it cannot be had at all."""
        try:
            file = self._lock.open("a")
        except OSError as error:
            raise StateError(f"{self._lock}: {error.strerror}") from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(f"{self._lock} is held by a run that has not ended") from error
            yield

    def load(self) -> Model:
        """The state, empty before the first run. StateError when it is unusable; it is put aside,
        so that the next run begins anew."""
        try:
            return self._model.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return self._model()
        except OSError as error:
            raise StateError(f"{self._file}: {error.strerror}") from error
        except ValidationError as error:
            aside = self._file.with_suffix(".unusable")
            with suppress(OSError):
                self._file.replace(aside)
            raise StateError(
                f"{self._file} is unusable, and is now {aside.name}: counting begins anew"
            ) from error

    def save(self, state: Model) -> None:
        """Write it whole or not at all. StateError when that fails."""
        temporary = self._file.with_suffix(".tmp")
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(state.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._file)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StateError(f"{self._file}: {error.strerror}") from error
