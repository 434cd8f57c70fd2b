# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow alerts from Prometheus to who is told of them: Alertmanager, routes, receivers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from ..._api.alertmanager import AlertmanagerApi
from ..._api.exposition import Sample, samples
from ..._api.prometheus import PrometheusApi
from ..._api.times import seconds_of, unix_time
from ..._check import Ask, Check, wait_for
from ..._http.session import HttpError, Session, authorization, check_url
from ..._texts.text import Text, text
from ..collector import Collector
from .relabel import relabelled
from .routing import ANY, Labels, Routing, Why, loud, silence_matchers
from .unread import UnreadableError

try:
    import yaml

    BROKEN: tuple[type[Exception], ...] = (yaml.YAMLError, RecursionError, ValueError)
except ImportError:  # then no configuration can be read
    yaml = None  # type: ignore[assignment]
    BROKEN = (ValueError,)

STARTED = "process_start_time_seconds"
SAME_START = 0.005  # seconds: a process tells one start only
FINDS = 15.0  # seconds: after a reload, Prometheus looks for its Alertmanagers for some
LONG = 30 * 86400.0  # seconds: a silence that ends later is for ever
LASTING = ("dropped", "nobody", "muted", "late")  # why nobody is told, by the configuration
# Each attempt: a notification itself counts as failed only when all attempts at it have.
FAILED = "alertmanager_notification_requests_failed_total"
SENT = "alertmanager_notification_requests_total"
LOADED = "alertmanager_config_last_reload_success_timestamp_seconds"
WINDOWS = (2, 5, 15, 60)  # minutes: the shortest in which something was sent decides
RESEND = 90.0  # seconds: after one minute, Prometheus sends an alert again
_ALL = 0.99  # estimates of an increase differ in their last digits
READINGS = 3  # at most
GROUP_INTERVAL = 300.0  # seconds, by default
PAUSE = 90.0  # seconds: the longest between two attempts at one notification
SLACK = 30.0  # seconds: an attempt itself takes some, and so does a scrape
NOW = 5  # minutes: while there is something to tell, Alertmanager tries again within them


@dataclass(frozen=True)
class Server:
    """An Alertmanager: the option `alertmanager`, and how to ask it."""

    session: Session
    options: Mapping[str, Any]

    @property
    def api(self) -> AlertmanagerApi:
        """Return its API."""
        return AlertmanagerApi(self.session, self.options["url"], authorization(self.options))

    def tells(self) -> bool:
        """Return whether it has an alert that it does not hide, and somebody to tell of it.

        Source: Alertmanager, GET /api/v2/alerts and /api/v2/status.
        """
        alerts = [one for one in self.api.alerts() if one["status"]["state"] == "active"]
        if not alerts:
            return False
        try:
            known = loud(read_yaml(self.api.configuration()[0]))
        except UnreadableError:
            return True
        return any(to.get("name") in known for one in alerts for to in one.get("receivers") or ())

    def retries_within(self) -> float:
        """Return the seconds in which it tries again what failed, while there is something to tell.

        Source: Alertmanager, notify/notify.go (RetryStage) and GET /api/v2/status.
        """
        try:
            found = list(_group_intervals(read_yaml(self.api.configuration()[0]).get("route")))
        except UnreadableError:
            found = []
        return max([*found, PAUSE] if found else [GROUP_INTERVAL]) + SLACK

    def metrics(self, url: str = "") -> list[Sample]:
        """Return what it tells of itself, or what the one at `url` does; nothing if hidden.

        Source: Alertmanager, GET /metrics.
        """
        headers = {} if url else authorization(self.options)
        address = f"{url or check_url(self.options['url'])}/metrics"
        try:
            return samples(self.session.get(address, headers=headers, retries=0).text)
        except HttpError:
            return []


def _group_intervals(route: Any, above: float = GROUP_INTERVAL) -> Iterator[float]:
    """Yield the seconds between two attempts at the groups of a route and of those below it."""
    if isinstance(route, Mapping):
        own = route.get("group_interval")
        here = seconds_of(str(own)) if own else above
        yield here
        for each in route.get("routes") or ():
            yield from _group_intervals(each, here)


def read_yaml(printed: str) -> Mapping[str, Any]:
    """Return a configuration as its server prints it, with all values as texts.

    Raises:
        UnreadableError: It cannot be read here.
    """
    if yaml is None:
        raise UnreadableError("PyYAML")
    try:
        found = yaml.load(printed, Loader=yaml.BaseLoader)
    except BROKEN as error:
        raise UnreadableError(str(error)) from error
    if not isinstance(found, Mapping):
        raise UnreadableError(type(found).__name__)
    return found


