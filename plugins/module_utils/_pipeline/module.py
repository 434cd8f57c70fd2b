# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module pipeline_check: all parts in parallel, with one session, one deadline, one cleanup."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from .._check import Ask, Check, Probe, exit_with, run_side_by_side
from .._failure import fail
from .._http.session import HttpError, Session, session_for
from .._signals import Interrupted, deaf, stoppable
from .collector import PUSH, Collector
from .logs.run import log_probes, logs_options
from .metrics.run import check_metrics, metrics_options
from .options import Spec
from .ping.run import Pings, ping_options
from .roundtrip.remove import ASK as REMOVED
from .roundtrip.run import RoundTrip, not_pushed, roundtrip_options
from .run import stopped
from .services.certificate import with_links
from .services.clocks import clock_probe
from .services.route import with_routes
from .services.run import PASSING, service_options, service_probes
from .under_way import of_a_moment, under_way

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

PARTS = ("services", "ping", "metrics", "roundtrip", "logs")
NEEDS = {"metrics": ("pushgateway", "prometheus"), "roundtrip": ("pushgateway",)}
CONNECTIONS = 32  # per host: behind one proxy, all services are one host
WORKERS = 32
GRACE = 3.0  # seconds
SWAP = 6.0  # seconds for a service that is down: it may only be replaced by its next release


def pipeline_options() -> Spec:
    """Return the options of pipeline_check: those of its parts, with one list of collectors."""
    services, pings = service_options(), ping_options()
    metrics, roundtrip = metrics_options(), roundtrip_options()
    followed = metrics["collectors"]["options"]
    exporter = {
        "name": {"type": "str", "required": True},
        **{name: followed[name] for name in ("job", "instance", "interval", "families")},
    }
    collector = {
        **exporter,
        "url": {"type": "str", "required": True},
        "keys": {"type": "list", "elements": "str", "required": True, "no_log": True},
        "victoriametrics": pings["collectors"]["options"]["victoriametrics"],
    }
    optional = {"type": "list", "elements": "dict", "default": []}
    return {
        "parts": {"type": "list", "elements": "str", "choices": [*PARTS], "default": [*PARTS]},
        **metrics,
        **{name: {**metrics[name], "required": False} for name in ("pushgateway", "prometheus")},
        **services,
        "services": {**optional, "options": services["services"]["options"]},
        "collectors": {**optional, "options": collector},
        "exporters": {**optional, "options": exporter},
        "grafana": roundtrip["grafana"],
        **logs_options(),
        "pings": pings["count"],
        "rtt": pings["slow"],
        "clock_offset": pings["clock_offset"],
    }


def run_module(module: AnsibleModule) -> None:
    """Run the module `pipeline_check`."""
    started, params, session = time.monotonic(), module.params, session_for(module, CONNECTIONS)
    until = started + params["deadline"]
    look = partial(_look, module, session, until)
    checks, hops = look()
    # What is being restarted or replaced fails for a moment, here or there.
    soon = time.monotonic() - started < params["deadline"] / 2
    if soon and not module.check_mode and of_a_moment(checks) and _answer(session, params, checks):
        before, since = checks, time.monotonic()
        checks, hops = look()
        checks = under_way(before, checks, time.monotonic() - since)
    exit_with(module, checks, started, hops=hops)


def _answer(session: Session, params: Mapping[str, Any], checks: Sequence[Check]) -> bool:
    """Return whether each service answers that did not; one that is down needs no second look."""
    wrong = {each.subject for each in checks if each.code in PASSING and each.name == "service"}
    asked = [each for each in params["services"] if each["name"] in wrong]
    probes = service_probes(session, {**params, "services": asked})
    found = run_side_by_side(probes, 2 * session.options.timeout) if asked else []
    return not any(each.code in PASSING for each in found)


