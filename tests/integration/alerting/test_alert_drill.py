# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every alert's drill on a real Prometheus, Alertmanager and Pushgateway, with short intervals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._drill.delivery import Webhook

from ...http_stand_in import between, passed_on
from ..conftest import RunService, free_port, wait_until
from ..deployment import has_fault
from .stack import REAL, SCENARIOS, Stack, ansible, collector, running

# A shell that stays the parent of what it runs.
SHELL = ("/bin/sh", "-c", '"$@"; exit', "sh")


@pytest.fixture(scope="module")
def stack(
    docker_client: docker.DockerClient,
    run_module_service: RunService,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    with running(docker_client, run_module_service, tmp_path_factory.mktemp("drill")) as made:
        yield made


@pytest.fixture(scope="module")
def real(
    docker_client: docker.DockerClient, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    with collector(docker_client, stack, tmp_path_factory.mktemp("collector")) as container:
        yield container


def state(container: Any) -> str:
    container.reload()
    return str(container.status)


def guards(container: Any) -> list[int]:
    """Processes whose command line names the container: who would start it again."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if container.name in path.read_text():
                found.append(int(path.parent.name))
        except OSError:
            continue  # it has ended
    return found


def test_every_alert_has_a_drill(stack: Stack) -> None:
    assert stack.alerts() == set(SCENARIOS)


def test_all_alerts_fire_arrive_and_clear(stack: Stack, record_property: Any) -> None:
    result = stack.drill(alerts=["all"])
    assert "drills" in result, result
    hops = [f"{one['alert']}: {one['seconds']}" for one in result["drills"]]
    print("\n".join(hops))
    record_property("hops", hops)
    assert not result.get("failed"), result["msg"]
    assert [one["missed"] for one in result["drills"]] == [""] * len(SCENARIOS)
    for one in result["drills"]:
        rise = [one["seconds"][hop] for hop in ("pending", "firing", "in Alertmanager", "told")]
        assert rise == sorted(rise)
        assert rise[1] > 0
    assert result["counts"]["pass"] == 7 * len(SCENARIOS) + 1  # each hop, and the receivers
    assert stack.jobs() == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_drill_that_is_stopped_leaves_nothing(stack: Stack, number: int) -> None:
    # It looks back a minute, so that it does not end by itself meanwhile.
    process = stack.start(alerts=["PingsRefused"])
    wait_until(lambda: "drill_pingsrefused" in stack.jobs(), 30, "its group")
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert output, errors
    result = json.loads(output)
    assert result["failed"]
    assert result["code"] == "drill.stopped"
    assert stack.jobs() == set()


@pytest.mark.parametrize("gone", ["parent", "output"])
def test_a_drill_whose_caller_has_gone_leaves_nothing(stack: Stack, gone: str) -> None:
    # It looks back a minute, so that it does not end by itself meanwhile.
    process = stack.start(alerts=["PingsRefused"], under=SHELL if gone == "parent" else ())
    wait_until(lambda: "drill_pingsrefused" in stack.jobs(), 30, "its group")
    if gone == "parent":
        process.kill()
    else:
        assert process.stdout
        process.stdout.close()  # what a broken ssh connection is to the module
    wait_until(lambda: not stack.jobs(), 40, "no group")
    if gone == "parent":
        process.communicate(timeout=60)  # to the end of the module, which has the output still
    process.wait(timeout=60)


def test_what_a_killed_drill_leaves_the_next_one_removes(stack: Stack) -> None:
    process = stack.start(alerts=["ClockOffsetHigh"])
    wait_until(lambda: "drill_clockoffsethigh" in stack.jobs(), 30, "its group")
    process.kill()
    process.communicate(timeout=30)
    assert stack.jobs() == {"drill_clockoffsethigh", "drill_running"}
    result = stack.drill(alerts=["DatabaseDown"])
    assert not result.get("failed"), result["msg"]
    assert "drill_clockoffsethigh" in str(result["warnings"])
    assert stack.jobs() == set()


def test_a_second_drill_says_who_runs_the_first(stack: Stack) -> None:
    process = stack.start(alerts=["PingsRefused"])
    wait_until(lambda: "drill_pingsrefused" in stack.jobs(), 30, "its group")
    second = stack.drill(alerts=["DatabaseDown"])
    assert (second["failed"], second["code"]) == (True, "drill.running")
    assert f"pid {process.pid}" in second["values"]["by"]
    assert abs(second["values"]["since"] - time.time()) < 60
    assert "drill_running" in stack.jobs()  # its group may be gone by now: it goes on meanwhile
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert stack.jobs() == set()


def test_a_receiver_that_hears_nothing_fails_the_drill(stack: Stack) -> None:
    host = stack.arguments["webhook_listen"].rpartition(":")[0]
    result = stack.drill(
        alerts=["DatabaseDown"], webhook_listen=f"{host}:{free_port()}", timeout_hops=30
    )
    assert result["failed"]
    wrong = {check["id"]: check["code"] for check in result["checks"] if check["status"] == "fail"}
    assert wrong == {"drill DatabaseDown told": "drill.missed.told"}
    assert set(result["drills"][0]["seconds"]) >= {"pending", "firing", "in Alertmanager"}
    assert stack.jobs() == set()


@pytest.fixture
def group(stack: Stack) -> Iterator[str]:
    """The URL of a group that is nobody's drill."""
    url = f"{stack.url('pushgateway')}/metrics/job/real/instance/wf009"
    yield url
    requests.delete(url, timeout=5)


def test_a_real_fault_is_watched_on_its_way_to_the_real_receiver(stack: Stack, group: str) -> None:
    watched = {"alerts": ["PushGroupStale"], "labels": {"instance": "wf009"}}
    requests.put(group, data="one 1\n", timeout=5).raise_for_status()
    firing = stack.drill(**watched, watch="firing")
    assert not firing.get("failed"), firing["msg"]
    assert list(firing["drills"][0]["seconds"]) == ["pending", "firing", "in Alertmanager", "told"]
    # Another receiver than the drill's own, which may be told a moment later.
    wait_until(lambda: stack.operators.arrived("firing", {"instance": "wf009"}), 60)
    # The fault ends when it watches: it counts the messages from then on.
    asked: list[str] = []

    def counted(method: str, path: str, *more: Any) -> tuple[int, bytes]:
        asked.append(path)
        return passed_on(stack.url("alertmanager"), method, path, *more)

    with between(counted) as url:
        watching = stack.start(**watched, watch="cleared", alertmanager={"url": url})
        wait_until(lambda: asked.count("/metrics") > 2, 60, "its watch")
        requests.delete(group, timeout=5).raise_for_status()
        cleared = json.loads(watching.communicate(timeout=300)[0])
    assert not cleared.get("failed"), cleared["msg"]
    # Another receiver than the drill's own, which may be told a moment later.
    wait_until(lambda: stack.operators.arrived("resolved", {"instance": "wf009"}), 60)


def test_check_mode_says_what_would_be_drilled(stack: Stack) -> None:
    result = stack.drill(check=True, alerts=["DatabaseDown", "ClockOffsetHigh"])
    assert [one["alert"] for one in result["drills"]] == ["DatabaseDown", "ClockOffsetHigh"]
    assert stack.jobs() == set()


def test_what_cannot_be_drilled_is_skipped_with_the_reason(stack: Stack) -> None:
    result = stack.drill(alerts=["NoSuchAlert"], timeout_hops=5)
    (check,) = result["checks"]
    assert (check["status"], check["code"]) == ("skip", "drill.no_scenario")
    (late,) = stack.drill(alerts=["CollectorStale"], timeout_hops=5)["checks"]
    assert (late["code"], late["values"]["least"]) == ("drill.too_short", 8)


def test_a_collector_that_is_none_is_not_stopped(stack: Stack, real: Any) -> None:
    stop = {"alerts": ["CollectorStale"], "stop_container": real.name}
    foreseen = stack.drill(check=True, **stop, labels={"instance": "wf001"})
    assert [one["alert"] for one in foreseen["drills"]] == ["CollectorStale"]
    assert real.name in foreseen["msg"]
    for wrong, code in (
        ({"stop_container": "nobody"}, "http.option"),
        ({"timeout_hops": 5}, "http.option"),
        ({"alerts": ["NoSuchAlert"]}, "http.option"),
        ({"alertmanager": {"url": f"http://127.0.0.1:{free_port()}"}}, "http.refused"),
    ):
        result = stack.drill(**{**stop, **wrong})
        assert result["failed"]
        assert result["code"] == code
        assert result["values"].get("option", *wrong) in wrong
    assert state(real) == "running"
    assert real.attrs["State"]["FinishedAt"].startswith("0001")


@pytest.mark.parametrize("killed", ["module", "parent"])
def test_a_stopped_collector_is_started_although_its_drill_is_killed(
    stack: Stack, real: Any, killed: str
) -> None:
    process = stack.start(
        alerts=["CollectorStale"],
        stop_container=real.name,
        labels={"instance": "wf001"},
        under=SHELL if killed == "parent" else (),
    )
    wait_until(lambda: state(real) == "exited", 30, "a stopped collector")
    process.kill()
    wait_until(lambda: state(real) == "running", 60, "a running collector")
    output, _errors = process.communicate(timeout=60)
    if killed == "parent":  # then it is the module that starts it, before its drill is over
        assert json.loads(output)["code"] == "drill.stopped"
        wait_until(lambda: not guards(real), 60, "no guard")
    else:  # the guard, which stays a little: somebody else's stop may not have ended
        for guard in guards(real):
            os.kill(guard, signal.SIGTERM)


def test_a_collector_that_is_stopped_is_started_where_nobody_is_told(
    stack: Stack, real: Any
) -> None:
    """Ansible's worker, which outlives Ansible, does not keep the collector down."""
    wait_until(lambda: not stale(stack), 60, "a quiet collector")
    progress = Path(tempfile.mkdtemp(prefix="drill-")) / "progress"
    seen = progress.with_name("progress.read")
    seen.touch()
    options = {"alerts": ["CollectorStale"], "stop_container": real.name}
    process = stack.start(**options, labels={"instance": "wf001"}, progress_file=str(progress))
    wait_until(lambda: state(real) == "exited", 30, "a stopped collector")
    second = stack.drill(**options, labels={"instance": "wf001"})
    assert second["failed"]
    os.utime(seen, (0, 0))  # as the worker does, and as time does where the network is lost
    wait_until(lambda: state(real) == "running", 30, "a running collector")
    output, _errors = process.communicate(timeout=60)
    assert json.loads(output)["code"] == "drill.stopped"


def stale(stack: Stack) -> list[Any]:
    """The alerts about the real collector that Prometheus and Alertmanager have."""
    of_prometheus = requests.get(f"{stack.url('prometheus')}/api/v1/alerts", timeout=5).json()
    of_alertmanager = requests.get(f"{stack.url('alertmanager')}/api/v2/alerts", timeout=5).json()
    return [
        alert
        for alert in [*of_prometheus["data"]["alerts"], *of_alertmanager]
        if alert["labels"]["alertname"] == "CollectorStale"
    ]


@dataclass
class Playbook:
    """playbooks/drill.yml for the stack and the real collector."""

    stack: Stack
    directory: Path

    def start(self, **variables: Any) -> subprocess.Popen[str]:
        return ansible(
            self.directory,
            *("-i", str(self.directory / "hosts.yml"), "vya.observability.drill"),
            *("-e", json.dumps(variables)),
        )


@pytest.fixture(scope="module")
def playbook(stack: Stack, real: Any, tmp_path_factory: pytest.TempPathFactory) -> Playbook:
    directory = tmp_path_factory.mktemp("playbook")
    services = ("pushgateway", "prometheus", "alertmanager")
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "observability_urls": {name: stack.url(name) for name in services},
        "drill_webhook_listen": stack.arguments["webhook_listen"],
        "drill_push_interval_seconds": 1,
        "drill_timeout_seconds": 60,
        "collector_container_name": real.name,
    }
    hosts = {"prometheus": {"hosts": {"wfdb01": {}}}, "collector": {"hosts": {"wf001": {}}}}
    inventory = {"all": {"vars": variables, "children": hosts}}
    (directory / "hosts.yml").write_text(json.dumps(inventory))
    return Playbook(stack, directory)


def test_the_playbook_drills_groups_and_a_real_collector(
    stack: Stack, real: Any, playbook: Playbook
) -> None:
    # Earlier tests have stopped the collector as well.
    wait_until(lambda: not stale(stack), 60, "a quiet collector")
    state(real)
    begun = real.attrs["State"]["StartedAt"]
    unknown = playbook.start(drill_stop_collector="wf007")
    groups = playbook.start(drill_alerts=["PushFailing"])
    stopped = playbook.start(drill_stop_collector="wf001")
    output, errors = unknown.communicate(timeout=120)
    assert unknown.returncode != 0
    assert has_fault(output, "reference.unknown", "drill_stop_collector"), output + errors
    for process, alert in ((groups, "PushFailing"), (stopped, "CollectorStale")):
        output, errors = process.communicate(timeout=240)
        assert process.returncode == 0, output + errors
        for hop in ("told", "told of its end"):
            assert f"{alert} {hop}" in output, output
        # What it waits for is printed while it waits.
        meanwhile = output.partition("TASK [Report the checks]")[0]
        assert any(alert in line and "firing" in line for line in meanwhile.splitlines()), output
    assert state(real) == "running"
    assert real.attrs["State"]["StartedAt"] > begun
    # The message that was counted as its end may have been the other alert's.
    labels = {"alertname": "CollectorStale", "instance": "wf001"}
    wait_until(lambda: stack.operators.arrived("resolved", labels), 60, "its own end")
    assert stack.jobs() == {REAL}
    assert not guards(real)


def test_ctrl_c_starts_the_collector_again_and_leaves_no_groups(
    stack: Stack, real: Any, playbook: Playbook
) -> None:
    # The one that looks back a minute is not over before the other one has begun.
    running = [playbook.start(drill_alerts=["PingsRefused"])]
    wait_until(lambda: "drill_pingsrefused" in stack.jobs(), 60, "a group")
    running.append(playbook.start(drill_stop_collector="wf001"))
    wait_until(lambda: state(real) == "exited", 60, "a stopped collector")
    for process in running:
        os.killpg(process.pid, signal.SIGINT)
    wait_until(lambda: state(real) == "running", 60, "a running collector")
    wait_until(lambda: stack.jobs() == {REAL}, 40, "no group")
    for process in running:
        output, errors = process.communicate(timeout=60)
        assert process.returncode != 0, output + errors
    wait_until(lambda: not guards(real), 60, "no guard")


def test_a_real_receiver_that_is_down_is_warned_of(stack: Stack) -> None:
    stack.operators.close()
    try:
        result = stack.drill(alerts=["DatabaseDown"])
    finally:
        stack.operators = Webhook(stack.operators_listen)
    assert not result.get("failed"), result["msg"]
    assert result["drills"][0]["missed"] == ""  # the drill's own webhook has heard
    (warning,) = [check for check in result["checks"] if check["status"] == "warn"]
    assert warning["code"] == "receivers.failed"
    (receiver,) = warning["values"]["receivers"]
    assert receiver["values"]["receiver"] == "webhook"
