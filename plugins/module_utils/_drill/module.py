# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module alert_drill: its run, and the removal of what it pushed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._check import exit_with
from .._failure import Failure, fail
from .._http.session import HttpError, authorization, check_url, session_for
from .._signals import Interrupted, deaf, stoppable
from .._texts.text import Text, say
from .checks import Receivers, checks_of, results_of
from .container import find, stopped
from .delivery import Webhook
from .drill import Drill, Targets, follow, look, patiently
from .progress import Progress
from .running import OnGateway, on_host
from .scenarios import RUNNING, Rule, hindrance, read_scenarios

PATIENCE = 60  # seconds for a service that is away when the drills end
# A real container stays stopped for so many seconds at most after its alert could have fired, and
# after Alertmanager has the alert: its group_interval is five minutes by default.
ARRIVAL, PATIENCE_FOR_A_MESSAGE = 600.0, 360.0
if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run_module(module: AnsibleModule) -> None:
    """Run the module `alert_drill`."""
    params, started = module.params, time.monotonic()
    real = bool(params["watch"] or params["stop_container"])
    webhook = container = taken = None
    try:
        services = {name: params[name] for name in ("pushgateway", "prometheus", "alertmanager")}
        urls = {name: check_url(of["url"], f"{name}.url") for name, of in services.items()}
        headers = {name: authorization(of) for name, of in services.items()}
        # Only drills are routed to the webhook; a real fault goes to the real receivers.
        targets = Targets(
            session_for(module),
            urls["pushgateway"],
            urls["prometheus"],
            urls["alertmanager"],
            headers,
            None,
        )
        drills, skipped = _chosen(params, targets.rules())
        running = OnGateway(targets, params["push_interval"])
        if not real and not module.check_mode:
            running.take()
            taken = targets
            if params["webhook_listen"]:
                webhook = _webhook(params["webhook_listen"])
                targets = replace(targets, webhook=webhook)
        container = find(params["stop_container"]) if params["stop_container"] else None
        if container:
            _quiet(drills, targets)
        if module.check_mode:
            names = ", ".join(drill.rule.name for drill in drills) or "nothing"
            stop = f"stop {container.name} and " if container else ""
            msg, foreseen = f"would {stop}drill: {names}", results_of(drills)
            module.exit_json(changed=False, checks=[], skipped=True, drills=foreseen, msg=msg)
        receivers = Receivers(targets.failed)
        if real:
            _watched(module, targets, drills, container)
        else:
            _drilled(module, targets, drills, running)
        checks = [*checks_of(drills, skipped, params["timeout_hops"])]
        if drills:
            checks.append(receivers.check())
    except Failure as error:
        fail(module, error)
    except Interrupted as error:
        undone = f"{container.name} runs again" if container else "its groups have been removed"
        fail(module, Failure("drill.stopped", f"the drill was stopped ({error}); {undone}."))
    finally:
        if webhook:
            webhook.close()
        if taken:
            with suppress(HttpError):  # it was removed with the others, if there were any
                taken.remove(RUNNING, "drill")
    exit_with(module, checks, started, drills=results_of(drills))


def _webhook(listen: str) -> Webhook:
    try:
        return Webhook(listen)
    except (OSError, ValueError) as error:
        expected = "host:port, a free address of this host"
        raise HttpError.option("webhook_listen", expected, f"{listen} ({error})") from None


