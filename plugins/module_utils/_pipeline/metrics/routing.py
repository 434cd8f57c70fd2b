# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom an Alertmanager tells of an alert, by the configuration that it prints. Sends no requests.

Its own print has one form for each matcher, whatever was written: ``name="value"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._api.times import seconds_of
from .intervals import Intervals
from .unread import UnreadableError, go_pattern

Labels = Mapping[str, str]
TEXT = r'"(?:[^"\\]|\\.)*"'
MATCHER = re.compile(rf"\s*({TEXT}|[^\s\"=!~]+)\s*(=~|!~|!=|=)\s*({TEXT})\s*", re.DOTALL)
# A value that nobody has named: what a label is that an alert has, and a rule does not tell.
ANY = "\ufffdany\ufffd"
GROUP_WAIT = "30s"  # Alertmanager's default
LATE = 3600.0  # seconds: who is told later than that is not told


@dataclass(frozen=True)
class Matcher:
    """One condition on a label."""

    name: str
    sign: str
    value: str

    def __call__(self, labels: Labels) -> bool:
        """Return whether the labels meet it; a label that is missing is empty.

        Raises:
            UnreadableError: Its regular expression is none for Python.
        """
        seen = labels.get(self.name, "")
        if self.sign in ("=", "!="):
            return (seen == self.value) is (self.sign == "=")
        found = go_pattern(self.value).fullmatch(seen) is not None
        return found is (self.sign == "=~")


def read_matcher(printed: str) -> Matcher:
    """Return a matcher of the configuration.

    Raises:
        UnreadableError: It has another form.
    """
    found = MATCHER.fullmatch(printed)
    try:
        if found:
            name = json.loads(found[1]) if found[1].startswith('"') else found[1]
            return Matcher(name, found[2], json.loads(found[3]))
        return _unreadable(printed)
    except ValueError:
        return _unreadable(printed)


def _unreadable(printed: str) -> Matcher:
    raise UnreadableError(printed)


def matchers_of(entry: Mapping[str, Any], prefix: str = "") -> list[Matcher]:
    """Return the matchers of a route, or of one side of an inhibition (`source_`, `target_`).

    Raises:
        UnreadableError: One has another form.
    """
    equal, regex = entry.get(f"{prefix}match") or {}, entry.get(f"{prefix}match_re") or {}
    return [
        *(read_matcher(str(each)) for each in entry.get(f"{prefix}matchers") or ()),
        *(Matcher(name, "=", str(value)) for name, value in equal.items()),
        *(Matcher(name, "=~", str(value)) for name, value in regex.items()),
    ]


def silence_matchers(silence: Mapping[str, Any]) -> list[Matcher]:
    """Return the matchers of a silence, as the API tells them."""
    return [
        Matcher(
            each["name"],
            ("=~" if each["isRegex"] else "=")
            if each.get("isEqual") is not False
            else ("!~" if each["isRegex"] else "!="),
            each["value"],
        )
        for each in silence["matchers"]
    ]


def meets(labels: Labels, matchers: Iterable[Matcher]) -> bool:
    """Return whether the labels meet all matchers."""
    return all(each(labels) for each in matchers)


@dataclass(frozen=True)
class End:
    """Where the routes lead an alert.

    Args:
        receiver: Its name.
        wait: How long a new alert waits there, as it is printed.
        muted: Time intervals in which it is not told.
        active: Time intervals in which alone it is told; empty for always.
    """

    receiver: str
    wait: str
    muted: tuple[str, ...] = ()
    active: tuple[str, ...] = ()

    @property
    def intervals(self) -> tuple[str, ...]:
        """Return the names of all its time intervals."""
        return (*self.muted, *self.active)


@dataclass(frozen=True)
class Why:
    """Why nobody is told of an alert.

    Args:
        state: `dropped`, `nobody`, `muted`, `silenced`, `inhibited` or `late`; empty if somebody
            is told.
        by: The receivers, time intervals, silences, alerts or times.
    """

    state: str
    by: tuple[str, ...] = ()


