# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert rule groups: clashes with what the server has, and how they are written.

One PUT writes a group if the server accepts it. 9.3 and 9.4 refuse it if it names rules that do not
exist yet: then these are posted first. There it also gives all rules the provenance api, whatever
the header says: a group without it is written through the API of Grafana's own pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._failure import Failure
from ..._http.session import HttpError
from ..client import Grafana, path_of
from ..kind import Kind, Task
from ..options import list_of, required
from ..plan import Change, Key, Step
from ..provisioning import NO_PROVENANCE, PROVISIONING, headers_for, removal, request
from ..queries.foresee import plan_parsing
from ..versions import FREE_PROVENANCE, RULE_ORDER
from . import datasources, folders
from .rule import (
    MARK_KEY,
    NOT_COMPARED,
    Rule,
    carries_mark,
    normal,
    payload,
    ruler_form,
    rules_of_ruler,
    sends_to,
)
from .rule_group import Group, check_groups

LIST = "alert-rules"
UNKNOWN_RULE = "could not find alert rule"
VERSIONS = "alert_rule_version"  # the table that an error names


def read(grafana: Grafana) -> dict[str, dict[str, Any]]:
    """Return all rules of the server by uid, in one request.

    Source: Grafana, GET /api/ruler/grafana/api/v1/rules (the API of its own pages).
    """
    answer = grafana.get("/api/ruler/grafana/api/v1/rules")
    return {str(rule["uid"]): rule for rule in rules_of_ruler(answer)}


def _provenance(rule: Rule) -> str:
    return str(rule.get("provenance") or "")


def _freed_title(rule: Rule) -> str:
    """Return a temporary title for a rule while another takes its title."""
    return f"{rule['title']} ({rule['uid']})"


def _leftovers(task: Task) -> dict[str, Rule]:
    """Return the rules to delete: with the mark, and not in the bundle."""
    ours = {str(rule.get("uid")) for group in task.given("rule_groups") for rule in group["rules"]}
    return {
        uid: rule
        for uid, rule in task.state.of(read).items()
        if task.options["prune"] and uid not in ours and carries_mark(rule, task.mark)
    }


def plan(task: Task) -> None:
    """Compare the groups and their rules."""
    existing, gone = task.state.of(read), _leftovers(task)
    placed: set[str] = set()
    freed: set[str] = set()
    known = folders.there(task)
    groups = [
        Group(option, existing, gone, (placed, freed), known)
        for option in task.given("rule_groups")
    ]
    check_groups(task, groups, existing, gone)
    for uid, rule in gone.items():
        title = str(rule["title"])
        where = {"uid": uid, "folder": rule.get("folderUID"), "group": rule.get("ruleGroup")}
        write = removal(task.grafana, LIST, uid, _provenance(rule))
        task.plan.changes.append(Change("rules", "deleted", uid, title, {"title": title, **where}))
        task.plan.steps.append(Step("rule_groups", f"delete rule {uid}", write))
    freed |= _plan_titles(task, groups, existing)
    for group in groups:
        _plan_one(task, group, existing)
    plan_parsing(task, datasources.there(task), datasources.staying(task), datasources.KIND.name)


def _plan_titles(task: Task, groups: Sequence[Group], existing: Mapping[str, Rule]) -> set[str]:
    """Rename rules whose titles others take, because the server compares one by one.

    Returns:
        The uids of the rules that take them.
    """
    freed = set()
    titles = {
        (group.folder, str(rule.get("title"))): str(rule.get("uid"))
        for group in groups
        for rule in group.rules
    }
    given = set(titles.values())
    for uid, rule in existing.items():
        folder, title = str(rule.get("folderUID")), str(rule["title"])
        if uid in given and titles.get((folder, title), uid) != uid:
            body = payload({**rule, "title": _freed_title(rule)}, folder, str(rule["ruleGroup"]))
            write = request(task.grafana, "PUT", (LIST, uid), body, _provenance(rule))
            task.plan.steps.append(Step("rule_groups", f"free the title of rule {uid}", write))
            freed.add(uid)
    return freed


def _plan_one(task: Task, group: Group, existing: Mapping[str, Rule]) -> None:
    plan, option = task.plan, task.options["provenance"]
    touched = False
    for rule in group.rules:
        uid, title, held = str(rule.get("uid")), str(rule.get("title")), None
        gets = group.provenance_of(uid, option)
        place = {"folder": group.folder, "group": group.name, "provenance": gets}
        after, before = {**normal(rule), **place}, None
        held = existing.get(uid)
        if held is not None:
            before = {
                **normal(held),
                "folder": held.get("folderUID"),
                "group": held.get("ruleGroup"),
                "provenance": _provenance(held),
            }
        if before == after:
            plan.same("rules", uid)
            continue
        action = "updated" if held else "created"
        plan.changes.append(Change("rules", action, uid, title, before, after))
        touched = True
    then: dict[str, Any] = {}
    now: dict[str, Any] = {}
    intervals = {rule["interval_seconds"] for rule in group.here.values()}
    if intervals != {group.interval}:
        then["interval_seconds"] = min(intervals, default=None)
        now["interval_seconds"] = group.interval
    order, order_wanted = group.orders()
    if order != order_wanted and task.grafana.can(RULE_ORDER):
        then["order"], now["order"] = order, order_wanted
    if now:
        action, old = ("updated", then) if group.here else ("created", None)
        plan.changes.append(Change("rule_groups", action, group.label, "", old, now))
    else:
        plan.same("rule_groups", group.label)
    if now or touched:
        write = partial(_write, task, group, group.provenance(option))
        plan.steps.append(Step("rule_groups", f"write rule group {group.label}", write))


