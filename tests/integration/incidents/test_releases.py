# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of images, containers, ports, secrets and permissions, with a real Docker daemon."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker

from ansible_collections.vya.observability.plugins.module_utils._docker.labels import LABEL_SOURCE

from ..checks.conftest import KEY, Answer, run_module
from ..conftest import answer
from ..container_release.conftest import REPOSITORY, Release
from ..container_release.tools import Client, free_port
from .registry import incident
from .tools import settings

APP = Path(__file__).parents[1] / "container_release/app/app.py"
NO_REHEARSAL: dict[str, Any] = {"rehearsal": {"until": "none"}}
COLLECTOR = "adminvyadigital/n8n-collector-api:0.1.0"
SECRET = "correct-horse-battery"


def look(release: Release, **asked: Any) -> Answer:
    """Run release_check for one release."""
    return run_module(
        "release_check",
        host="h",
        releases=[{"name": release.name, **asked}],
        state_directory=str(release.state),
    )


def named(release: Release, answer: Answer, what: str) -> dict[str, Any]:
    """The check of the release, which has failed."""
    check = answer.check(f"{what} h {release.name}")
    assert check["status"] == "fail", check
    return check


def write_program(source: Path) -> None:
    """A program that serves and is healthy, as the source of an image."""
    (source / "Dockerfile").write_text(
        "ARG BASE_IMAGE\nFROM $BASE_IMAGE\nCOPY app.py /srv/app.py\nUSER 10001\n"
        'HEALTHCHECK CMD ["python3", "/srv/app.py", "check"]\nCMD ["python3", "/srv/app.py"]\n'
    )
    (source / "app.py").write_text(APP.read_text())


@incident(
    3,
    "Crash loop: a module was imported that was not in the image",
    "Reinícios sem fim: importava-se um módulo que não estava na imagem",
    "refused",
    "image_build",
    "container_release",
)
def test_a_module_is_missing_in_the_image(
    served: Release,
    images: Callable[..., str],
    task: Callable[..., dict[str, Any]],
    options: dict[str, Any],
    source: Path,
    docker_client: docker.DockerClient,
) -> None:
    (source / "program").write_text("#!/usr/bin/python3\nimport a_module_of_nobody\n")
    built = task({**options, "smoke": [{"command": ["version"]}]}, fails=True)
    assert "No module named 'a_module_of_nobody'" in built["msg"]
    assert not docker_client.api.images(options["name"])
    # And should such an image come from elsewhere, it does not get past its rehearsal.
    with Client(served.port) as client:
        failed = served.fails("release.rehearsal_failed", image=images("crash", "2"))
    assert "No module named 'a_module_that_is_not_in_the_image'" in failed["msg"]
    assert client.failed == []
    assert client.versions == ["1"]


@incident(
    4,
    "The wrong image was pushed under the right name",
    "A imagem errada foi enviada com o nome certo",
    "found",
    "image_build",
    "release_check",
)
def test_another_image_under_the_name(
    release: Release,
    images: Callable[..., str],
    task: Callable[..., dict[str, Any]],
    options: dict[str, Any],
    source: Path,
    registry: str,
    client: Any,
) -> None:
    write_program(source)
    options["registry"] = registry
    made = task(options)
    target, tag = f"{registry}/{options['name']}", options["tag"]
    # Somebody else pushes to that name; of its layers the registry has some already.
    container = client.containers.create(images("ok", "2"))
    wrong = container.commit(target, tag, changes=f'LABEL {LABEL_SOURCE}=""')
    container.remove()
    pushed = client.api.push(target, tag)
    assert "Layer already exists" in pushed
    # A host pulls it under the right name, and all is healthy.
    client.images.remove(f"{target}:{tag}")
    client.images.pull(target, tag)
    release.ok(image=f"{target}:{tag}", **NO_REHEARSAL)
    assert release.attrs()["Image"] == wrong.id
    answer = look(release, source_digest=made["source_digest"], image=made["reference"])
    check = named(release, answer, "source")
    assert check["values"]["today"] == made["source_digest"][7:19]
    assert check["code"] == "source.unknown"
    named(release, answer, "image")
    # The next deploy names it, and puts the right one in its place.
    again = task(options)
    digest = client.images.get(wrong.id).attrs["RepoDigests"][0].partition("@")[2]
    assert digest in "".join(again["warnings"])
    release.ok(image=again["reference"], **NO_REHEARSAL)
    answer = look(release, source_digest=made["source_digest"], image=made["reference"])
    assert {s for check, s in answer.statuses.items() if release.name in check} == {"pass"}


@incident(
    5,
    "The image was not rebuilt for three weeks after the code changed",
    "A imagem não foi refeita por três semanas depois de o código mudar",
    "found",
    "image_build",
    "release_check",
)
def test_the_code_has_changed_since(
    release: Release, task: Callable[..., dict[str, Any]], options: dict[str, Any], source: Path
) -> None:
    write_program(source)
    made = task(options)
    release.ok(image=made["reference"], **NO_REHEARSAL)
    today = made["source_digest"]
    assert look(release, source_digest=today).check(f"source h {release.name}")["status"] == "pass"
    (source / "app.py").write_text(APP.read_text() + "# changed\n")
    foreseen = task(options, check=True)
    assert foreseen["changed"]  # a deploy builds it, unasked
    check = named(release, look(release, source_digest=foreseen["source_digest"]), "source")
    assert check["code"] == "source.not_rebuilt"


