# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact points: what each type needs, and what is written. 202 of the server means written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ansible_collections.vya.observability.plugins.module_utils._grafana_api import (
    NO_PROVENANCE,
    Grafana,
    path_of,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_options import (
    twice,
    uid_problem,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_plan import (
    LEFTOVERS,
    MESSAGES,
    Change,
    Plan,
    Step,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana_secrets import (
    HIDDEN,
    KEY,
    MARK_KEY,
    fingerprint,
    given,
    matches,
)

Point = Mapping[str, Any]
PATH = "/api/v1/provisioning/contact-points"
# type: settings that it needs (with a bar: one of them), settings that are secret.
# Source: Grafana's reference of contact points and its list of notifiers.
TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "prometheus-alertmanager": (("url",), ("basicAuthPassword",)),
    "dingding": (("url",), ()),
    "discord": (("url",), ()),
    "email": (("addresses",), ()),
    "googlechat": (("url",), ()),
    "kafka": (("kafkaRestProxy", "kafkaTopic"), ("password",)),
    "line": (("token",), ("token",)),
    "opsgenie": (("apiKey",), ("apiKey",)),
    "pagerduty": (("integrationKey",), ("integrationKey",)),
    "pushover": (("userKey", "apiToken"), ("userKey", "apiToken")),
    "sensugo": (("url", "apikey"), ("apikey",)),
    "slack": (("url|token",), ("url", "token")),
    "teams": (("url",), ()),
    "telegram": (("bottoken", "chatid"), ("bottoken",)),
    "threema": (("gateway_id", "recipient_id", "api_secret"), ("api_secret",)),
    "victorops": (("url",), ()),
    "webex": (("bot_token", "room_id"), ("bot_token",)),
    "webhook": (("url",), ("password", "authorization_credentials")),
    "wecom": (("url|secret",), ("url", "secret")),
}


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in settings.items() if k not in (KEY, MARK_KEY)}


def normal(point: Point) -> dict[str, Any]:
    """What the server says of a contact point; a secret is shown as the server shows it."""
    return {
        "uid": point["uid"],
        "name": point["name"],
        "type": point["type"],
        "settings": _own(point.get("settings") or {}),
        "disable_resolve_message": bool(point.get("disableResolveMessage")),
    }


def _wanted(point: Point) -> dict[str, Any]:
    hidden = dict.fromkeys(point["secure_settings"], HIDDEN)
    fields = ("uid", "name", "type", "disable_resolve_message")
    return {
        **{key: point[key] for key in fields},
        "settings": {**point["settings"], **hidden},
    }


def problems_of(point: Point, before: Point | None) -> list[str]:
    """What is wrong with one. C(before): it on the server."""
    what = f"contact point {point['uid']}"
    problems = uid_problem(what, point["uid"])
    if not point["name"].strip():
        problems.append(f"{what}: the name is empty")
    needed, secret = TYPES.get(point["type"], ((), ()))
    settings = {**point["settings"], **point["secure_settings"]}
    held = (before or {}).get("settings") or {}
    for names in needed:
        values = [settings.get(name) for name in names.split("|")]
        kept = [name in point["secure_settings"] for name in names.split("|")]
        if not any(values) and not (before and any(kept)):
            wanted = " or ".join(names.split("|"))
            problems.append(f"{what}: type {point['type']} needs the setting {wanted}")
    problems += [
        f"{what}: the setting {name} is a secret; give it in secure_settings"
        for name in secret
        if name in point["settings"]
    ]
    problems += [
        f"{what}: {name} is in settings and in secure_settings"
        for name in sorted({*point["settings"]} & {*point["secure_settings"]})
    ]
    problems += [
        f"{what}: secure_settings.{name} is null, which keeps what the server has, and it has "
        "none: give the secret (an export never holds it)"
        for name, value in point["secure_settings"].items()
        if value is None and held.get(name) != HIDDEN
    ]
    return problems


