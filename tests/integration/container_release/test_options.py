# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each option: a change is made, made once, predicted by check mode, and visible in Docker."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import answer
from .conftest import Release

QUICK = {"rehearsal": {"until": "none"}}


def test_create_then_nothing_to_do(release: Release) -> None:
    created = release.ok()
    assert created["actions"] == [f"create container {release.name}"]
    assert created["rehearsal_seconds"] > 0
    assert release.version() == "1"
    assert created["release"]["id"] in release.stored()[0].name
    again = release.ok()
    assert again["changed"] is False
    assert again["actions"] == []
    assert again["release"] == created["release"]
    assert again["diff"][0]["before"] == again["diff"][0]["after"]


def test_ports_are_private_by_default(release: Release) -> None:
    release.ok(**QUICK, ports=[f"{release.port}:8000"])
    assert release.attrs()["NetworkSettings"]["Ports"]["8000/tcp"] == [
        {"HostIp": "127.0.0.1", "HostPort": str(release.port)}
    ]


def test_what_a_container_may_is_little_by_default(release: Release) -> None:
    release.ok(**QUICK)
    host = release.attrs()["HostConfig"]
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}
    assert host["RestartPolicy"]["Name"] == "unless-stopped"


HEALTH = {"test": ["CMD", "python3", "/srv/app.py", "check"], "interval": 20, "timeout": 3}

# option, value, where Docker shows it, what is there
OPTIONS: list[tuple[str, Any, str, Any]] = [
    ("command", "python3 -u /srv/app.py", "Config.Cmd", ["python3", "-u", "/srv/app.py"]),
    ("entrypoint", ["python3", "/srv/app.py"], "Config.Entrypoint", ["python3", "/srv/app.py"]),
    ("user", "nobody", "Config.User", "nobody"),
    ("working_dir", "/srv", "Config.WorkingDir", "/srv"),
    ("hostname", "wf001", "Config.Hostname", "wf001"),
    ("labels", {"tier": 1}, "Config.Labels.tier", "1"),
    ("healthcheck", HEALTH, "Config.Healthcheck.Interval", 20 * 10**9),
    ("restart_policy", "always", "HostConfig.RestartPolicy.Name", "always"),
    ("memory", "96m", "HostConfig.Memory", 96 << 20),
    ("cpus", 0.5, "HostConfig.NanoCpus", 5 * 10**8),
    ("pids_limit", 50, "HostConfig.PidsLimit", 50),
    ("read_only", False, "HostConfig.ReadonlyRootfs", False),
    ("groups", ["65534", "3"], "HostConfig.GroupAdd", ["3", "65534"]),
    ("tmpfs", ["/tmp:size=1m"], "HostConfig.Tmpfs", {"/tmp": "size=1m"}),
    ("capabilities_drop", ["net_raw"], "HostConfig.CapDrop", ["NET_RAW"]),
    ("capabilities_add", ["CAP_CHOWN"], "HostConfig.CapAdd", ["CHOWN"]),
    ("no_new_privileges", False, "HostConfig.SecurityOpt", None),
    ("log_max_size", "1m", "HostConfig.LogConfig.Config.max-size", "1m"),
    ("log_max_files", 2, "HostConfig.LogConfig.Config.max-file", "2"),
    ("stop_timeout", 5, "Config.StopTimeout", 5),
    ("etc_hosts", {"db": "192.0.2.7"}, "HostConfig.ExtraHosts", ["db:192.0.2.7"]),
    # As Docker and Compose write them.
    ("environment", ["COLOUR=blue", "SHAPE=a=b"], "Config.Env.0", "COLOUR=blue"),
    ("labels", ["tier=2", "bare"], "Config.Labels.bare", ""),
    ("healthcheck", {**HEALTH, "interval": "1m30s"}, "Config.Healthcheck.Interval", 90 * 10**9),
    ("restart_policy", "on-failure:3", "HostConfig.RestartPolicy",
     {"Name": "on-failure", "MaximumRetryCount": 3}),
    ("memory", "0.1g", "HostConfig.Memory", int(0.1 * (1 << 30))),
    ("tmpfs", "/tmp:size=1m,mode=1777", "HostConfig.Tmpfs", {"/tmp": "size=1m,mode=1777"}),
    ("stop_timeout", "1m5s", "Config.StopTimeout", 65),
    ("etc_hosts", ["db:192.0.2.7", "db=[::1]"], "HostConfig.ExtraHosts",
     ["db:192.0.2.7", "db:::1"]),
    ("volumes", ["/usr:/host:ro,private"], "HostConfig.Mounts.0",
     {"Type": "bind", "Source": "/usr", "Target": "/host", "ReadOnly": True,
      "BindOptions": {"Propagation": "private"}}),
    # What a service of one's own needs.
    ("init", True, "HostConfig.Init", True),
    ("devices", ["/dev/null:/dev/other:r"], "HostConfig.Devices.0",
     {"PathOnHost": "/dev/null", "PathInContainer": "/dev/other", "CgroupPermissions": "r"}),
    ("ulimits", {"nofile": {"soft": 512, "hard": 1024}}, "HostConfig.Ulimits.0",
     {"Name": "nofile", "Soft": 512, "Hard": 1024}),
    ("sysctls", {"net.core.somaxconn": 512}, "HostConfig.Sysctls", {"net.core.somaxconn": "512"}),
    ("shm_size", "1.5m", "HostConfig.ShmSize", 3 << 19),
    ("pid_mode", "host", "HostConfig.PidMode", "host"),
    ("dns", "192.0.2.53", "HostConfig.Dns", ["192.0.2.53"]),
    ("dns_search", ["example.org", "example.com"], "HostConfig.DnsSearch",
     ["example.org", "example.com"]),
    ("dns_options", ["ndots:1"], "HostConfig.DnsOptions", ["ndots:1"]),
    ("log_options", {"compress": True}, "HostConfig.LogConfig.Config.compress", "true"),
    ("log_driver", "local", "HostConfig.LogConfig.Type", "local"),
]  # fmt: skip


