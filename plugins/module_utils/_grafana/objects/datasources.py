# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data sources. Their mark and the fingerprint of their secrets are in their jsonData."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from ..client import Grafana, path_of
from ..kind import Kind, Proof, Task
from ..options import list_of, required, uid_problem
from ..problems import Sentences, twice
from ..queries.sources import FORMER, alike
from ..secrets import KEY, MARK_KEY, fingerprint, given, matches

problem = Sentences(
    source_defaults="{uids} all have is_default; only one may have it",
    source_name_taken="its name {name!r} is taken by data source {holder} on the server",
    source_type_unknown="the server has no plugin {type!r}",
    source_loses_secrets="emptying {emptied} needs deleting and recreating it; set all its "
    "secrets, or it loses {lost}",
)

PATH = "/api/datasources"
Source = Mapping[str, Any]
WRITTEN = {"datasource?": {"isDefault?": bool, "version?": int}}
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
# A server (9.3) does not empty these once they are set.
TEXTS = ("url", "user", "database", "basic_auth_user")


def read(grafana: Grafana) -> dict[str, Source]:
    """Return the data sources of the server by uid.

    Source: Grafana HTTP API, GET /api/datasources.
    """
    return {str(source["uid"]): source for source in grafana.get(PATH)}


def now(task: Task) -> dict[str, dict[str, Any]]:
    """Return the data sources of the server, by uid, in the form of the option."""
    return {uid: normal(source) for uid, source in task.state.of(read).items()}


def staying(task: Task) -> dict[str, dict[str, Any]]:
    """Return the data sources on the server that will not be deleted."""
    gone = task.plan.keys("datasources", "deleted")
    return {uid: source for uid, source in now(task).items() if uid not in gone}


def there(task: Task) -> dict[str, dict[str, Any]]:
    """Return the data sources after this run, by uid, in the form of the option."""
    return {**staying(task), **{source["uid"]: source for source in task.given("datasources")}}


def normal(source: Source) -> dict[str, Any]:
    """Return a data source of the server in the form of the option."""
    data = {k: v for k, v in (source.get("jsonData") or {}).items() if k not in (KEY, MARK_KEY)}
    fields = {
        option: source.get(name) or (False if option in FLAGS else "")
        for option, name in FIELDS.items()
    }
    if not fields["basic_auth"]:  # it stays on the server, without effect
        fields["basic_auth_user"] = ""
    return {"uid": source["uid"], **fields, "json_data": data}


def _wanted(source: Source, before: Source | None = None) -> dict[str, Any]:
    """Return the desired normal form; a type is spelled as on the server if it means the same."""
    found = {key: source[key] for key in ("uid", *FIELDS, "json_data")}
    if before and alike(before["type"], source["type"]):
        found["type"] = before["type"]
    return found if source["basic_auth"] else {**found, "basic_auth_user": ""}


def _check(task: Task, wanted: Sequence[Source], listed: Mapping[str, Source]) -> None:
    """Find mistakes, both those that the server accepts and those that it refuses."""
    problems = task.plan.problems
    problems += twice("datasources", "uid", (source["uid"] for source in wanted))
    problems += twice("datasources", "name", (source["name"] for source in wanted))
    defaults = [source["uid"] for source in wanted if source["is_default"]]
    if len(defaults) > 1:
        problems.append(problem("source_defaults", "datasources", uids=defaults))
    ours = {source["uid"] for source in wanted}
    taken = {other["name"]: uid for uid, other in listed.items() if uid not in ours}
    types = {str(source.get("type")) for source in listed.values()}
    if any(source["type"] not in types for source in wanted):
        plugins = task.grafana.get("/api/plugins", params={"embedded": 0, "type": "datasource"})
        types |= {str(plugin["id"]) for plugin in plugins}
    for source in wanted:
        uid, name = source["uid"], source["name"]
        what, doubts = f"data source {uid}", uid_problem(f"data source {name}", uid)
        if not name.strip():
            doubts.append(problem("name_empty", what))
        task.plan.doubt([("datasources", uid)], doubts)
        if name in taken:
            problems.append(problem("source_name_taken", what, name=name, holder=taken[name]))
        if types.isdisjoint({source["type"], FORMER.get(source["type"])}):
            problems.append(problem("source_type_unknown", what, type=source["type"]))


def plan(task: Task) -> None:
    """Compare the data sources."""
    grafana, wanted, listed = task.grafana, task.given("datasources"), task.state.of(read)
    _check(task, wanted, listed)
    uids = [
        source["uid"]
        for source in wanted
        if source["uid"] in listed and not _list_tells(source, listed[source["uid"]])
    ]
    existing = {**listed, **_read_each(grafana, uids)}
    rewrite = task.options["rewrite_secrets"]
    fresh = grafana.side_by_side(
        lambda source: _secrets_changed(source, existing.get(source["uid"]), rewrite), wanted
    )
    for source, changed in zip(wanted, fresh):
        _plan_one(task, source, existing.get(source["uid"]), changed)
    ours = {source["uid"] for source in wanted}
    for uid, source in listed.items():
        marked = (source.get("jsonData") or {}).get(MARK_KEY) == task.mark
        if task.options["prune"] and marked and uid not in ours and not source.get("readOnly"):
            name = str(source["name"])
            before, write = {"uid": uid, "name": name}, partial(_delete, grafana, uid)
            task.plan.delete(("datasources", uid), f"data source {uid}", name, before, write)