def plan_contact_points(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Point],
    existing: Mapping[str, Point],
    options: Mapping[str, Any],
) -> None:
    """Compare the contact points. C(options): provenance, mark, prune, rewrite_secrets."""
    plan.problems += twice("contact_points: uid", (point["uid"] for point in wanted))
    for point in wanted:
        plan.problems += problems_of(point, existing.get(point["uid"]))

    def changed(point: Point) -> bool:
        secrets, before = given(point["secure_settings"]), existing.get(point["uid"])
        if not secrets or before is None or options["rewrite_secrets"]:
            return bool(secrets)
        return not matches(secrets, (before.get("settings") or {}).get(KEY))

    fresh = grafana.side_by_side(changed, wanted)
    for point, is_fresh in zip(wanted, fresh):
        _plan_one(grafana, plan, point, existing.get(point["uid"]), is_fresh, options)


def _plan_one(
    grafana: Grafana,
    plan: Plan,
    point: Point,
    before: Point | None,
    fresh: bool,
    options: Mapping[str, Any],
) -> None:
    uid, name = str(point["uid"]), str(point["name"])
    held = str((before or {}).get("provenance") or "")
    after = _wanted(point)
    then = None if before is None else normal(before)
    differs = fresh or after != then
    provenance = grafana.provenance(options["provenance"], held if before else None, differs)
    after["provenance"] = provenance
    if then is not None:
        then["provenance"] = held
    if after == then and not fresh:
        plan.same("contact_points", uid)
        return
    if held not in ("", "api"):
        plan.problems.append(
            f"contact point {uid}: it differs, and is provisioned by {held}, which alone can "
            "change it"
        )
    secrets = given(point["secure_settings"])
    shown = tuple(sorted(secrets)) if fresh else ()
    action = "updated" if before else "created"
    plan.changes.append(Change("contact_points", action, uid, name, then, after, shown))
    run = partial(_write, grafana, point, before, fresh, provenance, options["mark"])
    verb = "update" if before else "create"
    plan.steps.append(Step(MESSAGES, f"{verb} contact point {uid}", run))


def _write(
    grafana: Grafana,
    point: Point,
    before: Point | None,
    fresh: bool,
    provenance: str,
    mark: str,
) -> None:
    secrets = given(point["secure_settings"])
    settings = {**point["settings"], MARK_KEY: mark}
    for name in point["secure_settings"]:
        settings[name] = secrets[name] if fresh and name in secrets else HIDDEN
    kept = ((before or {}).get("settings") or {}).get(KEY)
    if fresh:
        settings[KEY] = fingerprint(secrets)
    elif kept:
        settings[KEY] = kept
    body = {
        "uid": point["uid"],
        "name": point["name"],
        "type": point["type"],
        "settings": settings,
        "disableResolveMessage": point["disable_resolve_message"],
    }
    headers = {} if provenance else NO_PROVENANCE
    if before is None:
        grafana.ask("POST", PATH, body, expected=(200, 201, 202), headers=headers)
    else:
        path = path_of("v1", "provisioning", "contact-points", point["uid"])
        grafana.ask("PUT", path, body, expected=(200, 202), headers=headers)


def plan_leftovers(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Point],
    existing: Mapping[str, Point],
    mark: str,
    used: set[str],
) -> None:
    """Plan the deletion of what carries the mark. C(used): names that the policy refers to."""
    ours = {point["uid"] for point in wanted}
    gone = {
        uid: point
        for uid, point in existing.items()
        if uid not in ours and (point.get("settings") or {}).get(MARK_KEY) == mark
    }
    stay = {point["name"] for point in wanted}
    stay |= {point["name"] for uid, point in existing.items() if uid not in {*gone, *ours}}
    for uid, point in gone.items():
        name = str(point["name"])
        if name in used - stay:
            plan.problems.append(
                f"contact point {uid}: it would be deleted, and the notification policy uses its "
                f"name {name!r}"
            )
        before = {"uid": uid, "name": name, "type": point["type"]}
        plan.changes.append(Change("contact_points", "deleted", uid, name, before))
        headers = {} if point.get("provenance") else NO_PROVENANCE
        path = path_of("v1", "provisioning", "contact-points", uid)
        run = partial(grafana.ask, "DELETE", path, expected=(200, 202, 204, 404), headers=headers)
        plan.steps.append(Step(LEFTOVERS, f"delete contact point {uid}", run))
