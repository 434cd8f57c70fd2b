# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may follow from what, as data: the hops of the metrics' way, and of an alert's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

from .causes import ByHand, Failed, Named, OffNetwork, Place, Service, Unasked

Cause = Union[Failed, Service, ByHand, Place, Named, OffNetwork, Unasked]


@dataclass(frozen=True)
class Edge:
    """What checks of one name may follow from; the first cause that failed is told.

    Attributes:
        check: The check's name.
        causes: What it may follow from.
        code: The beginning of the check's code, if only some of its codes follow.
    """

    check: str
    causes: tuple[Cause, ...]
    code: str = ""

    def is_of(self, check: Mapping[str, object]) -> bool:
        """Return whether the check is one of these."""
        return check["name"] == self.check and str(check["code"]).startswith(self.code)


def here(code: str) -> Failed:
    """Return a cause that counts for its own host only."""
    return Failed(code, same_host=True)


SWAPPED = here("service.other_collector")  # two names that are swapped are one fault
GATEWAY, STORE = Service("pushgateway"), Service("victoriametrics")
PROMETHEUS_YML = ByHand("prometheus", "prometheus.yml")
READ_ONLY, NOT_WRITTEN = Failed("storage.read_only"), Failed("storage.not_written")
NOT_THERE = Failed("told.not_there")
NO_HONOR_LABELS = Failed("labels.no_honor_labels")

EDGES: tuple[Edge, ...] = (
    Edge("ping", (SWAPPED, Service("collector", same_host=True))),
    Edge("ports", (OffNetwork(),), "ports.not_published"),
    *(Edge(name, (SWAPPED, here("ping."))) for name in ("key", "wrong_key", "no_key")),
    Edge("push", (SWAPPED, here("ping.key_refused"), GATEWAY)),
    Edge("health", (SWAPPED,), "health.not_"),
    Edge("pushed", (SWAPPED, here("push."), GATEWAY)),
    Edge("target", (PROMETHEUS_YML,), "target.twice"),
    Edge("target", (PROMETHEUS_YML,), "target.missing"),
    Edge("target", (GATEWAY,)),
    Edge("target", (Failed("prometheus.seldom"),), "target.not_scraped"),
    Edge("targets", (Failed("target."),), "targets.none"),
    Edge("limits", (Failed("target.down.limit"),), "limits.exceeded"),
    Edge(
        "prometheus",
        (here("pushed."), Failed("target."), NOT_WRITTEN, Failed("reload.")),
        "prometheus.",
    ),
    *(
        Edge("prometheus", (PROMETHEUS_YML,), f"prometheus.{how}")
        for how in ("relabelled", "seldom")
    ),
    # What is there is of before.
    Edge("families", (SWAPPED, here("push.")), "families.not_pushed"),
    Edge(
        "families",
        (here("pushed."), here("prometheus."), Failed("remote_write."), here("victoriametrics.")),
    ),
    *(
        Edge(name, (PROMETHEUS_YML, NO_HONOR_LABELS), "labels.no_honor_labels")
        for name in ("labels", "prometheus")
    ),
    Edge("labels", (here("prometheus.relabelled"),)),
    Edge("once", (Failed("target.twice"),)),
    Edge(
        "victoriametrics",
        (
            READ_ONLY,
            Failed("remote_write."),
            STORE,
            Service("prometheus"),
            Unasked("prometheus"),
            here("prometheus."),
            here("labels.no_honor_labels"),
        ),
        "victoriametrics.",
    ),
    *(
        Edge("remote_write", (PROMETHEUS_YML,), f"remote_write.{how}")
        for how in ("none", "nothing")
    ),
    Edge("remote_write", (READ_ONLY, STORE)),
    Edge(
        "counted",
        (
            SWAPPED,
            here("push."),
            here("pushed."),
            Failed("target."),
            NOT_WRITTEN,
            here("prometheus."),
            here("labels.no_honor_labels"),
        ),
    ),
    Edge("sampled", (SWAPPED, READ_ONLY, STORE)),
    Edge("forgotten", (SWAPPED, here("ping."), here("push."), STORE)),
    Edge("ages", (here("push."), here("pushed."), here("sampled."), STORE), "ages.undelivered"),
    Edge("ping_sources", (here("ages."),)),
    Edge("ping_service", (Service("collector"), Failed("ping."))),
    Edge("evaluated", (Failed("rules_deployed.differ"),)),
    Edge("rules", (Failed("reload."),), "rules.not_loaded"),
    Edge("rules_deployed", (ByHand("prometheus", "rules/"), Failed("reload."))),
    Edge("reload", (ByHand(),)),
    Edge("alerts_sent", (Service("alertmanager"), Failed("alertmanagers."), NOT_THERE)),
    Edge("alertmanagers", (PROMETHEUS_YML, Failed("reload.")), "alertmanagers.none"),
    Edge("alertmanagers", (PROMETHEUS_YML,)),
    Edge("told", (PROMETHEUS_YML,), "told.dropped"),
    Edge("told", (Failed("alertmanagers."), PROMETHEUS_YML, Failed("clocks.")), NOT_THERE.code),
    *(
        Edge(name, (ByHand("alertmanager", "alertmanager.yml"),), f"{name}.")
        for name in ("told", "notified")
    ),
    Edge("service", (ByHand("traefik", "routes.yml"),), "route.missing"),
    Edge(
        "service",
        (ByHand("traefik", "routes.yml"), Failed("service.other_collector")),
        "service.other_collector",
    ),
    Edge("certificate", (ByHand("traefik", "tls."),)),
    Edge("roundtrip", (NO_HONOR_LABELS,), "roundtrip.no_honor_labels"),
    Edge("roundtrip_removed", (GATEWAY, Service("prometheus"), STORE, Failed("roundtrip."))),
)
# Of the round trip, by the place.
PLACES: dict[str, tuple[Cause, ...]] = {
    "gateway": (GATEWAY,),
    "Prometheus": (Failed("target."), NOT_WRITTEN, Failed("prometheus."), Place("gateway")),
    "VictoriaMetrics": (READ_ONLY, Failed("remote_write."), STORE, Place("Prometheus")),
    "Grafana": (Service("grafana"), Place("Prometheus"), Place("VictoriaMetrics")),
}
# Of the push targets that a collector says are down, by their names. What is wrong with a database
# has another cause, whichever collector tells it.
TARGETS: dict[str, tuple[Cause, ...]] = {
    "pushgateway": (SWAPPED, here("push."), GATEWAY),
    "victoriametrics": (SWAPPED, READ_ONLY, STORE, here("sampled.")),
}
# Which check an alert of the collection tells the same as, by the beginning of its name.
ALERTS: dict[str, tuple[Cause, ...]] = {
    "TargetDown": (Failed("target."), Failed("targets.")),
    "Collector": (
        Failed("push."),
        Failed("pushed."),
        Failed("ages."),
        Failed("service.other_collector"),
    ),
    "Push": (Failed("push."), Failed("pushed."), Failed("ages.")),
    "Database": (Failed("health.part_down"),),
    "Ping": (
        Failed("ping."),
        Failed("ages."),
        Failed("ping_sources."),
        Failed("ping_service."),
    ),
    "DuplicateCollection": (Failed("once."), Failed("target.twice")),
    "AlertNotifications": (
        Failed("alerts_sent."),
        Failed("alertmanagers."),
        NOT_THERE,
        Service("alertmanager"),
    ),
    "Certificate": (Failed("certificate."), Failed("http.tls")),
    "Validation": (Failed(""),),
}
