# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of alert rules, compared with what the server has, and what is wrong with it.

The server silently moves a rule that is named in another group, and deletes one that is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..kind import Task
from ..problems import Problem, Sentences, same_title, twice
from ..provisioning import Object
from ..versions import RULE_KEEP_LAST, RULE_PAUSE, RULE_RECEIVER, SHARED_RULE_TITLES, Feature
from . import contact_points, datasources, folders, mute_timings
from .rule import Rule, carries_mark, problems_of, sends_to, series_problem

problem = Sentences(
    group_empty="it has no rules; leave it out, then prune deletes its rules",
    group_locked="{rules}: provisioned by something else, and only that can change them",
    group_keeps_provenance="{rules} have provenance api, which the server never removes; set "
    "provenance to keep or api, or delete them first",
    group_mixed_provenance="its provenance is mixed: {rules} have none, the others api; set "
    "provenance to api, which sets it on all of them",
    group_strangers="{rules} are in this group but not in the bundle, and have another "
    "provenance; move them to a group of their own",
    rule_of_another="its uid {uid} belongs to rule {title!r} in group {group}, which does not "
    "carry our mark and would be moved here",
)

SCHEDULER = 10  # seconds; the server's own interval, of which all others are multiples


class Group:
    """A desired group, and the rules of the server that concern it."""

    def __init__(
        self,
        option: Mapping[str, Any],
        existing: Mapping[str, Rule],
        gone: Collection[str],
        shared: tuple[set[str], set[str]],
        known_folders: Mapping[str, Mapping[str, Any]],
    ) -> None:
        # Uids of rules that this run has written, in any group, or whose titles it has changed.
        self.placed, self.freed = shared
        self.folder, self.name = str(option["folder"]), str(option["name"])
        self.label = f"{self.folder}/{self.name}"
        self.folder_title = str((known_folders.get(self.folder) or {}).get("title"))
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
        """Return the keys of the group and of its rules, as a plan has them."""
        return [("rule_groups", self.label), *(("rules", uid) for uid in self.uids)]

    def orders(self) -> tuple[list[str], list[str]]:
        """Return the rules of the bundle that it already has, in current and in desired order."""
        now = [uid for uid in self.here if uid in self.uids]
        return now, [uid for uid in self.uids if uid in self.here]

    def provenance(self, option: str) -> str:
        """Return the provenance that the group is written with: `api`, or empty for none."""
        if option != "keep":
            return "api" if option == "api" else ""
        return "" if self._held() == {""} else "api"

    def provenance_of(self, uid: str, option: str) -> str:
        """Return the provenance of a rule. If a mixed one is kept, each rule keeps its own."""
        if option == "keep" and uid in self.known and len(self._held()) > 1:
            return str(self.known[uid].get("provenance") or "")
        return self.provenance(option)

    def _held(self) -> set[str]:
        return {str(rule.get("provenance") or "") for rule in {**self.here, **self.known}.values()}


@dataclass(frozen=True)
class _Around:
    """What a rule is checked against."""

    sources: Mapping[str, Object]  # by uid, as they will be
    sources_now: Collection[str]  # uids
    taken: Mapping[tuple[Any, Any], str]  # folder and title: uid of the rule that has it