def _look(
    module: AnsibleModule, session: Session, until: float
) -> tuple[list[Check], list[dict[str, Any]]]:
    """Run all parts; their checks, and the hops of the round trip."""
    params = module.params
    parts = set(params["parts"])
    pings, probes = None, []
    pinged = Ask("ping", count=params["pings"])
    followed = [*params["collectors"], *params["exporters"]]
    trip = RoundTrip(session, params) if "roundtrip" in parts and not module.check_mode else None
    removed: list[Check] = []
    try:
        _check_servers(params, parts if followed else parts - {"metrics"})
        # /health is read after the run's own pushes, which the metrics ask for.
        pushed = threading.Event()
        ready: Callable[[], object] | None = None
        if module.check_mode:
            ready = pushed.is_set
        elif "metrics" in parts and params["collectors"]:
            ready = partial(pushed.wait, PUSH)
        if "services" in parts:
            probes += service_probes(session, params, min(SWAP, params["deadline"] / 4), ready)
            probes.append(clock_probe(session, params["services"], params["clock_offset"]))
        if "ping" in parts and params["collectors"]:
            pings = _pings(session, params)
            probes.append(Probe(pinged, partial(pings.check, until)))
        elif "ping" in parts:
            probes.append(Probe(pinged, partial(pinged.skip, "no_collectors")))
    except HttpError as error:
        fail(module, error)
    if "metrics" in parts:
        ask, push_now = Ask("metrics"), not module.check_mode
        follow = partial(_metrics, session, params, push_now, until, pushed.set)
        probes.append(Probe(ask, follow if followed else partial(ask.skip, "no_collectors")))
    if "roundtrip" in parts:
        there = partial(_there_and_back, trip, until, removed) if trip else None
        probes.append(Probe(Ask("roundtrip"), there or partial(not_pushed, params)))
    if "logs" in parts:
        probes += log_probes(session, params, not module.check_mode, until)
    checks: list[Check] = []
    try:
        with stoppable():
            try:
                # The parts keep to the deadline themselves, and return what they know by then.
                left = max(until - time.monotonic(), 0.0) + GRACE
                checks = run_side_by_side(probes, left, WORKERS)
            finally:
                with deaf():
                    # Last, so that nothing vanishes while another part still reads it.
                    checks = [*checks, *_clean(session, pings, None if removed else trip)]
    except Interrupted as error:
        fail(module, stopped(error, checks))
    checks = with_links(with_routes(checks, session, params["services"], until))
    return checks, trip.hops if trip else []


def _check_servers(params: Mapping[str, Any], parts: Collection[str]) -> None:
    """Refuse a part whose server is not given, which an argument spec cannot express of a list.

    Raises:
        HttpError: `http.option`.
    """
    for part, servers in NEEDS.items():
        for name in servers:
            if part in parts and not params[name]:
                raise HttpError.option(name, f"the server, which the part {part} needs", "none")


def _there_and_back(trip: RoundTrip, until: float, removed: list[Check]) -> list[Check]:
    """Follow the marker. If all is well, remove it while the other parts are still running.

    Args:
        removed: Gets the check of the removal, which otherwise comes at the end.
    """
    checks = trip.follow(until)
    if all(check.status == "pass" for check in checks):
        removed.append(trip.remove())
    return [*checks, *removed]


def _clean(session: Session, pings: Pings | None, trip: RoundTrip | None) -> Sequence[Check]:
    """Remove what the parts have left behind, in parallel."""
    probes = []
    if pings:
        forget = partial(pings.forget, PUSH + 3 * session.options.timeout)
        probes.append(Probe(Ask("forgotten"), forget))
    if trip:
        probes.append(Probe(REMOVED, trip.remove))
    return run_side_by_side(probes, 600)


def _metrics(
    session: Session,
    params: Mapping[str, Any],
    push_now: bool,
    until: float,
    pushed: Callable[[], object],
) -> list[Check]:
    """Run the checks of metrics_check for collectors and exporters."""
    kinds = ("collectors", "exporters")
    followed = [Collector.of(one, kind) for kind in kinds for one in params[kind]]
    try:
        return check_metrics(session, params, followed, push_now, until, pushed)
    finally:
        pushed()


def _pings(session: Session, params: Mapping[str, Any]) -> Pings:
    """Return the pings. Some options of ping_check have other names in pipeline_check."""
    named = {"count": params["pings"], "slow": params["rtt"], "forget": True}
    collectors = [Collector.of(one) for one in params["collectors"]]
    return Pings(session, {**params, **named}, collectors)
