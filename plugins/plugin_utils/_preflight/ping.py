# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role ping needs."""

from __future__ import annotations

from collections.abc import Iterator

from .._variables import raw
from . import rules
from .fault import VAULT, Fault


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Return what is wrong."""
    if v["ping_mode"] != "managed":
        return
    yield from rules.listens(v, "ping_bind_address", "ping_port", private=True)
    yield from rules.host_name(v, "ping_host")
    yield from rules.host(v, "ping_ca_host")
    for name in ("location", "datacenter", "country"):
        expected = "a text of 1 to 64 printable characters"
        yield from rules.matches(v, f"ping_{name}", r"[^\x00-\x1f\x7f]{1,64}", expected)
    yield from rules.not_ours(v, "ping_location")
    yield from rules.targets(v, "ping_scrape_target", optional=["ping_scrape_target"])
    targets = v["ping_targets"]
    if not targets:
        expected = "a collector of another region in the inventory, or targets of your own"
        yield Fault("targets.none", "ping_targets", expected, "none")
    for name in ("name", "location"):
        yield from rules.once("ping_targets", (target[name] for target in targets))
    told = _told_elsewhere(v)
    urls = [str(target["url"]).rstrip("/") for target in targets]
    for url in sorted({url for url in urls if urls.count(url) > 1}):
        yield Fault("url.twice", "ping_targets", "each collector once", rules.shown(url))
    for target in targets:
        where = f"ping_targets[{target['name']}]"
        yield from rules.url(f"{where}.url", target["url"])
        if not told and not rules.VISIBLE.fullmatch(str(target["api_key"])):
            expected = "a key of visible ASCII characters"
            seen = "empty, or with a blank or another character (not shown)"
            yield Fault("key.invalid", f"{where}.api_key", expected, seen, VAULT)
    if float(v["ping_timeout_seconds"]) > float(v["ping_interval_seconds"]):
        expected = f"at most ping_interval_seconds ({v['ping_interval_seconds']})"
        seen = str(v["ping_timeout_seconds"])
        yield Fault("value.invalid", "ping_timeout_seconds", expected, seen)


def _told_elsewhere(v: rules.Variables) -> bool:
    """Return whether the targets' keys are those of collectors whose own variables are checked."""
    derived = "vya.observability.fleet" in str(raw(v)["ping_targets"])
    return derived and {*v["groups"].get("collector", ())} <= {*v.get("ansible_play_hosts_all", ())}
