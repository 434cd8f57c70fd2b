# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Under Mitogen's strategy, each module ends with a result of its own.

All of them run in one process there, whose standard output is closed. Mitogen takes a module for
Python only if it imports from `ansible.module_utils` or `ansible_collections` by their full names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import ansible_mitogen
import yaml

from .tools import ROOT, play

HERE = {"url": "http://127.0.0.1:1"}  # where nothing listens
SERVERS = {"prometheus": HERE, "pushgateway": HERE}
# Those that handle signals, up to where they do; the others may miss their options.
OPTIONS: dict[str, dict[str, Any]] = {
    "alert_drill": {**SERVERS, "alertmanager": HERE, "alerts": ["X"]},
    "container_release": {"name": "vyatest-mitogen", "image": "x:1", "pull": "never"},
    "pipeline_check": {**SERVERS, "parts": ["services"], "services": []},
    "roundtrip_check": SERVERS,
}


def test_every_module(tmp_path: Path) -> None:
    sources = (ROOT / "plugins/modules").glob("*.py")
    modules = sorted(path.stem for path in sources if "def main" in path.read_text())
    tasks: list[dict[str, Any]] = [
        {
            f"vya.observability.{name}": OPTIONS.get(name, {}),
            "register": f"result_{name}",
            "ignore_errors": True,
        }
        for name in modules
    ]
    results = ", ".join(f"'{name}': result_{name}" for name in modules)
    content = f"{{{{ {{{results}}} | to_json }}}}"
    tasks.append({"ansible.builtin.copy": {"content": content, "dest": str(tmp_path / "results")}})
    plays = [{"hosts": "all", "gather_facts": False, "strategy": "mitogen_linear", "tasks": tasks}]
    strategies = Path(ansible_mitogen.__file__).parent / "plugins/strategy"
    config = {"ANSIBLE_STRATEGY_PLUGINS": str(strategies)}
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory = {"all": {"hosts": {"here": host}}}
    run = play(tmp_path, yaml.safe_dump(plays), inventory, environment=config)
    found = json.loads((tmp_path / "results").read_text())
    assert [name for name in modules if "module_stdout" in found[name]] == []
    # Nor at the end, when Mitogen ends its processes with a signal.
    assert "Traceback" not in run.stdout + run.stderr
    assert found["container_release"]["code"] == "release.image_missing"
    assert found["roundtrip_check"]["checks"]
