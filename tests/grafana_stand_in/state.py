# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in remembers, and how the server that it plays behaves."""

from __future__ import annotations

import secrets
import string
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

DEFAULT_RECEIVER = "grafana-default-email"
EMPTY_RECEIVER = "empty"
ALPHABET = string.ascii_letters + string.digits
# What 12.0.0-pre and 12.4.0 do.
RECORDED_FLAGS = (
    "whole_groups",
    "nested_folders",
    "source_health",
    "free_provenance",
    "notification_settings",
)
# 12.4.0 numbers folders and dashboards from here on, 64 bits wide.
WIDE = 1_744_472_000_000_000


@dataclass(frozen=True)
class Behaviour:
    """Which server is played: 9.3.2, 9.4.0-pre, 12.0.0-pre and 12.4.0 are recorded.

    The flags are what servers between 9.4 and 12.0 are said to do. No recording proves it: they are
    here so that the branches of the module can be tested. From 12.0 on recordings prove most of
    them, and they are on.
    """

    version: str = "9.3.2"
    whole_groups: bool = False
    """A PUT of a rule group creates the rules with uids that are new, keeps their order, honours
    X-Disable-Provenance and, before 12.0, deletes the group if it has no rules."""
    nested_folders: bool = False
    """A folder has a parent; a list of folders is that of one parent."""
    source_health: bool = False
    """/health of a Prometheus or Loki data source asks the source."""
    free_provenance: bool = False
    """Contact points, policy, mute timings and templates honour X-Disable-Provenance, and the lists
    of mute timings and templates tell the provenance."""
    hidden_urls: bool = False
    """The URLs of Discord and of some others are secrets, and are given out as [REDACTED]."""
    notification_settings: bool = False
    """An alert rule keeps what it says of its contact point and mute timings."""
    hidden_version: bool = False
    """The setting hide_version, which is recorded: /api/health does not tell the version."""

    def __post_init__(self) -> None:
        if self.recorded_12:
            for flag in RECORDED_FLAGS:
                object.__setattr__(self, flag, True)

    @property
    def recorded_94(self) -> bool:
        """Whether the answers that differ are those of 9.4.0-pre and later ones."""
        return self._at_least(9, 4)

    @property
    def recorded_12(self) -> bool:
        """Whether the answers that differ are those of 12.0.0-pre and 12.4.0."""
        return self._at_least(12, 0)

    @property
    def recorded_124(self) -> bool:
        """Whether the answers that differ are those of 12.4.0."""
        return self._at_least(12, 4)

    @property
    def shared_titles(self) -> bool:
        """Whether several dashboards or folders may have one title, as 12.0.0-pre and 12.4.0."""
        return self._at_least(11, 3)

    def _at_least(self, *version: int) -> bool:
        parts = self.version.split("-", maxsplit=1)[0].split(".")
        return tuple(int(part) for part in parts[:2]) >= version


@dataclass
class Account:
    """A user or a service account; roles by organisation."""

    id: int
    login: str
    name: str
    roles: dict[int, str]
    password: str | None = None
    server_admin: bool = False


@dataclass
class Org:
    """What belongs to one organisation."""

    id: int
    name: str
    folders: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    dashboards: dict[str, dict[str, Any]] = field(default_factory=dict)
    elements: dict[str, dict[str, Any]] = field(default_factory=dict)
    annotations: dict[int, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions_left: dict[str, str] = field(default_factory=dict)
    """Uids of rules that are gone, and the folder in which the server still has a version."""
    receivers: list[dict[str, Any]] = field(default_factory=list)
    route: dict[str, Any] = field(default_factory=dict)
    mute_timings: list[dict[str, Any]] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    provenance: dict[tuple[str, str], str] = field(default_factory=dict)
    cached: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    """Data sources as queries know them, with the time when they were read."""
    alerting: bool = False
    """Whether the server has made its notification settings, as it does within a minute."""
    empty: bool = False
    """Whether these have no receiver at first, but one without integrations."""

    def __post_init__(self) -> None:
        self.route = default_route(self.empty)
        if self.empty:
            self.receivers.append({"name": EMPTY_RECEIVER, "configs": []})
            return
        self.receivers.append(
            {
                "name": DEFAULT_RECEIVER,
                "configs": [
                    {
                        "uid": "",
                        "name": "email receiver",
                        "type": "email",
                        "disableResolveMessage": False,
                        "settings": {"addresses": "<example@email.com>"},
                        "secrets": {},
                    }
                ],
            }
        )


def default_route(empty: bool) -> dict[str, Any]:
    receiver = EMPTY_RECEIVER if empty else DEFAULT_RECEIVER
    return {"receiver": receiver, "group_by": ["grafana_folder", "alertname"]}


class State:
    """Everything; ids are counted over the whole server, as the real one's database does."""

    def __init__(self, behaviour: Behaviour, user: str, password: str) -> None:
        self.behaviour = behaviour
        self._last: dict[str, int] = defaultdict(int)
        self.orgs: dict[int, Org] = {}
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, tuple[Account, int]] = {}
        self.admin = self.add_account(user, user, {}, password=password, server_admin=True)
        self.add_org("Main Org.").alerting = True

    def next_id(self, table: str) -> int:
        self._last[table] += 1
        wide = table == "dashboard" and self.behaviour.recorded_124
        return self._last[table] + (WIDE if wide else 0)

    def add_org(self, name: str) -> Org:
        """Create an organisation, with the administrator in it."""
        org = Org(self.next_id("org"), name, empty=self.behaviour.recorded_124)
        self.orgs[org.id] = org
        self.admin.roles[org.id] = "Admin"
        return org

    def add_account(self, login: str, name: str, roles: dict[int, str], **more: Any) -> Account:
        account = Account(self.next_id("user"), login, name, roles, **more)
        self.accounts[login] = account
        return account

    def add_token(self, account: Account, org_id: int, token: str | None = None) -> str:
        """A token of an account, in the form that 9.x gives them."""
        token = (
            token
            or f"glsa_{''.join(secrets.choice(ALPHABET) for _character in range(32))}_00000000"
        )
        self.tokens[token] = (account, org_id)
        return token


def new_uid() -> str:
    """A uid as the server makes them up."""
    return "".join(secrets.choice(ALPHABET) for _character in range(9))


def now(precise: bool = False) -> str:
    """RFC 3339: what was just written has nanoseconds, what is read back has seconds."""
    moment = datetime.now(UTC)
    if precise:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "001Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
