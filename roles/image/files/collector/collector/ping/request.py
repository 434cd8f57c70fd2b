# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the head of a request to the whole answer."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

log = logging.getLogger(__name__)
# A page: status, content type, body.
Page = tuple[int, str, bytes]
Pages = Mapping[str, Callable[[], Page]]
HEAD_BYTES = 16_384
_LINE = re.compile(rb"([A-Z]+) ([!-~]+) HTTP/1\.[01]\r?")
_END = re.compile(rb"\n\r?\n")


def json_page(status: int, data: Any) -> Page:
    """A page of JSON."""
    return status, "application/json", json.dumps(data).encode()


def answer(head: bytes, pages: Pages) -> bytes | None:
    """The answer to a request, None while its head is not whole.

    Args:
        head: What has come so far.
        pages: What there is, by path.
    """
    line, whole, _rest = head.partition(b"\n")
    request = _LINE.fullmatch(line)
    # TLS and the like need not wait for the end of a line.
    if (whole and not request) or not head[:1].isupper():
        return _render(_refusal(400))
    if request and _END.search(head):
        method, path = (part.decode("ascii") for part in request.groups())
        if method not in ("GET", "HEAD"):
            return _render(_refusal(501))
        return _render(_page(path.partition("?")[0], pages), with_body=method == "GET")
    if len(head) > HEAD_BYTES:
        return _render(_refusal(431 if whole else 414))
    return None


def _page(path: str, pages: Pages) -> Page:
    if path not in pages:
        return 404, "text/plain", f"See {' '.join(pages)}\n".encode()
    try:
        return pages[path]()
    except Exception:
        log.exception("page failed", extra={"data": {"page": path}})
        return _refusal(500)


def _refusal(status: int) -> Page:
    return status, "text/plain", f"{HTTPStatus(status).phrase}\n".encode()


def _render(page: Page, with_body: bool = True) -> bytes:
    status, kind, body = page
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Date: {formatdate(usegmt=True)}\r\n"
        f"Content-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + (body if with_body else b"")
