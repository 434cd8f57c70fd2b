# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""How 12.0.0-pre and 12.4.0 word the refusals that 9.3.2 gives, too."""

from __future__ import annotations

from typing import Any

from .state import Behaviour

FOLDER_NOT_EMPTY = "folder cannot be deleted: folder contains alert rules"
# By the older message: status, message id and message.
WORDS: dict[str, tuple[int, str, str]] = {
    "Failed to create service account": (
        400,
        "serviceaccounts.ErrAlreadyExists",
        "service account already exists",
    ),
    "Plugin unavailable": (500, "plugin.unavailable", "Plugin unavailable"),
    "Failed to call resource": (
        500,
        "plugin.requestFailureError",
        "An error occurred within the plugin",
    ),
    "rulegroup not found": (404, "alerting.alert-rule.notFound", "NotFound"),
    FOLDER_NOT_EMPTY: (
        400,
        "folder.not-empty",
        "Folder cannot be deleted: folder is not empty",
    ),
}
UNAUTHORIZED = {
    "Unauthorized": ("auth.unauthorized", "Unauthorized"),
    "invalid username or password": ("password-auth.failed", "Invalid username or password"),
    "invalid API key": ("api-key.invalid", "Invalid API key"),
    "API key does not belong to the requested organization": (
        "api-key.organization-mismatch",
        "API key does not belong to the requested organization",
    ),
}
PLAIN = {"Folder not found": "folder not found"}


def worded(behaviour: Behaviour, status: int, body: Any) -> tuple[int, Any]:
    """A refusal as the server that is played gives it."""
    if not behaviour.recorded_12 or body is None:
        return status, body
    message = body.get("message")
    if status == 401 and message in UNAUTHORIZED:
        name, text = UNAUTHORIZED[message]
        return status, stated(401, name, text) | {"extra": None, "traceID": ""}
    if message in WORDS:
        later, name, text = WORDS[message]
        return later, stated(later, name, text)
    kept = {key: value for key, value in body.items() if key != "traceID"}
    return status, kept | ({"message": PLAIN[message]} if message in PLAIN else {})


def stated(status: int, name: str, message: str, **extra: Any) -> dict[str, Any]:
    """The newer form of a refusal: its status and a name of the message stand in the body."""
    body: dict[str, Any] = {"statusCode": status, "messageId": name, "message": message}
    return {**body, "extra": extra} if extra else body
