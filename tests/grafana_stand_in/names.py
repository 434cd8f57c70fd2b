# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uids and slugs, as folders and dashboards are named."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from .answers import Call, Refused
from .state import new_uid

UID = re.compile(r"[a-zA-Z0-9_-]+")


def checked_uid(uid: str | None, trace: bool) -> str:
    """The uid asked for, or a new one."""
    if not uid:
        return new_uid()
    if not UID.fullmatch(uid):
        raise Refused(400, "uid contains illegal characters", trace=trace)
    if len(uid) > 40:
        raise Refused(400, "uid too long, max 40 characters", trace=trace)
    return uid


def slug(title: str) -> str:
    """The part of a URL that a title becomes; two titles clash when these are the same."""
    plain = (
        unicodedata.normalize("NFKD", title.replace("ß", "ss"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-") or title


def clashing_folder(call: Call, title: str, uid: str) -> dict[str, Any] | None:
    """A folder, other than ``uid``, that has the title."""
    if call.state.behaviour.shared_titles:
        return None
    wanted = slug(title)
    return next(
        (
            folder
            for folder in call.org.folders.values()
            if folder["uid"] != uid and slug(folder["title"]) == wanted
        ),
        None,
    )


def clashing_dashboard(call: Call, title: str, folder: str, uid: str) -> dict[str, Any] | None:
    """A dashboard, other than ``uid``, that has the title in the folder."""
    if call.state.behaviour.shared_titles:
        return None
    wanted = slug(title)
    return next(
        (
            board
            for board in call.org.dashboards.values()
            if board["uid"] != uid
            and board["folderUid"] == folder
            and slug(board["dashboard"]["title"]) == wanted
        ),
        None,
    )


def page(call: Call, rows: list[Any], default: int, most: int | None = None) -> list[Any]:
    """The rows that ``limit`` and ``page`` ask for."""
    limit = int(call.query.get("limit") or 0) or default
    if most and limit > most:
        raise Refused(
            422,
            f"Limit is above maximum allowed ({most}), use page parameter to access hits "
            "beyond limit",
            trace=False,
        )
    first = (int(call.query.get("page") or 1) - 1) * limit
    return rows[first : first + limit]
