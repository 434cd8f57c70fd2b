# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioning files for a Grafana whose API must not be written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.plugins.filter.core import to_nice_json, to_nice_yaml

from .._fleet.inventory import truth

NAME = "vya-observability"


def files(v: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of each file by its path below the provisioning directory.

    ``grafana_before`` has the previous contents; what is no longer in them is deleted.
    """
    found = {f"datasources/{NAME}.yml": _yaml(_datasources(v)), **_dashboards(v)}
    alerting = {name: value for name, value in _alerting(v).items() if value}
    if alerting:
        found[f"alerting/{NAME}.yml"] = _yaml(alerting)
    return found


def unread(v: Mapping[str, Any]) -> list[str]:
    """Return what Grafana lacks of its files, and what it still has of their previous contents."""
    found, before = v["grafana_provisioned"]["bundle"], v["grafana_before"]
    seen_rules = [rule for group in found["rule_groups"] for rule in group["rules"]]
    boards = (v["grafana_file_dashboards"], found["dashboards"])
    kinds = (
        ("data source", _uids(v["grafana_datasources"]), _uids(found["datasources"])),
        ("dashboard", *(_uids(each["content"] for each in of) for of in boards)),
        ("rule", v["grafana_wanted_rules"], _uids(seen_rules)),
        ("contact point", _uids(v["grafana_all_contact_points"]), _uids(found["contact_points"])),
    )
    lacks = [f"no {kind} {uid}" for kind, now, has in kinds for uid in now if uid not in has]
    names = [
        {each["name"] for each in of} for of in (v["grafana_datasources"], found["datasources"])
    ]
    left = (set(before["rules"]) - set(v["grafana_wanted_rules"])) & set(_uids(seen_rules))
    left |= (set(before["datasources"]) - names[0]) & names[1]
    return lacks + [f"still {each}" for each in sorted(left)]


def _uids(found: Iterable[Mapping[str, Any]]) -> list[str]:
    return [each["uid"] for each in found]


def _yaml(content: Mapping[str, Any]) -> str:
    return str(to_nice_yaml({"apiVersion": 1, **content}, indent=2))


def _literal(value: Any) -> Any:
    """Keep Grafana from reading a single $ as the start of an environment variable."""
    if isinstance(value, Mapping):
        return {_literal(name): _literal(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_literal(item) for item in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _gone(v: Mapping[str, Any], key: str, before: Iterable[str], now: Iterable[str]) -> list[Any]:
    """Return what must be deleted, by this key."""
    return [{"orgId": v["grafana_org_id"], key: name} for name in sorted(set(before) - set(now))]


def _datasources(v: Mapping[str, Any]) -> dict[str, Any]:
    wanted, before = v["grafana_datasources"], v["grafana_before"]["datasources"]
    sources = [
        {
            "orgId": v["grafana_org_id"],
            "uid": one["uid"],
            "name": one["name"],
            "type": one["type"],
            "access": one.get("access", "proxy"),
            "url": one.get("url", ""),
            "user": one.get("user", ""),
            "database": one.get("database", ""),
            "basicAuth": truth(one.get("basic_auth")),
            "basicAuthUser": one.get("basic_auth_user", ""),
            "withCredentials": truth(one.get("with_credentials")),
            "isDefault": truth(one.get("is_default")),
            "jsonData": one.get("json_data", {}),
            "secureJsonData": one.get("secure_json_data", {}),
            "editable": False,
        }
        for one in wanted
    ]
    gone = _gone(v, "name", before, (one["name"] for one in wanted))
    return {"deleteDatasources": _literal(gone), "datasources": _literal(sources)}


def _dashboards(v: Mapping[str, Any]) -> dict[str, str]:
    """Return a provider for each folder: it puts its whole directory into one."""
    found, providers = {}, []
    boards = v["grafana_file_dashboards"]
    titles = {folder["uid"]: folder["title"] for folder in v["grafana_folders"]}
    for uid in dict.fromkeys(board["folder"] for board in boards):
        directory = f"dashboards/{NAME}/{uid or 'general'}"
        providers.append(
            {
                "orgId": v["grafana_org_id"],
                "name": NAME if uid == v["grafana_folder_uid"] else f"{NAME} {uid}",
                "type": "file",
                "folder": titles[uid] if uid else "",
                "folderUid": uid,
                "updateIntervalSeconds": 10,
                "allowUiUpdates": False,
                "options": {"path": f"{v['grafana_provisioning_mount_path']}/{directory}"},
            }
        )
        for board in boards:
            if board["folder"] == uid:
                path = f"{directory}/{board['content']['uid']}.json"
                found[path] = str(to_nice_json(board["content"]))
    found[f"dashboards/{NAME}.yml"] = _yaml({"providers": _literal(providers)})
    return found


def _alerting(v: Mapping[str, Any]) -> dict[str, Any]:
    org, before = {"orgId": v["grafana_org_id"]}, v["grafana_before"]
    points, templates = v["grafana_all_contact_points"], v["grafana_templates"]
    policy = v["grafana_whole_policy"]
    return {
        "groups": _rule_groups(v),
        "contactPoints": _literal(_contact_points(v)),
        "muteTimes": _literal([{**one, **org} for one in v["grafana_mute_timings"]]),
        "templates": _literal([{**one, **org} for one in templates]),
        "policies": _literal([{**policy, **org}] if policy else []),
        "deleteRules": _gone(v, "uid", before["rules"], v["grafana_wanted_rules"]),
        "deleteContactPoints": _gone(v, "uid", before["points"], (one["uid"] for one in points)),
        "deleteTemplates": _gone(
            v, "name", before["templates"], (one["name"] for one in templates)
        ),
    }


def _rule_groups(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rule groups; in annotations Grafana leaves a $ as it is."""
    titles = {folder["uid"]: folder["title"] for folder in v["grafana_folders"]}
    return [
        {
            "orgId": v["grafana_org_id"],
            "name": group["name"],
            "folder": titles.get(group["folder"], group["folder"]),
            "interval": f"{group['interval_seconds']}s",
            "rules": [
                {
                    **_literal(rule),
                    **({"annotations": rule["annotations"]} if "annotations" in rule else {}),
                }
                for rule in group["rules"]
            ],
        }
        for group in v["grafana_rule_groups"]
    ]


def _contact_points(v: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the contact points; those that share a name are one with several receivers."""
    found: dict[str, list[Any]] = {}
    for one in v["grafana_all_contact_points"]:
        found.setdefault(one["name"], []).append(
            {
                "uid": one["uid"],
                "type": one["type"],
                "settings": {**one.get("settings", {}), **one.get("secure_settings", {})},
                "disableResolveMessage": truth(one.get("disable_resolve_message")),
            }
        )
    return [
        {"orgId": v["grafana_org_id"], "name": name, "receivers": receivers}
        for name, receivers in found.items()
    ]
