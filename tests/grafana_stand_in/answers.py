# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""How answers and refusals look, and what each request carries."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .later import stated
from .state import Account, Behaviour, Org, State


class Refused(Exception):  # noqa: N818 - an answer, not a fault of the stand-in
    """An answer other than success."""

    def __init__(self, code: int, message: str | None, /, trace: bool = True, **more: Any) -> None:
        super().__init__(message)
        self.status = code
        self.body: Any = None
        if message is not None:
            self.body = {"message": message, **({"traceID": ""} if trace else {}), **more}


def stated_as(status: int, name: str, message: str, **extra: Any) -> Refused:
    """A refusal that only the newer servers give."""
    refused = Refused(status, message)
    refused.body = stated(status, name, message, **extra)
    return refused


def answer(status: int, body: Any) -> JSONResponse:
    return JSONResponse(body, status_code=status)


def no_content() -> Response:
    return Response(status_code=204)


def denied(permission: str) -> Refused:
    return Refused(
        403,
        "You'll need additional permissions to perform this action. "
        f"Permissions needed: {permission}",
        trace=False,
        accessErrorId="ACE" + "".join(secrets.choice("0123456789") for _digit in range(10)),
        title="Access denied",
    )


def bad_request() -> Refused:
    """What a body that cannot be read gets, whatever is wrong with it."""
    return Refused(400, "bad request data")


@dataclass
class Call:
    """One request: who asks, in which organisation, what for."""

    request: Request
    state: State
    raw: bytes
    account: Account
    org_id: int

    @property
    def org(self) -> Org:
        return self.state.orgs[self.org_id]

    @property
    def behaviour(self) -> Behaviour:
        return self.state.behaviour

    @property
    def role(self) -> str | None:
        """The role in the organisation asked for; none in one that does not exist."""
        return self.account.roles.get(self.org_id)

    @property
    def query(self) -> Any:
        return self.request.query_params

    @property
    def provenance(self) -> str:
        """What an object that is written gets: the header turns it off by being there."""
        return "" if "x-disable-provenance" in self.request.headers else "api"

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        try:
            content = json.loads(self.raw)
        except ValueError:
            raise bad_request() from None
        if not isinstance(content, dict):
            raise bad_request()
        return content
