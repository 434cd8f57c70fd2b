# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of alert rules beside what the server has, and what is wrong with it.

The server moves, silently, a rule that is named in another group, and deletes one that is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..client import Grafana
from ..options import twice
from ..plan import Plan
from .rule import MARK_KEY, Rule, problems_of, sends_to, series_problem

SCHEDULER = 10  # seconds; the server's own interval, of which all others are multiples
PAUSES = (9, 5)  # from here on a rule can be paused
KEEPS_LAST = (10, 4)  # from here on a rule can keep its last state
SENDS = (10, 4)  # from here on a rule can name its contact point
ORDERS = (10,)  # from here on the order in which rules were put is kept, and told


@dataclass(frozen=True)
class Around:
    """What rules refer to, as it will be: folders and data sources by uid."""

    folders: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]
    sources_now: Collection[str]  # uids of those that there are
    receivers: Collection[str]  # names of contact points
    timings: Collection[str]  # names of mute timings


class Group:
    """A group that is wanted, beside the rules of the server that concern it."""

    def __init__(
        self,
        option: Mapping[str, Any],
        existing: Mapping[str, Rule],
        gone: Collection[str],
        shared: tuple[set[str], set[str]],
        around: Around,
    ) -> None:
        # Uids that this run has written, in whatever group, and of rules that gave up their titles.
        self.placed, self.freed = shared
        self.folder, self.name = str(option["folder"]), str(option["name"])
        self.label = f"{self.folder}/{self.name}"
        self.folder_title = str((around.folders.get(self.folder) or {}).get("title"))
        self.interval = int(option["interval_seconds"])
        self.rules: Sequence[Rule] = option["rules"]
        self.uids = [str(rule.get("uid")) for rule in self.rules]
        self.here = {
            uid: rule
            for uid, rule in existing.items()
            if (rule.get("folderUID"), rule.get("ruleGroup")) == (self.folder, self.name)
            and uid not in gone
        }
        # Rules of others in this group, and those that another group will take.
        self.others = {uid: rule for uid, rule in self.here.items() if uid not in self.uids}
        self.known = {uid: existing[uid] for uid in self.uids if uid in existing}

    @property
    def keys(self) -> list[tuple[str, str]]:
        """It and its rules, in the words of a plan."""
        return [("rule_groups", self.label), *(("rules", uid) for uid in self.uids)]

    def orders(self) -> tuple[list[str], list[str]]:
        """The rules of the bundle that are in it already: in their order now, and as wanted."""
        now = [uid for uid in self.here if uid in self.uids]
        return now, [uid for uid in self.uids if uid in self.here]

    def provenance(self, option: str) -> str:
        """What the group is written with: C(api), or empty for none."""
        if option != "keep":
            return "api" if option == "api" else ""
        return "" if self._held() == {""} else "api"

    def provenance_of(self, uid: str, option: str) -> str:
        """What a rule gets. Where it is mixed and to be kept, each rule has what it has."""
        if option == "keep" and uid in self.known and len(self._held()) > 1:
            return str(self.known[uid].get("provenance") or "")
        return self.provenance(option)

    def _held(self) -> set[str]:
        return {str(rule.get("provenance") or "") for rule in {**self.here, **self.known}.values()}


def check_groups(
    grafana: Grafana,
    plan: Plan,
    groups: Sequence[Group],
    existing: Mapping[str, Rule],
    gone: Collection[str],
    around: Around,
    options: Mapping[str, Any],
) -> None:
    plan.problems += twice("rule_groups: group", (group.label for group in groups))
    plan.problems += twice("rules: uid", (uid for group in groups for uid in group.uids))
    titles = Counter((group.folder, r.get("title")) for group in groups for r in group.rules)
    for (folder, title), number in titles.items():
        if number > 1:
            same = [
                ("rules", str(rule.get("uid")))
                for group in groups
                for rule in group.rules
                if (group.folder, rule.get("title")) == (folder, title)
            ]
            text = f"title {title!r} is given {number} times in folder {folder!r}"
            plan.doubt(same, [f"rules: {text}"])
    wanted = {uid for group in groups for uid in group.uids}
    taken = {
        (rule.get("folderUID"), rule.get("title")): uid
        for uid, rule in existing.items()
        if uid not in wanted and uid not in gone
    }
    for group in groups:
        what = f"rule group {group.label}"
        problems = []
        if group.folder not in around.folders:
            problems.append(
                f"{what}: folder {group.folder!r} is neither in the bundle nor on the server"
            )
        if group.interval <= 0 or group.interval % SCHEDULER:
            problems.append(
                f"{what}: interval_seconds is {group.interval}, not a multiple of {SCHEDULER}"
            )
        if not group.rules:
            plan.problems.append(
                f"{what}: it has no rules; leave it out, and prune deletes its rules"
            )
        plan.doubt(group.keys, problems + _provenance_problems(group, options["provenance"]))
        for rule in group.rules:
            _check_rule(grafana, plan, group, rule, taken, around, options["mark"])


