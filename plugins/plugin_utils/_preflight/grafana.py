# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role grafana needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .._content.grafana_provisioning import unread
from . import rules
from .fault import VAULT, Fault

_SETTING = re.compile("GF_[A-Z0-9_]+")
_SOURCES = ("prometheus", "victoriametrics", "alertmanager", "loki")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    yield from rules.listens(v, "grafana_bind_address", "grafana_port")
    yield from rules.urls(v, "grafana_url")
    for number, name in enumerate(f"grafana_{source}_url" for source in _SOURCES):
        # Grafana itself takes a user and a password in the URL of a data source.
        plain = re.sub("//[^/@]*@", "//", str(v[name]))
        if plain or not number:
            yield from rules.url(name, plain)
    for name in v["grafana_settings"]:
        if not _SETTING.fullmatch(name):
            expected = "names of the form GF_SECTION_KEY"
            yield Fault("name.invalid", "grafana_settings", expected, repr(name))
    yield from _credentials(v)
    for source in _SOURCES:
        yield from rules.pair(v, f"grafana_{source}_username", f"grafana_{source}_password")
    if v["grafana_client_key"] and not v["grafana_client_cert"]:
        expected = "a certificate beside grafana_client_key"
        yield Fault("pair.incomplete", "grafana_client_cert", expected, "empty")


def _credentials(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong with the credentials."""
    if v["grafana_mode"] != "existing":
        if len(v["grafana_password"]) < 12:
            expected = "at least 12 characters, for Grafana's administrator"
            seen = f"{len(v['grafana_password'])} characters"
            yield Fault("password.weak", "grafana_password", expected, seen, VAULT)
    elif not (v["grafana_token"] or (v["grafana_username"] and v["grafana_password"])):
        expected = "a token, or grafana_username and grafana_password"
        yield Fault("credentials.missing", "grafana_token", expected, "neither", VAULT)


def asked(v: rules.Variables) -> Iterator[Fault]:
    """Yield why an existing Grafana would refuse all that is to be written.

    One that is down may be up again when it is its turn: only collectors come before it.
    """
    said = v["grafana_asked"]
    code = str(said.get("code", ""))
    if code in ("http.status.401", "http.status.403"):
        name = "grafana_token" if v["grafana_token"] else "grafana_password"
        expected = f"credentials that {v['grafana_url']} takes"
        seen = f"{said['values']['request']} answers {code.rpartition('.')[2]}"
        yield Fault("credentials.refused", name, expected, seen, VAULT)
    elif code == "http.grafana_organization":
        expected = "an organisation in which these credentials have a place, and may read folders"
        seen = f"{v['grafana_org_id']}, which is refused"
        yield Fault("organization.refused", "grafana_org_id", expected, seen)
    # A name that a Traefik of this fleet serves may be made by this run.
    elif code == "http.dns" and not v["grafana_served"]:
        expected, seen = "a name that can be resolved", str(said["values"]["host"])
        yield Fault("name.unknown", "grafana_url", expected, f"{seen}, which DNS does not know")


def dashboards(v: rules.Variables) -> Iterator[Fault]:
    """Yield dashboard files that Grafana would refuse, or silently put elsewhere."""
    name = "grafana_extra_dashboards"
    for each in v["grafana_paths"]["results"]:
        if not each["files"]:
            yield Fault("path.empty", name, "a *.json at each path", each["item"]["path"])
    known = {"", *(each["uid"] for each in v["grafana_folders"])}
    used = {each.get("folder", "") for each in v["grafana_file_dashboards"]}
    used |= {each["folder"] for each in v["grafana_rule_groups"]}
    for folder in sorted(used - known):
        expected = "each folder of a dashboard or rule group"
        yield Fault("reference.unknown", "grafana_extra_folders", expected, f"no {folder}")
    for each in v["grafana_file_dashboards"]:
        for said in each.get("problems", ()):
            yield Fault("dashboard.invalid", name, "dashboards that Grafana can import", said)
    uids = [each["content"].get("uid") for each in v["grafana_file_dashboards"]]
    yield from rules.once(name, filter(None, uids))


def deletions(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if more would be deleted than allowed: a list in the inventory is too short."""
    before, limit = v["grafana_before"], v["grafana_max_deletions"]
    found = {Path(each["path"]).stem for each in v["grafana_files_found"]["files"]}
    gone = [
        *set(before["datasources"]) - {each["name"] for each in v["grafana_datasources"]},
        *set(before["rules"]) - set(v["grafana_wanted_rules"]),
        *set(before["points"]) - {each["uid"] for each in v["grafana_all_contact_points"]},
        *set(before["templates"]) - {each["name"] for each in v["grafana_templates"]},
    ]
    gone = [each for each in gone if each not in before["deleted"]]
    gone += found - {each["content"]["uid"] for each in v["grafana_file_dashboards"]}
    if len(gone) > limit:
        seen = f"{len(gone)}: {', '.join(sorted(gone))}"
        expected, name = f"at most {limit} deletions", "grafana_max_deletions"
        step = "If no list of the inventory is shorter than intended, raise it"
        yield Fault("deletions.too_many", name, expected, seen, step)


def provisioned(v: rules.Variables) -> Iterator[Fault]:
    """Yield what Grafana has not read from its provisioning files."""
    differs = unread(v)
    if differs:
        expected = "Grafana to have what its files say, and nothing of what they said before"
        step = (
            "Grafana may look elsewhere (grafana_provisioning_mount_path), may not read the files "
            "(grafana_provisioning_owner), or may refuse one: its log says which"
        )
        name = "grafana_provisioning_directory"
        yield Fault("provisioning.unread", name, expected, ", ".join(differs), step)
