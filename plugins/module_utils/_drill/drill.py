# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill: alerts are triggered, followed to their receiver, and cleared."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from .._api.prometheus import LABELS, RULES
from .._api.pushgateway import read_gateway
from .._api.pushgateway_groups import path_of, remove_group
from .._http.session import RETRIED, RETRIED_STATUS, HttpError, Session
from .delivery import Failures, Sent, Webhook, failures, notifications
from .scenarios import INSTANCES, JOBS, MARK, Rule, Scenario, rules_of

Result = TypeVar("Result")
POLL = 0.5  # seconds between two looks
RISE = ("pending", "firing", "in Alertmanager", "told")
FALL = ("cleared", "cleared in Alertmanager", "told of its end")
STAMPED = b"drill 1 1700000000000\n"  # the gateway refuses timestamps


@dataclass(frozen=True)
class Targets:
    """The three services, and where the notifications arrive.

    Args:
        gateway: URL of the Pushgateway, without a final slash; so are the other two.
        headers: Credentials, by `pushgateway`, `prometheus` and `alertmanager`.
        webhook: None to count Alertmanager's notifications instead.
    """

    session: Session
    gateway: str
    prometheus: str
    alertmanager: str
    headers: Mapping[str, Mapping[str, str]]  # of each of the three, by its name
    webhook: Webhook | None

    def alerts(self) -> list[tuple[str, Mapping[str, str]]]:
        """Return state and labels of Prometheus's alerts.

        Source: Prometheus HTTP API, GET /api/v1/alerts.
        """
        answer = self.session.get_json(
            f"{self.prometheus}/api/v1/alerts",
            {"data": {"alerts": [{"state": str, "labels": LABELS}]}},
            headers=self.headers["prometheus"],
        )
        return [(each["state"], each["labels"]) for each in answer["data"]["alerts"]]

    def received(self) -> list[Mapping[str, str]]:
        """Return the labels of Alertmanager's alerts, including silenced and inhibited ones.

        Source: Alertmanager API, GET /api/v2/alerts.
        """
        answer = self.session.get_json(
            f"{self.alertmanager}/api/v2/alerts",
            [{"labels": LABELS}],
            headers=self.headers["alertmanager"],
        )
        return [each["labels"] for each in answer]

    def rules(self) -> dict[str, Rule]:
        """Return Prometheus's alerting rules by name.

        Source: Prometheus HTTP API, GET /api/v1/rules.
        """
        answer = self.session.get_json(
            f"{self.prometheus}/api/v1/rules?type=alert",
            {"data": {"groups": [RULES]}},
            headers=self.headers["prometheus"],
        )
        return rules_of(answer)

    def scraped(self) -> set[str]:
        """Return the jobs of the groups that Prometheus has samples of.

        Source: Prometheus HTTP API, GET /api/v1/query.
        """
        answer = self.session.get_json(
            f"{self.prometheus}/api/v1/query",
            {"data": {"result": [{"metric": LABELS}]}},
            params={"query": "push_time_seconds"},
            headers=self.headers["prometheus"],
        )
        return {each["metric"].get("job", "") for each in answer["data"]["result"]}

    def sent(self) -> Sent:
        """Return how many messages Alertmanager has sent, if there is no webhook to count them."""
        return Sent() if self.webhook else notifications(self._metrics())

    def failed(self) -> Failures:
        """Return what Alertmanager could not send, by counter and receiver.

        Source: Alertmanager, GET /metrics.
        """
        return failures(self._metrics())

    def _metrics(self) -> str:
        text: str = self.session.get(
            f"{self.alertmanager}/metrics", headers=self.headers["alertmanager"]
        ).text
        return text

    def push(self, job: str, instance: str, text: bytes, expected: int = 200) -> None:
        """Replace a group.

        Source: Pushgateway, PUT /metrics/job/...
        """
        path = path_of({"job": job, "instance": instance, **MARK})
        self.session.request(
            "PUT",
            f"{self.gateway}{path}",
            data=text,
            expected=(expected,),
            headers=self.headers["pushgateway"],
        )

    def remove(self, job: str, instance: str) -> None:
        """Remove a group."""
        labels = {"job": job, "instance": instance, **MARK}
        remove_group(self.session, self.gateway, labels, self.headers["pushgateway"])

    def sweep(self, but: str = "") -> list[str]:
        """Remove all groups of drills but those of a job, and return their jobs."""
        found = read_gateway(self.session, self.gateway, self.headers["pushgateway"]).groups
        ours = [g for g in found if JOBS.fullmatch(g.job) and INSTANCES.fullmatch(g.instance)]
        left = [group for group in ours if group.job != but]
        for group in left:
            remove_group(self.session, self.gateway, group.labels, self.headers["pushgateway"])
        return [group.job for group in left]


