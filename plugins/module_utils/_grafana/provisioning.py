# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grafana's provisioning API, which all alerting objects share, and the provenance that it keeps.

An object with provenance `api` is locked in Grafana's user interface. A write with the header
X-Disable-Provenance does not set it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from .._http.session import Response
from .client import Grafana, path_of
from .kind import Task
from .plan import Key, Write
from .versions import FREE_PROVENANCE

PROVISIONING = "/api/v1/provisioning"
NO_PROVENANCE = {"X-Disable-Provenance": "true"}
Object = Mapping[str, Any]


def headers_for(provenance: str) -> dict[str, str]:
    """Return the headers for a provenance: `api`, or empty for none."""
    return {} if provenance else NO_PROVENANCE


def request(
    grafana: Grafana, method: str, path: tuple[str, ...], body: Any, provenance: str
) -> Callable[[], Response]:
    """Return a write below the provisioning API, to be called later.

    Args:
        path: Parts of the path below /api/v1/provisioning.
    """
    return partial(
        grafana.ask,
        method,
        path_of("v1", "provisioning", *path),
        body,
        expected=(200, 202, 204, 404) if method == "DELETE" else (200, 201, 202),
        headers=headers_for(provenance),
    )


def removal(grafana: Grafana, listed: str, key: str, provenance: str) -> Write:
    """Return the deletion of one object of a list of the provisioning API.

    Args:
        listed: Name of the list, for example `contact-points`.
        key: Key of the object.
    """
    return request(grafana, "DELETE", (listed, key), None, provenance)


def read_named(grafana: Grafana, listed: str) -> dict[str, Object]:
    """Return a list of the provisioning API, by name."""
    return {str(item["name"]): item for item in grafana.get(f"{PROVISIONING}/{listed}") or []}


def provenance_of(grafana: Grafana, option: str, held: str | None, differs: bool) -> str:
    """Return the provenance that an object will have.

    Args:
        option: The option `provenance`: `keep`, `api` or `none`.
        held: Its current provenance; None for a new object.
        differs: It is written in any case.

    Returns:
        `api`, empty for none, or what else it is provisioned by.
    """
    if held not in (None, "", "api"):
        return str(held)
    if option == "api":
        return "api"
    free = grafana.can(FREE_PROVENANCE)
    if not differs and held is not None and (option == "keep" or not free):
        return held
    if not free or (option == "keep" and held is None):
        return "api"
    return "" if option == "none" else str(held)


def provenance_told(grafana: Grafana, held: Object | None, told: bool = False) -> str:
    """Return the provenance that an object of the server has.

    Args:
        held: The object; None if it does not exist.
        told: The server shows the provenance of this type, also if it sets `api` on all objects.
    """
    if told or grafana.can(FREE_PROVENANCE):
        return str((held or {}).get("provenance") or "")
    return "api"


def ensure(
    task: Task,
    key: Key,
    what: str,
    held: Object | None,
    before: Any,
    after: Mapping[str, Any],
    write: Callable[[str], Write],
    *,
    told: bool = True,
    title: str = "",
    secrets: Iterable[str] = (),
) -> None:
    """Plan the write of an alerting object, with its provenance.

    Args:
        held: The object as the server has it; None if it does not exist.
        before: Its normal form on the server, without provenance.
        after: Its desired normal form.
        write: Returns the write for a provenance.
        told: See `provenance_told`.
    """
    has = provenance_told(task.grafana, held, told)
    option, differs = task.options["provenance"], bool(secrets) or before != after
    gets = provenance_of(task.grafana, option, None if held is None else has, differs)
    task.plan.ensure(
        key,
        what,
        None if held is None else {**before, "provenance": has},
        {**after, "provenance": gets},
        write(gets),
        title=title,
        secrets=secrets,
        locked="" if has == "api" else has,
    )
