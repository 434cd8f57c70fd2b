# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries, resources and the proxy: passed on to the URL of the data source."""

from __future__ import annotations

import copy
import math
import re
import ssl
import time
from typing import Annotated, Any

import httpx
from fastapi import APIRouter
from starlette.responses import Response

from . import durations, frames
from .answers import Call, Refused, answer
from .auth import needs
from .server_info import RENAMED, SOURCES, sources

router = APIRouter()

# Types whose plugin has a part in the server; the others live in the browser only.
BACKENDS = {*SOURCES, *RENAMED.values()} - {"alertmanager", "jaeger", "zipkin"}
# Up to how many seconds a step is rounded to which.
STEPS = (
    *((1.5, 1), (3.5, 2), (7.5, 5), (12.5, 10), (17.5, 15), (25, 20), (45, 30), (90, 60)),
    *((210, 120), (450, 300), (750, 600), (1050, 900), (1500, 1200), (2700, 1800)),
    *((5400, 3600), (9000, 7200), (16200, 10800), (32400, 21600), (86400, 43200)),
)
CACHE_SECONDS = 5
TLS = ssl.create_default_context()  # each client would make its own, which takes longer than to ask
PARSE_ERROR = "parse error"
API = "Prometheus API"
LOKI_DOWN = "Unable to connect with Loki. Please check the server logs for more details."


def _client(source: dict[str, Any]) -> httpx.AsyncClient:
    """A client that shows the credentials of the data source."""
    secrets, settings = source["secrets"], source["jsonData"]
    headers = {
        settings[key]: secrets.get(key.replace("Name", "Value"), "")
        for key in settings
        if key.startswith("httpHeaderName")
    }
    user = source["basicAuthUser"], secrets.get("basicAuthPassword", "")
    auth = user if source["basicAuth"] else None
    return httpx.AsyncClient(
        base_url=source["url"], headers=headers, auth=auth, timeout=30, verify=TLS, trust_env=False
    )


def _source(call: Call, uid: str) -> dict[str, Any] | None:
    """The data source that is asked: for some seconds the one that was asked before."""
    read, cached = call.org.cached.get(uid, (0.0, None))
    fresh = call.request.headers.get("x-grafana-nocache") == "true"
    if cached is not None and not fresh and time.monotonic() - read < CACHE_SECONDS:
        return cached
    source = call.org.sources.get(uid)
    if source is not None:
        call.org.cached[uid] = (time.monotonic(), copy.deepcopy(source))
    return source


async def _forward(call: Call, source: dict[str, Any], path: str) -> Response:
    async with _client(source) as client:
        reply = await client.request(
            call.request.method,
            "/" + path.lstrip("/"),
            params=call.request.query_params.multi_items(),
            content=call.raw or None,
        )
    kind = reply.headers.get("content-type")
    return Response(reply.content, reply.status_code, media_type=kind)


@router.get("/api/datasources/uid/{uid}/health")
async def health(call: Annotated[Call, needs("datasources:query")], uid: str) -> Any:
    source = _source(call, uid)
    if source is None:
        raise Refused(500, "Unable to load datasource metadata")
    if source["type"] not in BACKENDS:
        raise Refused(503, "Plugin unavailable")
    if not call.state.behaviour.source_health:
        raise Refused(404, "Not found")
    loki = source["type"] == "loki"
    path = "/api/v1/labels" if loki else "/api/v1/query"
    try:
        reply = await _ask(source, path, {"query": "1+1"})
    except httpx.HTTPError:
        refused = f"{_refused(source, path)} - There was an error returned querying the {API}."
        return answer(400, {"status": "ERROR", "message": LOKI_DOWN if loki else refused})
    if reply.get("status") != "success":
        return answer(400, {"status": "ERROR", "message": reply.get("error"), "details": {}})
    if loki:  # Not recorded.
        return {"status": "OK", "message": "Data source successfully connected.", "details": {}}
    details = {"application": "Prometheus", "features": {"rulerApiEnabled": False}}
    return {"status": "OK", "message": f"Successfully queried the {API}.", "details": details}


