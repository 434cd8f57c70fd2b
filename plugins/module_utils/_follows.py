# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which failed check follows from which: the hops are a graph, and the first broken one is told.

It works on checks as :meth:`._check.Check.as_data` returns them, because the report has checks of
several modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Data = Mapping[str, Any]
BAD = ("warn", "fail")
# A request failed: before an answer came, or with one that is not the service's.
CONNECTION = ("dns", "refused", "unreachable", "timeout", "closed", "tls")
# Words that no host is called.
NO_HOST = {"collector", "in", "VictoriaMetrics", "Prometheus"}
# What a check that fails may follow from: (name, beginning of the code, causes). A cause is a name,
# or the beginning of a code; with `=` before it, only that of the same host counts. `@KIND` is a
# service, `#KIND PART` a file of its configuration changed by hand, SUBJECT the check's own.
EDGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # Two names that are swapped are one fault.
    ("ping", "", ("=service.other_collector",)),
    ("key", "", ("=service.other_collector", "=ping.")),
    ("wrong_key", "", ("=service.other_collector", "=ping.")),
    ("no_key", "", ("=service.other_collector", "=ping.")),
    ("push", "", ("=service.other_collector", "=ping.key_refused", "@pushgateway")),
    # What is wrong with a database has another cause, whichever collector tells it.
    *(
        ("health", code, ("=service.other_collector", "=push.", "@pushgateway"))
        for code in ("health.part_down$", "health.part_down.push")
    ),
    ("health", "health.not_", ("=service.other_collector",)),
    ("pushed", "", ("=service.other_collector", "=push.", "@pushgateway")),
    ("target", "target.twice", ("#prometheus prometheus.yml",)),
    ("target", "target.missing", ("#prometheus prometheus.yml",)),
    ("target", "", ("@pushgateway",)),
    ("targets", "", ("target.",)),
    ("limits", "limits.exceeded", ("target.down.limit",)),
    ("prometheus", "prometheus.", ("=pushed.", "target.", "storage.not_written", "reload.")),
    ("families", "", ("=pushed.", "=prometheus.", "remote_write.", "=victoriametrics.")),
    *(
        (name, "labels.no_honor_labels", ("#prometheus prometheus.yml", "labels.no_honor_labels"))
        for name in ("labels", "prometheus")
    ),
    ("once", "", ("target.twice",)),
    (
        "victoriametrics",
        "victoriametrics.",
        (
            "storage.read_only",
            "remote_write.",
            "@victoriametrics",
            "=prometheus.",
            "=labels.no_honor_labels",
        ),
    ),
    ("remote_write", "remote_write.none", ("#prometheus prometheus.yml",)),
    ("remote_write", "", ("storage.read_only", "@victoriametrics")),
    (
        "counted",
        "",
        (
            "=service.other_collector",
            "=push.",
            "=pushed.",
            "target.",
            "storage.not_written",
            "=prometheus.",
            "=labels.no_honor_labels",
        ),
    ),
    ("sampled", "", ("=service.other_collector", "storage.read_only", "@victoriametrics")),
    ("forgotten", "", ("=service.other_collector", "=ping.", "=push.", "@victoriametrics")),
    ("ages", "ages.undelivered", ("=push.", "=pushed.", "=sampled.", "@victoriametrics")),
    ("ping_sources", "", ("=ages.",)),
    ("ping_service", "", ("@collector", "ping.")),
    ("evaluated", "", ("rules_deployed.differ",)),
    ("rules", "rules.not_loaded", ("reload.",)),
    ("rules_deployed", "", ("#prometheus rules/", "reload.")),
    ("reload", "", ("#SUBJECT ",)),
    ("alerts_sent", "", ("@alertmanager", "alertmanagers.")),
    ("alertmanagers", "alertmanagers.none", ("#prometheus prometheus.yml", "reload.")),
    ("alertmanagers", "", ("#prometheus prometheus.yml",)),
    ("told", "told.dropped", ("#prometheus prometheus.yml",)),
    ("told", "told.", ("#alertmanager alertmanager.yml",)),
    ("service", "route.missing", ("#traefik routes.yml",)),
    ("service", "service.other_collector", ("#traefik routes.yml", "service.other_collector")),
    ("certificate", "", ("#traefik tls.",)),
    ("roundtrip", "roundtrip.no_honor_labels", ("labels.no_honor_labels",)),
    ("roundtrip_removed", "", ("@pushgateway", "@prometheus", "@victoriametrics", "roundtrip.")),
)
# Of the round trip, by the place.
PLACES: dict[str, tuple[str, ...]] = {
    "gateway": ("@pushgateway",),
    "Prometheus": ("target.", "storage.not_written", "prometheus.", "roundtrip gateway"),
    "VictoriaMetrics": (
        "storage.read_only",
        "remote_write.",
        "@victoriametrics",
        "roundtrip Prometheus",
    ),
    "Grafana": ("@grafana", "roundtrip Prometheus", "roundtrip VictoriaMetrics"),
}
# Which failed check an alert of the collection tells the same as.
ALERTS: dict[str, tuple[str, ...]] = {
    "TargetDown": ("target.", "targets."),
    "Collector": ("push.", "pushed.", "ages.", "service.other_collector"),
    "Push": ("push.", "pushed.", "ages."),
    "Database": ("health.part_down",),
    "Ping": ("ping.", "ages.", "ping_sources.", "ping_service."),
    "DuplicateCollection": ("once.", "target.twice"),
    "AlertNotifications": ("alerts_sent.", "alertmanagers.", "@alertmanager"),
    "Certificate": ("certificate.", "http.tls"),
    "Validation": ("",),
}
KINDS = (
    "collector",
    "pushgateway",
    "prometheus",
    "victoriametrics",
    "alertmanager",
    "grafana",
    "traefik",
)


