# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples per second that a store takes: ``storage.py URL [SECONDS] [WRITERS]``.

URL is what /api/v1/import/prometheus follows: a VictoriaMetrics, or vminsert (or vmauth) with the
tenant's path. A user and a password in it are sent. The same lines without timestamps are sent
again and again, so that making them costs nothing. Then counts what arrived, if READ (environment)
is the URL that /api/v1/query follows.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import threading
import time
from urllib.parse import urlsplit

import requests

HOSTS, PER_HOST = 200, 150  # series of a collector, its scrapes and its share of the stack
INTERVAL = 15  # seconds between two samples of a series
LINES = 5000


def bodies() -> list[bytes]:
    """All series of the fleet, in requests of LINES lines."""
    lines = [
        f'benchmark_value{{host="wf{host:04}", series="{number}"}} {number}\n'
        for host in range(HOSTS)
        for number in range(PER_HOST)
    ]
    parts = ("".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES))
    return [gzip.compress(part.encode(), 1) for part in parts]


def main(url: str, seconds: float = 20.0, writers: int = 4) -> None:
    """Write for some seconds, and print the figures as JSON."""
    made, counts, refused = bodies(), [0] * writers, [0]
    until = time.monotonic() + seconds

    def write(number: int) -> None:
        session = requests.Session()
        session.trust_env = False
        at = number
        while time.monotonic() < until:
            answer = session.post(
                f"{url}/api/v1/import/prometheus",
                data=made[at % len(made)],
                headers={"Content-Encoding": "gzip"},
                timeout=60,
            )
            if answer.status_code // 100 == 2:
                counts[number] += LINES
            else:
                refused[0] += 1
            at += 1

    started = time.monotonic()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = sum(counts) / (time.monotonic() - started)
    found = {
        "at": urlsplit(url).path or "/",
        "series": HOSTS * PER_HOST,
        "samples_per_second": round(rate),
        "refused": refused[0],
        "hosts_at_half": int(rate / 2 / (PER_HOST / INTERVAL)),
    }
    if read := os.environ.get("READ"):
        time.sleep(35)  # the servers' latency offset
        query = {"query": "count(benchmark_value)"}
        answer = requests.get(f"{read}/api/v1/query", params=query, timeout=60).json()
        found["series_read"] = int(answer["data"]["result"][0]["value"][1])
    print(json.dumps(found))


if __name__ == "__main__":
    main(
        sys.argv[1], *(kind(value) for kind, value in zip((float, int), sys.argv[2:], strict=False))
    )
