#!/usr/bin/env python3
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try other people's files: what the server's own program says of each, beside what we say.

    .venv/bin/python tests/corpus.py DIRECTORY [--kind KIND]

For each file: whether the program takes it and whether the collection proves it, whether a second
run changes nothing, which secrets were shown, which panels were called broken. Its exit code is 1
if something disagrees. How to read it: docs/contributing.md.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

PROJECT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(PROJECT), str(PROJECT / ".build")]

import docker
import requests
import yaml

from ansible_collections.vya.observability.plugins.module_utils._config.masking import hidden_by
from ansible_collections.vya.observability.plugins.module_utils._config.options import texts
from tests.grafana_stand_in.server import serve
from tests.grafana_stand_in.state import Behaviour
from tests.processes import run_module

ENDINGS = {
    "alertmanager": (".yml", ".yaml"),
    "prometheus": (".yml", ".yaml"),
    "rules": (".yml", ".yaml", ".rules"),
    "traefik": (".yml", ".yaml", ".toml"),
    "dashboards": (".json",),
}
NOBODY = (65534, 65534)
NET = 0x40000000  # CLONE_NEWNET
READY = 30.0  # seconds that a server may take to start
OWN, OTHER = 19001, 19002  # ports inside the servers' network: the program's own, and ours
BUILTIN = ("datasource", "grafana", "__expr__", "default")  # sources that each Grafana has
# What Traefik says of other files of its container, and of its own start, says nothing of the file.
ELSEWHERE = re.compile("no such file|plugin|[Cc]ertificate")
REFUSALS = ("config.", "certificate.", "server.rules_", "server.refused")
BUSY = ("config.locked",)  # says nothing of the file
# Reasons of ours for not judging are no disagreement; everything else must be as the program says.
AGREE = {("accepted", "proven"), ("refused", "refused")}


@dataclass
class Verdict:
    """What was said of one file."""

    file: str
    program: str  # accepted, refused, or unknown
    ours: str  # proven, unproven, refused, or blamed
    code: str = ""  # why, if ours is not proven
    second: str = ""  # unchanged or changed, after a first run that wrote it
    leaks: int = 0  # secrets that were shown
    blamed: list[str] = field(default_factory=list)  # panels that were called broken
    said: str = ""  # by the program, or by us

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.program == "unknown" or (self.program, self.ours) in AGREE

    @property
    def good(self) -> bool:
        """Whether nothing is left to mend."""
        held = self.agrees or self.ours == "unproven"
        return held and self.second != "changed" and not self.leaks and not self.blamed

    def __str__(self) -> str:
        words = [self.program, self.ours, self.code, self.second]
        words += [f"{self.leaks} secrets shown"] if self.leaks else []
        words += [f"panels blamed: {', '.join(self.blamed)}"] if self.blamed else []
        mark = "  " if self.good else "! "
        shown = f"{mark}{self.file}: {'; '.join(word for word in words if word)}"
        return shown if self.good or not self.said else f"{shown}\n    {self.said[:400]}"


def files_of(directory: Path, kind: str | None) -> Iterator[tuple[str, Path]]:
    """Yield the files with their kinds: the one that is asked for, else that of a folder's name."""
    for path in sorted(each for each in directory.rglob("*") if each.is_file()):
        parts = [*reversed(path.relative_to(directory).parts[:-1]), directory.resolve().name]
        named = kind or next((part for part in parts if part in ENDINGS), None)
        if named and path.name.endswith(ENDINGS[named]):
            yield named, path


def image_of(service: str) -> str:
    """Return the image of a service: TEST_IMAGE_<NAME>, or the one built from packages."""
    facts = yaml.safe_load((PROJECT / "roles/observability/defaults/main.yml").read_text())
    images: dict[str, Any] = facts["observability_default_images"]
    return os.environ.get(f"TEST_IMAGE_{service.upper()}", images[service]["packages"])


@contextmanager
def network_of(container: Any) -> Iterator[None]:
    """Work in a container's network, and so do the modules that are started there."""
    container.reload()
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/proc/{container.attrs['State']['Pid']}/ns/net", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(own)
        os.close(there)
        os.close(own)


def _enter(network: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, NET):
        raise OSError(ctypes.get_errno(), "the container's network cannot be entered")


