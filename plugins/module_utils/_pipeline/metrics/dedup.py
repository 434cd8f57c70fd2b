# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether VictoriaMetrics keeps one of several equal samples, and all different ones.

A collector sends a batch again if its answer was lost. Without deduplication, it is stored twice.
Deduplication keeps one sample of each interval, so a long interval drops pings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..._check import Ask, Check
from ..._http.session import HttpError, Session, check_url

# A line of /flags: -NAME="VALUE"; of /metrics: flag{name="NAME", value="VALUE", is_set="true"} 1
FLAG = re.compile(r'\bdedup\.minScrapeInterval(?:",\s*value)?="([^"]*)"')
# Go's notation of a duration: 1ms, 1m0s, 1.5s; 0s is off.
PART = re.compile(r"([0-9.]+)(h|ms|m|s|us|µs|ns)")
UNITS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


def check_deduplication(
    session: Session, url: str, headers: Mapping[str, str], pings: float | None
) -> Check:
    """Check the flag `-dedup.minScrapeInterval`.

    Source: VictoriaMetrics, GET /flags and /metrics. A key can protect each, and a proxy may have
    no route to them.

    Args:
        pings: Seconds between two pings of one source; None if there are no sources.
    """
    ask, seen = Ask("deduplication"), []
    for path in ("/flags", "/metrics"):
        address = check_url(url, "victoriametrics_url") + path
        try:
            response = session.get(address, headers=headers, retries=0)
        except HttpError as error:
            seen.append(f"{path} {error.status or error.code}")
            continue
        if found := FLAG.search(response.text):
            interval = found[1]
            if not re.search("[1-9]", interval):
                return ask.warn("off")
            seconds = sum(float(n) * UNITS[unit] for n, unit in PART.findall(interval))
            if pings is not None and seconds > pings:
                return ask.warn("coarse", interval=interval, pings=pings)
            return ask.ok(interval=interval)
        seen.append(f"{path} {response.status}")
    return ask.skip("hidden", seen=seen)
