# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact points. Their mark and the fingerprint of their secrets are settings."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..client import Grafana
from ..kind import Kind, Task
from ..options import list_of, required
from ..plan import Write
from ..problems import Sentences, twice
from ..provisioning import PROVISIONING, ensure, removal, request
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

problem = Sentences(
    point_type_unsure="its type {type!r} is not known here, and the server does not list its "
    "types: the server may refuse it",
    point_in_use="it would be deleted, but {user} still uses its name {name!r}",
)

LIST = "contact-points"
SERVERS_OWN = "grafana-default-email"  # listed without a uid


def read(grafana: Grafana) -> list[Point]:
    """Return the contact points of the server.

    Source: Grafana HTTP API, GET /api/v1/provisioning/contact-points.
    """
    found: list[Point] = grafana.get(f"{PROVISIONING}/{LIST}")
    return found


def by_uid(task: Task) -> dict[str, Point]:
    """Return the contact points of the server by uid, without its own default."""
    return {str(point["uid"]): point for point in task.state.of(read) if point.get("uid")}


def there(task: Task) -> set[str]:
    """Return the names of the contact points after this run."""
    gone = task.plan.keys("contact_points", "deleted")
    listed = task.state.of(read)
    return {
        *(str(point["name"]) for uid, point in by_uid(task).items() if uid not in gone),
        *(str(point["name"]) for point in task.given("contact_points")),
        *([SERVERS_OWN] if any(not point.get("uid") for point in listed) else []),
    }


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in settings.items() if k not in (KEY, MARK_KEY)}


def normal(point: Point, secrets: Collection[str]) -> dict[str, Any]:
    """Return a contact point of the server without its secrets, whose paths are `secrets`."""
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


@dataclass(frozen=True)
class _Beside:
    """A desired contact point, and the one on the server."""

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
        """Return the contact point in normal form."""
        settings = copy.deepcopy(self.settings)
        for path in self.secrets:
            put(settings, path, HIDDEN)
        fields = ("uid", "name", "type", "disable_resolve_message")
        return {**{key: self.point[key] for key in fields}, "settings": settings}

    def has_other_secrets(self, rewrite: bool) -> bool:
        """Return whether to write the secrets."""
        values = given(self.secrets)
        if not values or self.before is None or rewrite:
            return bool(values)
        seen = {path: at(self.held, path) for path in values}
        if any(seen[path] not in (HIDDEN, value) for path, value in values.items()):
            return True
        return HIDDEN in seen.values() and not matches(values, self.held.get(KEY))


def plan(task: Task) -> None:
    """Compare the contact points."""
    wanted, existing = task.given("contact_points"), by_uid(task)
    task.plan.problems += twice("contact_points", "uid", (point["uid"] for point in wanted))

    def beside(point: Point, types: Any = None) -> _Beside:
        before = existing.get(point["uid"])
        names = secret_names(point["type"], (before or {}).get("settings") or {}, types)
        return _Beside(point, before, *apart(point, names))

    def judged(pairs: Sequence[_Beside]) -> list[bool]:
        rewrite = task.options["rewrite_secrets"]
        return task.grafana.side_by_side(lambda pair: pair.has_other_secrets(rewrite), pairs)

    pairs = [beside(point) for point in wanted]
    fresh = judged(pairs)
    types = None
    if any(pair.differs_openly or new for pair, new in zip(pairs, fresh)):
        types = read_types(task.grafana)  # what else is secret, of those that are written
        more = [beside(pair.point, types) for pair in pairs]
        if [pair.secrets for pair in more] != [pair.secrets for pair in pairs]:
            pairs, fresh = more, judged(more)
    for pair, new in zip(pairs, fresh):
        point, before = pair.point, pair.before
        key, what = ("contact_points", str(point["uid"])), f"contact point {point['uid']}"
        task.plan.doubt([key], problems_of(point, before, types))
        if types and not types.told and str(point["type"]).lower() not in TYPES:
            task.plan.warnings.append(problem("point_type_unsure", what, type=point["type"]))
        ensure(
            task,
            key,
            what,
            before,
            None if before is None else normal(before, pair.secrets),
            pair.after(),
            partial(_write, task, pair, new),
            title=str(point["name"]),
            secrets=sorted(given(pair.secrets)) if new else (),
        )
    if task.options["prune"]:
        _plan_leftovers(task, {point["uid"] for point in wanted}, existing)


def _write(task: Task, pair: _Beside, fresh: bool, provenance: str) -> Write:
    point, values = pair.point, given(pair.secrets)
    settings = {**copy.deepcopy(pair.settings), MARK_KEY: task.mark}
    for path in pair.secrets:
        # If the server shows the value, it also accepts that value.
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
    update = request(task.grafana, "PUT", (LIST, str(point["uid"])), body, provenance)
    create = request(task.grafana, "POST", (LIST,), body, provenance)

    def write() -> None:
        if pair.before is not None:
            update()
            return
        told = create().json()
        more = {p: at(pair.settings, p) for p in hidden_in(told.get("settings") or {})}
        more = {p: str(value) for p, value in more.items() if value not in (None, "")}
        if more:  # it hides what was not known to be a secret
            settings[KEY] = fingerprint({**values, **more})
            update()

    return write


def _plan_leftovers(task: Task, ours: Collection[str], existing: Mapping[str, Point]) -> None:
    """Delete what carries the mark and is not in the bundle, unless something uses it."""
    gone = {
        uid: point
        for uid, point in existing.items()
        if uid not in ours and (point.get("settings") or {}).get(MARK_KEY) == task.mark
    }
    if not gone:
        return
    stay = {point["name"] for uid, point in existing.items() if uid not in gone}
    stay |= {point["name"] for point in task.given("contact_points")}
    users = [user for kind in task.kinds for user in kind.users(task)]
    for uid, point in gone.items():
        name, what = str(point["name"]), f"contact point {uid}"
        used = next((who for key, who in users if key == ("contact_points", name)), "")
        if used and name not in stay:
            task.plan.problems.append(problem("point_in_use", what, user=used, name=name))
        before = {"uid": uid, "name": name, "type": point["type"]}
        write = removal(task.grafana, LIST, uid, str(point.get("provenance") or ""))
        task.plan.delete(("contact_points", uid), what, name, before, write)


def _exported(point: Point) -> dict[str, Any]:
    """Return a contact point of the server in the form of the option; secrets are null."""
    held = _own(point.get("settings") or {})
    secrets = secret_names(str(point["type"]), held)
    settings, found = apart({"settings": held, "secure_settings": {}}, secrets)
    one = {**normal(point, secrets), "settings": settings}
    return {**one, "secure_settings": dict.fromkeys(sorted(found))} if found else one


def export(task: Task) -> list[dict[str, Any]]:
    """Return all of the server's contact points, except its own default."""
    return [_exported(point) for _uid, point in sorted(by_uid(task).items())]


KIND = Kind(
    name="contact_points",
    option=list_of(
        uid=required(),
        name=required(),
        type=required(),
        settings={"type": "dict", "default": {}},
        secure_settings={"type": "dict", "default": {}, "no_log": True},
        disable_resolve_message={"type": "bool", "default": False},
    ),
    reads=(read,),
    echoed=False,  # a setting may be a secret although it is not given as one
    plan=plan,
    export=export,
)
