# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushgateway and Alertmanager: they write their volumes only now and then, so their APIs are read.

Sources: Pushgateway, GET /api/v1/metrics and PUT /metrics/job/...; Alertmanager, GET and POST
/api/v2/silences.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._api.pushgateway import ADDED, GROUP
from .._api.pushgateway_groups import path_of
from .._config.aside import arguments_of
from .._http.answer import shaped
from .kind import Figures, Job, Kind, copy_volumes, data_path
from .running import Server

GROUPS = {"data": [GROUP]}
PARTS = {"labels?": {str: str}, "value?": str, "buckets?": {str: str}, "quantiles?": {str: str}}
FAMILY = {"type": str, "help?": str, "metrics": [PARTS]}
NOT_FAMILIES = frozenset({"labels", "last_push_successful", *ADDED})
MATCHER = {"name": str, "value": str, "isRegex": bool, "isEqual?": bool}
SILENCES = [
    {
        "id": str,
        "status": {"state": str},
        "matchers": [MATCHER],
        "startsAt": str,
        "endsAt": str,
        "createdBy": str,
        "comment": str,
    }
]
ALIVE = ("active", "pending")


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


class Pushgateway(Kind):
    """Its groups, whose values come back as they were."""

    name = "pushgateway"
    listen = ("web.listen-address", 9091)

    def ready(self, server: Server) -> bool:
        return server.get("/-/ready", expected=None).status == 200

    def count(self, server: Server, _at: float) -> Figures:
        return _figures(_groups(server))

    def capture(self, job: Job) -> None:
        if job.running:
            with job.counting():
                groups = _groups(self.server(job.client, job.record, job.params))
                _write(job.folder / "groups.json", groups)
                job.figures = _figures(groups)
        copy_volumes(job)

    def command(self, record: Mapping[str, Any]) -> dict[str, Any]:
        file = (arguments_of(record, "persistence.file") or ["/restore/groups"])[0]
        arguments = [
            f"--persistence.file={file}",
            f"--web.listen-address=127.0.0.1:{self.listen[1]}",
        ]
        return {
            "Entrypoint": record["Config"].get("Entrypoint") or [record["Path"]],
            "Cmd": arguments,
        }

    def feed(self, server: Server, folder: Path) -> None:
        """Push the groups that the volume did not have yet, and delete those that were gone."""
        path = folder / "groups.json"
        if not path.exists():
            return
        wanted = {_key(each): each for each in json.loads(path.read_text(encoding="utf-8"))}
        there = {_key(each): each for each in _groups(server)}
        for key, group in there.items():
            if key not in wanted:
                server.request("DELETE", path_of(group["labels"]), expected=(202,))
        for key, group in wanted.items():
            if key not in there or _values(there[key]) != _values(group):
                body = "".join(exposition(group)).encode()
                address = path_of(group["labels"])
                server.request("PUT", address, data=body, expected=(200, 202))


def _groups(server: Server) -> list[dict[str, Any]]:
    def make(answer: Any) -> list[dict[str, Any]]:
        for group in answer["data"]:
            for family in _values(group).values():
                for metric in shaped(family, FAMILY)["metrics"]:
                    if "value" not in metric:
                        shaped(metric, {"sum": str, "count": str})
        return sorted(answer["data"], key=_key)

    return server.get("/api/v1/metrics").read(make, "a list of groups", GROUPS)


def _key(group: Mapping[str, Any]) -> str:
    return json.dumps(group["labels"], sort_keys=True)


def _values(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was pushed, without when."""
    return {
        name: {key: value for key, value in family.items() if key != "time_stamp"}
        for name, family in group.items()
        if name not in NOT_FAMILIES and isinstance(family, dict)
    }


def _figures(groups: list[dict[str, Any]]) -> Figures:
    values = {_key(each): _values(each) for each in groups}
    series = sum(len(family["metrics"]) for each in values.values() for family in each.values())
    return {"groups": len(values), "series": series, "content": _digest(values)}


def exposition(group: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a group in the format of a push, without the labels of its key."""
    for name, family in sorted(_values(group).items()):
        kind = str(family.get("type", "untyped")).lower()
        if family.get("help"):
            yield f"# HELP {name} {_escaped(str(family['help']), quotes=False)}\n"
        yield f"# TYPE {name} {kind}\n"
        for metric in family["metrics"]:
            labels = {
                label: value
                for label, value in (metric.get("labels") or {}).items()
                if label not in group["labels"]
            }
            if "value" in metric:
                yield f"{name}{_labels(labels)} {metric['value']}\n"
                continue
            for part, label, suffix in (
                ("buckets", "le", "_bucket"),
                ("quantiles", "quantile", ""),
            ):
                for bound, value in (metric.get(part) or {}).items():
                    yield f"{name}{suffix}{_labels({**labels, label: bound})} {value}\n"
            yield f"{name}_sum{_labels(labels)} {metric['sum']}\n"
            yield f"{name}_count{_labels(labels)} {metric['count']}\n"


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str, quotes: bool = True) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


class Alertmanager(Kind):
    """Its silences, with new ids if its volume did not have them yet."""

    name = "alertmanager"
    listen = ("web.listen-address", 9093)

    def ready(self, server: Server) -> bool:
        return server.get("/-/ready", expected=None).status == 200

    def count(self, server: Server, _at: float) -> Figures:
        return _told(_silences(server))

    def missing(self, counted: Figures, found: Figures) -> list[str]:
        """Return whether a silence is missing; one whose time is over meanwhile may be."""
        return [] if {*counted["silences"]} <= {*found["silences"]} else ["silences"]

    def capture(self, job: Job) -> None:
        if job.running:
            with job.counting():
                silences = _silences(self.server(job.client, job.record, job.params))
                _write(job.folder / "silences.json", silences)
                job.figures = _told(silences)
        copy_volumes(job)

    def command(self, record: Mapping[str, Any]) -> dict[str, Any]:
        retention = arguments_of(record, "data.retention")
        arguments = [
            "--config.file=/restore/alertmanager.yml",
            f"--storage.path={data_path(record, 'storage.path', '/alertmanager')}",
            f"--web.listen-address=127.0.0.1:{self.listen[1]}",
            "--cluster.listen-address=",
            *(f"--data.retention={value}" for value in retention),
        ]
        return {
            "Entrypoint": record["Config"].get("Entrypoint") or [record["Path"]],
            "Cmd": arguments,
        }

    def prepare(self, folder: Path) -> None:
        text = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
        (folder / "alertmanager.yml").write_text(text, encoding="utf-8")

    def feed(self, server: Server, folder: Path) -> None:
        path = folder / "silences.json"
        if not path.exists():
            return
        there = [_silence(each) for each in _silences(server)]
        for silence in json.loads(path.read_text(encoding="utf-8")):
            if _silence(silence) not in there:
                fields = ("matchers", "startsAt", "endsAt", "createdBy", "comment")
                body = {name: silence[name] for name in fields}
                # One whose end has passed since is refused; there is nothing to silence any more.
                server.request("POST", "/api/v2/silences", json=body, expected=(200, 400))


def _silences(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("/api/v2/silences").json(SILENCES)
    return [each for each in found if each["status"]["state"] in ALIVE]


def _told(silences: list[dict[str, Any]]) -> Figures:
    return {"silences": sorted(_digest(_silence(each)) for each in silences)}


def _silence(each: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a silence is, without what a new one gets: its id, and when it begins."""
    matchers = sorted(json.dumps(one, sort_keys=True) for one in each["matchers"])
    return {"matchers": matchers, **{key: each[key] for key in ("endsAt", "createdBy", "comment")}}


def _write(path: Path, value: Any) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