def _refused(source: dict[str, Any], path: str) -> str:
    """What Go says of a port where nothing listens."""
    url = httpx.URL(source["url"])
    address = f"{url.host}:{url.port}"
    return f'Post "{source["url"]}{path}": dial tcp {address}: connect: connection refused'


@router.api_route("/api/datasources/uid/{uid}/resources/{path:path}", methods=["GET", "POST"])
async def resources(call: Annotated[Call, needs("datasources:query")], uid: str, path: str) -> Any:
    source = _source(call, uid)
    if source is None:
        raise Refused(500, "Unable to load datasource meta data")
    if source["type"] not in BACKENDS:
        raise Refused(503, "Plugin unavailable")
    try:
        return await _forward(call, source, path)
    except httpx.HTTPError:
        raise Refused(500, "Failed to call resource") from None


@router.api_route("/api/datasources/proxy/uid/{uid}/{path:path}", methods=["GET", "POST"])
async def proxy(call: Annotated[Call, needs("datasources:query")], uid: str, path: str) -> Any:
    if not call.behaviour.recorded_12:
        # As in 9.3: of the uid, what follows its first hyphen goes on as part of the path.
        path = re.sub(r"^\w+/?", "", f"{uid}/{path}")
    return await _passed_on(call, _source(call, uid), path)


@router.api_route("/api/datasources/proxy/{number:int}/{path:path}", methods=["GET", "POST"])
async def numbered_proxy(
    call: Annotated[Call, needs("datasources:query")], number: int, path: str
) -> Any:
    found = [s for s in call.org.sources.values() if s["id"] == number]
    return await _passed_on(call, found[0] if found else None, path)


async def _passed_on(call: Call, source: dict[str, Any] | None, path: str) -> Any:
    if source is None:
        raise Refused(404, "Unable to find datasource")
    try:
        return await _forward(call, source, path)
    except httpx.HTTPError:
        return Response(status_code=502)


