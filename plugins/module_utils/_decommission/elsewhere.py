# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a host on the gateway, in Prometheus and in Grafana."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .._api.prometheus import PrometheusApi
from .._api.pushgateway import read_gateway
from .._check import Ask, Check
from .._failure import Failure
from .._http.session import Session, authorization, check_url

FOUND = [{"uid": str, "title": str}]
DATASOURCES = [{"uid": str, "name": str, "url?": str}]
RULES = [{"uid": str, "title": str}]


def word(names: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for any of these names, as a whole word."""
    anyone = "|".join(map(re.escape, names)) or "(?!)"
    return re.compile(rf"(?<![\w.-])(?:{anyone})(?![\w-])")


class Elsewhere:
    """Asks the services for what is left.

    Args:
        session: How to connect.
        params: The module's options.
    """

    def __init__(self, session: Session, params: Mapping[str, Any]) -> None:
        self._session, self._params = session, params
        self._names = [name for name in params["names"] if name]
        self.places: dict[str, list[str]] = {}

    def checks(self) -> Iterator[Check]:
        """Yield a check of each place that was named."""
        for place, look in (
            ("gateway", self._gateway),
            ("targets", self._targets),
            ("rules", self._rules),
            ("grafana", self._grafana),
            ("dashboards", self._dashboards),
        ):
            service = {"targets": "prometheus", "rules": "prometheus", "dashboards": "grafana"}
            given = self._params.get(
                {"gateway": "pushgateway"}.get(place, service.get(place, place))
            )
            if given:
                yield self._judged(place, look, given)

    def _judged(
        self, place: str, look: Callable[[str, dict[str, str]], list[str]], given: Mapping[str, Any]
    ) -> Check:
        ask = Ask("traces", place, names=self._names, place=place)
        try:
            headers = authorization(given)
            self.places[place] = found = look(check_url(given["url"], place), headers)
        except Failure as error:
            return ask.error(error)
        if not found:
            return ask.ok(n=0)
        outcome = f"traces.left.{place}"
        return (
            ask.warn(outcome, found=found)
            if place == "dashboards"
            else ask.fail(outcome, found=found)
        )

    def _gateway(self, url: str, headers: dict[str, str]) -> list[str]:
        groups = read_gateway(self._session, url, headers).groups
        job = re.compile(self._params["job"])
        return [
            group.text
            for group in groups
            if group.instance in self._names and job.fullmatch(group.job)
        ]

    def _prometheus(self, url: str, headers: dict[str, str]) -> PrometheusApi:
        return PrometheusApi(self._session, url, headers)

    def _targets(self, url: str, headers: dict[str, str]) -> list[str]:
        named = word(self._names)
        return [
            f"{target.job} {target.url}"
            for target in self._prometheus(url, headers).targets()
            if {target.instance, target.host} & {*self._names} or named.search(target.url)
        ]

    def _rules(self, url: str, headers: dict[str, str]) -> list[str]:
        named = word([*self._names, *self._params["locations"]])
        quoted = re.compile(rf'"[^"]*{named.pattern}[^"]*"')
        rules = self._prometheus(url, headers).rules()
        return sorted({str(rule["name"]) for rule in rules if quoted.search(str(rule["query"]))})

    def _grafana(self, url: str, headers: dict[str, str]) -> list[str]:
        named, found = word(self._names), []
        for each in self._list(f"{url}/api/datasources", headers, DATASOURCES):
            if named.search(f"{each['name']} {each.get('url') or ''}"):
                found.append(f"data source {each['name']}")
        for each in self._list(f"{url}/api/v1/provisioning/alert-rules", headers, RULES):
            if named.search(str(each)):
                found.append(f"alert rule {each['title']}")
        return found

    def _dashboards(self, url: str, headers: dict[str, str]) -> list[str]:
        named, found = word(self._names), []
        for each in self._list(f"{url}/api/search?type=dash-db&limit=5000", headers, FOUND):
            text = self._session.get(
                f"{url}/api/dashboards/uid/{each['uid']}", headers=headers
            ).text
            if named.search(text):
                found.append(str(each["title"]))
        return found

    def _list(self, url: str, headers: dict[str, str], shape: Any) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._session.get_json(url, shape, headers=headers)
        return answer