def linked(checks: Iterable[Data]) -> list[dict[str, Any]]:
    """Return the checks; one that fails only because of another has `follows`: its id and code."""
    found = [{k: v for k, v in check.items() if k != "follows"} for check in checks]
    bad = [check for check in found if check["status"] in BAD and check.get("code")]
    causes = {number: _cause(bad, number) for number in range(len(bad))}
    for number, check in enumerate(bad):
        root, way = number, {number}
        while (following := causes[root]) is not None and following not in way:
            root = following
            way.add(root)
        if root != number:
            check["follows"] = {"id": bad[root]["id"], "code": bad[root]["code"]}
    return found


def _cause(bad: Sequence[Data], number: int) -> int | None:
    """Return the number of the check that this one follows from directly."""
    check = bad[number]
    # A warning is no cause of a failure.
    others = {
        n: each
        for n, each in enumerate(bad)
        if n != number and (each["status"] == "fail" or check["status"] == "warn")
    }
    request = _request_cause(check, others, number)
    if request is not None:
        return request
    # Of checks with one code, the first one is the cause.
    others = {n: each for n, each in others.items() if each["code"] != check["code"] or n < number}
    if check["name"] == "alerts":
        return _alerts_cause(check, others)
    if check["code"] == "deadline.passed":
        # Its time went to what did not answer, or, without such a one, to the first of these.
        return _first(check, ("http.timeout", "deadline.passed"), others)
    for name, code, causes in EDGES:
        if name == check["name"] and f"{check['code']}$".startswith(code):
            cause = _first(check, causes, others)
            if cause is not None:
                return cause
    if check["name"] == "roundtrip":
        return _first(check, PLACES.get(str(check["subject"]).partition(" ")[0], ()), others)
    return None


def _first(check: Data, causes: Iterable[str], others: Mapping[int, Data]) -> int | None:
    for cause in causes:
        same, wanted = cause.startswith("="), cause.lstrip("=")
        wanted = wanted.replace("SUBJECT", str(check["subject"]).lower())
        for number, other in others.items():
            if _meets(other, wanted) and (not same or _hosts(check) & _hosts(other)):
                return number
    return None


