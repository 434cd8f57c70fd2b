# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module container_release: one run, from the options to the result."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._docker.client import DOCKER_ERRORS, NOT_YET, client_of, describe_error, docker_failure
from .._docker.container import Container, running
from .._docker.environment import exposed
from .._docker.health import NotHealthy, last_lines, wait_healthy
from .._docker.images import IMAGE_ID, find_image, image_digest, pull_image
from .._failure import Failure, fail
from .._signals import ending
from .._texts.text import Text
from .compare import diff, drifts, reasons
from .create import surroundings
from .parse import check_name, parse, with_sources
from .preflight import adoption, problems
from .remove import remove_all
from .repair import repair
from .slots import Run, Slots, describe, find, restart, start
from .spec import Spec
from .store import Store
from .swap import prove, replace, rollback


def run_module(module: AnsibleModule) -> None:
    """Run the module `container_release`."""
    # As an exception, a signal passes through the swap, which then puts the old release back.
    with ending():
        _run(module)


def _run(module: AnsibleModule) -> NoReturn:
    try:
        result = converge(module.params, module.check_mode, partial(client_of, module.params))
    except Failure as error:
        fail(module, error)
    for warning in result.pop("warnings"):
        module.warn(warning)
    if not module._diff:
        del result["diff"]
    module.exit_json(**result)


def converge(
    params: dict[str, Any],
    check_mode: bool,
    client: Callable[[], Any],
    coming: str | None = None,
) -> dict[str, Any]:
    """Ensure the state of one release.

    Args:
        params: The options of `container_release`.
        client: Returns the Docker client; only called if the options are right.
        coming: A directory on the host that check mode has only foreseen.

    Returns:
        What the module returns, and its warnings and diff.

    Raises:
        Failure: The message begins with the release's name.
    """
    started = time.monotonic()
    name = params["name"]
    try:
        check_name(name)
        wanted = params["state"] in ("present", "rehearsed")
        spec = parse(with_sources(params, check_mode)) if wanted else None
        store = Store(params["state_directory"], name)
        try:
            connected = client()
        except Failure as error:
            if not check_mode or error.code not in NOT_YET or params["state"] == "rolled_back":
                raise
            return _foreseen(Run(None, name, params, True, store, coming=coming), spec, error)
        run = Run(connected, name, params, check_mode, store, coming=coming)
        with store.locked(params["wait_timeout"], check_mode):
            run.hidden = [f.content for f in spec.files if f.secret] if spec else []
            run.hidden += store.secrets()
            shown = _apply(run, spec)
            slots = find(run.client, name)
    except Failure as error:
        raise Failure(error.code, f"{name}: {error}", **error.values) from error
    except PermissionError as error:
        said = f"{name}: {error}: run the task with `become: true`."
        raise Failure("release.permission", said) from error
    except OSError as error:
        raise Failure("release.os_error", f"{name}: {describe_error(error)}") from error
    except DOCKER_ERRORS as error:
        raise docker_failure(f"{name}: Docker says", error) from error
    return _result(run, slots, shown, started)


def _result(run: Run, slots: Slots, shown: list[Any], started: float) -> dict[str, Any]:
    return {
        "changed": bool(run.actions),
        "actions": run.actions,
        "kept": run.kept,
        "release": describe(slots.current),
        "previous": describe(slots.previous),
        "downtime_seconds": run.downtime,
        "rehearsal_seconds": run.rehearsal,
        "seconds": round(time.monotonic() - started, 3),
        "diff": shown,
        "warnings": run.warnings,
    }


def _foreseen(run: Run, spec: Spec | None, error: Failure) -> dict[str, Any]:
    """Return what is foreseen on a host whose engine an earlier task would install or start."""
    started, shown = time.monotonic(), []
    run.warnings.append(f"not judged, as there is no Docker yet: containers, ports, disk ({error})")
    if spec:
        shown = diff(run, spec, None, f"(of {spec.image})")
        if run.params["state"] == "present":
            run.actions.append(f"create container {run.name}")
        _warn(run, spec, None)
    return _result(run, Slots(), shown, started)


def _apply(run: Run, spec: Spec | None) -> list[Any]:
    """Ensure the state, and return the diff."""
    found = find(run.client, run.name)
    # As they were before any repair: the diff begins there.
    own = {container["Id"]: copy.deepcopy(container) for container in found.all()}
    before = found.current
    if spec is None and run.params["state"] == "absent":
        refused = adoption(run, before)
        if refused:
            raise refused[0]
        shown = diff(run, None, before, "")
        remove_all(run, found)
        return shown
    if spec is None:
        return _roll_back(run, repair(run, found))
    refused = adoption(run, before)
    slots = repair(run, found) if not refused else found
    image = _image(run, spec)
    if run.params["state"] == "rehearsed":
        _rehearsed(run, spec, slots, image, set(own))
        return []
    was = own.get(slots.current["Id"]) if slots.current else None
    shown = diff(run, spec, was, image["Id"] if image else f"(of {spec.image})")
    _present(run, spec, slots, image, set(own))
    return shown


def _present(
    run: Run, spec: Spec, slots: Slots, image: dict[str, Any] | None, own: set[str]
) -> None:
    current = slots.current
    why = reasons(run, spec, current, image) if current else []
    if current and not why:
        _keep(run, spec, current)
        return
    _refuse(problems(run, spec, slots, image, own))
    _warn(run, spec, image)
    surroundings(run, spec)
    release = _new_release()
    action = f"replace container {run.name} ({', '.join(map(str, why))})" if current else None
    run.do(action or f"create container {run.name}", replace, run, spec, slots, image, release)


