# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read from Alertmanager.

API: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._http.session import Session, check_url

STATUS = {"config": {"original": str}, "uptime": str}
ALERT = {"labels": {str: str}, "status": {"state": str, "silencedBy": [str]}}
MATCHER = {"name": str, "value": str, "isRegex": bool, "isEqual?": bool}
SILENCE = {
    "id": str,
    "status": {"state": str},
    "matchers": [MATCHER],
    "createdBy": str,
    "comment": str,
    "endsAt": str,
}


class AlertmanagerApi:
    """Alertmanager's HTTP API at `url`. All methods raise HttpError."""

    def __init__(self, session: Session, url: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self._url = check_url(url, "alertmanager_url")
        self._headers = headers

    def _read(self, path: str, shape: Any) -> Any:
        url = f"{self._url}/api/v2/{path}"
        return self._session.get_json(url, shape, headers=self._headers)

    def configuration(self) -> tuple[str, str]:
        """Return the configuration as it prints it, and since when it runs (RFC 3339).

        Source: GET /api/v2/status.
        """
        status = self._read("status", STATUS)
        return status["config"]["original"], status["uptime"]

    def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that it has, those that it hides among them.

        Source: GET /api/v2/alerts.
        """
        found: list[dict[str, Any]] = self._read("alerts", [ALERT])
        return found

    def silences(self) -> list[dict[str, Any]]:
        """Return the silences that hide alerts now.

        Source: GET /api/v2/silences.
        """
        found = self._read("silences", [SILENCE])
        return [each for each in found if each["status"]["state"] == "active"]
