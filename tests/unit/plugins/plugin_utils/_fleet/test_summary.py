# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said at the end of a deploy."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._texts.text import Text
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.receivers import (
    drill_checks,
    receiver_checks,
)
from ansible_collections.vya.observability.plugins.plugin_utils._fleet.summary import (
    COLLECTORS,
    addresses,
    next_steps,
)

from .fleets import fleet

CA = {"observability_ca_path": "/ca.crt"}
GRAFANA: dict[str, Any] = {
    "grafana_url": "https://grafana.example.com",
    "grafana_mode": "auto",
    "grafana_token": "",
    "grafana_username": "admin",
    **CA,
}
ALERTMANAGER: dict[str, Any] = {
    "alertmanager_mode": "managed",
    "alertmanager_existing_config_directory": "",
    "alertmanager_receivers": [],
    "alertmanager_default_receiver": "",
    "alertmanager_drill_webhook_url": "",
    "alertmanager_url": "https://alertmanager.example.com",
    **CA,
}
TOLD = {
    **ALERTMANAGER,
    "alertmanager_receivers": [{"name": "quiet"}, {"name": "team", "webhooks": [{"url": "h"}]}],
    "alertmanager_default_receiver": "team",
}
# A receiver of that name only.
NAMED = {**TOLD, "alertmanager_receivers": [{"name": "team", "webhooks": []}]}
UNKNOWN = {**ALERTMANAGER, "alertmanager_mode": "existing"}


def rows(**groups: Any) -> list[tuple[Any, Any]]:
    """Codes and values instead of texts."""
    hosts = sorted({host for of in groups.values() for host in of})

    def of(said: Any) -> Any:
        return (said.code, dict(said.values)) if isinstance(said, Text) else said

    return [(of(name), of(said)) for name, said in addresses(fleet(**groups), hosts)]


def test_each_address_once() -> None:
    found = rows(
        alertmanager={"hub": ALERTMANAGER},
        collector={"one": {"collector_url": "https://one.example.com", **CA}},
    )
    assert found == [
        ("Alertmanager", "https://alertmanager.example.com"),
        (("summary.collector", {"host": "one"}), "https://one.example.com"),
        (("summary.ca", {}), "/ca.crt"),
    ]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ("summary.grafana_user", {"url": GRAFANA["grafana_url"], "user": "admin"})),
        ({"grafana_mode": "existing", "grafana_token": "t"}, GRAFANA["grafana_url"]),
        (
            {"image_left_out": {"grafana": "no registry answers\nmore"}},
            ("summary.grafana_left_out", {"reason": "no registry answers"}),
        ),
    ],
)
def test_grafana(variables: dict[str, Any], expected: Any) -> None:
    assert rows(grafana={"hub": {**GRAFANA, **variables}})[0] == ("Grafana", expected)


def test_a_screen_has_room_for_some_collectors() -> None:
    urls = {f"c{number}": {"collector_url": "https://c", **CA} for number in range(COLLECTORS + 2)}
    found = rows(collector=urls)
    assert len(found) == COLLECTORS + 2
    assert found[COLLECTORS] == ("", ("summary.more", {"n": 2}))


@pytest.mark.parametrize(
    ("alertmanager", "expected"),
    [
        (ALERTMANAGER, "summary.next.receiver deploy"),
        (TOLD, "summary.next.drill drill"),
        (UNKNOWN, "summary.next.drill drill"),
    ],
)
def test_what_to_do_next(alertmanager: dict[str, Any], expected: str) -> None:
    known = fleet(alertmanager={"hub": alertmanager}, collector={"one": {}})
    steps = list(next_steps(known, ["hub", "one"], "deploy", "drill"))
    assert f"{steps[0].code} {steps[0].values['command']}" == expected
    assert [step.code for step in steps[1:]] == ["summary.next.rotate", "summary.next.host"]


@pytest.mark.parametrize(
    ("alertmanager", "real", "expected"),
    [
        (ALERTMANAGER, False, ["receiver.alertmanager_none"]),
        (NAMED, False, ["receiver.alertmanager_none"]),
        (TOLD, True, []),
        (UNKNOWN, True, []),
        # It gets drills, and not the alert of a collector that is stopped.
        ({**ALERTMANAGER, "alertmanager_drill_webhook_url": "http://d"}, False, []),
        (
            {**ALERTMANAGER, "alertmanager_drill_webhook_url": "http://d"},
            True,
            ["receiver.alertmanager_none"],
        ),
    ],
)
def test_a_drill_needs_somebody_who_is_notified(
    alertmanager: dict[str, Any], real: bool, expected: list[str]
) -> None:
    known = fleet(alertmanager={"hub": alertmanager})
    assert [check["code"] for check in drill_checks(known, real)] == expected
    warned = [check["code"] for check in receiver_checks(known, "hub")]
    assert bool(warned) == (alertmanager["alertmanager_mode"] == "managed" and alertmanager != TOLD)
