# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of the API."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

from collector import __version__
from collector.api.guard import Guard
from collector.api.middleware import CountRequests
from collector.api.models import (
    ErrorAnswer,
    ForgetAnswer,
    Ping,
    PingAnswer,
    ProbeAnswer,
    PushAnswer,
    inline_schema,
)
from collector.api.ping import PingEndpoint
from collector.metrics import revision
from collector.parts import Parts, states
from collector.settings import Label, read_keys
from collector.state import Outcome

_PUSH_ANSWER_SECONDS = 30
_DELIVERY_SECONDS = 2
_KEYED: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorAnswer, "description": "The key is missing or wrong"},
    429: {"model": ErrorAnswer, "description": "Too many requests; Retry-After says when"},
}
_BODIED: dict[int | str, dict[str, Any]] = {
    408: {"model": ErrorAnswer, "description": "The body did not come in time"},
    413: {"model": ErrorAnswer, "description": "The body is too large"},
    422: {"model": ErrorAnswer, "description": "The body is not a valid ping"},
    503: {"model": ErrorAnswer, "description": "The ping could not be written to disk"},
}


def create_app(parts: Parts) -> ASGIApp:
    """The application for the API's listener."""
    app = FastAPI(
        title="Collector API",
        version=__version__,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        # The redirect would be to http behind a proxy, and who follows it sends the key in clear.
        redirect_slashes=False,
        description="Takes pings; its own measurements go to the Pushgateway and VictoriaMetrics.",
    )
    guard = Guard(parts.settings.api, read_keys(parts.settings.api.keys_file))
    _add_keyed_routes(app, parts, Depends(guard))
    _add_open_routes(app, parts, Depends(guard.knows))
    paths = {path for route in app.routes if (path := getattr(route, "path", None))}
    direct: dict[tuple[str, str], ASGIApp] = {("POST", "/api/ping"): PingEndpoint(parts, guard)}
    return CountRequests(app, direct, paths, parts.metrics)


def _add_keyed_routes(app: FastAPI, parts: Parts, guard: Any) -> None:
    body = {"required": True, "content": {"application/json": {"schema": inline_schema(Ping)}}}

    @app.post(
        "/api/ping",
        summary="Take one ping",
        description="Its sender computes RTT and clock offset from the answer's times.",
        dependencies=[guard],
        response_model=PingAnswer,
        responses=_KEYED | _BODIED,
        openapi_extra={"requestBody": body},
    )
    async def ping() -> None:
        # For the OpenAPI document alone: CountRequests hands each request to PingEndpoint.
        raise AssertionError("a ping came past PingEndpoint")

    @app.get(
        "/api/ping/stats",
        summary="Per source: count, last, and quantiles over a bounded window (ms)",
        dependencies=[guard],
        responses=_KEYED,
    )
    async def stats() -> dict[str, Any]:
        return {"window": parts.settings.api.stats_window, "sources": parts.sources.stats()}

    @app.delete(
        "/api/ping/stats",
        summary="Forget the sources of a location: their series and their statistics",
        description="For a ping service that is gone, and for what a validation has sent.",
        dependencies=[guard],
        response_model=ForgetAnswer,
        responses=_KEYED,
    )
    async def forget(location: Label) -> dict[str, int]:
        return {"forgotten": parts.sources.forget(location)}

    @app.post(
        "/api/push",
        summary="Deliver samples, push to the Pushgateway now, and say what came of it",
        dependencies=[guard],
        response_model=PushAnswer,
        responses=_KEYED,
    )
    async def push() -> dict[str, Any]:
        if parts.victoria is not None:
            # First, so that what is pushed tells of them. Not for long: /health tells how it went.
            sent = asyncio.wrap_future(parts.victoria.request())
            await asyncio.wait([sent], timeout=_DELIVERY_SECONDS)
        if parts.pushgateway is None:
            outcome = Outcome("pushgateway", "skipped", 0.0, "no pushgateway is configured")
        else:
            future = asyncio.wrap_future(parts.pushgateway.request())
            try:
                # Shielded: a future that was cancelled would end the worker that fulfils it.
                outcome = await asyncio.wait_for(asyncio.shield(future), _PUSH_ANSWER_SECONDS)
            except TimeoutError:
                outcome = Outcome(
                    "pushgateway", "failure", _PUSH_ANSWER_SECONDS, "the push has not ended yet"
                )
        return asdict(outcome)

    @app.post(
        "/api/probe",
        summary="Probe the databases now, and say what came of it",
        dependencies=[guard],
        response_model=ProbeAnswer,
        responses=_KEYED,
    )
    async def probe() -> dict[str, Any]:
        asked = {each.name: asyncio.wrap_future(each.request()) for each in parts.probes}
        if asked:
            await asyncio.wait(asked.values(), timeout=_PUSH_ANSWER_SECONDS)
        return {"databases": {n: f.result() if f.done() else None for n, f in asked.items()}}


def _add_open_routes(app: FastAPI, parts: Parts, knows: Any) -> None:
    # Summaries rather than docstrings: the image runs without those.
    @app.get(
        "/health",
        summary="The real state of each part; names and errors are for who sends a key",
        responses={503: {"description": "A background task has died"}},
    )
    async def health(keyed: bool = knows) -> JSONResponse:
        report = parts.health()
        status = 503 if report["status"] == "failed" else 200
        return JSONResponse(report if keyed else states(report), status)

    @app.get(
        "/ready",
        summary="Whether both listeners and all background tasks run",
        responses={503: {"description": "Not ready"}},
    )
    async def ready(keyed: bool = knows) -> JSONResponse:
        missing = parts.missing()
        said = {"ready": not missing, **({"missing": missing} if keyed else {})}
        return JSONResponse(said, 503 if missing else 200)

    @app.get("/", summary="What this is")
    async def info() -> dict[str, Any]:
        return {
            "service": "collector",
            "version": __version__,
            "revision": revision(),
            "host": parts.settings.host,
            "region": parts.settings.region,
            "location": parts.settings.location,
            "documentation": "/docs",
        }
