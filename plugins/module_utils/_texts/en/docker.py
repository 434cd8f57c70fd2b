# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that are not healthy: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "container": {
        "seen": "{reason}{after}",
    },
    "container.after": ", after it had been healthy for {seconds:.1f} s",
    "container.check_failed": "its healthcheck failed {failures} times in a row",
    "container.check_output": "; its healthcheck said: {output}",
    "container.exited": "it exited with code {exit_code}{error}",
    "container.killed": "it was killed (SIGKILL, exit code 137): it ran out of memory{limit}, or somebody ran docker kill or docker stop",
    "container.limit": " (limit {megabytes} MiB)",
    "container.memory_full": "{reason}; its memory is at its limit of {megabytes} MiB, and it reads {faults:.0f} pages a second from the disk again",
    "container.no_healthcheck": "it has no healthcheck, so it never counts as healthy",
    "container.not_ended": "it did not exit within {timeout:g} s",
    "container.out_of_memory": "it was killed because it ran out of memory{limit}",
    "container.restarts": "it keeps restarting",
    "container.restarts_after": "it keeps restarting ({end})",
    "container.timeout": "it was not healthy within {timeout:g} s{check}",
    "container.unhealthy": "Docker reports it as unhealthy{check}",
}
