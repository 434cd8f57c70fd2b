# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Grafana server: its version, and requests to it, counted and in parallel."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from .._failure import Failure, fail
from .._http.session import HttpError, Response, Session, check_url, http_argument_spec, session_for
from .._signals import take_none
from .versions import NESTED_FOLDERS, OLDEST, Feature

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

WORKERS = 8
LONGEST_PAUSE = 5.0  # seconds
HITS = [{"uid?": str, "type?": str, "title?": str, "folderUid?": str, "tags?": [str]}]
# Of /api/ds/query: by refId, columns of frames.
FRAME = {"schema?": {"fields?": [{"type?": str}]}, "data?": {"values?": [[object]]}}
RESULTS = {
    "messageId?": str,
    "results?": {str: {"error?": str, "status?": object, "frames?": [FRAME]}},
}
# Of /, \, %, ?, #, ; and NUL in names: some proxies refuse them in a path, or decode them.
ENCODED = re.compile(r"(?i)%(?:2F|5C|25|3F|23|3B|00)")
OTHER_ORGANIZATION = "api-key.organization-mismatch"  # of a token (12.4)
SEARCH = "/api/search"
PAGE = 5000  # the most that /api/search returns at once

Item = TypeVar("Item")
Result = TypeVar("Result")


def columns_of(frame: Mapping[str, Any]) -> Iterable[tuple[Mapping[str, Any], list[Any]]]:
    """Return the fields of a frame, each with its values.

    Source: Grafana HTTP API, POST /api/ds/query.
    """
    fields = (frame.get("schema") or {}).get("fields") or []
    return zip(fields, (frame.get("data") or {}).get("values") or [])


