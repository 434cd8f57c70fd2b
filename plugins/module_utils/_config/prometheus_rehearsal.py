# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prometheus that is started aside with a set, and what it says of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from .._api.prometheus import LABELS
from .._http.session import HttpError, Session
from .aside import DATA, Aside, Unjudged, arguments_of, started
from .directory import ConfigError, FileSet, names_of
from .masking import hidden_by, words_of
from .options import texts
from .prometheus_rules import Known, groups_of, loaded, not_evaluable, rules_below, said_of_groups
from .prometheus_server import cannot_evaluate
from .prometheus_targets import files_read
from .rehearsal import Rehearsal, Words
from .server import NotLoaded

# Shapes of answers (`_http.answer`).
CONFIG = {"data": {"yaml": str}}
BUILD = {"data": {"version": str, "revision?": str}}
FLAGS = {"data": LABELS}
FEATURES, AGENT = "enable-feature", "agent"
# Those that decide which expressions and settings a Prometheus takes; older ones ignore new names.
ALL_FEATURES = (
    *("promql-experimental-functions", "promql-duration-expr", "promql-delayed-name-removal"),
    *("promql-extended-range-selectors", "promql-binop-fill-modifiers", "promql-at-modifier"),
    *("promql-negative-offset", "native-histograms", "utf8-names", "type-and-unit-labels"),
)
EVERY = ("",)  # names of files
# Where a rehearsal of rules finds a configuration that names them.
BESIDE = "/rehearsal"
# What of the server's own settings decides how rules are read.
GLOBAL = ("evaluation_interval", "rule_query_offset", "metric_name_validation_scheme")


def words_of_server(session: Session, url: str, mount_path: str) -> Words:
    """Return what a Prometheus says that it has loaded.

    Source: Prometheus HTTP API, GET /api/v1/status/config, status/buildinfo and rules.
    """
    shown = session.get_json(f"{url}/api/v1/status/config", CONFIG)["data"]["yaml"]
    return {**_rules_of(session, url, mount_path), "documents": {"configuration": shown}}


def _version(session: Session, url: str) -> str:
    build = session.get_json(f"{url}/api/v1/status/buildinfo", BUILD)["data"]
    return f"{build['version']} {build.get('revision') or ''}".strip()


def _rules_of(session: Session, url: str, mount_path: str) -> dict[str, Any]:
    return {
        "version": _version(session, url),
        "groups": said_of_groups(groups_of(session, url), f"{mount_path}/"),
    }


