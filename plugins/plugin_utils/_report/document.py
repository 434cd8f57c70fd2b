# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report of checks is, and how its files are written. `document` returns its JSON form."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ...module_utils._check import STATUSES
from ...module_utils._failure import Failure

FORMAT = 1  # version of the JSON form; it changes when readers must change
SUFFIXES = {"json": ".json", "junit": ".xml", "markdown": ".md", "html": ".html"}
# A name is part of a path, so no separator and no hidden file.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
CHECK_KEYS = ("id", "status", "expected", "seen", "cause", "fix", "seconds")
# What a check has as well, unless it is a user's own.
CODE_KEYS = ("name", "subject", "code", "values", "since", "not_at", "follows")


class ReportError(Failure):
    """Something is wrong with an option, or with the file that it names."""

    def __init__(
        self, code: str, option: str, expected: str, seen: str, cause: str, fix: str
    ) -> None:
        message = f"option {option}: expected {expected}; seen: {seen}; likely cause: {cause}"
        super().__init__(f"report.{code}", f"{message}; next: {fix}", option=option, seen=seen)


def plain(value: Any) -> Any:
    """Return the value in JSON's types: Ansible's own are subclasses of them, or lazy."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # JSON has neither NaN nor infinity.
        return float(value) if abs(value) < float("inf") else None
    return str(value)


def counts_of(checks: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the number of checks by status."""
    statuses = [check["status"] for check in checks]
    return {status: statuses.count(status) for status in STATUSES}


def verdict_of(counts: Mapping[str, int]) -> str:
    """Return `fail`, `warn`, `pass`, or `none` if no check ran."""
    return next((status for status in ("fail", "warn", "pass") if counts[status]), "none")


def group_of(check_id: str) -> str:
    """Return the group of a check: `no X` or `wrong X`, else the first word of its id."""
    words = check_id.split() or ["?"]
    return " ".join(words[:2]) if words[0] in ("no", "wrong") and len(words) > 1 else words[0]


def wrong_of(checks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what did not pass: each fault, and after it what follows from it; failures first."""
    wrong = [c for status in ("fail", "warn") for c in checks if c["status"] == status]
    under: dict[str, list[Mapping[str, Any]]] = {}
    for check in wrong:
        if check.get("follows"):
            under.setdefault(check["follows"]["id"], []).append(check)
    roots = [c for c in wrong if not c.get("follows")]
    known = {c["id"] for c in roots}
    lost = [c for root, found in under.items() if root not in known for c in found]
    return [each for c in roots for each in (c, *under.get(c["id"], ()))] + lost


def follows_text(check: Mapping[str, Any]) -> str:
    """Return which check this one follows from; empty if none."""
    root = check.get("follows")
    return f"{root['id']} ({root['code']})" if root else ""


def grouped(checks: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the checks by group, in the order in which the groups first appear."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for check in checks:
        groups.setdefault(group_of(check["id"]), []).append(check)
    return groups


def document(
    name: str,
    checks: Sequence[Mapping[str, Any]],
    *,
    ended: float,
    seconds: float,
    asked_from: str,
    hops: Sequence[Mapping[str, Any]] = (),
    plots: Sequence[Mapping[str, Any]] = (),
    runs: Sequence[Mapping[str, Any]] = (),
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the report as data.

    Args:
        name: Name of the report and of its files.
        checks: Checks as `Check.as_data` returns them.
        ended: Unix time of the end.
        seconds: How long the run took.
        asked_from: The host that ran the checks.
        hops: `name` and `seconds` of each hop of a round trip.
        plots: Series as prometheus_range_info returns them.
        runs: Earlier runs, the newest first, as `runs_of` returns them.
        facts: What the run says about itself.
    """
    started = datetime.fromtimestamp(ended - seconds, timezone.utc)
    return {
        "format": FORMAT,
        "name": name,
        "started": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "seconds": round(seconds, 3),
        "asked_from": asked_from,
        "counts": counts_of(checks),
        "checks": [
            {key: plain(check[key]) for key in (*CHECK_KEYS, *CODE_KEYS) if key in check}
            for check in checks
        ],
        "hops": plain(hops),
        "plots": plain(plots),
        "runs": plain(runs),
        "facts": plain(facts or {}),
    }


def started_of(report: Mapping[str, Any]) -> float:
    """Return the Unix time at which the report's run began."""
    # Before Python 3.11 fromisoformat does not know Z.
    return datetime.fromisoformat(report["started"].replace("Z", "+00:00")).timestamp()


def as_json(report: Mapping[str, Any]) -> str:
    """Return the report's JSON text."""
    return json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_report(path: str, option: str) -> dict[str, Any]:
    """Return a report from its JSON file.

    Args:
        option: The option that names the file, for messages.

    Raises:
        ReportError: It cannot be read, or is not a report of this format.
    """

    def wrong(
        code: str, seen: object, cause: str, fix: str = "give the path of a report"
    ) -> ReportError:
        expected = f"a JSON report of check_report, format {FORMAT}"
        return ReportError(code, option, expected, f"{path}: {seen}", cause, fix)

    try:
        report = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        cause = "another name or directory, or the run that should have written it did not"
        raise wrong("unreadable", error.strerror, cause) from error
    except ValueError as error:
        raise wrong("no_json", error, "another file, or one that was cut off") from error
    if not isinstance(report, dict) or "format" not in report or "checks" not in report:
        raise wrong("no_report", "JSON without format and checks", "another file")
    if report["format"] != FORMAT:
        cause = "another version of the collection wrote it"
        fix = "write both reports with the same version"
        raise wrong("other_format", f"format {report['format']}", cause, fix)
    try:
        for check in report["checks"]:
            if check["status"] not in STATUSES:
                raise ValueError(f"status {check['status']!r}")
            float(check["seconds"])
            str(check["id"])
        started_of(report)
        report["hops"] = [{**hop, "name": str(hop["name"])} for hop in report.get("hops", [])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        seen = f"{type(error).__name__}: {error}"
        raise wrong("damaged", seen, "the file was changed by hand", "make it again") from error
    return report


def path_of(directory: str, name: str, suffix: str) -> Path:
    """Return the path of a file of the report.

    Raises:
        ReportError: The name cannot be a file's.
    """
    if not NAME.fullmatch(name):
        expected = "a name of letters, digits, '.', '_' and '-', which is no path"
        cause = "the value given to the module"
        fix = "correct the variable that sets this option"
        raise ReportError("name", "name", expected, repr(name), cause, fix)
    return Path(directory).expanduser().absolute() / f"{name}{suffix}"


def _make_directory(directory: Path) -> None:
    """Create a directory and its parents with mode 0755, whatever the umask is."""
    if not directory.is_dir():
        _make_directory(directory.parent)
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)


def write_file(path: Path, text: str) -> None:
    """Write a file with mode 0644, completely or not at all.

    Raises:
        ReportError: It cannot be written.
    """
    try:
        _make_directory(path.parent)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as error:
        seen = f"{error.filename or path}: {error.strerror}"
        cause = "the controller's user may not write there, or the disk is full"
        fix = "give another directory, or correct its owner"
        expected = f"{path} to be written"
        raise ReportError("unwritable", "directory", expected, seen, cause, fix) from error
