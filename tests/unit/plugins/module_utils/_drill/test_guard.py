# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard that starts a stopped container again: no daemon can hold it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.vya.observability.plugins.module_utils._drill.container import GUARD
from ansible_collections.vya.observability.tests.trickling_daemon import (
    ENDLESS,
    LONGEST,
    at_socket,
    daemon,
)


def test_a_daemon_that_trickles(tmp_path: Path) -> None:
    listener, address = at_socket(tmp_path)
    quick = GUARD.replace("alarm(60)", "alarm(1)")
    assert quick != GUARD
    with daemon(listener, ENDLESS["body"]):
        done = subprocess.run(
            [sys.executable, "-c", quick, "x", "1"],
            check=False,
            capture_output=True,
            timeout=LONGEST / 2,
            env={**os.environ, "DOCKER_HOST": address},
        )
    assert done.returncode != 0
    assert done.stdout == b""