def grafana_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of the doc fragments `grafana`, `http_client` and `http_client.auth`."""
    return {
        "url": {"type": "str", "required": True},
        "org_id": {"type": "int"},
        **http_argument_spec(),
    }


def path_of(*parts: str) -> str:
    """Return a path below /api, each part quoted."""
    return "/api/" + "/".join(quote(part, safe="") for part in parts)


class Grafana:
    """One server and organisation. All methods raise HttpError.

    Args:
        org_id: Id of the organisation; None for that of the credentials.

    Attributes:
        requests: Number of requests that were sent.
        version: Major and minor; empty if the server does not show it.
    """

    def __init__(self, session: Session, url: str, org_id: int | None = None) -> None:
        self.session = session
        self.url = check_url(url)
        self.org_id = org_id
        self.requests = 0
        self.version: tuple[int, ...] = ()
        self.version_text = ""
        # Otherwise Grafana may query a data source as it was up to 5 s before it was written.
        self._headers = {"X-Grafana-NoCache": "true"}
        if org_id is not None:
            self._headers["X-Grafana-Org-Id"] = str(org_id)
        self._count = threading.Lock()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        expected: Collection[int] | None = (200,),
        params: Any = None,
        headers: Mapping[str, str] | None = None,
        only_reads: bool = False,
        patient: bool = True,
    ) -> Response:
        """Send one request. The answers 429, 502, 503 and 504 are tried again.

        Args:
            path: Path with /api.
            body: Sent as JSON.
            expected: Statuses that are no error; None for all.
            only_reads: A POST that changes nothing, so it may be repeated.
            patient: False if such a status is an answer.

        Raises:
            HttpError: Another status; `http.grafana_organization` if `org_id` is given and that
                is why, `http.encoded_path` if a proxy refused an encoded character of the path.
        """
        pause, left = 0.2, self.session.options.retries if patient else 0
        # After a 429, the request was not processed, so any request can be repeated.
        passing = (429,) if method == "POST" and not only_reads else (429, 502, 503, 504)
        while True:
            with self._count:
                self.requests += 1
            answer = self.session.request(
                method,
                self.url + path,
                expected=None,
                params=params,
                json=body,
                headers={**self._headers, **(headers or {})},
            )
            if answer.status not in passing or not left:
                break
            asked = answer.headers.get("Retry-After", "")
            time.sleep(min(float(asked) if asked.isdecimal() else pause, LONGEST_PAUSE))
            pause, left = pause * 2, left - 1
        if expected is not None and answer.status not in expected:
            raise self._refused(answer, expected)
        return answer

    def get(self, path: str, shape: Any = object, **arguments: Any) -> Any:
        """Send a GET, and return the JSON of the answer.

        Args:
            shape: The expected shape (`_http.answer`).
        """
        return self.ask("GET", path, **arguments).json(shape)

    def side_by_side(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        workers: int = WORKERS,
    ) -> list[Result]:
        """Call `function` for each item in parallel; return the results in order."""
        todo = list(items)
        if len(todo) < 2:
            return [function(item) for item in todo]
        pool = ThreadPoolExecutor(min(workers, len(todo)), initializer=take_none)
        try:
            return list(pool.map(function, todo))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def search(self) -> list[dict[str, Any]]:
        """Return all folders and dashboards, as the server's search lists them.

        Source: Grafana HTTP API, GET /api/search.
        """
        found: list[dict[str, Any]] = []
        for page in range(1, 1000):
            hits = self.get(SEARCH, HITS, params={"limit": PAGE, "page": page})
            found += hits
            if len(hits) < PAGE:
                break
        return found

    def learn_version(self) -> None:
        """Read the server's version.

        Source: Grafana HTTP API, GET /api/health and /api/frontend/settings.

        Raises:
            Failure: `grafana.version_too_old`.
        """
        text = str(self.get("/api/health", {"version?": str}).get("version") or "")
        if not text:  # hidden without a login
            settings = self.get("/api/frontend/settings", {"buildInfo?": {"version?": str}})
            text = str((settings.get("buildInfo") or {}).get("version") or "")
        self.version_text = text
        found = re.match(r"(\d+)\.(\d+)", text)
        self.version = (int(found[1]), int(found[2])) if found else ()
        if self.version and self.version < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise Failure(
                "grafana.version_too_old",
                f"{self.url}: expected Grafana {wanted} or newer; seen: {text}; likely cause: an "
                "old server, which has no data sources by uid and no provisioned alert rules; "
                "next: update it, or provision it by files",
                version=text,
                oldest=wanted,
            )

    def can(self, feature: Feature) -> bool:
        """Return whether this server's version has a feature."""
        return feature.is_in(self.version)

    def has_nested_folders(self) -> bool:
        """Return whether folders may have parents."""
        if self.can(NESTED_FOLDERS):
            return True
        settings = self.get("/api/frontend/settings", {"featureToggles?": {str: object}})
        toggles = settings.get("featureToggles") or {}
        return bool(toggles.get("nestedFolders"))

    def _is_of_organization(self, answer: Response) -> bool:
        """Return whether a refusal is of the organisation that is asked for.

        Source: Grafana HTTP API, GET /api/org: a search that fails (12.4) does not say why.
        """
        if answer.status == 500 and urlsplit(answer.url).path.endswith(SEARCH):
            url = self.url + "/api/org"
            with suppress(HttpError):
                answer = self.session.request("GET", url, expected=None, headers=self._headers)
        told = _told(answer)
        if answer.status == 403:
            return bool(told)  # an answer that is no JSON is a proxy's
        return told.get("messageId") == OTHER_ORGANIZATION

    def _refused(self, answer: Response, expected: Collection[int]) -> HttpError:
        error = HttpError.status_of(answer, expected)
        code = ""
        if self.org_id is not None and self._is_of_organization(answer):
            code = "http.grafana_organization"
        if _not_passed_on(answer):
            code = "http.encoded_path"
        if not code:
            return error
        values = {**error.values, "org_id": self.org_id}
        wanted, seen = values.pop("wanted"), values.pop("seen")
        changed = HttpError(code, values.pop("request"), wanted, seen, **values)
        changed.status = answer.status
        return changed


def _told(answer: Response) -> Mapping[str, Any]:
    """Return a refusal's JSON; empty if it is none."""
    try:
        told = json.loads(answer.content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _not_passed_on(answer: Response) -> bool:
    """Return whether an encoded character of the path did not reach Grafana as it was.

    Grafana refuses in JSON, and has a route for each path that is asked.
    """
    path = urlsplit(answer.url).path
    if answer.status not in (400, 403, 404) or not ENCODED.search(path):
        return False
    told = _told(answer)
    return not told or told.get("message") == "Not found"


def grafana_for(module: AnsibleModule) -> Grafana:
    """Return the server with the module's options; fail the module if they are wrong."""
    session = session_for(module, WORKERS)
    try:
        return Grafana(session, module.params["url"], module.params["org_id"])
    except HttpError as error:
        fail(module, error)
