# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of container_release: what is read, and what is refused, with every problem named."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vya.observability.plugins.module_utils._docker.ports import read_port
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release.container import (
    container_config,
    rehearsal_config,
)
from ansible_collections.vya.observability.plugins.module_utils._release.fields import get
from ansible_collections.vya.observability.plugins.module_utils._release.inspected import unlike
from ansible_collections.vya.observability.plugins.module_utils._release.options import (
    CONTAINER,
    Option,
    argument_spec,
)
from ansible_collections.vya.observability.plugins.module_utils._release.parse import (
    check_name,
    parse,
)
from ansible_collections.vya.observability.plugins.module_utils._release.readers import (
    read_memory,
    read_mode,
    read_words,
)
from ansible_collections.vya.observability.plugins.module_utils._release.slots import spellings
from ansible_collections.vya.observability.plugins.module_utils._release.spec import Spec

IMAGE = {"Id": "sha256:" + "1" * 64, "RepoDigests": []}


def spec(**options: Any) -> Spec:
    validator = ArgumentSpecValidator(argument_spec())
    validated = validator.validate({"name": "collector", "image": "collector:1", **options})
    assert not validated.error_messages, validated.error_messages
    return parse(validated.validated_parameters)


def refused(**options: Any) -> list[str]:
    """The options that are refused."""
    with pytest.raises(Failure) as error:
        spec(**options)
    assert error.value.code == "release.options"
    return list(error.value.values["options"])


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("8000:80", "127.0.0.1:8000:80/tcp"),
        ("0.0.0.0:8000:80/udp", "0.0.0.0:8000:80/udp"),
        ("[2001:db8:0::7]:8000:80", "[2001:db8::7]:8000:80/tcp"),
    ],
)
def test_port(text: str, normal: str) -> None:
    assert str(read_port(text)) == normal


@pytest.mark.parametrize(
    "value",
    [
        *("80", "a:80", "0:80", "70000:80", "1.2.3:80:80", "80:80/sctp", 1342),
        *("8000-8001:80", "8001-8000:81-80", "8000-8001:80-82"),
        {"target": 80},
        {"target": 80, "published": 80, "mode": "ingress"},
    ],
)
def test_port_refused(value: Any) -> None:
    assert refused(ports=[value]) == ["ports[0]"]