def _meets(check: Data, cause: str) -> bool:
    if cause.startswith("@"):
        return check["name"] == "service" and _kind(check) == cause[1:]
    if cause.startswith("#"):
        kind, _space, part = cause[1:].partition(" ")
        return check["code"] == "written.by_hand" and (
            kind in str(check["subject"]).split()[-1] and _changed(check, part)
        )
    return bool(check["code"].startswith(cause) or check["id"] == cause or _is(check, cause))


def _changed(check: Data, part: str) -> bool:
    """Return whether a file was changed, added or removed whose path has this part."""
    return any(
        each["code"] != "written.permissions" and part in str(_values(each).get("path"))
        for each in _values(check).get("files", ())
    )


def _is(check: Data, cause: str) -> bool:
    """Return whether a check of that name failed with the code of its request."""
    return f"{check['name']}." == cause


def _kind(check: Data) -> str:
    """Return the kind of service that a check of one asks."""
    title = str(_values(_values(check).get("wanted")).get("title", "")).lower()
    return title if title in KINDS else ""


def _values(of: Any) -> Mapping[str, Any]:
    found = of.get("values") if isinstance(of, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _hosts(check: Data) -> set[str]:
    return {*str(check["subject"]).split()} - NO_HOST


def _request_cause(check: Data, others: Mapping[int, Data], own: int) -> int | None:
    """Return the check that failed at the same address, or the container that is not running."""
    kind, address = _kind(check) if check["name"] == "service" else "", _address(check)
    found: int | None = None
    for number, other in others.items():
        if kind and other["name"] == "running" and _runs(check, kind, str(other["subject"])):
            return number
    for number, other in others.items():
        if not address or _address(other) != address:
            continue
        tls = check["code"].startswith("http.tls") and check["name"] != "certificate"
        if other["name"] == "certificate" and tls:
            return number
        if other["name"] != "service" or check["name"] == "certificate":
            # Without a check of the service itself, the first request tells.
            if number < own and "certificate" not in (check["name"], other["name"]):
                found = number if found is None else found
            continue
        # One proxy serves all names: it tells, or else the first of them.
        if check["name"] != "service" or _rank(other) < _rank(check):
            return number
    return None if check["name"] == "service" else found


def _runs(service: Data, kind: str, release: str) -> bool:
    """Return whether a release (`HOST CONTAINER`) is the service's, by its name.

    There are several collectors: one's release has its host's name, or is on it.
    """
    if kind not in release.split()[-1]:
        return False
    words = {*release.split(), *re.split(r"[-_]", release.split()[-1])}
    return kind != "collector" or bool(_hosts(service) & words)


def _rank(service: Data) -> tuple[bool, str]:
    return _kind(service) != "traefik", str(service["id"])


def _address(check: Data) -> tuple[str, ...]:
    """Return where a request failed: an address, or a URL for an answer that is not right."""
    code, values = str(check["code"]), _values(check)
    if check["name"] == "certificate":
        return ("host", str(check["subject"]))
    parts = urlsplit(str(values.get("request", "")).partition(" ")[2])
    if not parts.hostname:
        return ()
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    if not code.startswith(tuple(f"http.{kind}" for kind in CONNECTION)):
        return ("url", place, code)
    if code.startswith(("http.tls", "http.dns")) or not values.get("address"):
        return ("host", place)
    return ("address", str(values["address"]), place.rpartition(":")[2])


def _alerts_cause(check: Data, others: Mapping[int, Data]) -> int | None:
    """Return the check that tells the same as the alerts, if each of them has one."""
    causes: list[int] = []
    for alert in _values(check).get("alerts", ()):
        name = str(_values(alert).get("alert", ""))
        known = next((of for start, of in ALERTS.items() if name.startswith(start)), ())
        told = [n for n, other in others.items() if any(_meets(other, each) for each in known)]
        if not told:
            return None
        causes.append(told[0])
    return causes[0] if causes else None
