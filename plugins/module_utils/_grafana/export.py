# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of the module grafana_bundle_info: a server's objects in the form of the bundle."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._http.session import HttpError
from .client import NESTED, Grafana, GrafanaError, grafana_for, path_of
from .objects.contact_points import exported as exported_point
from .objects.dashboards import normal as normal_dashboard
from .objects.dashboards import read_dashboards
from .objects.datasources import normal as normal_source
from .objects.folders import with_parents
from .objects.policy import normal_template, normal_timing
from .objects.rule import MARK_KEY, NOT_COMPARED
from .state import State, lists_of, read_state

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

GENERAL = "general"  # directory of the dashboards that are in no folder


def run_module(module: AnsibleModule) -> None:
    """The whole of the module."""
    started = time.monotonic()
    params = module.params
    grafana = grafana_for(module)
    try:
        grafana.learn_version()
        state = read_state(grafana, lists_of(params["sections"]))
        bundle = {
            section: _EXPORTS[section](grafana, state, params["mark"])
            for section in params["sections"]
        }
        written = []
        if params["directory"]:
            files = _as_files(bundle, Path(params["directory"]))
            written = _write(files, module.check_mode)
    except (GrafanaError, HttpError) as error:
        module.fail_json(msg=str(error), requests=grafana.requests)
    except OSError as error:
        module.fail_json(
            msg=f"directory {params['directory']}: expected a directory that can be written; seen: "
            f"{error}; likely cause: its owner or a file of that name; next: give another one"
        )
    module.exit_json(
        changed=bool(written),
        bundle=bundle,
        written=written,
        version=grafana.version_text,
        requests=grafana.requests,
        seconds=round(time.monotonic() - started, 3),
    )


def _organization(grafana: Grafana, _state: State, _mark: str) -> str:
    return str(grafana.get("/api/org")["name"])


def _folders(grafana: Grafana, state: State, _mark: str) -> list[dict[str, str]]:
    found: Mapping[str, Mapping[str, str]] = state.folders
    if grafana.version >= NESTED:
        found = with_parents(grafana, found)
    return [{k: v for k, v in folder.items() if v} for _uid, folder in sorted(found.items())]


def _datasources(grafana: Grafana, state: State, _mark: str) -> list[dict[str, Any]]:
    paths = [path_of("datasources", "uid", uid) for uid in sorted(state.datasources)]
    found = []
    for source in grafana.side_by_side(grafana.get, paths):
        held = source.get("secureJsonFields") or {}
        secrets = {name: None for name, is_set in sorted(held.items()) if is_set}
        one = {k: v for k, v in normal_source(source).items() if v not in ("", False, {})}
        found.append({**one, "secure_json_data": secrets} if secrets else one)
    return found


def _dashboards(grafana: Grafana, state: State, mark: str) -> list[dict[str, Any]]:
    found = []
    for answer in read_dashboards(grafana, sorted(state.hits)).values():
        folder = str(answer["meta"].get("folderUid") or "")
        content = normal_dashboard(answer["dashboard"], folder, mark)["dashboard"]
        found.append({"folder": folder, "content": content})
    return found


def _rule_groups(_grafana: Grafana, state: State, _mark: str) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for rule in state.rules.values():
        place = str(rule["folderUID"]), str(rule["ruleGroup"])
        group = groups.setdefault(
            place,
            {
                "folder": place[0],
                "name": place[1],
                "interval_seconds": rule["interval_seconds"],
                "rules": [],
            },
        )
        left_out = {*NOT_COMPARED, "interval_seconds"}
        kept = {key: value for key, value in rule.items() if key not in left_out}
        kept["annotations"] = {k: v for k, v in rule["annotations"].items() if k != MARK_KEY}
        group["rules"].append(kept)
    return [groups[place] for place in sorted(groups)]


def _contact_points(_grafana: Grafana, state: State, _mark: str) -> list[dict[str, Any]]:
    return [exported_point(point) for _uid, point in sorted(state.contact_points.items())]


def _policy(_grafana: Grafana, state: State, _mark: str) -> dict[str, Any]:
    return {key: value for key, value in state.policy.items() if key != "provenance"}


def _mute_timings(_grafana: Grafana, state: State, _mark: str) -> list[dict[str, Any]]:
    return [normal_timing(timing) for _name, timing in sorted(state.mute_timings.items())]


def _templates(_grafana: Grafana, state: State, mark: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "template": normal_template(name, template["template"], mark)}
        for name, template in sorted(state.templates.items())
    ]


_EXPORTS: dict[str, Callable[[Grafana, State, str], Any]] = {
    "organization": _organization,
    "folders": _folders,
    "datasources": _datasources,
    "dashboards": _dashboards,
    "rule_groups": _rule_groups,
    "contact_points": _contact_points,
    "notification_policy": _policy,
    "mute_timings": _mute_timings,
    "templates": _templates,
}


def _as_files(bundle: dict[str, Any], directory: Path) -> dict[Path, str]:
    """The files of an export; in C(bundle) the dashboards become paths."""
    files: dict[Path, str] = {}
    listed: list[Mapping[str, Any]] = bundle.get("dashboards", [])
    for index, item in enumerate(listed):
        folder, content = item["folder"], item["content"]
        path = directory / "dashboards" / (folder or GENERAL) / f"{content['uid']}.json"
        files[path] = _text(content)
        bundle["dashboards"][index] = {"folder": folder, "path": str(path)}
    files[directory / "bundle.json"] = _text(bundle)
    return files


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _write(files: Mapping[Path, str], check_mode: bool) -> list[str]:
    """Write what differs; the paths."""
    changed = []
    for path, text in files.items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        changed.append(str(path))
        if not check_mode:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return changed
