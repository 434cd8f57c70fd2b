# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A push is followed into the stores while its collector is restarted, which ends its series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.prometheus import Series
from ansible_collections.vya.observability.plugins.module_utils._api.pushgateway import Gateway
from ansible_collections.vya.observability.plugins.module_utils._check import Check
from ansible_collections.vya.observability.plugins.module_utils._http.session import HttpError
from ansible_collections.vya.observability.plugins.module_utils._pipeline.metrics import stores

from .tools import FAMILIES, NOW, WF001, gateway, group, series

ALL = ("api_requests_total", "rtt_seconds_bucket", "rtt_seconds_sum", "rtt_seconds_count")


def stored(at: float, *names: str) -> list[Series]:
    """The push as a store shows it at a time: always its own time, and some of the others."""
    found = [series("push_time_seconds"), *(series(name) for name in (*names, "process_x"))]
    return [replace(one, at=at) for one in found]


def told(looks: Sequence[list[Series]], *after: Gateway | None) -> dict[str, Check]:
    """The checks of VictoriaMetrics, which shows one look after the other, and then the last.

    So does the gateway, which does not answer where it is None.
    """
    shown: Iterator[list[Series]] = iter(looks)
    last: list[Series] = []
    pushes = list(after)

    def newest(*_arguments: object, **_options: object) -> list[Series]:
        last[:] = next(shown, last)
        return list(last)

    def reread() -> Gateway:
        now = pushes.pop(0) if len(pushes) > 1 else pushes[0]
        if now is None:
            raise HttpError("http.refused", "GET http://127.0.0.1:9", "an answer", "refused")
        return now

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "newest", newest)
        patch.setattr(stores, "takes_promql_only", lambda _options: True)
        patch.setattr(stores, "authorization", lambda _options: {})
        options: Any = {"url": "http://127.0.0.1:9"}
        session: Any = None
        before = gateway(group(5))
        arguments = ([WF001], before, reread, {}, 0.6, session, options)
        return {one.name: one for one in stores.in_victoriametrics(*arguments)}


def test_what_a_restart_ends_for_a_moment_was_there() -> None:
    ended = stored(NOW + 2)
    found = told([stored(NOW, "api_requests_total"), stored(NOW + 1, *ALL[1:]), ended], None)
    assert (found["families"].code, found["victoriametrics"].code) == (
        "families.ok",
        "victoriametrics.ok",
    )


def test_what_the_gateway_does_not_have_any_more_is_not_asked_for() -> None:
    left = {name: kind for name, kind in FAMILIES.items() if name != "api_requests_total"}
    found = told([stored(NOW, *ALL[1:])], gateway(group(5, families=left)))
    assert found["families"].code == "families.ok"


@pytest.mark.parametrize(
    ("after", "code"),
    [
        ([gateway(group(5))], "families.dropped"),
        # The next push is on its way when the time is over.
        ([gateway(group(5)), gateway(group(1))], "families.dropped"),
        # What another push has says nothing of this one.
        ([gateway(group(1))], "families.not_arrived"),
        ([gateway()], "families.not_arrived"),
        ([None], "families.not_arrived"),
    ],
)
def test_what_has_never_come_is_dropped_from_the_push_that_came(
    after: list[Gateway | None], code: str
) -> None:
    old = [replace(one, at=NOW - 60) for one in stored(NOW, *ALL)[1:]]
    found = told([[*stored(NOW), *old]], *after)
    assert found["families"].code == code
    assert found["families"].values["missing"] == ["api_requests_total", "rtt_seconds"]


@pytest.mark.parametrize(
    ("pushed", "shown", "code"),
    [
        # Prometheus has this push, and later all of it; or a push before it, and then this one.
        ([5], [(5, ALL[:1]), (5, ALL)], "families.dropped"),
        ([2], [(5, ALL[:1]), (2, ALL)], "families.ok"),
        ([5, 2], [(5, ALL), (2, ALL)], "families.ok"),
        ([2, 1], [(5, ALL[:1])], "families.not_arrived"),
    ],
)
def test_prometheus_is_judged_by_a_push_that_the_gateway_shows_too(
    pushed: list[float], shown: list[tuple[float, tuple[str, ...]]], code: str
) -> None:
    pushes, looks = iter(pushed), iter(shown)
    last: list[Any] = [None, None]

    def query(_text: str) -> list[Series]:
        last[0] = next(looks, last[0])
        age, names = last[0]
        found = [series(name) for name in (*names, "process_x")]
        return [series("push_time_seconds", NOW - age), *found]

    def reread() -> Gateway:
        last[1] = next(pushes, last[1])
        return gateway(group(last[1]))

    api: Any = SimpleNamespace(query=query)
    assert stores._of_one_push(api, WF001, group(5), reread, 0.6).code == code
