# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transaction: check the new set, install it, reload, prove it, or put the old set back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .._http.session import HttpError
from .container import DockerMissingError, group_of
from .directory import Change, ConfigError, Directory, FileSet, SourceMissingError, plan, recognise
from .options import differences, hide_files, inline_secrets, wanted_set
from .server import NotLoaded, Server

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


@dataclass
class Outcome:
    """What was done, for the module's result; times in seconds."""

    change: Change
    reloaded: bool = False
    proven: bool = False
    unproven: str = ""
    loaded: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the time of a step to `seconds`."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = self.seconds.get(step, 0.0) + time.monotonic() - started
            self.seconds[step] = round(spent, 3)


Validate = Callable[[FileSet, Path], None]  # a set and its staged copy; raises ConfigError


def run(
    module: AnsibleModule,
    examine: Callable[[FileSet], None],
    validate: Validate,
    server: Server | None,
) -> None:
    """Do what the module's parameters ask for, and end the module.

    Args:
        examine: Finds faults without the server's program; raises ConfigError.
        validate: Checks a set and its staged copy with the server's program; raises ConfigError.
        server: The running server; None if there is none to reload.
    """
    files = hide_files(module.params)
    try:
        directory = Directory(module.params["path"])
        if module.params["state"] == "restored":
            _restored(module, directory, server)
        current = directory.read()
        module.no_log_values.update(inline_secrets(current))
        module.params["group"] = group_of(module.params)
        wanted = wanted_set({**module.params, "files": files})
        module.no_log_values.update(inline_secrets(wanted))
        recognise(directory.path, current, wanted)
        examine(wanted)
        outcome = (_predicted if module.check_mode else _applied)(
            module, directory, wanted, validate, server
        )
    except SourceMissingError as error:
        if not module.check_mode:
            fail(module, error)
        module.warn(f"not checked: {error} An earlier task would make it.")
        module.exit_json(
            changed=True, proven=False, unproven=str(error), reloaded=False, written=[], removed=[]
        )
    except Failure as error:
        fail(module, error)
    result: dict[str, Any] = {
        "changed": bool(outcome.change) or outcome.reloaded,
        "written": list(outcome.change.written),
        "removed": list(outcome.change.removed),
        "reloaded": outcome.reloaded,
        "proven": outcome.proven,
        "unproven": outcome.unproven,
        "loaded": outcome.loaded,
        "seconds": outcome.seconds,
    }
    for warning in (*outcome.warnings, *outcome.loaded.pop("warnings", [])):
        module.warn(warning)
    if module._diff:
        result["diff"] = differences(
            directory.path, current, wanted, outcome.change, module.no_log_values
        )
    module.exit_json(**result)


def _predicted(
    module: AnsibleModule,
    directory: Directory,
    wanted: FileSet,
    validate: Validate,
    server: Server | None,
) -> Outcome:
    outcome = Outcome(plan(directory.read(), wanted))
    absent = _absent(module, server)
    if outcome.change:
        try:
            with outcome.timed("check"), directory.staged(wanted, Path(module.tmpdir)) as staging:
                validate(wanted, staging)
        except DockerMissingError as error:
            outcome.warnings.append(f"not checked by the program itself: {error}")
        outcome.reloaded = not absent
        outcome.unproven = absent or "nothing is changed in check mode"
    elif absent or server is None:
        outcome.unproven = absent
    elif directory.previous() is not None:
        outcome.unproven = "an earlier run installed the set and did not end"
    else:
        try:
            with outcome.timed("proof"):
                outcome.loaded = server.prove(wanted, 0)
            outcome.proven = True
        except NotLoaded as error:
            outcome.reloaded = True
            outcome.unproven = str(error)
    return outcome