class Servers(ABC):
    """Two servers of one image in a network without interfaces: one is only asked, one is ours."""

    service = ""
    module = ""
    mount = ""
    first = ""  # a smallest file
    name = ""  # of the file that is tried
    ready = "/-/ready"

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._client = stack, docker.from_env()
        self.image = image_of(self.service)
        self._room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="corpus-")))
        self._room.chmod(0o755)
        self._own: Any = None  # the container that is only asked
        self._asked, self._ours = self._room / "asked", self._room / "ours"

    @abstractmethod
    def arguments(self, listen: int) -> list[str]:
        """Return what a server is started with."""

    def start(self) -> None:
        """Start both, and enter their network until the end."""
        self._asked.mkdir(mode=0o755)
        (self._asked / self.files("")[0]).parent.mkdir(exist_ok=True)
        self._put(self.first)
        written, _output = run_module(self.module, {**self.options(self.first), "reload": "never"})
        assert not written.get("failed"), written
        ours = self._run("ours", OTHER, self._ours, network_mode="none")
        self._own = self._run("asked", OWN, self._asked, network_mode=f"container:{ours.id}")
        self._stack.enter_context(network_of(ours))
        for port in (OWN, OTHER):
            self._wait(port)

    def _run(self, name: str, port: int, directory: Path, **more: Any) -> Any:
        container = self._client.containers.run(
            self.image,
            self.arguments(port),
            name=f"corpus-{os.getpid()}-{self.service}-{name}",
            detach=True,
            user="65534:65534",
            volumes={str(directory): {"bind": self.mount, "mode": "ro"}},
            **more,
        )
        self._stack.callback(container.remove, force=True, v=True)
        return container

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{port}{self.ready}", timeout=2).ok:
                    return
            time.sleep(0.1)
        raise SystemExit(f"corpus: no {self.service} of {self.image} answers")

    def files(self, text: str) -> tuple[str, dict[str, str]]:
        """Return the name of the file, and all files."""
        return self.name, {self.name: text}

    def _put(self, text: str) -> None:
        for name, content in self.files(text)[1].items():
            path = self._asked / name
            path.write_text(content, encoding="utf-8")
            path.chmod(0o644)

    def options(self, text: str) -> dict[str, Any]:
        """Return the module's options."""
        return {
            "path": str(self._ours),
            "image": self.image,
            "url": f"http://127.0.0.1:{OTHER}",
            "owner": NOBODY[0],
            "group": NOBODY[1],
            "mount_path": self.mount,
            "files": self.files(text)[1],
            "wait_timeout": 20,
        }

    def program(self, text: str) -> tuple[str, str]:
        """Return what the program itself says: accepted or refused, and its words."""
        self._put(text)
        try:
            answer = requests.post(f"http://127.0.0.1:{OWN}/-/reload", timeout=150)
        except requests.ConnectionError:
            said = self._own.logs(tail=3).decode("utf-8", "replace")
            self._put(self.first)
            self._own.restart(timeout=1)
            self._wait(OWN)
            return "refused", f"it ended: {said}"
        return ("accepted" if answer.ok else "refused"), answer.text.strip()

    def secrets(self, text: str) -> set[str]:
        """Return the values that the server prints as <secret>, of a file that it takes."""
        shown = self.shown()
        values = set(hidden_by(texts(shown.encode()), texts(text.encode()))) if shown else set()
        return {value for value in values if len(value) > 5}

    def shown(self) -> str:
        """Return the configuration as the program prints it."""
        return ""

    def judge(self, file: str, path: Path) -> Verdict:
        """Return what both say."""
        text = path.read_text(encoding="utf-8")
        program, said = self.program(text)
        secrets = self.secrets(text) if program == "accepted" else set()
        result, output = run_module(self.module, self.options(text))
        verdict = Verdict(file, program, *_ours(result), said=said)
        if verdict.ours == "blamed" or program == "accepted":
            verdict.said = str(result.get("msg") or result.get("warnings") or "")
        if not result.get("failed"):
            again, more = run_module(self.module, self.options(text))
            output += more
            verdict.second = "changed" if again["changed"] else "unchanged"
        verdict.leaks = sum(1 for value in secrets if json.dumps(value)[1:-1] in output)
        return verdict


