# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in against Grafana's own API document, which is not part of this collection.

GRAFANA_OPENAPI names the document (``public/openapi3.json`` of a Grafana 9.3.2); without it there
is nothing to compare with.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from ...grafana_stand_in import Behaviour, serve
from .replay import Replay, recording

DOCUMENT = os.environ.get("GRAFANA_OPENAPI", "")
V1 = "/api/v1/provisioning"
LOKI = {
    "name": "More",
    "uid": "more",
    "type": "loki",
    "access": "proxy",
    "url": "http://127.0.0.1:9",
}
# What the recording does not ask.
MORE = (
    ("POST", "/api/orgs", {"name": "Another"}),
    ("GET", "/api/orgs", None),
    ("GET", "/api/orgs/name/Another", None),
    ("PUT", "/api/orgs/2", {"name": "Renamed"}),
    ("GET", "/api/orgs/2", None),
    ("POST", "/api/datasources", LOKI),
    ("GET", "/api/datasources", None),
    ("POST", "/api/folders", {"uid": "more", "title": "More"}),
    ("GET", "/api/folders", None),
    ("POST", "/api/dashboards/db", {"dashboard": {"uid": "m", "title": "M", "panels": []}}),
    ("GET", "/api/dashboards/uid/m", None),
    ("GET", "/api/search", None),
    ("GET", "/api/search?limit=5001", None),
    ("POST", "/api/annotations", {"text": "more", "tags": ["a"], "dashboardUID": "m"}),
    ("GET", "/api/annotations", None),
    ("GET", "/api/annotations/3", None),
    ("GET", f"{V1}/contact-points", None),
    ("PUT", f"{V1}/policies", {"receiver": "grafana-default-email", "group_wait": "1m"}),
    ("GET", f"{V1}/policies", None),
    ("POST", f"{V1}/mute-timings", {"name": "m", "time_intervals": [{"months": ["may"]}]}),
    ("GET", f"{V1}/mute-timings", None),
    ("PUT", f"{V1}/templates/t", {"template": "x"}),
    ("GET", f"{V1}/templates", None),
    ("DELETE", "/api/dashboards/uid/m", None),
    ("DELETE", "/api/orgs/2", None),
)


class Document:
    """What the document says of an answer."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = self._strict(content)
        # /api is in front of all paths, and in some of them in the document too.
        self.patterns = [
            (re.compile("(?:/api)?" + re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))), path)
            for path in self.content["paths"]
        ]
        self.patterns.sort(key=lambda one: one[1].count("{"))

    def _strict(self, value: Any) -> Any:
        """JSON Schema of it: what may be null says so, other properties are not allowed."""
        if isinstance(value, list):
            return [self._strict(each) for each in value]
        if not isinstance(value, dict):
            return value
        result = {key: self._strict(each) for key, each in value.items()}
        kind = result.get("type")
        if kind == "object" and result.get("properties"):
            result.setdefault("additionalProperties", False)
        # A list or a map that is empty is null in Go's JSON.
        if kind in ("array", "object") or (isinstance(kind, str) and result.get("nullable")):
            result["type"] = [kind, "null"]
        return result

    def _schema(self, method: str, path: str, status: int) -> tuple[str, dict[str, Any] | None]:
        for pattern, named in self.patterns:
            if not pattern.fullmatch(path):
                continue
            operation = self.content["paths"][named].get(method.lower(), {})
            response = operation.get("responses", {}).get(str(status), {})
            if "$ref" in response:
                name = response["$ref"].rsplit("/", 1)[1]
                response = self.content["components"]["responses"][name]
            content = response.get("content", {}).get("application/json")
            return named, content and content["schema"]
        return "", None

    def complaints(self, method: str, path: str, status: int, body: Any) -> set[str] | None:
        """Where an answer is not as the document says; None when it does not say."""
        named, schema = self._schema(method, path.split("?")[0], status)
        if schema is None:
            return None
        whole = {**schema, "components": self.content["components"]}
        found = set()
        for error in jsonschema.Draft7Validator(whole).iter_errors(body):
            where = re.sub(r"\[\d+\]", "[]", error.json_path)
            what = error.message if error.validator != "type" else type(error.instance).__name__
            found.add(f"{method} {named} {status} {where} {error.validator}: {what}")
        return found


@pytest.mark.skipif(not DOCUMENT, reason="GRAFANA_OPENAPI does not name Grafana's API document")
def test_as_the_document_says(prometheus: str) -> None:
    """Complaints that recorded answers of the real server earn too are the document's fault."""
    document = Document(json.loads(Path(DOCUMENT).read_text()))
    pairs, said, found = recording("9.3.2"), 0, set()
    faults = set()
    for pair in pairs:
        request, response = pair["request"], pair["response"]
        faults |= (
            document.complaints(
                request["method"], request["path"], response["status"], response["body"]
            )
            or set()
        )

    def look(reply: requests.Response, *_: Any, **__: Any) -> None:
        nonlocal said
        body = reply.json() if reply.content else None
        complaints = document.complaints(
            str(reply.request.method), str(reply.request.path_url), reply.status_code, body
        )
        said += complaints is not None
        found.update(complaints or set())

    with serve(Behaviour("9.3.2")) as server:
        replay = Replay(server.url, prometheus)
        replay.session.hooks["response"].append(look)
        for pair in pairs:
            replay.ask(pair)
        for method, path, body in MORE:
            reply = replay.session.request(method, server.url + path, json=body, timeout=30)
            assert reply.status_code < 300 or "5001" in path, reply.text
    print(
        f"{said} answers compared; {len(faults)} faults of the document:", *sorted(faults), sep="\n"
    )
    assert not found - faults, "\n".join(sorted(found - faults))
    assert said > 120
