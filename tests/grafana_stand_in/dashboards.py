# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dashboards: written by uid, with a version that must match unless overwrite is asked for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from . import folders
from .answers import Call, Refused
from .auth import needs
from .names import UID, clashing_dashboard, clashing_folder, slug
from .state import new_uid, now

router = APIRouter()
SCHEMA = 41
PUBLIC = (
    "hasPublicDashboard",
    "publicDashboardAccessToken",
    "publicDashboardUid",
    "publicDashboardEnabled",
)


def url(board: dict[str, Any]) -> str:
    return f"/d/{board['uid']}/{slug(board['dashboard']['title'])}"


def _check_uid(uid: str) -> None:
    if uid and not UID.fullmatch(uid):
        raise Refused(400, "uid contains illegal characters", trace=False)
    if len(uid) > 40:
        raise Refused(400, "uid too long, max 40 characters", trace=False)


def _target(call: Call, board: dict[str, Any], folder: str, overwrite: bool) -> Any:
    """The stored dashboard that a POST writes into: by id, by uid, and before these by title."""
    boards = call.org.dashboards
    if board["uid"] in call.org.folders:
        raise Refused(400, "Dashboard cannot be changed to a folder", trace=False)
    target = boards.get(board.get("uid") or "")
    if number := board.get("id"):
        by_id = next((one for one in boards.values() if one["id"] == number), None)
        if by_id is None:
            raise Refused(404, "Dashboard not found", trace=False, status="not-found")
        if target is not None and target is not by_id:
            raise Refused(400, "A dashboard with the same uid already exists", trace=False)
        target = by_id
    if target is not None and not overwrite and board.get("version", 0) != target["version"]:
        raise Refused(
            412,
            "The dashboard has been changed by someone else",
            trace=False,
            status="version-mismatch",
        )
    own = target["uid"] if target is not None else ""
    if clashing_folder(call, board["title"], own):
        raise Refused(
            400, "Dashboard name cannot be the same as folder", trace=False, status="name-match"
        )
    titled = clashing_dashboard(call, board["title"], folder, own)
    if titled is None:
        return target
    if not overwrite:
        raise Refused(
            412,
            "A dashboard with the same name in the folder already exists",
            trace=False,
            status="name-exists",
        )
    return titled


@router.post("/api/dashboards/db")
async def save(call: Annotated[Call, needs("dashboards:create", "dashboards:write")]) -> Any:
    body = call.body()
    board = body.get("dashboard")
    if not isinstance(board, dict):
        raise Refused(400, "bad request data")
    folder = body.get("folderUid") or ""
    if folder and folder not in call.org.folders:
        raise Refused(400, "Folder not found")
    if not folder and body.get("folderId"):
        ids = {one["id"]: uid for uid, one in call.org.folders.items()}
        if body["folderId"] not in ids:
            raise Refused(404, "Folder not found")
        folder = ids[body["folderId"]]
    title, uid = str(board.get("title") or "").strip(), str(board.get("uid") or "").strip()
    if not title:
        raise Refused(400, "Dashboard title cannot be empty", trace=False, status="empty-name")
    _check_uid(uid)
    board = {**board, "title": title, "uid": uid}
    stored = _target(call, board, folder, bool(body.get("overwrite")))
    if stored is not None and stored["provisioned"]:
        raise Refused(400, "Cannot save provisioned dashboard", trace=False)
    if stored is None:
        uid = uid or new_uid()
        stored = {"id": call.state.next_id("dashboard"), "uid": uid, "version": 0}
        stored |= {"created": now(), "createdBy": call.account.login, "provisioned": False}
        stored["versions"] = []
        call.org.dashboards[uid] = stored
    elif call.behaviour.recorded_124 and _unchanged(stored, board, folder):
        return _saved(call, stored)
    stored |= {"folderUid": folder, "version": stored["version"] + 1}
    stored |= {"updated": now(), "updatedBy": call.account.login}
    # The title decides above the uid: what is written keeps the uid of what has the title.
    stored["dashboard"] = {
        **board,
        "id": stored["id"],
        "uid": stored["uid"],
        "version": stored["version"],
    }
    stored["versions"].insert(
        0,
        {
            "id": call.state.next_id("dashboard_version"),
            "dashboardId": stored["id"],
            "dashboardUid": "",
            "parentVersion": max(stored["version"] - 1, 0),
            "restoredFrom": 0,
            "version": stored["version"],
            "created": stored["updated"],
            "createdBy": call.account.login,
            "message": body.get("message") or ("Initial save" if stored["version"] == 1 else ""),
        },
    )
    return _saved(call, stored)


def _saved(call: Call, stored: dict[str, Any]) -> dict[str, Any]:
    later = {"folderUid": stored["folderUid"]} if call.behaviour.recorded_12 else {}
    return {
        **later,
        "id": stored["id"],
        "slug": slug(stored["dashboard"]["title"]),
        "status": "success",
        "uid": stored["uid"],
        "url": url(stored),
        "version": stored["version"],
    }


