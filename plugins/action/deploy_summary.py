# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugin deploy_summary: what a user wants to know at the end, on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..module_utils._check import Ask
from ..module_utils._texts.text import as_data, text
from ..plugin_utils._command import near, next_command
from ..plugin_utils._fleet.read import fleet_of
from ..plugin_utils._fleet.summary import Row, addresses, next_steps
from ..plugin_utils._local_action import LocalAction
from ..plugin_utils._report.language import LANGUAGES, Language
from ..plugin_utils._report.summary import screen
from ..plugin_utils._report.translate import texts_of

ABOUT = ("host", "hosts", "everything")


class ActionModule(LocalAction):
    """Reads variables on the controller."""

    ARGUMENTS: ClassVar[dict[str, Any]] = {
        "about": {"type": "str", "choices": list(ABOUT), "default": "hosts"},
        "language": {"type": "str", "choices": list(LANGUAGES), "default": "en"},
    }

    def act(
        self, result: dict[str, Any], arguments: Mapping[str, Any], known: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Print the screen, and return what it says; of one host, fail if it was left out."""
        language = Language(arguments["language"])
        left_out, report = _left_out(known), _report(known)
        command = next_command(hosts=[*left_out, *_test_hosts(known, left_out)])
        if arguments["about"] == "host":
            check = left_out.get(known["inventory_hostname"])
            if check:
                seen = texts_of(check, language)["seen"]
                result.update(failed=True, msg=f"{seen}: {command}", code=check["code"])
                result["values"] = check["values"]
            return {**result, "changed": False}
        rows: list[Row] = []
        steps = []
        if arguments["about"] == "everything" and _is_proven(known) and not self._task.check_mode:
            fleet, among = fleet_of(self._loader, known), known["ansible_play_hosts_all"]
            rows = [*addresses(fleet, among), *_where(report)]
            drill = next_command("vya.observability.drill")
            steps = [] if left_out else list(next_steps(fleet, among, next_command(), drill))
        lines = screen(rows, left_out, command, steps, language)
        if lines:
            Display().display("\n".join(lines))
        failed = report.get("failed", False)
        result.update(
            changed=False,
            rows=as_data(rows),
            steps=as_data(steps),
            next_command=command if left_out else "",
            left_out=left_out,
            validation=str(report.get("msg", "")) if failed else "",
        )
        return result


def _is_proven(known: Mapping[str, Any]) -> bool:
    """Return whether this run's tags include the validation."""
    run, skip = known.get("ansible_run_tags", ["all"]), known.get("ansible_skip_tags", [])
    return bool({"all", "proof"} & {*run}) and "proof" not in skip


def _left_out(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a check of each host that this run has left out, in the inventory's order."""
    found = {}
    remain = known["ansible_play_hosts"]
    for host in known["ansible_play_hosts_all"]:
        of = known["hostvars"].raw_get(host)
        checks = (of.get("deploy_left_out") or {}).get(host)
        checks = checks or (of.get("deploy_reached") or {}).get("checks")
        if not checks and host not in remain:
            checks = [Ask("reach", host).fail("reach.lost").as_data()]
        if checks:
            found[host] = checks[0]
    return found


def _test_hosts(known: Mapping[str, Any], left_out: Mapping[str, Any]) -> list[str]:
    """Return the hosts without which a deploy of collectors is refused."""
    groups = known["groups"]
    collectors = groups.get("collector", [])
    if "deploy_reached" not in groups or not {*collectors} & {*left_out}:
        return []
    return [host for host in groups.get("gate", []) if host in collectors and host not in left_out]


def _report(known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result of the validation's report, if there is one."""
    for host in known["ansible_play_hosts_all"]:
        report: Mapping[str, Any] = known["hostvars"].raw_get(host).get("validate_report") or {}
        if report and not report.get("skipped"):
            return report
    return {}


def _where(report: Mapping[str, Any]) -> Iterator[Row]:
    files = report.get("files") or {}
    for form in ("html", "markdown", "json"):
        if form in files:
            yield text("summary.report"), near(str(files[form]))
            return
