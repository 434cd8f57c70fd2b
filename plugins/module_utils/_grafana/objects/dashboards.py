# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards: normal form, clashes with what the server has, and what is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..client import NESTED, Grafana, path_of
from ..options import twice
from ..plan import DASHBOARDS, ROOM, Change, Plan, Step
from .dashboard_files import VOLATILE, Dashboard, source_problems

Hit = Mapping[str, Any]  # of the server's search


def dashboards_of(hits: Sequence[Hit]) -> dict[str, Hit]:
    """The dashboards among the hits of a search, by uid."""
    return {str(hit["uid"]): hit for hit in hits if hit.get("type") == "dash-db"}


def read_dashboards(grafana: Grafana, uids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Dashboards with their meta, one request each, side by side."""
    paths = [path_of("dashboards", "uid", uid) for uid in uids]
    return dict(zip(uids, grafana.side_by_side(grafana.get, paths)))


def normal(content: Mapping[str, Any], folder: str, mark: str) -> dict[str, Any]:
    """A dashboard without version, id and mark, beside the folder that it is in."""
    kept = {key: value for key, value in content.items() if key not in VOLATILE}
    kept["tags"] = [tag for tag in content.get("tags") or [] if tag != mark]
    return {"folder": folder, "dashboard": kept}


def check_dashboards(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Dashboard],
    existing: Mapping[str, Hit],
    folders: Mapping[str, Mapping[str, str]],
    sources: tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]],
) -> None:
    """Clashes among them, with the server's, and with folders and data sources.

    C(existing): without those that will be deleted. C(folders): as they will be. C(sources): as
    they will be, and as they are now.
    """
    plan.problems += twice("dashboards: uid", (dashboard.uid for dashboard in wanted))
    places = Counter((dashboard.folder, dashboard.title) for dashboard in wanted)
    for (folder, title), number in places.items():
        if number > 1:
            same = [d.uid for d in wanted if (d.folder, d.title) == (folder, title)]
            text = f"title {title!r} is given {number} times in folder {folder or 'General'!r}"
            plan.doubt((("dashboards", uid) for uid in same), [f"dashboards: {text}"])
    ours = {dashboard.uid for dashboard in wanted}
    taken = {
        (str(hit.get("folderUid") or ""), str(hit["title"])): uid
        for uid, hit in existing.items()
        if uid not in ours
    }
    at_root = {f["title"]: uid for uid, f in folders.items() if not f["parent_uid"]}
    for dashboard in wanted:
        what = f"dashboard {dashboard.uid} ({dashboard.source})"
        problems = list(dashboard.problems)
        if dashboard.folder and dashboard.folder not in folders:
            problems.append(
                f"{what}: folder {dashboard.folder!r} is neither in the bundle nor on the server"
            )
        if dashboard.uid in folders:
            problems.append(f"{what}: its uid is that of a folder")
        holder = taken.get((dashboard.folder, dashboard.title))
        if holder:
            problems.append(
                f"{what}: its title {dashboard.title!r} is taken in that folder by dashboard "
                f"{holder}, which is not in the bundle"
            )
        if not dashboard.folder and dashboard.title in at_root and grafana.version < NESTED:
            problems.append(
                f"{what}: its title {dashboard.title!r} is that of folder "
                f"{at_root[dashboard.title]}, beside which it would be"
            )
        # What this run takes away is its own fault, whether the dashboard changes or not.
        broken, before = (source_problems(dashboard, known) for known in sources)
        plan.problems += [text for text in broken if text not in before]
        problems += [text for text in broken if text in before]
        plan.doubt([("dashboards", dashboard.uid)], problems)


def plan_dashboards(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Dashboard],
    existing: Mapping[str, Hit],
    mark: str,
    message: str,
) -> None:
    """Read the wanted ones that exist and compare them."""
    there = list(dict.fromkeys(d.uid for d in wanted if d.uid in existing))
    read = read_dashboards(grafana, there)
    for dashboard in wanted:
        uid = dashboard.uid
        after = normal(dashboard.content, dashboard.folder, mark)
        takes = ("dashboard", dashboard.folder, dashboard.title)
        if uid not in read:
            plan.changes.append(Change("dashboards", "created", uid, dashboard.title, None, after))
            run = partial(_write, grafana, dashboard, None, mark, message)
            plan.steps.append(Step(DASHBOARDS, f"create dashboard {uid}", run, takes))
            continue
        answer = read[uid]
        content, meta = answer["dashboard"], answer["meta"]
        before = normal(content, str(meta.get("folderUid") or ""), mark)
        if before == after:
            plan.same("dashboards", uid)
            continue
        if meta.get("provisioned"):
            plan.problems.append(
                f"dashboard {uid}: it differs, and is provisioned by a file of the server "
                f"({meta.get('provisionedExternalId')}), which alone can change it"
            )
        plan.changes.append(Change("dashboards", "updated", uid, dashboard.title, before, after))
        frees = ("dashboard", str(before["folder"]), str(content.get("title")))
        run = partial(_write, grafana, dashboard, content.get("version"), mark, message)
        plan.steps.append(Step(DASHBOARDS, f"update dashboard {uid}", run, takes, frees))


def leftovers(
    grafana: Grafana,
    plan: Plan,
    wanted: Sequence[Dashboard],
    existing: Mapping[str, Hit],
    mark: str,
) -> set[str]:
    """Plan the deletion of what carries the mark and is not wanted; their uids.

    It comes before the others are written, as one of them may have the title.
    """
    ours = {dashboard.uid for dashboard in wanted}
    gone = {u: hit for u, hit in existing.items() if mark in hit.get("tags", []) and u not in ours}
    for uid, hit in gone.items():
        title = str(hit["title"])
        before = {"uid": uid, "title": title, "folder": str(hit.get("folderUid") or "")}
        plan.changes.append(Change("dashboards", "deleted", uid, title, before))
        path = path_of("dashboards", "uid", uid)
        run = partial(grafana.ask, "DELETE", path, expected=(200, 404))
        plan.steps.append(Step(ROOM, f"delete dashboard {uid}", run))
    return set(gone)


def _write(
    grafana: Grafana, dashboard: Dashboard, version: int | None, mark: str, message: str
) -> None:
    tags = [tag for tag in dashboard.content.get("tags") or [] if tag != mark]
    content = {**dashboard.content, "id": None, "tags": [*tags, mark]}
    if version is not None:
        content["version"] = version  # 412 when somebody else wrote in the meantime
    body = {
        "dashboard": content,
        "folderUid": dashboard.folder,
        # With true, a title that is taken would be overwritten under its own uid.
        "overwrite": False,
        "message": message,
    }
    grafana.ask("POST", "/api/dashboards/db", body)