def waves() -> Iterator[list[tuple[str, Any, str, Any]]]:
    """Options that are set together: none twice, few enough to see which one fails."""
    left = list(OPTIONS)
    while left:
        first = {option[0]: option for option in reversed(left)}
        wave = [option for option in left if option in first.values()][:8]
        yield wave
        left = [option for option in left if option not in wave]


@pytest.mark.parametrize("wave", list(waves()), ids=lambda wave: "-".join(o[0] for o in wave))
def test_option(shared: Release, wave: list[tuple[str, Any, str, Any]]) -> None:
    shared.options.update({option: value for option, value, _, _ in wave})
    changed = shared.ok()
    assert len(changed["actions"]) == 1
    for option, _, path, seen in wave:
        assert option in changed["actions"][0]
        found: Any = shared.attrs()
        for key in path.split("."):
            found = found[int(key) if isinstance(found, list) else key]
        assert (found or None) == (seen or None), option
    assert shared.apply()["changed"] is False
    assert shared.version() == "1"


@pytest.mark.parametrize(
    ("value", "mode", "networks"),
    [("host", "host", {"host"}), ("none", "none", {"none"}), (None, "default", {"bridge"})],
)
def test_network_mode(release: Release, value: Any, mode: str, networks: set[str]) -> None:
    options = {"ports": [], "network_mode": value, "environment": {"PORT": release.port}}
    release.ok(**options, init=True)
    changed = release.ok(**options)  # rehearsed beside the one that has the ports
    assert changed["actions"] == [f"replace container {release.name} (option init)"]
    attrs = release.attrs()
    # Docker 29 shows what its default is.
    seen = attrs["HostConfig"]["NetworkMode"]
    assert seen == mode or (mode, seen) == ("default", "bridge")
    assert set(attrs["NetworkSettings"]["Networks"]) == networks
    assert release.ok(**options)["changed"] is False
    assert (release.version() == "1") is (value == "host")


def test_another_container_s_namespaces(release: Release, images: Any) -> None:
    def other() -> Any:
        return release.client.containers.run(images("ok", "9"), name=name, detach=True)

    name = f"{release.name}-other"
    options = {"ports": [], "network_mode": f"container:{name}", "pid_mode": f"container:{name}"}
    options |= {"environment": {"PORT": 8001}, "healthcheck": None}
    first = other()
    release.ok(**options)
    assert release.attrs()["HostConfig"]["NetworkMode"] == f"container:{first.id}"
    assert release.ok(**options)["changed"] is False
    first.remove(force=True)
    other()
    mended = release.ok(**options)
    reason = "option network_mode, option pid_mode"
    assert mended["actions"] == [f"replace container {release.name} ({reason})"]


def test_the_entrypoint_is_emptied(release: Release) -> None:
    command = ["python3", "/srv/app.py"]
    release.ok(**QUICK, entrypoint=command)
    for entrypoint in ("", None):
        changed = release.ok(**QUICK, entrypoint=entrypoint)
        assert changed["changed"] is (entrypoint == "")
        assert not release.attrs()["Config"]["Entrypoint"]
        assert release.version() == "1"


