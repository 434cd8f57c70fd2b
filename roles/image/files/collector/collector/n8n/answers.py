# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of n8n's answers (public API v1); the rest of them is ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
)

from collector.n8n.saving import Saving, saving
from collector.n8n.text import one_line

# In the order of life: what goes on while they are asked for is then seen later, or has ended.
OPEN = ("new", "waiting", "running")
ENDED = ("success", "error", "crashed", "canceled")
MODES = (
    "chat",
    "cli",
    "error",
    "evaluation",
    "integrated",
    "internal",
    "manual",
    "retry",
    "trigger",
    "webhook",
)
STATES = ("active", "inactive", "archived")
UNKNOWN = "unknown"
Item = TypeVar("Item", bound=BaseModel)


def known(value: Any, values: tuple[str, ...]) -> str:
    """A value of a label: one of these, or ``unknown``."""
    return value if value in values else UNKNOWN


def _identity(value: Any) -> Any:
    # A number in one version, a text in another. A null is no text.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Identity = Annotated[str, BeforeValidator(_identity), Field(min_length=1, max_length=64)]
Cursor = Annotated[str, Field(max_length=1024)]


def is_number(identity: str) -> bool:
    """Whether it is one of those that n8n counts up."""
    return identity.isascii() and identity.isdecimal()


def order(identity: str) -> tuple[int, str]:
    """The place in time: of numbers, or of texts that begin with the time (UUID version 7).
    The two kinds are not compared with each other; an empty one is before all."""
    if is_number(identity):
        return int(identity), ""
    return (0, identity) if identity else (-1, "")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Execution(_Answer):
    """One execution, without its data. ``workflow_id`` is empty if it has none."""

    id: Identity
    status: str
    mode: Annotated[str, BeforeValidator(lambda mode: known(mode, MODES))] = UNKNOWN
    workflow_id: Annotated[
        str,
        BeforeValidator(lambda value: "" if value is None else _identity(value)),
        Field(alias="workflowId", max_length=64),
    ] = ""
    started_at: Annotated[AwareDatetime | None, Field(alias="startedAt")] = None
    stopped_at: Annotated[AwareDatetime | None, Field(alias="stoppedAt")] = None

    @property
    def ended(self) -> bool:
        """Whether it will not change any more."""
        return self.status not in OPEN

    @property
    def seconds(self) -> float | None:
        """From start to end."""
        if self.started_at is None or self.stopped_at is None:
            return None
        return max(0.0, (self.stopped_at - self.started_at).total_seconds())


class Workflow(_Answer):
    """One workflow; its nodes are not read."""

    id: Identity
    name: Annotated[str, BeforeValidator(one_line)]
    active: bool = False
    archived: Annotated[bool, Field(alias="isArchived")] = False
    settings: Any = None

    @property
    def state(self) -> str:
        """An archived one cannot be activated."""
        if self.archived:
            return "archived"
        return "active" if self.active else "inactive"

    def saving(self, default: Saving) -> Saving:
        """Which of its executions n8n keeps."""
        return saving(self.settings, default)


class Unreadable(NamedTuple):
    """An item that is not what it should be; ``text`` names it, and says why."""

    text: str


def _or_unreadable(value: Any, validate: Callable[[Any], Any]) -> Any:
    try:
        return validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        identity = value.get("id") if isinstance(value, dict) else value
        return Unreadable(f"{one_line(str(identity))[:64]}: {where}: {first['msg']}")


class Page(_Answer, Generic[Item]):
    """A part of a list, and where the next one begins. What cannot be read of it costs only
    itself."""

    data: list[Annotated[Item, WrapValidator(_or_unreadable)]]
    next_cursor: Annotated[Cursor | None, Field(alias="nextCursor")] = None

    @property
    def items(self) -> list[Item]:
        """What can be read of it."""
        return [each for each in self.data if not isinstance(each, Unreadable)]

    @property
    def unreadable(self) -> list[str]:
        """The rest: what it is, and why."""
        data: list[Any] = self.data
        return [each.text for each in data if isinstance(each, Unreadable)]