# option, as Docker or Compose write it, as this module always took it
SPELLINGS: list[tuple[str, Any, Any]] = [
    ("ports", ["8000-8001:80-81/udp"], ["8000:80/udp", "8001:81/udp"]),
    ("ports", ["::1:6000:6000"], ["[::1]:6000:6000"]),
    ("ports", ["[::1]:6000-6001:60-61"], ["[::1]:6000:60", "[::1]:6001:61"]),
    ("ports", [{"target": 80, "published": "8080", "mode": "host"}], ["8080:80"]),
    (
        "ports",
        [{"target": 53, "published": 53, "host_ip": "::1", "protocol": "udp"}],
        ["[::1]:53:53/udp"],
    ),
    ("environment", ["A=1", "B=x=y", "C="], {"A": 1, "B": "x=y", "C": ""}),
    ("environment", "A=1 B=2", {"A": 1, "B": 2}),
    ("labels", ["a=1", "b"], {"a": "1", "b": ""}),
    ("labels", {"a": None}, {"a": ""}),
    ("sysctls", ["net.core.somaxconn=1024"], {"net.core.somaxconn": 1024}),
    ("etc_hosts", ["db:192.0.2.7", "v6=[::1]"], {"db": "192.0.2.7", "v6": "::1"}),
    ("etc_hosts", ["db:192.0.2.7", "db:::1"], {"db": ["192.0.2.7", "::1"]}),
    ("networks", ["one", "two"], [{"name": "one"}, {"name": "two"}]),
    ("networks", {"one": {"aliases": ["a"]}, "two": None},
     [{"name": "one", "aliases": ["a"]}, {"name": "two"}]),
    ("network_mode", "bridge", None),
    ("volumes", ["d1:/d"], [{"source": "d1", "target": "/d"}]),
    ("volumes", ["d1:/d:rw"], [{"source": "d1", "target": "/d"}]),
    ("volumes", ["/a:/d:ro,rslave"],
     [{"source": "/a", "target": "/d", "read_only": True, "propagation": "rslave"}]),
    ("volumes", ["/a:/d:rprivate"], [{"source": "/a", "target": "/d"}]),
    ("volumes", [
        {"source": "/a", "target": "/d", "type": "bind", "bind": {"propagation": "slave"}}
    ],
     [{"source": "/a", "target": "/d", "propagation": "slave"}]),
    ("volumes", ["source=d1 target=/d"], [{"source": "d1", "target": "/d"}]),
    ("tmpfs", "/tmp:size=1m,mode=1777", ["/tmp:size=1m,mode=1777"]),
    ("tmpfs", "/tmp,/run", ["/tmp", "/run"]),
    ("memory", "1.5g", "1536m"),
    ("memory", 1 << 30, "1g"),
    ("memory", "0", None),
    ("shm_size", "0", None),
    ("cpus", "0", None),
    ("pids_limit", -1, None),
    ("stop_timeout", "1m30s", 90),
    ("restart_policy", False, "no"),
    ("restart_policy", "on-failure:0", "on-failure"),
    ("entrypoint", "", []),
    ("entrypoint", [""], []),
    ("dns", "192.0.2.53", ["192.0.2.53"]),
    ("init", "yes", True),
    ("devices", ["/dev/null"], ["/dev/null:/dev/null:rwm"]),
    ("devices", ["/dev/null:r"], ["/dev/null:/dev/null:r"]),
    ("devices", ["/dev/null:/dev/x:mr"], ["/dev/null:/dev/x:rm"]),
    ("devices", [{"source": "/dev/null", "target": "/dev/x"}], ["/dev/null:/dev/x:rwm"]),
    ("ulimits", {"nofile": 1024, "nproc": {"soft": 1, "hard": 2}},
     ["nofile=1024:1024", "nproc=1:2"]),
    ("ulimits", {"core": -1}, {"core": "-1:-1"}),
    ("log_driver", "json-file", None),
    ("log_options", ["tag=x"], {"tag": "x"}),
    ("healthcheck", {"test": "true", "interval": "1m30s", "timeout": "500ms", "disable": False},
     {"test": ["CMD-SHELL", "true"], "interval": 90, "timeout": 0.5, "start_period": "0s"}),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value", "same"), SPELLINGS)
def test_other_spellings_say_the_same(option: str, value: Any, same: Any) -> None:
    assert spec(**{option: value}) == spec(**{option: same})


@pytest.mark.parametrize(
    ("name", "option"),
    [
        *(("cap_add", "capabilities_add"), ("cap_drop", "capabilities_drop"), ("pid", "pid_mode")),
        *(("extra_hosts", "etc_hosts"), ("group_add", "groups"), ("mem_limit", "memory")),
        *(("restart", "restart_policy"), ("stop_grace_period", "stop_timeout")),
        ("dns_opt", "dns_options"),
    ],
)
def test_compose_names(name: str, option: str) -> None:
    assert argument_spec()[option]["aliases"] == [name]


def test_limits_of_a_log_are_for_drivers_that_have_them() -> None:
    assert spec(log_options={"max-size": "1m", "max-file": 2}) == spec(
        log_max_size="1m", log_max_files=2
    )
    settings = spec(log_driver="local", log_max_files=2).settings
    assert (settings["log_driver"], settings["log_max_files"]) == ("local", 2)
    other = spec(log_driver="journald", log_options=["tag=app"])
    body = container_config(other, IMAGE, "r1", Path("/mounts"))
    assert body["HostConfig"]["LogConfig"] == {"Type": "journald", "Config": {"tag": "app"}}


REFUSED: list[tuple[str, Any]] = [
    ("environment", ["A"]),
    ("environment", {"A": None}),
    ("environment", [{"A": 1}]),
    ("environment", "A"),
    ("sysctls", ["a"]),
    ("etc_hosts", ["db"]),
    ("etc_hosts", {"db": "localhost"}),
    ("networks", [{"name": "one", "ipv4_address": "192.0.2.7"}]),
    ("networks", "host"),
    ("network_mode", "service:db"),
    ("network_mode", "container:app"),
    ("pid_mode", "none"),
    ("pid_mode", "container:app"),
    ("tmpfs", ["tmp"]),
    ("memory", "1.5x"),
    ("shm_size", "much"),
    ("stop_timeout", "1.5s"),
    ("restart_policy", "sometimes"),
    ("restart_policy", "always:3"),
    ("dns", ["resolver"]),
    ("ulimits", {"files": 1}),
    ("ulimits", {"nofile": "2:1"}),
    ("ulimits", {"nofile": "-1:1"}),
    ("ulimits", {"nofile": {"hard": 1}}),
    ("log_options", {"max-size": "big"}),
    ("healthcheck", {"test": ["NONE"]}),
    ("healthcheck", {"disable": True}),
    ("healthcheck", {"test": "true", "interval": "30 sec"}),
    ("healthcheck", {"test": "true", "interval": "1m30"}),
]


@pytest.mark.parametrize(("option", "value"), REFUSED)
def test_other_values_are_refused(option: str, value: Any) -> None:
    assert refused(**{option: value, "name": "app"}) == [option]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("volumes", each) for each in ("d1", "/d", "d1:/d:z", "d1:/d:ro,big", "d1:/d:slave")),
        ("volumes", {"source": "d1", "target": "/d", "type": "bind"}),
        ("volumes", {"source": "d1", "target": "/d", "size": 1}),
        *(("devices", each) for each in ("dev/x", "/dev/x:/dev/y:/dev/z", "/dev/x:rx")),
        ("devices", "vendor.com/class=name"),
    ],
)
def test_other_items_are_refused(option: str, value: Any) -> None:
    assert refused(**{option: [value]}) in ([option], [f"{option}[0]"])