def _read_each(grafana: Grafana, uids: Sequence[str]) -> dict[str, Source]:
    """Read what the list does not contain, one request each, in parallel."""
    paths = [path_of("datasources", "uid", uid) for uid in uids]
    return dict(zip(uids, grafana.side_by_side(grafana.get, paths)))


def _list_tells(source: Source, listed: Source) -> bool:
    """Return whether the server's list is enough to see that a data source is right.

    It lacks basicAuthUser, the names of the secrets, the version, and withCredentials, which means
    nothing where Grafana asks the data source.
    """
    more = source["basic_auth"] or source["with_credentials"] or source["secure_json_data"]
    return source["access"] == "proxy" and not more and _wanted(source, listed) == normal(listed)


def _secrets_changed(source: Source, before: Source | None, rewrite: bool) -> bool:
    secrets = given(source["secure_json_data"])
    if not secrets:
        return False
    if before is None or rewrite:
        return True
    return not _held_secrets(before).issuperset(secrets) or not matches(
        secrets, (before.get("jsonData") or {}).get(KEY)
    )


def _held_secrets(source: Source | None) -> set[str]:
    """Return the names of the secrets that the server has."""
    held = (source or {}).get("secureJsonFields") or {}
    return {name for name, is_set in held.items() if is_set}


def _plan_one(task: Task, source: Source, before: Source | None, fresh: bool) -> None:
    uid, name, problems = source["uid"], source["name"], task.plan.problems
    what, held = f"data source {uid}", _held_secrets(before)
    problems += [
        problem("secret_missing", what, option="secure_json_data", secret=key)
        for key, value in source["secure_json_data"].items()
        if value is None and key not in held
    ]
    after = _wanted(source, before)
    then = None if before is None else normal(before)
    secrets = given(source["secure_json_data"])
    emptied = [option for option in TEXTS if then and then[option] and not after[option]]
    lost = sorted(held - {*secrets})
    if emptied and lost:
        problems.append(problem("source_loses_secrets", what, emptied=emptied, lost=lost))
    fresh = fresh or bool(emptied)  # created again, so all secrets are written
    moved = before is not None and before["name"] != name
    task.plan.ensure(
        ("datasources", uid),
        what,
        then,
        after,
        partial(_write, task, source, before, secrets if fresh and secrets else None, emptied),
        title=name,
        secrets=sorted(secrets) if fresh else (),
        locked="a file of the server" if before and before.get("readOnly") else "",
        recreate=bool(emptied),
        takes=("datasource", name) if moved or not before else (),
        frees=("datasource", before["name"]) if before and moved else (),
    )


def _write(
    task: Task,
    source: Source,
    before: Source | None,
    secrets: Mapping[str, str] | None,
    recreate: object,
) -> None:
    grafana, uid = task.grafana, source["uid"]
    if recreate:
        _delete(grafana, uid)
        before = None
    data = {**source["json_data"], MARK_KEY: task.mark}
    kept = ((before or {}).get("jsonData") or {}).get(KEY)
    if secrets is not None:
        data[KEY] = fingerprint(secrets)
    elif kept:
        data[KEY] = kept
    wanted = _wanted(source, before)
    body = {"uid": uid, **{name: wanted[option] for option, name in FIELDS.items()}}
    body["jsonData"] = data
    if secrets is not None:
        body["secureJsonData"] = dict(secrets)
    if before is None:
        before = grafana.ask("POST", PATH, body).json(WRITTEN).get("datasource") or {}
        # A server (12.4) makes the first data source of an organisation its default.
        if before.get("isDefault", body["isDefault"]) == body["isDefault"]:
            return
    # With the compared version, the server refuses if someone else changed it since.
    grafana.ask(
        "PUT", path_of("datasources", "uid", uid), {**body, "version": before.get("version")}
    )


def _delete(grafana: Grafana, uid: str) -> None:
    grafana.ask("DELETE", path_of("datasources", "uid", uid), expected=(200, 404))


def export(task: Task) -> list[dict[str, Any]]:
    """Return all data sources of the server, with null for secrets."""
    found = []
    for source in _read_each(task.grafana, sorted(task.state.of(read))).values():
        one = {k: v for k, v in normal(source).items() if v not in ("", False, {})}
        secrets = sorted(_held_secrets(source))
        found.append({**one, "secure_json_data": dict.fromkeys(secrets)} if secrets else one)
    return found


def proof(task: Task, changed: Collection[str] | None) -> Proof:
    """Return the data sources; each must answer."""
    uids = [source["uid"] for source in task.given("datasources")]
    return Proof(sources=[uid for uid in uids if changed is None or uid in changed])


_TEXT = {"type": "str", "default": ""}
_FLAG = {"type": "bool", "default": False}
KIND = Kind(
    name="datasources",
    option=list_of(
        uid=required(),
        name=required(),
        type=required(),
        url=_TEXT,
        access={"type": "str", "choices": ["proxy", "direct"], "default": "proxy"},
        is_default=_FLAG,
        basic_auth=_FLAG,
        basic_auth_user=_TEXT,
        user=_TEXT,
        database=_TEXT,
        with_credentials=_FLAG,
        json_data={"type": "dict", "default": {}},
        secure_json_data={"type": "dict", "default": {}, "no_log": True},
    ),
    reads=(read,),
    plan=plan,
    export=export,
    proof=proof,
)
