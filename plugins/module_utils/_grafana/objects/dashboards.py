# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards. Their mark is a tag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..._check import Ask
from ..client import Grafana, path_of
from ..kind import Kind, Proof, Task
from ..options import list_of
from ..problems import Problem, Sentences, same_title, twice
from ..queries.panels import Reader
from ..versions import NESTED_FOLDERS, SHARED_TITLES
from . import datasources, folders
from .dashboard_files import VOLATILE, Dashboard, load, panels_of
from .dashboard_sources import source_problems

problem = Sentences(
    dashboard_uid_of_folder="a folder has the same uid",
    library_missing="library panels {uids} are neither on the server nor in its file",
    dashboard_title_of_folder="folder {folder} at the same level has the same title {title!r}",
)

MESSAGE = "written by vya.observability.grafana_bundle"
GENERAL = "general"  # directory of an export for dashboards without a folder
Hit = Mapping[str, Any]  # of the server's search


def listed(task: Task) -> dict[str, Hit]:
    """Return the server's dashboards by uid, as its search lists them."""
    hits = task.state.of(Grafana.search)
    return {str(hit["uid"]): hit for hit in hits if hit.get("type") == "dash-db"}


def _read_each(grafana: Grafana, uids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the dashboards with their meta, one request each, in parallel."""
    paths = [path_of("dashboards", "uid", uid) for uid in uids]
    return dict(zip(uids, grafana.side_by_side(grafana.get, paths)))


def normal(content: Mapping[str, Any], folder: str, mark: str) -> dict[str, Any]:
    """Return a dashboard without version, id and mark, and its folder."""
    kept = {key: value for key, value in content.items() if key not in VOLATILE}
    kept["title"] = str(content.get("title") or "").strip()
    kept["tags"] = [tag for tag in content.get("tags") or [] if tag != mark]
    return {"folder": folder, "dashboard": kept}


def plan(task: Task) -> None:
    """Compare the dashboards."""
    wanted: list[Dashboard] = task.given("dashboards")
    existing = listed(task)
    if task.options["prune"]:
        for uid in _plan_leftovers(task, wanted, existing):
            del existing[uid]
    _check(task, wanted, existing)
    read = _read_each(task.grafana, list(dict.fromkeys(d.uid for d in wanted if d.uid in existing)))
    for dashboard in wanted:
        uid = dashboard.uid
        answer = read.get(uid) or {"dashboard": {}, "meta": {}}
        content, meta = answer["dashboard"], answer["meta"]
        folder = str(meta.get("folderUid") or "")
        task.plan.ensure(
            ("dashboards", uid),
            f"dashboard {uid}",
            normal(content, folder, task.mark) if content else None,
            normal(dashboard.content, dashboard.folder, task.mark),
            partial(_write, task, dashboard, content.get("version")),
            title=dashboard.title,
            locked=f"a file of the server ({meta.get('provisionedExternalId')})"
            if meta.get("provisioned")
            else "",
            takes=("dashboard", dashboard.folder, dashboard.title),
            frees=("dashboard", folder, str(content["title"])) if content else (),
        )


def _plan_leftovers(
    task: Task, wanted: Sequence[Dashboard], existing: Mapping[str, Hit]
) -> list[str]:
    """Delete what carries the mark and is not in the bundle; return the uids.

    This comes before the others are written, as one of them may take the title.
    """
    ours = {dashboard.uid for dashboard in wanted}
    gone = [u for u, hit in existing.items() if task.mark in hit.get("tags", []) and u not in ours]
    for uid in gone:
        title, folder = str(existing[uid]["title"]), str(existing[uid].get("folderUid") or "")
        before = {"uid": uid, "title": title, "folder": folder}
        path = path_of("dashboards", "uid", uid)
        write = partial(task.grafana.ask, "DELETE", path, expected=(200, 404))
        key, what = ("dashboards", uid), f"dashboard {uid}"
        task.plan.delete(key, what, title, before, write, last=False)
    return gone


def _check(task: Task, wanted: Sequence[Dashboard], existing: Mapping[str, Hit]) -> None:
    """Find clashes among them, with the server's, and with folders and data sources.

    Args:
        existing: The dashboards of the server, without those that will be deleted.
    """
    task.plan.problems += twice("dashboards", "uid", (dashboard.uid for dashboard in wanted))
    shared = task.grafana.can(SHARED_TITLES)
    titles = [] if shared else [(d.folder, d.title, d.uid) for d in wanted]
    for (folder, title), uids in same_title(titles):
        what = f"dashboards in folder {folder or 'General'}"
        keys = [("dashboards", uid) for uid in uids]
        task.plan.doubt(keys, twice(what, "title", [title] * len(uids)))
    ours = {dashboard.uid for dashboard in wanted}
    taken = {
        (str(hit.get("folderUid") or ""), str(hit["title"])): uid
        for uid, hit in existing.items()
        if uid not in ours and not shared
    }
    known = folders.there(task)
    at_root: dict[str, str] = {}
    if not task.grafana.can(NESTED_FOLDERS):
        at_root = {f["title"]: uid for uid, f in known.items() if not f["parent_uid"]}
    sources = datasources.there(task), datasources.now(task)
    for dashboard in wanted:
        what, title = f"dashboard {dashboard.uid} ({dashboard.source})", dashboard.title
        task.plan.warnings += [n for n in dashboard.notes if n not in task.plan.warnings]
        problems = [*dashboard.problems, *_library_problems(task, dashboard)]
        folder = dashboard.folder
        if folder and folder not in known:
            problems.append(problem("folder_unknown", what, folder=folder))
        if dashboard.uid in known:
            problems.append(problem("dashboard_uid_of_folder", what))
        if (folder, title) in taken:
            holder = f"dashboard {taken[folder, title]}"
            problems.append(problem("title_taken", what, title=title, folder=folder, holder=holder))
        if not folder and title in at_root:
            problems.append(
                problem("dashboard_title_of_folder", what, title=title, folder=at_root[title])
            )
        # If this run removes the data source, it is a problem even for unchanged dashboards.
        broken, before = (source_problems(dashboard, each) for each in sources)
        task.plan.problems += [one for one in broken if one not in before]
        problems += [one for one in broken if one in before]
        task.plan.doubt([("dashboards", dashboard.uid)], problems)


def _library_of(dashboard: Dashboard) -> dict[str, str]:
    """Return the names of its library panels by uid."""
    panels = [panel.get("libraryPanel") for panel in panels_of(dashboard.content)]
    return {
        str(one["uid"]): str(one.get("name") or "")
        for one in panels
        if isinstance(one, dict) and one.get("uid")
    }


def _missing_elements(task: Task, dashboard: Dashboard) -> list[str]:
    """Return the library panels that the server does not have.

    Source: Grafana HTTP API, GET /api/library-elements/UID.
    """
    uids = sorted(_library_of(dashboard))
    paths = [path_of("library-elements", uid) for uid in uids]
    found = task.grafana.side_by_side(
        lambda p: task.grafana.ask("GET", p, expected=(200, 404)), paths
    )
    return [uid for uid, answer in zip(uids, found) if answer.status == 404]


def _library_problems(task: Task, dashboard: Dashboard) -> list[Problem]:
    """Return library panels that are neither on the server nor in the dashboard's file."""
    missing = [u for u in _missing_elements(task, dashboard) if u not in dashboard.elements]
    return (
        [problem("library_missing", f"dashboard {dashboard.uid}", uids=missing)] if missing else []
    )


def _write_elements(task: Task, dashboard: Dashboard) -> None:
    """Create the library panels that the file brings along.

    Source: Grafana HTTP API, POST /api/library-elements.
    """
    for uid in _missing_elements(task, dashboard):
        element = dashboard.elements[uid]
        body = {
            "uid": uid,
            "name": element.get("name") or _library_of(dashboard)[uid],
            "kind": element.get("kind") or 1,
            "model": element.get("model") or {},
            **({"folderUid": dashboard.folder} if dashboard.folder else {}),
        }
        task.grafana.ask("POST", "/api/library-elements", body)


def _write(task: Task, dashboard: Dashboard, version: int | None) -> None:
    _write_elements(task, dashboard)
    tags = [tag for tag in dashboard.content.get("tags") or [] if tag != task.mark]
    content = {**dashboard.content, "id": None, "tags": [*tags, task.mark]}
    if version is not None:
        content["version"] = version  # 412 if someone else wrote in the meantime
    body = {
        "dashboard": content,
        "folderUid": dashboard.folder,
        # True would overwrite the dashboard that has this title.
        "overwrite": False,
        "message": MESSAGE,
    }
    task.grafana.ask("POST", "/api/dashboards/db", body)


def export(task: Task) -> list[dict[str, Any]]:
    """Return all dashboards of the server."""
    found = []
    for answer in _read_each(task.grafana, sorted(listed(task))).values():
        folder = str(answer["meta"].get("folderUid") or "")
        content = normal(answer["dashboard"], folder, task.mark)["dashboard"]
        found.append({"folder": folder, "content": content})
    return found


def files(exported: list[dict[str, Any]], directory: Path) -> dict[Path, Any]:
    """Return one file for each dashboard, and replace the dashboards by their paths."""
    found: dict[Path, Any] = {}
    for index, item in enumerate(exported):
        folder, content = item["folder"], item["content"]
        path = directory / "dashboards" / (folder or GENERAL) / f"{content['uid']}.json"
        found[path] = content
        exported[index] = {"folder": folder, "path": str(path)}
    return found


def proof(task: Task, changed: Collection[str] | None) -> Proof:
    """Return the panels; each must have data."""
    found, sources, window = Proof(), datasources.there(task), task.options["prove"]["window"]
    for dashboard in task.given("dashboards"):
        if changed is None or dashboard.uid in changed:
            panels = Reader(dashboard, sources, window, task.grafana).read()
            found.panels += panels.queries
            found.checks += [Ask("panel", n, window=window).skip("library") for n in panels.library]
            found.checks += [
                Ask("panel", name, window=window).skip("valueless", variables=names)
                for name, names in panels.valueless.items()
            ]
            found.checks += [
                Ask("panel", name, window=window).fail("no_source", variable=variable)
                for name, variable in panels.sourceless.items()
            ]
    return found


KIND = Kind(
    name="dashboards",
    option={
        **list_of(
            folder={"type": "str", "default": ""},
            path={"type": "path"},
            content={"type": "dict"},
            inputs={"type": "dict", "default": {}},
        ),
        "mutually_exclusive": [("path", "content")],
        "required_one_of": [("path", "content")],
    },
    reads=(Grafana.search, datasources.read),
    echoed=False,
    load=load,
    plan=plan,
    export=export,
    files=files,
    proof=proof,
)
