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
from .answers import Call, Refused, answer, bad_request, denied, no_content, stated_as
from .auth import may, needs
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
TAKEN = "alerting.alert-rule.conflict"
INVALID = "invalid alert rule: "
NO_FOLDER = "invalid alert rule: folder does not exist"
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


def _unique_later(call: Call, rules: Rules, rule: dict[str, Any]) -> None:
    """From 12.0 on several rules may have one title, and a folder must exist."""
    uid = rule["uid"]
    if uid in rules and call.behaviour.recorded_124:
        error = "UNIQUE constraint failed: alert_rule.org_id, alert_rule.uid"
        raise stated_as(
            409,
            TAKEN,
            f"Failed to save alert rule '{uid}' in organization {call.org_id} due to conflict: "
            + error,
            Error=error,
            OrgID=call.org_id,
            RuleUID=uid,
        )
    if uid in rules:
        error = "rule UID under the same organisation should be unique"
        new = {"NamespaceUID": rule["folderUID"], "RuleGroup": rule["ruleGroup"], "RuleUID": uid}
        nothing = dict.fromkeys(("NamespaceUID", "RuleGroup", "Title"), "")
        raise stated_as(
            409,
            TAKEN,
            f"alert rule [rule_uid: '{uid}', title: '{rule['title']}', namespace_uid: "
            f"'{rule['folderUID']}'] conflicts with existing [rule_uid: '{uid}', title: '', "
            f"namespace_uid: '']: {error}",
            Error=error,
            Existing={**nothing, "RuleUID": uid},
            New={**new, "Title": rule["title"]},
        )


def _checked(call: Call, rule: dict[str, Any], what: str = "") -> None:
    """What is refused, worded as the server that is played does."""
    if not call.behaviour.recorded_12:
        checked(rule, what)
        return
    if rule["title"] and rule["data"] and rule["folderUID"] not in call.org.folders:
        raise Refused(400, NO_FOLDER)
    try:
        checked(rule)
    except Refused as refused:
        text = refused.body["message"]
        if refused.status == 500 and not call.behaviour.recorded_124:
            raise Refused(500, "Internal Server Error") from None
        raise Refused(400, f"{INVALID}{text.removeprefix(INVALID)}") from None


def _insert(call: Call, rules: Rules, rule: dict[str, Any], what: str = "") -> None:
    _checked(call, rule, what)
    # From 12.0 on a new rule gets the number that was sent with it.
    number = rule["id"] if call.behaviour.recorded_12 else 0
    rule |= {"id": 0, "uid": rule["uid"] or new_uid(), "version": 1, "updated": now()}
    if call.behaviour.recorded_12:
        _unique_later(call, rules, rule)
    else:
        _unique(rules, rule, what)
    if rule["uid"] in call.org.versions_left:
        raise Refused(500, what + VERSIONS_LEFT)
    rule["id"], rule["madeIn"] = number or call.state.next_id("alert_rule"), rule["folderUID"]
    rules[rule["uid"]] = rule


def _provenance(call: Call, uid: str) -> str:
    return call.org.provenance.get(("rule", uid), "")


def _set_provenance(call: Call, uid: str, value: str) -> None:
    call.org.provenance[("rule", uid)] = value


def _shown(call: Call, rule: dict[str, Any], provenance: str) -> dict[str, Any]:
    return shown(rule, provenance, call.behaviour.recorded_12)


@router.get("/api/v1/provisioning/alert-rules")
async def list_rules(call: Annotated[Call, needs(READ)]) -> Any:
    if not call.state.behaviour.recorded_94:
        raise Refused(404, "Not found", trace=False)
    return [_shown(call, rule, _provenance(call, uid)) for uid, rule in call.org.rules.items()]


