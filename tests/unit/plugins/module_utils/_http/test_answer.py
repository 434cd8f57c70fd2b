# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every reader of a server's answer: whatever comes, it is a result or a failure with a code."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api import (
    alertmanager as alertmanager_api,
)
from ansible_collections.vya.observability.plugins.module_utils._api import (
    identify,
    prometheus,
    prometheus_range,
    pushgateway,
    victoriametrics,
)
from ansible_collections.vya.observability.plugins.module_utils._backup import alerting, storage
from ansible_collections.vya.observability.plugins.module_utils._check import Ask, Check
from ansible_collections.vya.observability.plugins.module_utils._config import (
    alertmanager,
    prometheus_rehearsal,
    prometheus_rules,
    prometheus_targets,
    traefik,
)
from ansible_collections.vya.observability.plugins.module_utils._decommission import elsewhere
from ansible_collections.vya.observability.plugins.module_utils._drill.drill import Targets
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._grafana import (
    annotation,
    client,
    prove,
    registry,
    state,
)
from ansible_collections.vya.observability.plugins.module_utils._grafana.kind import Task
from ansible_collections.vya.observability.plugins.module_utils._grafana.queries import (
    parse,
    run,
)
from ansible_collections.vya.observability.plugins.module_utils._http.answer import (
    shaped,
    understood,
)
from ansible_collections.vya.observability.plugins.module_utils._http.session import (
    HttpError,
    Options,
    Response,
    Session,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline import collector
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics.run import _push
from ansible_collections.vya.observability.plugins.module_utils._pipeline.ping import (
    arrival,
    pong,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.roundtrip import (
    grafana,
    remove,
)
from ansible_collections.vya.observability.plugins.module_utils._pipeline.services.health import (
    check_health,
)

URL = "http://server.example.org"
LABELS = {"__name__": "up", "job": "a", "instance": "b", "run": "0"}
GROUP = {
    "name": "g",
    "file": "/m/r.yml",
    "interval": 60,
    "rules": [
        {
            "name": "r",
            "query": "up",
            "type": "alerting",
            "duration": 0,
            "labels": {},
            "annotations": {},
            "lastError": "",
            "alerts": [{"labels": {}, "state": "firing", "activeAt": "2026-01-01T00:00:00Z"}],
        }
    ],
}
TARGETS = {
    "data": {
        "activeTargets": [
            {
                "labels": {"job": "a", "instance": "b"},
                "discoveredLabels": {"__address__": "a:1", "__meta_filepath": "/m/t.json"},
                "scrapePool": "a",
                "scrapeUrl": "u",
                "health": "up",
                "lastError": "",
                "lastScrape": "2026-01-01T00:00:00Z",
            }
        ],
        "droppedTargets": [],
    }
}
INSTANT = {"data": {"result": [{"metric": LABELS, "value": [1.5, "NaN"]}]}}
RANGE = {"data": {"result": [{"metric": LABELS, "values": [[1, "2"], [2, "+Inf"]]}]}}
RULES = {"data": {"groups": [GROUP]}}
GROUPS = {
    "data": [
        {
            "labels": {"job": "a", "instance": "b"},
            "last_push_successful": True,
            "push_time_seconds": {"type": "GAUGE", "metrics": [{"labels": {}, "value": "1"}]},
            "up": {"type": "GAUGE", "metrics": [{"labels": {}, "value": "1"}]},
        }
    ]
}
EXPORT = {"metric": LABELS, "values": [1, None, 2], "timestamps": [1000, 2000, 3000]}
STATUS = {"config": {"original": "route: {receiver: a}"}, "versionInfo": {"version": "0.28"}}
PROMETHEUS = {
    "data": {
        "yaml": "rule_files: [/m/*.yml]",
        "version": "2.42",
        "revision": "a",
        "groups": [GROUP],
    }
}
RAW = {"routers": {"r@file": {"rule": "Host(`a`)", "service": "s", "status": "enabled"}}}
PART = {"ok": False, "last_error": "refused", "spool_samples": 2}
HEALTH = {"databases": {"d": PART}, "push": {"victoriametrics": PART}, "died": {"w": "why"}}
STATS = {
    "sources": [
        {"source": {"location": "validation"}, "count": 1, "last_received": "2026-01-01T00:00:00Z"}
    ]
}
FRAMES = {"schema": {"fields": [{"type": "time"}, {}]}, "data": {"values": [[1], [None]]}}
RESULTS = {"results": {name: {"error": "", "frames": [FRAMES]} for name in ("A", "Q0")}}
ANNOTATIONS = [{"id": 1, "dashboardUID": "", "panelId": 0, "tags": ["k"], "text": "t"}]
SOURCE = {
    "id": 1,
    "uid": "P",
    "name": "P",
    "type": "prometheus",
    "url": URL,
    "jsonData": {"timeInterval": "15s"},
    "secureJsonFields": {"basicAuthPassword": True},
}
# All lists of a Grafana in one, so that each reader finds something of its own.
GRAFANA = {
    "version": "11.6.0",
    "name": "org",
    "uid": "u",
    "title": "t",
    "type": "dash-db",
    "folderUid": "f",
    "receiver": "a",
    "settings": {"url": "u"},
    "template": "{{ }}",
    "time_intervals": [{"times": [{"start_time": "06:00", "end_time": "07:00"}]}],
    "routes": [{"receiver": "a", "object_matchers": [["a", "=", "b"]]}],
    "dashboard": {"uid": "u", "title": "t", "panels": [], "templating": {"list": []}},
    "meta": {"folderUid": "f"},
    "jsonData": {"a": 1},
}


class Canned(Session):
    """Answers everything with one body."""

    def __init__(self, body: bytes, date: str = "") -> None:
        super().__init__(Options(retries=0))
        self.body = body
        self.head = {"Content-Type": "application/json", **({"Date": date} if date else {})}

    def _once(self, method: str, url: str, timeout: float, arguments: Any) -> Response:  # noqa: ARG002
        return Response(method, url, 200, self.head, self.body, 0.0)


def _words(rehearsal: str) -> Any:
    """What the rehearsal of a module makes of a server's answers."""
    module: Any = SimpleNamespace(params={})

    def read(session: Session) -> Any:
        with understood(URL):
            return getattr(prometheus_rehearsal, rehearsal)(module, "/m", None).words_of(
                session, URL
            )

    return read


def _drill(method: str) -> Callable[[Session], Any]:
    names = ("prometheus", "alertmanager", "pushgateway")
    headers: dict[str, dict[str, str]] = {name: {} for name in names}
    return lambda session: getattr(Targets(session, URL, URL, URL, headers, None), method)()


def _api(method: str, *arguments: str) -> Callable[[Session], Any]:
    api = partial(prometheus.PrometheusApi, url=URL, headers={})
    return lambda session: getattr(api(session), method)(*arguments)


def _told(method: str) -> Callable[[Session], Any]:
    api = partial(alertmanager_api.AlertmanagerApi, url=URL, headers={})
    return lambda session: getattr(api(session), method)()


def _grafana(read: Callable[[client.Grafana], Any]) -> Callable[[Session], Any]:
    return lambda session: read(client.Grafana(session, URL))


def _lists(server: client.Grafana, *names: str) -> None:
    task = Task(server, {"mark": "m", "prune": False}, registry.KINDS)
    for kind in (kind for kind in registry.KINDS if not names or kind.name in names):
        for reader in kind.reads:
            try:
                task.state.of(reader)
            except HttpError:
                continue


def _asked(session: Session) -> Any:
    """A server that answers through the session."""

    def request(method: str, path: str, **arguments: Any) -> Response:
        return session.request(method, URL + path, **arguments)

    return SimpleNamespace(request=request, get=partial(request, "GET"))


def _backed_up(kind: Any) -> Callable[[Session], Any]:
    return lambda session: kind.count(_asked(session), 0.0)


TRACED = {"names": ["wf005"], "locations": [], "job": ".*"}
SILENCE = {
    "id": "1",
    "status": {"state": "active"},
    "matchers": [{"name": "a", "value": "b", "isRegex": False}],
    "startsAt": "2026-01-01T00:00:00Z",
    "endsAt": "2026-01-01T00:00:00Z",
    "createdBy": "a",
    "comment": "b",
}
QUERY = run.Query("d/p", "A", "P", "up", {"expr": "up", "datasource": {"type": "prometheus"}})
EXPRESSION = parse.Expression("r", "A", "P", "", {"expr": "up"})
ONE = collector.Collector("c", url=URL, keys=("k",))
WINDOW = prometheus_range.Window(0, 60, 15)
GIVEN = {"key": "k", "dashboard_uid": None, "panel_id": None}
# A reader, and an answer that it takes.
READERS: dict[str, tuple[Callable[[Session], Any], Any]] = {
    "query": (_api("query", "up"), INSTANT),
    "query_values": (_api("query_values", "up"), INSTANT),
    "rules": (_api("rules"), RULES),
    "targets": (_api("targets"), TARGETS),
    "alertmanagers": (
        _api("alertmanagers"),
        {"data": {"activeAlertmanagers": [{"url": "http://a:9093/api/v2/alerts"}]}},
    ),
    "prometheus's configuration": (_api("configuration"), {"data": {"yaml": "global: {}"}}),
    "loaded at": (_api("loaded_at"), {"data": {"startTime": "2027-01-15T08:00:00Z"}}),
    "formatted": (_api("formatted", "up"), {"data": "up"}),
    "gateways": (_api("gateways"), INSTANT),
    "alertmanager's configuration": (_told("configuration"), {**STATUS, "uptime": "x"}),
    "alertmanager's alerts": (
        _told("alerts"),
        [{"labels": {"a": "b"}, "status": {"state": "active", "silencedBy": []}}],
    ),
    "silences": (
        _told("silences"),
        [
            {
                "id": "1",
                "status": {"state": "active"},
                "matchers": [{"name": "a", "value": "b", "isRegex": False, "isEqual": True}],
                "createdBy": "ana",
                "comment": "",
                "endsAt": "2027-01-15T08:00:00Z",
            }
        ],
    ),
    "range": (lambda s: prometheus_range.ask(s, URL, "up", WINDOW), RANGE),
    "gateway": (lambda s: pushgateway.read_gateway(s, URL, {}), GROUPS),
    "export": (lambda s: victoriametrics.export(s, URL, "{}", 1.0, {}), EXPORT),
    "stored": (lambda s: remove.stored(s, {"url": URL}), EXPORT),
    "identify": (lambda s: identify.identify(s, URL, {}), {"data": {"version": "1"}}),
    "failing rules": (lambda s: prometheus_rules.loaded(s, URL), RULES),
    "metric names": (
        lambda s: prometheus_rules.never_seen(
            s, URL, [prometheus_rules.Rule("r.yml", "g", "r", "up", records=False, error="")]
        ),
        {"data": ["up"]},
    ),
    "rule's result": (
        lambda s: prometheus_rules.not_evaluable(
            s, URL, [prometheus_rules.Rule("r.yml", "g", "r", "up", records=False, error="")]
        ),
        {"data": {"resultType": "vector"}},
    ),
    "file targets": (
        lambda s: prometheus_targets.FileTargets(s, URL, "/m/", 0.0)._discovered(),
        TARGETS,
    ),
    "prometheus_config": (_words("PrometheusRehearsal"), PROMETHEUS),
    "prometheus_rules": (_words("RulesRehearsal"), PROMETHEUS),
    "alertmanager_config": (lambda s: alertmanager.words_of_server(s, URL), STATUS),
    "traefik_config": (lambda s: traefik.words_of_server(s, URL), {**RAW, "Version": "3.7"}),
    "drill alerts": (_drill("alerts"), {"data": {"alerts": [{"state": "firing", "labels": {}}]}}),
    "drill received": (_drill("received"), [{"labels": {"a": "b"}}]),
    "drill rules": (_drill("rules"), RULES),
    "drill scraped": (_drill("scraped"), INSTANT),
    "health": (
        lambda s: check_health(s, Ask("health", "c"), {"url": URL, "databases": ["d"]}),
        HEALTH,
    ),
    "statistics": (lambda s: arrival.known_pings(s, ONE), STATS),
    "backup groups": (_backed_up(alerting.Pushgateway()), GROUPS),
    "backup silences": (_backed_up(alerting.Alertmanager()), [SILENCE]),
    "backup counts": (
        lambda s: storage._value(_asked(s), "up", 0.0),
        {"data": {"result": [{"value": [1.5, "2"]}]}},
    ),
    "backup snapshot": (
        lambda s: storage.VictoriaMetrics().take(_asked(s)),
        {"status": "ok", "snapshot": "s"},
    ),
    "traces": (
        lambda s: elsewhere.Elsewhere(s, TRACED)._grafana(URL, {}),
        [{"uid": "u", "name": "n", "title": "t", "url": "http://wf005"}],
    ),
    "push": (lambda s: _push(s, ONE, Ask("push", "c")), {"status": "success", "seconds": 1}),
    "pong": (
        lambda s: pong.read_pong(s.get_json(URL), "1", 0.0, 1.0),
        {
            **dict.fromkeys(pong.FIELDS, ""),
            "ping_id": "1",
            "timestamp_received": "2026-01-01T00:00:00Z",
            "timestamp_processed": "2026-01-01T00:00:00Z",
        },
    ),
    "through Grafana": (
        _grafana(lambda g: grafana.has_value(g, {}, "P", "up")),
        {**RESULTS, "messageId": ""},
    ),
    "grafana version": (_grafana(lambda g: g.learn_version()), {"version": "11.6.0"}),
    "grafana settings": (
        _grafana(lambda g: g.has_nested_folders()),
        {"featureToggles": {"nestedFolders": True}},
    ),
    "grafana search": (_grafana(lambda g: g.search()), [{"uid": "u", "type": "dash-db"}]),
    "grafana lists": (_grafana(_lists), [GRAFANA]),
    "grafana object": (
        _grafana(lambda g: _lists(g, "organization", "notification_policy")),
        GRAFANA,
    ),
    "grafana sources": (
        _grafana(lambda g: state.State(g).of(registry.KINDS[2].reads[0])),
        [SOURCE],
    ),
    "grafana annotation": (
        _grafana(lambda g: annotation._find(g, GIVEN, {"text": "t", "tags": ["k"]})),
        ANNOTATIONS,
    ),
    "grafana panel": (_grafana(lambda g: run.run(g, [[QUERY]], 60.0)), RESULTS),
    "grafana parser": (_grafana(lambda g: parse.parses(g, "P", "up")), {"status": "success"}),
    "grafana query": (_grafana(lambda g: parse._run(g, EXPRESSION, "P")), RESULTS),
    "grafana source": (
        _grafana(lambda g: prove.check_source(g, "P", {"type": "prometheus", "url": URL})),
        RESULTS,
    ),
}
# They ask for several things, and one body is not right for all of them.
SEVERAL = ("prometheus_rules", "traefik_config")
TEXTS = [
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'{"data": [1]}',
    b"[]",
    b"{}",
    b"null",
    b"5",
    b'"text"',
    b"[null]",
    b"NaN",
    b"[1e999, -Infinity]",
    b"9" * 5000,
    b"\xff\xfe",
    b"",
    b"<html>",
]
WRONG: list[Any] = [
    None,
    [],
    {},
    5,
    -1,
    10**19,
    1.5e300,
    True,
    "text",
    "",
    [1],
    [[]],
    {"a": 1},
    "-",
    "²",
    "²m",
    "2026-99-99T99:99:99Z",
]


def mutations(value: Any) -> Iterator[Any]:
    """The value with each of its parts replaced by each of WRONG, or left out."""
    yield from (copy.copy(wrong) for wrong in WRONG)
    if isinstance(value, dict):
        for key, below in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for changed in mutations(below):
                yield {**value, key: changed}
    if isinstance(value, list):
        for number, below in enumerate(value):
            for changed in mutations(below):
                yield [*value[:number], changed, *value[number + 1 :]]


def read(reader: Callable[[Session], Any], session: Session) -> Any:
    """The result, or the code of the failure; anything else is raised."""
    try:
        result = reader(session)
    except Failure as error:
        return error.code
    if isinstance(result, Check):
        assert result.code != "defect.raised"
        json.dumps(result.as_data())
    return result


@pytest.mark.parametrize("name", READERS)
def test_whatever_a_server_answers(name: str) -> None:
    reader, good = READERS[name]
    if name not in SEVERAL:
        assert read(reader, Canned(json.dumps(good).encode())) != "http.not_json"
    bodies = [*TEXTS, *(json.dumps(each).encode() for each in mutations(good))]
    for body in bodies:
        try:
            read(reader, Canned(body))
        except Exception as error:
            raise AssertionError(f"{name}: {body[:300]!r}") from error


@pytest.mark.parametrize("body", [b"[" * 200_000, b"NaN", b"[1e999]", b"9" * 5000])
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(HttpError) as caught:
        Canned(body).get_json(URL)
    assert caught.value.code == "http.not_json"


@pytest.mark.parametrize(
    ("values", "newest"),
    [
        ("[1,2.5]", 2.5),
        ("[1,NaN]", None),
        ("[NaN,1]", 1.0),
        ("[1,null]", None),
        ("[Infinity]", inf),
    ],
)
def test_an_export_of_a_series_that_went_stale(values: str, newest: float | None) -> None:
    """VictoriaMetrics 1.79 writes NaN where later versions write null."""
    times = str([1000] * len(values.split(",")))
    body = f'{{"metric":{{"__name__":"m"}},"values":{values},"timestamps":{times}}}\n'
    found = victoriametrics.export(Canned(body.encode()), URL, '{a="b"}', 300, {})
    assert [series.value for series in found] == ([] if newest is None else [newest])


def family(value: str, **labels: str) -> dict[str, Any]:
    return {"type": "GAUGE", "metrics": [{"labels": labels, "value": value}]}


@pytest.mark.parametrize("failed", [1.0, 3.0])
def test_a_group_with_metrics_that_are_named_like_its_fields(failed: float) -> None:
    key = {"job": "odd", "instance": "till-1"}
    group = {
        "labels": family("1", **key, more="x"),
        "last_push_successful": family("0", **key),
        "push_time_seconds": family("2", **key),
        "push_failure_time_seconds": family(str(failed), **key),
        "process_start_time_seconds": {"type": "SUMMARY", "metrics": [{"labels": key}]},
    }
    whole = {"data": [group, *GROUPS["data"]]}
    found = pushgateway.read_gateway(Canned(json.dumps(whole).encode()), URL, {}).groups
    assert [dict(one.labels) for one in found] == [key, {"job": "a", "instance": "b"}]
    assert found[0].last_push_successful is (failed < 2)
    assert (found[0].push_time, found[0].process_start_time) == (2.0, 0.0)
    assert {"labels", "last_push_successful"} <= found[0].families.keys()


@pytest.mark.parametrize("date", ["never", "Tue, 99 Dec 2026", "Mon, 01 Jan 99999 00:00:00 GMT"])
def test_a_date_that_is_none(date: str) -> None:
    with pytest.raises(HttpError) as caught:
        pushgateway.read_gateway(Canned(json.dumps(GROUPS).encode(), date), URL, {})
    assert caught.value.code == "http.not_json"


@pytest.mark.parametrize(
    ("value", "shape", "said"),
    [
        ({"a": [{"b": 1}]}, {"a": [{"b": str}]}, "a[0].b"),
        ({"a": {}}, {"a": {"b": str}}, "a.b"),
        ({"a": {"x": 1}}, {"a": {str: str}}, "a.x"),
        (True, int, "it"),
        (True, float, "it"),
        ([None], [(float, str)], "[0]"),
    ],
)
def test_where_a_shape_is_another(value: Any, shape: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)} "):
        shaped(value, shape)


def test_a_shape_that_fits() -> None:
    value = {"a": 1, "b": [1.5, None], "more": {}}
    assert shaped(value, {"a": int, "b": [(float, None)], "c?": str}) == value
