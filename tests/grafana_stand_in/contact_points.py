# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contact points: integrations that share a name are one receiver."""

from __future__ import annotations

import copy
from typing import Annotated, Any

from fastapi import APIRouter

from .answers import Call, Refused, answer, stated_as
from .auth import needs
from .state import EMPTY_RECEIVER, new_uid

router = APIRouter()

REDACTED = "[REDACTED]"
READ, WRITE = "alert.provisioning:read", "alert.provisioning:write"
# By type: the settings that are secret; those that are needed, with the name in the refusal.
SECRETS: dict[str, tuple[str, ...]] = {
    "LINE": ("token",),
    "line": ("token",),
    "dingding": (),
    "discord": (),
    "email": (),
    "googlechat": (),
    "kafka": (),
    "opsgenie": ("apiKey",),
    "pagerduty": ("integrationKey",),
    "prometheus-alertmanager": ("basicAuthPassword",),
    "pushover": ("apiToken", "userKey"),
    "sensugo": ("apikey",),
    "slack": ("token", "url"),
    "teams": (),
    "telegram": ("bottoken",),
    "threema": ("api_secret",),
    "victorops": (),
    "webex": ("bot_token",),
    "webhook": ("password", "authorization_credentials"),
    "wecom": ("url", "secret"),
}
# Not recorded: what later servers are said to hide as well.
HIDDEN_URLS = ("dingding", "discord", "googlechat", "victorops")
NEEDED = {
    "LINE": {"token": "could not find token in settings"},
    "line": {"token": "could not find token in settings"},
    "dingding": {"url": "could not find url property in settings"},
    "discord": {"url": "could not find webhook url property in settings"},
    "email": {"addresses": "could not find addresses in settings"},
    "googlechat": {"url": "could not find url property in settings"},
    "kafka": {
        "kafkaRestProxy": "could not find kafka rest proxy endpoint property in settings",
        "kafkaTopic": "could not find kafka topic property in settings",
    },
    "opsgenie": {"apiKey": "could not find api key property in settings"},
    "pagerduty": {"integrationKey": "could not find integration key property in settings"},
    "prometheus-alertmanager": {"url": "could not find url property in settings"},
    "pushover": {"userKey": "user key not found", "apiToken": "API token not found"},
    "sensugo": {
        "url": "could not find URL property in settings",
        "apikey": "could not find the API key property in settings",
    },
    "teams": {"url": "could not find url property in settings"},
    "telegram": {
        "bottoken": "could not find Bot Token in settings",
        "chatid": "could not find Chat Id in settings",
    },
    "threema": {
        "gateway_id": "could not find Threema Gateway ID in settings",
        "recipient_id": "could not find Threema Recipient ID in settings",
        "api_secret": "could not find Threema API secret in settings",
    },
    "victorops": {"url": "could not find victorops url property in settings"},
    "webhook": {"url": "required field 'url' is not specified"},
}
SLACK = {
    "recipient": "recipient must be specified when using the Slack chat API",
    "token": "token must be specified when using the Slack chat API",
}


def _secrets(call: Call, kind: str) -> tuple[str, ...]:
    """The settings of a type that are secret."""
    more = call.state.behaviour.hidden_urls and kind in HIDDEN_URLS
    return (*SECRETS.get(kind, ()), *(("url",) if more else ()))


def require_alerting(call: Call, status: int = 500) -> None:
    """An organisation has no notification settings until the server has made them."""
    if not call.org.alerting:
        raise Refused(status, "could not find an Alertmanager configuration")


def provenance_of(call: Call) -> str:
    """What is written gets: on the recorded servers X-Disable-Provenance means nothing here."""
    return call.provenance if call.state.behaviour.free_provenance else "api"


def integrations(call: Call) -> list[dict[str, Any]]:
    return [config for receiver in call.org.receivers for config in receiver["configs"]]


def _invalid(message: str) -> Refused:
    return Refused(400, f"invalid object specification: {message}")


def _validate(call: Call, body: dict[str, Any], uid: str) -> None:
    kind, settings = body.get("type"), body.get("settings")
    later = call.behaviour.recorded_12
    if call.behaviour.recorded_124 and not body.get("name"):
        raise _invalid("name is required")
    if not kind:
        raise _invalid("type should not be an empty string")
    if not isinstance(settings, dict):
        raise _invalid("settings should not be empty")
    named = f'"{body.get("name") or ""}" (UID {uid})'
    which = f'failed to validate integration {named} of type "{kind}"'
    if kind not in SECRETS and call.behaviour.recorded_124:
        raise _invalid(f"unknown integration type: {kind}")
    if kind not in SECRETS and later:
        raise _invalid(f"{which}: notifier {kind} is not supported")
    if kind not in SECRETS:
        raise _invalid(f"unknown type '{kind}'")
    needed = NEEDED.get(kind, {})
    if kind == "slack" and not settings.get("url"):
        needed = SLACK
    if kind == "wecom" and not settings.get("url") and not settings.get("secret"):
        needed = {"url": "either url or secret is required"}
    for key, message in needed.items():
        if not settings.get(key):
            older = f'failed to validate receiver of type "{kind}"'
            raise _invalid(f"{which if later else older}: {message}")


def _config(call: Call, uid: str, body: dict[str, Any]) -> dict[str, Any]:
    """An integration as it is kept: the secrets apart, empty ones too."""
    settings = dict(body["settings"])
    return {
        "uid": uid,
        "name": body.get("name") or "",
        "type": body["type"],
        "disableResolveMessage": bool(body.get("disableResolveMessage")),
        "secrets": {key: settings.pop(key, "") for key in _secrets(call, body["type"])},
        "settings": settings,
    }