@incident(
    6,
    "docker restart after a pull went on with the old image; with latest alone, no way back",
    "docker restart após um pull seguia com a imagem antiga; só com latest, não havia volta",
    "found",
    "release_check",
    "container_release",
)
def test_the_tag_has_moved(release: Release, images: Callable[..., str], client: Any) -> None:
    tag = f"{REPOSITORY}:{release.name}"
    client.api.tag(images("ok", "1"), REPOSITORY, release.name)
    release.ok(image=tag, **NO_REHEARSAL)
    client.api.tag(images("ok", "2"), REPOSITORY, release.name)
    client.api.restart(release.name, timeout=2)
    check = named(release, look(release), "image")
    assert (check["code"], check["values"]["reference"]) == ("image.tag_moved", tag)
    # A deploy takes the new one; the way back is by id, though both had one name.
    release.ok(image=tag, **NO_REHEARSAL)
    assert release.version() == "2"
    release.ok(**release.only(state="rolled_back"))
    assert release.version() == "1"


@incident(
    8,
    "Port 9102 was published, and nothing listened",
    "A porta 9102 estava publicada e nada escutava nela",
    "found",
    "release_check",
)
def test_nothing_listens_behind_a_port(release: Release) -> None:
    ports = [*release.options["ports"], f"127.0.0.1:{free_port()}:9102"]
    release.ok(ports=ports, **NO_REHEARSAL)
    check = named(release, look(release, ports=ports), "ports")
    (silent,) = check["values"]["ports"]
    assert (check["code"], silent["code"]) == ("ports.silent", "port_unused")
    assert silent["values"]["inside"] == 9102


@incident(
    22,
    "Ports published by Docker bypassed the firewall and were open to the internet",
    "Portas publicadas pelo Docker ignoravam o firewall e ficavam abertas à internet",
    "found",
    "release_check",
)
def test_a_port_is_open_to_the_world(release: Release) -> None:
    foreign = release.client.containers.run(
        release.options["image"], name=f"{release.name}-x", detach=True, ports={"8000/tcp": None}
    )
    foreign.reload()
    port = foreign.ports["8000/tcp"][0]["HostPort"]
    check = run_module(
        "release_check", host="h", releases=[], state_directory=str(release.state)
    ).check("public ports h")
    assert (check["status"], check["code"]) == ("fail", "public_ports.open")
    assert f"{foreign.name} 0.0.0.0:{port}/tcp" in check["values"]["ports"]


@incident(
    28,
    "Secrets in documents and in the environments of containers",
    "Segredos em documentos e nas variáveis de ambiente de contêineres",
    "found",
    "release_check",
    "container_release",
)
def test_secrets_in_environments_and_in_their_file(release: Release) -> None:
    secrets = [{"path": "/run/secrets/key", "content": SECRET}]
    result = release.apply(secrets=secrets, **NO_REHEARSAL)
    assert not result["failed"], result["msg"]
    changed = release.apply(secrets=[{**secrets[0], "content": SECRET + "-2"}], check=True)
    assert "(secret, changed)" in str(changed["diff"])
    inside = release.client.containers.get(release.name)
    assert answer(inside, "cat", "/run/secrets/key") == SECRET
    good = look(release)
    shown = {
        "output and diff": result["text"] + changed["text"],
        "docker inspect": json.dumps(release.attrs()),
        "environment": answer(inside, "env"),
        "record": "".join((path / "release.json").read_text() for path in release.stored()),
        "release_check": good.output,
    }
    assert [where for where, text in shown.items() if SECRET in text] == []
    assert release.name not in str(good.values("secrets h"))
    # The other way, of a release and of a container that somebody made by hand.
    foreign = release.client.containers.create(
        release.options["image"],
        name=f"{release.name}-x",
        environment={"DB": f"postgresql://a:{SECRET}@db/app"},
    )
    exposed = release.apply(environment={"DB_PASSWORD": SECRET}, **NO_REHEARSAL)
    assert "environment: DB_PASSWORD looks like a secret" in str(exposed["warnings"])
    found = look(release)
    check = found.check("secrets h")
    assert (check["status"], check["code"]) == ("warn", "secrets.exposed")
    assert {f"{foreign.name} DB", f"{release.name} DB_PASSWORD"} <= {*check["values"]["variables"]}
    assert SECRET not in str(exposed["diff"]) + found.output


@incident(
    29,
    "Volumes of another user and unreadable files stopped services",
    "Volumes de outro usuário e arquivos ilegíveis derrubaram serviços",
    "refused",
    "collector",
    "container_release",
)
def test_files_that_the_service_cannot_read(served: Release, client: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    where = tmp_path / "volume"
    where.mkdir(mode=0o755)
    (where / "spool").mkdir(mode=0o755)
    chosen = settings(where)
    (where / "keys").chmod(0o600)
    chosen["api"] |= {"listen": "0.0.0.0", "port": 8000, "keys_file": "/volume/keys"}
    chosen["victoriametrics"] = {"url": "http://127.0.0.1:9", "spool_directory": "/volume/spool"}
    (where / "collector.json").write_text(json.dumps(chosen))
    (where / "collector.json").chmod(0o644)
    command = ["check-config", "--config", "/volume/collector.json"]
    container = client.containers.create(
        COLLECTOR, command, volumes=[f"{where}:/volume"], network_mode="none"
    )
    try:
        container.start()
        assert container.wait()["StatusCode"] == 2
        said = container.logs().decode()
    finally:
        container.remove(force=True)
    assert "a file that uid 10001 can read, seen /volume/keys: Permission denied" in said
    assert KEY not in said
    # A deploy is refused by its rehearsal, and the one that serves is not touched.
    failed = served.fails(
        "release.rehearsal_failed",
        image=COLLECTOR,
        command=["api", "--config", "/volume/collector.json"],
        volumes=[{"source": str(where), "target": "/volume", "read_only": True}],
        rehearsal={"until": "healthy"},
    )
    assert "uid 10001 can read, seen /volume/keys" in failed["msg"]
    assert served.version() == "1"