@pytest.mark.parametrize(
    ("mode", "option", "value"),
    [
        *((mode, "ports", ["80:80"]) for mode in ("host", "none", "container:db")),
        *((mode, "networks", ["one"]) for mode in ("host", "none", "container:db")),
        ("container:db", "dns", ["192.0.2.53"]),
        ("container:db", "hostname", "wf001"),
    ],
)
def test_what_a_foreign_network_does_not_have(mode: str, option: str, value: Any) -> None:
    assert refused(network_mode=mode, **{option: value}) == [option]


def test_the_rehearsal_has_ports_of_its_own() -> None:
    for mode, network in (("host", None), ("container:db", None), ("none", "none")):
        wanted = spec(network_mode=mode)
        host = container_config(wanted, IMAGE, "r1", Path("/mounts"))["HostConfig"]
        assert host["NetworkMode"] == mode
        host = rehearsal_config(wanted, IMAGE, "r1", Path("/mounts"))["HostConfig"]
        assert host.get("NetworkMode") == network


def test_an_environment_that_is_refused_is_not_shown() -> None:
    for value in (["hunter2-hunter2"], "hunter2-hunter2"):
        with pytest.raises(Failure) as error:
            spec(environment=value)
        assert "hunter2" not in str(error.value)


# Made by version 0.1.0: a digest that changes replaces every container there is.
EARLIER: list[tuple[str, dict[str, Any]]] = [
    ("9bd563bb0c3fbdb51eb1e0bc9c0a090d9630bc09ab05e832d1ffbd36abb469f6", {}),
    (
        "20ffd2286aa2273caa6643de348895f0d4958b822e895542931173f01261097f",
        {
            "command": "serve --now",
            "entrypoint": ["/bin/app"],
            "user": "1:1",
            "groups": ["3", "2"],
            "working_dir": "/srv",
            "hostname": "h",
            "environment": {"A": True, "B": 2},
            "ports": ["[::1]:53:53/udp", "8080:80"],
            "networks": [{"name": "one", "aliases": ["b", "a"]}, {"name": "two"}],
            "volumes": [
                {"source": "/data", "target": "/data", "read_only": True, "owner": "1:2"},
                {"source": "data", "target": "/d"},
            ],
            "files": [{"path": "/etc/x", "content": "x\n", "mode": "0440"}],
            "secrets": [{"path": "/run/y", "content": "y"}],
            "labels": {"tier": 1},
            "healthcheck": {"test": "true", "interval": 5, "timeout": 1.5},
            "stop_timeout": 5,
            "memory": "64m",
            "cpus": 0.5,
            "pids_limit": 100,
            "restart_policy": "on-failure",
            "read_only": False,
            "tmpfs": ["/tmp:size=1m", "/run"],
            "capabilities_drop": ["net_raw"],
            "capabilities_add": ["CAP_CHOWN"],
            "no_new_privileges": False,
            "etc_hosts": {"db": "192.0.2.7"},
            "log_max_size": "1m",
            "log_max_files": 2,
        },
    ),
]


