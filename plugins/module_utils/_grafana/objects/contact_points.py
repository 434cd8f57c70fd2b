# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact points: how they are compared and written. 202 of the server means written."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..client import NO_PROVENANCE, Grafana, path_of
from ..options import twice
from ..plan import LEFTOVERS, MESSAGES, Change, Plan, Step
from ..secrets import HIDDEN, KEY, MARK_KEY, fingerprint, given, matches
from .contact_types import (
    TYPES,
    Point,
    apart,
    at,
    hidden_in,
    problems_of,
    put,
    read_types,
    secret_names,
)

PATH = "/api/v1/provisioning/contact-points"


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in settings.items() if k not in (KEY, MARK_KEY)}


def normal(point: Point, secrets: Collection[str]) -> dict[str, Any]:
    """What the server says of a contact point, without what is secret. C(secrets): paths."""
    settings = copy.deepcopy(_own(point.get("settings") or {}))
    for path in secrets:
        if at(settings, path) not in (None, ""):
            put(settings, path, HIDDEN)
    return {
        "uid": point["uid"],
        "name": point["name"],
        "type": point["type"],
        "settings": settings,
        "disable_resolve_message": bool(point.get("disableResolveMessage")),
    }


def exported(point: Point) -> dict[str, Any]:
    """A contact point of the server in the form of the option; secrets are null."""
    held = _own(point.get("settings") or {})
    secrets = secret_names(str(point["type"]), held)
    settings, found = apart({"settings": held, "secure_settings": {}}, secrets)
    one = {**normal(point, secrets), "settings": settings}
    return {**one, "secure_settings": dict.fromkeys(sorted(found))} if found else one


@dataclass(frozen=True)
class _Beside:
    """A contact point that is wanted, beside the one of the server."""

    point: Point
    before: Point | None
    settings: dict[str, Any]  # without the secrets
    secrets: dict[str, Any]  # by path; None: as the server has it

    @property
    def held(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (self.before or {}).get("settings") or {}
        return found

    @property
    def differs_openly(self) -> bool:
        return self.before is None or self.after() != normal(self.before, self.secrets)

    def after(self) -> dict[str, Any]:
        """It in normal form."""
        settings = copy.deepcopy(self.settings)
        for path in self.secrets:
            put(settings, path, HIDDEN)
        fields = ("uid", "name", "type", "disable_resolve_message")
        return {**{key: self.point[key] for key in fields}, "settings": settings}

    def has_other_secrets(self, rewrite: bool) -> bool:
        """Whether the secrets are to be written."""
        values = given(self.secrets)
        if not values or self.before is None or rewrite:
            return bool(values)
        seen = {path: at(self.held, path) for path in values}
        if any(seen[path] not in (HIDDEN, value) for path, value in values.items()):
            return True
        return HIDDEN in seen.values() and not matches(values, self.held.get(KEY))


def plan_contact_points(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Point],
    existing: Mapping[str, Point],
    options: Mapping[str, Any],
) -> None:
    """Compare the contact points. C(options): provenance, mark, prune, rewrite_secrets."""
    plan.problems += twice("contact_points: uid", (point["uid"] for point in wanted))

    def beside(point: Point, types: Any = None) -> _Beside:
        before = existing.get(point["uid"])
        names = secret_names(point["type"], (before or {}).get("settings") or {}, types)
        return _Beside(point, before, *apart(point, names))

    def judged(pairs: Sequence[_Beside]) -> list[bool]:
        rewrite = options["rewrite_secrets"]
        return grafana.side_by_side(lambda pair: pair.has_other_secrets(rewrite), pairs)

    pairs = [beside(point) for point in wanted]
    fresh = judged(pairs)
    types = None
    if any(pair.differs_openly or new for pair, new in zip(pairs, fresh)):
        types = read_types(grafana)  # what else is secret, of those that are written
        more = [beside(pair.point, types) for pair in pairs]
        if [pair.secrets for pair in more] != [pair.secrets for pair in pairs]:
            pairs, fresh = more, judged(more)
    for pair, new in zip(pairs, fresh):
        kind = str(pair.point["type"])
        plan.doubt(
            [("contact_points", pair.point["uid"])], problems_of(pair.point, pair.before, types)
        )
        if types and not types.told and kind.lower() not in TYPES:
            plan.warnings.append(
                f"contact point {pair.point['uid']}: its type {kind!r} is not known here, and the "
                "server does not list its types: it may refuse it"
            )
        _plan_one(grafana, plan, pair, new, options)