def check_groups(
    task: Task, groups: Sequence[Group], existing: Mapping[str, Rule], gone: Collection[str]
) -> None:
    """Find what is wrong with groups and their rules.

    Args:
        existing: The rules of the server by uid.
        gone: Uids of those that will be deleted.
    """
    plan, known_folders = task.plan, folders.there(task)
    plan.problems += twice("rule_groups", "group", (group.label for group in groups))
    plan.problems += twice("rules", "uid", (uid for group in groups for uid in group.uids))
    shared = task.grafana.can(SHARED_RULE_TITLES)
    named = [(g.folder, r.get("title"), str(r.get("uid"))) for g in groups for r in g.rules]
    named = [] if shared else named
    for (folder, title), uids in same_title(named):
        what, keys = f"rules in folder {folder}", [("rules", uid) for uid in uids]
        plan.doubt(keys, twice(what, "title", [title] * len(uids)))
    wanted = {uid for group in groups for uid in group.uids}
    taken = {
        (rule.get("folderUID"), rule.get("title")): uid
        for uid, rule in existing.items()
        if uid not in wanted and uid not in gone and not shared
    }
    around = _Around(datasources.there(task), task.state.of(datasources.read), taken)
    for group in groups:
        what = f"rule group {group.label}"
        problems = []
        if group.folder not in known_folders:
            problems.append(problem("folder_unknown", what, folder=group.folder))
        if group.interval <= 0 or group.interval % SCHEDULER:
            problems.append(
                problem("group_interval", what, interval=group.interval, step=SCHEDULER)
            )
        if not group.rules:
            plan.problems.append(problem("group_empty", what))
        plan.doubt(group.keys, problems + _provenance_problems(group, task.options["provenance"]))
        for rule in group.rules:
            _check_rule(task, group, rule, around)


def _check_rule(task: Task, group: Group, rule: Rule, around: _Around) -> None:
    name, uid = f"rule {rule.get('title')!r}", str(rule.get("uid"))
    found = problems_of(rule, around.sources)
    before = problems_of(rule, {*around.sources, *around.sources_now})
    # If this run removes what a rule needs, it is a problem even if the rule does not change.
    task.plan.problems += [one for one in found if one not in before]
    problems = before + _version_problems(task, name, rule)
    if not problems:
        problems = series_problem(rule, around.sources, task.grafana.version)
    holder = around.taken.get((group.folder, rule.get("title")))
    if holder:
        title, by = rule.get("title"), f"rule {holder}"
        problems.append(problem("title_taken", name, title=title, folder=group.folder, holder=by))
    there = group.known.get(uid)
    if there and uid not in group.here and not carries_mark(there, task.mark):
        place = f"{there.get('folderUID')}/{there.get('ruleGroup')}"
        problems.append(
            problem("rule_of_another", name, uid=uid, title=there["title"], group=place)
        )
    task.plan.doubt([("rules", uid)], problems)


def _version_problems(task: Task, name: str, rule: Rule) -> list[Problem]:
    """Return what this server does not support in a rule, and missing receivers and timings."""
    states = {rule.get("noDataState"), rule.get("execErrState")}
    sends = bool(rule.get("notification_settings"))
    needs: tuple[tuple[bool, Feature, str], ...] = (
        (bool(rule.get("isPaused")), RULE_PAUSE, "cannot pause a rule"),
        ("KeepLast" in states, RULE_KEEP_LAST, "does not know KeepLast"),
        (sends, RULE_RECEIVER, "does not know notification_settings"),
    )
    problems = [
        problem("version_too_old", name, version=task.grafana.version_text, lacks=text)
        for needed, feature, text in needs
        if needed and not task.grafana.can(feature)
    ]
    if sends and task.grafana.can(RULE_RECEIVER):
        receiver, timings = sends_to(rule)
        unknown = timings - mute_timings.there(task) if timings else ()
        problems += [problem("timing_unknown", name, name=one) for one in sorted(unknown)]
        if receiver not in contact_points.there(task):
            problems.append(problem("receiver_unknown", name, name=receiver))
    return problems


def _provenance_problems(group: Group, option: str) -> list[Problem]:
    what = f"rule group {group.label}"
    rules = sorted({**group.here, **group.known}.items())
    held = {uid: str(rule.get("provenance") or "") for uid, rule in rules}
    foreign = [f"{uid} ({by})" for uid, by in held.items() if by not in ("", "api")]
    locked = [uid for uid, by in held.items() if by == "api"]
    if foreign:
        return [problem("group_locked", what, rules=foreign)]
    if option == "none" and locked:
        return [problem("group_keeps_provenance", what, rules=locked)]
    if option == "keep" and len({*held.values()}) > 1:
        free = [uid for uid in held if uid not in locked]
        return [problem("group_mixed_provenance", what, rules=free)]
    strangers = [uid for uid in sorted(group.others) if held[uid] != group.provenance(option)]
    return [problem("group_strangers", what, rules=strangers)] if strangers else []
