# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""release_check on one real release that is broken in one way, checked, and deployed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._release_check.ports import held

from .conftest import LABEL, REPOSITORY, Release, run_module
from .tools import free_port

SECRET = "correct-horse-battery"
SOURCE = "sha256:" + "a" * 64
KINDS = ("running", "image", "configuration", "restarts", "ports", "public", "secrets")


def build(client: Any, base: str, tag: str, **labels: str) -> str:
    """An image like another one, with labels; its id."""
    lines = [f"FROM {base}", *(f"LABEL {key}={value}" for key, value in labels.items())]
    image, _log = client.images.build(
        fileobj=io.BytesIO("\n".join(lines).encode()), tag=tag, rm=True, forcerm=True
    )
    return str(image.id)


@pytest.fixture(scope="module")
def deployed(
    client: Any, tmp_path_factory: pytest.TempPathFactory, images: Callable[..., str]
) -> Iterator[Release]:
    """A release with a bit of everything. Each test leaves it as it was, or later ones fail."""
    found = Release(client, tmp_path_factory.mktemp("state"), images)
    tag = f"{REPOSITORY}:checked-1"
    build(client, images("ok", "1"), tag, **{"io.vya.observability.source-digest": SOURCE})
    found.options |= {
        "image": tag,
        "rehearsal": {"until": "none"},
        "files": [{"path": "/etc/app/app.conf", "content": "level = 1\n"}],
        "secrets": [{"path": "/run/secrets/key", "content": SECRET}],
        "networks": [{"name": f"{found.name}-net", "aliases": ["app"]}],
        "volumes": [{"source": f"{found.name}-data", "target": "/data", "owner": "10001:10001"}],
        "environment": {"LEVEL": "1"},
        "labels": {"team": "observability"},
        "tmpfs": ["/tmp"],
        "memory": "64m",
        "cpus": 0.5,
        "pids_limit": 50,
        "etc_hosts": {"gateway.example.org": "192.0.2.1"},
        "capabilities_add": ["NET_BIND_SERVICE"],
        "healthcheck": {"test": ["CMD", "python3", "/srv/app.py", "check"], "interval": 60},
    }
    try:
        found.ok()
        yield found
    finally:
        found.clean()


class Found(dict[str, dict[str, Any]]):
    """The checks by the first word of their ids, and all that the module wrote."""

    text = ""

    def wrong(self) -> set[str]:
        """What did not pass; of this machine's other containers it is not ours to judge."""
        of_all = {"public", "secrets"}
        return {kind for kind, c in self.items() if c["status"] != "pass"} - of_all

    def only(self, kind: str, code: str) -> dict[str, Any]:
        """The values of the only check that did not pass: it has failed with this code."""
        assert self.wrong() == {kind}
        assert (self[kind]["status"], self[kind]["code"]) == ("fail", code)
        return self.values_of(kind)

    def values_of(self, kind: str) -> dict[str, Any]:
        """The values of a check."""
        found: dict[str, Any] = self[kind]["values"]
        return found


def check(release: Release, more: dict[str, Any] | None = None, **wanted: Any) -> Found:
    """Run the module for one release; `wanted` goes into its entry of `releases`."""
    options = {
        "host": "wf001",
        "releases": [{"name": release.name, **wanted}],
        "state_directory": str(release.state),
        "fail_on": "never",
        **(more or {}),
    }
    result = asked(options)
    assert not result["changed"]
    found = Found((each["id"].split()[0], each) for each in result["checks"])
    found.text = json.dumps(result)
    return found


def asked(options: dict[str, Any]) -> dict[str, Any]:
    """Run the module; what it returned."""
    out, err = run_module("release_check", options, check=True).communicate(timeout=60)
    assert out, err
    assert SECRET not in out + err
    result: dict[str, Any] = json.loads(out)
    return result


def test_a_healthy_release_passes_and_is_left_alone(deployed: Release) -> None:
    before = deployed.attrs()
    found = check(
        deployed, image=deployed.options["image"], source_digest=SOURCE,
        ports=deployed.options["ports"],
    )  # fmt: skip
    assert found.wrong() == set()
    assert tuple(found) == (*KINDS[:2], "source", *KINDS[2:])
    assert found["image"]["id"] == f"image wf001 {deployed.name}"
    after = deployed.attrs()
    for attrs in (before, after):
        attrs["State"].pop("Health")
        attrs.pop("ExecIDs")
        attrs["Mounts"].sort(key=str)
    assert after == before


