# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a release there, healthy, as deployed, and does it stay up?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._docker.ports import read_port
from ansible_collections.vya.observability.plugins.module_utils._release.options import (
    argument_spec,
)
from ansible_collections.vya.observability.plugins.module_utils._release.parse import parse
from ansible_collections.vya.observability.plugins.module_utils._release.slots import Slots
from ansible_collections.vya.observability.plugins.module_utils._release.store import Store
from ansible_collections.vya.observability.plugins.module_utils._release_check import (
    configuration,
    release,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check.checks import (
    configuration_check,
    missing_check,
    restarts_check,
    running_check,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check.release import masked
from ansible_collections.vya.observability.plugins.module_utils._texts.text import Text, text

from .tools import NEW, TAG, container, look

LOG = text("log_lines", lines=["boom"])


def state(code: str, **values: Any) -> Text:
    return text("container.state", reason=text(f"container.{code}", **values), after="")


EXITED = state("exited", exit_code=0, error="")
BOUND = {"PortBindings": {"8443/tcp": [{"HostIp": "10.0.0.1", "HostPort": "443"}]}}
STOPPED = container(state={"Running": False, "Status": "exited"}, HostConfig=BOUND)
BROKEN = container(state={"Running": False, "Status": "exited", "ExitCode": 3}, HostConfig=BOUND)
PAUSED = container(state={"Paused": True}, HostConfig=BOUND)
CLOSED = {"address": "10.0.0.1", "port": 443}


@pytest.mark.parametrize(
    ("current", "previous", "unhealthy", "status", "code"),
    [
        (None, None, None, "pass", "ok"),
        (STOPPED, None, EXITED, "fail", "stopped"),
        (BROKEN, None, state("exited", exit_code=3, error=""), "fail", "unhealthy"),
        (BROKEN, container(NEW), state("exited", exit_code=3), "fail", "unhealthy.replaced"),
        (None, None, state("no_healthcheck"), "fail", "no_healthcheck"),
        (
            BROKEN,
            None,
            state("memory_full", reason=text("container.unhealthy"), megabytes=64, faults=90.0),
            "fail",
            "memory_full",
        ),
        (PAUSED, None, None, "fail", "paused"),
        # The release before runs too: a swap was killed before it was stopped for good.
        (None, container(NEW), None, "warn", "left"),
    ],
)
def test_running(
    current: Any, previous: Any, unhealthy: Text | None, status: str, code: str
) -> None:
    found = running_check(look(current, previous=previous), unhealthy, LOG if unhealthy else None)
    assert (found.id, found.status, found.code) == ("running h app", status, f"running.{code}")
    assert found.values["closed_ports"] == ([CLOSED] if current else [])
    if unhealthy:
        assert found.values["also"][:2] == [unhealthy, LOG]
    if previous and not unhealthy:
        left = text("running_container", name="app.previous")
        assert found.values["also"] == [text("left_by_swap", containers=[left])]


@pytest.mark.parametrize(
    ("slots", "here", "code", "values"),
    [
        (Slots(), ["other"], "never_deployed", {"here": ["other"]}),
        (Slots(), [], "never_deployed", {"here": text("nothing")}),
        (Slots(), ["app"], "removed", {"closed_ports": [CLOSED]}),
        # The one before is kept after each deploy.
        (Slots(previous=STOPPED), ["app"], "removed", {"closed_ports": [CLOSED]}),
        (
            Slots(previous=STOPPED, next=STOPPED),
            ["app"],
            "interrupted",
            {"left": ["app.next", "app.previous"]},
        ),
    ],
)
def test_missing(slots: Slots, here: list[str], code: str, values: dict[str, Any]) -> None:
    ports = [read_port(port) for port in ("10.0.0.1:443:8443", "10.0.0.1:53:53/udp")]
    found = missing_check(Ask("running", "h app"), "app", slots, here, ports=ports)
    assert (found.status, found.code, found.values) == ("fail", f"running.{code}", values)


def test_renamed() -> None:
    found = missing_check(Ask("running", "h app"), "app", Slots(), ["app"], ["app-old"])
    assert (found.code, found.values) == (
        "running.renamed",
        {"container": "app", "names": ["app-old"]},
    )


def test_what_all_kept_releases_publish_is_closed(tmp_path: Path) -> None:
    store, owner = Store(str(tmp_path), "app"), (os.geteuid(), os.getegid())
    assert release.deployed_ports(store) == []
    always = "10.0.0.1:443:8443"
    for number, ports in enumerate(([always], ["80:80", always])):
        made = f"20261201T00000{number}Z-abcdef"
        store.write(made, [], owner, {"options": {"ports": ports}})
        assert read_port(always) in release.deployed_ports(store)
    assert release.deployed_ports(store) == [read_port(always)]
    store.write("20261201T000003Z-abcdef", [], owner, {"options": {}})
    assert release.deployed_ports(store) == []


UNLABELLED = container(labels={"release": ""})


@pytest.mark.parametrize(
    ("current", "adopted", "differences", "status", "code"),
    [
        (None, False, [], "pass", "ok"),
        (
            None,
            False,
            [text("differs.no_image")],
            "fail",
            "changed",
        ),
        (UNLABELLED, False, [], "fail", "recreated"),
        (UNLABELLED, True, [], "warn", "adopted"),
    ],
)
def test_configuration(
    current: Any, adopted: bool, differences: list[Text], status: str, code: str
) -> None:
    found = configuration_check(look(current, adopted=adopted), differences)
    assert (found.status, found.code) == (status, f"configuration.{code}")


@pytest.mark.parametrize(
    ("restarts", "state", "code"),
    [
        (2, {}, "ok"),
        (3, {"Restarting": True, "ExitCode": 7}, "ends"),
        (0, {"OOMKilled": True, "ExitCode": 137, "Running": False}, "out_of_memory"),
        # Docker now and then misses why the kernel killed it.
        (3, {"Restarting": True, "ExitCode": 137}, "killed"),
    ],
)
def test_restarts(restarts: int, state: dict[str, Any], code: str) -> None:
    found = restarts_check(look(container(restarts=restarts, state=state)), 2, LOG)
    assert (found.status, found.code) == ("pass" if code == "ok" else "fail", f"restarts.{code}")
    assert (found.values["restarts"], found.values["limit"]) == (restarts, 64)
    if state.get("Restarting"):
        told = text("exit_code", exit_code=state["ExitCode"])
        assert found.values["also"] == [text("restart_under_way"), told, LOG]


@pytest.mark.parametrize(
    ("restarts", "since", "state", "outcome"),
    [
        (0, 60, {"OOMKilled": True}, "pass restarts.child_out_of_memory"),
        (3, 60, {}, "fail restarts.ends"),
        (3, 2 * 3600, {}, "warn restarts.earlier"),
        (3, 2 * 3600, {"Restarting": True, "ExitCode": 1}, "fail restarts.ends"),
        (3, 30 * 3600, {"OOMKilled": True}, "pass restarts.long_ago"),
    ],
)
def test_only_what_is_new_accuses(
    restarts: int, since: float, state: dict[str, Any], outcome: str
) -> None:
    started = datetime.now(UTC) - timedelta(seconds=since)
    state = {**state, "StartedAt": f"{started:%Y-%m-%dT%H:%M:%S}.5Z"}
    found = restarts_check(look(container(restarts=restarts, state=state)), 2, LOG)
    assert f"{found.status} {found.code}" == outcome


def test_what_a_container_wrote_is_masked_or_left_out() -> None:
    check = text("container.check_output", output="password is hunter2-hunter2")
    late = text("container.state", reason=text("container.timeout", timeout=5.0, check=check))
    shown = str(masked(late, ["hunter2-hunter2"]))
    assert "hunter2" not in shown
    assert "password is" in shown
    assert "password is" not in str(masked(late, [], ["check"]))


def test_the_spec_is_the_one_of_the_deploy(tmp_path: Path) -> None:
    """Its digest is, with whatever options, after it went through the record."""
    options: dict[str, Any] = {
        "name": "app",
        "image": TAG,
        "command": "serve --now",
        "environment": {"A": True, "B": 2},
        "ports": ["[::1]:53:53/udp", "8080:80"],
        "networks": [{"name": "one", "aliases": ["b", "a"]}],
        "volumes": [{"source": "/data", "target": "/data", "read_only": True, "owner": "1:2"}],
        "files": [{"path": "/etc/x", "content": "x\n", "mode": "0440"}],
        "secrets": [{"path": "/run/y", "content": "y", "mode": "0400"}],
        "healthcheck": {"test": "true", "interval": 5, "timeout": 1, "retries": 1,
                        "start_period": 0},
        "tmpfs": ["/tmp:size=1m"],
        "memory": "64m",
        "cpus": 0.5,
    }  # fmt: skip
    spec = parse({**{k: v.get("default") for k, v in argument_spec().items()}, **options})
    store = Store(str(tmp_path), "app")
    owner = (os.geteuid(), os.getegid())
    store.write("r1", spec.files, owner, {"options": spec.described(), "image": TAG})
    assert configuration.deployed_spec(store, "app", "r1").digest() == spec.digest()
    (store.mounts("r1") / "etc/x").write_text("z\n")
    assert configuration.deployed_spec(store, "app", "r1").digest() != spec.digest()