@router.get("/api/v1/provisioning/alert-rules/{uid}")
async def get_rule(call: Annotated[Call, needs("")], uid: str) -> Any:
    # From 12.0 on who may read rules may read them here.
    if not may(call, READ) and not (call.behaviour.recorded_12 and may(call, "alert.rules:read")):
        raise denied(READ)
    if uid not in call.org.rules:
        raise Refused(404, None) if call.behaviour.recorded_12 else Refused(500, NOT_FOUND)
    return _shown(call, call.org.rules[uid], _provenance(call, uid))


@router.post("/api/v1/provisioning/alert-rules")
async def create_rule(call: Annotated[Call, needs(WRITE)]) -> Any:
    rule = read_rule(call.body(), call.org_id)
    mates = group_of(call.org.rules, rule["folderUID"], rule["ruleGroup"])
    rule["interval"] = mates[0]["interval"] if mates else 60
    _insert(call, call.org.rules, rule)
    _set_provenance(call, rule["uid"], call.provenance)
    return answer(201, {**_shown(call, rule, call.provenance), "updated": now(precise=True)})


@router.put("/api/v1/provisioning/alert-rules/{uid}")
async def update_rule(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    rule = read_rule(call.body(), call.org_id)
    stored = call.org.rules.get(uid)
    if stored is None:
        raise Refused(404, None)
    held = _provenance(call, uid)
    if held not in ("", call.provenance):
        if call.behaviour.recorded_12:
            raise Refused(500, "Internal Server Error")
        raise Refused(500, f"cannot changed provenance from '{held}' to '{call.provenance}'")
    rule |= {key: stored[key] for key in ("id", "uid", "interval", "version")}
    _checked(call, rule)
    if not call.behaviour.recorded_12:
        _unique(call.org.rules, rule)
    stored.update(rule, version=stored["version"] + 1, updated=now())
    _set_provenance(call, uid, call.provenance)
    return {**_shown(call, stored, call.provenance), "updated": now(precise=True)}


@router.delete("/api/v1/provisioning/alert-rules/{uid}")
async def delete_rule(call: Annotated[Call, needs(WRITE)], uid: str) -> Any:
    held = _provenance(call, uid)
    without = call.behaviour.recorded_12 and not call.behaviour.recorded_124
    if without and held not in ("", call.provenance):
        raise Refused(409, f"cannot delete with provided provenance '', needs '{held}'")
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
        "rules": [_shown(call, rule, "") for rule in rules],
    }


def _held_back(call: Call, uid: str, provenance: str) -> None:
    held = _provenance(call, uid)
    # A group of 12.0 and later takes off what its rules have.
    if held not in ("", provenance) and not call.behaviour.recorded_12:
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
    if call.behaviour.recorded_12:
        # A rule that takes over the title of another one gets one that is made up, before.
        titles = {rules[uid]["title"]: uid for uid in touched}
        for rule in updates:
            if titles.get(rule["title"], rule["uid"]) != rule["uid"]:
                rules[rule["uid"]]["version"] += 1
    mates = [one for old in moved_from - {key} for one in group_of(rules, *old)]
    for rule in updates:
        _held_back(call, rule["uid"], provenance)
        stored = rules[rule["uid"]]
        # What is empty is taken from the rule that is there, but for {} in place of a mapping.
        kept = ("index", "notification_settings", *rule["emptied"])
        given_values = {name: value for name, value in rule.items() if value or name in kept}
        changed = {**stored, **given_values, "id": stored["id"]}
        _checked(call, changed, "failed to update alert rules: ")
        if not call.behaviour.recorded_12:
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
    echo = [
        {**_shown(call, rule, rule["provenance"]), "orgID": rule["sentOrgID"]} for rule in given
    ]
    if call.behaviour.recorded_12:
        echo = [{**one, "data": rule["sentData"]} for one, rule in zip(echo, given, strict=True)]
    if call.behaviour.recorded_124 and folder not in call.org.folders:
        raise Refused(400, NO_FOLDER)
    if not given and (not whole or call.behaviour.recorded_12):
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