def test_every_release_is_checked_when_none_is_named(deployed: Release) -> None:
    options = {"state_directory": str(deployed.state), "fail_on": "never", "host": "h"}
    ids = [each["id"] for each in asked(options)["checks"]]
    assert {f"{kind} h {deployed.name}" for kind in KINDS[:5]} < set(ids)


def test_a_named_release_that_is_missing(deployed: Release) -> None:
    options = {"releases": [{"name": "vyatest-nowhere"}], "state_directory": str(deployed.state)}
    result = asked(options)
    assert result["failed"]
    (missing, _public, _secrets) = result["checks"]
    assert missing["code"] == "running.never_deployed"
    assert deployed.name in missing["values"]["here"]


def test_an_expected_release_that_was_never_deployed(deployed: Release) -> None:
    options = {
        "expected": [deployed.name, "vyatest-nowhere"],
        "state_directory": str(deployed.state),
    }
    result = asked(options)
    assert result["failed"]
    checks = {each["id"].split(" ", 2)[-1]: each for each in result["checks"]}
    assert checks[deployed.name]["status"] == "pass"
    assert checks["vyatest-nowhere"]["code"] == "running.never_deployed"


def test_the_tag_has_moved(deployed: Release) -> None:
    """Incident 6: docker restart goes on with the old image."""
    tag = deployed.options["image"]
    old = deployed.attrs()["Image"]
    try:
        build(deployed.client, old, tag, other="1")
        deployed.client.api.restart(deployed.name, timeout=1)
        found = check(deployed)
    finally:
        deployed.client.api.tag(old, REPOSITORY, tag.rpartition(":")[2], force=True)
    assert found.only("image", "image.tag_moved")["reference"] == tag


def test_another_image_was_expected(deployed: Release, images: Callable[..., str]) -> None:
    check(deployed, image=images("ok", "2")).only("image", "image.tag_moved")
    never = f"{REPOSITORY}:never-built"
    values = check(deployed, image=never).only("image", "image.no_such_name")
    assert values["reference"] == never


def test_the_source_changed_since_the_image_was_built(deployed: Release) -> None:
    """Incident 5."""
    found = check(deployed, source_digest="sha256:" + "b" * 64)
    created = deployed.client.images.get(deployed.options["image"]).attrs["Created"]
    assert found.only("source", "source.not_rebuilt")["made"] == f"{created[:19]}Z"


@contextlib.contextmanager
def by_hand(release: Release, body: dict[str, Any]) -> Iterator[None]:
    """Another container serves under the release's name."""
    api, own = release.client.api, release.attrs()["Id"]
    api.stop(own, timeout=1)
    api.rename(own, f"{release.name}-own")
    try:
        container = api.create_container_from_config(body, name=release.name)
        api.start(container["Id"])
        yield
    finally:
        with contextlib.suppress(Exception):
            api.remove_container(release.name, force=True, v=True)
        api.rename(own, release.name)
        api.start(own)


def test_recreated_by_hand(deployed: Release) -> None:
    body = {"Image": deployed.options["image"], "Healthcheck": {"Test": ["NONE"]}}
    with by_hand(deployed, body):
        found = check(deployed)
    assert found.wrong() == {"running", "configuration"}
    assert found["running"]["code"] == "running.no_healthcheck"
    assert found["configuration"]["code"] == "configuration.recreated"


def test_recreated_with_its_labels_and_another_configuration(deployed: Release) -> None:
    """As programs do that update containers: labels are copied, the rest nearly."""
    old = deployed.attrs()
    config, host = old["Config"], old["HostConfig"]
    body = {
        **{key: config[key] for key in ("Image", "Labels", "Healthcheck", "StopTimeout")},
        "Env": [*config["Env"], "DEBUG=hunter2-hunter2"],
        "Cmd": ["python3", "-u", "/srv/app.py"],
        "HostConfig": {**host, "PortBindings": {}, "ReadonlyRootfs": False},
    }
    with by_hand(deployed, body):
        found = check(deployed)
    different = found.only("configuration", "configuration.changed")["differences"]
    for code, values in (
        ("differs.variable", {"name": "DEBUG"}),
        ("differs.field", {"key": "Cmd"}),
        ("differs.field", {"key": "PortBindings"}),
        ("differs.field", {"key": "ReadonlyRootfs"}),
        ("differs.alias", {"alias": "app", "network": f"{deployed.name}-net"}),
    ):
        assert {"code": code, "values": values} in different
    assert "hunter2" not in found.text
    assert "Mounts" not in str(different)


