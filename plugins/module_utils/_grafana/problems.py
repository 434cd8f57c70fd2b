# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with the objects of a bundle: a code and a sentence for each problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._failure import Failure
from .._texts.text import as_data

NOWHERE = "neither in the bundle nor on the server"
SENTENCES = {
    # --- of any kind
    "uid_invalid": "uid {uid!r} is not 1 to 40 letters, digits, hyphens or underscores",
    "given_twice": "{field} {value!r} is given {count} times",
    "name_empty": "the name is empty",
    "title_empty": "the title is empty",
    "title_taken": "its title {title!r} is taken in folder {folder!r} by {holder}, which is not in "
    "this bundle",
    "folder_unknown": f"folder {{folder!r}} is {NOWHERE}",
    "secret_missing": "{option}.{secret} is null, which keeps the server's secret, but the server "
    "has none: set the secret (an export never contains it)",
    "locked": "it differs, but it is provisioned by {by}, and only that can change it",
    "receiver_unknown": "contact point {name!r} does not exist",
    "timing_unknown": "mute timing {name!r} does not exist",
    "version_too_old": "Grafana {version} {lacks}",
    # --- organisation and folders
    "organization_other": "expected {expected!r}, but these credentials belong to {seen!r} (check "
    "org_id and token, or set rename_organization)",
    "folders_not_nested": "Grafana {version} has no nested folders; remove parent_uid, or set "
    "when_no_nesting to flatten",
    "folders_flattened": "Grafana {version} has no nested folders: all are created at the top "
    "level",
    "folder_parent_unknown": f"its parent {{parent!r}} is {NOWHERE}",
    "folder_inside_itself": "it is inside itself",
    # --- data sources
    "source_defaults": "{uids} all have is_default; only one may have it",
    "source_name_taken": "its name {name!r} is taken by data source {holder} on the server",
    "source_type_unknown": "the server has no plugin {type!r}",
    "source_loses_secrets": "emptying {emptied} needs deleting and recreating it; set all its "
    "secrets, or it loses {lost}",
    # --- dashboards
    "file_empty": "it contains no *.json",
    "file_unreadable": "not valid JSON: {error}",
    "dashboard_not_object": "not a dashboard: JSON of type {type}, expected an object",
    "dashboard_newer_form": "a resource of Grafana's newer API; use the dashboard's own JSON "
    "(classic model)",
    "dashboard_no_title": "not a dashboard: it has no title",
    "dashboard_no_panels": "not a dashboard: it has no panels",
    "dashboard_bad_panels": "not a dashboard: panels is not a list of objects",
    "dashboard_bad_tags": "tags is not a list",
    "dashboard_uid_of_folder": "a folder has the same uid",
    "dashboard_title_of_folder": "folder {folder} at the same level has the same title {title!r}",
    "panel_no_type": "panel {panel!r} has no type",
    "source_unknown": f"{{place}}: data source {{source!r}} is {NOWHERE}",
    "source_type_missing": f"{{place}}: a data source of type {{type!r}} is {NOWHERE}",
    "source_type_other": "{place}: data source {source!r} is of type {type!r}, not {wanted!r}",
    "source_no_default": "{place}: it uses the default data source, but there is none",
    "source_variable_unknown": "{place}: its data source is the variable {variable}, which the "
    "dashboard does not define (inputs?)",
    # --- templates, mute timings, policy
    "template_braces": "unbalanced braces: {opened} times {{{{, but {closed} times }}}}",
    "timing_clock": "{clock!r} is not a time of day such as 06:30",
    "policy_no_receiver": "its root route has no receiver",
    "policy_matcher": "matcher {matcher!r} is not of the form name=value",
    "duration_invalid": "{field} is {value!r}, not a duration such as 5m",
    # --- contact points
    "point_type_unknown": "the server has no type {type!r}",
    "point_type_unsure": "its type {type!r} is not known here, and the server does not list its "
    "types: the server may refuse it",
    "point_setting_missing": "type {type} needs the setting {setting}",
    "point_url": "{setting} {value!r} is not an http(s) URL",
    "point_secret_open": "the setting {setting} is a secret; move it to secure_settings",
    "point_setting_twice": "{setting} is both in settings and in secure_settings",
    "point_in_use": "it would be deleted, but {user} still uses its name {name!r}",
    # --- rule groups
    "group_interval": "interval_seconds is {interval}, not a multiple of {step}",
    "group_empty": "it has no rules; leave it out, then prune deletes its rules",
    "group_locked": "{rules}: provisioned by something else, and only that can change them",
    "group_keeps_provenance": "{rules} have provenance api, which the server never removes; set "
    "provenance to keep or api, or delete them first",
    "group_mixed_provenance": "its provenance is mixed: {rules} have none, the others api; set "
    "provenance to api, which sets it on all of them",
    "group_strangers": "{rules} are in this group but not in the bundle, and have another "
    "provenance; move them to a group of their own",
    # --- rules
    "rule_long_title": "the title is longer than {most} characters",
    "rule_state": "{field} is {value!r}, not one of {known}",
    "rule_no_data": "data is not a list of queries and expressions",
    "rule_ref_twice": "refId {ref} is given twice",
    "rule_condition": "its condition {condition!r} is not one of its refIds: {refs}",
    "rule_no_model": "query {ref} has no model",
    "rule_query_type": "query {ref} has queryType {type!r}, which is not a string",
    "rule_range": "query {ref}: relativeTimeRange from {start!r} to {end!r}: from must be larger "
    "(further back) than to",
    "rule_source_unknown": f"data source {{source!r}} of query {{ref}} is {NOWHERE}",
    "rule_reference": "expression {ref} refers to {other!r}, which the rule does not have",
    "rule_circle": "its expressions refer to each other in a circle: {circle}",
    "rule_series": "its condition {condition!r} gets time series but needs numbers; put a reduce "
    "in between, or make the query instant",
    "rule_of_another": "its uid {uid} belongs to rule {title!r} in group {group}, which does not "
    "carry our mark and would be moved here",
    "query_invalid": "query {ref} does not parse: {reason}: {query}",
    "query_unsure": "its queries could not be parsed before writing: {reason}",
    "query_later": "its queries could not be parsed before writing: {reason}; they are parsed once "
    "that is written",
    # --- expressions of rules
    "expression_no_type": "expression {ref} has no type",
    "expression_no_reference": "expression {ref} refers to no query",
    "expression_value": "expression {ref} has {field} {value!r}, not one of {known}",
    "expression_no_window": "expression {ref} has no window",
    "expression_no_conditions": "expression {ref} has no conditions",
    "expression_numbers": "expression {ref} has evaluator {evaluator} with {params!r}: it needs "
    "{count} number(s)",
    "math_empty": "expression {ref} is empty",
    "math_brackets": "expression {ref} does not parse: unbalanced brackets: {text}",
    "math_dollar": "expression {ref} does not parse: $ without a name: {text}",
    "math_operator": "expression {ref} does not parse: operator without a value: {text}",
    "math_values": "expression {ref} does not parse: no operator between two values: {text}",
}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong.

    Attributes:
        code: A key of SENTENCES.
        what: The object in messages, for example ``dashboard latency``.
        values: Values of the sentence's placeholders, by name.
    """

    code: str
    what: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = {
            k: ", ".join(map(str, v)) if isinstance(v, (list, tuple)) else v
            for k, v in self.values.items()
        }
        return f"{self.what}: {SENTENCES[self.code].format(**shown)}"

    def as_data(self) -> dict[str, Any]:
        """Return it as in a module's result: `code`, `what`, `values` and `message`."""
        values = as_data(self.values)
        return {"code": self.code, "what": self.what, "values": values, "message": str(self)}


