# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge what was read from gateway and Prometheus about the collectors. Nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..._api.prometheus import Series
from ..._api.pushgateway import ADDED, Gateway, Group
from ..._check import Check
from ..collector import SAME

# Every process has these, so they tell nothing about who pushes the same metrics twice.
GENERIC = re.compile(r"(process|python|go|push|scrape)_|up$")
BIND_ADDRESS = re.compile(r"(0\.0\.0\.0|127\.[\d.]+|localhost|\[?::1?\]?)(:\d+)?$")
PARTS = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}


@dataclass(frozen=True)
class Expected:
    """A collector that should be there. C(interval): seconds between its pushes."""

    host: str
    job: str
    instance: str
    interval: float
    families: tuple[str, ...] = ()
    has_api: bool = True

    @property
    def path(self) -> tuple[str, str]:
        """Job and instance."""
        return self.job, self.instance

    @property
    def text(self) -> str:
        """The group's labels, to be read."""
        return path_text(self.path)


def labels_text(labels: Mapping[str, str]) -> str:
    first = {"job": labels.get("job", ""), "instance": labels.get("instance", "")}
    return " ".join(f'{name}="{value}"' for name, value in {**first, **labels}.items())


def path_text(path: tuple[str, str]) -> str:
    return labels_text({"job": path[0], "instance": path[1]})


def some(names: Iterable[str], most: int = 4) -> str:
    names = sorted(set(names))
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def honored(expected: Expected, series: Iterable[Series]) -> list[Series]:
    """The series that came with the labels that the collector pushed."""
    return [s for s in series if s.path == expected.path and "exported_job" not in s.labels]


def renamed(expected: Expected, series: Iterable[Series]) -> list[Series]:
    """The series of the collector whose labels a scrape job has replaced by its own."""
    return [s for s in series if s.labels.get("exported_job") == expected.job]


def arrived(group: Group, series: Iterable[Series]) -> bool:
    """Whether the group's push, or a later one, is among these series."""
    times = [s.value for s in series if s.name == "push_time_seconds"]
    return bool(times) and max(times) >= group.push_time - SAME


def judge_arrived(
    expected: Expected, group: Group | None, series: Sequence[Series], where: str, wait: float
) -> Check:
    """Has the push that the gateway shows reached C(where) within C(wait) seconds?"""
    check_id = f"{where.lower()} {expected.host}"
    wanted = f"{where} has the push that the gateway shows"
    if group is None:
        cause, fix = "see the check of the push", "repair that first"
        return Check(check_id, "skip", wanted, "no group on the gateway", cause, fix)
    mine, other = honored(expected, series), renamed(expected, series)
    if arrived(group, mine):
        newest = max(s.value for s in mine if s.name == "push_time_seconds")
        return Check(check_id, "pass", wanted, f"push_time_seconds {newest:.3f}")
    if arrived(group, other):
        scrape_job = other[0].labels.get("job", "")
        seen = f'only as job="{scrape_job}" exported_job="{expected.job}"'
        cause = f"the scrape job {scrape_job} has no honor_labels: true"
        fix = "set honor_labels: true in that scrape job and reload Prometheus"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    have = [s.value for s in mine if s.name == "push_time_seconds"]
    seen = f"not within {wait:.0f} s"
    if have:
        seen += f"; what is there is {group.push_time - max(have):.0f} s older"
    causes = {
        "Prometheus": "Prometheus scrapes another gateway, or its scrape fails",
        "VictoriaMetrics": "Prometheus does not write there (remote_write), or is behind",
    }
    fixes = {
        "Prometheus": "compare the scrape target's address with the gateway that was checked",
        "VictoriaMetrics": "read prometheus_remote_storage_* of Prometheus, and its log",
    }
    return Check(check_id, "fail", wanted, seen, causes[where], fixes[where])


def sample_names(families: Iterable[tuple[str, str]]) -> list[str]:
    """The names of samples of families (name, type)."""
    return [name + part for name, kind in families for part in PARTS.get(kind, ("",))]