def _ours(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return our verdict, and the code of what was refused."""
    if result.get("failed"):
        code = str(result.get("code"))
        refused = code.startswith(REFUSALS) and code not in BUSY
        return ("refused" if refused else "blamed"), code
    compared = not any("not " in warning for warning in result.get("warnings") or [])
    return ("proven" if result["proven"] and compared else "unproven"), ""


class Alertmanager(Servers):
    service, module, mount = "alertmanager", "alertmanager_config", "/etc/alertmanager"
    name, first = "alertmanager.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n"

    def arguments(self, listen: int) -> list[str]:
        return [
            f"--config.file={self.mount}/{self.name}",
            "--storage.path=/tmp",
            "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{listen}",
        ]

    def shown(self) -> str:
        url = f"http://127.0.0.1:{OWN}/api/v2/status"
        return str(requests.get(url, timeout=10).json()["config"]["original"])


class Prometheus(Servers):
    service, module, mount = "prometheus", "prometheus_config", "/etc/prometheus"
    name, first = "prometheus.yml", "global: {}\n"

    def arguments(self, listen: int) -> list[str]:
        return [
            f"--config.file={self.mount}/prometheus.yml",
            f"--storage.tsdb.path=/tmp/data-{listen}",
            "--web.enable-lifecycle",
            f"--web.listen-address=127.0.0.1:{listen}",
        ]

    def shown(self) -> str:
        url = f"http://127.0.0.1:{OWN}/api/v1/status/config"
        return str(requests.get(url, timeout=10).json()["data"]["yaml"])


class Rules(Prometheus):
    name, first = "rules/rules.yml", "groups: []\n"

    def files(self, text: str) -> tuple[str, dict[str, str]]:
        main = "rule_files: [rules/*.yml]\n"
        return self.name, {"prometheus.yml": main, self.name: text}

    def shown(self) -> str:
        return ""


class Traefik(Servers):
    service, module, mount = "traefik", "traefik_config", "/etc/traefik/dynamic"
    name, ready = "routes.yml", "/api/version"
    first = 'http: {services: {a: {loadBalancer: {servers: [{url: "http://127.0.0.1:9"}]}}}}\n'
    entry_points: ClassVar[dict[str, str]] = {}

    @classmethod
    def learn(cls, paths: Sequence[Path]) -> None:
        """Take the names of entry points in the files, so that none is missing."""
        found = {"web", "websecure"}
        for path in paths:
            text = path.read_text(encoding="utf-8", errors="replace")
            for listed in re.findall(
                r"(?i)entryPoints[\"']?\s*[:=]\s*((?:\[[^\]]*\])|(?:\s+- .*)+)", text
            ):
                found |= set(re.findall(r"[A-Za-z][\w-]*", listed))
        points = sorted(found - {"traefik", "asDefault"})
        cls.entry_points = {name: f":{20000 + n}" for n, name in enumerate(points)}

    def arguments(self, listen: int) -> list[str]:
        shift = listen - OWN
        return [
            f"--providers.file.directory={self.mount}",
            "--providers.file.watch=true",
            "--api.insecure=true",
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
            "--log.level=DEBUG",
            "--log.format=json",
            f"--entrypoints.traefik.address=127.0.0.1:{listen}",
            *(
                f"--entrypoints.{name}.address=:{int(port[1:]) + shift * 20000}"
                for name, port in self.entry_points.items()
            ),
        ]

    def files(self, text: str) -> tuple[str, dict[str, str]]:
        # What Traefik does not read, so that the directory is known as ours with any name.
        return self.name, {self.name: text, "corpus.txt": "x"}

    def judge(self, file: str, path: Path) -> Verdict:
        self.name = "routes.toml" if path.suffix == ".toml" else "routes.yml"
        return super().judge(file, path)

    def options(self, text: str) -> dict[str, Any]:
        return {**super().options(text), "entry_points": list(self.entry_points)}

    def program(self, text: str) -> tuple[str, str]:
        """Return what a Traefik says that is started with the file alone."""
        shutil.rmtree(self._room / "alone", ignore_errors=True)
        alone = self._room / "alone"
        alone.mkdir(mode=0o755)
        (alone / self.name).write_text(text, encoding="utf-8")
        container = self._client.containers.run(
            self.image,
            self.arguments(OWN),
            name=f"corpus-{os.getpid()}-traefik-alone",
            detach=True,
            user="65534:65534",
            network_mode="none",
            volumes={str(alone): {"bind": self.mount, "mode": "ro"}},
        )
        try:
            return self._loaded(container)
        finally:
            container.remove(force=True, v=True)

    def _loaded(self, container: Any) -> tuple[str, str]:
        deadline, log = time.monotonic() + READY, ""
        while time.monotonic() < deadline:
            log = container.logs().decode("utf-8", "replace")
            broken = [
                line for line in log.splitlines() if "file.Provider" in line or "fatal" in line
            ]
            wrong = [line for line in broken if re.search(r'"level":"(error|fatal|panic)"', line)]
            if wrong:
                return "refused", wrong[0]
            if "Configuration received" in log:
                self._wait_for_rest(container, log)
                log = container.logs().decode("utf-8", "replace")
                lines = [line for line in log.splitlines() if '"level":"error"' in line]
                lines = [line for line in lines if not ELSEWHERE.search(line)]
                return ("refused", lines[0]) if lines else ("accepted", "")
            time.sleep(0.05)
        return "unknown", log[-400:]

    @staticmethod
    def _wait_for_rest(container: Any, log: str) -> None:
        """Wait until a second passes without a line more."""
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline:
            time.sleep(1)
            before, log = log, container.logs().decode("utf-8", "replace")
            if log == before:
                return


class Dashboards:
    """A Grafana: the one of --grafana, else the stand-in, which has no verdict of its own."""

    def __init__(self, stack: ExitStack, url: str, user: str, password: str) -> None:
        self._real = bool(url)
        self._url = url or stack.enter_context(serve(Behaviour("9.4.0-pre"), (user, password))).url
        self._login = (user, password)
        self._metrics = "http://127.0.0.1:9"

    def start(self) -> None:
        """Use a Prometheus if one is named."""
        self._metrics = os.environ.get("CORPUS_PROMETHEUS", self._metrics)

    def judge(self, file: str, path: Path) -> Verdict:
        """Return what both say."""
        program, said = self._import(path) if self._real else ("unknown", "")
        options = self._options(path)
        result, _output = run_module("grafana_bundle", options)
        failed = bool(result.get("failed"))
        code = str(result.get("code") or "") if failed else ""
        problems = (result.get("values") or {}).get("problems") or []
        codes = sorted({one["code"] for one in problems}) or [code]
        verdict = Verdict(file, program, "refused" if failed else "proven", " ".join(codes))
        verdict.said = str(result.get("msg") or said)
        if failed:
            return verdict
        checks = [one for one in result.get("checks") or [] if one["name"] == "panel"]
        # A source that is down says nothing of its panels.
        bad = [c for c in checks if c["status"] == "fail" and c["code"] != "panel.source_down"]
        verdict.blamed = [f"{one['subject']} ({one['code']})" for one in bad]
        verdict.said = str([one["seen"] for one in bad])
        again, _output = run_module("grafana_bundle", options)
        verdict.second = "changed" if again.get("changed") else "unchanged"
        if verdict.second == "changed":
            verdict.said = json.dumps(again.get("diff"))
        return verdict

    def _import(self, path: Path) -> tuple[str, str]:
        """Let Grafana import it, and remove it again.

        Source: Grafana HTTP API, POST /api/dashboards/import.
        """
        content = _content(path)
        given = [
            {**one, "value": one.get("value") or f"corpus-{one.get('pluginId')}"}
            for one in (content.get("__inputs") or [])
        ]
        body = {
            "dashboard": {**content, "uid": "corpus-import", "id": None},
            "inputs": given,
            "overwrite": True,
        }
        url = f"{self._url}/api/dashboards"
        answer = requests.post(f"{url}/import", json=body, auth=self._login, timeout=30)
        if answer.ok:
            requests.delete(f"{url}/uid/corpus-import", auth=self._login, timeout=30)
        return ("accepted" if answer.ok else "refused"), answer.text

    def _options(self, path: Path) -> dict[str, Any]:
        content = _content(path)
        inputs = content.get("__inputs") or []
        given = {
            str(one.get("name")): f"corpus-{one.get('pluginId')}"
            for one in inputs
            if one.get("type") == "datasource" and one.get("pluginId") not in BUILTIN
        }
        sources = {"corpus-prometheus": self._source("corpus-prometheus", "prometheus", True)}
        for one in inputs:
            if one.get("type") == "datasource" and one.get("pluginId") not in BUILTIN:
                uid = f"corpus-{one.get('pluginId')}"
                sources.setdefault(uid, self._source(uid, str(one.get("pluginId"))))
        for name, kind in _references(content):
            if kind in BUILTIN or name in BUILTIN:
                continue
            if name and "$" not in name and "[[" not in name and not name.startswith("-- "):
                uid = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:40]
                sources.setdefault(uid, {**self._source(uid, kind or "prometheus"), "name": name})
            elif not name and kind and kind not in {one["type"] for one in sources.values()}:
                sources[f"corpus-{kind}"] = self._source(f"corpus-{kind}"[:40], kind)
        for one in (content.get("templating") or {}).get("list") or []:
            kind = str(one.get("query"))
            if one.get("type") == "datasource" and "$" not in kind and kind not in BUILTIN:
                uid = f"corpus-{kind}"[:40]
                sources.setdefault(uid, self._source(uid, kind))
        return {
            "url": self._url,
            "url_username": self._login[0],
            "url_password": self._login[1],
            "datasources": list(sources.values()),
            "dashboards": [{"path": str(path), "inputs": given}],
            "prove": {"scope": "all", "empty": "pass", "window": 300},
            "fail_on": "never",
        }

    def _source(self, uid: str, kind: str, default: bool = False) -> dict[str, Any]:
        return {"uid": uid, "name": uid, "type": kind, "url": self._metrics, "is_default": default}


def _content(path: Path) -> dict[str, Any]:
    with suppress(ValueError):
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        if isinstance(content, dict):
            inner = content.get("dashboard")
            return inner if isinstance(inner, dict) else content
    return {}


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield name or uid, and type, of the data sources that a dashboard refers to."""
    if isinstance(value, dict):
        held = value.get("datasource")
        if isinstance(held, str):
            yield held, ""
        elif isinstance(held, dict):
            yield str(held.get("uid") or ""), str(held.get("type") or "")
        for below in value.values():
            yield from _references(below)
    elif isinstance(value, list):
        for below in value:
            yield from _references(below)


KINDS: dict[str, type[Servers]] = {
    "alertmanager": Alertmanager,
    "prometheus": Prometheus,
    "rules": Rules,
    "traefik": Traefik,
}


def run(
    kind: str, paths: Sequence[Path], top: Path, make: Callable[[ExitStack], Any]
) -> list[Verdict]:
    """Return the verdicts on the files of one kind, and print each."""
    found = []
    if kind == "traefik":
        Traefik.learn(paths)
    with ExitStack() as stack:
        servers = make(stack)
        servers.start()
        for path in paths:
            file = str(path.relative_to(top))
            try:
                verdict = servers.judge(file, path)
            except UnicodeDecodeError:
                continue  # no text: it cannot be given to a module
            except (AssertionError, subprocess.TimeoutExpired, requests.RequestException):
                said = traceback.format_exc(limit=1).strip().rpartition("\n")[2]
                verdict = Verdict(file, "unknown", "blamed", "crash", said=said)
                verdict.blamed = ["it was not judged"]
            found.append(verdict)
            print(verdict, flush=True)
    return found


def summary(kind: str, found: Sequence[Verdict]) -> str:
    """Return the figures of one kind in a line."""
    said = Counter((one.program, one.ours) for one in found)
    accepted = sum(count for (program, _ours), count in said.items() if program == "accepted")
    refused = sum(count for (program, _ours), count in said.items() if program == "refused")
    second = [one.second for one in found if one.second]
    return (
        f"{kind}: {len(found)} files; accepted {accepted}, proven {said['accepted', 'proven']}, "
        f"not judged {said['accepted', 'unproven']}; "
        f"refused {refused}, by us, too, {said['refused', 'refused']}; "
        f"second run unchanged {second.count('unchanged')} of {len(second)}; "
        f"secrets shown in {sum(1 for one in found if one.leaks)}; "
        f"panels blamed {sum(len(one.blamed) for one in found)}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--kind", choices=sorted(ENDINGS), help="without: by the folders' names")
    parser.add_argument("--grafana", default="", help="URL of a throw-away server; without: ours")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="admin")
    given = parser.parse_args(arguments)
    by_kind: dict[str, list[Path]] = {}
    for kind, path in files_of(given.directory, given.kind):
        by_kind.setdefault(kind, []).append(path)
    if not by_kind:
        parser.error(f"{given.directory}: no files of a known kind; name one with --kind")
    lines, good = [], True
    for kind, paths in by_kind.items():

        def make(stack: ExitStack, kind: str = kind) -> Any:
            if kind == "dashboards":
                return Dashboards(stack, given.grafana.rstrip("/"), given.user, given.password)
            return KINDS[kind](stack)

        found = run(kind, paths, given.directory, make)
        good = good and all(one.good for one in found)
        lines.append(summary(kind, found))
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