@pytest.mark.parametrize(
    ("name", "both"),
    [
        ("app", ["App", "apP"]),
        ("1a-B2", ["1A-B2", "1a-b2"]),
        ("aa", ["Aa", "aA"]),
        ("a1", []),
        ("12", []),
    ],
)
def test_spellings(name: str, both: list[str]) -> None:
    assert spellings(name) == both


def test_drain_needs_names_and_no_ports() -> None:
    wanted = {"drain": "1m", "networks": ["one"]}
    assert spec(**wanted).drain == 60
    assert spec(**wanted).digest() == spec(networks=["one"]).digest()
    body = container_config(spec(**wanted), IMAGE, "r1", Path("/mounts"))
    assert body["NetworkingConfig"] == {"EndpointsConfig": {"one": {"Aliases": []}}}
    for options in ({"ports": ["80:80"]}, {"networks": []}, {"name": "a1"}, {"drain": "long"}):
        assert refused(**{**wanted, **options}) == ["drain"]


@pytest.mark.parametrize(("digest", "options"), EARLIER)
def test_what_an_earlier_version_deployed_stays(digest: str, options: dict[str, Any]) -> None:
    assert spec(name="app", **options).digest() == f"sha256:{digest}"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, None), ("a 'b c'", ["a", "b c"]), (["a", 1, True], ["a", "1", "true"])],
)
def test_words(value: Any, words: Any) -> None:
    assert read_words(value) == words


@pytest.mark.parametrize(("text", "size"), [("256m", 256 << 20), ("1GiB", 1 << 30), (None, None)])
def test_memory(text: str | None, size: int | None) -> None:
    assert read_memory(text) == size


@pytest.mark.parametrize(("mode", "bits"), [("0400", 0o400), ("440", 0o440), (0o400, 0o400)])
def test_mode(mode: Any, bits: int) -> None:
    assert read_mode(mode) == bits


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((name, "release.name") for name in ("a", "-a", "a b")),
        *((name, "release.name_reserved") for name in ("collector.next", "collector.previous")),
    ],
)
def test_name_refused(name: str, code: str) -> None:
    with pytest.raises(Failure) as error:
        check_name(name)
    assert error.value.code == code


def test_every_problem_is_named() -> None:
    found = refused(
        ports=["x"],
        memory="1",
        cpus=0.001,
        log_max_size="big",
        files=[{"path": "relative", "content": ""}, {"path": "/a", "content": "", "mode": "9"}],
        secrets=[{"path": "/run/secrets/key", "content": " \n"}],
        volumes=[
            {"source": "../x", "target": "/x"},
            {"source": "x1", "target": "/"},
        ],
        networks=[{"name": "host"}],
        healthcheck={"test": ["NONE"]},
        labels={"io.vya.observability.release": "x"},
    )
    assert sorted(found) == [
        *("cpus", "files[0]", "files[1]", "healthcheck", "labels", "log_max_size", "memory"),
        *("networks", "ports[0]", "secrets[0]", "volumes[0]", "volumes[1]"),
    ]


def test_two_mounts_at_one_path() -> None:
    files = [{"path": "/etc//x", "content": ""}]
    secrets = [{"path": "/etc/x", "content": "abc"}]
    assert refused(files=files, secrets=secrets) == ["mounts"]


def test_two_ports_published_as_one() -> None:
    assert refused(ports=["80:80", "80:81"]) == ["ports"]


