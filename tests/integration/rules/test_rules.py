# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule of the role in promtool's unit tests: quiet, firing, clear again."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from ...unit.rules.rendered import Rendered, render

CASES = {
    file.stem: yaml.safe_load(file.read_text("utf-8"))["tests"]
    for file in sorted(Path(__file__).parent.glob("*.yml"))
}
ALL_CASES = [case for cases in CASES.values() for case in cases]
EVALUATION_INTERVAL = "1m"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    return render(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def promtool(
    docker_client: docker.DockerClient, service_image: Callable[[str], str]
) -> Callable[[Path, str], tuple[int, str]]:
    """Run a script in Prometheus's image, which sees a folder as the working directory."""

    def run(folder: Path, script: str) -> tuple[int, str]:
        container = docker_client.containers.create(
            service_image("prometheus"),
            ["-c", script],
            entrypoint=["sh"],
            user="0:0",
            working_dir="/work",
            network_mode="none",
            volumes={str(folder): {"bind": "/work", "mode": "ro"}},
            labels={"vya.observability.test": "1"},
        )
        try:
            container.start()
            code = container.wait(timeout=120)["StatusCode"]
            return code, container.logs().decode("utf-8", "replace")
        finally:
            container.remove(force=True, v=True)

    return run


def seconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([smh])", duration).groups()
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def completed(cases: list[dict[str, Any]], alerts: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases with what is the same for each alert of a rule, and stands in the rule."""
    whole = copy.deepcopy(cases)
    for case in whole:
        for check in case.get("alert_rule_test", []):
            rule = alerts[check["alertname"]]
            for expected in check.get("exp_alerts", []):
                expected["exp_labels"].update(rule["labels"])
                for name in ("action", "runbook_url"):
                    expected["exp_annotations"][name] = rule["annotations"][name]
    return whole


def written(folder: Path, rendered: Rendered) -> list[str]:
    """Write rules and tests; the names of the test files."""
    (folder / "rules").mkdir()
    for name, text in rendered.rule_files.items():
        (folder / name).write_text(text)
    names = []
    for group, cases in CASES.items():
        tests = {
            "rule_files": [f"rules/vya-{group}.yml"],
            "evaluation_interval": EVALUATION_INTERVAL,
            "tests": completed(cases, rendered.alerts),
        }
        (folder / f"{group}.yml").write_text(yaml.safe_dump(tests))
        names.append(f"{group}.yml")
    return names


def test_every_rule_does_what_its_tests_say(rendered, promtool, tmp_path) -> None:
    names = " ".join(written(tmp_path, rendered["whole"]))
    code, output = promtool(
        tmp_path, f"promtool check rules rules/* && promtool test rules {names}"
    )
    assert code == 0, output
    assert output.count("SUCCESS") >= 2 * len(CASES), output


def test_other_thresholds_are_other_rules(rendered, promtool, tmp_path) -> None:
    """Also what shows that the tests can fail."""
    alerts = rendered["whole"].alerts
    names = written(tmp_path, rendered["whole"])
    for name, text in rendered["changed"].rule_files.items():
        (tmp_path / name).write_text(text)
    code, output = promtool(
        tmp_path, f"promtool check rules rules/* && promtool test rules {' '.join(names)}"
    )
    assert code == 1, output
    failed = set(re.findall(r"alertname: (\w+)", output))
    changed = {"CollectorMemoryHigh", "N8nErrorRateHigh", "CollectorStale", "TargetDown"}
    assert changed <= failed
    assert failed <= set(alerts)


def test_rules_of_other_fleets_are_valid(rendered, promtool, tmp_path) -> None:
    for server in ("changed", "alone"):
        (tmp_path / server).mkdir()
        for name, text in rendered[server].rule_files.items():
            (tmp_path / server / Path(name).name).write_text(text)
    code, output = promtool(tmp_path, "promtool check rules changed/* alone/*")
    assert code == 0, output


def test_each_alert_has_a_case_in_which_it_is_quiet_fires_and_clears(rendered) -> None:
    def seen(alert: str, case: dict[str, Any]) -> str:
        checks = [each for each in case.get("alert_rule_test", []) if each["alertname"] == alert]
        checks.sort(key=lambda each: seconds(each["eval_time"]))
        return "".join("x" if each.get("exp_alerts") else "." for each in checks)

    untested = [
        alert
        for alert in rendered["whole"].alerts
        if not any(re.search(r"\.x+\.", seen(alert, case)) for case in ALL_CASES)
    ]
    assert untested == []


def test_each_recording_has_an_expected_value(rendered) -> None:
    asked = [
        each["expr"]
        for case in ALL_CASES
        for each in case.get("promql_expr_test", [])
        if each["exp_samples"]
    ]
    recorded = [rule["record"] for rule in rendered["whole"].rules if "record" in rule]
    assert recorded
    assert [name for name in recorded if not any(name in expr for expr in asked)] == []


def test_no_series_is_hexadecimal_by_mistake() -> None:
    values = [series["values"] for case in ALL_CASES for series in case["input_series"]]
    assert [each for each in values if re.search(r"(^|\s)0x", each)] == []