# --- which Alertmanager


def check_alertmanagers(api: PrometheusApi, server: Server) -> Check:
    """Check that Prometheus sends its alerts to the Alertmanager that is checked, and to no other.

    Source: Prometheus, GET /api/v1/alertmanagers and /api/v1/query; Alertmanager, GET /metrics.

    Raises:
        HttpError: Prometheus does not answer as it should.
    """
    ask = Ask("alertmanagers", url=server.options["url"])
    active: dict[str, str] = {}

    def found() -> bool:
        active.update((urlsplit(each).netloc, each) for each in api.alertmanagers())
        return bool(active)

    if not wait_for(found, FINDS):
        return ask.fail("none")
    wanted = {_place(each) for each in server.options.get("targets") or ()}
    strange = set(active) - wanted if wanted else set()
    if strange:
        return ask.fail("other", active=strange, wanted=wanted)
    own = _start(server.metrics())
    known = {place: _start_of(api, server, place, url) for place, url in active.items()}
    if own is None:
        return ask.ok("ok", active={*active}) if wanted else ask.skip("hidden", active={*active})
    others = {p for p, at in known.items() if at is not None and abs(at - own) > SAME_START}
    if others and not any(at is not None and p not in others for p, at in known.items()):
        return ask.fail("other", active=others, wanted=wanted or {_place(server.options["url"])})
    if others:
        return ask.warn("also", active=others)
    if wanted or all(at is not None for at in known.values()):
        return ask.ok(active={*active})
    return ask.skip("hidden", active={*active})


def _place(target: str) -> str:
    return urlsplit(target if "//" in target else f"//{target}").netloc


def _start(found: Iterable[Sample]) -> float | None:
    return next((each.value for each in found if each.name == STARTED), None)


def _start_of(api: PrometheusApi, server: Server, place: str, url: str) -> float | None:
    """Return when the Alertmanager at an address of Prometheus's started, if that is known."""
    scraped = api.query(f'{STARTED}{{instance="{place}"}}')
    if scraped:
        return scraped[0].value
    # The address is one of Prometheus's network: it may lead nowhere from here, or elsewhere.
    found = server.metrics(url.partition("/api/")[0]) if _same_network(server, place) else []
    return _start(found)


def _same_network(server: Server, place: str) -> bool:
    """Return whether an address means the same from here: the checks run on that network."""
    return urlsplit(check_url(server.options["url"])).hostname == urlsplit(f"//{place}").hostname


# --- who is told


@dataclass(frozen=True)
class Alert:
    """What Prometheus sends of a rule's alerts.

    Args:
        grave: Whether the rule says that they are critical.
        sent: The labels that they may have, by whose they are: a collector's, a source's, or
            anybody's (an empty text). None that Prometheus drops are among them.
    """

    grave: bool
    sent: Mapping[str, Sequence[Labels]]


def alerts_of(
    rules: Iterable[Mapping[str, Any]],
    collectors: Sequence[Collector],
    sources: Iterable[str],
    config: Mapping[str, Any],
) -> dict[str, Alert]:
    """Return the labels that the alerts of each rule may have, as Prometheus sends them.

    An alert has the labels of its rule, and others that only its series tell: those of a
    collector, of a source of pings, or anything.

    Args:
        config: Prometheus's configuration.

    Raises:
        UnreadableError: The configuration has something that is not understood here.
    """
    more = {each.name: {"job": each.job, "instance": each.instance} for each in collectors}
    more |= {each: {"source_location": each} for each in sources}
    found: dict[str, Alert] = {}
    for rule in rules:
        if rule.get("type") != "alerting":
            continue
        own = {**rule.get("labels", {}), "alertname": rule["name"]}
        of = found.setdefault(rule["name"], Alert(own.get("severity") == "critical", {}))
        sent = dict(of.sent)
        for whose, labels in {"": {}, **more}.items():
            sent[whose] = [*sent.get(whose, ()), *_as_sent({**labels, **own}, config)]
        grave = of.grave or own.get("severity") == "critical"
        found[rule["name"]] = Alert(grave, sent)
    return found


