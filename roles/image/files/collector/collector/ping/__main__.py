# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running service; ``collector ping`` has checked the settings and gives them on stdin."""

from __future__ import annotations

import sys

from collector.ping.plan import read_plan
from collector.ping.service import serve

if __name__ == "__main__":
    sys.exit(serve(read_plan(sys.stdin.read(), rehearse="--rehearse" in sys.argv[1:])))