def test_environment_values_are_not_in_the_diff(release: Release) -> None:
    release.ok(**QUICK, environment={"COLOUR": "aquamarine"})
    changed = release.ok(**QUICK, environment={"COLOUR": "vermilion"})
    assert changed["actions"] == [f"replace container {release.name} (option environment)"]
    assert changed["diff"][0]["after"]["environment"] == {"COLOUR": "(value, changed)"}
    assert "vermilion" not in str(changed["diff"])
    assert "aquamarine" not in str(changed["diff"])


def test_a_secret_in_the_environment_is_warned_of(release: Release) -> None:
    result = release.apply(**QUICK, environment={"GF_ADMIN_PASSWORD": "x"})
    assert "GF_ADMIN_PASSWORD" in str(result["warnings"])


def test_file(release: Release) -> None:
    path = "/etc/app/app.conf"
    release.ok(**QUICK, files=[{"path": path, "content": "a = 1\n"}])
    inside = release.client.containers.get(release.name)
    assert answer(inside, "cat", path) == "a = 1\n"
    assert answer(inside, "stat", "-c", "%u:%g %a", path) == "10001:10001 444\n"
    assert inside.exec_run(["sh", "-c", f"echo x >{path}"]).exit_code != 0
    changed = release.ok(**QUICK, files=[{"path": path, "content": "a = 2\n"}])
    assert changed["actions"] == [f"replace container {release.name} (file {path})"]
    assert (changed["diff"][1]["before"], changed["diff"][1]["after"]) == ("a = 1\n", "a = 2\n")
    gone = release.ok(**QUICK)
    assert gone["actions"] == [f"replace container {release.name} (file {path})"]


def test_a_stored_file_that_was_tampered_with(release: Release) -> None:
    files = [{"path": "/etc/app.conf", "content": "a = 1\n"}]
    release.ok(**QUICK, files=files)
    (release.stored()[0] / "mounts/etc/app.conf").write_text("a = 666\n")
    changed = release.ok(**QUICK, files=files)
    assert changed["actions"] == [f"replace container {release.name} (file /etc/app.conf)"]


def test_user_by_name_reads_its_secret(release: Release) -> None:
    secrets = [{"path": "/run/secrets/key", "content": "correct-horse"}]
    release.ok(**QUICK, user="nobody:nogroup", secrets=secrets)
    inside = release.client.containers.get(release.name)
    assert answer(inside, "cat", "/run/secrets/key") == "correct-horse"
    said = answer(inside, "stat", "-c", "%U:%G %a", "/run/secrets/key")
    assert said == "nobody:nogroup 400\n"
    assert release.fails("release.user_unknown", user="ghost")["values"] == {"user": "ghost"}


def test_networks(release: Release, images: Any) -> None:
    first, second = f"{release.name}-a", f"{release.name}-b"
    networks = [{"name": first, "aliases": ["db"]}, {"name": second}]
    created = release.ok(**QUICK, networks=networks)
    assert created["actions"][:2] == [f"create network {first}", f"create network {second}"]
    lookup = f"import socket; [socket.gethostbyname(n) for n in ('db', '{release.name}')]"
    other = release.client.containers.run(
        images("ok", "1"),
        ["python3", "-c", lookup],
        name=f"{release.name}-other",
        network=first,
        detach=True,
    )
    assert other.wait()["StatusCode"] == 0, other.logs()
    assert release.ok(**QUICK, networks=networks)["changed"] is False
    release.client.networks.get(second).disconnect(release.name)
    mended = release.ok(**QUICK, networks=networks)
    assert mended["actions"] == [f"connect container {release.name} to network {second}"]
    # Networks in use by others stay.
    gone = release.ok(**release.only(state="absent"), image=None, ports=[])
    assert f"remove network {second}" in gone["actions"]
    assert f"remove network {first}" not in gone["actions"]


