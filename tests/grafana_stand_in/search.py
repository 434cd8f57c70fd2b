# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search over folders and dashboards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from . import dashboards
from .answers import Call, Refused, denied
from .auth import may, needs
from .names import page, slug

router = APIRouter()


def _hit(
    call: Call, number: int, uid: str, title: str, url: str, kind: str, tags: list[str]
) -> dict[str, Any]:
    later = {"orgId": call.org_id, "isDeleted": False} if call.behaviour.recorded_12 else {}
    return {
        **later,
        "id": number,
        "uid": uid,
        "title": title,
        "uri": f"db/{slug(title)}",
        "url": url,
        "slug": "",
        "type": kind,
        "tags": tags,
        "isStarred": False,
        "sortMeta": 0,
    }


def _url(folder: dict[str, Any]) -> str:
    return f"/dashboards/f/{folder['uid']}/{slug(folder['title'])}"


def _within(call: Call, uid: str) -> dict[str, Any]:
    """What a hit says of the folder that it is in."""
    folder = call.org.folders.get(uid)
    if folder is None:
        return {}
    named = {"folderUid": folder["uid"], "folderTitle": folder["title"]}
    if call.behaviour.recorded_12 and not call.behaviour.recorded_124:
        return named
    return {**named, "folderId": folder["id"], "folderUrl": _url(folder)}


def _folder(call: Call, folder: dict[str, Any]) -> dict[str, Any]:
    title, url = folder["title"], _url(folder)
    hit = _hit(call, folder["id"], folder["uid"], title, url, "dash-folder", [])
    return hit | _within(call, folder["parentUid"]) if call.behaviour.recorded_12 else hit


def _dashboard(call: Call, board: dict[str, Any]) -> dict[str, Any]:
    content = board["dashboard"]
    tags = sorted(content.get("tags") or [])
    url = dashboards.url(board)
    hit = _hit(call, board["id"], board["uid"], content["title"], url, "dash-db", tags)
    return hit | _within(call, board["folderUid"])


def _order(hit: dict[str, Any]) -> tuple[bool, str]:
    """Folders first."""
    return hit["type"] != "dash-folder", hit["title"].lower()


@router.get("/api/search")
async def search(call: Annotated[Call, needs("")]) -> Any:
    """``folderUIDs`` is ignored before 12.0."""
    if call.behaviour.recorded_12 and call.org_id not in call.state.orgs:
        raise Refused(500, "Search failed")
    if not may(call, "dashboards:read"):
        raise denied("dashboards:read")
    query = call.query
    hits = [_folder(call, folder) for folder in call.org.folders.values()]
    hits += [_dashboard(call, board) for board in call.org.dashboards.values()]
    if kind := query.get("type"):
        hits = [hit for hit in hits if hit["type"] == kind]
    if text := query.get("query"):
        hits = [hit for hit in hits if text.lower() in hit["title"].lower()]
    if tags := set(query.getlist("tag")):
        hits = [hit for hit in hits if tags <= set(hit["tags"])]
    if uids := query.getlist("dashboardUIDs"):
        hits = [hit for hit in hits if hit["uid"] in uids]
    folders = query.getlist("folderUIDs")
    if folders and call.behaviour.recorded_12:
        hits = [hit for hit in hits if hit.get("folderUid", "general") in folders]
    if numbers := query.getlist("folderIds"):
        hits = [hit for hit in hits if str(hit.get("folderId", 0)) in numbers]
    return page(call, sorted(hits, key=_order), 1000, 5000)
