# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with the objects of a bundle: a code and a sentence for each problem.

What only objects of one type can have is in the file of that type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._failure import Failure
from .._texts.text import as_data

NOWHERE = "neither in the bundle nor on the server"
COMMON = {
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
    "duration_invalid": "{field} is {value!r}, not a duration such as 5m",
    "group_interval": "interval_seconds is {interval}, not a multiple of {step}",
    "query_invalid": "query {ref} does not parse: {reason}: {query}",
    "query_unsure": "its queries could not be parsed before writing: {reason}",
    "query_later": "its queries could not be parsed before writing: {reason}; they are parsed once "
    "that is written",
}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong.

    Attributes:
        code: What is wrong.
        what: The object in messages, for example ``dashboard latency``.
        values: Values of the sentence's placeholders, by name.
        sentence: The sentence, in English.
    """

    code: str
    what: str
    values: Mapping[str, Any]
    sentence: str = field(repr=False)

    def __str__(self) -> str:
        shown = {
            k: ", ".join(map(str, v)) if isinstance(v, (list, tuple)) else v
            for k, v in self.values.items()
        }
        return f"{self.what}: {self.sentence.format(**shown)}"

    def as_data(self) -> dict[str, Any]:
        """Return it as in a module's result: `code`, `what`, `values` and `message`."""
        values = as_data(self.values)
        return {"code": self.code, "what": self.what, "values": values, "message": str(self)}


class Sentences:
    """Returns a problem when called.

    Args:
        own: Sentences by code, beside those that all types of objects have in common.
    """

    def __init__(self, **own: str) -> None:
        self.own = own

    def __call__(self, code: str, what: str, **values: Any) -> Problem:
        return Problem(code, what, values, self.own.get(code) or COMMON[code])


problem = Sentences()


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
