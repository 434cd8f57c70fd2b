# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules in processes of their own that need not start Python and import Ansible each time.

One process imports, and forks for each run; it is what ``python -m`` of the module is otherwise.
"""

from __future__ import annotations

import atexit
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from typing import Any

MODULES = "ansible_collections.vya.observability.plugins.modules"
NAMES = ("grafana_bundle", "grafana_bundle_info", "grafana_annotation")
_lock = threading.Lock()
_servers: list[subprocess.Popen[str]] = []


def run(name: str, arguments: dict[str, Any]) -> tuple[str, str]:
    """What the module writes to stdout and stderr."""
    with _lock:
        if not _servers:
            _servers.append(
                subprocess.Popen(
                    [sys.executable, "-m", __name__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            )
            atexit.register(_servers[0].kill)
        server = _servers[0]
        assert server.stdin
        assert server.stdout
        print(json.dumps([name, arguments]), file=server.stdin, flush=True)
        told = server.stdout.readline()
    assert told, "the process that runs modules has ended"
    stdout, stderr = json.loads(told)
    return stdout, stderr


def _child(name: str, arguments: dict[str, Any], files: list[Any]) -> None:
    """Run the module, never to return."""
    for descriptor, file in zip((1, 2), files, strict=True):
        os.dup2(file.fileno(), descriptor)
    sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps(arguments).encode()))
    sys.argv = [name]
    try:
        importlib.import_module(f"{MODULES}.{name}").main()
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _serve() -> None:
    for name in NAMES:
        importlib.import_module(f"{MODULES}.{name}")
    for line in sys.stdin:
        name, arguments = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                _child(name, arguments, [out, err])
            os.waitpid(child, 0)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read())
        print(json.dumps(texts), flush=True)


if __name__ == "__main__":
    _serve()
