# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data sources: normal form, checks, and what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..client import Grafana, path_of
from ..options import twice, uid_problem
from ..plan import DATASOURCES, LEFTOVERS, VERBS, Change, Plan, Step
from ..secrets import KEY, MARK_KEY, fingerprint, given, matches

Source = Mapping[str, Any]
# option: Grafana's name
FIELDS = {
    "name": "name",
    "type": "type",
    "url": "url",
    "access": "access",
    "is_default": "isDefault",
    "basic_auth": "basicAuth",
    "basic_auth_user": "basicAuthUser",
    "user": "user",
    "database": "database",
    "with_credentials": "withCredentials",
}
FLAGS = ("is_default", "basic_auth", "with_credentials")
# Once set, a server (9.3) leaves these as they are when they are to become empty.
TEXTS = ("url", "user", "database", "basic_auth_user")


@dataclass(frozen=True)
class Rules:
    """What of the module's options matters for objects with marks and secrets."""

    mark: str
    prune: bool
    rewrite_secrets: bool


def normal(source: Source) -> dict[str, Any]:
    """What the server says of a data source, in the form of the option."""
    data = {k: v for k, v in (source.get("jsonData") or {}).items() if k not in (KEY, MARK_KEY)}
    fields = {
        option: source.get(name) or (False if option in FLAGS else "")
        for option, name in FIELDS.items()
    }
    if not fields["basic_auth"]:  # it stays on the server, and says nothing
        fields["basic_auth_user"] = ""
    return {"uid": source["uid"], **fields, "json_data": data}


def _wanted(source: Source) -> dict[str, Any]:
    found = {key: source[key] for key in ("uid", *FIELDS, "json_data")}
    return found if source["basic_auth"] else {**found, "basic_auth_user": ""}


def check_datasources(
    grafana: Grafana, plan: Plan, wanted: Sequence[Source], listed: Mapping[str, Source]
) -> None:
    """Find what the server would accept and should not, and what it would refuse."""
    problems = plan.problems
    problems += twice("datasources: uid", (source["uid"] for source in wanted))
    problems += twice("datasources: name", (source["name"] for source in wanted))
    defaults = [source["uid"] for source in wanted if source["is_default"]]
    if len(defaults) > 1:
        problems.append(f"datasources: {', '.join(defaults)} are all is_default; one can be")
    for source in wanted:
        key = [("datasources", source["uid"])]
        plan.doubt(key, uid_problem(f"data source {source['name']}", source["uid"]))
        if not source["name"].strip():
            plan.doubt(key, [f"data source {source['uid']}: the name is empty"])
    ours = {source["uid"] for source in wanted}
    taken = {other["name"]: uid for uid, other in listed.items() if uid not in ours}
    problems += [
        f"data source {source['uid']}: its name {source['name']!r} is taken by data source "
        f"{taken[source['name']]} of the server"
        for source in wanted
        if source["name"] in taken
    ]
    known = {str(source.get("type")) for source in listed.values()}
    if any(source["type"] not in known for source in wanted):
        plugins = grafana.get("/api/plugins", params={"embedded": 0, "type": "datasource"})
        known |= {str(plugin["id"]) for plugin in plugins}
        problems += [
            f"data source {source['uid']}: the server has no plugin {source['type']!r}"
            for source in wanted
            if source["type"] not in known
        ]


def plan_datasources(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Source],
    listed: Mapping[str, Source],
    rules: Rules,
) -> None:
    """Compare the data sources. C(listed): by uid, as the server lists them."""
    check_datasources(grafana, plan, wanted, listed)
    there = [
        source["uid"]
        for source in wanted
        if source["uid"] in listed and not _list_tells(source, listed[source["uid"]])
    ]
    read = grafana.side_by_side(lambda uid: grafana.get(path_of("datasources", "uid", uid)), there)
    existing = {**listed, **dict(zip(there, read))}
    fresh = grafana.side_by_side(
        lambda source: _secrets_changed(source, existing.get(source["uid"]), rules), wanted
    )
    for source, changed in zip(wanted, fresh):
        _plan_one(grafana, plan, source, existing.get(source["uid"]), changed, rules)
    if rules.prune:
        ours = {source["uid"] for source in wanted}
        for uid, source in listed.items():
            if uid not in ours and (source.get("jsonData") or {}).get(MARK_KEY) == rules.mark:
                _plan_deletion(grafana, plan, source)


