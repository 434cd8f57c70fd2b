# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alert rules and rule groups, by way of provisioning.

A rule is stored flat, its provenance apart. Rules of a group are given in the order of their ids:
the recorded servers do not keep the order of a PUT.
"""

from __future__ import annotations

import copy
from typing import Annotated, Any

from fastapi import APIRouter

from . import durations
from .answers import Call, Refused, answer, bad_request, no_content
from .auth import needs
from .rule_form import checked, read_rule, shown
from .state import new_uid, now

router = APIRouter()

NOT_FOUND = "could not find alert rule"
CONFLICT = (
    "a conflicting alert rule is found: "
    "rule title under the same organisation and folder should be unique"
)
# A rule that was moved, and then deleted with its folder, leaves versions behind.
VERSIONS_LEFT = (
    "failed to create new rule versions: UNIQUE constraint failed: alert_rule_version.rule_org_id, "
    "alert_rule_version.rule_uid, alert_rule_version.version"
)
Rules = dict[str, dict[str, Any]]
READ, WRITE = "alert.provisioning:read", "alert.provisioning:write"


def group_of(rules: Rules, folder: str, group: str) -> list[dict[str, Any]]:
    """The rules of a group, in order."""
    found = [
        one for one in rules.values() if (one["folderUID"], one["ruleGroup"]) == (folder, group)
    ]
    return sorted(found, key=lambda one: (one["index"], one["id"]))


def _unique(rules: Rules, rule: dict[str, Any], what: str = "") -> None:
    """Uids are unique in an organisation, titles in a folder."""
    for other in rules.values():
        if other["id"] != rule["id"] and (
            other["uid"] == rule["uid"]
            or (other["folderUID"], other["title"]) == (rule["folderUID"], rule["title"])
        ):
            raise Refused(500, what + CONFLICT)


def _insert(call: Call, rules: Rules, rule: dict[str, Any], what: str = "") -> None:
    checked(rule, what)
    rule |= {"id": 0, "uid": rule["uid"] or new_uid(), "version": 1, "updated": now()}
    _unique(rules, rule, what)
    if rule["uid"] in call.org.versions_left:
        raise Refused(500, what + VERSIONS_LEFT)
    rule["id"], rule["madeIn"] = call.state.next_id("alert_rule"), rule["folderUID"]
    rules[rule["uid"]] = rule


def _provenance(call: Call, uid: str) -> str:
    return call.org.provenance.get(("rule", uid), "")


def _set_provenance(call: Call, uid: str, value: str) -> None:
    call.org.provenance[("rule", uid)] = value


@router.get("/api/v1/provisioning/alert-rules")
async def list_rules(call: Annotated[Call, needs(READ)]) -> Any:
    if not call.state.behaviour.recorded_94:
        raise Refused(404, "Not found", trace=False)
    return [shown(rule, _provenance(call, uid)) for uid, rule in call.org.rules.items()]


@router.get("/api/v1/provisioning/alert-rules/{uid}")
async def get_rule(call: Annotated[Call, needs(READ)], uid: str) -> Any:
    if uid not in call.org.rules:
        raise Refused(500, NOT_FOUND)
    return shown(call.org.rules[uid], _provenance(call, uid))


@router.post("/api/v1/provisioning/alert-rules")
async def create_rule(call: Annotated[Call, needs(WRITE)]) -> Any:
    rule = read_rule(call.body(), call.org_id)
    mates = group_of(call.org.rules, rule["folderUID"], rule["ruleGroup"])
    rule["interval"] = mates[0]["interval"] if mates else 60
    _insert(call, call.org.rules, rule)
    _set_provenance(call, rule["uid"], call.provenance)
    return answer(201, {**shown(rule, call.provenance), "updated": now(precise=True)})


@router.put("/api/v1/provisioning/alert-rules/{uid}")
async def update_rule(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    rule = read_rule(call.body(), call.org_id)
    stored = call.org.rules.get(uid)
    if stored is None:
        raise Refused(404, None)
    held = _provenance(call, uid)
    if held not in ("", call.provenance):
        raise Refused(500, f"cannot changed provenance from '{held}' to '{call.provenance}'")
    rule |= {key: stored[key] for key in ("id", "uid", "interval", "version")}
    checked(rule)
    _unique(call.org.rules, rule)
    stored.update(rule, version=stored["version"] + 1, updated=now())
    _set_provenance(call, uid, call.provenance)
    return {**shown(stored, call.provenance), "updated": now(precise=True)}


@router.delete("/api/v1/provisioning/alert-rules/{uid}")
async def delete_rule(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    held = _provenance(call, uid)
    if held not in ("", "api"):
        raise Refused(500, f"cannot delete with provided provenance 'api', needs '{held}'")
    call.org.rules.pop(uid, None)
    call.org.provenance.pop(("rule", uid), None)
    return no_content()


@router.get("/api/v1/provisioning/folder/{folder}/rule-groups/{group:path}")
async def get_group(call: Annotated[Call, needs(READ)], folder: str, group: str) -> Any:
    rules = group_of(call.org.rules, folder, group)
    if not rules:
        raise Refused(404, "rulegroup not found")
    return {
        "title": group,
        "folderUid": folder,
        "interval": rules[0]["interval"],
        "rules": [shown(rule, "") for rule in rules],
    }


def _held_back(call: Call, uid: str, provenance: str) -> None:
    held = _provenance(call, uid)
    if held not in ("", provenance):
        raise Refused(500, f"cannot update with provided provenance '{provenance}', needs '{held}'")


def replace(
    call: Call,
    rules: Rules,
    key: tuple[str, str],
    given: list[dict[str, Any]],
    interval: int,
    *,
    provenance: str,
) -> tuple[list[str], list[str]]:
    """Write a group into ``rules``, a copy; the uids that were written and those deleted."""
    whole = call.state.behaviour.whole_groups
    before = group_of(rules, *key)
    new, updates = [], []
    for index, rule in enumerate(given):
        rule |= {"folderUID": key[0], "ruleGroup": key[1], "interval": interval}
        rule["index"] = index if whole else 0
        if rule["uid"] in rules:
            updates.append(rule)
        elif rule["uid"] and not whole:
            raise Refused(
                500,
                "failed to calculate diff for alert rules: failed to update rule with UID "
                f"{rule['uid']} because {NOT_FOUND}",
            )
        else:
            new.append(rule)
    for rule in new:
        _insert(call, rules, rule, "failed to insert alert rules: ")
    # What stays in the group, and in the groups that rules are taken from, gets a new version.
    moved_from = {
        (rules[one["uid"]]["folderUID"], rules[one["uid"]]["ruleGroup"]) for one in updates
    }
    touched = {one["uid"] for one in updates}
    mates = [one for old in moved_from - {key} for one in group_of(rules, *old)]
    for rule in updates:
        _held_back(call, rule["uid"], provenance)
        stored = rules[rule["uid"]]
        # What is empty is taken from the rule that is there, but for {} in place of a mapping.
        kept = ("index", "notification_settings", *rule["emptied"])
        given_values = {name: value for name, value in rule.items() if value or name in kept}
        changed = {**stored, **given_values, "id": stored["id"]}
        checked(changed, "failed to update alert rules: ")
        _unique(rules, changed, "failed to update alert rules: ")
        stored.update(changed, version=stored["version"] + 1, updated=now())
    for mate in mates:
        if mate["uid"] not in touched:
            mate["version"] += 1
            touched.add(mate["uid"])
    gone = [one["uid"] for one in before if one["uid"] not in {each["uid"] for each in updates}]
    for uid in gone:
        _held_back(call, uid, provenance)
        del rules[uid]
    return [one["uid"] for one in new] + sorted(touched), gone


@router.put("/api/v1/provisioning/folder/{folder}/rule-groups/{group:path}")
async def put_group(call: Annotated[Call, needs(WRITE)], folder: str, group: str) -> Any:
    body, whole = call.body(), call.state.behaviour.whole_groups
    interval, sent = body.get("interval", 0), body.get("rules") or []
    if not isinstance(interval, int) or not isinstance(sent, list):
        raise bad_request()
    given = [read_rule(rule, call.org_id) for rule in sent]
    if interval <= 0 or interval % 10:
        raise Refused(
            400,
            f"invalid alert rule: interval ({durations.text(interval)}) should be non-zero "
            "and divided exactly by scheduler interval: 10",
        )
    # What was sent comes back, not what is kept.
    echo = [{**shown(rule, rule["provenance"]), "orgID": rule["sentOrgID"]} for rule in given]
    if not given and not whole:
        # No rules means that only the interval is to be changed.
        given = [copy.deepcopy(rule) for rule in group_of(call.org.rules, folder, group)]
    rules = copy.deepcopy(call.org.rules)
    provenance = call.provenance if whole else "api"
    written, gone = replace(call, rules, (folder, group), given, interval, provenance=provenance)
    call.org.rules = rules
    for uid in written:
        _set_provenance(call, uid, provenance)
    for uid in gone:
        call.org.provenance.pop(("rule", uid), None)
    return {
        "title": group,
        "folderUid": folder,
        "interval": interval,
        "rules": echo if body.get("rules") is not None else None,
    }
