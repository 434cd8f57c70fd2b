# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alertmanager's configuration, and the secrets that it reads from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._api.times import interval_of
from .._fleet.inventory import Fleet, truth
from .._fleet.pings import ping_locations_of

TITLE, TEXT = '{{ template "vya.title" . }}', '{{ template "vya.text" . }}'
# The label that the series of a drill have, which the rules keep.
DRILL = 'drill="true"'


def configuration(v: Mapping[str, Any], fleet: Fleet) -> dict[str, Any]:
    """Return ``config``, in Alertmanager's own form, and ``secrets``: path and content of each."""
    directory = f"{v['alertmanager_mount_path']}/secrets/"
    secrets: dict[str, str] = {}

    def secret(name: str, content: str) -> str:
        """Store a secret, and return its path as Alertmanager sees it."""
        secrets[f"secrets/{name}"] = content
        return directory + name

    drill = v["alertmanager_drill_webhook_url"]
    inline = truth(v["alertmanager_inline_secrets"])
    receivers = [_receiver(each, inline, secret) for each in v["alertmanager_receivers"]]
    if not v["alertmanager_default_receiver"]:
        receivers.append({"name": "nobody"})
    if drill:
        receivers.append({"name": "drill", "webhook_configs": [{"url": drill}]})
    config = {
        "global": _global(v, secret),
        "templates": [f"{v['alertmanager_mount_path']}/templates/*.tmpl"],
        "route": {
            "receiver": v["alertmanager_default_receiver"] or "nobody",
            **{
                name: v[f"alertmanager_{name}"]
                for name in ("group_by", "group_wait", "group_interval", "repeat_interval")
            },
            "routes": [
                *(_drill_routes() if drill else []),
                *v["alertmanager_routes"],
                *_host_routes(v, fleet),
                *_by_severity(v),
            ],
        },
        "inhibit_rules": [
            *v["alertmanager_own_inhibit_rules"],
            *v["alertmanager_inhibit_rules"],
        ],
        "receivers": receivers,
    }
    if v["alertmanager_time_intervals"]:
        config["time_intervals"] = [_named(each) for each in v["alertmanager_time_intervals"]]
    files = [{"path": path, "content": content} for path, content in secrets.items()]
    return {"config": config, "secrets": files}


def _named(intervals: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return times with a name, as they were written: Ansible's YAML reads 22:00 as a number."""
    found = intervals.get("time_intervals")
    if not isinstance(found, list):
        return intervals
    return {**intervals, "time_intervals": [interval_of(each) for each in found]}


def _receiver(receiver: Mapping[str, Any], inline: bool, secret: Any) -> dict[str, Any]:
    """Return a receiver; `inline` if the version reads some secrets only from its configuration."""
    entry: dict[str, Any] = {"name": receiver["name"]}
    for kind, made in (
        ("webhook", _webhook),
        ("email", _email),
        ("slack", _slack),
        ("telegram", _telegram),
    ):
        given = receiver.get({"webhook": "webhooks", "email": "emails"}.get(kind, kind)) or []
        for number, each in enumerate(given, 1):
            place = f"{receiver['name']}_{number}"
            entry.setdefault(f"{kind}_configs", []).append(made(each, place, inline, secret))
    return entry


def _resolved(each: Mapping[str, Any]) -> bool:
    return truth(each.get("send_resolved", True))


def _webhook(each: Mapping[str, Any], place: str, inline: bool, secret: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"send_resolved": _resolved(each)}
    if "url" in each:
        options["url"] = each["url"]
    elif inline:
        options["url"] = each["secret_url"]
    else:
        options["url_file"] = secret(f"webhook_url_{place}", each["secret_url"])
    if each.get("bearer_token"):
        path = secret(f"webhook_token_{place}", each["bearer_token"])
        options["http_config"] = {"authorization": {"credentials_file": path}}
    return options


def _email(each: Mapping[str, Any], _place: str, _inline: bool, _secret: Any) -> dict[str, Any]:
    return {
        "to": each["to"],
        "send_resolved": _resolved(each),
        "html": "",
        "text": TEXT,
        "headers": {"Subject": TITLE},
    }


def _slack(each: Mapping[str, Any], place: str, _inline: bool, secret: Any) -> dict[str, Any]:
    return {
        "api_url_file": secret(f"slack_{place}", each["api_url"]),
        "channel": each["channel"],
        "send_resolved": _resolved(each),
        "title": TITLE,
        "text": TEXT,
    }


def _telegram(each: Mapping[str, Any], place: str, inline: bool, secret: Any) -> dict[str, Any]:
    options = {
        "chat_id": int(each["chat_id"]),
        "send_resolved": _resolved(each),
        "parse_mode": "",
        "message": TEXT,
    }
    if each.get("api_url"):
        options["api_url"] = each["api_url"]
    if inline:
        options["bot_token"] = each["bot_token"]
    else:
        options["bot_token_file"] = secret(f"telegram_{place}", each["bot_token"])
    return options


def _global(v: Mapping[str, Any], secret: Any) -> dict[str, Any]:
    smtp = v["alertmanager_smtp"]
    options = {"resolve_timeout": v["alertmanager_resolve_timeout"]}
    for key in ("smarthost", "from", "hello", "require_tls"):
        if key in smtp:
            options[f"smtp_{key}"] = smtp[key]
    if smtp.get("username"):
        options["smtp_auth_username"] = smtp["username"]
        options["smtp_auth_password_file"] = secret("smtp_password", smtp["password"])
    return options


def _drill_routes() -> list[dict[str, Any]]:
    return [{"matchers": [DRILL], "receiver": "drill", "continue": True}]


def _by_severity(
    v: Mapping[str, Any], host: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return routes by severity; a host's own setting takes precedence."""
    return [
        {"matchers": [f'severity="{severity}"'], **options, **(host or {})}
        for severity, options in sorted(v["alertmanager_severities"].items())
    ]


def _host_routes(v: Mapping[str, Any], fleet: Fleet) -> list[dict[str, Any]]:
    """Return routes by host: for its own alerts, then for the alerts of others about its pings."""
    hosts = v["alertmanager_hosts"]
    places = [("instance", host, host) for host in sorted(hosts)]
    for host in sorted(hosts):
        locations = dict.fromkeys([host, *ping_locations_of(fleet, host)])
        places += [("source_location", location, host) for location in locations]
    return [
        {"matchers": [f'{label}="{value}"'], **hosts[host], "routes": _by_severity(v, hosts[host])}
        for label, value, host in places
    ]