def _applied(
    module: AnsibleModule,
    directory: Directory,
    wanted: FileSet,
    validate: Validate,
    server: Server | None,
) -> Outcome:
    patience = module.params["wait_timeout"]
    with directory.locked():
        outcome = Outcome(plan(directory.read(), wanted))
        absent = _absent(module, server)
        if outcome.change:
            with directory.staged(wanted) as staging:
                with outcome.timed("check"):
                    validate(wanted, staging)
                directory.install(staging, wanted)
            if server is not None:
                server.installed()
        if absent or server is None:
            # Not proven: if the server is yet to be started or replaced, the proven set is kept,
            # so that the state `restored` can go back to it.
            if server is None or not _has_files(directory.previous() or {}):
                directory.commit()
            outcome.unproven = absent
            directory.sign()
            return outcome
        try:
            with outcome.timed("proof"):
                if not outcome.change:
                    try:
                        outcome.loaded = server.prove(wanted, 0)
                        outcome.proven = True
                    except NotLoaded:
                        pass  # the set is right and the server has not read it: below
                if not outcome.proven:
                    server.reload()
                    outcome.reloaded = True
                    outcome.loaded = server.prove(wanted, patience)
                    outcome.proven = True
        except (NotLoaded, HttpError) as error:
            undone, said = _undone(directory, server, patience)
            directory.sign()
            raise NotLoaded(error.code, f"{error} {said}", **error.values, undone=undone) from error
        directory.commit()
        directory.sign()
    return outcome


def _undone(directory: Directory, server: Server, patience: float) -> tuple[str, str]:
    """Put the previous set back and reload. Return the outcome, as a code and as a text."""
    if directory.previous() is None:
        return "kept", "An earlier run installed the set, so there is no other set to restore."
    previous = directory.put_back()
    if not previous:
        return "removed", "There was no previous set; what was written has been removed."
    try:
        absent = server.absent(patience)  # one that crashed is restarted, with what is there now
        if absent:
            return "gone", f"The previous set was restored, but the server is gone: {absent}."
        server.reload()
        server.prove(previous, patience)
    except (NotLoaded, HttpError) as error:
        said = f"The previous set was restored, but the server does not run it either: {error}"
        return "not_loaded", said
    return "restored", "The previous set was restored, and the server was proven to run it."


def _has_files(entries: FileSet) -> bool:
    return any(entry.content is not None for entry in entries.values())


def _restored(module: AnsibleModule, directory: Directory, server: Server | None) -> None:
    """Put the last proven set back if a newer one is not proven, and end the module."""
    with nullcontext() if module.check_mode else directory.locked():
        current, previous = directory.read(), directory.previous() or {}
        module.no_log_values.update(inline_secrets(current))
        module.no_log_values.update(inline_secrets(previous))
        change = plan(current, previous) if _has_files(previous) else Change((), ())
        reloaded = False
        if change and not module.check_mode:
            directory.put_back()
            reloaded = _reloaded(module, server)
            directory.sign()
    result: dict[str, Any] = {
        "changed": bool(change),
        "written": list(change.written),
        "removed": list(change.removed),
        "reloaded": reloaded,
        "proven": False,
        "unproven": "state is restored",
        "loaded": {},
        "seconds": {},
    }
    if module._diff:
        result["diff"] = differences(
            directory.path, current, previous or current, change, module.no_log_values
        )
    module.exit_json(**result)


def _reloaded(module: AnsibleModule, server: Server | None) -> bool:
    """Reload a server that may have read the set that was put back; warn if it refuses."""
    try:
        if server is None or server.absent(0):
            return False
        server.reload()
    except (NotLoaded, HttpError) as error:
        module.warn(f"The previous set was restored, and the server does not load it: {error}")
        return False
    return True


def _absent(module: AnsibleModule, server: Server | None) -> str:
    """Return why nothing can be reloaded; fail if the option `reload` requires it."""
    mode = module.params["reload"]
    if mode in ("never", "deferred"):
        return f"reload is {mode}"
    patience = module.params["wait_timeout"] if mode == "required" else 0
    absent = "reload is auto and no url is given" if server is None else server.absent(patience)
    if absent and mode == "required":
        raise ConfigError(
            "server.absent",
            f"reload: expected a running server that reads {module.params['path']}, as reload is "
            f"required; seen: {absent}. Nothing was written. Start it, or take reload: auto.",
            path=module.params["path"],
            absent=absent,
        )
    return absent
