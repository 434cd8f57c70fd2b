# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /api/ping, answered before the framework: there it would take twice the time."""

from __future__ import annotations

import time

from fastapi import HTTPException
from pydantic import ValidationError
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from collector.api.guard import Guard, read_body
from collector.api.middleware import ARRIVED
from collector.api.models import Ping
from collector.parts import Parts
from collector.sources import TooManySources, timestamp
from collector.spool import SpoolError

_SPOOL_RETRY_SECONDS = 10
_ROOM_RETRY = {"Retry-After": "60"}
_JSON = (b"content-type", b"application/json")


class PingEndpoint:
    """From bytes to model in one step, which no encoding, depth or number can upset."""

    def __init__(self, parts: Parts, guard: Guard) -> None:
        self._sources = parts.sources
        self._api = parts.settings.api
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            body = await self._take(scope, receive)
        except ValidationError as error:
            await _invalid(error)(scope, receive, send)
        except HTTPException as error:
            refusal = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
            await refusal(scope, receive, send)
        else:
            headers = (_JSON, (b"content-length", b"%d" % len(body)))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        key = length = None
        for name, value in scope["headers"]:
            if name == b"x-api-key":
                key = value if key is None else key
            elif name == b"content-length":
                length = value
        self._guard.admit(key, scope["client"])
        started = time.perf_counter()
        received = Ping.model_validate_json(
            await read_body(receive, length, self._api.max_body_bytes)
        )
        arrived: int = scope[ARRIVED]
        milliseconds = (time.perf_counter() - started) * 1e3
        try:
            new = await self._sources.record(received, arrived, milliseconds)
        except SpoolError as error:
            retry = {"Retry-After": str(_SPOOL_RETRY_SECONDS)}
            raise HTTPException(503, "the ping could not be written to disk", retry) from error
        except TooManySources as error:
            most = self._api.max_sources
            # Nothing is wrong with the ping: it can come when there is room.
            raise HTTPException(
                429, f"source: more than {most} sources, see max_sources", _ROOM_RETRY
            ) from error
        # No text of it needs escaping.
        return (
            f'{{"status":"ok","ping_id":"{received.ping_id}",'
            f'"timestamp_received":"{timestamp(arrived)}",'
            f'"timestamp_processed":"{timestamp(time.time_ns())}",'
            f'"processing_time_ms":{milliseconds:.3f},'
            f'"message":"{"pong" if new else "already received"}"}}'
        ).encode()


def _invalid(error: ValidationError) -> JSONResponse:
    # The input is not sent back: it may hold what JSON cannot say.
    found = error.errors(include_url=False, include_context=False, include_input=False)
    detail = [{**entry, "loc": ["body", *entry["loc"]]} for entry in found[:20]]
    return JSONResponse({"detail": detail}, 422)