@dataclass
class Drill:
    """An alert on its way.

    Args:
        labels: By which the alert is found.
        scenario: How to trigger it; None if something else does.
        phase: `settle`, `rise`, `fall` or `done`.
        number: Number of the last push.
        began: When the phase began, by the monotonic clock.
        sent: Notifications that were sent before the phase.
        seconds: From the beginning of the phase until a hop was reached, by hop.
        missed: The hop that was not reached in time.
        patience: Seconds for a message, after Alertmanager has the alert.
    """

    rule: Rule
    labels: Mapping[str, str]
    scenario: Scenario | None = None
    phase: str = "settle"
    number: int = 0
    began: float = field(default_factory=time.monotonic)
    sent: Sent = field(default_factory=Sent)
    seconds: dict[str, float] = field(default_factory=dict)
    missed: str = ""
    patience: float = math.inf

    def enter(self, phase: str, sent: Sent) -> None:
        """Begin a phase."""
        self.phase, self.sent, self.began = phase, sent, time.monotonic()

    def is_late(self, timeout: float) -> bool:
        """Return whether the phase has taken longer than it may."""
        took = time.monotonic() - self.began
        if self.phase == "rise" and self.hop == "told":
            timeout = min(timeout, self.seconds["in Alertmanager"] + self.patience)
        return self.phase != "done" and took > timeout

    @property
    def hop(self) -> str:
        """Return the hop that it waits for; empty at the end."""
        hops = {"settle": ("settled",), "rise": RISE, "fall": FALL}.get(self.phase, ())
        return next((hop for hop in hops if hop not in self.seconds), "")

    def act(self, targets: Targets) -> None:
        """Do what the phase needs once in each push interval.

        Raises:
            HttpError: The gateway does not answer as expected.
        """
        scenario = self.scenario
        if scenario is None or self.phase == "done":
            return
        job, instance = scenario.job, scenario.instance
        if self.phase == "settle":
            targets.push(job, instance, scenario.text(0, self.rule))
            return
        self.number += 1
        if self.phase == "fall":
            if scenario.fault == "twin":
                targets.remove(f"{job}_twin", instance)
            if scenario.end == "push":
                targets.push(job, instance, scenario.text(self.number, self.rule, recovering=True))
            else:
                targets.remove(job, instance)
        elif scenario.fault == "removal":
            targets.remove(job, instance)
        elif scenario.fault == "refusal":
            _be_refused(targets, job, instance)
        elif scenario.fault in ("push", "twin"):
            text = scenario.text(self.number, self.rule)
            targets.push(job, instance, text)
            if scenario.fault == "twin":
                targets.push(f"{job}_twin", instance, text)

    def clean(self, targets: Targets) -> None:
        """Remove the drill's groups.

        Raises:
            HttpError: The gateway does not answer as expected.
        """
        if self.scenario:
            targets.remove(self.scenario.job, self.scenario.instance)
            targets.remove(f"{self.scenario.job}_twin", self.scenario.instance)


def _be_refused(targets: Targets, job: str, instance: str) -> None:
    """Push what the gateway refuses; the alert tells whether it did.

    Raises:
        HttpError: The gateway does not answer as expected.
    """
    try:
        targets.push(job, instance, STAMPED, expected=400)
    except HttpError as error:
        # Pushgateway 1.11 closes the connection where 1.5 explains.
        if error.code != "http.closed":
            raise


