# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks: basic authentication, tokens, organisations, roles."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from fastapi import Depends
from starlette.requests import Request

from .answers import Call, Refused, denied
from .state import Account, State

VIEWER = {
    "annotations:read",
    "dashboards:read",
    "alert.notifications:read",
    "alert.rules:read",
    "datasources:query",
    "datasources:read",
    "folders:read",
    "orgs:read",
}
EDITOR = VIEWER | {
    "annotations:create",
    "annotations:write",
    "annotations:delete",
    "dashboards:create",
    "dashboards:write",
    "dashboards:delete",
    "folders:create",
    "folders:write",
    "folders:delete",
}


def _basic(state: State, encoded: str) -> Account:
    try:
        login, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused(401, "Invalid Basic Auth Header") from None
    account = state.accounts.get(login)
    if account is None or account.password is None or account.password != password:
        raise Refused(401, "invalid username or password")
    return account


def who(request: Request, state: State) -> tuple[Account, int]:
    """The account and the organisation of a request."""
    scheme, _space, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        if value not in state.tokens:
            raise Refused(401, "invalid API key")
        account, org_id = state.tokens[value]
    elif scheme.lower() == "basic":
        account = _basic(state, value)
        org_id = min(account.roles, default=1)
    elif scheme:
        raise Refused(401, "Invalid Basic Auth Header")
    else:
        raise Refused(401, "Unauthorized", trace=False)
    wanted = request.headers.get("x-grafana-org-id", "")
    # A token belongs to one organisation: the header means nothing to it, or must be that.
    if scheme.lower() == "bearer":
        if state.behaviour.recorded_124 and wanted.isdigit() and int(wanted) not in (0, org_id):
            raise Refused(401, "API key does not belong to the requested organization")
        return account, org_id
    if wanted.isdigit() and int(wanted) > 0:
        org_id = int(wanted)
    return account, org_id


def may(call: Call, permission: str) -> bool:
    """Whether the account may do that.

    ``server:`` is for administrators of the server, an empty permission for all.
    """
    if not permission:
        return True
    if permission.startswith("server:"):
        return call.account.server_admin
    if call.role is None or call.org_id not in call.state.orgs:
        return False
    if call.role == "Admin":
        return True
    return permission in (EDITOR if call.role == "Editor" else VIEWER)


def needs(*permissions: str) -> Any:
    """A dependency: the call, refused unless the account has one of the permissions."""

    async def read(request: Request) -> Call:
        state: State = request.app.state.grafana
        account, org_id = who(request, state)
        call = Call(request, state, await request.body(), account, org_id)
        if not any(may(call, permission) for permission in permissions):
            named = [permission.removeprefix("server:") for permission in permissions]
            raise denied(named[0] if len(named) == 1 else "any of " + ", ".join(named))
        return call

    return Depends(read)
