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
from ansible_collections.vya.observability.plugins.module_utils._release.fields import put
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
from ansible_collections.vya.observability.plugins.module_utils._release.spec import Spec

IMAGE = {"Id": "sha256:" + "1" * 64, "RepoDigests": []}


def spec(**options: Any) -> Spec:
    validator = ArgumentSpecValidator(argument_spec())
    validated = validator.validate({"name": "collector", "image": "collector:1", **options})
    assert not validated.error_messages
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


@pytest.mark.parametrize("text", ["80", "a:80", "0:80", "70000:80", "1.2.3:80:80", "80:80/sctp"])
def test_port_refused(text: str) -> None:
    assert refused(ports=[text]) == ["ports[0]"]


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
CHANGED = {"labels": {"x": "y"}, "healthcheck": {"Retries": 9}, "tmpfs": {"/x": ""}}


@pytest.mark.parametrize(
    ("name", "option"), [(name, o) for name, o in CONTAINER.items() if not o.update]
)
def test_what_is_changed_behind_our_back_is_seen_by_the_row(name: str, option: Option) -> None:
    wanted = spec(hostname="wf001")
    container = inspected(wanted)
    body = container_config(wanted, IMAGE, "r1", Path("/mounts"))
    assert list(unlike(body, container, {})) == []
    put(container, option.field, CHANGED.get(name, ["something else"]))
    assert [key for key, _name in unlike(body, container, {})] == [option.key]
