# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of n8n's answers (public API v1); the rest of them is ignored."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

# In the order of life: what goes on while they are asked for is then seen later, or has ended.
OPEN = ("new", "waiting", "running")
ENDED = ("success", "error", "crashed", "canceled")
Item = TypeVar("Item", bound=BaseModel)
# Identities are text in one version and numbers in another.
Identity = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=64)]
Cursor = Annotated[str, Field(max_length=1024)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Execution(_Answer):
    """One execution, without its data."""

    id: Annotated[int, Field(ge=0)]
    status: str
    workflow_id: Annotated[Identity, Field(alias="workflowId")]
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
    name: str
    active: bool = False


class Page(_Answer, Generic[Item]):
    """A part of a list, and where the next one begins."""

    data: list[Item]
    next_cursor: Annotated[Cursor | None, Field(alias="nextCursor")] = None