def loud(config: Mapping[str, Any]) -> set[str]:
    """Return the receivers of a configuration that tell somebody."""
    return {
        str(each.get("name"))
        for each in config.get("receivers") or ()
        if any(key.endswith("_configs") and value for key, value in each.items())
    }


@dataclass
class Routing:
    """What decides whom an alert reaches.

    Args:
        config: Alertmanager's configuration; all its values are texts.
        silences: Those that are active, as the API tells them.
        alerts: Labels of the alerts that Alertmanager has.
        now: Unix time.
    """

    config: Mapping[str, Any]
    silences: Sequence[Mapping[str, Any]] = ()
    alerts: Sequence[Labels] = ()
    now: float = 0.0
    _hidden: list[tuple[str, list[Matcher]]] = field(init=False)
    _intervals: Intervals = field(init=False)

    def __post_init__(self) -> None:
        self._hidden = [(each["id"], silence_matchers(each)) for each in self.silences]
        self._intervals = Intervals(self.config, self.now)

    def why(self, labels: Labels) -> Why:
        """Return why nobody is told of an alert with these labels.

        Raises:
            UnreadableError: The configuration has something that is not understood here.
        """
        ends = self.ends(labels)
        loud = self.loud()
        reached = [end for end in ends if end.receiver in loud]
        if not reached:
            return Why("nobody", tuple(sorted({end.receiver for end in ends})))
        heard = [end for end in reached if not self._intervals.hide(end.muted, end.active)]
        if not heard:
            return Why("muted", tuple(sorted({each for end in reached for each in end.intervals})))
        hidden = tuple(name for name, matchers in self._hidden if meets(labels, matchers))
        if hidden:
            return Why("silenced", hidden)
        inhibiting = tuple(self._inhibiting(labels))
        if inhibiting:
            return Why("inhibited", inhibiting)
        if all(seconds_of(end.wait) > LATE for end in heard):
            return Why("late", tuple(sorted({end.wait for end in heard})))
        return Why("")

    def loud(self) -> set[str]:
        """Return the receivers that tell somebody."""
        return loud(self.config)

    def ends(self, labels: Labels) -> list[End]:
        """Return where the routes lead an alert.

        Source: https://prometheus.io/docs/alerting/latest/configuration/#route.
        """
        route = self.config.get("route")
        if not isinstance(route, Mapping):
            raise UnreadableError("route")
        return self._below(route, labels, End("", GROUP_WAIT)) or []

    def _below(self, route: Mapping[str, Any], labels: Labels, above: End) -> list[End] | None:
        """Return the ends of a route and of those in it; None if it does not take the alert."""
        if not meets(labels, matchers_of(route)):
            return None
        # Of the old name, until Alertmanager 0.24.
        muted = [*(route.get("mute_time_intervals") or ()), *(route.get("mute_times") or ())]
        here = End(
            str(route.get("receiver") or above.receiver),
            str(route.get("group_wait") or above.wait),
            tuple(muted),
            tuple(route.get("active_time_intervals") or ()),
        )
        found: list[End] = []
        for each in route.get("routes") or ():
            ends = self._below(each, labels, here)
            if ends is None:
                continue
            found += ends
            if each.get("continue") != "true":
                break
        return found or [here]

    def _inhibiting(self, labels: Labels) -> Iterable[str]:
        """Yield the alerts that inhibit one with these labels."""
        for rule in self.config.get("inhibit_rules") or ():
            source, target = matchers_of(rule, "source_"), matchers_of(rule, "target_")
            if not meets(labels, target):
                continue
            for alert in self.alerts:
                # An alert that meets both sides does not inhibit itself, nor its like.
                if alert.get("alertname") == labels.get("alertname") or not meets(alert, source):
                    continue
                if meets(alert, target) and meets(labels, source):
                    continue
                equal = rule.get("equal") or ()
                if all(alert.get(name, "") == labels.get(name, "") for name in equal):
                    yield str(alert.get("alertname"))