def test_changed_by_docker_update_and_connect(deployed: Release) -> None:
    client = deployed.client
    network = client.networks.create(f"{deployed.name}-other", labels={LABEL: deployed.name})
    try:
        client.api.update_container(deployed.name, mem_limit="80m", memswap_limit="80m")
        network.connect(deployed.name)
        found = check(deployed)
    finally:
        client.api.update_container(deployed.name, mem_limit="64m", memswap_limit="64m")
        network.disconnect(deployed.name)
        network.remove()
    different = found.only("configuration", "configuration.changed")["differences"]
    drift = {"code": "drift.set", "values": {"keys": ["Memory"], "container": deployed.name}}
    connected = {"network": f"{deployed.name}-other"}
    assert {"code": "differs.drift", "values": {"action": drift}} in different
    assert {"code": "differs.connected", "values": connected} in different


@pytest.mark.parametrize(
    ("by_hand", "told"),
    [
        ({"memswap_limit": "128m"}, "differs.drift"),
        ({"cpu_shares": 100}, "differs.field"),
        ({"mem_reservation": "32m"}, "differs.field"),
        ({"cpuset_cpus": "0"}, "differs.field"),
    ],
    ids=["memory-swap", "cpu-shares", "memory-reservation", "cpuset-cpus"],
)
def test_changed_by_docker_update(release: Release, by_hand: dict[str, Any], told: str) -> None:
    options = {"rehearsal": {"until": "none"}, "memory": "64m"}
    release.ok(**options)
    assert "configuration" not in check(release).wrong()
    release.client.api.update_container(release.name, **by_hand)
    different = check(release).values_of("configuration")["differences"]
    assert [each["code"] for each in different] == [told]
    if told == "differs.drift":  # and a deploy mends it in place
        assert release.ok(**options)["actions"] == [f"set Memory of container {release.name}"]
        assert "configuration" not in check(release).wrong()


def stored(release: Release, path: str) -> Path:
    return release.stored()[-1] / "mounts" / path


@contextlib.contextmanager
def restored(file: Path) -> Iterator[os.stat_result]:
    """A file that is as it was in the end: content, time and mode."""
    text, stat = file.read_text(), file.stat()
    try:
        yield stat
    finally:
        file.write_text(text)
        file.chmod(stat.st_mode & 0o777)
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def difference(found: Found) -> dict[str, Any]:
    """The only one."""
    (only,) = found.only("configuration", "configuration.changed")["differences"]
    return dict(only)


@pytest.mark.parametrize("path", ["run/secrets/key", "etc/app/app.conf"], ids=["secret", "file"])
def test_changed_on_disk(deployed: Release, path: str) -> None:
    file = stored(deployed, path)
    kind = "secret" if "secrets" in path else "file"
    what = {"what": {"code": f"reason.{kind}", "values": {"path": f"/{path}"}}}
    with restored(file):
        file.write_text("another")
        found = check(deployed)
    assert difference(found) == {"code": "disk.changed", "values": what}
    with restored(file):
        file.chmod(0o644)
        found = check(deployed)
    assert difference(found) == {"code": "disk.permissions", "values": what}
    owner = file.stat()
    os.chown(file, 4711, 4711)
    found = check(deployed)
    os.chown(file, owner.st_uid, owner.st_gid)
    assert difference(found) == {"code": "disk.owner", "values": what}
    aside = file.with_suffix(".aside")
    file.rename(aside)
    try:
        shutil.copy2(aside, file)  # as editors do: the container goes on with the old file
        found = check(deployed)
    finally:
        aside.rename(file)
    assert difference(found) == {"code": "disk.replaced", "values": what}


def test_a_file_changed_with_its_time_kept(deployed: Release) -> None:
    file = stored(deployed, "etc/app/app.conf")
    with restored(file) as stat:
        file.write_text("level = 2\n")
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        found = check(deployed)
    what = {"code": "reason.file", "values": {"path": "/etc/app/app.conf"}}
    assert difference(found) == {"code": "differs", "values": {"what": what}}


