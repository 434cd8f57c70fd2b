# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Organisations, service accounts and their tokens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused, answer, bad_request, denied
from .auth import needs
from .state import Account, Org

router = APIRouter()
ADDRESS = {"address1": "", "address2": "", "city": "", "zipCode": "", "state": "", "country": ""}


def _org(org: Org) -> dict[str, Any]:
    return {"id": org.id, "name": org.name, "address": ADDRESS}


def _named(call: Call, name: str) -> Org | None:
    return next((org for org in call.state.orgs.values() if org.name == name), None)


@router.get("/api/org")
async def current(call: Annotated[Call, needs("")]) -> Any:
    if call.org_id not in call.state.orgs:
        if call.behaviour.recorded_124:
            raise denied("orgs:read")
        raise Refused(404, "Organization not found")
    return _org(call.org)


def _rename(call: Call, org: Org) -> Any:
    name = call.body().get("name")
    if not name:
        raise bad_request()
    if _named(call, name) not in (None, org):
        raise Refused(400, "Organization name taken")
    org.name = name
    return {"message": "Organization updated"}


@router.put("/api/org")
async def rename_current(call: Annotated[Call, needs("orgs:write")]) -> Any:
    return _rename(call, call.org)


@router.put("/api/orgs/{org_id}")
async def rename(call: Annotated[Call, needs("server:orgs:write")], org_id: int) -> Any:
    if org_id not in call.state.orgs:
        raise Refused(404, "Organization not found")
    return _rename(call, call.state.orgs[org_id])


@router.get("/api/orgs")
async def list_orgs(call: Annotated[Call, needs("server:orgs:read")]) -> Any:
    return [
        {"id": org.id, "name": org.name}
        for org in sorted(call.state.orgs.values(), key=lambda org: org.name)
        if call.query.get("name", org.name) == org.name
    ]


@router.get("/api/orgs/name/{name:path}")
async def by_name(call: Annotated[Call, needs("server:orgs:read")], name: str) -> Any:
    org = _named(call, name)
    if org is None:
        raise Refused(404, "Organization not found")
    return _org(org)


@router.get("/api/orgs/{org_id}")
async def by_id(call: Annotated[Call, needs("server:orgs:read")], org_id: int) -> Any:
    if org_id not in call.state.orgs:
        raise Refused(404, "Organization not found")
    return _org(call.state.orgs[org_id])


@router.post("/api/orgs")
async def create_org(call: Annotated[Call, needs("server:orgs:create")]) -> Any:
    name = call.body().get("name")
    if not name:
        raise bad_request()
    if _named(call, name):
        raise Refused(409, "Organization name taken")
    org = call.state.add_org(name)
    return {"message": "Organization created", "orgId": org.id}


@router.delete("/api/orgs/{org_id}")
async def delete_org(call: Annotated[Call, needs("server:orgs:delete")], org_id: int) -> Any:
    if org_id not in call.state.orgs:
        raise Refused(404, "Failed to delete organization. ID not found", trace=False)
    del call.state.orgs[org_id]
    for account in call.state.accounts.values():
        account.roles.pop(org_id, None)
    return {"message": "Organization deleted"}


def _account(call: Call, account: Account, shown_org: int, avatar: str) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "login": account.login,
        "orgId": shown_org,
        "isDisabled": False,
        "role": account.roles[call.org_id],
        "tokens": sum(owner is account for owner, _org in call.state.tokens.values()),
        "avatarUrl": avatar,
        **({"uid": f"account{account.id:07}"} if call.behaviour.recorded_12 else {}),
    }


def _accounts(call: Call) -> list[Account]:
    return [
        account
        for account in call.state.accounts.values()
        if account.password is None and call.org_id in account.roles
    ]


@router.post("/api/serviceaccounts")
async def create_account(call: Annotated[Call, needs("serviceaccounts:create")]) -> Any:
    body = call.body()
    login = "sa-" + str(body.get("name", "")).lower().replace(" ", "-")
    if call.behaviour.recorded_12:
        login = login.replace("sa-", f"sa-{call.org_id}-", 1)
    if any(account.login == login for account in _accounts(call)):
        raise Refused(400, "Failed to create service account")
    # Service accounts of two organisations may have one name.
    account = call.state.add_account(login, body["name"], {call.org_id: body.get("role", "Viewer")})
    call.state.accounts[f"{login}@{call.org_id}"] = call.state.accounts.pop(login)
    shown = call.org_id if call.state.behaviour.recorded_94 else -1
    return answer(201, _account(call, account, shown, ""))


@router.get("/api/serviceaccounts/search")
async def search_accounts(call: Annotated[Call, needs("serviceaccounts:read")]) -> Any:
    wanted = call.query.get("query", "").lower()
    found = [account for account in _accounts(call) if wanted in account.name.lower()]
    shown = [_account(call, one, call.org_id, "/public/img/user_profile.png") for one in found]
    return {"totalCount": len(shown), "serviceAccounts": shown, "page": 1, "perPage": 1000}


@router.post("/api/serviceaccounts/{account_id}/tokens")
async def create_token(
    call: Annotated[Call, needs("serviceaccounts:write")], account_id: int
) -> Any:
    account = next((one for one in _accounts(call) if one.id == account_id), None)
    if account is None:
        raise Refused(404, "Service account not found")
    token = call.state.add_token(account, call.org_id)
    return {"id": call.state.next_id("token"), "name": call.body().get("name"), "key": token}


@router.delete("/api/serviceaccounts/{account_id}")
async def delete_account(
    call: Annotated[Call, needs("serviceaccounts:delete")], account_id: int
) -> Any:
    state = call.state
    gone = [account for account in _accounts(call) if account.id == account_id]
    state.accounts = {key: one for key, one in state.accounts.items() if one not in gone}
    state.tokens = {key: owned for key, owned in state.tokens.items() if owned[0] not in gone}
    return {"message": "Service account deleted"}
