# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus and VictoriaMetrics: snapshots, and how many samples they hold.

Sources: Prometheus, POST /api/v1/admin/tsdb/snapshot; VictoriaMetrics, GET /snapshot/create and
/snapshot/delete; both, GET /api/v1/query.
"""

from __future__ import annotations

import json
import math
import posixpath
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from .._config.aside import arguments_of
from .._failure import Failure
from .._http.session import HttpError
from .archive import Part, links
from .kind import Figures, Job, Kind, add_volume, copy_volumes, data_path, volume_at
from .running import Server

WINDOW = 7200  # seconds whose samples are counted; the files of what is older are compared
ALL = '{__name__!=""}'
FIGURES = ("series", "samples", "newest")
NAMES = 50  # that are counted by one query
LIST = {"data": [str]}
VECTOR = {"data": {"result": [{"value": [(float, str)]}]}}
TAKEN = {"data": {"name": str}}
CREATED = {"snapshot": str}
ERROR = {"errorType": str}


class Storage(Kind, ABC):
    """A server with series."""

    data: tuple[str, str]  # the argument that names its directory, and the usual one
    lag: float  # seconds; what is older does not change any more
    settle = 0.0  # seconds until what is counted is surely in a snapshot

    def count(self, server: Server, at: float) -> Figures:
        """Count series and samples at a moment; what came later does not matter."""
        span = {"start": f"{at - WINDOW:.3f}", "end": f"{at:.3f}"}
        answer = server.get("/api/v1/label/__name__/values", params=span)
        names = answer.json(LIST)["data"]
        parts = [names[first : first + NAMES] for first in range(0, len(names), NAMES)]
        samples = [int(_value(server, " + ".join(map(_count, part)), at)) for part in parts]
        newest = [_value(server, f"max({' or '.join(map(_newest, part))})", at) for part in parts]
        return {
            "at": at,
            "series": int(_value(server, f"count({ALL})", at)),
            "samples": sum(samples),
            "newest": round(max(newest, default=0.0), 3),
        }

    def missing(self, counted: Figures, found: Figures) -> list[str]:
        """Return what is less than it was; late samples may have come between count and copy."""
        return [name for name in FIGURES if found[name] < counted[name]]

    def capture(self, job: Job) -> None:
        """Take a snapshot, or copy the volumes if the server takes none."""
        path = data_path(job.record, *self.data)
        mount = volume_at(job.record, path)
        if mount is None:
            where = job.record["Name"].lstrip("/")
            said = f"{where} keeps its data in {path}, where no volume is mounted."
            raise Failure("backup.no_volume", said, path=path)
        prefix = posixpath.relpath(path, str(mount["Destination"])).strip(".")
        if job.running:
            server = self.server(job.client, job.record, job.params)
            with job.counting():
                job.figures = self.count(server, round(time.time() - self.lag, 3))
            time.sleep(self.settle)
            with self.snapshot(job, server, path) as snapshot:
                if snapshot:
                    inside = links(job.client, job.record["Id"], snapshot)
                    parts = [Part(snapshot, prefix, links=False)]
                    parts += [
                        Part(target, posixpath.join(prefix, name))
                        for name, target in inside.items()
                    ]
                    job.method = "snapshot"
                    add_volume(job, mount, parts)
        copy_volumes(job, but=str(mount["Destination"]) if job.method else "")

    @contextmanager
    def snapshot(self, job: Job, server: Server, path: str) -> Iterator[str]:
        """Take a snapshot, which is removed at the end; yield its path, empty if there is none."""
        self.discard(job, server, path)
        name = self.take(server)
        if name:
            job.journal.write_text(json.dumps({"snapshot": name}), encoding="utf-8")
        try:
            yield posixpath.join(path, "snapshots", name) if name else ""
        finally:
            self.discard(job, server, path)

    def discard(self, job: Job, server: Server, path: str) -> None:
        """Remove the snapshot that the journal names, if any."""
        with suppress(FileNotFoundError):
            name = str(json.loads(job.journal.read_text(encoding="utf-8"))["snapshot"])
            if name and "/" not in name and not name.startswith("."):
                self.remove(server, path, name)
            job.journal.unlink()

    @abstractmethod
    def take(self, server: Server) -> str:
        """Take a snapshot, and return its name; empty if the server takes none."""

    @abstractmethod
    def remove(self, server: Server, path: str, name: str) -> None:
        """Remove a snapshot."""


class Prometheus(Storage):
    """Prometheus; without its admin API it takes no snapshot, and is paused for the copy."""

    name = "prometheus"
    listen = ("web.listen-address", 9090)
    data = ("storage.tsdb.path", "/prometheus")
    lag = 15.0

    def ready(self, server: Server) -> bool:
        return server.get("/-/ready", expected=None).status == 200

    def take(self, server: Server) -> str:
        answer = server.request("POST", "/api/v1/admin/tsdb/snapshot", expected=None)
        # The status is 500 or 503, depending on the version.
        if answer.status != 200 and answer.json(ERROR)["errorType"] == "unavailable":
            return ""
        if answer.status != 200:
            raise HttpError.status_of(answer, (200,))
        return str(answer.json(TAKEN)["data"]["name"])

    def remove(self, server: Server, path: str, name: str) -> None:
        server.run(["rm", "-rf", "--", posixpath.join(path, "snapshots", name)])

    def command(self, record: Mapping[str, Any]) -> dict[str, Any]:
        # Without a configuration it scrapes nothing, and no rule writes a sample.
        kept = [
            f"--{argument}={value}"
            for argument in ("query.lookback-delta", "enable-feature")
            for value in arguments_of(record, argument)
        ]
        arguments = [
            "--config.file=/restore/prometheus.yml",
            f"--storage.tsdb.path={data_path(record, *self.data)}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{self.listen[1]}",
            *kept,
        ]
        return {"Entrypoint": _program(record), "Cmd": arguments}

    def prepare(self, folder: Any) -> None:
        (folder / "prometheus.yml").write_text("{}\n", encoding="utf-8")


class VictoriaMetrics(Storage):
    """VictoriaMetrics; with a single node only."""

    name = "victoriametrics"
    listen = ("httpListenAddr", 8428)
    data = ("storageDataPath", "victoria-metrics-data")
    lag = 60.0
    settle = 6.0  # its index writes what is new every five seconds

    def ready(self, server: Server) -> bool:
        return server.get("/health", expected=None).status == 200

    def take(self, server: Server) -> str:
        return str(server.get("/snapshot/create").json(CREATED)["snapshot"])

    def remove(self, server: Server, _path: str, name: str) -> None:
        with suppress(HttpError):
            server.get("/snapshot/delete", params={"snapshot": name})

    def command(self, record: Mapping[str, Any]) -> dict[str, Any]:
        kept = [
            f"-{argument}={value}"
            for argument in ("dedup.minScrapeInterval", "retentionPeriod")
            for value in arguments_of(record, argument)
        ]
        arguments = [
            f"-storageDataPath={data_path(record, *self.data)}",
            f"-httpListenAddr=127.0.0.1:{self.listen[1]}",
            *kept,
        ]
        return {"Entrypoint": _program(record), "Cmd": arguments}


# Without its name a series may be there twice, so each name is asked for by itself.
def _count(name: str) -> str:
    selector = f"{{__name__={json.dumps(name)}}}"
    return f"(sum(count_over_time({selector}[{WINDOW}s])) or vector(0))"


def _newest(name: str) -> str:
    selector = f"{{__name__={json.dumps(name)}}}"
    return f'label_replace(max(timestamp({selector})), "of", {json.dumps(name)}, "", "")'


def _value(server: Server, query: str, at: float) -> float:
    """Return the one value of a query; 0 if there is none."""
    data = {"query": query, "time": f"{at:.3f}"}

    def make(answer: Any) -> float:
        result = answer["data"]["result"]
        number = float(result[0]["value"][1]) if result else 0.0
        if not math.isfinite(number):
            raise ValueError(f"the value {number}")
        return number

    answer = server.request("POST", "/api/v1/query", data=data)
    return answer.read(make, "a number", VECTOR)


def _program(record: Mapping[str, Any]) -> list[str]:
    """Return the entrypoint of a container; its image's, if it has none of its own."""
    config = record["Config"]
    return list(config.get("Entrypoint") or [record["Path"]])