def test_volumes(release: Release, tmp_path: Path) -> None:
    named, made = f"{release.name}-data", tmp_path / "made"
    volumes = [
        {"source": named, "target": "/data", "owner": "10001:10001"},
        {"source": str(made), "target": "/made", "owner": "10001:10001"},
        {"source": str(tmp_path), "target": "/read", "read_only": True},
    ]
    created = release.ok(volumes=volumes)
    assert created["actions"][:2] == [f"create volume {named}", f"create directory {made}"]
    inside = release.client.containers.get(release.name)
    for target, code in (("/data", 0), ("/made", 0), ("/read", 1)):
        assert inside.exec_run(["touch", f"{target}/x"]).exit_code == code
    assert release.ok(volumes=volumes)["changed"] is False
    kept = release.ok(volumes=volumes, image=release.options["image"], hostname="other")
    assert kept["changed"]
    inside = release.client.containers.get(release.name)
    assert answer(inside, "ls", "/data") == "x\n"
    root = release.client.volumes.get(named).attrs["Mountpoint"]
    Path(root).chmod(0o755)
    os.chown(root, 0, 0)
    mended = release.ok(volumes=volumes, hostname="other")
    assert mended["actions"] == [f"give {root} to 10001:10001"]
    gone = release.ok(**release.only(state="absent", remove_volumes=True), image=None, ports=[])
    assert f"remove volume {named}" in gone["actions"]
    assert gone["kept"] == [str(tmp_path), str(made)]
    assert (made / "x").exists()


def test_the_rehearsal_gets_no_data(release: Release, images: Any, tmp_path: Path) -> None:
    volumes = [{"source": str(tmp_path / "data"), "target": "/data", "owner": "10001:10001"}]
    writes = ["python3", "-c", "open('/data/rehearsed', 'w').close()"]
    rehearsal = {"command": writes, "until": "exited"}
    began = int(time.time())
    release.ok(volumes=volumes, rehearsal=rehearsal)
    assert list((tmp_path / "data").iterdir()) == []
    events = list(release.client.events(since=began, until=int(time.time()) + 1, decode=True))
    ids = {
        event["Actor"]["ID"]
        for event in events
        if event["Actor"]["Attributes"].get("name") == f"{release.name}.rehearsal"
    }
    used = {
        event["Actor"]["ID"]
        for event in events
        if event["Type"] == "volume" and event["Actor"]["Attributes"].get("container") in ids
    }
    assert used
    assert not used & {volume.name for volume in release.client.volumes.list()}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"mem_limit": 50 << 20, "memswap_limit": 50 << 20}, "Memory"),
        ({"restart_policy": {"Name": "no"}}, "RestartPolicy"),
    ],
)
def test_drift_is_mended_in_place(release: Release, body: dict[str, Any], name: str) -> None:
    created = release.ok(**QUICK, memory="96m")
    release.client.containers.get(release.name).update(**body)
    mended = release.ok(**QUICK, memory="96m")
    assert mended["actions"] == [f"set {name} of container {release.name}"]
    assert mended["release"]["container_id"] == created["release"]["container_id"]
    assert release.ok(**QUICK, memory="96m")["changed"] is False


def test_stopped_paused_and_removed(release: Release) -> None:
    release.ok(**QUICK)
    container = release.client.containers.get(release.name)
    container.stop()
    assert release.ok(**QUICK)["actions"] == [f"start container {release.name}"]
    container.pause()
    assert release.ok(**QUICK)["actions"] == [f"restart container {release.name} (it is paused)"]
    assert release.version() == "1"
    container.remove(force=True)
    created = release.ok(**QUICK)["actions"]
    assert created[-1] == f"create container {release.name}"
    assert len(release.stored()) == 1


def test_absent(release: Release, images: Any) -> None:
    release.ok(**QUICK)
    release.ok(**QUICK, image=images("ok", "2"))
    assert release.names() == {"", ".previous"}
    gone = release.ok(**release.only(state="absent"), image=None, ports=[])
    assert release.names() == set()
    assert release.stored() == []
    assert gone["release"] is None
    assert release.ok(**release.only(state="absent"), image=None, ports=[])["changed"] is False


def test_a_file_that_is_taken_from_the_host(release: Release, tmp_path: Path) -> None:
    source = tmp_path / "ca.crt"
    files = [{"path": "/etc/ca.crt", "src": str(source)}]
    missing = release.apply(**QUICK, files=files)
    assert missing["code"] == "release.source_missing"
    assert release.apply(check=True, **QUICK, files=files)["changed"]
    source.write_text("one\n")
    release.ok(**QUICK, files=files)
    # Where the content comes from is no change.
    content = [{"path": "/etc/ca.crt", "content": "one\n"}]
    assert not release.ok(**QUICK, files=content)["changed"]
    source.write_text("two\n")
    assert release.ok(**QUICK, files=files)["changed"]
    both = [{**files[0], "content": "one\n"}]
    assert release.apply(**QUICK, files=both)["failed"]
