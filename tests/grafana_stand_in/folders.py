# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folders."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused
from .auth import needs
from .later import FOLDER_NOT_EMPTY
from .names import checked_uid, clashing_dashboard, clashing_folder, page, slug
from .state import now

router = APIRouter()

NOT_FOUND = {"status": "not-found"}
CHANGED = "the folder has been changed by someone else"
TITLE_TAKEN = "a folder or dashboard in the general folder with the same name already exists"


def shown(call: Call, folder: dict[str, Any]) -> dict[str, Any]:
    """A folder as it is given out."""
    result = {
        "id": folder["id"],
        "uid": folder["uid"],
        "title": folder["title"],
        "url": f"/dashboards/f/{folder['uid']}/{slug(folder['title'])}",
        "hasAcl": False,
        "canSave": call.role != "Viewer",
        "canEdit": call.role != "Viewer",
        "canAdmin": call.role == "Admin",
        "canDelete": call.role != "Viewer",
        "createdBy": folder["createdBy"],
        "created": folder["created"],
        "updatedBy": folder["updatedBy"],
        "updated": folder["updated"],
        "version": folder["version"],
    }
    if call.behaviour.recorded_12:
        return _shown_later(call, folder, result)
    if call.state.behaviour.nested_folders:
        return {**result, "parentUid": folder["parentUid"]}
    return result if call.state.behaviour.recorded_94 else {**result, "parentUid": ""}


