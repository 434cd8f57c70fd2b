# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""All rules in one answer, as Grafana's own pages ask for them and write them; their states."""

from __future__ import annotations

import copy
from itertools import groupby
from typing import Annotated, Any
from uuid import NAMESPACE_OID, uuid5

from fastapi import APIRouter

from . import durations
from .alert_rules import replace
from .answers import Call, Refused, answer
from .auth import needs
from .rule_form import read_rule

router = APIRouter()
GONE = ("id", "orgId", "namespace_id")
EDITOR = ("simplified_query_and_expressions_section", "simplified_notifications_section")
NEVER = "0001-01-01T00:00:00Z"


def _groups(call: Call) -> list[tuple[dict[str, Any], str, list[dict[str, Any]]]]:
    """Folder, name and rules of each group; rules in folders that do not exist are not seen."""
    rules = [rule for rule in call.org.rules.values() if rule["folderUID"] in call.org.folders]
    rules.sort(key=lambda one: (one["folderUID"], one["ruleGroup"], one["index"], one["id"]))
    # The real server gives groups in any order: never in the expected one here.
    return [
        (call.org.folders[folder], name, list(members))
        for (folder, name), members in groupby(
            rules, key=lambda one: (one["folderUID"], one["ruleGroup"])
        )
    ][::-1]


def _rule(call: Call, folder: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    provenance = call.org.provenance.get(("rule", rule["uid"]), "")
    alert = {
        "id": rule["id"],
        "orgId": rule["orgID"],
        "title": rule["title"],
        "condition": rule["condition"],
        "data": rule["data"],
        "updated": rule["updated"],
        "intervalSeconds": rule["interval"],
        "version": rule["version"],
        "uid": rule["uid"],
        "namespace_uid": folder["uid"],
        "namespace_id": folder["id"],
        "rule_group": rule["ruleGroup"],
        "no_data_state": rule["noDataState"],
        "exec_err_state": rule["execErrState"],
    }
    if rule["notification_settings"] and call.state.behaviour.notification_settings:
        alert["notification_settings"] = rule["notification_settings"]
    later: dict[str, Any] = {}
    if call.behaviour.recorded_12:
        later = {"keep_firing_for": rule["keep_firing_for"]}
        alert = {key: value for key, value in alert.items() if key not in GONE}
        alert |= {
            "updated_by": {"uid": "0admin0admin00", "name": call.state.admin.login},
            "is_paused": rule["isPaused"],
            "metadata": {"editor_settings": dict.fromkeys(EDITOR, False)},
            "guid": str(uuid5(NAMESPACE_OID, str(rule["id"]))),
        }
    return {
        "expr": "",
        "for": rule["for"],
        **later,
        **{key: rule[key] for key in ("labels", "annotations") if rule[key]},
        "grafana_alert": {**alert, **({"provenance": provenance} if provenance else {})},
    }


@router.get("/api/ruler/grafana/api/v1/rules")
async def rules(call: Annotated[Call, needs("alert.rules:read")]) -> Any:
    result: dict[str, list[Any]] = {}
    for folder, name, members in _groups(call):
        result.setdefault(folder["title"], []).append(
            {
                "name": name,
                "interval": durations.text(members[0]["interval"]),
                "rules": [_rule(call, folder, rule) for rule in members],
            }
        )
    return result


@router.post("/api/ruler/grafana/api/v1/rules/{title:path}")
async def write_group(call: Annotated[Call, needs("alert.rules:write")], title: str) -> Any:
    """Grafana's own pages write a group so: its rules keep what provenance they have."""
    body = call.body()
    folder = next((uid for uid, f in call.org.folders.items() if f["title"] == title), None)
    if folder is None:
        raise Refused(404, "folder not found")
    given = []
    for item in body.get("rules") or []:
        alert = item["grafana_alert"]
        form = {**item, **alert, "noDataState": alert["no_data_state"]}
        form |= {"execErrState": alert["exec_err_state"]}
        given.append(read_rule(form, call.org_id))
        if ("rule", given[-1]["uid"]) in call.org.provenance:
            held = call.org.provenance[("rule", given[-1]["uid"])]
            if held:
                raise Refused(400, f"cannot update a rule with provenance {held}")
        sources = {query["datasourceUid"] for query in given[-1]["data"]}
        if sources - {"-100", "__expr__"} - set(call.org.sources):
            raise Refused(400, "invalid rule specification: data source not found")
    rules, interval = copy.deepcopy(call.org.rules), round(durations.seconds(body["interval"]))
    _written, gone = replace(call, rules, (folder, body["name"]), given, interval, provenance="")
    call.org.rules = rules
    for uid in gone:
        call.org.provenance.pop(("rule", uid), None)
    return answer(202, {"message": "rule group updated successfully"})


@router.get("/api/prometheus/grafana/api/v1/rules")
async def states(call: Annotated[Call, needs("alert.rules:read")]) -> Any:
    """Nothing is ever evaluated here: each rule is as it is just after it was written."""
    later = call.behaviour.recorded_12
    groups = [
        {
            "name": name,
            "file": folder["title"],
            **({"folderUid": folder["uid"]} if later else {}),
            **({"totals": {"inactive": len(members)}} if later else {}),
            "rules": [
                {
                    "state": "inactive",
                    "name": rule["title"],
                    "query": " | ".join(
                        query["model"]["expr"] for query in rule["data"] if "expr" in query["model"]
                    ),
                    "duration": durations.seconds(rule["for"]),
                    **{key: rule[key] for key in ("annotations", "labels") if rule[key]},
                    "health": "ok",
                    "type": "alerting",
                    "lastEvaluation": NEVER,
                    "evaluationTime": 0,
                    **(_told(call, rule) if later else {}),
                }
                for rule in members
            ],
            "interval": members[0]["interval"],
            "lastEvaluation": NEVER,
            "evaluationTime": 0,
        }
        for folder, name, members in _groups(call)
    ]
    totals = {"totals": {"inactive": sum(len(each["rules"]) for each in groups)}} if later else {}
    return {"status": "success", "data": {"groups": groups, **totals}}


def _told(call: Call, rule: dict[str, Any]) -> dict[str, Any]:
    """What 12.0 and later tell of a rule besides its state."""
    uids = {query["datasourceUid"] for query in rule["data"]} - {"-100", "__expr__"}
    told = {"uid": rule["uid"], "folderUid": rule["folderUID"], "queriedDatasourceUIDs": [*uids]}
    if not call.behaviour.recorded_124:
        return told
    provenance = call.org.provenance.get(("rule", rule["uid"]), "")
    held = {"provenance": provenance} if provenance else {}
    return {**told, "isPaused": rule["isPaused"], **held}