def _chosen(
    params: Mapping[str, Any], rules: Mapping[str, Rule]
) -> tuple[list[Drill], dict[str, Text]]:
    """Return the drills that are possible, and why the others are not."""
    drills: list[Drill] = []
    skipped: dict[str, Text] = {}
    scenarios = read_scenarios(params["scenarios"])
    if params["watch"] or params["stop_container"]:
        for alert in params["alerts"]:
            if alert not in rules:
                raise HttpError.option("alerts", f"one of {', '.join(sorted(rules))}", alert)
            scenario = scenarios.get(alert)
            if params["stop_container"] and scenario and scenario.fault == "silence":
                reason = hindrance(rules[alert], scenario, params["timeout_hops"])
                if reason:
                    seen = say(reason.code, reason.values, "seen")
                    raise HttpError.option("timeout_hops", "time enough for the alert", seen)
            labels = {"alertname": alert, **params["labels"]}
            phase = "fall" if params["watch"] == "cleared" else "rise"
            drills.append(Drill(rules[alert], labels, phase=phase))
        return drills, {}
    for alert in scenarios if params["alerts"] == ["all"] else params["alerts"]:
        rule, scenario = rules.get(alert), scenarios.get(alert)
        reason = hindrance(rule, scenario, params["timeout_hops"])
        if reason:
            skipped[alert] = reason
        elif rule and scenario:
            drills.append(Drill(rule, scenario.labels, scenario))
    return drills, skipped


def _quiet(drills: list[Drill], targets: Targets) -> None:
    """Fail unless all services answer and all alerts are quiet, before a container is stopped."""
    seen = look(targets)
    for drill in drills:
        if seen.state(drill.labels) or seen.has(drill.labels):
            raise HttpError.option("alerts", "an alert that is quiet now", f"{drill.labels}")


def _watched(
    module: AnsibleModule, targets: Targets, drills: list[Drill], container: Any | None
) -> None:
    """Follow alerts that something else triggers, or that a stopped container does."""
    timeout = module.params["timeout_hops"]
    if container:  # it stays away no longer than the alert needs
        least = max((drill.rule.duration + drill.rule.threshold for drill in drills), default=0)
        timeout = min(timeout, least + ARRIVAL)
        for drill in drills:
            drill.patience = PATIENCE_FOR_A_MESSAGE
    with stoppable() as go_on:
        for drill in drills:
            drill.enter(drill.phase, targets.sent())
        with (
            on_host(container.name) if container else nullcontext(),
            stopped(container, timeout) if container else nullcontext(),
        ):
            for drill in drills:
                drill.began = time.monotonic()
            _follow(module, targets, drills, go_on, timeout=timeout)
        if container:
            sent = patiently(targets.sent, PATIENCE)
            for drill in drills:
                if "firing" in drill.seconds:  # an alert that did not fire cannot clear
                    drill.enter("fall", sent)
            _follow(module, targets, drills, go_on)


def _drilled(
    module: AnsibleModule, targets: Targets, drills: list[Drill], running: OnGateway
) -> None:
    """Run the drills, and remove their groups at the end, whatever happens.

    Raises:
        Failure: `drill.left`: they could not be removed.
    """
    left = targets.sweep(but=RUNNING)
    if left:
        module.warn(f"groups of an earlier drill were removed: {', '.join(sorted(left))}")
    with stoppable() as go_on:
        try:
            _follow(module, targets, drills, go_on, running.renew)
        finally:
            with deaf():
                _removed(targets, drills)


def _removed(targets: Targets, drills: list[Drill]) -> None:
    try:
        patiently(targets.sweep, PATIENCE)
    except HttpError as error:
        jobs = [RUNNING, *(drill.scenario.job for drill in drills if drill.scenario)]
        raise Failure(
            "drill.left",
            f"the drill has left its groups on the gateway, which does not answer ({error.seen}): "
            f"{', '.join(jobs)}. The next drill removes them, and so does pushgateway_group with "
            "job: (collector_api_)?drill_.+",
            jobs=jobs,
        ) from error


def _follow(
    module: AnsibleModule,
    targets: Targets,
    drills: list[Drill],
    go_on: Callable[[], None],
    renew: Callable[[], None] = lambda: None,
    timeout: float = 0.0,
) -> None:
    params = module.params
    timeout = timeout or params["timeout_hops"]
    progress = Progress(params["progress_file"] or "", drills, timeout)

    def look_around(failed: HttpError | None) -> None:
        go_on()
        progress.heed()
        progress.tell(failed)
        with suppress(HttpError):  # what follows asks the same services, and says it better
            renew()

    follow(drills, targets, params["push_interval"], timeout, look_around)
