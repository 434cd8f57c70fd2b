# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of a host, with the roles' defaults below them, as templates see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROLES = Path(__file__).parents[2] / "roles"
# Those of other roles are read by the few hosts that have them.
ON_MANY_HOSTS = ("observability", "collector")


class UnreadableVariableError(AnsibleError):
    """A variable cannot be evaluated, mostly because it refers to an undefined one."""

    def __init__(self, name: str, host: str, reason: str) -> None:
        super().__init__(f"{name} of {host} cannot be evaluated: {reason}")
        self.name = name
        self.host = host
        self.reason = reason


# Host and name of the variables that are being evaluated.
_ASKED: list[tuple[str, str]] = []


class Variables(Mapping[str, Any]):
    """Variables that are templated on access, each only once."""

    def __init__(self, raw: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self.raw = raw
        self._template = template
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            host = str(self.raw.get("inventory_hostname", "this host"))
            # A lookup in a variable may ask for another one, with variables of its own.
            if (host, name) in _ASKED:
                asked = " > ".join(f"{each[1]} of {each[0]}" for each in (*_ASKED, (host, name)))
                raise UnreadableVariableError(name, host, f"it depends on itself: {asked}")
            value = self.raw[name]
            _ASKED.append((host, name))
            try:
                self._known[name] = self._template(value)
            except AnsibleError as error:
                inner = _inner(error)
                raise inner or UnreadableVariableError(name, host, str(error)) from error
            finally:
                _ASKED.pop()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self.raw

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)


def _inner(error: BaseException) -> UnreadableVariableError | None:
    """Return the error of the variable that another one, or a lookup in it, asked for."""
    seen: BaseException | None = error
    while seen:
        if isinstance(seen, UnreadableVariableError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def entry(of: Mapping[str, Any], name: str, key: str) -> Any:
    """Return an entry of a dictionary that the inventory may have replaced.

    Raises:
        UnreadableVariableError: It has no such key.
    """
    try:
        return of[name][key]
    except KeyError:
        host = str(of["inventory_hostname"])
        raise UnreadableVariableError(f"{name}.{key}", host, f"{name} has no {key}") from None


def raw(known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return variables as they are written."""
    return known.raw if isinstance(known, Variables) else known


def with_defaults(loader: Any, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> Variables:
    """Return the variables of a host, with the defaults of roles for those that it does not set.

    Another host's variables may refer to defaults of a role that is not loaded there, for example
    ``collector_url: "{{ observability_urls.collector }}"``.
    """
    known = {**defaults, **given}
    return Variables(known, Templar(loader=loader, variables=known).template)


def set_by_user(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the inventory and the command line set for a host, as it is written.

    Facts, registered results and what ``set_fact`` and ``include_vars`` set are left out.

    Args:
        known: The variables of the host's task.
    """
    host = str(known["inventory_hostname"])
    hostvars = raw(known)["hostvars"]
    found: dict[str, Any] = dict(hostvars.raw_get(host))
    manager = getattr(hostvars, "_variable_manager", None)
    for name in ("_fact_cache", "_vars_cache", "_nonpersistent_fact_cache"):
        with suppress(KeyError, AttributeError):
            for fact in getattr(manager, name).get(host) or ():
                found.pop(fact, None)
    return found


def role_defaults(roles: Sequence[str]) -> dict[str, Any]:
    """Return the defaults of roles of this collection, not yet templated."""
    return {name: value for role in roles for name, value in _file(role, "defaults").items()}


def role_vars(roles: Sequence[str]) -> dict[str, Any]:
    """Return what roles of this collection compute (their ``vars``), not yet templated."""
    return {name: value for role in roles for name, value in _file(role, "vars").items()}


def role_options(role: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the argument specification of a role of this collection, by variable."""
    specs = _file(role, "meta", "argument_specs")["argument_specs"]
    options: Mapping[str, Mapping[str, Any]] = (specs.get("main") or specs["variables"])["options"]
    return options


def preload() -> None:
    """Read the files of all roles.

    An action plugin calls it when it is imported. Ansible imports it before it starts a process
    for each task and host, so that none of them reads these files again.
    """
    for role in sorted(path.name for path in ROLES.iterdir() if path.is_dir()):
        _file(role, "defaults")
        _file(role, "vars")
    for role in ON_MANY_HOSTS:
        role_options(role)


@cache
def _file(role: str, folder: str, name: str = "main") -> Mapping[str, Any]:
    path = ROLES / role / folder / f"{name}.yml"
    if not path.exists():
        return {}
    loader = DataLoader()
    try:
        found = loader.load_from_file(str(path), trusted_as_template=True)
    except TypeError:  # ansible-core before 2.19 trusts what it loads
        found = loader.load_from_file(str(path))
    return found or {}
