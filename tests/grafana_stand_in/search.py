# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search over folders and dashboards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from . import dashboards
from .answers import Call
from .auth import needs
from .names import page, slug

router = APIRouter()


def _hit(number: int, uid: str, title: str, url: str, kind: str, tags: list[str]) -> dict[str, Any]:
    return {
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


def _folder(folder: dict[str, Any]) -> dict[str, Any]:
    url = f"/dashboards/f/{folder['uid']}/{slug(folder['title'])}"
    return _hit(folder["id"], folder["uid"], folder["title"], url, "dash-folder", [])


def _dashboard(call: Call, board: dict[str, Any]) -> dict[str, Any]:
    content = board["dashboard"]
    tags = sorted(content.get("tags") or [])
    url = dashboards.url(board)
    hit = _hit(board["id"], board["uid"], content["title"], url, "dash-db", tags)
    if folder := call.org.folders.get(board["folderUid"]):
        hit |= {
            "folderId": folder["id"],
            "folderUid": folder["uid"],
            "folderTitle": folder["title"],
            "folderUrl": _folder(folder)["url"],
        }
    return hit


def _order(hit: dict[str, Any]) -> tuple[bool, str]:
    """Folders first."""
    return hit["type"] != "dash-folder", hit["title"].lower()


@router.get("/api/search")
async def search(call: Annotated[Call, needs("dashboards:read")]) -> Any:
    """``folderUIDs`` is ignored, as both recorded servers ignore it."""
    query = call.query
    hits = [_folder(folder) for folder in call.org.folders.values()]
    hits += [_dashboard(call, board) for board in call.org.dashboards.values()]
    if kind := query.get("type"):
        hits = [hit for hit in hits if hit["type"] == kind]
    if text := query.get("query"):
        hits = [hit for hit in hits if text.lower() in hit["title"].lower()]
    if tags := set(query.getlist("tag")):
        hits = [hit for hit in hits if tags <= set(hit["tags"])]
    if uids := query.getlist("dashboardUIDs"):
        hits = [hit for hit in hits if hit["uid"] in uids]
    if numbers := query.getlist("folderIds"):
        hits = [hit for hit in hits if str(hit.get("folderId", 0)) in numbers]
    return page(call, sorted(hits, key=_order), 1000, 5000)