def _shown_later(call: Call, folder: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """12.0.0-pre and 12.4.0 name the parents, and no parent at the top."""
    result["orgId"] = call.org_id
    if not call.behaviour.recorded_124:
        del result["version"]
    elif folder["version"] == 1:
        result["updatedBy"] = "Anonymous"
    if folder["parentUid"]:
        result |= {"parentUid": folder["parentUid"], "parents": []}
        if parent := call.org.folders.get(folder["parentUid"]):
            above = shown(call, parent)
            result["parents"] = [*above.pop("parents", []), above]
    return result


def found(call: Call, uid: str) -> dict[str, Any]:
    """The folder with a uid."""
    if uid not in call.org.folders:
        raise Refused(404, "folder not found", trace=False, **NOT_FOUND)
    return call.org.folders[uid]


def _check_title(call: Call, title: str, uid: str) -> None:
    if title.lower() == "general":
        raise Refused(400, "A folder with that name already exists")
    if clashing_dashboard(call, title, "", uid):
        raise Refused(400, "Folder name cannot be the same as one of its dashboards")


@router.get("/api/folders")
async def list_folders(call: Annotated[Call, needs("folders:read")]) -> Any:
    folders = sorted(call.org.folders.values(), key=lambda folder: folder["title"])
    keys = ["id", "uid", "title"]
    if call.state.behaviour.nested_folders:
        parent = call.query.get("parentUid", "")
        folders = [folder for folder in folders if folder["parentUid"] == parent]
        keys.append("parentUid")
    rows = [{key: folder[key] for key in keys} for folder in page(call, folders, 1000)]
    if call.behaviour.recorded_12:
        rows = [{key: value for key, value in row.items() if value != ""} for row in rows]
    return rows


@router.get("/api/folders/{uid}")
async def get_folder(call: Annotated[Call, needs("folders:read")], uid: str) -> Any:
    return shown(call, found(call, uid))


@router.post("/api/folders")
async def create_folder(call: Annotated[Call, needs("folders:create")]) -> Any:
    body = call.body()
    title, uid, parent = str(body.get("title") or ""), body.get("uid"), ""
    if not title:
        raise Refused(400, "folder title cannot be empty", trace=False)
    uid = checked_uid(uid, trace=True)
    if uid in call.org.folders:
        more = {} if call.behaviour.recorded_12 else {"status": "version-mismatch"}
        raise Refused(412, CHANGED, trace=False, **more)
    if uid in call.org.dashboards:
        raise Refused(400, "Dashboard cannot be changed to a folder")
    _check_title(call, title, uid)
    if clashing_folder(call, title, uid):
        raise Refused(409, TITLE_TAKEN, trace=False)
    if call.state.behaviour.nested_folders and body.get("parentUid"):
        # 12.4.0 does not miss a parent that does not exist.
        parent = body["parentUid"]
        parent = parent if call.behaviour.recorded_124 else found(call, parent)["uid"]
    folder = {
        "id": call.state.next_id("dashboard"),
        "uid": uid,
        "title": title,
        "parentUid": parent,
        "createdBy": call.account.login,
        "updatedBy": call.account.login,
        "version": 1,
        "created": now(),
        "updated": now(),
    }
    call.state.next_id("dashboard_version")
    call.org.folders[uid] = folder
    if call.behaviour.recorded_12:
        return shown(call, folder)
    return {**shown(call, folder), "created": now(precise=True), "updated": now(precise=True)}


@router.put("/api/folders/{uid}")
async def update_folder(call: Annotated[Call, needs("folders:write")], uid: str) -> Any:
    folder, body = found(call, uid), call.body()
    stale = not body.get("overwrite") and body.get("version", 0) != folder["version"]
    if stale and call.behaviour.recorded_124:
        raise Refused(412, "The dashboard has been changed by someone else")
    # 12.0.0-pre has no version.
    if stale and not call.behaviour.recorded_12:
        raise Refused(412, CHANGED, trace=False, status="version-mismatch")
    title = str(body.get("title") or "")
    if not title:
        raise Refused(400, "folder title cannot be empty", trace=False)
    _check_title(call, title, uid)
    if other := clashing_folder(call, title, uid):
        if not body.get("overwrite"):
            raise Refused(409, TITLE_TAKEN, trace=False)
        # As with dashboards: overwrite writes into the one that has the title.
        folder = other
    elif body.get("uid") and body["uid"] != uid:
        call.org.folders[body["uid"]] = {**call.org.folders.pop(uid), "uid": body["uid"]}
        folder = call.org.folders[body["uid"]]
    if call.behaviour.recorded_124 and title == folder["title"]:
        return shown(call, folder)
    folder.update(title=title, version=folder["version"] + 1)
    folder.update(updated=now(), updatedBy=call.account.login)
    call.state.next_id("dashboard_version")
    return shown(call, folder)


@router.post("/api/folders/{uid}/move")
async def move_folder(call: Annotated[Call, needs("folders:write")], uid: str) -> Any:
    """Not recorded: how later servers are said to do it."""
    if not call.state.behaviour.nested_folders:
        raise Refused(404, "Not found", trace=False)
    folder, parent = found(call, uid), str(call.body().get("parentUid") or "")
    if parent and found(call, parent)["uid"] in _below(call, uid):
        raise Refused(400, "failed to move folder: it would be in itself")
    folder.update(parentUid=parent, updated=now(), updatedBy=call.account.login)
    return shown(call, folder)


def _below(call: Call, uid: str) -> list[str]:
    children = [one["uid"] for one in call.org.folders.values() if one["parentUid"] == uid]
    return [uid, *(each for child in children for each in _below(call, child))]


def _rules_in(call: Call, gone: list[str]) -> list[str]:
    return [rule["uid"] for rule in call.org.rules.values() if rule["folderUID"] in gone]


def remove(call: Call, uid: str) -> dict[str, Any]:
    """Delete a folder with all that is in it."""
    org, gone = call.org, _below(call, uid)
    left = {uid: folder for uid, folder in org.versions_left.items() if folder not in gone}
    for rule in _rules_in(call, gone):
        made_in = org.rules.pop(rule)["madeIn"]
        if made_in not in gone:
            left[rule] = made_in
        org.provenance.pop(("rule", rule), None)
    org.versions_left = left
    for board in [one for one in org.dashboards.values() if one["folderUid"] in gone]:
        del org.dashboards[board["uid"]]
    removed = [org.folders.pop(each) for each in gone]
    return removed[0]


@router.delete("/api/folders/{uid}")
async def delete_folder(call: Annotated[Call, needs("folders:delete")], uid: str) -> Any:
    if call.behaviour.recorded_124 and uid not in call.org.folders:
        raise Refused(404, f'folders.folder.grafana.app "{uid}" not found')
    found(call, uid)
    forced = call.query.get("forceDeleteRules") == "true"
    if not forced and _rules_in(call, _below(call, uid)):
        raise Refused(400, FOLDER_NOT_EMPTY, trace=False)
    remove(call, uid)
    return {"message": "Folder deleted"} if call.behaviour.recorded_12 else ""
