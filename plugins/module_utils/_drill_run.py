# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module alert_drill: what it is asked for, and that nothing stays behind."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ansible_collections.vya.observability.plugins.module_utils._check import exit_with
from ansible_collections.vya.observability.plugins.module_utils._drill import (
    Drill,
    Targets,
    checks_of,
    follow,
    results_of,
)
from ansible_collections.vya.observability.plugins.module_utils._drill_scenarios import (
    SCENARIOS,
    Rule,
    hindrance,
)
from ansible_collections.vya.observability.plugins.module_utils._drill_sink import Webhook
from ansible_collections.vya.observability.plugins.module_utils._http import (
    HttpError,
    authorization,
    check_url,
    session_for,
)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The run was told to stop."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Signals raise Interrupted, so that whoever cleans up does."""

    def stop(number: int, _frame: Any) -> None:
        raise Interrupted(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf() -> Iterator[None]:
    """No signal interrupts this."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_module(module: AnsibleModule) -> None:
    """The whole of the module C(alert_drill)."""
    params, started = module.params, time.monotonic()
    webhook = None
    try:
        services = {name: params[name] for name in ("pushgateway", "prometheus", "alertmanager")}
        urls = {name: check_url(of["url"], f"{name}.url") for name, of in services.items()}
        headers = {name: authorization(of) for name, of in services.items()}
        # The route to it is for drills; a real fault goes to the real receivers only.
        if params["webhook_listen"] and not params["watch"] and not module.check_mode:
            try:
                webhook = Webhook(params["webhook_listen"])
            except (OSError, ValueError) as error:
                module.fail_json(
                    msg=f"webhook_listen: expected host:port, an address of this host that nobody "
                    f"uses; seen: {params['webhook_listen']!r} ({error})."
                )
        targets = Targets(
            session_for(module),
            urls["pushgateway"],
            urls["prometheus"],
            urls["alertmanager"],
            headers,
            webhook,
        )
        drills, skipped = _chosen(params, targets.rules())
        if module.check_mode:
            module.exit_json(
                changed=False,
                checks=[],
                skipped=True,
                drills=[],
                msg=f"would drill: {', '.join(d.rule.name for d in drills) or 'nothing'}",
            )
        _drilled(module, targets, drills)
    except HttpError as error:
        module.fail_json(msg=str(error))
    except Interrupted as error:
        module.fail_json(msg=f"the drill was stopped ({error}); its groups have been removed.")
    finally:
        if webhook:
            webhook.close()
    checks = checks_of(drills, skipped, params["timeout_hops"])
    exit_with(module, checks, started, drills=results_of(drills))


def _chosen(
    params: Mapping[str, Any], rules: Mapping[str, Rule]
) -> tuple[list[Drill], dict[str, str]]:
    """The drills that can be made, and why the others cannot."""
    if params["watch"]:
        drills = []
        for alert in params["alerts"]:
            if alert not in rules:
                raise HttpError.option("alerts", f"one of {', '.join(sorted(rules))}", alert)
            labels = {"alertname": alert, **params["labels"]}
            phase = {"firing": "rise", "cleared": "fall"}[params["watch"]]
            drills.append(Drill(rules[alert], labels, watched=True, phase=phase))
        return drills, {}
    drills, skipped = [], {}
    for alert in SCENARIOS if params["alerts"] == ["all"] else params["alerts"]:
        rule = rules.get(alert)
        reason = hindrance(rule, alert, params["timeout_hops"])
        if rule is None or reason:
            skipped[alert] = reason
        else:
            labels = {"alertname": alert, **SCENARIOS[alert].match(alert)}
            drills.append(Drill(rule, labels))
    return drills, skipped


def _drilled(module: AnsibleModule, targets: Targets, drills: list[Drill]) -> None:
    """Make the drills; whatever happens, their groups are gone at the end."""
    params = module.params
    if params["watch"]:
        sent = targets.sent()
        for drill in drills:
            drill.sent = sent
        with stoppable():
            follow(drills, targets, params["push_interval"], params["timeout_hops"])
        return
    left = targets.sweep()
    if left:
        module.warn(f"groups of an earlier drill were removed: {', '.join(sorted(left))}")
    with stoppable():
        try:
            follow(drills, targets, params["push_interval"], params["timeout_hops"])
        finally:
            with deaf():
                targets.sweep()