def problem(code: str, what: str, **values: Any) -> Problem:
    """Return a problem."""
    return Problem(code, what, values)


def twice(what: str, name: str, values: Iterable[object]) -> list[Problem]:
    """Return a problem for each value that occurs more than once."""
    return [
        problem("given_twice", what, field=name, value=value, count=count)
        for value, count in Counter(values).items()
        if count > 1
    ]


def same_title(
    objects: Iterable[tuple[str, Any, str]],
) -> Iterator[tuple[tuple[str, Any], list[str]]]:
    """Yield each (folder, title) that several objects share, with their uids.

    Args:
        objects: (folder, title, uid) of each object.
    """
    places: dict[tuple[str, Any], list[str]] = {}
    for folder, title, uid in objects:
        places.setdefault((folder, title), []).append(uid)
    return ((place, uids) for place, uids in places.items() if len(uids) > 1)


def refused(problems: Iterable[Problem]) -> Failure:
    """Return the failure `grafana.bundle_refused`, which lists all problems of a bundle."""
    unique = list({str(one): one for one in problems}.values())
    numbered = "; ".join(f"({n}) {one}" for n, one in enumerate(unique, 1))
    return Failure(
        "grafana.bundle_refused",
        f"{len(unique)} problems in the bundle: {numbered}",
        problems=[one.as_data() for one in unique],
    )