def test_restarts_are_counted_and_the_log_is_shown_without_secrets(
    deployed: Release, eventually: Callable[..., Any]
) -> None:
    inside = deployed.client.containers.get(deployed.name)
    say = "cat /run/secrets/key > /proc/1/fd/1; echo ' is the key' > /proc/1/fd/1"
    assert inside.exec_run(["sh", "-c", say]).exit_code == 0
    inside.exec_run(["python3", "-c", "import os; os.kill(1, 15)"])
    try:
        eventually(lambda: deployed.attrs()["RestartCount"] == 1, 60, "a restart")
        eventually(lambda: deployed.version() == "1", 60, "an answer")
        found, allowed = check(deployed), check(deployed, max_restarts=1)
    finally:
        deployed.client.api.restart(deployed.name, timeout=1)
    values = found.only("restarts", "restarts.ends")
    assert values["restarts"] == 1
    unknown, log = values["also"]
    assert unknown["code"] == "exit_code.unknown"
    assert "******** is the key" in log["values"]["lines"]
    assert allowed.wrong() == set()


def test_stopped_killed_and_paused(deployed: Release) -> None:
    api = deployed.client.api
    try:
        api.pause(deployed.name)
        paused = check(deployed)
        api.unpause(deployed.name)
        api.kill(deployed.name)
        killed = check(deployed)
    finally:
        api.start(deployed.name)
    assert paused["running"]["code"] == "running.paused"
    assert killed["running"]["code"] == "running.unhealthy"
    assert killed.values_of("running")["reason"] == "container.killed"
    state, log = killed.values_of("running")["also"]
    limit = state["values"]["reason"]["values"]["limit"]
    assert (limit["values"], log["code"]) == ({"megabytes": 64}, "log_lines")
    assert killed["ports"]["status"] == "skip"
    assert killed["restarts"]["status"] == "pass"


def test_an_interrupted_swap_is_named(deployed: Release) -> None:
    left = f"{deployed.name}.next"
    api = deployed.client.api
    api.create_container_from_config({"Image": deployed.options["image"]}, name=left)
    try:
        found = check(deployed)
    finally:
        api.remove_container(left, force=True)
    assert (found["running"]["status"], found["running"]["code"]) == ("warn", "running.left")
    assert found.values_of("running")["also"][0]["values"]["containers"] == [left]


def test_other_ports_were_declared(deployed: Release) -> None:
    found = check(deployed, ports=[*deployed.options["ports"], "127.0.0.1:9102:9102"])
    values = found.only("ports", "ports.not_declared")
    assert values["configured"] == [f"{deployed.options['ports'][0]}/tcp"]


def test_a_port_is_published_and_nothing_listens(release: Release, shared: Release) -> None:
    """Incident 8. Docker's proxy takes a connection also then, so that it proves nothing."""
    silent = free_port()
    release.options["ports"].append(f"127.0.0.1:{silent}:9102")
    release.options["rehearsal"] = {"until": "none"}
    assert not release.apply()["failed"]
    (only,) = check(release).only("ports", "ports.silent")["ports"]
    port = {"port": f"127.0.0.1:{silent}:9102/tcp", "inside": 9102}
    assert only == {"code": "port_unused", "values": port}
    # Where the container's process cannot be looked at.
    assert not held("127.0.0.1", silent)
    assert held("127.0.0.1", shared.port)


def test_a_foreign_container_published_to_the_world(
    deployed: Release, eventually: Callable[..., Any]
) -> None:
    """Incident 22."""
    name, port = f"{deployed.name}-foreign", free_port()
    container = deployed.client.containers.run(
        deployed.options["image"], detach=True, name=name, ports={"8000/tcp": port}
    )
    try:
        found = check(deployed)
        allowed = check(deployed, {"public_ports": [str(port)]})
        elsewhere = check(deployed, {"public_ports": [f"192.0.2.1:{port}"]})
    finally:
        container.remove(force=True)
    seen = f"{name} 0.0.0.0:{port}/tcp"
    assert found["public"]["status"] == elsewhere["public"]["status"] == "fail"
    assert found["public"]["code"] == "public_ports.open"
    assert seen in found.values_of("public")["ports"]
    passed = allowed["public"]["status"] == "pass"
    assert passed or seen not in allowed.values_of("public")["ports"]


