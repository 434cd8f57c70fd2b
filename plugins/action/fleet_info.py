# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin fleet_info: show what runs on each host according to the inventory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.utils.display import Display

from ..plugin_utils._fleet.overview import overview
from ..plugin_utils._fleet.read import fleet_of
from ..plugin_utils._local_action import LocalAction


def lines(hosts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of the plan: a paragraph for each host, aligned."""
    for host in hosts:
        notes = [
            note
            for note, told in (("runs the checks", "checks"), ("makes the CA", "ca"))
            if host[told]
        ]
        if host["same_machine"]:
            notes.append(f"one machine with {', '.join(host['same_machine'])}")
        yield ""
        yield "  ".join([host["host"], host["address"], *notes])
        for service in host["services"]:
            what = service["role"] if service["managed"] else f"{service['role']} (existing)"
            rows = [
                *(("listens at", value) for value in service["listens"]),
                *([("is called", service["name"])] if service["name"] else []),
                *(("is asked at", value) for value in service["asked_at"]),
                *(("gets files in", value) for value in service["files_in"]),
                *(("reaches", value) for value in service["reaches"]),
            ]
            yield f"  {what:<18}{service['container']}"
            for does, value in rows:
                origin = "" if value["derived"] else ", which is set"
                yield f"    {does:<16}{value['value']:<50}{value['variable']}{origin}"
            if service["reached_by"]:
                yield f"    {'reached by':<16}{', '.join(service['reached_by'])}"


class ActionModule(LocalAction):
    """Runs on the controller."""

    def act(
        self,
        result: dict[str, Any],
        arguments: Mapping[str, Any],  # noqa: ARG002
        known: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Print the plan."""
        hosts = overview(fleet_of(self._loader, known))
        for line in lines(hosts):
            Display().display(line)
        return {**result, "changed": False, "hosts": hosts}
