# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out whether `docker inspect` shows a container as it was created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

from .fields import Docker, get, in_request, or_none
from .options import CONTAINER

# Fields that container_release never sets: a value there was set by something else.
_NEVER_SET = (
    *("Binds", "Privileged", "VolumesFrom", "PublishAllPorts"),
    # of docker update
    *("CpuShares", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime"),
    *("CpusetCpus", "CpusetMems", "MemoryReservation", "BlkioWeight", "OomScoreAdj"),
)


def unlike(wanted: Docker, container: Docker, image: Docker) -> Iterator[tuple[str, str]]:
    """Yield what differs from the request that created the container.

    What can be changed in place is not among it; `drifts` finds that.

    Args:
        wanted: The body that creates it, as `container_config` returns it.
        container: The answer of `docker inspect`.
        image: The `Config` of its image, from which Docker takes what is not given.

    Yields:
        Docker's name of the field, and which entry of it, if it has names, else an empty text.
    """
    inherited = _inherited(wanted, container, image)
    for option in CONTAINER.values():
        if not option.update:
            want = option.seen(get(wanted, in_request(option.field)))
            if option.inherits:
                default = option.seen(get(inherited, in_request(option.field)))
                want = {**default, **want} if isinstance(want, dict) else want or default
            yield from _differ(option.key, want, option.now(container))
    for path, seen in _COMBINED.items():
        yield from _differ(path.split(".")[1], seen(get(wanted, path)), seen(get(container, path)))


def _inherited(wanted: Docker, container: Docker, image: Docker) -> dict[str, Any]:
    """Return what Docker takes if nothing was given: from the image, or of its own choice."""
    has = container["Config"]
    own = {"Hostname": has.get("Hostname"), "HostConfig": container["HostConfig"]}
    inherited = {**image, **own}
    if wanted.get("Entrypoint"):
        inherited["Cmd"] = None  # the image's command was for the image's entrypoint
    if not has.get("Entrypoint"):
        inherited["Entrypoint"] = None  # an empty list was given, which no record keeps
    return inherited


def _differ(key: str, want: Any, have: Any) -> Iterator[tuple[str, str]]:
    if want != have:
        if isinstance(want, dict) and isinstance(have, dict):
            for name in sorted({*want, *have}):
                if want.get(name) != have.get(name):
                    yield key, name
        else:
            yield key, ""


def _mounts(mounts: list[dict[str, Any]] | None) -> list[tuple[Any, ...]]:
    return sorted(
        (
            *(m["Target"], m["Type"], m.get("Source", ""), bool(m.get("ReadOnly"))),
            (m.get("BindOptions") or {}).get("Propagation", ""),
        )
        for m in mounts or []
    )


_COMBINED: dict[str, Callable[[Any], Any]] = {
    "HostConfig.PortBindings": or_none,
    "HostConfig.Mounts": _mounts,
    **{f"HostConfig.{key}": or_none for key in _NEVER_SET},
}