def _unchanged(stored: dict[str, Any], board: dict[str, Any], folder: str) -> bool:
    """Whether a write changes nothing, so that 12.4.0 makes no version of it."""

    def content(one: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in one.items() if key not in ("id", "version")}

    same = content(stored["dashboard"]) == content({**board, "uid": stored["uid"]})
    return same and stored["folderUid"] == folder


def _migrated(call: Call, board: dict[str, Any]) -> dict[str, Any]:
    """A dashboard as it is read: 12.0.0-pre gives it in its own schema."""
    if not call.behaviour.recorded_12 or call.behaviour.recorded_124:
        return board
    return {"refresh": "", **board, "schemaVersion": max(SCHEMA, board.get("schemaVersion") or 0)}


def found(call: Call, uid: str) -> dict[str, Any]:
    """The dashboard with a uid."""
    if uid not in call.org.dashboards:
        raise Refused(404, "Dashboard not found")
    return call.org.dashboards[uid]


@router.get("/api/dashboards/uid/{uid}")
async def get(call: Annotated[Call, needs("dashboards:read")], uid: str) -> Any:
    board = found(call, uid)
    folder = call.org.folders.get(board["folderUid"])
    can = {"canAdd": True, "canEdit": True, "canDelete": True}
    edits = call.role != "Viewer"
    meta = {
        "type": "db",
        "canSave": edits,
        "canEdit": edits,
        "canAdmin": call.role == "Admin",
        "canStar": True,
        "canDelete": edits,
        "slug": slug(board["dashboard"]["title"]),
        "url": url(board),
        "expires": "0001-01-01T00:00:00Z",
        **{key: board[key] for key in ("created", "updated", "updatedBy", "createdBy", "version")},
        "hasAcl": False,
        "isFolder": False,
        "folderId": folder["id"] if folder else 0,
        "folderUid": board["folderUid"],
        "folderTitle": folder["title"] if folder else "General",
        "folderUrl": f"/dashboards/f/{folder['uid']}/{slug(folder['title'])}" if folder else "",
        "provisioned": board["provisioned"],
        "provisionedExternalId": "",
        "annotationsPermissions": {"dashboard": can, "organization": can},
        "hasPublicDashboard": False,
        "publicDashboardAccessToken": "",
        "publicDashboardUid": "",
        "publicDashboardEnabled": False,
    }
    if call.behaviour.recorded_12:
        meta = {key: value for key, value in meta.items() if key not in PUBLIC}
        meta["apiVersion"] = "v0alpha1" if call.behaviour.recorded_124 else "v1alpha1"
    if call.behaviour.recorded_124 and board["version"] == 1:
        meta |= {"createdBy": "Anonymous", "updatedBy": "Anonymous"}
    return {"meta": meta, "dashboard": _migrated(call, board["dashboard"])}


@router.get("/api/dashboards/uid/{uid}/versions")
async def versions(call: Annotated[Call, needs("dashboards:write")], uid: str) -> Any:
    if uid not in call.org.dashboards:
        raise Refused(400, "failed to get dashboard by UID")
    board = call.org.dashboards[uid]
    if not call.state.behaviour.recorded_94:
        return board["versions"]
    if call.behaviour.recorded_12:
        data = _migrated(call, board["dashboard"])
        data = {key: value for key, value in data.items() if key != "id"}
        rows = [
            {**one, "id": one["version"], "uid": uid, "data": data} for one in board["versions"]
        ]
        for row in rows:
            del row["dashboardUid"]
        return {"continueToken": "", "versions": rows}
    # 9.4.0-pre gives the number of the author, and the dashboard.
    number = {account.login: account.id for account in call.state.accounts.values()}
    return [
        {
            **one,
            "createdBy": number[one["createdBy"]],
            "data": {key: value for key, value in board["dashboard"].items() if key != "id"},
        }
        for one in board["versions"]
    ]


def _deleted(call: Call, number: int, uid: str, title: str) -> dict[str, Any]:
    named = {"uid": uid} if call.behaviour.recorded_12 else {"id": number}
    return {**named, "message": f"Dashboard {title} deleted", "title": title}


@router.delete("/api/dashboards/uid/{uid}")
async def delete(call: Annotated[Call, needs("dashboards:delete")], uid: str) -> Any:
    if uid in call.org.folders:
        # So it is: the folder goes, under the name of a dashboard.
        folder = folders.remove(call, uid)
        return _deleted(call, folder["id"], uid, folder["title"])
    board = found(call, uid)
    if board["provisioned"]:
        raise Refused(400, "provisioned dashboard cannot be deleted", trace=False)
    del call.org.dashboards[uid]
    return _deleted(call, board["id"], uid, board["dashboard"]["title"])
