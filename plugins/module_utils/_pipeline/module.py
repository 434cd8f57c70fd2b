# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks of a running pipeline side by side: one session, one deadline, one cleaning up."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from .._check import Check, Probe, exit_with, run_side_by_side
from .._http.session import HttpError, Session, session_for
from .._signals import Interrupted, deaf, stoppable
from .metrics.run import check_population, population_argument_spec
from .ping.arrival import PUSH, check_pings, ping_argument_spec
from .ping.forget import forget_pings
from .roundtrip.run import RoundTrip, roundtrip_argument_spec
from .services.run import service_argument_spec, service_probes

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

PARTS = ("services", "ping", "metrics", "roundtrip")
CONNECTIONS = 32  # per host: behind one proxy, all services are one host
WORKERS = 32
GRACE = 3.0  # seconds


def pipeline_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of pipeline_check, but for those of the doc fragments: its parts' own."""
    services, pings = service_argument_spec(), ping_argument_spec()
    metrics, roundtrip = population_argument_spec(), roundtrip_argument_spec()
    followed = metrics["collectors"]["options"]
    collector = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str", "required": True},
        "keys": {"type": "list", "elements": "str", "required": True, "no_log": True},
        **{name: followed[name] for name in ("job", "instance", "interval", "families")},
    }
    exporter = {name: kind for name, kind in collector.items() if name not in ("url", "keys")}
    optional = {"type": "list", "elements": "dict", "default": []}
    return {
        "parts": {"type": "list", "elements": "str", "choices": [*PARTS], "default": [*PARTS]},
        **services,
        "services": {**optional, "options": services["services"]["options"]},
        "collectors": {**optional, "options": collector},
        "exporters": {**optional, "options": exporter},
        **{name: metrics[name] for name in ("pushgateway", "prometheus", "victoriametrics")},
        "grafana": roundtrip["grafana"],
        **{
            name: metrics[name]
            for name in (
                "known_jobs",
                "catalogue_labels",
                "others",
                "ping_age",
                "ping_sources",
                "rule_groups",
                "wait",
            )
        },
        "pings": pings["count"],
        "rtt": pings["slow"],
        "clock_offset": pings["clock_offset"],
    }


def run_module(module: AnsibleModule) -> None:
    """The whole of the module C(pipeline_check)."""
    started = time.monotonic()
    params, session = module.params, session_for(module, CONNECTIONS)
    until = started + params["deadline"]
    parts, pinged = set(params["parts"]), _for_pings(params)
    if not params["collectors"]:
        parts -= {"ping"} if params["exporters"] else {"ping", "metrics"}
    trip = RoundTrip(session, params) if "roundtrip" in parts and not module.check_mode else None
    removed: list[Check] = []
    try:
        probes = service_probes(session, params) if "services" in parts else []
    except HttpError as error:
        module.fail_json(msg=str(error))
    if "ping" in parts:
        expected = "the collectors answer"
        probes.append(Probe("ping", expected, partial(check_pings, session, pinged, until)))
    if "metrics" in parts:
        follow = partial(_population, session, params, not module.check_mode, started)
        probes.append(Probe("metrics", "the collectors' metrics arrive", follow))
    if trip:
        expected = "a marker goes the whole way"
        probes.append(Probe("roundtrip", expected, partial(_there_and_back, trip, until, removed)))
    checks: list[Check] = []
    try:
        with stoppable():
            try:
                # The parts keep to the deadline themselves, and say what they know by then.
                checks = run_side_by_side(probes, params["deadline"] + GRACE, WORKERS)
            finally:
                with deaf():
                    # Last, so that nothing vanishes while another part still looks.
                    to_remove = None if removed else trip
                    asked = pinged if "ping" in parts else None
                    checks = [*checks, *_clean(session, asked, checks, to_remove)]
    except Interrupted as error:
        left = "; ".join(f"{check.id}: {check.seen}" for check in checks)
        module.fail_json(msg=f"the checks were stopped ({error}). Cleaned up: {left}")
    exit_with(module, checks, started, hops=trip.hops if trip else [])


def _there_and_back(trip: RoundTrip, until: float, removed: list[Check]) -> list[Check]:
    """Follow the marker. When all is well, remove it while the other parts still look.

    C(removed): gets the check of the removal, which otherwise comes at the end.
    """
    checks = trip.follow(until)
    if all(check.status == "pass" for check in checks):
        removed.append(trip.remove())
    return [*checks, *removed]


def _clean(
    session: Session,
    pinged: Mapping[str, Any] | None,
    checks: Sequence[Check],
    trip: RoundTrip | None,
) -> Sequence[Check]:
    """Remove what the parts have left, side by side."""
    probes = []
    if pinged:
        seconds = PUSH + 3 * session.options.timeout
        run = partial(forget_pings, session, pinged, checks, seconds)
        probes.append(Probe("forgotten", "no series of the validation is left", run))
    if trip:
        probes.append(Probe("roundtrip removed", "nothing is left of the marker", trip.remove))
    return run_side_by_side(probes, 600)


def _population(
    session: Session, params: Mapping[str, Any], push_now: bool, started: float
) -> list[Check]:
    collectors = [
        {**one, "host": one["name"], "api_url": one["url"], "api_key": one["keys"][0]}
        for one in params["collectors"]
    ]
    without_api = {"api_url": None, "api_key": None}
    exporters = [{**one, "host": one["name"], **without_api} for one in params["exporters"]]
    every = {**params, "collectors": [*collectors, *exporters]}
    return check_population(session, every, push_now, started)


def _for_pings(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of ping_check."""
    collectors = [
        {**one, "key": one["keys"][0] if one["keys"] else "", "further_keys": one["keys"][1:]}
        for one in params["collectors"]
    ]
    named = {"count": params["pings"], "slow": params["rtt"], "forget": True}
    return {**params, "collectors": collectors, **named}
