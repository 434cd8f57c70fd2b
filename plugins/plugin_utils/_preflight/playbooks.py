# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook needs before it continues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from .._fleet.inventory import DEPLOYED
from .._fleet.leaving import SHARED
from .._variables import set_by_user
from . import rules
from .fault import Fault, some
from .names import ALIKE, lookalike, variable_faults

_REMOVE = "remove_volumes"


def gate(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if no host of the group gate is in the run: a release is proven there first."""
    groups, hosts = v["groups"], v["ansible_play_hosts_all"]
    missing = [host for host in groups.get("gate", []) if host in groups["collector"]]
    if missing and not set(missing) & set(hosts):
        expected = f"a host of the group gate ({', '.join(missing)}) among the hosts"
        step = "Add one to --limit, or set deploy_gate to false: then all are proven at the end"
        yield Fault("gate.left_out", "deploy_gate", expected, ", ".join(hosts), step)


def hosts(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if no host is left to deploy to: one of which nothing is asked is none."""
    groups = v["groups"]
    asked = {*groups.get("deploy_reached", ())} & {*groups.get("deploy_asked", ())}
    if not asked and groups.get("deploy_left_out"):
        expected = "a host that answers, and that needs none that does not"
        step = "Correct how Ansible connects; why each is left out stands in the warnings above"
        yield Fault("host.none", "ansible_host", expected, some(groups["deploy_left_out"]), step)


def reached(v: rules.Variables) -> Iterator[Fault]:
    """Yield test hosts that are left out: nothing can be proven there first.

    One that only needs another host matters if collectors remain that do not.
    """
    groups = v["groups"]
    here = groups.get("deploy_reached", [])
    remain = [host for host in groups.get("collector", []) if host in here]
    without = groups.get("deploy_left_out" if remain else "deploy_unreachable", [])
    lost = [host for host in groups.get("gate", []) if host in without]
    if lost:
        step = "Bring it back, or set deploy_gate to false: then all are proven at the end"
        yield Fault("gate.unreachable", "gate", "test hosts that answer", ", ".join(lost), step)


def stale_groups(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault for many groups without an owner: a wrong gateway, or half an inventory."""
    limit, count = int(v.get("deploy_remove_limit", 10)), len(v["deploy_stale_groups"])
    if count > limit:
        expected = f"at most {limit} groups without an owner"
        step = (
            "No group was removed. If this is the right gateway and the whole inventory, set "
            "deploy_remove_limit"
        )
        yield Fault("groups.too_many", "deploy_remove_stale_groups", expected, str(count), step)


def remove(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if no group has a host: with another inventory, everything would go.

    Misspelt variables of the playbook itself, too.
    """
    groups = v["groups"]
    if not any(groups.get(name) for name in (*DEPLOYED, "services")):
        expected = "an inventory whose groups say what is wanted"
        seen = f"no host in any of {', '.join((*DEPLOYED, 'services'))}"
        yield Fault("inventory.empty", "-i", expected, seen, "Name the fleet's inventory, too")
    # Other names that begin like it may be the user's own.
    for name in get_close_matches(_REMOVE, set_by_user(v), 3, ALIKE):
        if name != _REMOVE:
            yield Fault("variable.unknown", name, _REMOVE, "a name that nothing reads")


def tags(v: rules.Variables) -> Iterator[Fault]:
    """Yield unknown tags: a misspelt one would check nothing, and pass."""
    unknown = [tag for tag in v["ansible_run_tags"] if tag not in v["validate_tags"]]
    if unknown:
        expected, seen = f"some of {', '.join(v['validate_tags'])}", ", ".join(unknown)
        yield Fault("tags.unknown", "--tags", expected, seen, "Nothing was checked")


def checker(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if the host that is to run the checks does not answer."""
    host = v["validate_checker"]
    if host in v["groups"].get("deploy_unreachable", ()):
        step = "Bring it back, or set validate_from to another host or localhost to see the rest"
        yield Fault("checker.unreachable", "validate_from", "a host that answers", host, step)


def drill(v: rules.Variables) -> Iterator[Fault]:
    """Yield a fault if the collector to stop is not in the inventory."""
    name = "drill_stop_collector"
    known, seen = v["groups"].get("collector", []), v.get(name)
    if seen is not None and seen not in known:
        yield Fault("reference.unknown", name, f"one of {', '.join(known)}", str(seen))


def backup(v: rules.Variables) -> Iterator[Fault]:
    """Yield names of services that no host of the run backs up."""
    known = sorted({*v["backup_known"]})
    for name in v.get("backup_services") or ():
        if name not in known:
            yield _unknown("backup_services", str(name), known)


def restore(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is missing or unknown of what names a backup."""
    yield from _host(v, "restore_host")
    if not v.get("restore_service"):
        expected = "the name of the container whose backup is put back"
        yield Fault("value.missing", "restore_service", expected, "nothing")


def decommission(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong with the host, or with its one service, that is to leave."""
    name = "decommission_host"
    wrong = [*_host(v, name)]
    yield from wrong
    if wrong:
        return
    service, roles = v.get("decommission_service"), v["decommission_roles"]
    shared = [role for role in roles if role in SHARED and service in (None, "", role)]
    if shared:
        expected = "a host that no other needs"
        step = "Move these to another host first, deploy, and take it out then"
        yield Fault("host.needed", name, expected, f"it has {', '.join(shared)}", step)
    if v["decommission_needed_by"] and not service:
        needing = some(sorted({*v["decommission_needed_by"]}))
        step = "Give these another CA, registry or build host first"
        yield Fault("host.needed", name, "a host that no other needs", f"of {needing}", step)
    if service and service in v["decommission_own"]:
        step = "Set its state to absent, or delete its entry"
        expected = "a service that observability_services no longer wants"
        yield Fault("service.wanted", "decommission_service", expected, str(service), step)
    elif service in DEPLOYED and service not in roles:
        yield _unknown("decommission_service", str(service), sorted(roles))


def _host(v: rules.Variables, name: str) -> Iterator[Fault]:
    """Yield a fault if a variable does not name a host of the inventory."""
    known = sorted(v["groups"]["all"])
    if not v.get(name):
        step = f"Add -e {name}=NAME"
        yield Fault("value.missing", name, f"one of {some(known)}", "nothing", step)
    elif v[name] not in known:
        yield _unknown(name, str(v[name]), known)


def _unknown(name: str, seen: str, known: Sequence[str]) -> Fault:
    near = get_close_matches(seen, known, 1)
    return Fault("reference.unknown", name, near[0] if near else f"one of {some(known)}", seen)


def rollback(v: rules.Variables) -> Iterator[Fault]:
    """Yield misspelt variables of the playbook itself: it would roll back something else.

    Those of roles are no reason to refuse it: it may be urgent.
    """
    names = [name for name in set_by_user(v) if lookalike(name)[0] == "rollback"]
    yield from variable_faults(names, v.get("observability_other_prefixes") or ())
