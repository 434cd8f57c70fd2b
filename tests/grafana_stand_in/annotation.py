# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Annotations."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused
from .auth import may, needs

router = APIRouter()
OMITTED = ("alertId", "alertName", "dashboardId", "newState", "panelId", "prevState", "userId")


@router.post("/api/annotations")
async def create(call: Annotated[Call, needs("annotations:read")]) -> Any:
    body = call.body()
    if not may(call, "annotations:create"):
        raise Refused(403, "Access denied to this dashboard", trace=False)
    if not body.get("text"):
        raise Refused(400, "Failed to save annotation")
    board = None
    if uid := body.get("dashboardUID"):
        # A dashboard that does not exist is not missed.
        board = call.org.dashboards.get(uid)
    moment = int(time.time() * 1000)
    number = call.state.next_id("annotation")
    start = body.get("time") or moment
    call.org.annotations[number] = {
        "id": number,
        "alertId": 0,
        "alertName": "",
        "dashboardId": board["id"] if board else 0,
        "dashboardUID": board["uid"] if board else None,
        "panelId": body.get("panelId", 0),
        "userId": 0,
        "newState": "",
        "prevState": "",
        "created": moment,
        "updated": moment,
        "time": start,
        "timeEnd": body.get("timeEnd") or start,
        "text": body["text"],
        "tags": list(body.get("tags") or []),
        "login": call.account.login,
        "email": f"{call.account.login}@localhost" if call.account.password else "",
        "avatarUrl": "/public/img/user_profile.png",
        "data": body.get("data") or {},
    }
    return {"id": number, "message": "Annotation added"}


@router.get("/api/annotations")
async def list_annotations(call: Annotated[Call, needs("annotations:read")]) -> Any:
    query, tags = call.query, set(call.query.getlist("tags"))
    some_tag = query.get("matchAny") == "true"

    def wanted(one: dict[str, Any]) -> bool:
        if tags and not (
            tags & set(one["tags"] or []) if some_tag else tags <= set(one["tags"] or [])
        ):
            return False
        if "dashboardUID" in query and one["dashboardUID"] != query["dashboardUID"]:
            return False
        if query.get("from") and query.get("to"):
            return one["timeEnd"] >= int(query["from"]) and one["time"] <= int(query["to"])
        return True

    found = [one for one in call.org.annotations.values() if wanted(one)]
    found.sort(key=lambda one: (one["timeEnd"], one["time"], one["id"]), reverse=True)
    if call.behaviour.recorded_124:
        found = [_later(one) for one in found]
    return found[: int(query.get("limit") or 100)]


def _later(one: dict[str, Any]) -> dict[str, Any]:
    """12.4.0 leaves out what is empty."""
    kept = {key: value for key, value in one.items() if value or key not in OMITTED}
    return {**kept, "dashboardUID": one["dashboardUID"] or ""}


def _found(call: Call, number: int) -> dict[str, Any]:
    if number not in call.org.annotations:
        raise Refused(404, "Annotation not found", trace=False)
    return call.org.annotations[number]


@router.get("/api/annotations/{number}")
async def get(call: Annotated[Call, needs("annotations:read")], number: int) -> Any:
    return _found(call, number)


@router.patch("/api/annotations/{number}")
async def patch(call: Annotated[Call, needs("annotations:write")], number: int) -> Any:
    one, body = _found(call, number), call.body()
    one |= {key: body[key] for key in ("text", "tags", "time", "timeEnd") if body.get(key)}
    one["updated"] = int(time.time() * 1000)
    return {"message": "Annotation patched"}


@router.put("/api/annotations/{number}")
async def put(call: Annotated[Call, needs("annotations:write")], number: int) -> Any:
    one, body = _found(call, number), call.body()
    one |= {"text": body.get("text", ""), "tags": body.get("tags")}
    one |= {key: body[key] for key in ("time", "timeEnd") if body.get(key)}
    one["updated"] = int(time.time() * 1000)
    return {"message": "Annotation updated"}


@router.delete("/api/annotations/{number}")
async def delete(call: Annotated[Call, needs("annotations:delete")], number: int) -> Any:
    _found(call, number)
    del call.org.annotations[number]
    return {"message": "Annotation deleted"}