def test_a_secret_that_may_stand_in_an_environment(deployed: Release) -> None:
    """Incident 28. Created is enough: it need not run to be read."""
    name = f"{deployed.name}-foreign"
    container = deployed.client.containers.create(
        deployed.options["image"], name=name, environment={"DB_PASSWORD": SECRET}
    )
    try:
        found = check(deployed)
        accepted = check(deployed, {"accepted_secrets": [f"{name}:DB_*"]})
    finally:
        container.remove(force=True)
    seen = f"{name} DB_PASSWORD"
    assert (found["secrets"]["status"], found["secrets"]["code"]) == ("warn", "secrets.exposed")
    assert seen in found.values_of("secrets")["variables"]
    # Other containers of this machine may have secrets of their own.
    values = accepted.values_of("secrets")
    assert seen not in values.get("variables", [])
    assert "variables" in values or seen in values["accepted"]


@pytest.mark.parametrize("option", ["accepted_secrets", "public_ports"])
def test_an_option_that_cannot_be_read(option: str) -> None:
    result = asked({option: ["one of a kind"]})
    assert (result["failed"], result["code"]) == (True, "release_check.option")
    assert "one of a kind" in result["values"]["reason"]


def test_all_was_mended(deployed: Release) -> None:
    """Also that a container which was only started again needs no deploy to pass."""
    assert check(deployed).wrong() == set()


def test_after_a_swap_and_after_a_rollback(shared: Release, images: Callable[..., str]) -> None:
    shared.options["image"] = images("ok", "2")
    assert not shared.apply()["failed"]
    assert check(shared, image=images("ok", "2")).wrong() == set()
    assert not shared.apply(**shared.only(state="rolled_back", image=None))["failed"]
    assert check(shared).wrong() == set()
    assert check(shared, image=images("ok", "2"))["image"]["code"] == "image.rolled_back"


def test_no_daemon(tmp_path: Path) -> None:
    socket = f"unix://{tmp_path}/docker.sock"
    options = {"docker_host": socket, "host": "wf001", "fail_on": "never"}
    (only,) = asked(options)["checks"]
    assert (only["id"], only["status"], only["code"]) == (
        "docker wf001",
        "fail",
        "docker.no_socket",
    )


@pytest.mark.parametrize(
    ("wanted", "expected", "told"),
    [
        (None, [], False),
        (["{}"], [], False),
        (["other", "{}*"], [], False),
        ([], ["{}"], False),
        (["other"], [], True),
    ],
    ids=["not asked", "wanted", "by a pattern", "expected", "nobody"],
)
def test_a_release_that_nobody_wants_is_told_and_not_checked_further(
    deployed: Release, wanted: list[str] | None, expected: list[str], told: bool
) -> None:
    name = deployed.name
    known = None if wanted is None else [each.format(name) for each in wanted]
    options = {
        "host": "wf001",
        "state_directory": str(deployed.state),
        "fail_on": "never",
        "expected": [each.format(name) for each in expected],
    }
    found = asked({**options, **({} if known is None else {"wanted": known})})
    mine = [each for each in found["checks"] if each["subject"] == f"wf001 {name}"]
    nobody = [("wanted.nobody", "warn")]
    assert [(each["code"], each["status"]) for each in mine if each["name"] == "wanted"] == (
        nobody if told else []
    )
    assert ("running" in {each["name"] for each in mine}) is not told
    # What is in another state directory is another inventory's.
    elsewhere = asked({**options, "wanted": [], "state_directory": f"{deployed.state}/none"})
    assert "wanted" not in {each["name"] for each in elsewhere["checks"]}
    left = [each for each in elsewhere["checks"] if each["code"] == "releases.of_others"]
    judged = f"wf001 {name}" in {each["subject"] for each in elsewhere["checks"]}
    assert judged is (name in options["expected"])
    assert (name in {other for each in left for other in each["values"]["releases"]}) is not judged


def test_a_container_that_was_renamed(deployed: Release) -> None:
    container, other = deployed.client.containers.get(deployed.name), f"{deployed.name}-old"
    container.rename(other)
    try:
        found = check(deployed)
    finally:
        container.rename(deployed.name)
    assert found.only("running", "running.renamed")["names"] == [other]