def _as_sent(labels: Labels, config: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the labels of an alert as Prometheus sends them; none if it drops the alert."""
    outside = dict((config.get("global") or {}).get("external_labels") or {})
    alerting = config.get("alerting") or {}
    # Newer versions change the labels for each Alertmanager, too.
    ways = [
        [*(alerting.get("alert_relabel_configs") or ()), *(each.get("alert_relabel_configs") or ())]
        for each in alerting.get("alertmanagers") or [{}]
    ]
    ends = [relabelled({**outside, **labels}, steps) for steps in ways]
    return [each for each in ends if each is not None]


def not_there(
    rules: Iterable[Mapping[str, Any]],
    config: Mapping[str, Any],
    there: Iterable[Mapping[str, Any]],
    since: float,
    now: float,
) -> list[str]:
    """Return the names of the alerts that fire, and that Alertmanager does not have.

    Args:
        config: Prometheus's configuration.
        there: The alerts that Alertmanager has.
        since: When the younger of the two servers started, or loaded its configuration.
        now: Unix time.

    Raises:
        UnreadableError: The configuration has something that is not understood here.
    """
    names = {each["labels"].get("alertname") for each in there}
    missing = set()
    for rule in rules:
        # Prometheus sends an alert when it fires, and again after a minute and an evaluation.
        time = RESEND + 2 * rule["interval"]
        for alert in rule.get("alerts") or ():
            fires = (unix_time(alert.get("activeAt")) or now) + (rule.get("duration") or 0.0)
            if alert.get("state") == "firing" and now - max(fires, since) > time:
                sent = _as_sent(alert.get("labels") or {}, config)
                if sent and not any(each.get("alertname") in names for each in sent):
                    missing.add(str(rule["name"]))
    return sorted(missing)


class _Unnamed(dict):  # type: ignore[type-arg]
    """Labels of an alert of which only some are known."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return the label's value, or some value for one that is not known."""
        return dict.get(self, name, ANY if default == "" else default)


def judge_told(
    ask: Ask,
    alerts: Mapping[str, Alert],
    routing: Routing,
    now: float,
    notifies: bool,
    silenced: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> Check:
    """Judge whether somebody is told of the alerts.

    Args:
        alerts: What `alerts_of` returned.
        now: Unix time.
        notifies: Whether the Alertmanager was deployed to tell somebody.
        silenced: Names of the alerts that each silence hides at this moment.

    Raises:
        UnreadableError: The configuration has something that is not understood here.
    """
    if not alerts:
        return ask.skip("no_alerts")
    reasons = {name: _reasons(alert, routing) for name, alert in alerts.items()}
    why = {
        name: next(iter(of.values()))
        for name, of in reasons.items()
        if all(each.state for each in of.values())
    }
    # Nobody is told of anything, or of nothing that is critical: the others may be meant so.
    both = {*alerts}, {name for name, alert in alerts.items() if alert.grave}
    for names in both:
        if names and names <= why.keys():
            return _untold(ask, {name: why[name] for name in names}, routing, notifies, len(alerts))
    for names in both:
        asides = _asides({name: of for name, of in reasons.items() if name in names})
        if not asides:
            continue
        states = {each.state for of in asides.values() for each in of}
        by = sorted({name for of in asides.values() for each in of for name in each.by})
        return ask.warn("aside", of={*asides}, states=states, by=by or text("told_dropped"))
    for silence in routing.silences:
        ends, key = unix_time(silence["endsAt"]), silence["id"]
        if ends is None or ends - now > LONG:
            hidden = {n for n, of in reasons.items() if any(key in e.by for e in of.values())}
            hidden.update(silenced.get(key, ()))
            if hidden:
                return ask.warn("for_ever", alerts=sorted(hidden), silences=[_silence(silence)])
    return ask.ok(count=len(alerts) - len(why), alerts=len(alerts), receivers=routing.loud())


def _reasons(alert: Alert, routing: Routing) -> dict[str, Why]:
    """Return why nobody is told of an alert, by whose it is; of an empty state if somebody is."""
    found = {}
    for whose, sent in alert.sent.items():
        of = [routing.why(_Unnamed(labels)) for labels in sent] or [Why("dropped")]
        found[whose] = next((each for each in of if not each.state), of[0])
    return found


def _asides(reasons: Mapping[str, Mapping[str, Why]]) -> dict[str, list[Why]]:
    """Return of whom nobody is told anything, where somebody is told the same of others.

    Silences are not counted, which may be of a maintenance, and inhibitions, which pass.
    """
    known = [of for of in reasons.values() if not of[""].state]
    names = {whose for of in known for whose in of}
    found = {whose: [of[whose] for of in known] for whose in names}
    return {w: of for w, of in found.items() if all(each.state in LASTING for each in of)}


def _silence(silence: Mapping[str, Any]) -> Text:
    matchers = [f'{m.name}{m.sign}"{m.value}"' for m in silence_matchers(silence)]
    told = {name: silence[name] for name in ("id", "createdBy", "comment", "endsAt")}
    return text("silence", matchers=matchers, **told)


def _untold(
    ask: Ask, why: Mapping[str, Why], routing: Routing, notifies: bool, total: int
) -> Check:
    order = ("dropped", "nobody", "muted", "silenced", "inhibited", "late")
    states = sorted({each.state for each in why.values()}, key=order.index)
    # What most of them have in common is told first; all of it is listed.
    state = max(states, key=lambda one: sum(each.state == one for each in why.values()))
    by = sorted({name for each in why.values() if each.state == state for name in each.by})
    values: dict[str, Any] = {"count": len(why), "alerts": total, "states": states, "by": by}
    if state == "silenced":
        values["silences"] = [_silence(each) for each in routing.silences if each["id"] in by]
    if state == "nobody" and states == ["nobody"] and not notifies:
        return ask.warn("told.nobody.deployed", **values)
    return ask.fail(state, **values)


def check_told(
    api: PrometheusApi,
    server: Server,
    rules: Sequence[Mapping[str, Any]],
    collectors: Sequence[Collector],
    sources: Iterable[str],
    now: float,
) -> Check:
    """Check that the alerts of Prometheus's rules reach a receiver that tells somebody.

    Source: Prometheus, GET /api/v1/status/config; Alertmanager, GET /api/v2/status, /alerts and
    /silences.

    Args:
        rules: As `PrometheusApi.rules` returns them.
        sources: Locations of the ping services.
        now: Unix time.

    Raises:
        HttpError: One of the two does not answer as it should.
    """
    ask = Ask("told", url=server.options["url"])
    try:
        printed, runs = server.api.configuration()
        config, prometheus = read_yaml(printed), read_yaml(api.configuration())
        alerts = alerts_of(rules, collectors, sources, prometheus)
        there = server.api.alerts()
        routing = Routing(config, server.api.silences(), [e["labels"] for e in there], now)
        silenced: dict[str, set[str]] = {}
        for each in there:
            for silence in each["status"]["silencedBy"]:
                silenced.setdefault(silence, set()).add(each["labels"].get("alertname", "?"))
        notifies = server.options.get("notifies", True)
        judged = judge_told(ask, alerts, routing, now, notifies, silenced)
        since = max(unix_time(runs) or now, api.loaded_at())
        missing = not_there(rules, prometheus, there, since, now)
        if missing and judged.status != "fail":
            return ask.fail("not_there", count=len(missing), alerts=missing)
        return judged
    except UnreadableError as error:
        return ask.skip("unread", part=str(error))


# --- whether it arrives


def check_notified(api: PrometheusApi, server: Server, before: Sequence[Sample]) -> Check:
    """Check that the receivers accept what Alertmanager sends them.

    The latest attempts decide: what failed before the last ones that arrived is over. And what
    failed some time ago is history, if there has been nothing to tell since.

    Source: Alertmanager, GET /metrics and /api/v2/alerts; Prometheus, GET /api/v1/query, if it
    scrapes that.

    Args:
        before: What Alertmanager told of itself at the beginning of the run.

    Raises:
        HttpError: One of the two does not answer as it should.
    """
    ask = Ask("notified", url=server.options["url"])
    found = _settled(server)
    if not any(each.name == SENT for each in found):
        return ask.skip("hidden")
    sent, failed = _totals(found, SENT), _totals(found, FAILED)
    now = _since(sent, before, SENT), _since(failed, before, FAILED)
    if before and any(now[0].values()):
        return judge_notified(ask, *now, text("this_run"))
    for minutes in WINDOWS:
        tried, lost = _increases(api, minutes)
        if tried or lost:
            within = text("within", seconds=minutes * 60.0)
            loaded = max((each.value for each in found if each.name == LOADED), default=0.0)
            retries = server.retries_within() if lost else 0.0
            failing, unclear = _still_failing(api, lost, minutes, retries, loaded)
            over = (minutes > NOW and not server.tells()) or unclear
            return judge_notified(ask, tried, failing, within, over)
    # In which order they failed and arrived, these totals do not tell.
    over = _partly(sent, failed) or not server.tells()
    return judge_notified(ask, sent, failed, text("since_start"), over)


def _settled(server: Server) -> list[Sample]:
    """Return its metrics: one reading may count an attempt that ends then, and not its failure."""
    found = server.metrics()
    for _reading in range(READINGS):
        before, found = found, server.metrics()
        if all(_totals(before, name) == _totals(found, name) for name in (SENT, FAILED)):
            break
    return found


def _totals(found: Iterable[Sample], name: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for each in found:
        if each.name == name:
            kind = each.labels.get("integration", "?")
            totals[kind] = totals.get(kind, 0.0) + each.value
    return totals


def _since(now: Mapping[str, float], before: Sequence[Sample], name: str) -> dict[str, float]:
    old = _totals(before, name)
    return {kind: max(count - old.get(kind, 0.0), 0.0) for kind, count in now.items()}


def _increases(api: PrometheusApi, minutes: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return the attempts in so many minutes and those that failed, by integration.

    One query asks for both: those of two moments cannot be compared.
    """
    summed = "sum by (integration) (increase({0}[{1}m]))"
    query = " or ".join(
        f'label_replace({summed.format(name, minutes)}, "of", "{name}", "", "") > 0'
        for name in (SENT, FAILED)
    )
    found: dict[str, dict[str, float]] = {SENT: {}, FAILED: {}}
    for labels, value in api.query_values(query):
        found[labels["of"]][labels.get("integration", "?")] = value
    return found[SENT], found[FAILED]


def _still_failing(
    api: PrometheusApi,
    failed: Mapping[str, float],
    minutes: int,
    retries: float,
    loaded: float,
) -> tuple[dict[str, float], bool]:
    """Return the failed attempts by integration, without those before the last that arrived.

    Args:
        minutes: In what time they failed.
        retries: Seconds in which an attempt would be tried again.
        loaded: When Alertmanager loaded its configuration (Unix time).

    Returns:
        Those attempts, and whether they tell nothing of now, as none has been made since one failed
        and one arrived between the same two scrapes, or since the configuration was loaded.
    """
    if not failed:
        return {}, False
    # By receiver and time of the scrape: all attempts, and those that failed.
    counts: dict[frozenset[tuple[str, str]], dict[float, dict[str, float]]] = {}
    for labels, counted in api.query_samples(f'{{__name__=~"{SENT}|{FAILED}"}}[{minutes}m]'):
        receiver = frozenset((k, v) for k, v in labels.items() if k not in ("__name__", "reason"))
        for at, value in counted:
            here = counts.setdefault(receiver, {}).setdefault(at, {SENT: 0.0, FAILED: 0.0})
            here[labels["__name__"]] += value
    still: dict[str, float] = {}
    for receiver, scrapes in counts.items():
        quiet = _last_failed(sorted(scrapes.items()), loaded)
        if quiet is not None:
            kind = dict(receiver).get("integration", "?")
            still[kind] = min(quiet, still.get(kind, quiet))
    # Alertmanager would have tried again by now what did not arrive, or the alert has ended.
    unclear = min(still.values(), default=0.0) > retries
    return {kind: count for kind, count in failed.items() if kind in still}, unclear


def _last_failed(
    scrapes: Sequence[tuple[float, Mapping[str, float]]], loaded: float
) -> float | None:
    """Return whether an attempt failed, and none arrived at a later scrape: None if not.

    Returns:
        The seconds since the scrape at which one arrived as well; 0 if none did. Without an end if
        the configuration was loaded after it.
    """
    still = None
    for (before, old), (at, new) in zip(scrapes, scrapes[1:]):
        failed, sent = new[FAILED] - old[FAILED], new[SENT] - old[SENT]
        if failed > 0:
            still = scrapes[-1][0] - at if sent > failed else 0.0
            still = math.inf if before < loaded else still
        elif failed == 0 and sent > 0:
            still = None
    return still


def _partly(sent: Mapping[str, float], failed: Mapping[str, float]) -> bool:
    return not any(count and count >= _ALL * sent.get(kind, 0.0) for kind, count in failed.items())


def judge_notified(
    ask: Ask,
    sent: Mapping[str, float],
    failed: Mapping[str, float],
    within: Text,
    over: bool = False,
) -> Check:
    """Judge attempts to notify, by integration, such as `webhook`.

    Args:
        sent: How many there were, those that failed among them.
        failed: How many of them failed.
        within: In what time.
        over: Whether that was some time ago, and there is nothing to tell now.
    """
    lost = {kind: count for kind, count in failed.items() if count}
    if not lost:
        return ask.ok(sent=sum(sent.values()), within=within)
    parts = [
        text("failed_notifications", kind=kind, failed=count, sent=max(sent.get(kind, 0), count))
        for kind, count in sorted(lost.items())
    ]
    if over:
        return ask.skip("before", integrations=parts, within=within)
    if _partly(sent, lost):
        return ask.warn("partly", integrations=parts, within=within)
    return ask.fail("refused", integrations=parts, within=within)