def _rehearsed(
    run: Run, spec: Spec, slots: Slots, image: dict[str, Any] | None, own: set[str]
) -> None:
    """Rehearse the release, unless nothing would be replaced. Check mode starts no container."""
    current = slots.current
    if current and not reasons(run, spec, current, image):
        return
    _refuse(problems(run, spec, slots, image, own))
    if image and not run.check_mode:
        prove(run, spec, slots, image, _new_release())


def _refuse(problems: list[Failure]) -> None:
    if problems:
        raise Failure(
            "release.refused",
            "nothing was touched, because:" + "".join(f"\n- {each}" for each in problems),
            problems=[Text(each.code, each.values) for each in problems],
        )


def _new_release() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) + "-" + secrets.token_hex(3)


def _keep(run: Run, spec: Spec, current: Container) -> None:
    """Ensure that the release, which is the wanted one, runs, is healthy, and has not drifted."""
    mend = drifts(run, spec, current)
    for drift in mend:
        run.do(str(drift.action), drift.mend)
    health = (current["State"].get("Health") or {}).get("Status")
    if current["State"]["Paused"]:
        # Docker calls it unhealthy until its next interval, unless it is restarted.
        run.do(f"restart container {run.name} (it is paused)", restart, run, current)
    elif not running(current):
        run.do(f"start container {run.name}", start, run, current)
    elif health == "unhealthy" or current["State"]["Restarting"]:
        why = "it restarts in a loop" if current["State"]["Restarting"] else "it is unhealthy"
        action = f"restart container {run.name} ({why})"
        run.do(action, restart, run, current)
    elif health == "healthy":
        return
    elif not run.actions or not run.check_mode:
        _wait(run, current, current["RestartCount"])
        return
    if not run.check_mode:
        _wait(run, current, 0)


def _wait(run: Run, current: Container, restarts: int) -> None:
    try:
        wait_healthy(run.client, current["Id"], run.params["wait_timeout"], restarts=restarts)
    except NotHealthy as error:
        lines = last_lines(run.client, current["Id"])
        short = error.code == "container.memory_full"
        hint = "Raise its memory" if short else "A dependency may be down"
        raise Failure(
            "release.not_healthy",
            f"the right release is already running, but: {run.masked(error)}. {hint}. "
            f"Last log lines:\n{run.masked(lines)}",
            reason=error.code,
        ) from error


def _roll_back(run: Run, slots: Slots) -> list[Any]:
    """Ensure that the older release serves. If it does already, nothing changes."""
    current, previous = slots.current, slots.previous
    if current is None or previous is None:
        raise Failure(
            "release.no_previous", f"there is no previous release of {run.name} to go back to."
        )
    if current["Created"] < previous["Created"]:
        restarts = current["RestartCount"]
        if not running(current):
            run.do(f"start container {run.name}", start, run, current)
            restarts = 0
        if not run.check_mode:
            _wait(run, current, restarts)
        return []
    ids = [describe(slot) for slot in (current, previous)]
    action = f"roll back container {run.name} to its previous release"
    run.do(action, rollback, run, slots)
    return [
        {"before_header": run.name, "after_header": run.name, "before": ids[0], "after": ids[1]}
    ]


def _image(run: Run, spec: Spec) -> dict[str, Any] | None:
    """Return the local image, pulled if needed; None if check mode would pull it.

    Raises:
        Failure: `release.image_missing`, or the image could not be pulled.
    """
    policy = run.params["pull"]
    if run.check_mode and run.params["image_pending"]:
        return None
    image = find_image(run.client, spec.image)
    if image and (policy != "always" or "@" in spec.image or IMAGE_ID.match(spec.image)):
        return image
    if policy == "never" or IMAGE_ID.match(spec.image):
        raise Failure(
            "release.image_missing",
            f"image: {spec.image} is not on this host"
            + (", and pull=never" if policy == "never" else ", and an id cannot be pulled")
            + ": build or load it first.",
            image=spec.image,
        )
    if run.check_mode:
        return _check_pull(run, spec, image)
    pulled = pull_image(run.client, spec.image)
    if image is None or image["Id"] != pulled["Id"]:
        run.actions.append(f"pull image {spec.image}")
    return pulled


def _check_pull(run: Run, spec: Spec, image: dict[str, Any] | None) -> dict[str, Any] | None:
    """Ask the registry which image a pull would bring."""
    try:
        answer = run.client.api.inspect_distribution(spec.image)
    except DOCKER_ERRORS as error:
        what = f"image {spec.image} could not be pulled"
        raise docker_failure(what, error, image=spec.image) from error
    if image and image_digest(image, spec.image) == answer["Descriptor"]["digest"]:
        return image
    run.actions.append(f"pull image {spec.image}")
    return None


def _warn(run: Run, spec: Spec, image: dict[str, Any] | None) -> None:
    suspects = exposed(spec.settings["environment"])
    if suspects:
        run.warnings.append(
            f"environment: {', '.join(suspects)} looks like a secret: anyone who can run "
            "`docker inspect` can read it; use `secrets` and the program's *_FILE variable."
        )
    mounted = {*(volume.target for volume in spec.volumes), *spec.settings["tmpfs"]}
    lost = set(((image or {}).get("Config") or {}).get("Volumes") or {}) - mounted
    if lost:
        run.warnings.append(
            f"volumes: the image keeps data in {', '.join(sorted(lost))} but no volume is mounted "
            "there: each release starts without the previous one's data."
        )
