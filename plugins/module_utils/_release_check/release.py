# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look at one release, and judge it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._check import Ask, Check, wait_for
from .._docker.client import DOCKER_ERRORS, unreachable
from .._docker.container import Container, label, running
from .._docker.health import NotHealthy, last_lines, mask, wait_healthy
from .._docker.images import find_image
from .._docker.labels import LABEL_RELEASE
from .._docker.ports import Port, read_port
from .._failure import Failure
from .._folder import PathError
from .._release.slots import Run, Slots, find
from .._release.store import Store
from .._texts.en.catalogue import TEXTS
from .._texts.text import Text, text
from .checks import configuration_check, looping, missing_check, restarts_check, running_check
from .configuration import differences, mount_roots, touched
from .image import image_check, source_check
from .loaded import loaded_check
from .look import Look, reference_of, renamed
from .ports import ports_check
from .settle import settled_check
from .written import written_check

_LOG_LINES = 5


def no_daemon(ask: Ask, docker_host: str, error: BaseException) -> Check:
    """Return the failed check for a daemon that cannot be reached, or that refuses."""
    if not isinstance(error, Failure):
        error = unreachable(error, docker_host)
    if error.code in TEXTS:
        return ask.error(error)
    return ask.fail("docker.no_answer", docker_host=docker_host, error=str(error))


def check_release(
    connect: Callable[[], Any],
    host: str,
    params: dict[str, Any],
    wanted: Mapping[str, Any],
    here: list[str],
) -> list[Check]:
    """Run all checks of one release.

    Args:
        connect: Returns a client of the daemon.
        params: The module's options.
        wanted: An element of its option `releases`.
        here: Names of the releases of this host.
    """
    name = wanted["name"]
    ask = Ask("running", f"{host} {name}")
    try:
        client = connect()
        run = Run(client, name, params, True, Store(params["state_directory"], name))
        slots = find(client, name)
        if slots.current is None or slots.left():
            # A swap takes seconds.
            wait_for(lambda: run.store.at_work() is None, params["wait"])
            slots = find(client, name)
            holder = run.store.at_work()
            if holder and (slots.current is None or slots.left()):
                return [ask.skip("under_way", **{"since": text("unknown_date"), **holder})]
        if slots.current is None:
            elsewhere, ports = renamed(client, name), deployed_ports(run.store)
            return [missing_check(ask, name, slots, here, elsewhere, ports)]
        look = _look(run, host, slots, slots.current, wanted.get("image"))
        # First, so that what is judged then is how it is at the end.
        settled = settled_check(look, client, params["settle"])
        if settled:
            look = replace(look, current=client.api.inspect_container(slots.current["Id"]))
        return [*_judge(run, look, wanted), *([settled] if settled else [])]
    except (Failure, *DOCKER_ERRORS) as error:
        return [no_daemon(ask, params["docker_host"], error)]


def _look(run: Run, host: str, slots: Slots, current: Container, wanted: str | None) -> Look:
    references = [reference_of(current), *([wanted] if wanted else [])]
    adopted = False
    with contextlib.suppress(PermissionError, PathError):  # the configuration's check says so
        adopted = run.store.noted_policy(current["Id"]) is not None
    return Look(
        host=host,
        name=run.name,
        slots=slots,
        current=current,
        image=find_image(run.client, current["Image"]),
        named={reference: find_image(run.client, reference) for reference in references},
        adopted=adopted,
    )


def deployed_ports(store: Store) -> list[Port]:
    """Return the ports that all kept releases publish: which of them served is not known."""
    published: list[set[str]] = []
    with contextlib.suppress(PermissionError, PathError):  # then nothing is known
        for release in store.releases():
            ports = store.record(release).get("options", {}).get("ports")
            published.append({*(ports or ())})
    return [read_port(port) for port in sorted(set.intersection(*published) if published else ())]


def _judge(run: Run, look: Look, wanted: Mapping[str, Any]) -> list[Check]:
    current, most = look.current, wanted["max_restarts"]
    hidden = None
    try:
        changed = touched(run.store, current, mount_roots(current["State"]["Pid"]))
        configuration = configuration_check(look, _different(run, look, changed))
        # The log may contain a secret that is no longer on disk.
        if not any(each.values["what"].code == "reason.secret" for each in changed):
            hidden = run.store.secrets()
    except (PermissionError, PathError) as error:
        configuration = look.ask("configuration").fail("not_readable", error=str(error))
    unhealthy = _unhealthy(run, current, hidden)
    ended = bool(unhealthy) and not running(current) and not looping(current, most)
    log = _log(run, current, hidden) if ended or looping(current, most) else None
    checks = [
        running_check(look, unhealthy, log if ended else None),
        image_check(look, wanted.get("image")),
    ]
    if wanted.get("source_digest"):
        checks.append(source_check(look, wanted["source_digest"]))
    checks += [each for each in (written_check(look), loaded_check(look)) if each]
    checks += [configuration, restarts_check(look, most, log), _ports(look, wanted.get("ports"))]
    return checks


def _different(run: Run, look: Look, changed: list[Text]) -> list[Text]:
    if not label(look.current, LABEL_RELEASE):
        return []
    return differences(run, look.current, look.image, changed)


def _unhealthy(run: Run, current: Container, hidden: list[str] | None) -> Text | None:
    """Return why it does not count as healthy; None if it does. It waits for a starting one.

    Args:
        hidden: The release's secrets; None if not known, then its output is left out.
    """
    state = current["State"]
    if running(current) and (state.get("Health") or {}).get("Status") == "healthy":
        return None
    try:
        wait_healthy(
            run.client, current["Id"], run.params["wait"], restarts=current["RestartCount"]
        )
    except NotHealthy as error:
        found = text("container.state", **error.values)
        return masked(found, hidden or [], () if hidden is not None else ("check",))
    return None


def masked(value: Any, secrets: list[str], without: Collection[str] = ()) -> Any:
    """Return a text without secrets; the values named in `without` are left out."""
    if isinstance(value, Text):
        shown = {
            name: "" if name in without else masked(each, secrets, without)
            for name, each in value.values.items()
        }
        return Text(value.code, shown)
    return mask(value, secrets) if isinstance(value, str) else value


def _log(run: Run, current: Container, hidden: list[str] | None) -> Text:
    if hidden is None or not label(current, LABEL_RELEASE):
        return text("log_hidden")
    lines = mask(last_lines(run.client, current["Id"], _LOG_LINES), hidden).splitlines()
    return text("log_lines", lines=[line.strip() for line in lines])


def _ports(look: Look, declared: Sequence[str] | None) -> Check:
    ask = look.ask("ports")
    if not running(look.current):
        return ask.skip("not_running")
    return ports_check(ask, look.current, declared)
