# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recording asked again, pair by pair, and the answers compared.

Compared are statuses and bodies. Only what differs by nature is evened out: times (their form
must be the same), made-up uids (each must stand for the same one everywhere), the number of a
refusal, the address of Prometheus, how many points it has.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import requests

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "grafana"
# The addresses that Prometheus had: the newer servers were asked for what another one has.
RECORDED_PROMETHEUS = ("127.0.0.1:9390", "127.0.0.1:9090")
TIMES = {"created", "updated", "createdAt", "updatedAt", "lastEvaluation", "time", "timeEnd"}
# Milliseconds above this are the time of the recording, those below were asked for.
RECORDED_AT = 1_790_000_000_000
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
SECRET_KEYS = {"key", "password", "token", "secret"}
LABEL = ("localhost:9090", "127.0.0.1:9390")
# Numbers that 12.4.0 makes up for folders and dashboards are above this.
WIDE = 1_000_000_000_000_000
NUMBERS = {"id", "folderId", "dashboardId"}
DIGEST = re.compile(r"[0-9a-f]{16}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MADE_UP = re.compile(r"[A-Za-z0-9_-]{8,14}")
# The server gives these in any order.
UNORDERED = {
    "/api/ruler/grafana/api/v1/rules",
    "/api/prometheus/grafana/api/v1/rules",
    "/api/v1/provisioning/contact-points",
    "/api/v1/provisioning/templates",
    "/api/alertmanager/grafana/config/api/v1/alerts",
}
# Of longer lists of feature toggles only those are compared that are given.
TOGGLES = 10
# Of these answers the recording kept a part only.
KEPT = {
    "/api/frontend/settings": (
        "buildInfo",
        "featureToggles",
        "unifiedAlertingEnabled",
        "alertingEnabled",
    ),
    "/api/plugins": ("id", "type", "name", "signature"),
}


def recording(version: str) -> list[dict[str, Any]]:
    """The pairs of a version."""
    pairs: list[dict[str, Any]] = json.loads(
        (RECORDINGS / f"grafana-{version}-recorded.json").read_text()
    )
    return pairs


def by_name(value: Any) -> Any:
    """The same with all lists of named things in the order of their names."""
    if isinstance(value, dict):
        return {key: by_name(each) for key, each in value.items()}
    if isinstance(value, list):
        named = all(isinstance(each, dict) and "name" in each for each in value)
        items = [by_name(each) for each in value]
        if all(isinstance(each, dict) and "object_matchers" in each for each in value):
            items.sort(key=lambda each: json.dumps(each["object_matchers"]))
        if named:
            items.sort(key=lambda each: (each["name"], each.get("uid", "")))
        return items
    return value


def _one_series(value: Any) -> Any:
    """What the newer servers were told by a Prometheus with more targets: its first one."""
    if isinstance(value, dict):
        first = {key: value[key][:1] for key in ("frames", "result") if value.get(key)}
        return {key: _one_series(each) for key, each in {**value, **first}.items()}
    if isinstance(value, list):
        return [_one_series(each) for each in value]
    return value.replace(*LABEL) if isinstance(value, str) else value


class Replay:
    """Asks a server what the recording asked, and remembers which uid stands for which."""

    def __init__(self, url: str, prometheus: str, login: tuple[str, str] = ("admin", "admin")):
        self.url = url
        self.prometheus = prometheus.removeprefix("http://")
        self.session = requests.Session()
        self.session.auth = login
        self.login = login
        self.viewer = ""
        self.uids: dict[str, str] = {}

    def _today(self, value: Any) -> Any:
        """A recorded value as it is asked of this server."""
        text = json.dumps(value)
        for recorded in RECORDED_PROMETHEUS:
            text = text.replace(recorded, self.prometheus)
        for recorded, actual in self.uids.items():
            text = text.replace(recorded, actual)
        return json.loads(text)

    def _send(self, pair: dict[str, Any]) -> requests.Response:
        request, note = pair["request"], pair.get("note", "")
        headers, auth = dict(request.get("headers") or {}), True
        body = self._today(request["body"])
        if note == "viewer's token":
            headers["Authorization"], auth = f"Bearer {self.viewer}", False
        elif note == "bad token":
            headers["Authorization"], auth = "Bearer not-a-token", False
        elif note == "no credentials":
            auth = False
        elif note == "wrong password":
            auth = False
            self_made = requests.auth.HTTPBasicAuth(self.login[0], "wrong")
            return requests.get(self.url + request["path"], auth=self_made, timeout=30)
        sender = self.session if auth else requests
        arguments: dict[str, Any] = {"headers": headers, "timeout": 30, "allow_redirects": False}
        if isinstance(body, str):
            arguments["data"] = body
            headers["Content-Type"] = "application/json"
        elif body is not None:
            arguments["json"] = body
        path = self._today(request["path"])
        return sender.request(request["method"], self.url + path, **arguments)

    def ask(self, pair: dict[str, Any]) -> str | None:
        """Ask again; what differs, or None."""
        request, recorded = pair["request"], pair["response"]
        reply = self._send(pair)
        try:
            body = reply.json()
        except ValueError:
            body = reply.text
        path = request["path"].split("?")[0]
        if path == "/api/serviceaccounts" and body.get("name") == "viewer":
            token = self.session.post(
                f"{self.url}{path}/{body['id']}/tokens", json={"name": "v"}, timeout=30
            )
            self.viewer = token.json()["key"]
        if reply.status_code != recorded["status"]:
            return f"status {recorded['status']} recorded, now {reply.status_code}: {body}"
        if path in KEPT and reply.ok:
            one = {key: body.get(key) for key in KEPT[path]} if isinstance(body, dict) else None
            body = one or [{key: each.get(key) for key in KEPT[path]} for each in body]
        text, was = json.dumps(body), json.dumps(recorded["body"])
        address = next((one for one in RECORDED_PROMETHEUS if one in was), RECORDED_PROMETHEUS[0])
        body, before = json.loads(text.replace(self.prometheus, address)), recorded["body"]
        before = _one_series(before) if LABEL[0] in was else before
        if path == "/api/frontend/settings" and len(before.get("featureToggles", {})) > TOGGLES:
            toggles = before["featureToggles"].items()
            known = {name: on for name, on in toggles if name in body["featureToggles"]}
            before = {**before, "featureToggles": known}
        if path in UNORDERED:
            before, body = by_name(before), by_name(body)
        return self._differ(before, body, "body", "")

    def _differ(self, old: Any, new: Any, where: str, key: str) -> str | None:
        if isinstance(old, dict) and isinstance(new, dict):
            if set(old) != set(new):
                return f"{where}: keys {sorted(set(old) ^ set(new))} on one side only"
            if set(old) >= {"schema", "data"} and len(new["data"]["values"]) == 2:
                return self._frames_differ(old, new, where)
            found = (self._differ(old[name], new[name], f"{where}.{name}", name) for name in old)
            return next((difference for difference in found if difference), None)
        if isinstance(old, list) and isinstance(new, list):
            if len(old) != len(new):
                return f"{where}: {len(old)} recorded, now {len(new)}: {new}"
            if key == "value":
                old, new = old[1:], new[1:]
            pairs = enumerate(zip(old, new, strict=True))
            found = (self._differ(*both, f"{where}[{index}]", key) for index, both in pairs)
            return next((difference for difference in found if difference), None)
        return None if self._same(old, new, key) else f"{where}: {old!r} recorded, now {new!r}"

    def _frames_differ(self, old: Any, new: Any, where: str) -> str | None:
        """Frames are the same with other times and another number of points."""
        times, values = new["data"]["values"]
        if sorted(set(times)) != times or len(times) != len(values):
            return f"{where}: times out of order, or not one for each value"
        if len(old["data"]["values"][0]) == 1 and len(times) != 1:
            return f"{where}: {len(times)} points instead of one"
        if set(values) != set(old["data"]["values"][1]):
            return f"{where}: values {set(values)}"
        return self._differ(old["schema"], new["schema"], f"{where}.schema", "schema")

    def _same(self, old: Any, new: Any, key: str) -> bool:
        if old == new and type(old) is type(new):
            return True
        if key in TIMES and isinstance(old, str) and isinstance(new, str):
            before, now = TIME.fullmatch(old), TIME.fullmatch(new)
            return bool(before and now and bool(before[1]) == bool(now[1]))
        if key in TIMES and isinstance(old, int) and isinstance(new, int):
            return old > RECORDED_AT < new
        if key in NUMBERS and isinstance(old, int) and isinstance(new, int) and old > WIDE < new:
            return self.uids.setdefault(str(old), str(new)) == str(new)
        if key in SECRET_KEYS and old == "<redacted>":
            return isinstance(new, str) and new not in ("", "[REDACTED]")
        if not isinstance(old, str) or not isinstance(new, str):
            return False
        if key == "accessErrorId":
            return all(re.fullmatch(r"ACE\d{10}", one) for one in (old, new))
        if key == "uid" and MADE_UP.fullmatch(old) and MADE_UP.fullmatch(new):
            # One that stands for another keeps standing for it.
            taken = new in self.uids.values() and old not in self.uids
            return not taken and self.uids.setdefault(old, new) == new
        form = {"version": DIGEST, "guid": IDENTIFIER}.get(key)
        if form is not None and form.fullmatch(old) and form.fullmatch(new):
            return self.uids.setdefault(old, new) == new
        for recorded, actual in self.uids.items():
            old = old.replace(recorded, actual)
        return old == new
