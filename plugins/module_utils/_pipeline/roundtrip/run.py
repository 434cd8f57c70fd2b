# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module roundtrip_check: its options, and that nothing stays behind."""

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
from ..._http.session import (
    HttpError,
    Session,
    auth_argument_spec,
    authorization,
    check_url,
    session_for,
)
from ..._signals import Interrupted, deaf, stoppable
from .follow import Marker, hop_names, push_and_follow, skipped
from .remove import left_behind, remove_marker

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

SERVERS = ("pushgateway", "prometheus", "victoriametrics", "grafana")


def roundtrip_argument_spec() -> dict[str, dict[str, Any]]:
    """The options of roundtrip_check, but for those of the doc fragments."""
    server = {"url": {"type": "str", "required": True}, **auth_argument_spec()}
    prometheus = {**server, "scrape_job": {"type": "str", "default": "pushgateway"}}
    grafana = {
        **server,
        "org_id": {"type": "int"},
        "data_sources": {"type": "list", "elements": "str", "required": True},
    }
    return {
        "pushgateway": {"type": "dict", "required": True, "options": server},
        "prometheus": {"type": "dict", "options": prometheus},
        "victoriametrics": {"type": "dict", "options": server},
        "grafana": {"type": "dict", "options": grafana},
        "wait": {"type": "float", "default": 45.0},
    }


class RoundTrip:
    """One marker: what has become of it, and what earlier runs have left."""

    def __init__(self, session: Session, params: Mapping[str, Any]) -> None:
        self._session = session
        self._params = params
        self._marker = Marker(platform.node() or "unknown", secrets.token_hex(4))
        self._others: list[str] = []  # runs whose groups had been left

    @property
    def hops(self) -> list[dict[str, Any]]:
        """Name and seconds since the push, in order of arrival."""
        found = sorted(self._marker.hops.items(), key=lambda hop: hop[1])
        return [{"name": name, "seconds": round(seconds, 3)} for name, seconds in found]

    def follow(self, until: float) -> list[Check]:
        """Push it and follow it. C(until): of the monotonic clock. Call remove afterwards."""
        session, options, began = self._session, self._params["pushgateway"], time.monotonic()
        try:
            headers = authorization(options)
            gateway = read_gateway(session, options["url"], headers)
            deadline = self._params["deadline"]
            for group in left_behind(gateway, self._marker.instance, deadline):
                self._others.append(group.labels["run"])
                remove_group(session, options["url"], group.labels, headers)
        except HttpError as error:
            expected = f"Pushgateway answers at {options['url']}"
            check = explain(session, "pushgateway", options, expected, error)
            check = replace(check, id="roundtrip gateway", seconds=time.monotonic() - began)
            why = "nothing was pushed: see roundtrip gateway"
            return [check, *skipped(hop_names(self._params)[1:], why)]
        return push_and_follow(session, self._params, self._marker, until)

    def remove(self) -> Check:
        """Remove it everywhere, and look; also while follow still runs on another thread."""
        return remove_marker(self._session, self._params, self._marker, self._others)


def run_module(module: AnsibleModule) -> None:
    """The whole of the module C(roundtrip_check)."""
    params, started = module.params, time.monotonic()
    session = session_for(module)
    try:
        _refuse_bad_options(params)
    except HttpError as error:
        module.fail_json(msg=str(error))
    if module.check_mode:
        names = [*hop_names(params), "removed"]
        exit_with(module, skipped(names, "check mode: nothing is pushed"), started, hops=[])
    trip = RoundTrip(session, params)
    try:
        with stoppable():
            try:
                checks = trip.follow(started + params["deadline"])
            finally:
                with deaf():
                    removed = trip.remove()
    except Interrupted as error:
        module.fail_json(msg=f"the round trip was stopped ({error}); its marker: {removed.seen}")
    exit_with(module, [*checks, removed], started, hops=trip.hops)


def _refuse_bad_options(params: Mapping[str, Any]) -> None:
    for name in SERVERS:
        if params[name]:
            check_url(params[name]["url"], f"{name}.url")
            authorization(params[name])
    if params["wait"] <= 0:
        raise HttpError.option("wait", "more than 0 seconds", str(params["wait"]))
