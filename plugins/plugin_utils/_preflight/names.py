# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that look like the collection's own and are none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import Any, NamedTuple

from .._variables import ROLES
from .fault import Fault

_BOOL: Mapping[str, Any] = {"type": "bool"}
_NAME: Mapping[str, Any] = {"type": "str"}
_NAMES: Mapping[str, Any] = {"type": "list", "elements": "str"}
_SECONDS: Mapping[str, Any] = {"type": "float"}
# What only playbooks read, with its type. Roles' variables are in their defaults and argument
# specifications.
PLAYBOOKS: Mapping[str, Mapping[str, Any]] = {
    "backup_services": _NAMES,
    "decommission_dead": _BOOL,
    "decommission_host": _NAME,
    "decommission_other_containers": _NAMES,
    "decommission_other_paths": _NAMES,
    "decommission_remove_images": _BOOL,
    "decommission_remove_volumes": _BOOL,
    "decommission_service": _NAME,
    "deploy_gate": _BOOL,
    "deploy_known_groups": _NAMES,
    "deploy_reach_seconds": _SECONDS,
    "deploy_remove_limit": {"type": "int"},
    "deploy_remove_stale_groups": _BOOL,
    "deploy_rollback": _BOOL,
    "deploy_serial": {"type": "raw"},
    "deploy_settle_seconds": _SECONDS,
    "drill_alerts": _NAMES,
    "drill_push_interval_seconds": _SECONDS,
    "drill_stop_collector": _NAME,
    "drill_timeout_seconds": _SECONDS,
    "drill_webhook_listen": _NAME,
    "restore_host": _NAME,
    "restore_replace": _BOOL,
    "restore_service": _NAME,
    "restore_state": {"type": "str", "choices": ["restored", "proven"]},
    "restore_time": _NAME,
    "rollback_container": _NAME,
    "rollback_hosts": {"type": "raw"},
    "validate_from": _NAME,
    "validate_reach_seconds": _SECONDS,
}
# Words with which the user's own variables may well begin.
COMMON = frozenset({"backup", "restore"})
# How alike two words must be: `colector` and `collector` are, `collection` and `collector` are not.
ALIKE = 0.85
# A word as short as `image` is like many others: then the whole name must be like one of ours.
_SHORT, _ALIKE_IF_SHORT, _WHOLE = 7, 0.7, 0.9


class Names(NamedTuple):
    """The variables of this collection: those to set, and those that roles compute."""

    known: frozenset[str]
    computed: frozenset[str]
    prefixes: tuple[str, ...]


@cache
def names() -> Names:
    """Return the variables of this collection.

    Read as text: as YAML the files take a hundred times as long, in each process of Ansible.
    """
    known, computed = {*PLAYBOOKS}, set()
    roles = sorted(each.name for each in ROLES.iterdir() if each.is_dir())
    for role in roles:
        known |= _keys(role, "defaults", 0) | _keys(role, "meta", 6)
        computed |= _keys(role, "vars", 0)
    prefixes = {*roles, *(name.partition("_")[0] for name in PLAYBOOKS)} - COMMON
    return Names(frozenset(known), frozenset(computed - known), tuple(sorted(prefixes)))


def _keys(role: str, folder: str, indent: int) -> set[str]:
    """Return the keys that stand at this indentation of a role's file."""
    path = ROLES / role / folder / ("argument_specs.yml" if folder == "meta" else "main.yml")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return set(re.findall(rf"^ {{{indent}}}({role}_\w+):", text, re.MULTILINE))


def variable_faults(given: Iterable[str], others: Collection[str]) -> Iterator[Fault]:
    """Yield variables that look like ours and are none, and those that a role computes.

    Args:
        given: Names of what the inventory and the command line set.
        others: Prefixes of the user's own.
    """
    for name in given:
        if not name.startswith(("ansible_", "vault_", *others)):
            yield from _judged(name)


@cache
def _judged(name: str) -> tuple[Fault, ...]:
    of = names()
    if name in of.known:
        return ()
    if name in of.computed:
        expected = "not to be set: its role computes it"
        return (Fault("variable.computed", name, expected, "a value"),)
    prefix, near = lookalike(name)
    if not prefix:
        return ()
    expected = near or f"a variable of this collection, as it begins with {prefix}_"
    step = (
        "Correct the name, or put the beginning of names of your own into "
        "observability_other_prefixes"
    )
    return (Fault("variable.unknown", name, expected, "a name that nothing reads", step),)


def lookalike(name: str) -> tuple[str, str]:
    """Return the beginning of ours that a name has or nearly has, and the nearest of our names."""
    of, plain = names(), re.sub(r"\W+", "_", name.lower())
    words = plain.split("_")
    for prefix in of.prefixes:
        count = prefix.count("_") + 1
        head = "_".join(words[:count])
        if len(words) > count and _alike(head, prefix):
            same = plain.replace(head, prefix, 1)
            among = [each for each in of.known if each.startswith(prefix + "_")]
            whole = _WHOLE if head != prefix and len(prefix) < _SHORT else 0.6
            near = get_close_matches(same, among, 1, whole)
            if near or head == prefix or len(prefix) >= _SHORT:
                return prefix, "".join(near)
    return "", ""


def _alike(one: str, other: str) -> bool:
    """Return whether two words are the same but for a slip of the finger."""
    # Most words differ in more letters than this: comparing them would cost more than all the rest.
    if one == other or len(set(one) ^ set(other)) > 2:
        return one == other
    least = _ALIKE_IF_SHORT if len(other) < _SHORT else ALIKE
    return SequenceMatcher(None, one, other).ratio() >= least


def key_faults(where: str, known: Mapping[str, object], given: Iterable[str]) -> Iterator[Fault]:
    """Yield keys of a dictionary that its variable does not have.

    Args:
        where: The variable, or an entry in it.
    """
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            expected = near[0] if near else f"one of {', '.join(known)}"
            yield Fault("variable.unknown", f"{where}.{key}", expected, "a key that nothing reads")
