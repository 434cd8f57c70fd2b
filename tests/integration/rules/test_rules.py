# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule of the role in promtool's unit tests: quiet, firing, clear again."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vya.observability.plugins.plugin_utils._alerts.files import alerts

from ...unit.rules.rendered import SERVERS, Rendered, render

CASES = {
    file.stem: yaml.safe_load(file.read_text("utf-8"))["tests"]
    for file in sorted(Path(__file__).parent.glob("*.yml"))
}
ALL_CASES = [case for cases in CASES.values() for case in cases]
EVALUATION_INTERVAL = "1m"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    return render(tmp_path_factory.mktemp("rules"))


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


def other_settings(factor: float, windows: bool) -> dict[str, Any]:
    """A server's variables, with each value of the alerts multiplied.

    C(windows): those that are the second one of an alert, and the intervals, which other alerts
    have in them as well; else all others.
    """
    changed: dict[str, dict[str, float]] = {}
    for alert, of in alerts().items():
        values = of.get("values", {})
        for name, value in values.items():
            second = (name == "minutes" and len(values) > 1) or name == "intervals"
            if second is windows:
                changed.setdefault(alert, {})[name] = int(value["default"] * factor)
    return {**SERVERS["whole"], "prometheus_alerts": changed}


SERVERS_OF_OTHERS = {
    "values-twice": other_settings(2, windows=False),
    "values-half": other_settings(0.5, windows=False),
    "windows-twice": other_settings(2, windows=True),
    "windows-half": other_settings(0.5, windows=True),
}


def other_rules(rendered: Rendered, others: dict[str, Rendered]) -> dict[str, dict[str, Any]]:
    """Each rule as it is and with one value changed, by a name that says which and how."""
    made = {}
    for name, rule in rendered.alerts.items():
        made[f"{name}-same"] = rule
        minutes = seconds(rule["for"]) // 60
        made[f"{name}-for-more"] = {**rule, "for": f"{minutes + 1}m"}
        if minutes:
            made[f"{name}-for-less"] = {**rule, "for": f"{minutes - 1}m"}
        for server, other in others.items():
            if other.alerts[name]["expr"] != rule["expr"] and (
                name in SERVERS_OF_OTHERS[server]["prometheus_alerts"]
            ):
                made[f"{name}-{server}"] = {**rule, "expr": other.alerts[name]["expr"]}
    return made


def test_every_other_value_is_another_rule(rendered, promtool, tmp_path) -> None:
    """Each value, twice and half as much, fails a case; so does each `for`, by a minute."""
    (tmp_path / "others").mkdir()
    others = other_rules(rendered["whole"], render(tmp_path / "others", servers=SERVERS_OF_OTHERS))
    expected = sum(
        len(changed)
        for server in SERVERS_OF_OTHERS.values()
        for changed in server["prometheus_alerts"].values()
    )
    assert sum("-values-" in name or "-windows-" in name for name in others) == expected
    records = [rule for rule in rendered["whole"].rules if "record" in rule]
    alerts = rendered["whole"].alerts
    for name, rule in others.items():
        alert = rule["alert"]
        cases = []
        for case in completed(ALL_CASES, alerts):
            checks = [one for one in case.get("alert_rule_test", []) if one["alertname"] == alert]
            if checks:
                case.pop("promql_expr_test", None)
                cases.append({**case, "alert_rule_test": checks})
        group = {"name": "other", "rules": [*records, rule]}
        (tmp_path / f"{name}.rules.yml").write_text(yaml.safe_dump({"groups": [group]}))
        tests = {"rule_files": [f"{name}.rules.yml"], "evaluation_interval": EVALUATION_INTERVAL}
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump({**tests, "tests": cases}))
    names = " ".join(f"{name}.yml" for name in sorted(others))
    _code, output = promtool(tmp_path, f"promtool test rules {names} 2>&1")
    # Version 3 does not name the files; they are in the order given.
    found = re.findall(r"^  (SUCCESS|FAILED)", output, re.MULTILINE)
    assert len(found) == len(others), output
    answers = dict(zip(sorted(others), found, strict=True))
    passed = {name for name, answer in answers.items() if answer == "SUCCESS"}
    assert passed == {f"{alert}-same" for alert in alerts}


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
