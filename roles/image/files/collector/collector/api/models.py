# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from collector.settings import Label

Sequence = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
VersionText = Annotated[str, Field(max_length=16)]
VersionNumber = Annotated[int, Field(strict=True, ge=0, le=65535)]

Milliseconds = Annotated[float, Field(strict=True, allow_inf_nan=False)]
# Text only: pydantic would take numbers, and text of digits, for seconds since 1970.
_ISO_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)$"
Time = Annotated[str, Field(pattern=_ISO_UTC), AfterValidator(datetime.fromisoformat)]


class _Incoming(BaseModel):
    # Unknown fields are let through: a newer sender must be able to talk to an older collector.
    model_config = ConfigDict(frozen=True)


class Source(_Incoming):
    """Where a ping comes from; each combination makes time series."""

    location: Label
    datacenter: Label
    country: Label


class Previous(_Incoming):
    """What the sender measured for its previous ping, computed as NTP does from four times."""

    ping_id: UUID
    rtt_ms: Annotated[Milliseconds, Field(ge=0, le=600_000)]
    clock_offset_ms: Annotated[Milliseconds, Field(ge=-1e13, le=1e13)] | None = None


class Ping(_Incoming):
    """The body of POST /api/ping."""

    ping_id: UUID
    timestamp_start: Time
    source: Source
    sequence_number: Sequence | None = None
    age_ms: Annotated[Milliseconds, Field(ge=0, le=31 * 86_400_000)] | None = None
    protocol_version: VersionText | VersionNumber | None = None
    previous: Previous | None = None

    @model_validator(mode="after")
    def _measures_another_ping(self) -> Ping:
        if self.previous and self.previous.ping_id == self.ping_id:
            raise ValueError("previous.ping_id: expected another ping's id, seen this one's")
        return self


class PingAnswer(BaseModel):
    """The answer to a ping. Times are the collector's clock, ISO-8601 UTC."""

    status: str
    ping_id: UUID
    timestamp_received: AwareDatetime
    timestamp_processed: AwareDatetime
    processing_time_ms: float
    message: str


class ForgetAnswer(BaseModel):
    """The answer to DELETE /api/ping/stats: how many sources were forgotten."""

    forgotten: int


class PushAnswer(BaseModel):
    """The outcome of a push: status is success, failure or skipped."""

    target: str
    status: str
    seconds: float
    error: str | None


class ProbeAnswer(BaseModel):
    """What /health says of each database that was probed; null if the probe has not ended."""

    databases: dict[str, dict[str, Any] | None]


class ErrorAnswer(BaseModel):
    """Why a request was refused."""

    detail: str | list[dict[str, Any]]


def inline_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema without references, to stand in an OpenAPI document."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(item) for item in node] if isinstance(node, list) else node

    return dict(resolve(schema))