def judge_families(
    expected: Expected, group: Group | None, names: Collection[str], where: str
) -> Check:
    """Is every family there: those of the group, and those that are expected by name?

    C(names): the sample names of this collector that C(where) has.
    """
    check_id = f"families {expected.host}"
    if where != "Prometheus":
        check_id += f" in {where}"
    if group is None:
        wanted = f"every family in {where}"
        cause, fix = "see the check of the push", "repair that first"
        return Check(check_id, "skip", wanted, "no group on the gateway", cause, fix)
    kinds = dict.fromkeys(expected.families, "") | dict(group.families)
    wanted = f"all {len(kinds)} families in {where}, with all their parts"
    missing = []
    for name, kind in kinds.items():
        shapes = [sample_names([(name, k)]) for k in ([kind] if kind else ["", *PARTS])]
        if not any(all(part in names for part in shape) for shape in shapes):
            missing.append(name)
    if not missing:
        return Check(check_id, "pass", wanted, f"{len(kinds)} of {len(kinds)}")
    never = [name for name in missing if name not in group.families]
    seen = f"{len(missing)} missing: {some(missing)}"
    if never:
        cause = f"the collector does not push {some(never)}"
        fix = "compare the collector's version with the catalogue that is expected"
    else:
        cause = f"{where} drops them on the way (relabelling, a limit), or has not this push yet"
        fix = "look for metric_relabel_configs, write_relabel_configs and sample_limit"
    return Check(check_id, "fail", wanted, seen, cause, fix)


def judge_labels(expected: Expected, gateway: Gateway, series: Sequence[Series]) -> Check:
    """Do job and instance arrive as pushed, and only so?"""
    check_id, wanted = f"labels {expected.host}", f"only {expected.text}, nothing exported_*"
    wrong = renamed(expected, series)
    mine = honored(expected, series)
    wrong += [s for s in mine if "exported_instance" in s.labels]
    if wrong:
        jobs = some(s.labels.get("job", "") for s in wrong)
        seen = f"{len(wrong)} series with exported_job or exported_instance, from job {jobs}"
        cause = f"the scrape job {jobs} has no honor_labels: true"
        fix = "set honor_labels: true in that scrape job and reload Prometheus"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    paths = {(g.job, g.instance) for g in gateway.groups} | {s.path for s in series}
    others = {i for j, i in paths if j == expected.job and i != expected.instance}
    if others:
        seen = f"also instance {some(others)}"
        cause = "the group was pushed under another instance before, or by a second collector"
        if any(BIND_ADDRESS.match(instance) for instance in others):
            cause = "a bind address was pushed as the instance; it is the same on every host"
        fix = "delete the group from the gateway, and stop who pushes it"
        return Check(check_id, "fail", wanted, seen, cause, fix)
    if not mine:
        cause, fix = "see the checks of push and scrape", "repair those first"
        return Check(check_id, "skip", wanted, "no series", cause, fix)
    return Check(check_id, "pass", wanted, f"{len(mine)} series")


def own_families(group: Group) -> dict[str, str]:
    """The families that tell this collector's metrics from any process's."""
    return {n: k for n, k in group.families.items() if n not in ADDED and not GENERIC.match(n)}


def _repeats(expected: Expected, path: tuple[str, str], gateway: Gateway) -> bool:
    """Could what was scraped as C(path) be this collector's? Not if it is another pusher's host."""
    known = {group.instance for group in gateway.groups}
    host = path[1].rsplit(":", 1)[0]
    return host == expected.instance or path[0] == expected.job or host not in known


def judge_once(
    collectors: Sequence[Expected], gateway: Gateway, series: Sequence[Series]
) -> list[Check]:
    """Does each collector's registry reach Prometheus by one path alone?

    C(series): what Prometheus has of the collectors' own families, by whatever path. A path repeats
    a collector when it brings half of its families or more: one name in common is chance.
    """
    pushed = {(group.job, group.instance) for group in gateway.groups}
    scraped: dict[tuple[str, str], set[str]] = {}
    for item in series:
        if item.path not in pushed and "exported_job" not in item.labels:
            scraped.setdefault(item.path, set()).add(item.name)
    checks = []
    for expected in collectors:
        check_id, wanted = f"once {expected.host}", f"each family by {expected.text} alone"
        group = gateway.group(*expected.path)
        if group is None:
            cause, fix = "see the check of the push", "repair that first"
            checks.append(Check(check_id, "skip", wanted, "no group on the gateway", cause, fix))
            continue
        own = set(sample_names(own_families(group).items()))
        ways = {
            f"pushed as {labels_text(other.labels)}": set(sample_names(own_families(other).items()))
            for other in gateway.groups
            if other is not group
            and (other.job == expected.job or other.instance == expected.instance)
        }
        for path, names in scraped.items():
            if _repeats(expected, path, gateway):
                ways[f"scraped as {path_text(path)}"] = names
        copies = {way: own & names for way, names in ways.items()}
        texts = [
            f"{len(names)} of {len(own)} names also {way}"
            for way, names in sorted(copies.items())
            if names and len(names) * 2 >= len(own)
        ]
        if not texts:
            checks.append(Check(check_id, "pass", wanted, f"{len(own)} names by one path"))
            continue
        cause = "the same registry is collected twice: sums and alerts count it twice"
        fix = "remove the second scrape job, or delete the second group and stop who pushes it"
        checks.append(Check(check_id, "fail", wanted, "; ".join(texts), cause, fix))
    return checks
