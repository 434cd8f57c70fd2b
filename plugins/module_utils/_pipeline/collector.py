# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a validation knows about a collector, or about another program that pushes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._http.session import HttpError, Session, check_url

# Labels of the pings that a validation sends.
SOURCE = {"location": "validation", "datacenter": "validation", "country": "validation"}
STALE_INTERVALS = 3  # a push that is older is missing
SAME = 0.01  # seconds: stores keep fewer digits of a time than was pushed
PART = {"ok?": bool, "last_error?": object, "spool_samples?": int}
# The shape of its /health (`_http.answer`); without a key, its databases have no names.
HEALTH = {"databases": ({str: PART}, [PART]), "push": {str: PART}, "died?": {str: object}}
PUSH = 35.0  # seconds: a collector answers POST /api/push after 30 at the latest


@dataclass(frozen=True)
class Collector:
    """Who pushes, and where its API is.

    Args:
        name: Its name in the report.
        job: Label `job` of its group on the gateway; empty if it is not checked.
        instance: Label `instance` of its group, and `host` of its samples.
        url: URL of its API, without a final slash; empty for a program that has none.
        keys: Keys of its API. All are valid; the first one is used.
        interval: Seconds between two pushes.
        families: Names of metrics that it must push.
        victoriametrics: Whether it sends each ping to VictoriaMetrics.
    """

    name: str
    job: str = ""
    instance: str = ""
    url: str = ""
    keys: tuple[str, ...] = ()
    interval: float = 60.0
    families: tuple[str, ...] = ()
    victoriametrics: bool = True

    @classmethod
    def of(cls, item: Mapping[str, Any], option: str = "collectors") -> Collector:
        """Return the collector that an element of `collectors` or `exporters` describes.

        Args:
            item: `name`, and optionally `job`, `instance`, `url`, `interval` (seconds), `families`,
                and the keys: `keys`, or `key` and `further_keys`.
            option: The option that it comes from, for messages.

        Raises:
            HttpError: `http.option`, for a value that cannot be used. It does not show a key.
        """
        name, url, interval = item["name"], item.get("url"), item.get("interval", 60.0)
        here = f"{option}[{name}]"
        if interval <= 0:
            raise HttpError.option(f"{here}.interval", "more than 0 seconds", str(interval))
        first = [item["key"]] if item.get("key") is not None else []
        keys = item.get("keys") or [*first, *(item.get("further_keys") or ())]
        return cls(
            name,
            item.get("job") or "",
            item.get("instance") or name,
            check_url(url, f"{here}.url") if url else "",
            tuple(clean_key(key, f"{here}.key") for key in keys),
            interval,
            tuple(item.get("families") or ()),
            item.get("victoriametrics", True),
        )

    @property
    def path(self) -> tuple[str, str]:
        """Return job and instance."""
        return self.job, self.instance

    def headers(self, key: int = 0) -> dict[str, str]:
        """Return the headers of a request that is made with the given key."""
        return {"X-API-Key": self.keys[key]} if self.keys else {}

    def probe(self, session: Session) -> dict[str, Any] | None:
        """Have it probe its databases now; None for an older one, which cannot.

        Source: the collector, POST /api/probe (docs/collector.md).

        Returns:
            What it says of each database; null for one whose probe has not ended.

        Raises:
            HttpError: The request failed.
        """
        try:
            answer = self.ask(session, "POST", "/api/probe", {"databases": {str: (PART, None)}})
        except HttpError as error:
            if error.status in (404, 405):
                return None
            raise
        return dict(answer["databases"])

    def ask(self, session: Session, method: str, path: str, shape: Any = object) -> Any:
        """Return the JSON that the collector's API answers, which has this shape.

        Source: the collector's HTTP API (docs/collector.md).

        Raises:
            HttpError: The request failed, or its answer is not JSON of that shape.
        """
        timeout = PUSH if path in ("/api/push", "/api/probe") else None
        url, headers = self.url + path, self.headers()
        return session.request(method, url, headers=headers, timeout=timeout).json(shape)


def clean_key(key: str, option: str) -> str:
    """Return the key as an HTTP header can carry it.

    Raises:
        HttpError: `http.option`. It does not show the key.
    """
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise HttpError.option(option, "a key of printable ASCII", "another text, or none")
    return key
