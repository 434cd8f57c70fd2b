# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server in a thread of a test. It keeps all in memory, per tenant."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..http_stand_in import Headers, Reply, between
from .logql import SECONDS, Count, Either, Number, ParseError, Query, Selector, Times, parse

NANO = 1_000_000_000
# Loki's own limits, in seconds: of age, ahead of the clock, behind the newest line of a stream.
OLDEST, AHEAD, BEHIND = 7 * 86400, 600, 3600
DAY = 86400
BUILD = dict.fromkeys(("version", "revision", "branch", "buildUser", "buildDate", "goVersion"), "")
PARTS = (
    "server ring rule-evaluator query-frontend querier cache-generation-loader "
    "query-frontend-tripperware query-scheduler-ring ingester-querier ingester query-scheduler "
    "compactor store ruler distributor memberlist-kv"
)
Labels = tuple[tuple[str, str], ...]
Answer = tuple[int, Any]


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(labels: Labels) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels) + "}"


def _level(line: str) -> str:
    try:
        return str(json.loads(line).get("level") or "unknown")
    except (ValueError, AttributeError):
        return "unknown"


class Loki:
    """What it remembers. ``auth``: a request has to name its tenant, as with auth_enabled."""

    def __init__(self, auth: bool, starting: int, clock: Callable[[], float]) -> None:
        self.auth = auth
        self.starting = starting  # so many times /ready is answered 503
        self.clock = clock
        self.url = ""
        self.tenants: dict[str, dict[Labels, list[tuple[int, str]]]] = defaultdict(dict)

    def answer(self, method: str, target: str, tenant: str, body: bytes) -> Answer:
        """The status, and a text or what is to be JSON."""
        where = urlsplit(target)
        asked = {name: values[-1] for name, values in parse_qs(where.query).items()}
        if where.path == "/ready":
            self.starting -= 1
            if self.starting >= 0:
                return 503, "Ingester not ready: waiting for 15s after being ready\n"
            return 200, "ready\n"
        if where.path == "/services":
            return 200, "".join(f"{part} => Running\n" for part in PARTS.split())
        if where.path == "/loki/api/v1/status/buildinfo":
            return 200, BUILD
        if not where.path.startswith("/loki/api/v1/"):
            return 404, "404 page not found\n"
        if self.auth and not tenant:
            return 401, "no org id\n"
        held = self.tenants[tenant if self.auth else "fake"]
        name = where.path.removeprefix("/loki/api/v1/")
        if method == "POST" and name == "push":
            return self._push(held, tenant if self.auth else "fake", body)
        try:
            return self._asked(held, name, asked, tenant if self.auth else "fake")
        except ParseError as error:
            return 400, str(error)

    def _asked(self, held: Any, name: str, asked: dict[str, str], tenant: str) -> Answer:
        if name == "rules":
            directory = f"/loki/rules/{tenant}"
            return (
                400,
                f"unable to read rule dir {directory}: open {directory}: "
                "no such file or directory\n",
            )
        if name == "labels":
            return 200, _success(sorted({label for labels in held for label, _value in labels}))
        if name.startswith("label/") and name.endswith("/values"):
            wanted = name.split("/")[1]
            return 200, _success(sorted({dict(s)[wanted] for s in held if wanted in dict(s)}))
        if name == "series":
            selector = parse(asked["match[]"])
            assert isinstance(selector, Selector)
            return 200, _success([dict(s) for s in held if selector.takes(dict(s), "")])
        if name == "index/stats":  # what is still in memory is not counted
            return 200, dict.fromkeys(("streams", "chunks", "bytes", "entries"), 0)
        if name in ("query", "query_range"):
            return 200, self._query(held, parse(asked["query"]), name, asked)
        return 404, "404 page not found\n"

    def _push(self, held: Any, tenant: str, body: bytes) -> Answer:
        try:
            streams = json.loads(body)["streams"]
        except ValueError:
            text = body.decode()
            return 400, (
                f'loghttp.PushRequest.readFieldHash: expect ", but found {text[1:2]}, error found '
                f"in #2 byte of ...|{text}|..., bigger context ...|{text}|...\n"
            )
        for stream in streams:
            given = stream["stream"]
            service = given.get("service_name") or given.get("job") or "unknown_service"
            labels = tuple(sorted({**given, "service_name": service}.items()))
            for stamp, line in stream["values"]:
                refused = self._refused(held.get(labels, []), labels, int(stamp), tenant)
                if refused:
                    return 400, refused
                held.setdefault(labels, []).append((int(stamp), line))
        return 204, ""

    def _refused(
        self, lines: list[tuple[int, str]], labels: Labels, stamp: int, tenant: str
    ) -> str:
        seconds, now = stamp / NANO, self.clock()
        entry = f"entry for stream '{_text(labels)}' has timestamp too"
        if seconds < now - OLDEST:
            oldest = _stamp(now - OLDEST)
            return f"{entry} old: {_stamp(seconds)}, oldest acceptable timestamp is: {oldest}\n"
        if seconds > now + AHEAD:
            return f"{entry} new: {_stamp(seconds)}\n"
        newest = max((when for when, _line in lines), default=stamp) / NANO
        if seconds < newest - BEHIND:
            moment = datetime.fromtimestamp(stamp // NANO, UTC).strftime("%Y-%m-%d %H:%M:%S")
            part = f"{stamp % NANO:09}".rstrip("0")
            return (
                f"entry with timestamp {moment}.{part} +0000 UTC ignored, reason: 'entry too far "
                f"behind, entry timestamp is: {_stamp(seconds)}, oldest acceptable timestamp is: "
                f"{_stamp(newest - BEHIND)}',\nuser '{tenant}', total ignored: 1 out of 1 for "
                f"stream: {_text(labels)}\n"
            )
        return ""

    def _query(self, held: Any, query: Query, name: str, asked: dict[str, str]) -> Any:
        now = self.clock()
        if isinstance(query, Selector):
            end = _moment(asked.get("end", now))
            start = _moment(asked.get("start", end - DAY))
            found: dict[Labels, list[list[str]]] = defaultdict(list)
            for labels, lines in held.items():
                for stamp, line in lines:
                    if start <= stamp / NANO <= end + 1 and query.takes(dict(labels), line):
                        whole = (("detected_level", _level(line)), *labels)
                        found[tuple(sorted(whole))].append([str(stamp), line])
            streams = [{"stream": dict(s), "values": v[::-1]} for s, v in found.items()]
            return _result("streams", streams)
        if name == "query":
            moment = _moment(asked.get("time", now))
            values = self._values(held, query, moment)
            vector = [{"metric": dict(m), "value": [moment, f"{v:g}"]} for m, v in values.items()]
            return _result("vector", vector)
        start, end = (_moment(asked[key]) for key in ("start", "end"))
        number, unit = re.fullmatch(r"([\d.]+)([a-z]*)", asked["step"]).groups()
        step = float(number) * SECONDS[unit or "s"]
        series: dict[Labels, list[Any]] = defaultdict(list)
        for number in range(int((end - start) / step) + 1):
            moment = start + number * step
            for metric, value in self._values(held, query, moment).items():
                series[metric].append([moment, f"{value:g}"])
        return _result("matrix", [{"metric": dict(m), "values": v} for m, v in series.items()])

    def _values(self, held: Any, query: Query, moment: float) -> dict[Labels, float]:
        if isinstance(query, Number):
            return {(): query.value}
        if isinstance(query, Times):
            counted = self._values(held, query.counted, moment)
            return {metric: query.factor * value for metric, value in counted.items()}
        if isinstance(query, Either):
            second = self._values(held, query.second, moment)
            return {**second, **self._values(held, query.first, moment)}
        assert isinstance(query, Count)
        found: dict[Labels, float] = defaultdict(float)
        for labels, lines in held.items():
            within = [
                line
                for stamp, line in lines
                if moment - query.seconds < stamp / NANO <= moment
                and query.selector.takes(dict(labels), line)
            ]
            if within:
                kept = labels if query.by is None else _kept(labels, query.by)
                found[kept] += len(within) / (query.seconds if query.per_second else 1)
        return found


def _moment(given: str | float) -> float:
    """Unix time in seconds; of a long number they are nanoseconds."""
    value = float(given)
    return value / NANO if value > 1e12 else value


def _kept(labels: Labels, by: tuple[str, ...]) -> Labels:
    return tuple((name, value) for name, value in labels if name in by)


def _success(data: list[Any]) -> dict[str, Any]:
    return {"status": "success", **({"data": data} if data else {})}


def _result(kind: str, found: list[Any]) -> dict[str, Any]:
    return {"status": "success", "data": {"resultType": kind, "result": found, "stats": {}}}


@contextmanager
def serve(
    auth: bool = False, starting: int = 0, clock: Callable[[], float] = time.time
) -> Iterator[Loki]:
    """A stand-in with nothing in it, on a port of the loopback interface."""
    loki = Loki(auth, starting, clock)

    def answer(method: str, path: str, headers: Headers, body: bytes) -> Reply:
        status, content = loki.answer(method, path, headers.get("X-Scope-OrgID", ""), body)
        kind = "text/plain; charset=utf-8"
        if not isinstance(content, str):
            content, kind = json.dumps(content), "application/json; charset=UTF-8"
        return status, content.encode(), {"Content-Type": kind}

    with between(answer) as loki.url:
        yield loki
