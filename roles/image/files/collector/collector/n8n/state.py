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
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from collector.n8n.answers import Identity


class StateError(Exception):
    """The file cannot be read or written."""


class BusyError(Exception):
    """Another run holds the lock."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Durations(_Part):
    """Durations per bucket, the last one without bound; ``announced`` when they were told."""

    buckets: list[int]
    seconds: float = 0
    announced: bool = False


class ModeCounts(_Part):
    """What has ended of one workflow in one mode since the counting began. Times in s."""

    announced: bool = False
    ended: dict[str, int] = {}
    seconds: float = 0
    timed: int = 0


class WorkflowCounts(_Part):
    """One workflow. ``state`` is None when n8n does not list it; ``listed`` is when the list
    began that it was last in; without a name it is not shown."""

    name: str = ""
    state: str | None = None
    saved: str = "unknown"
    saved_manual: bool = True
    modes: dict[str, ModeCounts] = {}
    last_ended: float = 0
    listed: float = 0

    @model_validator(mode="before")
    @classmethod
    def _of_version_0_1(cls, data: Any) -> Any:
        """It did not know modes. What it had told is the end of a series."""
        if not isinstance(data, dict) or "active" not in data:
            return data
        fields = ("ended", "seconds", "timed")
        counts = {name: data[name] for name in fields if name in data}
        untold = counts.get("ended") and not data.get("announced")
        state = {True: "active", False: "inactive"}.get(data["active"])
        return {
            **{name: data[name] for name in ("name", "last_ended") if name in data},
            "state": state,
            "modes": {"unknown": counts} if untold else {},
        }


class Listing(_Part):
    """A way through the list of workflows: when it ``begun`` (s since 1970), where it goes on, how
    many there are in each state, and whether some are ``beyond`` those that have series."""

    begun: float
    cursor: str | None = None
    states: dict[str, int] = {}
    beyond: bool = False


class Walk(_Part):
    """A way down the list of executions, from ``top`` to the floor; n8n lists the newest first.
    What is at or above ``low`` has been read; ``cursor`` is where the rest begins."""

    top: Identity
    low: Identity | None = None
    cursor: str | None = None


class CommonState(_Part):
    """What each exporter remembers. Times in s since 1970."""

    version: Literal[1] = 1
    last_success: float = 0
    not_before: float = 0


class State(CommonState):
    """All executions up to ``floor`` are counted, but for those in ``open``, which had not ended;
    an empty floor is before all. Those in ``crashed`` are counted, whatever becomes of them."""

    floor: Annotated[str, BeforeValidator(str)] | None = None
    walk: Walk | None = None
    open: list[Identity] = []
    crashed: list[Identity] = []
    workflows: dict[str, WorkflowCounts] = {}
    workflows_read_at: float = 0
    listing: Listing | None = None
    listed: Listing | None = None
    durations: dict[str, Durations] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_version_0_1(cls, data: Any) -> Any:
        """It did not know modes, and had another list of workflows."""
        if not isinstance(data, dict) or "buckets" not in data:
            return data
        dropped = ("buckets", "seconds", "workflows_read_at")
        return {name: value for name, value in data.items() if name not in dropped}


class NodeCounts(_Part):
    """What has been counted of one node of a workflow in one mode; ``seconds`` is their sum,
    ``slowest`` the longest that has not been told."""

    workflow: str
    workflow_name: str
    node: str
    type: str
    mode: str
    saved: str
    announced: bool = False
    success: int = 0
    error: int = 0
    seconds: float = 0
    slowest: float | None = None
    last_seen: float = 0


class NodesState(CommonState):
    """All executions that ended up to ``stopped_at`` (n8n's clock), and of that moment those up
    to ``last_id``, are counted. Those in ``open`` had not ended when they were last seen, the last
    of them all was ``newest``; those in ``crashed`` are counted, whatever becomes of them."""

    stopped_at: datetime | None = None
    last_id: Identity | None = None
    newest: Identity | None = None
    open: list[Identity] = []
    crashed: list[Identity] = []
    nodes: dict[str, NodeCounts] = {}
    types: dict[str, dict[str, Durations]] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_version_0_1(cls, data: Any) -> Any:
        """It did not know modes. What it had told is the end of a series."""
        if not isinstance(data, dict) or "newest" in data:
            return data
        unknown = {"mode": "unknown", "saved": "unknown"}
        nodes, types = data.get("nodes", {}), data.get("types", {})
        return {
            **data,
            "last_id": data.get("last_id") or None,
            "nodes": {
                f"{identity}/unknown": {**counts, **unknown}
                for identity, counts in nodes.items()
                if not counts.get("announced")
            },
            "types": {
                kind: {"unknown": durations}
                for kind, durations in types.items()
                if not durations.get("announced")
            },
        }


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
