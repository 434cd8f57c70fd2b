# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organisation and folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..client import NESTED, Grafana, GrafanaError, path_of
from ..options import twice, uid_problem
from ..plan import FOLDERS, ORGANIZATION, Change, Plan, Step

MOST_LISTED = 1000
Folder = Mapping[str, str]  # uid, title, parent_uid


def plan_organization(grafana: Grafana, plan: Plan, name: str, rename: bool) -> None:
    """Compare the organisation's name; another one is renamed only where that was asked for."""
    seen = str(grafana.get("/api/org").get("name"))
    if seen == name:
        plan.same("organization", name)
    elif not rename:
        plan.problems.append(
            f"organization: expected {name!r}, these credentials are in {seen!r} (check org_id and "
            "token, or set rename_organization)"
        )
    else:
        plan.changes.append(
            Change("organization", "updated", seen, "", {"name": seen}, {"name": name})
        )
        run = partial(grafana.ask, "PUT", "/api/org", {"name": name})
        plan.steps.append(Step(ORGANIZATION, f"rename organization {seen} to {name}", run))


def folders_of(hits: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The folders among the hits of a search, by uid."""
    return {
        str(hit["uid"]): {
            "uid": str(hit["uid"]),
            "title": str(hit["title"]),
            "parent_uid": str(hit.get("folderUid") or ""),
        }
        for hit in hits
        if hit.get("type") == "dash-folder"
    }


def with_parents(grafana: Grafana, folders: Mapping[str, Folder]) -> dict[str, Folder]:
    """The folders with their parents, where the search did not tell one.

    One list gives those at the top; only what is neither there nor told is asked for alone.
    """
    unknown = [uid for uid, folder in folders.items() if not folder["parent_uid"]]
    if not unknown:
        return dict(folders)
    listed = grafana.get("/api/folders", params={"limit": MOST_LISTED})
    at_the_top = {str(folder["uid"]) for folder in listed}
    asked = [uid for uid in unknown if uid not in at_the_top]
    read = grafana.side_by_side(lambda uid: grafana.get(path_of("folders", uid)), asked)
    parents = {uid: str(answer.get("parentUid") or "") for uid, answer in zip(asked, read)}
    return {
        uid: {**folder, "parent_uid": parents.get(uid, folder["parent_uid"])}
        for uid, folder in folders.items()
    }


def plan_folders(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Mapping[str, Any]],
    existing: Mapping[str, Folder],
    when_no_nesting: str,
) -> None:
    """Compare the folders. They carry no mark, so none is ever deleted."""
    given = [{**folder, "parent_uid": folder["parent_uid"] or ""} for folder in wanted]
    nested = any(folder["parent_uid"] for folder in given) and grafana.has_nested_folders()
    if nested or grafana.version >= NESTED:
        uids = {folder["uid"] for folder in given}
        existing = {
            **existing,
            **with_parents(grafana, {uid: existing[uid] for uid in uids if uid in existing}),
        }
    if any(folder["parent_uid"] for folder in given) and not nested:
        text = f"Grafana {grafana.version_text} has no folders inside folders"
        if when_no_nesting == "flatten":
            plan.warnings.append(f"{text}: all of them are made side by side")
            given = [{**folder, "parent_uid": ""} for folder in given]
        else:
            names = ", ".join(f["uid"] for f in given if f["parent_uid"])
            plan.problems.append(
                f"folders {names}: {text}; remove parent_uid, or set when_no_nesting to flatten"
            )
    _check(plan, given, existing)
    for folder in _parents_first(given):
        _plan_one(grafana, plan, folder, existing.get(folder["uid"]))


def _check(plan: Plan, given: list[dict[str, str]], existing: Mapping[str, Folder]) -> None:
    problems = plan.problems
    problems += twice("folders: uid", (folder["uid"] for folder in given))
    ours = {folder["uid"]: folder for folder in given}
    for folder in given:
        problems += uid_problem(f"folder {folder['title']}", folder["uid"])
        if not folder["title"].strip():
            problems.append(f"folder {folder['uid']}: the title is empty")
        if folder["parent_uid"] and folder["parent_uid"] not in {*ours, *existing}:
            problems.append(
                f"folder {folder['uid']}: its parent {folder['parent_uid']} does not exist, "
                "neither in the bundle nor on the server"
            )
        above, seen = folder, set()
        while above and above["uid"] not in seen:
            seen.add(above["uid"])
            above = ours.get(above["parent_uid"], {})
        if above:
            problems.append(f"folder {folder['uid']}: it is inside itself")
    places = [(folder["title"], folder["parent_uid"]) for folder in given]
    problems += twice("folders: title and parent", places)
    for folder in given:
        for other in existing.values():
            place = other["title"], other["parent_uid"]
            if other["uid"] not in ours and place == (folder["title"], folder["parent_uid"]):
                problems.append(
                    f"folder {folder['uid']}: its title {folder['title']!r} is taken by folder "
                    f"{other['uid']} of the server"
                )


def _parents_first(given: list[dict[str, str]]) -> list[dict[str, str]]:
    left, ordered = list(given), []
    while left:
        waiting = {folder["uid"] for folder in left}
        ready = [folder for folder in left if folder["parent_uid"] not in waiting]
        ordered += ready or left  # a circle is a problem of its own
        left = [folder for folder in left if ready and folder not in ready]
    return ordered


def _plan_one(grafana: Grafana, plan: Plan, folder: dict[str, str], before: Folder | None) -> None:
    uid, title, parent = folder["uid"], folder["title"], folder["parent_uid"]
    after = {"uid": uid, "title": title, "parent_uid": parent}
    takes = ("folder", parent, title)
    if before is None:
        plan.changes.append(Change("folders", "created", uid, title, None, after))
        run = partial(_create, grafana, after)
        plan.steps.append(Step(FOLDERS, f"create folder {uid}", run, takes))
    elif dict(before) == after:
        plan.same("folders", uid)
    else:
        plan.changes.append(Change("folders", "updated", uid, title, dict(before), after))
        frees = ("folder", before["parent_uid"], before["title"])
        run = partial(_update, grafana, before, after)
        plan.steps.append(Step(FOLDERS, f"update folder {uid}", run, takes, frees))


def _create(grafana: Grafana, folder: Folder) -> None:
    body = {"uid": folder["uid"], "title": folder["title"]}
    if folder["parent_uid"]:
        body["parentUid"] = folder["parent_uid"]
    made = grafana.ask("POST", "/api/folders", body).json()
    if folder["parent_uid"] and made.get("parentUid") != folder["parent_uid"]:
        raise GrafanaError(
            f"create folder {folder['uid']}: expected it inside {folder['parent_uid']}; seen: "
            f"parent {made.get('parentUid')!r}; likely cause: nested folders are switched off; "
            "next: remove parent_uid, or set when_no_nesting to flatten"
        )


def _update(grafana: Grafana, before: Folder, after: Folder) -> None:
    path = path_of("folders", after["uid"])
    if after["parent_uid"] != before["parent_uid"]:
        grafana.ask("POST", f"{path}/move", {"parentUid": after["parent_uid"]})
    if after["title"] != before["title"]:
        grafana.ask("PUT", path, {"title": after["title"], "overwrite": True})
