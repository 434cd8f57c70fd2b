# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Library panels: one is read by its uid, and created. Not recorded; by Grafana's documentation."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused
from .auth import needs

router = APIRouter()


@router.get("/api/library-elements/{uid}")
async def read(call: Annotated[Call, needs("dashboards:read")], uid: str) -> Any:
    if uid not in call.org.elements:
        raise Refused(404, "library element could not be found", trace=False)
    return {"result": call.org.elements[uid]}


@router.post("/api/library-elements")
async def create(call: Annotated[Call, needs("dashboards:write")]) -> Any:
    body = call.body()
    if body["uid"] in call.org.elements:
        raise Refused(400, "library element with that name or UID already exists", trace=False)
    call.org.elements[body["uid"]] = body
    return {"result": body}