def test_digest_tells_configurations_apart_and_knows_no_secret() -> None:
    one = spec(secrets=[{"path": "/k", "content": "first"}], environment={"A": 1, "B": 2})
    other = spec(secrets=[{"path": "/k", "content": "second"}], environment={"B": 2, "A": 1})
    assert one.digest() == other.digest()
    assert "first" not in str(one.described())
    assert one.digest() != spec(environment={"A": 1, "B": 3}).digest()
    assert one.digest() != spec(memory="64m").digest()


def test_container(tmp_path: Any) -> None:
    wanted = spec(
        ports=["5001:5001"],
        networks=[{"name": "vya", "aliases": ["api"]}, {"name": "other"}],
        secrets=[{"path": "/run/secrets/key", "content": "sesame-open"}],
        volumes=[
            {"source": "data", "target": "/data"},
            {"source": str(tmp_path), "target": "/read", "read_only": True},
        ],
        memory="64m",
        cpus=1.5,
    )
    config = container_config(wanted, IMAGE, "r1", tmp_path / "mounts")
    host = config["HostConfig"]
    assert config["Image"] == IMAGE["Id"]
    assert host["PortBindings"] == {"5001/tcp": [{"HostIp": "127.0.0.1", "HostPort": "5001"}]}
    assert host["NanoCpus"] == 1_500_000_000
    assert host["Memory"] == host["MemorySwap"] == 64 << 20
    aliases = config["NetworkingConfig"]["EndpointsConfig"]
    assert aliases == {"vya": {"Aliases": ["api", "collector"]}}
    assert "sesame" not in str(config)
    rehearsal = rehearsal_config(wanted, IMAGE, "r1", tmp_path / "mounts")
    assert rehearsal["HostConfig"]["PortBindings"] == {}
    assert rehearsal["HostConfig"]["RestartPolicy"] == {"Name": "no"}
    assert rehearsal["NetworkingConfig"]["EndpointsConfig"] == {"vya": {}}
    mounts = {mount["Target"]: mount for mount in rehearsal["HostConfig"]["Mounts"]}
    assert mounts["/data"] == {"Type": "volume", "Target": "/data", "ReadOnly": False}
    assert mounts["/read"]["Source"] == str(tmp_path)
    assert mounts["/run/secrets/key"]["ReadOnly"] is True


def inspected(wanted: Spec) -> dict[str, Any]:
    """What `docker inspect` shows of a container that was just created so."""
    body = container_config(wanted, IMAGE, "r1", Path("/mounts"))
    return {"Config": copy.deepcopy(body), "HostConfig": copy.deepcopy(body["HostConfig"])}


# Of another kind than the texts and lists that serve for all others.
CHANGED = {
    "labels": {"x": "y"},
    "healthcheck": {"Retries": 9},
    "tmpfs": {"/x": ""},
    "network_mode": "host",
    "pid_mode": "host",
    "devices": [{"PathOnHost": "/a", "PathInContainer": "/b", "CgroupPermissions": "r"}],
    "ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 9}],
    "sysctls": {"net.core.somaxconn": "1"},
    "log_driver": "syslog",
    "log_options": {"tag": "y", "max-size": "10m", "max-file": "3"},
}
# What Docker chooses where nothing is given.
GIVEN: dict[str, Any] = {
    "hostname": "wf001",
    "shm_size": "1m",
    "ulimits": {"nofile": 1},
    "log_options": {"tag": "x"},
}


@pytest.mark.parametrize(
    ("name", "option"), [(name, o) for name, o in CONTAINER.items() if not o.update]
)
def test_what_is_changed_behind_our_back_is_seen_by_the_row(name: str, option: Option) -> None:
    wanted = spec(**GIVEN)
    container = inspected(wanted)
    body = container_config(wanted, IMAGE, "r1", Path("/mounts"))
    assert list(unlike(body, container, {})) == []
    *above, last = option.field.split(".")
    get(container, ".".join(above))[last] = CHANGED.get(name, ["something else"])
    assert [key for key, _name in unlike(body, container, {})] == [option.key]
