# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running Prometheus: reload it, and find out what it has loaded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._http.answer import understood
from .connection import Connection, last_reload, prove_reloaded
from .directory import FileSet
from .prometheus_rules import (
    Known,
    groups_of,
    loaded,
    never_seen,
    never_seen_warnings,
    not_evaluable,
    rules_below,
)
from .server import ERROR_WORDS, POLL, NotLoaded, prove_within

if TYPE_CHECKING:
    from .prometheus_rehearsal import PrometheusRehearsal
    from .rehearsal import Words

# Seconds for a reload: what was not sent yet has a minute for each remote write that goes.
RELOAD = 150
SETTLE = 12.0  # seconds: targets of files reach the scrape manager every 5 s


class PrometheusServer:
    """The running Prometheus; see `server.Server`."""

    def __init__(self, connection: Connection, rehearsal: PrometheusRehearsal) -> None:
        self._at, self._session, self._url = connection, connection.session, connection.url
        self._rehearsal = rehearsal
        self._reloaded = False
        self._known = Known()  # from before the reload

    def _more(self, wanted: FileSet, words: Words) -> dict[str, Any]:  # noqa: ARG002
        """Return what else is said of the set, for the summary.

        Raises:
            NotLoaded: It is not what it must be.
        """
        return {}

    def absent(self, patience: float) -> str:
        """Return why no server that reads the directory is ready; empty if one is."""
        return self._at.absent("/-/ready", patience)

    def reload(self) -> None:
        """Make the server read the directory again, by SIGHUP if its reload API is off.

        Source: Prometheus, POST /-/reload.

        Raises:
            NotLoaded: `server.refused`, `server.no_reload_api` or `server.reload_timeout`.
        """
        before, _state = last_reload(self._at, "prometheus")
        self._known.learn(loaded(self._session, self._url))
        self._reloaded = True
        began = time.time()
        answer = self._session.request(
            "POST", f"{self._url}/-/reload", expected=(200, 403, 404, 405, 500), timeout=RELOAD
        )
        if answer.status == 500:
            raise self._refused(began, answer.text)
        if answer.status != 200:
            if not self._at.container:
                raise NotLoaded(
                    "server.no_reload_api",
                    f"{self._url}/-/reload answers {answer.status}: the server was started without "
                    "--web.enable-lifecycle. Start it with that, or name its container so that it "
                    "can be sent a SIGHUP.",
                    url=self._url,
                    status=answer.status,
                )
            self._at.container.hang_up()
        deadline = time.monotonic() + self._at.wait_timeout
        while True:
            loaded_at, succeeded = last_reload(self._at, "prometheus")
            if succeeded and loaded_at > before:
                return
            log = self._refusal_in_log(began) if not succeeded else ""
            if log:
                raise self._refused(began, "")
            if time.monotonic() > deadline:
                raise NotLoaded(
                    "server.reload_timeout",
                    f"{self._url} was asked to reload, but did not within "
                    f"{self._at.wait_timeout:g} s "
                    "(prometheus_config_last_reload_success_timestamp_seconds stands still).",
                    url=self._url,
                    seconds=self._at.wait_timeout,
                )
            time.sleep(POLL)

    def _refusal_in_log(self, began: float, patience: float = 0.0) -> str:
        own = self._at.container
        return own.log_since(began, ERROR_WORDS, patience=patience) if own else ""

    def _refused(self, began: float, answer: str) -> NotLoaded:
        log = self._refusal_in_log(began, 2)
        hint = "" if self._at.container else " (set container to see its log here)"
        return NotLoaded(
            "server.refused",
            f"Prometheus at {self._url} refused to load the configuration{hint}: "
            f"{' '.join(answer.split())}\n{log}",
            url=self._url,
            answer=answer,
            log=log,
        )

    def installed(self) -> None:
        """Take note that the set that was checked is in place."""
        self._rehearsal.installed()

    def prove(self, wanted: FileSet, patience: float) -> dict[str, Any]:
        """Compare what is loaded with what one aside makes of the set.

        Returns:
            `config_loaded_at` (Unix time), `rule_groups`, `rules`, `rule_errors`,
            `metrics_never_seen`, `warnings` and what a subclass adds.

        Raises:
            NotLoaded: The server runs something else.
        """
        return prove_within(patience, lambda: self._prove_now(wanted), SETTLE)

    def _prove_now(self, wanted: FileSet) -> dict[str, Any]:
        loaded_at = prove_reloaded(self._at, "prometheus")
        with understood(self._url):
            return {"config_loaded_at": round(loaded_at, 3), **self._contents(wanted)}

    def _contents(self, wanted: FileSet) -> dict[str, Any]:
        words = self._rehearsal.words_of(self._session, self._url)
        warnings = self._rehearsal.judge(wanted, words)
        found = {**self._more(wanted, words), **self._prove_rules()}
        return {**found, "warnings": [*warnings, *found["warnings"]]}

    def _prove_rules(self) -> dict[str, Any]:
        """Evaluate new rules, and return what is said of all that come from the directory."""
        groups = groups_of(self._session, self._url)
        rules = rules_below(groups, f"{self._at.mount_path}/")
        if self._reloaded:
            new = self._known.new(rules)
            wrong = not_evaluable(self._session, self._url, new)
            if wrong:
                raise cannot_evaluate(self._url, wrong)
            self._known.evaluated |= {rule.query for rule in new}
        missing = never_seen(self._session, self._url, rules)
        errors = [f"{rule.label}: {rule.error}" for rule in rules if rule.error]
        own = [g for g in groups if g["file"].startswith(f"{self._at.mount_path}/")]
        return {
            "rule_groups": sorted(group["name"] for group in own),
            "rules": len(rules),
            "rule_errors": errors,
            "metrics_never_seen": sorted(missing),
            "warnings": [
                *(f"rule evaluation fails: {error}" for error in errors),
                *never_seen_warnings(self._session, self._url, missing, time.time()),
            ],
        }


def cannot_evaluate(url: str, wrong: list[str]) -> NotLoaded:
    """Return the error for rules that a server takes and cannot evaluate."""
    return NotLoaded(
        "server.rules_not_evaluable",
        f"Prometheus at {url} has loaded the rules and cannot evaluate {len(wrong)} of them: "
        f"{'; '.join(wrong[:5])}.",
        rules=wrong,
    )