def _plan_one(
    grafana: Grafana, plan: Plan, pair: _Beside, fresh: bool, options: Mapping[str, Any]
) -> None:
    uid, name = str(pair.point["uid"]), str(pair.point["name"])
    held = str((pair.before or {}).get("provenance") or "")
    after = pair.after()
    then = None if pair.before is None else normal(pair.before, pair.secrets)
    differs = fresh or after != then
    provenance = grafana.provenance(options["provenance"], held if pair.before else None, differs)
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
    shown = tuple(sorted(given(pair.secrets))) if fresh else ()
    action = "updated" if pair.before else "created"
    plan.changes.append(Change("contact_points", action, uid, name, then, after, shown))
    run = partial(_write, grafana, pair, fresh, provenance, options["mark"])
    verb = "update" if pair.before else "create"
    plan.steps.append(Step(MESSAGES, f"{verb} contact point {uid}", run))


def _write(grafana: Grafana, pair: _Beside, fresh: bool, provenance: str, mark: str) -> None:
    point, values = pair.point, given(pair.secrets)
    settings = {**copy.deepcopy(pair.settings), MARK_KEY: mark}
    for path in pair.secrets:
        # Where the server shows it, that is what it takes for it too.
        value = values[path] if fresh and path in values else at(pair.held, path)
        put(settings, path, value or HIDDEN)
    kept = pair.held.get(KEY)
    if fresh:
        settings[KEY] = fingerprint(values)
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
    path = path_of("v1", "provisioning", "contact-points", point["uid"])
    if pair.before is not None:
        grafana.ask("PUT", path, body, expected=(200, 202), headers=headers)
        return
    told = grafana.ask("POST", PATH, body, expected=(200, 201, 202), headers=headers).json()
    more = {p: at(pair.settings, p) for p in hidden_in(told.get("settings") or {})}
    more = {p: str(value) for p, value in more.items() if value not in (None, "")}
    if more:  # it hides what was not known to be a secret
        settings[KEY] = fingerprint({**values, **more})
        grafana.ask("PUT", path, body, expected=(200, 202), headers=headers)


def leftovers(
    wanted: Sequence[Point], existing: Mapping[str, Point], mark: str
) -> dict[str, Point]:
    """What carries the mark and is not wanted."""
    ours = {point["uid"] for point in wanted}
    return {
        uid: point
        for uid, point in existing.items()
        if uid not in ours and (point.get("settings") or {}).get(MARK_KEY) == mark
    }


def plan_leftovers(
    grafana: Grafana,
    plan: Plan,
    gone: Mapping[str, Point],
    stay: Collection[str],
    used: Mapping[str, str],
) -> None:
    """Plan their deletion. C(stay): names that remain. C(used): names, and who refers to them."""
    for uid, point in gone.items():
        name = str(point["name"])
        if name in used and name not in stay:
            plan.problems.append(
                f"contact point {uid}: it would be deleted, and {used[name]} uses its name {name!r}"
            )
        before = {"uid": uid, "name": name, "type": point["type"]}
        plan.changes.append(Change("contact_points", "deleted", uid, name, before))
        headers = {} if point.get("provenance") else NO_PROVENANCE
        path = path_of("v1", "provisioning", "contact-points", uid)
        run = partial(grafana.ask, "DELETE", path, expected=(200, 202, 204, 404), headers=headers)
        plan.steps.append(Step(LEFTOVERS, f"delete contact point {uid}", run))
