# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module grafana_bundle_info: return a server's objects in the form of the bundle."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .._http.answer import understood
from .client import grafana_for
from .kind import Kind, Task
from .registry import KINDS

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run_module(module: AnsibleModule) -> None:
    """Run the module `grafana_bundle_info`."""
    started = time.monotonic()
    params = module.params
    grafana = grafana_for(module)
    task = Task(grafana, params, KINDS)
    try:
        kinds = _kinds(params["sections"])
        with understood(grafana.url):
            grafana.learn_version()
            task.state.read(reader for kind in kinds for reader in kind.reads)
            bundle = {kind.name: kind.export(task) for kind in kinds}
        written = []
        if params["directory"]:
            files = _as_files(bundle, kinds, Path(params["directory"]))
            written = _write(files, module.check_mode)
    except Failure as error:
        fail(module, error, requests=grafana.requests)
    except OSError as error:
        failure = Failure(
            "grafana.directory_unusable",
            f"directory {params['directory']}: expected a directory that can be written; seen: "
            f"{error}; likely cause: its owner or a file of that name; next: give another one",
            directory=params["directory"],
        )
        fail(module, failure, requests=grafana.requests)
    module.exit_json(
        changed=bool(written),
        bundle=bundle,
        written=written,
        version=grafana.version_text,
        requests=grafana.requests,
        seconds=round(time.monotonic() - started, 3),
    )


def _kinds(sections: list[str] | None) -> list[Kind]:
    """Return the kinds that are asked for; without sections, all."""
    known = {kind.name: kind for kind in KINDS}
    wrong = [name for name in sections or () if name not in known]
    if wrong:
        raise Failure(
            "grafana.section_unknown",
            f"sections: expected some of {', '.join(known)}; seen: {', '.join(wrong)}; likely "
            "cause: a misspelt name; next: correct it",
            sections=wrong,
        )
    return [known[name] for name in (known if sections is None else sections)]


def _as_files(bundle: dict[str, Any], kinds: list[Kind], directory: Path) -> dict[Path, Any]:
    """Return the files of an export, with their contents."""
    files: dict[Path, Any] = {}
    for kind in kinds:
        files |= kind.files(bundle[kind.name], directory)
    return {**files, directory / "bundle.json": bundle}


def _held(path: Path) -> Any:
    """Return the JSON content of a file, or None if it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None


def _write(files: Mapping[Path, Any], check_mode: bool) -> list[str]:
    """Write the files that differ; return their paths."""
    changed = []
    for path, content in files.items():
        if _held(path) == content:
            continue
        changed.append(str(path))
        if not check_mode:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content, indent=2, ensure_ascii=False)
            path.write_text(f"{text}\n", encoding="utf-8")
    return changed
