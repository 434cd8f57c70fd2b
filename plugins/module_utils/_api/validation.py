# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Push the results of a validation, as one group that each run replaces."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._check import STATUSES
from .._failure import Failure, fail
from .._http.session import HttpError, check_url, session_for
from .pushgateway_groups import path_of

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# The worse, the greater; what was not judged is below all that was.
VALUES = {"skip": -1, "pass": 0, "warn": 1, "fail": 2}
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def exposition(checks: Sequence[Mapping[str, Any]], seconds: float, ended: float) -> str:
    """Return what a run pushes, in Prometheus's text format.

    Args:
        checks: Checks as `Check.as_data` returns them; a user's own need only `id` and `status`.
        seconds: How long the run took.
        ended: Unix time of its end.
    """
    worst: dict[tuple[str, str, str], int] = {}
    for check in checks:
        key = (
            str(check.get("name") or check["id"]),
            str(check.get("subject") or ""),
            str(check.get("code") or ""),
        )
        worst[key] = max(VALUES[check["status"]], worst.get(key, -1))
    statuses = [check["status"] for check in checks]
    return "".join(
        (
            _family(
                "validation_check_status",
                "0 passed, 1 warned, 2 failed, -1 not judged.",
                (
                    (dict(zip(("check", "host", "code"), key)), value)
                    for key, value in worst.items()
                ),
            ),
            _family(
                "validation_run_checks",
                "Checks of the last run by status.",
                (({"status": each}, statuses.count(each)) for each in STATUSES),
            ),
            _family("validation_run_duration_seconds", "How long it took.", [({}, seconds)]),
            _family("validation_run_timestamp_seconds", "When it ended.", [({}, ended)]),
        )
    )


def _family(name: str, text: str, found: Iterable[tuple[Mapping[str, str], float]]) -> str:
    lines = [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
    for labels, value in found:
        inside = ",".join(f'{key}="{of.translate(_ESCAPES)}"' for key, of in labels.items())
        lines.append(f"{name}{{{inside}}} {value!r}")
    return "\n".join(lines) + "\n"


def run_publish(module: AnsibleModule) -> None:
    """Run the module `check_publish`.

    Source: Pushgateway, PUT /metrics/job/..., which replaces the whole group.
    """
    params = module.params
    labels = {"job": params["job"], "instance": params["instance"]}
    for name, value in labels.items():
        if not value:
            fail(module, HttpError.option(name, "a value", repr(value)))
    known = [each for each in params["checks"] if each.get("status") in VALUES and "id" in each]
    if not known or len(known) < len(params["checks"]):
        seen = f"{len(known)} of {len(params['checks'])}"
        fail(module, HttpError.option("checks", "checks, each with id and status", seen))
    ended = params["ended"] or time.time()
    text = exposition(known, params["seconds"], ended)
    try:
        url = check_url(params["url"]) + path_of(labels)
        if not module.check_mode:
            session = session_for(module)
            session.request("PUT", url, data=text.encode(), expected=(200, 202))
    except Failure as error:
        fail(module, error)
    series = sum(not line.startswith("#") for line in text.splitlines())
    module.exit_json(changed=True, group=labels, series=series, ended=ended)
