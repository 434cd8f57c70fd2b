# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server in a thread of a test. It keeps all in memory."""

from __future__ import annotations

import base64
import binascii
import copy
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ..http_stand_in import Headers, Reply, between

KEY = "n8n-api-key-of-the-tests-0123456789"
STATUSES = ("canceled", "crashed", "error", "new", "running", "success", "unknown", "waiting")
LARGEST_PAGE = 250
Answer = tuple[int, Any]
Id = int | str
# What an n8n that starts answers: its server is there before its routes, and its page before both.
STARTING = "<!DOCTYPE html><html><body><pre>Cannot GET /api/v1</pre></body></html>"
NO_DATABASE = {"code": 503, "message": "Database is not ready!"}


class Asked(NamedTuple):
    """A request, and when it came (monotonic clock, s)."""

    path: str
    at: float
    status: int


def stamp(seconds: float) -> str:
    """A moment as n8n writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _cursor(**content: Any) -> str:
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def _refused(what: str, text: str) -> Answer:
    return 400, {"message": f"request/query/{what} {text}"}


class N8n:
    """What it remembers, what it was asked, and how it misbehaves."""

    def __init__(self, workflows: list[dict[str, Any]], executions: list[dict[str, Any]]) -> None:
        self.url = ""
        self.key = KEY
        self.workflows = workflows
        self.executions: dict[Id, dict[str, Any]] = {int(each["id"]): each for each in executions}
        # In queue mode what has not ended is in the list.
        self.queue = False
        self.asked: list[Asked] = []
        self.at_once = 0
        self.endless = False
        # While it is cleared, requests are taken and not answered.
        self.answers = threading.Event()
        self.answers.set()
        self._refuse: list[tuple[int, Any, str | None]] = []
        self._after: list[tuple[str, Callable[[], object]]] = []
        self._open = 0
        self._lock = threading.Lock()

    def workflow(self, identity: str, name: str, active: bool = True, **more: Any) -> None:
        """Add a workflow."""
        self.workflows.append({"id": identity, "name": name, "active": active, **more})

    def execution(
        self,
        workflow: str | None,
        status: str = "success",
        seconds: float = 0.2,
        mode: str = "webhook",
        identity: Id | None = None,
    ) -> Any:
        """Add an execution that began so many seconds ago, and ends now if it has ended; its
        id: a number, unless another one is given."""
        numbers = [each for each in self.executions if isinstance(each, int)]
        number = max(numbers, default=0) + 1 if identity is None else identity
        now = time.time()
        self.executions[number] = {
            "id": str(number),
            "workflowId": workflow,
            "mode": mode,
            "startedAt": None if status == "new" else stamp(now - seconds),
        }
        self.change(number, status, now)
        return number

    def change(self, number: Id, status: str, at: float | None = None) -> None:
        """An execution goes on, or ends now (C(at): what time it is)."""
        execution = self.executions[number]
        ended = status not in ("new", "running", "waiting")
        execution |= {
            "status": status,
            "finished": status == "success",
            "stoppedAt": stamp(at or time.time()) if ended else None,
        }

    def refuse(self, status: int, times: int = 1, retry_after: str | None = None) -> None:
        """Answer the next requests with this status."""
        body = NO_DATABASE if status == 503 else {"message": "refused"}
        self._refuse += [(status, body, retry_after)] * times

    def restart(self, times: int = 1) -> None:
        """Answer the next requests as one that starts: so many times 404, and once 200."""
        self._refuse += [(404, STARTING, None)] * times + [(200, STARTING, None)]

    def after(self, part: str, happens: Callable[[], object]) -> None:
        """Once a request with this part in its target is answered, this happens."""
        self._after.append((part, happens))

    def answer(self, target: str, key: str) -> tuple[int, Any, str | None]:
        """Status, body and Retry-After."""
        with self._lock:
            self._open += 1
            self.at_once = max(self.at_once, self._open)
            refusal = self._refuse.pop(0) if self._refuse else None
        at = time.monotonic()
        self.answers.wait(120)
        with self._lock:
            self._open -= 1
            if refusal:
                status, body, wait = refusal
            elif key != self.key:
                status, body, wait = 401, {"message": "Unauthorized"}, None
            else:
                (status, body), wait = self._answer(target), None
            self.asked.append(Asked(target, at, status))
            for due in [each for each in self._after if each[0] in target]:
                self._after.remove(due)
                body = copy.deepcopy(body)
                due[1]()
        return status, body, wait

    def _answer(self, target: str) -> Answer:
        where = urlsplit(target)
        asked = {name: values[-1] for name, values in parse_qs(where.query).items()}
        kind, _slash, identity = where.path.removeprefix("/api/v1/").partition("/")
        if not where.path.startswith("/api/v1/") or kind not in ("workflows", "executions"):
            return 404, {"message": "not found"}
        if identity:
            if kind == "executions" and not self._could_be(identity):
                return 400, {"message": "request/params/id must be a number"}
            held: dict[str, Any] = (
                {str(number): each for number, each in self.executions.items()}
                if kind == "executions"
                else {each["id"]: each for each in self.workflows}
            )
            return (200, held[identity]) if identity in held else (404, {"message": "Not Found"})
        if not asked.get("limit", "100").isdecimal():
            return _refused("limit", "Param `limit` must be a valid integer")
        status = asked.get("status", "success")
        if status not in STATUSES:
            expected = " | ".join(f"'{each}'" for each in STATUSES)
            text = f"Invalid enum value. Expected {expected}, received '{status}'"
            return _refused("status", text)
        # No limit at all is what 0 means.
        limit = min(int(asked.get("limit", 100)), LARGEST_PAGE) or sys.maxsize
        place: Any = {}
        if "cursor" in asked:
            try:
                place = json.loads(base64.b64decode(asked["cursor"], validate=True))
            except (binascii.Error, ValueError):
                return 400, {"message": "An invalid cursor was provided"}
            if not isinstance(place, dict) or not place.keys() & {"lastId", "offset"}:
                return 500, {"message": "Internal Server Error"}
            limit = place["limit"]
        if kind == "workflows":
            return 200, self._workflows(limit, place.get("offset", 0))
        return 200, self._executions(limit, str(place.get("lastId", "")), asked)

    def _could_be(self, identity: str) -> bool:
        return identity.isdecimal() or any(isinstance(each, str) for each in self.executions)

    def _workflows(self, limit: int, offset: int) -> Any:
        if self.endless:
            found = [
                {"id": f"endless{number}", "name": f"Endless {number}", "active": True}
                for number in range(offset, offset + limit)
            ]
            return {"data": found, "nextCursor": _cursor(limit=limit, offset=offset + limit)}
        found = sorted(self.workflows, key=lambda each: str(each["id"]))[offset:]
        more = _cursor(limit=limit, offset=offset + limit) if len(found) > limit else None
        return {"data": found[:limit], "nextCursor": more}

    def _executions(self, limit: int, below: str, asked: dict[str, str]) -> Any:
        status, workflow = asked.get("status"), asked.get("workflowId")
        newest_first = sorted(self.executions, key=lambda each: (isinstance(each, int), each))[::-1]
        if below:
            places = [str(each) for each in newest_first]
            newest_first = newest_first[places.index(below) + 1 :] if below in places else []
        found = [
            each
            for each in (self.executions[number] for number in newest_first)
            if (each["status"] == status if status else self._is_listed(each["status"]))
            and workflow in (None, each["workflowId"])
        ]
        page = found[:limit]
        more = _cursor(lastId=page[-1]["id"], limit=limit) if len(found) > limit else None
        return {"data": page, "nextCursor": more}

    def _is_listed(self, status: str) -> bool:
        return self.queue or status != "running"


@contextmanager
def serve(
    workflows: list[dict[str, Any]] | None = None, executions: list[dict[str, Any]] | None = None
) -> Iterator[N8n]:
    """A stand-in on a port of the loopback interface."""
    n8n = N8n(list(workflows or ()), list(executions or ()))

    def answer(_method: str, path: str, headers: Headers, _body: bytes) -> Reply:
        status, content, retry_after = n8n.answer(path, headers.get("X-N8N-API-KEY", ""))
        html = isinstance(content, str)
        kind = "text/html" if html else "application/json"
        more = {} if retry_after is None else {"Retry-After": retry_after}
        body = (content if html else json.dumps(content)).encode()
        return status, body, {"Content-Type": f"{kind}; charset=utf-8", **more}

    with between(answer) as n8n.url:
        yield n8n


@contextmanager
def serve_example() -> Iterator[N8n]:
    """A stand-in with two workflows and three executions that have ended."""
    with serve() as n8n:
        n8n.workflow("w1", "Orders to ERP")
        n8n.workflow("w2", "Invoices", active=False)
        for _number in range(3):
            n8n.execution("w1")
        yield n8n
