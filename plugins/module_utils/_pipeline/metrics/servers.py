# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the servers themselves: what they say of themselves, and who is told of alerts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Union

from ..._api.identify import explain
from ..._api.prometheus import PrometheusApi
from ..._check import Ask, Check, Probe, run_side_by_side
from ..._http.session import HttpError, Session, authorization
from ..collector import Collector
from .own import Read, judge_own, read_own, read_server
from .remote_write import check_remote_write
from .told import Server, check_alertmanagers, check_notified, check_told

Made = Union[Check, Sequence[Check]]
SPARE = 3.0  # seconds to ask and to judge, after the wait


def check_servers(
    session: Session,
    params: Mapping[str, Any],
    collectors: Sequence[Collector],
    before: Mapping[str, Read],
    began: float,
    wait: float,
    until: float,
) -> list[Check]:
    """Return what is wrong with the servers themselves.

    Args:
        params: The options of metrics_check.
        before: What `read_own` returned at the beginning of the run.
        began: When that was, by the monotonic clock.
        wait: Seconds to wait for more evidence where there is some.
        until: When the time is over, by the monotonic clock.
    """
    left = max(until - time.monotonic(), 0.1)
    options = params["prometheus"]
    api = PrometheusApi(session, options["url"], authorization(options))
    now = read_own(session, params, left)
    checks = [
        each
        for kind, read in now.items()
        for each in judge_own(kind, before.get(kind), read, time.time())
    ]
    reread = partial(read_server, session, options)
    wanted = bool(params["victoriametrics"])
    wait = max(min(wait, until - time.monotonic() - SPARE), 0.0)
    old = before.get("prometheus")
    write = partial(check_remote_write, reread, api, old, wanted, wait, began)
    probes = [_probe(session, Ask("remote_write"), "prometheus", options, write)]
    if params.get("alertmanager"):
        server = Server(session, params["alertmanager"])
        at = "alertmanager", params["alertmanager"]
        sources = params["ping_sources"]

        def told() -> Check:
            return check_told(api, server, api.rules(), collectors, sources, time.time())

        url = server.options["url"]
        meant = partial(check_alertmanagers, api, server)
        probes += [
            _probe(session, Ask("alertmanagers", url=url), "prometheus", options, meant),
            _probe(session, Ask("told", url=url), *at, told),
            _probe(
                session,
                Ask("notified", url=url),
                *at,
                partial(check_notified, api, server, before.get("alertmanager") or ()),
            ),
        ]
    return checks + run_side_by_side(probes, max(until - time.monotonic(), 0.1))


def _probe(
    session: Session,
    ask: Ask,
    kind: str,
    options: Mapping[str, Any],
    run: Callable[[], Made],
) -> Probe:
    def explained() -> Made:
        try:
            return run()
        except HttpError as error:
            return explain(session, ask, kind, options, error)

    return Probe(ask, explained)