def _check_rule(
    grafana: Grafana,
    plan: Plan,
    group: Group,
    rule: Rule,
    taken: Mapping[tuple[Any, Any], str],
    around: Around,
    mark: str,
) -> None:
    name, uid = f"rule {rule.get('title')!r}", str(rule.get("uid"))
    found = problems_of(rule, around.sources)
    before = problems_of(rule, {*around.sources, *around.sources_now})
    # What this run takes away is its own fault, whether the rule changes or not.
    plan.problems += [text for text in found if text not in before]
    problems = before + _receiver_problems(grafana, name, rule, around)
    if not problems:
        problems = series_problem(rule, around.sources, grafana.version)
    holder = taken.get((group.folder, rule.get("title")))
    if holder:
        problems.append(
            f"{name}: its title is taken in folder {group.folder!r} by rule {holder}, "
            "which is not in the bundle"
        )
    if rule.get("isPaused") and grafana.version and grafana.version < PAUSES:
        problems.append(f"{name}: Grafana {grafana.version_text} cannot pause a rule")
    states = {rule.get("noDataState"), rule.get("execErrState")}
    if "KeepLast" in states and grafana.version and grafana.version < KEEPS_LAST:
        problems.append(f"{name}: Grafana {grafana.version_text} does not know KeepLast")
    there = group.known.get(uid)
    ours = (there or {}).get("annotations", {}).get(MARK_KEY) == mark
    if there and uid not in group.here and not ours:
        problems.append(
            f"{name}: its uid {uid} is that of rule {there['title']!r} in group "
            f"{there.get('folderUID')}/{there.get('ruleGroup')}, which does not carry "
            "our mark and would be moved here"
        )
    plan.doubt([("rules", uid)], problems)


def _receiver_problems(grafana: Grafana, name: str, rule: Rule, around: Around) -> list[str]:
    if not rule.get("notification_settings"):
        return []
    if grafana.version and grafana.version < SENDS:
        return [f"{name}: Grafana {grafana.version_text} does not know notification_settings"]
    receiver, timings = sends_to(rule)
    problems = [f"{name}: mute timing {t!r} does not exist" for t in timings - {*around.timings}]
    if receiver not in around.receivers:
        problems.append(f"{name}: contact point {receiver!r} does not exist")
    return problems


def _provenance_problems(group: Group, option: str) -> list[str]:
    what = f"rule group {group.label}"
    held = {
        uid: str(rule.get("provenance") or "")
        for uid, rule in {**group.here, **group.known}.items()
    }
    foreign = {uid: p for uid, p in held.items() if p not in ("", "api")}
    if foreign:
        names = ", ".join(f"{uid} ({p})" for uid, p in sorted(foreign.items()))
        return [f"{what}: {names}: provisioned by something else, which alone can change it"]
    if option == "none" and "api" in held.values():
        names = ", ".join(sorted(uid for uid, p in held.items() if p == "api"))
        return [
            f"{what}: {names} have the provenance api, which the server does not take off again; "
            "set provenance to keep or api, or delete them first"
        ]
    mixed = {held[uid] for uid in held}
    if option == "keep" and len(mixed) > 1:
        free = ", ".join(sorted(uid for uid, p in held.items() if not p))
        return [
            f"{what}: its provenance is mixed: {free} have none, the others api; set provenance "
            "to api, which gives it to all of them"
        ]
    strangers = [uid for uid in group.others if held[uid] != group.provenance(option)]
    if strangers:
        return [
            f"{what}: {', '.join(sorted(strangers))} are in this group, not in the bundle, and "
            "have another provenance; move them to a group of their own"
        ]
    return []
