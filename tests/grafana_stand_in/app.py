# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: all routes over one state."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import (
    alert_rules,
    annotation,
    contact_points,
    dashboards,
    folders,
    library,
    notifications,
    orgs,
    queries,
    ruler,
    search,
    server_info,
    sources,
)
from .answers import Refused
from .auth import who
from .later import worded
from .state import State

PARTS = (
    server_info,
    orgs,
    folders,
    sources,
    queries,
    dashboards,
    library,
    search,
    annotation,
    ruler,
    alert_rules,
    contact_points,
    notifications,
)


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    behaviour = request.app.state.grafana.behaviour
    status, body = worded(behaviour, refused.status, refused.body)
    if body is None and behaviour.recorded_12:
        return Response(status_code=status)
    return JSONResponse(body, status_code=status)


async def _no_route(request: Request, _error: Exception) -> Response:
    try:
        who(request, request.app.state.grafana)
    except Refused as refused:
        return await _refused(request, refused)
    return JSONResponse({"message": "Not found"}, status_code=404)


def create_app(state: State) -> FastAPI:
    """The stand-in over ``state``."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.grafana = state
    for part in PARTS:
        app.include_router(part.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    return app
