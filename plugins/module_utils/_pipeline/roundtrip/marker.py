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
    """The group that is pushed, and when each hop had it.

    Args:
        instance: Name of the host that pushes.
        run: Eight hexadecimal digits that no other run has.
        pushed: When it was pushed, by the monotonic clock; 0 until then.
        hops: Seconds from the push until a hop had it, by the hop's name.
        pushing: Held while a push is on its way.
        closed: It is being removed, so it must not be pushed again.
    """

    instance: str
    run: str
    pushed: float = 0.0
    hops: dict[str, float] = field(default_factory=dict)
    pushing: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """Return the grouping key."""
        return {"job": JOB, "instance": self.instance, "run": self.run}

    @property
    def selector(self) -> str:
        """Return the PromQL selector, which matches under labels that a scrape changed, too."""
        return f'{NAME}{{run="{self.run}"}}'

    @property
    def age(self) -> float:
        """Return the seconds since the push."""
        return time.monotonic() - self.pushed


def ask_hops(params: Mapping[str, Any]) -> dict[str, Ask]:
    """Return what is asked of each hop, by its name, the gateway first.

    Args:
        params: The options of roundtrip_check.
    """
    hops = {"gateway": params["pushgateway"]}
    hops.update({title: params[kind] for kind, title in STORES.items() if params[kind]})
    grafana = params["grafana"] or {}
    hops.update({f"Grafana {uid}": grafana for uid in grafana.get("data_sources", ())})
    return {name: Ask("roundtrip", name, place=name, url=at["url"]) for name, at in hops.items()}


def push(session: Session, options: Mapping[str, Any], marker: Marker) -> None:
    """Push the marker with the current Unix time as its value.

    Source: Pushgateway, PUT /metrics/job/...

    Args:
        options: The option `pushgateway`.

    Raises:
        HttpError: The push failed, or the marker is being removed (`http.stopped`).
    """
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
