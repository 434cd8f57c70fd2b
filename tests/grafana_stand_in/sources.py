# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data sources: by uid and by name, never by number."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused, bad_request, stated_as
from .auth import needs
from .names import UID
from .server_info import FORMER, sources
from .state import new_uid

router = APIRouter()

PLAIN = ("url", "user", "database", "basicAuthUser")
FLAGS = ("basicAuth", "withCredentials", "isDefault")
LOGOS = {"loki": "loki_icon", "alertmanager": "logo"}
TAKEN = "data source with the same {} already exists"


def _logo(call: Call, kind: str) -> str:
    """Where the picture of a type is."""
    if kind not in sources(call.behaviour):
        return "public/img/icn-datasource.svg"
    image = LOGOS.get(kind, f"{kind}_logo")
    later = call.behaviour.recorded_124
    return f"public/{'plugins' if later else 'app/plugins/datasource'}/{kind}/img/{image}.svg"


def shown(call: Call, source: dict[str, Any]) -> dict[str, Any]:
    """A data source with the names of its secrets only."""
    given = {key: value for key, value in source.items() if key != "secrets"}
    set_ones = {name: True for name, value in source["secrets"].items() if value}
    if call.behaviour.recorded_12:
        given |= {"apiVersion": "", "typeLogoUrl": _logo(call, source["type"])}
    return {"typeLogoUrl": "", **given, "secureJsonFields": set_ones}


def written(call: Call, source: dict[str, Any], verb: str) -> dict[str, Any]:
    return {
        "datasource": shown(call, source),
        "id": source["id"],
        "message": f"Datasource {verb}",
        "name": source["name"],
    }


def found(call: Call, uid: str) -> dict[str, Any]:
    """The data source with a uid."""
    if uid not in call.org.sources:
        raise Refused(404, "Data source not found", trace=False)
    return call.org.sources[uid]


def _named(call: Call, name: str) -> dict[str, Any]:
    for source in call.org.sources.values():
        if source["name"] == name:
            return source
    raise Refused(404, "Data source not found", trace=False)


def _fields(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """What a body says, with the defaults of what it does not say."""
    if not all(body.get(key) for key in ("name", "type", "access")):
        raise bad_request()
    if re.search(r"\s", str(body.get("url") or "")):
        raise Refused(400, "Validation error, invalid URL")
    fields = {key: body[key] for key in ("name", "type", "access")}
    if call.behaviour.recorded_124:
        fields["type"] = FORMER.get(fields["type"], fields["type"])
    fields |= {key: str(body.get(key) or "") for key in PLAIN}
    fields |= {key: bool(body.get(key)) for key in FLAGS}
    return {**fields, "jsonData": body.get("jsonData") or {}}


def _check_taken(call: Call, name: str, uid: str) -> None:
    for source in call.org.sources.values():
        if source["name"] == name:
            raise Refused(409, TAKEN.format("name"))
        if source["uid"] == uid:
            raise Refused(409, TAKEN.format("uid"))


def _one_default(call: Call, source: dict[str, Any]) -> None:
    if source["isDefault"]:
        for other in call.org.sources.values():
            other["isDefault"] = other is source


@router.get("/api/datasources")
async def list_sources(call: Annotated[Call, needs("datasources:read")]) -> Any:
    left_out = ("basicAuthUser", "withCredentials", "version", "secrets")
    result = []
    for source in sorted(call.org.sources.values(), key=lambda one: one["name"].lower()):
        result.append(
            {key: value for key, value in source.items() if key not in left_out}
            | {
                "typeName": sources(call.behaviour).get(source["type"], source["type"]),
                "typeLogoUrl": _logo(call, source["type"]),
            }
        )
    return result


@router.get("/api/datasources/uid/{uid}")
async def by_uid(call: Annotated[Call, needs("datasources:read")], uid: str) -> Any:
    return shown(call, found(call, uid))


@router.get("/api/datasources/name/{name:path}")
async def by_name(call: Annotated[Call, needs("datasources:read")], name: str) -> Any:
    return shown(call, _named(call, name))


@router.post("/api/datasources")
async def create_source(call: Annotated[Call, needs("datasources:create")]) -> Any:
    body = call.body()
    fields, uid = _fields(call, body), body.get("uid") or new_uid()
    if call.behaviour.recorded_12 and not (UID.fullmatch(uid) and len(uid) <= 40):
        raise stated_as(400, "datasource.uidInvalid", "Invalid datasource UID.")
    _check_taken(call, fields["name"], uid)
    source = {
        "id": call.state.next_id("data_source"),
        "uid": uid,
        "orgId": call.org_id,
        **fields,
        "version": 1,
        "readOnly": False,
        "secrets": dict(body.get("secureJsonData") or {}),
    }
    if call.behaviour.recorded_124 and not call.org.sources:
        source["isDefault"] = True
    call.org.sources[uid] = source
    _one_default(call, source)
    return written(call, source, "added")


@router.put("/api/datasources/uid/{uid}")
async def update_source(call: Annotated[Call, needs("datasources:write")], uid: str) -> Any:
    body = call.body()
    fields = _fields(call, body)
    source = found(call, uid)
    if source["readOnly"]:
        raise Refused(403, "Cannot update read-only data source", trace=False)
    version = int(body.get("version") or 0)
    if version and version < source["version"]:
        raise Refused(
            409, "Datasource has already been updated by someone else. Please reload and try again"
        )
    new = body.get("uid") or uid
    others = [one for one in call.org.sources.values() if one is not source]
    if any(fields["name"] == one["name"] or new == one["uid"] for one in others):
        raise Refused(500, "Failed to update datasource")
    # Secrets that are left out stay; without a version the count starts again.
    secrets = {**source["secrets"], **(body.get("secureJsonData") or {})}
    # A text once set cannot be emptied: what is empty is not written.
    fields = {key: value for key, value in fields.items() if value != "" or key not in PLAIN}
    source.update(fields, uid=new, version=version + 1, secrets=secrets)
    call.org.sources[new] = call.org.sources.pop(uid)
    _one_default(call, source)
    return written(call, source, "updated")


def _delete(call: Call, source: dict[str, Any]) -> Any:
    if source["readOnly"]:
        raise Refused(403, "Cannot delete read-only data source", trace=False)
    del call.org.sources[source["uid"]]
    return {"id": source["id"], "message": "Data source deleted"}


@router.delete("/api/datasources/uid/{uid}")
async def delete_by_uid(call: Annotated[Call, needs("datasources:delete")], uid: str) -> Any:
    return _delete(call, found(call, uid))


@router.delete("/api/datasources/name/{name:path}")
async def delete_by_name(call: Annotated[Call, needs("datasources:delete")], name: str) -> Any:
    return _delete(call, _named(call, name))
