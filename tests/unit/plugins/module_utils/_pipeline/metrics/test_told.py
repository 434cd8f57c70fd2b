# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom Alertmanager tells: routes, silences, inhibitions; and whether it arrives."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.exposition import Sample
from ansible_collections.vya.observability.plugins.module_utils._check import Ask, Check
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.relabel import (
    relabelled,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.routing import (
    Routing,
    loud,
    read_matcher,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.told import (
    FAILED,
    LOADED,
    SENT,
    Server,
    alerts_of,
    check_notified,
    judge_notified,
    judge_told,
    not_there,
    read_yaml,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.unread import (
    UnreadableError,
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


# Two halves of a week, in two intervals; and one that leaves a minute of each day.
HALVES = """time_intervals:
- name: work
  time_intervals:
  - weekdays: ['monday:friday']
    location: America/Sao_Paulo
- name: rest
  time_intervals:
  - weekdays: [sunday, saturday]
    location: America/Sao_Paulo
- name: minute
  time_intervals:
  - times:
    - start_time: "00:00"
      end_time: "23:59"
- name: past
  time_intervals:
  - years: ['2020:2024']
- name: years
  time_intervals:
  - years: ['2020:2099']
    months: ['1:12']
    days_of_month: ['1:15', '-20:-1']
- name: elsewhere
  time_intervals:
  - location: Local
    weekdays: [monday]
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
    silenced: dict[str, set[str]] | None = None,
) -> Check:
    config = read_yaml(CONFIG.format(default=default, more=more, below=below) + after)
    alerts = alerts_of(RULES, [WF001], ["brazil"], prometheus or {})
    routing = Routing(config, silences, firing, NOW)
    return judge_told(Ask("told", url="http://a"), alerts, routing, NOW, notifies, silenced or {})


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


@pytest.mark.parametrize(
    ("route", "outcome"),
    [
        ("mute_time_intervals: [work]", "pass told.ok"),
        ("mute_time_intervals: [work, rest]", "fail told.muted"),
        ("mute_time_intervals: [minute]", "fail told.muted"),
        ("mute_time_intervals: [years]", "fail told.muted"),
        ("mute_time_intervals: [past]", "pass told.ok"),
        ("active_time_intervals: [work]", "pass told.ok"),
        ("active_time_intervals: [past]", "fail told.muted"),
        # Told only when it is muted.
        ("active_time_intervals: [work]\nmute_time_intervals: [work]", "fail told.muted"),
        ("active_time_intervals: [work]\nmute_time_intervals: [rest]", "pass told.ok"),
        ("group_wait: 1d", "fail told.late"),
        ("group_wait: 59m", "pass told.ok"),
        # A second route that tells is enough.
        (
            "routes: [{receiver: people, continue: 'true', mute_time_intervals: [minute]},"
            " {receiver: drill}]",
            "pass told.ok",
        ),
        (
            "routes: [{receiver: people, continue: 'true', mute_time_intervals: [minute]},"
            " {receiver: nobody}]",
            "fail told.muted",
        ),
    ],
)
def test_when_somebody_is_told(route: str, outcome: str) -> None:
    check = judged(more="\n    ".join(route.splitlines()), after=HALVES)
    assert f"{check.status} {check.code}" == outcome


def test_a_zone_that_only_the_server_knows() -> None:
    with pytest.raises(UnreadableError):
        judged(more="mute_time_intervals: [elsewhere]", after=HALVES)


def steps(*found: dict[str, Any], below: str = "") -> dict[str, Any]:
    """Prometheus's configuration with these steps; `below` an Alertmanager's."""
    if below:
        return {"alerting": {"alertmanagers": [{below: [*found]}]}}
    return {"alerting": {"alert_relabel_configs": [*found]}}


CALM = {"target_label": "severity", "replacement": "info"}


@pytest.mark.parametrize(
    ("relabelling", "outcome"),
    [
        (steps(CALM), "fail told.nobody"),
        (steps(CALM, below="alert_relabel_configs"), "fail told.nobody"),
        (steps({"regex": "severity", "action": "labeldrop"}), "fail told.nobody"),
        (steps({"regex": "alertname", "action": "labelkeep"}), "fail told.nobody"),
        (
            steps(
                {"source_labels": ["severity"], "target_label": "severity", "action": "uppercase"}
            ),
            "fail told.nobody",
        ),
        (
            steps({"source_labels": ["instance"], "regex": "(.+):.*", "target_label": "host"}),
            "pass told.ok",
        ),
        (
            steps({"source_labels": ["severity"], "regex": "(warn).*", **CALM}),
            "pass told.ok",
        ),
        (
            steps({"regex": "(sever)ity", "replacement": "${1}e", "action": "labelmap"}),
            "pass told.ok",
        ),
        (
            steps(
                {"source_labels": ["alertname"], "target_label": "alertname", "action": "keepequal"}
            ),
            "pass told.ok",
        ),
    ],
)
def test_labels_that_are_changed_on_the_way(relabelling: dict[str, Any], outcome: str) -> None:
    check = judged("nobody", more="receiver: people", prometheus=relabelling)
    assert f"{check.status} {check.code}" == outcome


def test_one_place_of_which_nobody_is_told() -> None:
    here = f'matchers: [instance="{WF001.instance}"]'
    aside = f"{{receiver: nobody, {here}}}"
    for changes in (
        {"more": f"routes: [{aside}]"},
        {"more": f"routes: [{aside}]", "below": f"- {aside}"},
    ):
        check = judged(**changes)
        assert (check.status, check.code, check.values["of"]) == (
            "warn",
            "told.aside",
            {WF001.name},
        )
    # Its warnings alone may be meant so.
    assert judged(below=f"- {aside}").code == "told.ok"
    drop = {"source_labels": ["instance"], "regex": WF001.instance, "action": "drop"}
    check = judged(prometheus=steps(drop))
    assert (check.status, check.code, check.values["of"]) == ("warn", "told.aside", {WF001.name})


def test_a_silence_for_ever_of_one_host() -> None:
    ends = "2127-01-15T09:00:00Z"
    of_host = {"name": "instance", "value": WF001.instance, "isRegex": False}
    assert judged(silences=(silence(of_host, ends=ends),)).code == "told.for_ever"
    assert judged(silences=(silence(of_host),)).code == "told.ok"
    # Labels that only series have: Alertmanager tells what it hides.
    other = {"name": "database", "value": "n8n", "isRegex": False}
    assert judged(silences=(silence(other, ends=ends),)).code == "told.ok"
    check = judged(silences=(silence(other, ends=ends),), silenced={"s1": {"Slow"}})
    assert (check.code, check.values["alerts"]) == ("told.for_ever", ["Slow"])


def test_alerts_of_one_host_alone_are_told() -> None:
    """The routes take only a collector's alerts; that is enough to be told of them."""
    route = f'routes: [{{receiver: people, matchers: [instance="{WF001.instance}"]}}]'
    assert judged("nobody", more=route).code == "told.ok"


def test_what_is_not_understood_is_not_judged() -> None:
    for printed in ("severity", 'severity="a', "~=x"):
        with pytest.raises(UnreadableError):
            read_matcher(printed)
    assert not read_matcher('a!~"b|c"')({"a": "b"})
    for pattern in ("(?P<", "[[:alpha:]]+", "[^[:^space:]x]", "\\\\pL+"):
        with pytest.raises(UnreadableError):
            read_matcher(f'a=~"{pattern}"')({})
        with pytest.raises(UnreadableError):
            relabelled({}, [{"source_labels": ["a"], "regex": pattern.replace("\\\\", "\\")}])
    with pytest.raises(UnreadableError):
        Routing({}).why({})
    with pytest.raises(UnreadableError):
        read_yaml("- a")


def test_matchers_mean_what_they_mean_to_go() -> None:
    assert read_matcher('"my \\"own\\" label"="x"')({'my "own" label': "x"})
    digits = "\u0663"  # of Arabic, which Go's class does not have
    assert not read_matcher('a=~"\\\\d"')({"a": digits})
    assert read_matcher('a=~"(?i)s\u00e3o"')({"a": "S\u00c3O"})


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


@pytest.mark.parametrize(
    ("failed", "outcome"),
    [({"webhook": 3}, "skip notified.before"), ({"webhook": 0}, "pass notified.ok")],
)
def test_what_was_refused_some_time_ago(failed: dict[str, float], outcome: str) -> None:
    ask, within = Ask("notified", url="http://a"), text("since_start")
    check = judge_notified(ask, {"webhook": 3}, failed, within, over=True)
    assert f"{check.status} {check.code}" == outcome


@pytest.mark.parametrize(
    ("counted", "outcome"),
    [
        # All attempts and those that failed, at each scrape.
        ([(0, 0), (1, 1), (2, 2), (3, 2)], "pass notified.ok"),
        ([(0, 0), (1, 0), (2, 1)], "warn notified.partly"),
        # Which of them was the last is not known, and it would be tried again for some time.
        ([(0, 0), (2, 1)], "warn notified.partly"),
        ([(0, 0), (2, 1), *[(2, 1)] * 8], "warn notified.partly"),
        ([(0, 0), (5, 5), (9, 8), *[(9, 8)] * 9], "skip notified.before"),
        ([(0, 0), (5, 5), (9, 8), *[(9, 8)] * 9, (10, 9)], "warn notified.partly"),
        ([(0, 0), (5, 5), (9, 9), *[(9, 9)] * 9], "fail notified.refused"),
        ([(0, 0), (1, 1)], "fail notified.refused"),
        ([(5, 2), (6, 2)], "pass notified.ok"),
        ([(9, 9), (0, 0), (1, 1), (2, 1)], "pass notified.ok"),  # it was started again between
        # Nothing was counted that Prometheus has: there are only the totals of Alertmanager.
        ([(4, 3)], "skip notified.before"),
        ([(3, 3)], "fail notified.refused"),
    ],
)
def test_the_last_attempts_decide(counted: list[tuple[int, int]], outcome: str) -> None:
    assert notified(counted) == outcome


@pytest.mark.parametrize(
    ("counted", "loaded", "outcome"),
    [
        # It has loaded another configuration since; these are the times of the scrapes: 0, 15, 30.
        ([(0, 0), (3, 3), (3, 3)], 20.0, "skip notified.before"),
        ([(0, 0), (3, 3), (3, 3)], 14.0, "skip notified.before"),
        ([(0, 0), (3, 3), (4, 4)], 14.0, "fail notified.refused"),
        ([(1, 1), (3, 3), (3, 3)], 0.0, "fail notified.refused"),
    ],
)
def test_what_failed_before_it_was_configured_anew_is_history(
    counted: list[tuple[int, int]], loaded: float, outcome: str
) -> None:
    assert notified(counted, loaded) == outcome


def notified(counted: list[tuple[int, int]], loaded: float = 0.0) -> str:
    """What is said of all attempts and those that failed at each scrape, every 15 s from 0 on."""
    labels = {"integration": "webhook"}
    series = [
        ({**labels, "__name__": name}, [(15.0 * n, float(c[i])) for n, c in enumerate(counted)])
        for i, name in enumerate((SENT, FAILED))
    ]

    class Api:
        def query_samples(self, _selector: str) -> Any:
            return series

        def query_values(self, _query: str) -> Any:
            for i, name in enumerate((SENT, FAILED)):
                grown = sum(max(new[i] - old[i], 0) for old, new in pairwise(counted))
                if grown:
                    yield {**labels, "of": name}, float(grown)

    total = [Sample(name, labels, counted[-1][i]) for i, name in enumerate((SENT, FAILED))]
    total.append(Sample(LOADED, {}, loaded))
    server = SimpleNamespace(
        options={"url": "http://a"},
        metrics=lambda: total,
        tells=lambda: True,
        retries_within=lambda: 120.0,
    )
    check = check_notified(cast("Any", Api()), cast("Any", server), ())
    return f"{check.status} {check.code}"


@pytest.mark.parametrize(
    ("readings", "outcome"),
    [
        # An attempt that fails while they are read is counted before its failure.
        ([(3, 2), (3, 3), (3, 3)], "fail notified.refused"),
        ([(3, 2), (3, 2)], "warn notified.partly"),
        # One that always moves is read a few times.
        ([(n, 1) for n in range(2, 9)], "warn notified.partly"),
    ],
)
def test_what_moves_is_read_again(readings: list[tuple[int, int]], outcome: str) -> None:
    def counted(one: tuple[int, int]) -> list[Sample]:
        labels = {"integration": "webhook"}
        return [Sample(name, labels, one[i]) for i, name in enumerate((SENT, FAILED))]

    coming = iter(readings)
    server = SimpleNamespace(
        options={"url": "http://a"}, metrics=lambda: counted(next(coming)), tells=lambda: True
    )
    check = check_notified(cast("Any", None), cast("Any", server), counted((0, 0)))
    assert f"{check.status} {check.code}" == outcome


def fires(seconds: float, lasts: float = 0.0) -> list[dict[str, Any]]:
    """A rule whose alert became active so many seconds ago."""
    at = datetime.fromtimestamp(NOW - seconds, UTC).isoformat()
    alert = {"labels": {"alertname": "Stale"}, "state": "firing", "activeAt": at}
    return [{**RULES[0], "interval": 15.0, "duration": lasts, "alerts": [alert]}]


@pytest.mark.parametrize(
    ("rules", "names", "since", "missing"),
    [
        (fires(300), [], 600.0, ["Stale"]),
        (fires(300), ["Stale"], 600.0, []),
        (fires(300), ["Slow"], 600.0, ["Stale"]),
        # It is sent soon: it has just begun to fire, or one of the two has just started.
        (fires(60), [], 600.0, []),
        (fires(300, lasts=240.0), [], 600.0, []),
        (fires(300), [], 60.0, []),
        (RULES[:1], [], 600.0, []),
    ],
)
def test_alerts_that_fire_and_do_not_arrive(
    rules: list[dict[str, Any]], names: list[str], since: float, missing: list[str]
) -> None:
    there = [{"labels": {"alertname": name}} for name in names]
    rules = [{"interval": 15.0, **each} for each in rules]
    assert not_there(rules, {}, there, NOW - since, NOW) == missing
    dropped = steps({"source_labels": ["alertname"], "regex": "Stale", "action": "drop"})
    assert not not_there(rules, dropped, there, NOW - since, NOW)


@pytest.mark.parametrize(
    ("config", "seconds"),
    [
        ("route: {receiver: a}", 330.0),
        ("route: {group_interval: 1s, routes: [{group_interval: 10s}, {}]}", 120.0),
        ("route: {group_interval: 1s, routes: [{routes: [{group_interval: 1h}]}]}", 3630.0),
        ("no: [", 330.0),
    ],
)
def test_how_long_an_attempt_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, config: str, seconds: float
) -> None:
    api = SimpleNamespace(configuration=lambda: (config, ""))
    monkeypatch.setattr(Server, "api", api)
    assert Server(None, {"url": "http://a"}).retries_within() == seconds  # type: ignore[arg-type]


def test_an_alert_that_goes_to_nobody_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    config = CONFIG.format(default="nobody", more="", below="")
    assert loud(read_yaml(config)) == {"people", "drill"}

    def tells(*alerts: tuple[str, str]) -> bool:
        there = [{"status": {"state": of}, "receivers": [{"name": to}]} for of, to in alerts]
        api = SimpleNamespace(alerts=lambda: there, configuration=lambda: (config, ""))
        monkeypatch.setattr(Server, "api", api)
        return Server(None, {"url": "http://a"}).tells()  # type: ignore[arg-type]

    assert not tells()
    assert not tells(("active", "nobody"), ("suppressed", "people"))
    assert tells(("active", "nobody"), ("active", "people"))
