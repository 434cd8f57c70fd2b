# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders. They carry no mark, so none is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._failure import Failure
from ..client import Grafana, path_of
from ..kind import Kind, Task
from ..options import list_of, required, uid_problem
from ..problems import NOWHERE, Problem, Sentences, twice
from ..versions import NESTED_FOLDERS, SHARED_TITLES

problem = Sentences(
    folders_not_nested="Grafana {version} has no nested folders; remove parent_uid, or set "
    "when_no_nesting to flatten",
    folders_flattened="Grafana {version} has no nested folders: all are created at the top level",
    folder_parent_unknown=f"its parent {{parent!r}} is {NOWHERE}",
    folder_inside_itself="it is inside itself",
)

MOST_LISTED = 1000
Folder = Mapping[str, str]  # uid, title, parent_uid


def listed(task: Task) -> dict[str, Folder]:
    """Return the server's folders by uid, as its search lists them."""
    return {
        str(hit["uid"]): {
            "uid": str(hit["uid"]),
            "title": str(hit["title"]),
            "parent_uid": str(hit.get("folderUid") or ""),
        }
        for hit in task.state.of(Grafana.search)
        if hit.get("type") == "dash-folder"
    }


def there(task: Task) -> dict[str, Folder]:
    """Return the folders after this run, by uid."""
    return {**listed(task), **{folder["uid"]: folder for folder in task.given("folders")}}


def _with_parents(grafana: Grafana, folders: Mapping[str, Folder]) -> dict[str, Folder]:
    """Return the folders with their parents, if the search did not return them.

    One request lists the top level; only folders that are not in it are requested one by one.
    """
    unknown = [uid for uid, folder in folders.items() if not folder["parent_uid"]]
    if not unknown:
        return dict(folders)
    top = grafana.get("/api/folders", params={"limit": MOST_LISTED})
    at_the_top = {str(folder["uid"]) for folder in top}
    asked = [uid for uid in unknown if uid not in at_the_top]
    read = grafana.side_by_side(lambda uid: grafana.get(path_of("folders", uid)), asked)
    parents = {uid: str(answer.get("parentUid") or "") for uid, answer in zip(asked, read)}
    return {
        uid: {**folder, "parent_uid": parents.get(uid, folder["parent_uid"])}
        for uid, folder in folders.items()
    }


def load(value: Any, _problems: list[Problem]) -> list[Folder]:
    """Return the folders of the option, in the form of `Folder`."""
    return [{**folder, "parent_uid": folder["parent_uid"] or ""} for folder in value]


def plan(task: Task) -> None:
    """Compare the folders."""
    grafana, given, existing = task.grafana, task.given("folders"), listed(task)
    below = [folder["uid"] for folder in given if folder["parent_uid"]]
    nested = bool(below) and grafana.has_nested_folders()
    if nested or grafana.can(NESTED_FOLDERS):
        known = {f["uid"]: existing[f["uid"]] for f in given if f["uid"] in existing}
        existing |= _with_parents(grafana, known)
    if below and not nested:
        what, version = f"folders {', '.join(below)}", grafana.version_text
        if task.options["when_no_nesting"] == "flatten":
            task.plan.warnings.append(problem("folders_flattened", what, version=version))
            given = [{**folder, "parent_uid": ""} for folder in given]
        else:
            task.plan.problems.append(problem("folders_not_nested", what, version=version))
    task.plan.problems += _problems(given, existing, grafana.can(SHARED_TITLES))
    for folder in _parents_first(given):
        uid, title, before = folder["uid"], folder["title"], existing.get(folder["uid"])
        task.plan.ensure(
            ("folders", uid),
            f"folder {uid}",
            before,
            folder,
            partial(_write, grafana, before, folder),
            title=title,
            takes=("folder", folder["parent_uid"], title),
            frees=("folder", before["parent_uid"], before["title"]) if before else (),
        )


def _problems(
    given: Sequence[Folder], existing: Mapping[str, Folder], shared: bool
) -> list[Problem]:
    """Return what is wrong.

    Args:
        shared: Several may have one title.
    """
    problems = twice("folders", "uid", (folder["uid"] for folder in given))
    places = [(folder["title"], folder["parent_uid"]) for folder in given]
    if not shared:
        problems += twice("folders", "title and parent", places)
    ours = {folder["uid"]: folder for folder in given}
    taken = {(f["title"], f["parent_uid"]): u for u, f in existing.items() if u not in ours}
    taken = {} if shared else taken
    for folder, place in zip(given, places):
        what, (title, parent) = f"folder {folder['uid']}", place
        problems += uid_problem(what, folder["uid"])
        if not title.strip():
            problems.append(problem("title_empty", what))
        if parent and parent not in {*ours, *existing}:
            problems.append(problem("folder_parent_unknown", what, parent=parent))
        if place in taken:
            holder = f"folder {taken[place]}"
            problems.append(problem("title_taken", what, title=title, folder=parent, holder=holder))
        above: Folder = folder
        seen = set()
        while above and above["uid"] not in seen:
            seen.add(above["uid"])
            above = ours.get(above["parent_uid"], {})
        if above:
            problems.append(problem("folder_inside_itself", what))
    return problems


def _parents_first(given: Sequence[Folder]) -> list[Folder]:
    left, ordered = list(given), []
    while left:
        waiting = {folder["uid"] for folder in left}
        ready = [folder for folder in left if folder["parent_uid"] not in waiting]
        ordered += ready or left  # a circle is reported separately
        left = [folder for folder in left if ready and folder not in ready]
    return ordered


def _write(grafana: Grafana, before: Folder | None, folder: Folder) -> None:
    uid, title, parent = folder["uid"], folder["title"], folder["parent_uid"]
    if before is not None:
        if parent != before["parent_uid"]:
            grafana.ask("POST", path_of("folders", uid, "move"), {"parentUid": parent})
        if title != before["title"]:
            grafana.ask("PUT", path_of("folders", uid), {"title": title, "overwrite": True})
        return
    body = {"uid": uid, "title": title, **({"parentUid": parent} if parent else {})}
    made = grafana.ask("POST", "/api/folders", body).json()
    if parent and made.get("parentUid") != parent:
        raise Failure(
            "grafana.folder_not_nested",
            f"create folder {uid}: expected it inside {parent}; seen: parent "
            f"{made.get('parentUid')!r}; likely cause: nested folders are switched off; next: "
            "remove parent_uid, or set when_no_nesting to flatten",
            uid=uid,
            parent=parent,
        )


def export(task: Task) -> list[dict[str, str]]:
    """Return all folders of the server."""
    found: Mapping[str, Folder] = listed(task)
    if task.grafana.can(NESTED_FOLDERS):
        found = _with_parents(task.grafana, found)
    return [{k: v for k, v in folder.items() if v} for _uid, folder in sorted(found.items())]


KIND = Kind(
    name="folders",
    option=list_of(uid=required(), title=required(), parent_uid={"type": "str"}),
    settings={
        "when_no_nesting": {"type": "str", "choices": ["fail", "flatten"], "default": "fail"}
    },
    reads=(Grafana.search,),
    load=load,
    plan=plan,
    export=export,
)