class PrometheusRehearsal(Rehearsal):
    """A Prometheus that scrapes nothing, for it reaches nobody."""

    program = "prometheus"
    files_read: set[str] = set()  # noqa: RUF012  (files of targets that it has read)

    def words_of(self, session: Session, url: str) -> Words:
        """Return what a Prometheus says that it has loaded."""
        return words_of_server(session, url, self._mount_path)

    def _rehearse(self, wanted: FileSet, staging: Path, new: bool) -> Words:
        known = self._mode()
        try:
            return self._say(wanted, staging, new, known or [])
        except ConfigError as error:
            if known is not None or error.code != "config.refused":
                raise
            # Which features the server has is not known, so those that decide are tried.
            try:
                self._say(wanted, staging, new, [f"--{FEATURES}={','.join(ALL_FEATURES)}"])
            except (ConfigError, Unjudged):
                raise error from None
            self._module.warn(
                "the configuration is taken only by a Prometheus with --enable-feature (such as "
                f"{ALL_FEATURES[0]}): start the server with it. Without, it says: "
                f"{error.values['output']}"
            )
            raise Unjudged("the server's features are not known") from None

    def _inside(self, wanted: FileSet) -> list[str]:
        # It knows nothing of the server's features, which decide what is an expression.
        names = self._rule_files(wanted) if self._mode() == [] else []
        return _promtool(names, Path(self._mount_path)) if names else []

    def _rule_files(self, wanted: FileSet) -> list[str]:
        """Return the names of the files that the configuration takes rules from."""
        config = texts(wanted[self._params["config_file"]].content or b"")
        patterns = config.get("rule_files") if isinstance(config, dict) else None
        at = PurePosixPath(self._mount_path)
        below = at.joinpath(self._params["config_file"]).parent
        return [
            name
            for name in names_of(wanted, EVERY)
            if any((at / name).match(str(below / str(one))) for one in patterns or ())
        ]

    def _mode(self) -> list[str] | None:
        """Return the running server's arguments for features and mode; None if none is running.

        Source: Prometheus HTTP API, GET /api/v1/status/flags.
        """
        if self._at is None:
            return None
        try:
            url = f"{self._at.url}/api/v1/status/flags"
            flags = self._at.session.get_json(url, FLAGS, retries=0)["data"]
            features = [flags[FEATURES]] if flags.get(FEATURES) else []
            agent = flags.get(AGENT) == "true"
        except HttpError:
            container = self._at.container
            record = container.record() if container else None
            if not record:
                return None
            features = arguments_of(record, FEATURES)
            agent = f"--{AGENT}" in (record.get("Args") or [])
        return [
            *(f"--{FEATURES}={value}" for value in features),
            *([f"--{AGENT}"] if agent else []),
        ]

    def _say(self, wanted: FileSet, staging: Path, new: bool, mode: list[str]) -> Words:
        # Before 3, to be an agent is a feature.
        agent = any(AGENT in argument.lstrip("-").replace("=", ",").split(",") for argument in mode)
        record = self._at.container.record() if self._at and self._at.container else None
        with self._beside(wanted) as (config, mounts):
            command = [
                self.program,
                f"--config.file={config}",
                f"--storage.{'agent' if agent else 'tsdb'}.path={DATA}/data",
                *mode,
            ]
            with started(
                self._params,
                command,
                "--web.listen-address={}",
                staging,
                self._mount_path,
                mounts,
                # External labels may name variables.
                list((record or {}).get("Config", {}).get("Env") or []),
            ) as aside:
                aside.wait("/-/ready")
                words = self.words_of(aside.session, aside.url)
                self._look(wanted, aside, words)
                if new:
                    self._evaluate(aside, str(words["version"]))
        return words

    @contextmanager
    def _beside(self, _wanted: FileSet) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the configuration file, and further directories to mount."""
        yield f"{self._mount_path}/{self._params['config_file']}", {}

    def _look(self, wanted: FileSet, aside: Aside, words: Words) -> None:
        """Take what is needed beside the words: secrets, and the files of targets."""
        written = wanted[self._params["config_file"]].content or b""
        printed = texts(words["documents"]["configuration"])
        self._module.no_log_values.update(words_of(set(hidden_by(printed, texts(written)))))
        self.files_read = set(files_read(aside.session, aside.url, f"{self._mount_path}/"))

    def _evaluate(self, aside: Aside, version: str) -> None:
        """Fail if a rule can never be evaluated, unless it failed on the server before.

        What a server of the same version has evaluated is not asked again.
        """
        known = Known()
        if self._at:
            with suppress(HttpError):  # none is running
                known.learn(loaded(self._at.session, self._at.url))
                if _version(self._at.session, self._at.url) != version:
                    known.evaluated.clear()
        rules = rules_below(groups_of(aside.session, aside.url), f"{self._mount_path}/")
        wrong = not_evaluable(aside.session, aside.url, known.new(rules))
        if wrong:
            raise cannot_evaluate(f"{self._params['image']} (started aside)", wrong)

    def _blind(self, wanted: FileSet, places: list[str]) -> str:  # noqa: ARG002
        own = self._at and self._at.container
        if not own and all(place.startswith("global.external_labels") for place in places):
            return "external labels depend on the server's environment"
        return ""

    def _other(self, expected: Words, words: Words, places: list[str]) -> NotLoaded:
        for code, word, one, two in (
            ("server.groups_missing", "missing", expected, words),
            ("server.groups_left", "left over", words, expected),
        ):
            names = _names(one) - _names(two)
            if names:
                some = ", ".join(f"{group} of {file}" for file, group in sorted(names)[:5])
                url = self._at.url if self._at else ""
                return NotLoaded(
                    code,
                    f"Prometheus at {url}: rule groups {word}: {some}.",
                    groups=sorted(group for _file, group in names),
                )
        return super()._other(expected, words, places)


def _promtool(names: Iterable[str], directory: Path) -> list[str]:
    """Return the command that checks files of rules."""
    return ["promtool", "check", "rules", *(str(directory / name) for name in names)]


def _names(words: Words) -> set[tuple[str, str]]:
    return {(file, group) for file, groups in words["groups"].items() for group in groups}


class RulesRehearsal(PrometheusRehearsal):
    """A Prometheus with rule files alone, and the settings of the running one that decide."""

    def words_of(self, session: Session, url: str) -> Words:
        """Return the rules from the directory."""
        return _rules_of(session, url, self._mount_path)

    def _asked(self) -> dict[str, Any]:
        """Return nothing: the rules are compared by `rules deployed`, for any Prometheus."""
        return {}

    @contextmanager
    def _beside(self, wanted: FileSet) -> Iterator[tuple[str, Mapping[str, str]]]:
        settings = self.settings().get("global") or {}
        config = {
            "global": {key: settings[key] for key in GLOBAL if key in settings},
            "rule_files": [f"{self._mount_path}/{name}" for name in names_of(wanted, EVERY)],
        }
        with tempfile.TemporaryDirectory(dir=self._module.tmpdir) as made:
            directory = Path(made)
            directory.chmod(0o755)
            (directory / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
            (directory / "prometheus.yml").chmod(0o644)
            yield f"{BESIDE}/prometheus.yml", {made: BESIDE}

    def settings(self) -> Mapping[str, Any]:
        """Return the running server's configuration, as it prints it; empty if there is none."""
        if self._at is None:
            return {}
        try:
            answer = self._at.session.get_json(f"{self._at.url}/api/v1/status/config", CONFIG)
        except HttpError:
            return {}
        found = texts(answer["data"]["yaml"])
        return found if isinstance(found, dict) else {}

    def _look(self, wanted: FileSet, aside: Aside, words: Words) -> None:
        """Nothing else is needed of rules."""

    def _rule_files(self, wanted: FileSet) -> list[str]:
        return names_of(wanted, EVERY)

    def _checker(self, wanted: FileSet, staging: Path) -> list[str]:
        return _promtool(self._rule_files(wanted), staging)

    def _unaided(self, wanted: FileSet, words: Words) -> None:
        files = {f"{self._mount_path}/{name}" for name in names_of(wanted, EVERY)}
        if files and not words["groups"]:
            raise self._unread(files)
        left = sorted({*words["groups"]} - files)
        if left and self._at:
            raise NotLoaded(
                "server.groups_left",
                f"Prometheus at {self._at.url}: rule groups left over: those of {', '.join(left)}.",
                groups=[group for file in left for group in sorted(words["groups"][file])],
            )

    def _other(self, expected: Words, words: Words, places: list[str]) -> NotLoaded:
        if expected["groups"] and not words["groups"]:
            return self._unread(expected["groups"])
        return super()._other(expected, words, places)

    def _unread(self, files: Iterable[str]) -> NotLoaded:
        """Return the error for a server that reads none of the files."""
        patterns = self.settings().get("rule_files") or []
        unread = [file[len(self._mount_path) + 1 :] for file in sorted(files)]
        return NotLoaded(
            "server.directory_not_read",
            f"Prometheus at {self._at.url if self._at else ''}: expected rule_files of its "
            f"configuration to name {self._mount_path}/{unread[0]}; seen: "
            f"{', '.join(patterns) or 'none'}. Add {self._mount_path}/*.yml there.",
            unread=unread,
            rule_files=patterns,
        )