def _list_tells(source: Source, listed: Source) -> bool:
    """Whether the server's list is enough to see that a data source is as it should be.

    It lacks basicAuthUser, the names of the secrets, the version, and withCredentials, which means
    nothing where Grafana asks the data source.
    """
    more = source["basic_auth"] or source["with_credentials"] or source["secure_json_data"]
    return source["access"] == "proxy" and not more and _wanted(source) == normal(listed)


def _secrets_changed(source: Source, before: Source | None, rules: Rules) -> bool:
    secrets = given(source["secure_json_data"])
    if not secrets:
        return False
    if before is None or rules.rewrite_secrets:
        return True
    held = {name for name, is_set in (before.get("secureJsonFields") or {}).items() if is_set}
    return not held.issuperset(secrets) or not matches(
        secrets, (before.get("jsonData") or {}).get(KEY)
    )


def _plan_one(
    grafana: Grafana, plan: Plan, source: Source, before: Source | None, fresh: bool, rules: Rules
) -> None:
    uid, name = source["uid"], source["name"]
    held = (before or {}).get("secureJsonFields") or {}
    plan.problems += [
        f"data source {uid}: secure_json_data.{key} is null, which keeps what the server has, and "
        "it has none: give the secret (an export never holds it)"
        for key, value in source["secure_json_data"].items()
        if value is None and not held.get(key)
    ]
    after = _wanted(source)
    then = None if before is None else normal(before)
    if after == then and not fresh:
        plan.same("datasources", uid)
        return
    if before and before.get("readOnly"):
        plan.problems.append(
            f"data source {uid}: it differs, and is provisioned by a file of the server, which "
            "alone can change it"
        )
    secrets = given(source["secure_json_data"])
    emptied = [option for option in TEXTS if then and then[option] and not after[option]]
    if emptied:  # made anew, so all secrets are written
        fresh = bool(secrets)
        lost = sorted(key for key, is_set in held.items() if is_set and key not in secrets)
        if lost:
            plan.problems.append(
                f"data source {uid}: to empty {', '.join(emptied)} it is deleted and made anew; "
                f"give all its secrets, or it loses {', '.join(lost)}"
            )
    action = ("recreated" if emptied else "updated") if before else "created"
    changed = tuple(sorted(secrets)) if fresh else ()
    plan.changes.append(Change("datasources", action, uid, name, then, after, changed))
    write = _make_anew if emptied else _write
    run = partial(write, grafana, source, before, secrets if fresh else None, rules.mark)
    frees = ("datasource", before["name"]) if before and before["name"] != name else ()
    takes = ("datasource", name) if frees or not before else ()
    label = f"{VERBS[action]} data source {uid}"
    plan.steps.append(Step(DATASOURCES, label, run, takes, frees))


def _write(
    grafana: Grafana,
    source: Source,
    before: Source | None,
    secrets: Mapping[str, str] | None,
    mark: str,
) -> None:
    data = {**source["json_data"], MARK_KEY: mark}
    kept = ((before or {}).get("jsonData") or {}).get(KEY)
    if secrets is not None:
        data[KEY] = fingerprint(secrets)
    elif kept:
        data[KEY] = kept
    wanted = _wanted(source)
    body = {"uid": source["uid"], **{name: wanted[option] for option, name in FIELDS.items()}}
    body["jsonData"] = data
    if secrets is not None:
        body["secureJsonData"] = dict(secrets)
    if before is None:
        grafana.ask("POST", "/api/datasources", body)
        return
    # Without a version it always wins; with the one that was compared, another's change does.
    path = path_of("datasources", "uid", source["uid"])
    grafana.ask("PUT", path, {**body, "version": before.get("version")})


def _make_anew(
    grafana: Grafana,
    source: Source,
    _before: Source | None,
    secrets: Mapping[str, str] | None,
    mark: str,
) -> None:
    grafana.ask("DELETE", path_of("datasources", "uid", source["uid"]), expected=(200, 404))
    _write(grafana, source, None, secrets, mark)


def _plan_deletion(grafana: Grafana, plan: Plan, source: Source) -> None:
    uid, name = str(source["uid"]), str(source["name"])
    if source.get("readOnly"):
        return
    plan.changes.append(Change("datasources", "deleted", uid, name, {"uid": uid, "name": name}))
    run = partial(grafana.ask, "DELETE", path_of("datasources", "uid", uid), expected=(200, 404))
    plan.steps.append(Step(LEFTOVERS, f"delete data source {uid}", run))