async def _ask(source: dict[str, Any], path: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the source itself answers."""
    async with _client(source) as client:
        if source["type"] == "loki":
            reply = await client.get(f"/loki{path}", params=arguments)
        else:
            reply = await client.post(path, data=arguments)
    try:
        content: dict[str, Any] = reply.json()
    except ValueError:
        if source["type"] == "loki":
            return {"error": reply.text}
        kind = "client" if reply.status_code < 500 else "server"
        return {"error": f"{kind}_error: {kind} error: {reply.status_code}"}
    return content


def _rounded(amount: float) -> int:
    """The step that is taken for an exact one."""
    return next((step for most, step in STEPS if amount <= most), 86400)


def _step(query: dict[str, Any], source: dict[str, Any], start: float, end: float) -> int:
    """Seconds between two points, and in ``query`` the variables for it replaced."""
    scrape = durations.seconds(source["jsonData"].get("timeInterval") or "15s")
    given = str(query.get("interval") or "")
    least = durations.seconds(given) if given and "$" not in given else 0
    least = least or (query.get("intervalMs") or 0) / 1000 or scrape
    wanted = (end - start) / (query.get("maxDataPoints") or 1500)
    step = math.ceil(least if wanted < least else _rounded(wanted)) or 1
    step = max(step, _rounded((end - start) / 11000))
    rate = durations.go_text(round(max(step + scrape, 4 * scrape)))
    whole = round(end - start)
    values = {
        "__rate_interval": rate,
        "__interval_ms": str(step * 1000),
        "__interval": durations.text(step),
        "__range_ms": str(whole * 1000),
        "__range_s": str(whole),
        "__range": f"{whole}s",
    }
    for name, value in values.items():
        query["expr"] = query["expr"].replace(f"${{{name}}}", value).replace(f"${name}", value)
    return step


def _asked(source: dict[str, Any], query: dict[str, Any]) -> list[str]:
    """As what a query is asked: one that says neither is asked over the range."""
    if source["type"] == "loki":
        return ["query" if query.get("queryType") == "instant" else "query_range"]
    kinds = [
        kind for key, kind in (("instant", "query"), ("range", "query_range")) if query.get(key)
    ]
    return kinds or ["query_range"]


async def _one(
    call: Call, source: dict[str, Any], given: dict[str, Any], start: float, end: float
) -> dict[str, Any]:
    """The result of one query, in the form of a refId's part of the answer."""
    newer, query = call.state.behaviour.recorded_94, dict(given)
    step = _step(query, source, start, end)
    if call.behaviour.recorded_12 and source["type"] == "prometheus":
        return await _later(call, source, query, start, end, step)
    found: list[dict[str, Any]] | None = [] if newer else None
    for kind in _asked(source, query):
        # 9.3.2 puts all times on multiples of the step; 9.4.0-pre does so for ranges only.
        first, last = (math.floor(moment / step) * step for moment in (start, end))
        arguments: dict[str, Any] = {"query": query["expr"]}
        if kind == "query_range":
            arguments |= {"start": first, "end": last, "step": step}
        else:
            arguments |= {"time": end if newer else last}
        reply = await _ask(source, f"/api/v1/{kind}", arguments)
        if reply.get("status") != "success":
            unread = newer and source["type"] == "prometheus"
            if unread and PARSE_ERROR in str(reply.get("error")):
                continue
            prefix = f"{reply['errorType']}: " if "errorType" in reply else ""
            return {"error": f"{prefix}{reply.get('error')}", "status": 500}
        if source["type"] == "loki":
            made = frames.from_loki(reply["data"], query)
        else:
            made = frames.from_prometheus(reply["data"], query, step, newer)
        if made or kind == "query_range":
            found = [*(found or []), *made]
    return {"status": 200, **({} if found is None else {"frames": found})}


async def _later(
    call: Call, source: dict[str, Any], query: dict[str, Any], start: float, end: float, step: int
) -> dict[str, Any]:
    """The same of 12.0.0-pre and 12.4.0: what is wrong stands in the query's own part."""
    least = call.behaviour.recorded_124
    first, last = (math.floor(moment / step) * step for moment in (start, end))
    found: list[dict[str, Any]] = []
    for kind in _asked(source, query):
        arguments: dict[str, Any] = {"query": query["expr"]}
        if kind == "query_range":
            arguments |= {"start": first, "end": last, "step": step}
        else:
            arguments |= {"time": end}
        try:
            reply = await _ask(source, f"/api/v1/{kind}", arguments)
        except httpx.HTTPError:
            error = _refused(source, f"/api/v1/{kind}")
            return {"error": error, "errorSource": "downstream", "status": 502, "frames": []}
        if reply.get("status") != "success":
            prefix = f"{reply['errorType']}: " if "errorType" in reply else ""
            empty = frames.later_prometheus(None, query, step, least)
            told = {"error": f"{prefix}{reply.get('error')}", "errorSource": "downstream"}
            return {**told, "status": 400, "frames": empty}
        found += frames.later_prometheus(reply["data"], query, step, least)
    return {"status": 200, "frames": found}


def _plugin(status: int, message: str, message_id: str) -> Refused:
    return Refused(status, message, messageId=message_id, statusCode=status)


@router.post("/api/ds/query")
async def ds_query(call: Annotated[Call, needs("datasources:query")]) -> Any:
    body = call.body()
    if not body.get("queries"):
        raise _plugin(400, "No queries found", "query.noQueries")
    start, end = durations.moment(str(body["from"])), durations.moment(str(body["to"]))
    asked = []
    for query in body["queries"]:
        uid = (query.get("datasource") or {}).get("uid")
        if not uid:
            raise _plugin(
                400,
                "Query does not contain a valid data source identifier",
                "query.invalidDatasourceId",
            )
        source = _source(call, uid)
        if source is None:
            raise Refused(404, "Data source not found")
        asked.append((source, query))
    results = {}
    for source, query in asked:
        if source["type"] not in ("prometheus", "loki"):
            if source["type"] in sources(call.behaviour):
                raise _plugin(500, "Internal server error", "plugin.unavailable")
            raise _plugin(404, "Not found", "plugin.notRegistered")
        try:
            results[query["refId"]] = await _one(call, source, query, start, end)
        except httpx.HTTPError:
            raise _plugin(
                500, "An error occurred within the plugin", "plugin.downstreamError"
            ) from None
    bad = any("error" in result for result in results.values())
    return answer(400 if bad else 200, {"results": results})