def _shown(call: Call, config: dict[str, Any], every_secret: bool) -> dict[str, Any]:
    """What is written is answered with all secrets of the type, what is read with the set ones."""
    hidden = {key: REDACTED for key, value in config["secrets"].items() if value or every_secret}
    result = {
        **{key: config[key] for key in ("uid", "name", "type", "disableResolveMessage")},
        "settings": {**config["settings"], **hidden},
    }
    provenance = call.org.provenance.get(("contact point", config["uid"]))
    return {**result, "provenance": provenance} if provenance else result


def _receiver(call: Call, name: str) -> dict[str, Any]:
    for receiver in call.org.receivers:
        if receiver["name"] == name:
            return receiver
    call.org.receivers.append({"name": name, "configs": []})
    return call.org.receivers[-1]


def _in_use(name: str, route: dict[str, Any]) -> bool:
    below = route.get("routes") or []
    return route.get("receiver") == name or any(_in_use(name, child) for child in below)


def _rename(old: str, new: str, route: dict[str, Any]) -> None:
    if route.get("receiver") == old:
        route["receiver"] = new
    for child in route.get("routes") or []:
        _rename(old, new, child)


@router.get("/api/v1/provisioning/contact-points")
async def list_points(call: Annotated[Call, needs(READ)]) -> Any:
    require_alerting(call)
    wanted = call.query.get("name")
    found = [one for one in integrations(call)[::-1] if wanted in (None, "", one["name"])]
    # Under one name the real server gives them in any order: never in the expected one here.
    found.sort(key=lambda one: one["name"])
    return [_shown(call, one, False) for one in found]


@router.post("/api/v1/provisioning/contact-points")
async def create(call: Annotated[Call, needs(WRITE)]) -> Any:
    body = call.body()
    uid = body.get("uid") or new_uid()
    _validate(call, body, uid)
    require_alerting(call)
    for one in integrations(call):
        if one["uid"] == uid and call.behaviour.recorded_12:
            raise stated_as(
                409,
                "alerting.notifications.contact-points.uidInUse",
                f"Receiver configuration with UID '{uid}' already exists in contact point "
                f"'{one['name']}'. Please use unique identifiers for receivers across all "
                "contact points.",
                Name=one["name"],
                UID=uid,
            )
        if one["uid"] == uid:
            raise Refused(
                500,
                f"receiver configuration with UID '{uid}' already exist in contact point "
                f"'{one['name']}'. Please use unique identifiers for receivers across all "
                "contact points",
            )
    config = _config(call, uid, body)
    _receiver(call, config["name"])["configs"].append(config)
    call.org.provenance[("contact point", uid)] = provenance_of(call)
    told = _shown(call, config, every_secret=not call.behaviour.recorded_12)
    if call.behaviour.recorded_12:
        told.pop("provenance", None)
    return answer(202, told)


@router.put("/api/v1/provisioning/contact-points/{uid}")
async def update(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    body = copy.deepcopy(call.body())
    if not isinstance(body.get("settings"), dict):
        raise _invalid("settings should not be empty")
    require_alerting(call)
    stored = next((one for one in integrations(call) if one["uid"] == uid), None)
    if stored is None:
        raise Refused(404, f"object not found: contact point with uid '{uid}' not found")
    for key in _secrets(call, body.get("type", "")):
        if body["settings"].get(key) == REDACTED:
            body["settings"][key] = stored["secrets"].get(key, "")
    _validate(call, body, uid)
    held = call.org.provenance.get(("contact point", uid), "")
    if call.behaviour.recorded_12 and held not in ("", call.provenance):
        raise Refused(500, f"cannot change provenance from '{held}' to '{call.provenance}'")
    if held not in ("", "api"):
        raise Refused(500, f"cannot changed provenance from '{held}' to 'api'")
    config = _config(call, uid, body)
    receiver = next(one for one in call.org.receivers if stored in one["configs"])
    if config["name"] == receiver["name"] or len(receiver["configs"]) == 1:
        _rename(receiver["name"], config["name"], call.org.route)
        receiver["name"] = config["name"]
        receiver["configs"][receiver["configs"].index(stored)] = config
    else:
        receiver["configs"].remove(stored)
        _receiver(call, config["name"])["configs"].append(config)
    call.org.provenance[("contact point", uid)] = provenance_of(call)
    return answer(202, {"message": "contactpoint updated"})


@router.get("/api/alert-notifiers")
async def notifiers(call: Annotated[Call, needs("")]) -> Any:
    """Not recorded: what types there are, as Grafana's own pages ask. Here only what matters."""
    return [
        {
            "type": kind,
            "name": kind.capitalize(),
            "options": [
                {"propertyName": name, "required": False, "secure": True}
                for name in _secrets(call, kind)
            ],
        }
        for kind in SECRETS
        if kind != "line"
    ]


@router.delete("/api/v1/provisioning/contact-points/{uid}")
async def delete(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    require_alerting(call)
    for receiver in call.org.receivers:
        left = [one for one in receiver["configs"] if one["uid"] != uid]
        if len(left) == len(receiver["configs"]):
            continue
        name = receiver["name"]
        if not left and _in_use(name, call.org.route) and call.behaviour.recorded_12:
            raise stated_as(
                409,
                "alerting.notifications.contact-points.referenced",
                "Contact point is currently referenced by a notification policy.",
            )
        if not left and _in_use(name, call.org.route):
            raise Refused(500, f"contact point '{name}' is currently used by a notification policy")
        receiver["configs"] = left
    call.org.receivers = [
        one for one in call.org.receivers if one["configs"] or one["name"] == EMPTY_RECEIVER
    ]
    call.org.provenance.pop(("contact point", uid), None)
    return answer(202, {"message": "contactpoint deleted"})
