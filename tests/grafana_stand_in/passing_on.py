# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real server behind the recorder: requests are counted and faults put in between there too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from .faults import Message, Receive, Recorder, Send, read_body
from .server import run

# What belongs to one connection is not passed on.
HOP = {b"connection", b"content-length", b"host", b"keep-alive", b"transfer-encoding"}


@contextmanager
def passing_on(url: str) -> Iterator[tuple[str, Recorder]]:
    """The URL to ask instead of ``url``, and what sees the requests."""
    client = httpx.AsyncClient(base_url=url, timeout=120, trust_env=False)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode()
        query = scope["query_string"].decode()
        reply = await client.request(
            scope["method"],
            f"{path}?{query}" if query else path,
            content=await read_body(receive),
            headers=[pair for pair in scope["headers"] if pair[0] not in HOP],
        )
        skipped = HOP | {b"content-encoding"}
        headers = [pair for pair in reply.headers.raw if pair[0].lower() not in skipped]
        length = (b"content-length", str(len(reply.content)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": reply.status_code,
                "headers": [*headers, length] if reply.status_code != 204 else headers,
            }
        )
        await send({"type": "http.response.body", "body": reply.content})

    recorder = Recorder(app)
    with run(recorder) as seen:
        yield seen, recorder
