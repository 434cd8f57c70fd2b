# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of contact points: the settings that each needs, and those that are secret.

Which settings are secret depends on the version. What any known version hides, or what this server
hides, is a secret everywhere.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..client import Grafana
from ..options import uid_problem
from ..problems import Problem, Sentences
from ..secrets import HIDDEN

problem = Sentences(
    point_type_unknown="the server has no type {type!r}",
    point_setting_missing="type {type} needs the setting {setting}",
    point_url="{setting} {value!r} is not an http(s) URL",
    point_secret_open="the setting {setting} is a secret; move it to secure_settings",  # noqa: S106
    point_setting_twice="{setting} is both in settings and in secure_settings",
)

Point = Mapping[str, Any]
# By type: settings that it needs (with a bar: one of them), settings that are secret everywhere.
# Source: Grafana's reference of contact points and its list of notifiers.
TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "prometheus-alertmanager": (("url",), ("basicAuthPassword",)),
    "dingding": (("url",), ()),
    "discord": (("url",), ()),
    "email": (("addresses",), ()),
    "googlechat": (("url",), ()),
    "jira": (("api_url", "project", "issue_type"), ()),
    "kafka": (("kafkaRestProxy", "kafkaTopic"), ("password",)),
    "line": (("token",), ("token",)),
    "mqtt": (("brokerUrl", "topic"), ()),
    "oncall": (("url",), ()),
    "opsgenie": (("apiKey",), ("apiKey",)),
    "pagerduty": (("integrationKey",), ("integrationKey",)),
    "pushover": (("userKey", "apiToken"), ("userKey", "apiToken")),
    "sensugo": (("url", "apikey"), ("apikey",)),
    "slack": (("url|token",), ("url", "token")),
    "sns": ((), ()),
    "teams": (("url",), ()),
    "telegram": (("bottoken", "chatid"), ("bottoken",)),
    "threema": (("gateway_id", "recipient_id", "api_secret"), ("api_secret",)),
    "victorops": (("url",), ()),
    "webex": (("bot_token", "room_id"), ("bot_token",)),
    "webhook": (("url",), ("password", "authorization_credentials")),
    "wecom": (("url|secret",), ("url", "secret")),
}
_TLS = ("caCertificate", "clientCertificate", "clientKey")
# Settings that only later versions hide, by their path.
LATER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("dingding", "discord", "googlechat", "victorops"), ("url",)),
    "jira": ("user", "password", "api_token"),
    "mqtt": ("password", *(f"tlsConfig.{name}" for name in _TLS)),
    "oncall": ("password", "authorization_credentials"),
    "sns": ("sigv4.access_key", "sigv4.secret_key"),
    "webhook": (
        *(f"tlsConfig.{name}" for name in _TLS),
        "hmacConfig.secret",
        "http_config.oauth2.client_secret",
        *(f"http_config.oauth2.tls_config.{name}" for name in _TLS),
    ),
}


@dataclass(frozen=True)
class Types:
    """The server's list of types.

    Args:
        told: False if the server has no such list.
        secrets: Paths of the secret settings, by type.
    """

    told: bool
    secrets: Mapping[str, tuple[str, ...]]


def read_types(grafana: Grafana) -> Types:
    """Return the server's types, from the API of its own user interface.

    Source: Grafana, GET /api/alert-notifiers (not documented).
    """
    answer = grafana.ask("GET", "/api/alert-notifiers", expected=None)
    listed = answer.json() if answer.status == 200 else None
    if not isinstance(listed, list):
        return Types(False, {})
    known = {str(i["type"]).lower(): tuple(_secure(i.get("options"))) for i in listed}
    return Types(True, known)


def _secure(options: Any, above: str = "") -> Iterator[str]:
    for option in options or []:
        path = f"{above}{option.get('propertyName')}"
        if option.get("secure"):
            yield path
        yield from _secure(option.get("subformOptions"), f"{path}.")


def at(settings: Any, path: str) -> Any:
    """Return the setting at a path such as `tlsConfig.clientKey`, or None."""
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings


def put(settings: dict[str, Any], path: str, value: Any) -> None:
    """Set the setting at a path such as `tlsConfig.clientKey`."""
    *above, last = path.split(".")
    for name in above:
        settings = settings.setdefault(name, {})
    settings[last] = value


def hidden_in(settings: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the paths of settings that the server hides."""
    for name, value in settings.items():
        if value == HIDDEN:
            yield above + name
        elif isinstance(value, Mapping):
            yield from hidden_in(value, f"{above}{name}.")


def secret_names(kind: str, held: Mapping[str, Any], types: Types | None = None) -> set[str]:
    """Return the paths of settings that are secret.

    Args:
        held: The settings that the server has.
        types: The server's list of types, if it was read.
    """
    kind = kind.lower()
    always = TYPES.get(kind, ((), ()))[1]
    more = types.secrets.get(kind, ()) if types else ()
    return {*always, *LATER.get(kind, ()), *more, *hidden_in(held)}


def apart(point: Point, names: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings without secrets, and the secrets by path; None is the server's value."""
    settings = copy.deepcopy(dict(point["settings"]))
    secrets = dict(point["secure_settings"])
    for path in names:
        value = at(settings, path)
        if value in (None, "") or path in secrets:
            continue
        secrets[path] = None if value == HIDDEN else str(value)
        *above, last = path.split(".")
        del (at(settings, ".".join(above)) if above else settings)[last]
    return settings, secrets


def problems_of(point: Point, before: Point | None, types: Types | None) -> list[Problem]:
    """Return what is wrong with a contact point.

    Args:
        before: The one on the server.
        types: The server's list of types, if it was read.
    """
    what, kind = f"contact point {point['uid']}", str(point["type"])
    problems = uid_problem(what, point["uid"])
    if not point["name"].strip():
        problems.append(problem("name_empty", what))
    if types and types.told and kind.lower() not in types.secrets:
        problems.append(problem("point_type_unknown", what, type=kind))
    needed, secret = TYPES.get(kind.lower(), ((), ()))
    settings, given = point["settings"], point["secure_settings"]
    held = (before or {}).get("settings") or {}

    def has(name: str) -> bool:
        return bool(given.get(name) or at(settings, name) or (before and name in given))

    if kind == "slack" and not has("url"):
        api = has("token") or has("recipient")
        needed = ("token", "recipient") if api else ("url|token",)
    problems += [
        problem("point_setting_missing", what, type=kind, setting=names.replace("|", " or "))
        for names in needed
        if not any(has(name) for name in names.split("|"))
    ]
    address = str(settings.get("apiUrl") or "")
    if address and not address.startswith(("http://", "https://")):
        problems.append(problem("point_url", what, setting="apiUrl", value=address))
    problems += [
        problem("point_secret_open", what, setting=name) for name in secret if name in settings
    ]
    problems += [
        problem("point_setting_twice", what, setting=name)
        for name in sorted(given)
        if at(settings, name) is not None
    ]
    return problems + [
        problem("secret_missing", what, option="secure_settings", secret=name)
        for name, value in given.items()
        if value is None and not at(held, name)
    ]
