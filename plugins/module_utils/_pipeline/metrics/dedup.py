# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether VictoriaMetrics keeps one of several equal samples.

A collector sends a batch again if its answer was lost. Without deduplication, it is stored twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..._check import Ask, Check
from ..._http.session import HttpError, Session, check_url

# A line of /flags: -NAME="VALUE"; of /metrics: flag{name="NAME", value="VALUE", is_set="true"} 1
FLAG = re.compile(r'\bdedup\.minScrapeInterval(?:",\s*value)?="([^"]*)"')


def check_deduplication(session: Session, url: str, headers: Mapping[str, str]) -> Check:
    """Check the flag `-dedup.minScrapeInterval`.

    Source: VictoriaMetrics, GET /flags and /metrics. A key can protect each, and a proxy may have
    no route to them.
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
            # Go's notation of a duration: 1ms, 1m0s; 0s is off.
            on = re.search("[1-9]", found[1])
            return ask.ok(interval=found[1]) if on else ask.warn("off")
        seen.append(f"{path} {response.status}")
    return ask.skip("hidden", seen=seen)