def _write(task: Task, group: Group, provenance: str) -> None:
    place = group.folder, group.name
    rules = [payload(rule, *place, task.mark) for rule in group.rules]
    # The server deletes rules that are left out, and moves named ones here.
    others = [
        payload({**rule, **({"title": _freed_title(rule)} if uid in group.freed else {})}, *place)
        for uid, rule in group.others.items()
        if uid not in group.placed
    ]
    new = [rule for rule in rules if rule["uid"] not in group.known]
    if provenance or task.grafana.can(FREE_PROVENANCE):
        _write_whole(task.grafana, group, rules + others, new, provenance)
    else:
        _post(task.grafana, new, NO_PROVENANCE)
        path = path_of("ruler", "grafana", "api", "v1", "rules", group.folder_title)
        body = {
            "name": group.name,
            "interval": f"{group.interval}s",
            "rules": [ruler_form(rule) for rule in rules + others],
        }
        task.grafana.ask("POST", path, body, expected=(200, 201, 202))
    group.placed.update(group.uids)


def _post(grafana: Grafana, rules: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> None:
    for rule in rules:
        path = f"{PROVISIONING}/{LIST}"
        answer = grafana.ask("POST", path, rule, expected=None, headers=headers)
        if answer.status == 500 and VERSIONS in answer.text:
            raise Failure(
                "grafana.rule_versions_left",
                f"rule {rule['title']!r}: expected it to be created; seen: the server still has "
                f"versions of a rule {rule['uid']}; likely cause: it was in another folder once, "
                "and was deleted with its last one, which some servers do by halves; next: give "
                "it another uid, or delete them in the server's table alert_rule_version",
                uid=rule["uid"],
            )
        if answer.status not in (200, 201):
            raise HttpError.status_of(answer, (200, 201))


def _write_whole(
    grafana: Grafana,
    group: Group,
    rules: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    provenance: str,
) -> None:
    headers = headers_for(provenance)
    path = path_of("v1", "provisioning", "folder", group.folder, "rule-groups", group.name)
    body = {
        "title": group.name,
        "folderUid": group.folder,
        "interval": group.interval,
        "rules": rules,
    }
    answer = grafana.ask("PUT", path, body, expected=None, headers=headers)
    if answer.status == 500 and UNKNOWN_RULE in answer.text:
        _post(grafana, new, headers)
        answer = grafana.ask("PUT", path, body, expected=None, headers=headers)
    if answer.status not in (200, 202):
        raise HttpError.status_of(answer, (200, 202))
    told = answer.json() if answer.content else {}
    locked = [r.get("uid") for r in told.get("rules") or [] if r.get("provenance") == "api"]
    if locked and not provenance:
        raise Failure(
            "grafana.provenance_given",
            f"write rule group {group.label}: expected rules without provenance; seen: "
            f"{', '.join(map(str, locked))} have api; likely cause: this version gives it to a "
            "group whatever is asked; next: set provenance to api",
            group=group.label,
            rules=locked,
        )


def users(task: Task) -> Iterable[tuple[Key, str]]:
    """Yield the contact points that rules will use, those of the bundle and the others."""
    gone = _leftovers(task) if task.options["rule_groups"] is not None else {}
    rules: dict[str, Rule] = {u: r for u, r in task.state.of(read).items() if u not in gone}
    for group in task.given("rule_groups"):
        rules |= {str(rule.get("uid")): rule for rule in group["rules"]}
    for rule in rules.values():
        yield ("contact_points", sends_to(rule)[0]), f"rule {rule.get('title')!r}"


def export(task: Task) -> list[dict[str, Any]]:
    """Return all rule groups of the server."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for rule in task.state.of(read).values():
        folder, name = str(rule["folderUID"]), str(rule["ruleGroup"])
        new = {"folder": folder, "name": name, "interval_seconds": rule["interval_seconds"]}
        group = groups.setdefault((folder, name), {**new, "rules": []})
        kept = {key: value for key, value in rule.items() if key not in NOT_COMPARED}
        kept["annotations"] = {k: v for k, v in rule["annotations"].items() if k != MARK_KEY}
        group["rules"].append(kept)
    return [groups[place] for place in sorted(groups)]


KIND = Kind(
    name="rule_groups",
    parts=("rules",),
    option=list_of(
        folder=required(),
        name=required(),
        interval_seconds=required("int"),
        rules={"type": "list", "elements": "dict", "required": True},
    ),
    reads=(Grafana.search, datasources.read, read),
    plan=plan,
    export=export,
    users=users,
)
