# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select groups of a Pushgateway, and remove them."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .._failure import Failure, fail
from .._http.session import HttpError, Session, check_url, session_for
from .pushgateway import ADDED, Gateway, Group, read_gateway

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

DELETED = 5.0  # seconds that the gateway has to remove what it was told to
# Characters that pass unchanged through any proxy in a path.
LEGACY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
PLAIN = re.compile(r"[A-Za-z0-9_:~-][A-Za-z0-9_.:~-]*")


def _escaped(name: str) -> str:
    """Return a label's name as a path holds it: names of UTF-8 are escaped.

    Source: https://prometheus.io/docs/guides/utf8/, escaping scheme `values`.
    """
    if LEGACY.fullmatch(name):
        return name
    found = "U__"
    for index, each in enumerate(name):
        if each == "_":
            found += "__"
        else:
            same = each.isascii() and (each.isalpha() or (index and each.isdigit()))
            found += each if same else f"_{ord(each):x}_"
    return found


def path_of(labels: Mapping[str, str]) -> str:
    """Return the path of a group: `/metrics/job/…`, with base64 for values that a path cannot hold.

    Source: https://github.com/prometheus/pushgateway#url.
    """
    parts = ["", "metrics"]
    for name in ["job", *sorted(set(labels) - {"job"})]:
        value, name = labels[name], _escaped(name)
        if PLAIN.fullmatch(value):
            parts += [name, value]
        else:
            # An empty value is a lone padding character, as an empty segment would be lost.
            encoded = base64.urlsafe_b64encode(value.encode()).decode() or "="
            parts += [f"{name}@base64", encoded]
    return "/".join(parts)


def remove_group(
    session: Session,
    url: str,
    labels: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Remove a group, which may be missing.

    Source: Pushgateway, DELETE /metrics/job/...

    Raises:
        HttpError: The gateway does not answer with 202.
    """
    address = f"{check_url(url)}{path_of(labels)}"
    session.request("DELETE", address, expected=(202,), headers=headers)


def last_seen(group: Group) -> float:
    """Return the Unix time of the last push, accepted or refused."""
    return max(group.push_time, group.push_failure_time)


def age_of(group: Group, now: float) -> float:
    """Return the seconds since the last push; 0 if the gateway's clock, in whole seconds, lags."""
    return max(now - last_seen(group), 0.0)


def summary(group: Group, now: float) -> dict[str, Any]:
    """Return a group as the modules return it."""
    return {
        "labels": dict(group.labels),
        "last_push_successful": group.last_push_successful,
        "push_time": group.push_time,
        "push_failure_time": group.push_failure_time,
        "age": round(age_of(group, now), 3),
        "families": len(set(group.families) - ADDED),
    }


def name_of(labels: Mapping[str, str]) -> str:
    """Return a grouping key in PromQL's notation."""
    return "{" + ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items())) + "}"


@dataclass(frozen=True)
class Choice:
    """Groups selected by their whole key, or by their age and a pattern for the whole job.

    Args:
        older_than: Seconds since the last push.
    """

    labels: Mapping[str, str] | None
    job: str | None
    older_than: float | None

    def of(self, gateway: Gateway) -> list[Group]:
        """Return the selected groups of a gateway."""
        if self.labels is not None:
            return [group for group in gateway.groups if dict(group.labels) == dict(self.labels)]
        pattern, age = re.compile(self.job or ""), self.older_than or 0.0
        return [
            group
            for group in gateway.groups
            if pattern.fullmatch(group.job) and age_of(group, gateway.now) >= age
        ]


def run_info(module: AnsibleModule) -> None:
    """Run the module `pushgateway_group_info`."""
    try:
        pattern = _pattern(module.params["job"] or ".*")
        url = check_url(module.params["url"])
        gateway = read_gateway(session_for(module), url, {})
    except Failure as error:
        fail(module, error)
    groups = [
        summary(group, gateway.now) for group in gateway.groups if pattern.fullmatch(group.job)
    ]
    module.exit_json(changed=False, groups=sorted(groups, key=lambda one: name_of(one["labels"])))


def run_module(module: AnsibleModule) -> None:
    """Run the module `pushgateway_group`."""
    params = module.params
    labels = params["labels"]
    if labels is not None:
        labels = {str(name): str(value) for name, value in labels.items()}
        if not labels.get("job"):
            fail(module, HttpError.option("labels", "a label job with a value", labels))
    choice = Choice(labels, params["job"], params["older_than"])
    if params["older_than"] is not None and params["older_than"] < 0:
        fail(module, HttpError.option("older_than", "seconds", params["older_than"]))
    try:
        _pattern(params["job"] or "")
        session, url = session_for(module), check_url(params["url"])
        gateway = read_gateway(session, url, {})
        # The gateway lists them in any order.
        chosen = sorted(choice.of(gateway), key=lambda group: name_of(group.labels))
        if len(chosen) > params["limit"]:
            names = ", ".join(name_of(group.labels) for group in chosen[:5])
            raise Failure(
                "pushgateway.too_many_groups",
                f"expected {params['limit']} groups at most to remove (limit); seen: "
                f"{len(chosen)} ({names}, …). Nothing was removed. Use a narrower job or a "
                "greater age, or raise limit.",
                limit=params["limit"],
                groups=[name_of(group.labels) for group in chosen],
            )
        gone = chosen if module.check_mode else []
        refused: dict[str, HttpError] = {}
        for group in [] if module.check_mode else chosen:
            try:
                remove_group(session, url, group.labels)
                gone.append(group)
            except HttpError as error:
                refused[name_of(group.labels)] = error
    except Failure as error:
        fail(module, error)
    removed = [summary(group, gateway.now) for group in gone]
    try:
        if gone and not module.check_mode:
            _prove(module, gone, partial(read_gateway, session, url, {}))
        if refused:
            raise _left(refused)
    except Failure as error:
        fail(module, error, changed=bool(gone), removed=removed)
    result: dict[str, Any] = {"changed": bool(gone), "removed": removed}
    if module._diff:
        lines = sorted(name_of(group.labels) + "\n" for group in gone)
        result["diff"] = {
            "before_header": params["url"],
            "after_header": params["url"],
            "before": "".join(lines),
            "after": "",
        }
    module.exit_json(**result)


def _left(refused: Mapping[str, HttpError]) -> Failure:
    """Return the failure for groups that the gateway does not remove, with its first answer."""
    names, first = list(refused), next(iter(refused.values()))
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    said = f"not removed: {', '.join(names[:5])}{more}. {first}"
    return Failure(first.code, said, **first.values, left=names)


def _prove(module: AnsibleModule, removed: Sequence[Group], read: Callable[[], Gateway]) -> None:
    """Fail if a removed group is still there; warn about one that has been pushed again.

    The gateway answers a DELETE before it does what it says.
    """
    end = time.monotonic() + DELETED
    while True:
        try:
            return _judge(module, removed, read())
        except Failure:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _judge(module: AnsibleModule, removed: Sequence[Group], gateway: Gateway) -> None:
    for group in removed:
        for left in Choice(group.labels, None, None).of(gateway):
            name = name_of(group.labels)
            if last_seen(left) <= last_seen(group):
                raise Failure(
                    "pushgateway.group_left",
                    f"{name}: expected the group to be gone; it is still there, although the "
                    "gateway accepted the DELETE. Does the address lead to several gateways?",
                    group=name,
                )
            module.warn(
                f"{name} was removed, but has been pushed again: its pusher is still running."
            )


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise HttpError.option("job", "a regular expression", f"{text!r} ({error})") from error
