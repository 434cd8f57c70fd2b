# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom Alertmanager tells: routes, silences, inhibitions; and whether it arrives."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask, Check
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.routing import (
    Routing,
    UnreadableError,
    read_matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.told import (
    alerts_of,
    judge_notified,
    judge_told,
    read_yaml,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

from .tools import NOW, WF001

# What Alertmanager prints of it; more is put below.
CONFIG = """
route:
  receiver: {default}
  routes:
  - receiver: drill
    matchers:
    - instance=~"drill(-.+)?"
    continue: true
  - matchers:
    - severity="critical"
    continue: false
    {more}
  {below}
receivers:
- name: nobody
- name: people
  webhook_configs:
  - url: <secret>
- name: drill
  webhook_configs:
  - url: http://127.0.0.1:1/
"""
RULES = [
    {"type": "alerting", "name": "Stale", "labels": {"severity": "critical"}},
    {"type": "alerting", "name": "Slow", "labels": {"severity": "warning"}},
    {"type": "recording", "name": "a:b", "labels": {}},
]
HIDES_ALL = {"name": "alertname", "value": ".+", "isRegex": True}
CRITICAL_HIDES = """inhibit_rules:
- source_matchers:
  - alertname="Slow"
  target_matchers:
  - severity=~"critical|warning"
"""
ALWAYS = """time_intervals:
- name: always
  time_intervals:
  - times:
    - start_time: "00:00"
      end_time: "24:00"
"""


def silence(*matchers: dict[str, Any], ends: str = "2027-01-15T09:00:00Z") -> dict[str, Any]:
    told = {"createdBy": "ana", "comment": "", "endsAt": ends, "status": {"state": "active"}}
    return {"id": "s1", "matchers": [*matchers], **told}


def judged(
    default: str = "people",
    more: str = "",
    below: str = "",
    after: str = "",
    prometheus: dict[str, Any] | None = None,
    silences: tuple[dict[str, Any], ...] = (),
    firing: tuple[dict[str, str], ...] = (),
    notifies: bool = True,
) -> Check:
    config = read_yaml(CONFIG.format(default=default, more=more, below=below) + after)
    alerts = alerts_of(RULES, [WF001], ["brazil"], prometheus or {})
    return judge_told(
        Ask("told", url="http://a"), alerts, Routing(config, silences, firing), NOW, notifies
    )


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "pass told.ok"),
        ({"default": "nobody"}, "fail told.nobody"),
        ({"default": "nobody", "notifies": False}, "warn told.nobody.deployed"),
        # Only warnings are told: what is critical ends elsewhere.
        ({"more": "receiver: nobody"}, "fail told.nobody"),
        # Only what is critical is told; the warnings may be meant so.
        ({"default": "nobody", "more": "receiver: people"}, "pass told.ok"),
        ({"below": "routes_of_nobody: []"}, "pass told.ok"),
        ({"silences": (silence(HIDES_ALL),)}, "fail told.silenced"),
        ({"silences": (silence({**HIDES_ALL, "value": "Nothing"}),)}, "pass told.ok"),
        (
            {"silences": (silence({**HIDES_ALL, "isEqual": False, "value": "Nothing"}),)},
            "fail told.silenced",
        ),
        (
            {"silences": (silence({**HIDES_ALL, "value": "Slow"}, ends="2127-01-15T09:00:00Z"),)},
            "warn told.for_ever",
        ),
        ({"silences": (silence({**HIDES_ALL, "value": "Slow"}),)}, "pass told.ok"),
        ({"after": CRITICAL_HIDES}, "pass told.ok"),
        ({"after": CRITICAL_HIDES, "firing": ({"alertname": "Slow"},)}, "fail told.inhibited"),
        (
            {"after": CRITICAL_HIDES + "  equal:\n  - job\n", "firing": ({"alertname": "Slow"},)},
            "pass told.ok",
        ),
        ({"after": ALWAYS, "more": "mute_time_intervals: [always]"}, "fail told.muted"),
        (
            {"after": ALWAYS.replace("24:00", "12:00"), "more": "mute_time_intervals: [always]"},
            "pass told.ok",
        ),
        (
            {
                "prometheus": {
                    "alerting": {
                        "alert_relabel_configs": [
                            {"source_labels": ["severity"], "regex": ".+", "action": "drop"}
                        ]
                    }
                }
            },
            "fail told.dropped",
        ),
        (
            {
                "prometheus": {"global": {"external_labels": {"site": "usa"}}},
                "silences": (silence({"name": "site", "value": "usa", "isRegex": False}),),
            },
            "fail told.silenced",
        ),
    ],
)
def test_who_is_told(changes: dict[str, Any], outcome: str) -> None:
    check = judged(**changes)
    assert f"{check.status} {check.code}" == outcome


def test_alerts_of_one_host_alone_are_told() -> None:
    """The routes take only a collector's alerts; that is enough to be told of them."""
    route = f'routes: [{{receiver: people, matchers: [instance="{WF001.instance}"]}}]'
    assert judged("nobody", more=route).code == "told.ok"


def test_what_is_not_understood_is_not_judged() -> None:
    for printed in ("severity", 'severity="a', "~=x"):
        with pytest.raises(UnreadableError):
            read_matcher(printed)
    assert not read_matcher('a!~"b|c"')({"a": "b"})
    with pytest.raises(UnreadableError):
        read_matcher('a=~"(?P<"')({})
    with pytest.raises(UnreadableError):
        Routing({}).why({})
    with pytest.raises(UnreadableError):
        read_yaml("- a")


@pytest.mark.parametrize(
    ("sent", "failed", "outcome"),
    [
        ({}, {}, "pass notified.ok"),
        ({"webhook": 3}, {"webhook": 0}, "pass notified.ok"),
        ({"webhook": 3}, {"webhook": 3}, "fail notified.refused"),
        ({"webhook": 3, "email": 3}, {"webhook": 0, "email": 3}, "fail notified.refused"),
        ({"webhook": 3}, {"webhook": 1}, "warn notified.partly"),
    ],
)
def test_what_receivers_refuse(
    sent: dict[str, float], failed: dict[str, float], outcome: str
) -> None:
    check = judge_notified(Ask("notified", url="http://a"), sent, failed, text("this_run"))
    assert f"{check.status} {check.code}" == outcome
