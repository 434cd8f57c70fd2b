# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every keyed request passes: the key, the rate, the size of its body."""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
import time
from typing import Annotated

from fastapi import HTTPException, Request, Security
from fastapi.security import APIKeyHeader
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from collector.settings import Api

log = logging.getLogger(__name__)
BODY_SECONDS = 10
_LOG_SECONDS = 10
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="One of the API keys.")


class Guard:
    """Refuses what has no valid key (401) or comes too fast (429)."""

    def __init__(self, settings: Api, keys: list[bytes]) -> None:
        self._keys = keys
        self._rate = settings.requests_per_second
        self._burst = settings.burst
        # A token bucket per key: a sender gone wild does not lock out the other one.
        self._buckets = [(float(settings.burst), time.monotonic()) for _key in keys]
        self._refused = 0
        self._logged_at = -math.inf

    async def __call__(
        self, request: Request, key: Annotated[str | None, Security(_header)]
    ) -> None:
        """The dependency of the keyed routes. Raises HTTPException."""
        self.admit(_bytes(key), request.scope["client"])

    def admit(self, key: bytes | None, client: tuple[str, int] | None) -> None:
        """Let a request through, or raise HTTPException."""
        number = self._which(key)
        if number is None:
            self._log_refusal(client)
            detail = "X-API-Key is missing" if key is None else "X-API-Key is not a valid key"
            raise HTTPException(401, detail, {"WWW-Authenticate": "X-API-Key"})
        wait = self._take(number)
        if wait:
            raise HTTPException(
                429, f"more than {self._rate:g} requests per second", {"Retry-After": str(wait)}
            )

    async def knows(self, request: Request, key: Annotated[str | None, Security(_header)]) -> bool:
        """The dependency of routes that say more to who has a key."""
        known = self._which(_bytes(key)) is not None
        if key is not None and not known:
            self._log_refusal(request.scope["client"])
        return known

    def _which(self, key: bytes | None) -> int | None:
        # Every key is compared, in constant time: the time taken tells nothing.
        given = key or b""
        matches = [hmac.compare_digest(given, valid) for valid in self._keys]
        return matches.index(True) if True in matches else None

    def _take(self, number: int) -> int:
        """Take one token; returns the whole seconds to wait when there is none."""
        tokens, then = self._buckets[number]
        now = time.monotonic()
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        if tokens < 1:
            self._buckets[number] = (tokens, now)
            return math.ceil((1 - tokens) / self._rate)
        self._buckets[number] = (tokens - 1, now)
        return 0

    def _log_refusal(self, client: tuple[str, int] | None) -> None:
        # A sender with a wrong key must be seen in the log, but cannot fill it.
        self._refused += 1
        now = time.monotonic()
        if now - self._logged_at >= _LOG_SECONDS:
            data = {"refused": self._refused, "last_client": client and client[0]}
            log.warning("key missing or wrong", extra={"data": data})
            self._refused, self._logged_at = 0, now


def _bytes(key: str | None) -> bytes | None:
    return None if key is None else key.encode("latin-1", "replace")


async def read_body(receive: Receive, announced: bytes | None, limit: int) -> bytes:
    """The body, never more of it than ``limit`` bytes. Raises HTTPException 413 or 408, and
    ClientDisconnect."""
    too_large = HTTPException(413, f"more than {limit} bytes", {"Connection": "close"})
    if announced and announced.isdigit() and int(announced[:20]) > limit:
        raise too_large
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                if len(body) > limit:
                    raise too_large
                if not message.get("more_body"):
                    return body
    except TimeoutError as error:
        raise HTTPException(408, "the body did not come", {"Connection": "close"}) from error
