# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert rule groups: clashes with what the server has, and how they are written.

One PUT writes a group where the server takes it. 9.3 and 9.4 refuse it when it names rules that do
not exist yet: then these are posted first. There it also gives all rules the provenance api,
whatever the header says: a group without is written through the API of Grafana's own pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._http.session import HttpError
from ..client import NO_PROVENANCE, Grafana, GrafanaError, path_of
from ..plan import RULES, Change, Plan, Step
from .rule import MARK_KEY, Rule, normal, payload, ruler_form, rules_of_ruler
from .rule_group import ORDERS, Around, Group, check_groups

UNKNOWN_RULE = "could not find alert rule"
VERSIONS = "alert_rule_version"  # the table that an answer names


def read_rules(grafana: Grafana) -> dict[str, dict[str, Any]]:
    """All rules of the server by uid, in one request."""
    answer = grafana.get("/api/ruler/grafana/api/v1/rules")
    return {str(rule["uid"]): rule for rule in rules_of_ruler(answer)}


def freed_title(rule: Rule) -> str:
    """What a rule is called while another takes its title."""
    return f"{rule['title']} ({rule['uid']})"


def headers_for(provenance: str) -> dict[str, str]:
    """The header that goes with a provenance: C(api), or empty for none."""
    return {} if provenance else NO_PROVENANCE


def plan_rule_groups(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Mapping[str, Any]],
    existing: Mapping[str, Rule],
    around: Around,
    options: Mapping[str, Any],
) -> None:
    """Compare the groups. C(options): provenance, mark, prune."""
    ours = {str(rule.get("uid")) for option in wanted for rule in option["rules"]}
    gone = {
        uid: rule
        for uid, rule in existing.items()
        if options["prune"]
        and uid not in ours
        and (rule.get("annotations") or {}).get(MARK_KEY) == options["mark"]
    }
    placed: set[str] = set()
    freed: set[str] = set()
    groups = [Group(option, existing, gone, (placed, freed), around) for option in wanted]
    check_groups(grafana, plan, groups, existing, gone, around, options)
    for uid, rule in gone.items():
        title = str(rule["title"])
        where = {"uid": uid, "folder": rule.get("folderUID"), "group": rule.get("ruleGroup")}
        plan.changes.append(Change("rules", "deleted", uid, title, {"title": title, **where}))
        run = partial(
            grafana.ask,
            "DELETE",
            path_of("v1", "provisioning", "alert-rules", uid),
            expected=(200, 202, 204, 404),
            headers=headers_for(str(rule.get("provenance") or "")),
        )
        plan.steps.append(Step(RULES, f"delete rule {uid}", run))
    freed |= _plan_titles(grafana, plan, groups, existing)
    for group in groups:
        _plan_one(grafana, plan, group, existing, options)


def _plan_titles(
    grafana: Grafana, plan: Plan, groups: Sequence[Group], existing: Mapping[str, Rule]
) -> set[str]:
    """Have rules give up the titles that others take: the server compares one after the other.

    Returns the uids of those that do.
    """
    freed = set()
    titles = {
        (group.folder, str(rule.get("title"))): str(rule.get("uid"))
        for group in groups
        for rule in group.rules
    }
    given = set(titles.values())
    for uid, rule in existing.items():
        taker = titles.get((str(rule.get("folderUID")), str(rule["title"])), uid)
        if uid in given and taker != uid:
            folder, group_name = str(rule["folderUID"]), str(rule["ruleGroup"])
            body = payload({**rule, "title": freed_title(rule)}, folder, group_name)
            run = partial(
                grafana.ask,
                "PUT",
                path_of("v1", "provisioning", "alert-rules", uid),
                body,
                headers=headers_for(str(rule.get("provenance") or "")),
            )
            plan.steps.append(Step(RULES, f"free the title of rule {uid}", run))
            freed.add(uid)
    return freed


def _plan_one(
    grafana: Grafana,
    plan: Plan,
    group: Group,
    existing: Mapping[str, Rule],
    options: Mapping[str, Any],
) -> None:
    provenance = group.provenance(options["provenance"])
    touched = False
    for rule in group.rules:
        uid, title = str(rule.get("uid")), str(rule.get("title"))
        gets = group.provenance_of(uid, options["provenance"])
        place = {"folder": group.folder, "group": group.name, "provenance": gets}
        after = {**normal(rule), **place}
        held = existing.get(uid)
        if held is None:
            plan.changes.append(Change("rules", "created", uid, title, None, after))
        else:
            before = {
                **normal(held),
                "folder": held.get("folderUID"),
                "group": held.get("ruleGroup"),
                "provenance": held.get("provenance") or "",
            }
            if before == after:
                plan.same("rules", uid)
                continue
            plan.changes.append(Change("rules", "updated", uid, title, before, after))
        touched = True
    then: dict[str, Any] = {}
    now: dict[str, Any] = {}
    intervals = {rule["interval_seconds"] for rule in group.here.values()}
    if intervals != {group.interval}:
        then["interval_seconds"] = min(intervals, default=None)
        now["interval_seconds"] = group.interval
    order, order_wanted = group.orders()
    if order != order_wanted and grafana.version >= ORDERS:
        then["order"], now["order"] = order, order_wanted
    if not group.here:
        plan.changes.append(Change("rule_groups", "created", group.label, "", None, now))
    elif now:
        plan.changes.append(Change("rule_groups", "updated", group.label, "", then, now))
    else:
        plan.same("rule_groups", group.label)
        if not touched:
            return
    run = partial(_write, grafana, group, provenance, options["mark"])
    plan.steps.append(Step(RULES, f"write rule group {group.label}", run))


def _write(grafana: Grafana, group: Group, provenance: str, mark: str) -> None:
    place = group.folder, group.name
    rules = [payload(rule, *place, mark) for rule in group.rules]
    # Who is left out is deleted, and who is named is moved here.
    others = [
        payload({**rule, **({"title": freed_title(rule)} if uid in group.freed else {})}, *place)
        for uid, rule in group.others.items()
        if uid not in group.placed
    ]
    new = [rule for rule in rules if rule["uid"] not in group.known]
    if provenance or grafana.can_do_without_provenance:
        _write_whole(grafana, group, rules + others, new, provenance)
    else:
        _post(grafana, new, NO_PROVENANCE)
        path = path_of("ruler", "grafana", "api", "v1", "rules", group.folder_title)
        body = {
            "name": group.name,
            "interval": f"{group.interval}s",
            "rules": [ruler_form(rule) for rule in rules + others],
        }
        grafana.ask("POST", path, body, expected=(200, 201, 202))
    group.placed.update(group.uids)


def _post(grafana: Grafana, rules: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> None:
    for rule in rules:
        where = "/api/v1/provisioning/alert-rules"
        answer = grafana.ask("POST", where, rule, expected=None, headers=headers)
        if answer.status == 500 and VERSIONS in answer.text:
            raise GrafanaError(
                f"rule {rule['title']!r}: expected it to be created; seen: the server still has "
                f"versions of a rule {rule['uid']}; likely cause: it was in another folder once, "
                "and was deleted with its last one, which some servers do by halves; next: give "
                "it another uid, or delete them in the server's table alert_rule_version"
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
        raise GrafanaError(
            f"write rule group {group.label}: expected rules without provenance; seen: "
            f"{', '.join(map(str, locked))} have api; likely cause: this version gives it to a "
            "group whatever is asked; next: set provenance to api"
        )
