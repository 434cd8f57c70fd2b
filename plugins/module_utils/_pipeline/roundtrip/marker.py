# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marker of a round trip: what is pushed, and what is asked of each hop."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._api.pushgateway_groups import path_of
from ..._check import Ask
from ..._http.session import HttpError, Session, authorization, check_url

JOB = "roundtrip_check"
NAME = "roundtrip_check_marker_timestamp_seconds"
PAUSE = 0.25  # seconds between two looks
STORES = {"prometheus": "Prometheus", "victoriametrics": "VictoriaMetrics"}


@dataclass
class Marker:
    """The group that is pushed, and when it was seen where."""

    instance: str
    run: str
    pushed: float = 0.0  # monotonic clock; 0 until then
    hops: dict[str, float] = field(default_factory=dict)  # seconds since the push, by name
    pushing: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False  # it is being removed: no push any more

    @property
    def labels(self) -> dict[str, str]:
        """The grouping key."""
        return {"job": JOB, "instance": self.instance, "run": self.run}

    @property
    def selector(self) -> str:
        """The marker in PromQL, also under labels that a scrape has changed."""
        return f'{NAME}{{run="{self.run}"}}'

    @property
    def age(self) -> float:
        """Seconds since the push."""
        return time.monotonic() - self.pushed


def ask_hops(params: Mapping[str, Any]) -> dict[str, Ask]:
    """What is asked of the hops of roundtrip_check's options, by name, the gateway first."""
    hops = {"gateway": params["pushgateway"]}
    hops.update({title: params[kind] for kind, title in STORES.items() if params[kind]})
    grafana = params["grafana"] or {}
    hops.update({f"Grafana {uid}": grafana for uid in grafana.get("data_sources", ())})
    return {name: Ask("roundtrip", name, place=name, url=at["url"]) for name, at in hops.items()}


def push(session: Session, options: Mapping[str, Any], marker: Marker) -> None:
    """Push the marker; its value is this moment. Raises HttpError."""
    now = time.time()
    text = (
        f"# HELP {NAME} When the round trip of this group began. It is removed at its end.\n"
        f"# TYPE {NAME} gauge\n{NAME} {now:.3f}\n"
    )
    url = check_url(options["url"]) + path_of(marker.labels)
    headers = authorization(options)
    with marker.pushing:
        if marker.closed:
            raise HttpError("http.stopped", f"PUT {url}", "a push", "it was not sent")
        marker.pushed = time.monotonic()
        session.request("PUT", url, data=text.encode(), headers=headers, expected=(200, 202))
