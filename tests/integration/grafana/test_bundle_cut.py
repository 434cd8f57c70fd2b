# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""grafana_bundle cut off after any of its writes: the next run completes it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from .bundle_tools import bundle, dashboard, did, group, rule, run, source, try_bundle, whole


class Remembered:
    """What a stand-in has, to begin again from there."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.org = copy.deepcopy(server.state.orgs[1])
        server.recorder.forget()

    def restore(self) -> None:
        self.server.state.orgs[1] = copy.deepcopy(self.org)
        self.server.recorder.forget()


def test_a_run_cut_off_after_any_write_is_completed_by_the_next(
    make_grafana: Callable[..., Any],
) -> None:
    # Not the interval that a rule gets when it is posted alone, so that the last write matters.
    groups = [group(rule("r1", "Down"), rule("r2", "Down too"), interval_seconds=120)]
    given = whole(rule_groups=groups)
    server = make_grafana()
    empty = Remembered(server)
    bundle(server, **given)
    number = len(server.recorder.writes)
    assert number > 10
    intact = run(server, "grafana_bundle_info")["bundle"]
    for cut in range(number):
        empty.restore()
        server.recorder.fail(500, only_writes=True, after=cut)
        broken = try_bundle(server, **given)
        assert broken["failed"], f"after {cut} writes"
        assert broken["changed"] == (cut > 0)
        server.recorder.forget()
        assert bundle(server, **given)["changed"], f"after {cut} writes"
        # All is there, and a further run would change nothing.
        assert run(server, "grafana_bundle_info")["bundle"] == intact, f"after {cut} writes"
        assert not bundle(server, **given)["changed"], f"after {cut} writes"


def before_and_after() -> tuple[dict[str, Any], dict[str, Any]]:
    """A bundle, and one that changes, moves, renames, makes anew and prunes."""
    first = whole(
        rule_groups=[
            group(rule("r1", "A"), rule("r2", "B"), rule("gone", "C")),
            group(rule("r3", "D"), name="g2"),
        ]
    )
    # Without secrets, whose fingerprints take a tenth of a second each.
    first["datasources"][0] = source()
    del first["contact_points"][0]["secure_settings"]
    first["datasources"] += [source(uid="third", name="Third", is_default=False, user="reader")]
    first["dashboards"] += [{"folder": "f1", "content": dashboard("d3", "Three")}]
    first["templates"] += [{"name": "t2", "template": "x"}]
    mail = {"uid": "cp3", "name": "old", "type": "email", "settings": {"addresses": "c@d.e"}}
    first["contact_points"] += [mail]
    then = copy.deepcopy(first)
    then["folders"][0]["title"] = "Renamed"
    then["datasources"][0]["json_data"]["timeInterval"] = "30s"
    then["datasources"][2]["user"] = ""  # made anew
    del then["datasources"][1]
    then["dashboards"] = [
        {"folder": "f1", "content": dashboard("d1", "Two")},  # which d2 gives up
        {"folder": "f1", "content": dashboard("d2", "One, from General")},
    ]
    then["rule_groups"] = [
        group(rule("r1", "B"), rule("r3", "D"), interval_seconds=120),
        group(rule("r2", "A+"), rule("new", "C"), name="g2"),
    ]
    then["contact_points"][0]["disable_resolve_message"] = True
    del then["contact_points"][2]
    then["notification_policy"]["routes"][0]["group_wait"] = "90s"
    then["mute_timings"][0]["time_intervals"][0]["months"] = ["1:3"]
    then["templates"] = [{"name": "t1", "template": "y"}]
    return first, {**then, "prune": True, "max_deletions": 10}


@pytest.mark.long
def test_changes_moves_and_deletions_cut_off_are_completed_too(
    make_grafana: Callable[..., Any],
) -> None:
    first, then = before_and_after()
    server = make_grafana()
    bundle(server, **first)
    start = Remembered(server)
    made = bundle(server, **then)
    assert did(made, "deleted") == {
        "datasources": ["logs"],
        "dashboards": ["d3"],
        "templates": ["t2"],
        "contact_points": ["cp3"],
        "rules": ["gone"],
    }
    assert did(made, "recreated") == {"datasources": ["third"]}
    number = len(server.recorder.writes)
    assert number > 15
    intact = run(server, "grafana_bundle_info")["bundle"]
    for cut in range(number):
        start.restore()
        server.recorder.fail(500, only_writes=True, after=cut)
        assert try_bundle(server, **then)["failed"], f"after {cut} writes"
        server.recorder.forget()
        bundle(server, **then)
        assert run(server, "grafana_bundle_info")["bundle"] == intact, f"after {cut} writes"
    assert not bundle(server, **then)["changed"]
