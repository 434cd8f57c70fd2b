# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module roundtrip_check: its options, its run, and the removal of what it pushed."""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._api.identify import explain
from ..._api.pushgateway import read_gateway
from ..._api.pushgateway_groups import remove_group
from ..._check import Check, exit_with
from ..._failure import fail
from ..._http.session import HttpError, Session, authorization, check_url, session_for
from ..._signals import Interrupted, deaf, stoppable
from ..options import SCRAPER, SERVER, STORE, WAIT, Spec
from ..run import stopped
from .follow import follow, on_gateway
from .marker import Marker, ask_hops, push
from .remove import ASK, left_behind, remove_marker

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SERVERS = ("pushgateway", "prometheus", "victoriametrics", "grafana")


def roundtrip_options() -> Spec:
    """Return the options of roundtrip_check that no other check module has."""
    sources = {"type": "list", "elements": "str", "required": True}
    grafana = {**SERVER, "org_id": {"type": "int"}, "data_sources": sources}
    return {
        "pushgateway": {"type": "dict", "required": True, "options": SERVER},
        "prometheus": {"type": "dict", "options": SCRAPER},
        "victoriametrics": {"type": "dict", "options": STORE},
        "grafana": {"type": "dict", "options": grafana},
        "wait": WAIT,
    }


class RoundTrip:
    """The marker of this run, and those that killed runs have left behind."""

    def __init__(self, session: Session, params: Mapping[str, Any]) -> None:
        self._session = session
        self._params = params
        self._marker = Marker(platform.node() or "unknown", secrets.token_hex(4))
        self._others: list[str] = []  # runs whose groups were left behind

    @property
    def hops(self) -> list[dict[str, Any]]:
        """Return `name` and `seconds` since the push of each hop, in order of arrival."""
        found = sorted(self._marker.hops.items(), key=lambda hop: hop[1])
        return [{"name": name, "seconds": round(seconds, 3)} for name, seconds in found]

    def follow(self, until: float) -> list[Check]:
        """Push the marker and follow it. Call `remove` afterwards.

        Args:
            until: When the time is over, by the monotonic clock.
        """
        session, options, began = self._session, self._params["pushgateway"], time.monotonic()
        ending = session.ending(until)
        hops = ask_hops(self._params)
        ask = hops.pop("gateway")
        try:
            self._clear(ending)
            push(ending, options, self._marker)
            first = on_gateway(ending, ask, options, self._marker)
        except HttpError as error:
            first = explain(session, ask, "pushgateway", options, error)
        first = replace(first, seconds=time.monotonic() - began)
        if first.status != "pass":
            return [first, *(hop.skip("not_on_gateway") for hop in hops.values())]
        return [first, *follow(session, self._params, hops, self._marker, until)]

    def _clear(self, session: Session) -> None:
        """Remove the groups that killed runs have left behind."""
        options = self._params["pushgateway"]
        headers = authorization(options)
        gateway = read_gateway(session, options["url"], headers)
        for group in left_behind(gateway, self._marker.instance, self._params["deadline"]):
            self._others.append(group.labels["run"])
            remove_group(session, options["url"], group.labels, headers)

    def remove(self) -> Check:
        """Remove the marker everywhere, and check; `follow` may still run on another thread."""
        return remove_marker(self._session, self._params, self._marker, self._others)


def not_pushed(params: Mapping[str, Any]) -> list[Check]:
    """Return the checks of check mode, in which no marker is pushed."""
    return [ask.skip("roundtrip.check_mode") for ask in (*ask_hops(params).values(), ASK)]


def run_module(module: AnsibleModule) -> None:
    """Run the module `roundtrip_check`."""
    params, started = module.params, time.monotonic()
    session = session_for(module)
    try:
        _refuse_bad_options(params)
    except HttpError as error:
        fail(module, error)
    if module.check_mode:
        exit_with(module, not_pushed(params), started, hops=[])
    trip = RoundTrip(session, params)
    cleaned: list[Check] = []
    try:
        with stoppable():
            try:
                checks = trip.follow(started + params["deadline"])
            finally:
                with deaf():
                    cleaned.append(trip.remove())
    except Interrupted as error:
        fail(module, stopped(error, cleaned))
    exit_with(module, [*checks, *cleaned], started, hops=trip.hops)


def _refuse_bad_options(params: Mapping[str, Any]) -> None:
    for name in SERVERS:
        if params[name]:
            check_url(params[name]["url"], f"{name}.url")
            authorization(params[name])
    if params["wait"] <= 0:
        raise HttpError.option("wait", "more than 0 seconds", str(params["wait"]))
