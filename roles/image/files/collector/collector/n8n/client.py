# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks n8n's REST API: one request at a time, with pauses, and slower when it says so."""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import time
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from collector.n8n.answers import Item, Page
from collector.n8n.budget import Budget, CappedError, RunError
from collector.n8n.settings import N8n
from collector.n8n.text import clean_json
from collector.outbound import Answer, Outbound, refusal, retry_after, whole
from collector.secret import read_secret

log = logging.getLogger(__name__)
Model = TypeVar("Model", bound=BaseModel)
# What an overloaded n8n answers, or one that starts, or the proxy before it.
_LATER = (404, 429, 502, 503, 504)
# What n8n answers for what it has deleted, or never had. No other 404 says so.
_GONE = {"message": "Not Found"}
_TEXTS = {
    401: "the key is refused: check api_key_file; the key may have expired",
    403: "the key may not do this: it needs the scopes execution:list, execution:read and "
    "workflow:list",
    404: "this does not answer like n8n's public API: if n8n is not starting, check n8n.url, its "
    "port and its path",
    429: "n8n, or the proxy before it, wants fewer requests",
}


class GoneError(RunError):
    """n8n has no such thing, or no longer."""


class LaterError(RunError):
    """It may help to ask again, after ``wait`` s if n8n has said so."""

    def __init__(self, error_type: str, message: str, wait: float | None) -> None:
        self.wait = wait
        super().__init__(error_type, message)


class Client(Outbound):
    """n8n's public API. ``budget`` counts each request, and each error after which it asks
    again; the one that it raises is counted by who takes it for one. An answer may have
    ``largest`` bytes."""

    def __init__(self, settings: N8n, budget: Budget, largest: int = 32 << 20) -> None:
        super().__init__(settings)
        self._largest = largest
        self._settings = settings
        self._budget = budget
        self._headers |= {
            "X-N8N-API-KEY": read_secret(settings.api_key_file),
            "Accept": "application/json",
            "Connection": "close",
        }
        self._unreadable: set[str] = set()

    def get(self, path: str, model: type[Model], **query: str | int | None) -> Model:
        """One answer of ``/api/v1`` + ``path``. RunError when there is none, GoneError when that is
        n8n's own word, CappedError when the run may ask no more."""
        given = {name: value for name, value in query.items() if value is not None}
        target = f"/api/v1{path}" + (f"?{urlencode(given)}" if given else "")
        body = self._answer(target)
        try:
            answer = _parsed(body, model)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the answer"
            raise RunError(
                "bad_response", f"{path}: {where}: {first['msg']}; is this n8n, at a known version?"
            ) from error
        if isinstance(answer, Page):
            for text in answer.unreadable:
                self.leave_out(path, text)
        return answer

    def leave_out(self, path: str, text: str, error_type: str = "unreadable") -> None:
        """Count what cannot be read, once in a run, and name it."""
        if text not in self._unreadable:
            self._unreadable.add(text)
            self._budget.errors[error_type] += 1
            log.warning("left out: it cannot be read", extra={"data": {"path": path, "item": text}})

    def pages(
        self, path: str, item: type[Item], cursor: str | None = None, **query: str | int | None
    ) -> Iterator[Page[Item]]:
        """All pages of a list, from ``cursor`` on. RunError when the cursor stands still."""
        while True:
            page = self.get(path, Page[item], cursor=cursor, **query)  # type: ignore[valid-type]
            yield page
            if page.next_cursor is None:
                return
            if page.next_cursor == cursor or not page.data:
                raise RunError("bad_response", f"{path}: nextCursor does not move on")
            cursor = page.next_cursor

    def _answer(self, target: str) -> bytes:
        """The body of a 200, asked for again as often as the settings allow."""
        failure: LaterError | None = None
        for attempt in range(self._settings.retries + 1):
            try:
                self._budget.take_request(self._settings.pause_seconds)
            except CappedError:
                if failure:
                    break
                raise
            if failure:
                self._budget.errors[failure.error_type] += 1
            try:
                return self._once(target)
            except LaterError as error:
                failure = error
            wait = 2.0**attempt if failure.wait is None else failure.wait
            data = {"error": str(failure), "error_type": failure.error_type, "wait": wait}
            log.warning("n8n wants to be asked later", extra={"data": data})
            if attempt == self._settings.retries or not self._budget.wait(wait):
                break
        raise failure or RunError("other", "not asked at all")

    def _once(self, target: str) -> bytes:
        """The body of a 200. LaterError when it makes sense to ask again."""
        whole = self._settings.timeout_seconds
        timeout = min(whole, self._budget.left)
        try:
            status, headers, body = self._ask(target, timeout)
        except TimeoutError as error:
            if timeout < whole:
                raise self._budget.cap("seconds") from error
            # Not again: n8n still works on its answer.
            raise RunError("timeout", f"{self.url}: {self._explain(error, timeout)}") from error
        except (OSError, http.client.HTTPException) as error:
            said = f"{self.url}: {self._explain(error, timeout)}"
            if isinstance(error, ssl.SSLError):
                raise RunError("tls_error", said) from error
            if isinstance(error, OSError):
                raise LaterError("connection_error", said, None) from error
            raise RunError("bad_response", said) from error
        if status == 200:
            if body.lstrip()[:1] in (b"{", b"["):
                return body
            # What answers in its place while it starts.
            said = f"{target.partition('?')[0]}: no JSON: n8n may be starting; is this n8n's URL?"
            raise LaterError("bad_response", said, None)
        said = _refusal(status, headers, body, target)
        if status == 404 and _is_gone(body):
            raise GoneError("http_404", said)
        if status not in _LATER:
            raise RunError(f"http_{status}", said)
        wait = retry_after(headers.get("Retry-After"))
        if wait is not None:
            self._budget.not_before = time.time() + wait
        raise LaterError(f"http_{status}", said, wait)

    def _ask(self, target: str, timeout: float) -> tuple[int, http.client.HTTPMessage, bytes]:
        with self.connection(timeout) as connection:
            connection.request("GET", self._path + target, headers=self._headers)
            response = connection.getresponse()
            body = whole(response, self._largest + 1)
            if len(body) > self._largest:
                raise http.client.HTTPException(
                    f"more than {self._largest >> 20} MiB in one page: set smaller pages "
                    "(page_size, workflows_page_size), or give the container more memory"
                )
            return response.status, response.headers, body


def _is_gone(body: bytes) -> bool:
    try:
        return bool(json.loads(body) == _GONE)
    except (ValueError, RecursionError):
        return False


def _parsed(body: bytes, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
            raise
        try:
            return model.model_validate_json(clean_json(body))
        except (ValueError, RecursionError):
            raise error from None


def _refusal(status: int, headers: http.client.HTTPMessage, body: bytes, target: str) -> str:
    path = target.partition("?")[0]
    if status in _TEXTS:
        return f"{path}: HTTP {status}: {_TEXTS[status]}"
    text = body[:300].decode("utf-8", "replace")
    return f"{path}: {refusal(Answer(status, text, headers.get('Location', '')))}"