@dataclass(frozen=True)
class Seen:
    """What one look at all hops has shown."""

    states: Sequence[tuple[str, Mapping[str, str]]]
    received: Sequence[Mapping[str, str]]
    scraped: set[str]
    sent: Sent

    def state(self, labels: Mapping[str, str]) -> str:
        """Return Prometheus's state of an alert: `pending`, `firing`, or empty."""
        found = {state for state, of in self.states if labels.items() <= of.items()}
        return "firing" if "firing" in found else "pending" if found else ""

    def has(self, labels: Mapping[str, str]) -> bool:
        """Return whether Alertmanager has an alert."""
        return any(labels.items() <= of.items() for of in self.received)


def look(targets: Targets) -> Seen:
    """Ask all services.

    Raises:
        HttpError: One of them does not answer.
    """
    return Seen(targets.alerts(), targets.received(), targets.scraped(), targets.sent())


def is_passing(error: HttpError) -> bool:
    """Return whether a request may succeed later: a service that restarts refuses connections."""
    return error.code in RETRIED or error.status in RETRIED_STATUS


def patiently(action: Callable[[], Result], seconds: float) -> Result:
    """Return what an action returns; it is repeated for so many seconds if a service is away.

    Raises:
        HttpError: The last one.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            return action()
        except HttpError as error:
            if not is_passing(error) or time.monotonic() > end:
                raise
        time.sleep(POLL)


def follow(
    drills: Sequence[Drill],
    targets: Targets,
    interval: float,
    timeout: float,
    go_on: Callable[[HttpError | None], None],
) -> None:
    """Trigger all alerts at once, follow and clear them. The result is in the drills.

    A service that is away for a moment is asked again, for as long as its hop may take.

    Args:
        interval: Seconds between two pushes.
        timeout: Seconds that all hops of a phase may take together.
        go_on: Called before each look, with what failed in the last one; it raises to end the
            drills.

    Raises:
        HttpError: A service does not answer as expected, or not until the end of a phase.
    """
    due, failed = 0.0, None
    while any(drill.phase != "done" for drill in drills):
        go_on(failed)
        try:
            if time.monotonic() >= due:
                due = time.monotonic() + interval
                for drill in drills:
                    drill.act(targets)
            seen = look(targets)
            for drill in drills:
                if _step(drill, seen, targets, timeout):
                    drill.act(targets)  # at once: the hops are timed from here
            failed = None
        except HttpError as error:
            late = any(drill.is_late(timeout) for drill in drills)
            if late or not is_passing(error):
                raise
            due, failed = 0.0, error
        time.sleep(min(POLL, interval / 2))


def _step(drill: Drill, seen: Seen, targets: Targets, timeout: float) -> bool:
    """Take a look into account, and return whether a phase has begun."""
    state, has = seen.state(drill.labels), seen.has(drill.labels)
    if drill.phase == "settle":
        if drill.scenario and drill.scenario.job in seen.scraped and not (state or has):
            drill.enter("rise", seen.sent)
            return True
        if drill.is_late(timeout):
            drill.missed = "settled"
            drill.phase = "done"
        return False
    if drill.phase == "done":
        return False
    told = {"rise": "firing", "fall": "resolved"}[drill.phase]
    if targets.webhook:
        heard = targets.webhook.arrived(told, dict(drill.labels))
    else:
        heard = seen.sent.delivered > drill.sent.delivered
        # Many receivers are not told of an end: nothing is tried then.
        heard = heard or (drill.phase == "fall" and seen.sent.begun > drill.sent.begun)
    if drill.phase == "rise":
        # The answers are not from one moment: an alert in Alertmanager has fired.
        fires = has or state == "firing"
        hops = dict(zip(RISE, (has or bool(state), fires, has, has and heard)))
    else:
        gone = state != "firing"
        hops = dict(zip(FALL, (gone, gone and not has, gone and not has and heard)))
    for hop, reached in hops.items():
        if reached and hop not in drill.seconds:
            drill.seconds[hop] = round(time.monotonic() - drill.began, 2)
    if all(hop in drill.seconds for hop in hops):
        return _next(drill, seen, targets)
    if drill.is_late(timeout):
        drill.missed = drill.missed or next(hop for hop in hops if hop not in drill.seconds)
        return _next(drill, seen, targets)
    return False


def _next(drill: Drill, seen: Seen, targets: Targets) -> bool:
    if drill.phase == "rise" and drill.scenario:
        drill.enter("fall", seen.sent)
        return True
    drill.clean(targets)
    drill.phase = "done"
    return False
