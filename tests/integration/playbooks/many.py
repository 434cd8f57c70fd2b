# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run playbooks on their inventories, two at once: Ansible is imported once, each is a fork.

    python many.py DIRECTORY...

A directory has ``play.yml`` and ``hosts.yml``; it gets ``output``, ``end.json`` (code, seconds).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path

from ansible.cli.playbook import PlaybookCLI
from ansible.plugins.loader import init_plugin_loader

AT_ONCE = 2


def run(directory: Path) -> int:
    """Run the playbook as ``ansible-playbook`` would, in this process."""
    os.chdir(directory)
    output = os.open("output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ["TOLD"] = str(directory / "told")
    cli = PlaybookCLI(["ansible-playbook", "-i", "hosts.yml", "play.yml"])
    cli.parse()
    code: int = cli.run()
    return code


def main(directories: list[Path]) -> None:
    """Run all, each in a fork."""
    init_plugin_loader()
    importlib.import_module("ansible_collections.vya.observability.plugins.action.preflight")
    began: dict[int, tuple[Path, float]] = {}
    while directories or began:
        while directories and len(began) < AT_ONCE:
            directory, now = directories.pop(0), time.monotonic()
            process = os.fork()
            if not process:
                code = 250
                try:
                    code = run(directory)
                finally:
                    sys.stdout.flush()
                    os._exit(code)
            began[process] = directory, now
        process, status = os.wait()
        directory, now = began.pop(process)
        end = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - now}
        (directory / "end.json").write_text(json.dumps(end))


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
