# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""prometheus_rules against a real Prometheus whose configuration is somebody else's."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

CONFIG = """\
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [own.yml, rules/vya/*.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ["localhost:9090"]}]
"""
OWN = "groups: [{name: own, rules: [{record: own, expr: vector(1)}]}]\n"
COLLECTOR = """\
groups:
  - name: collector
    rules:
      - {record: "job:old:sum", expr: sum by (job) (seen_two_hours_ago)}
      - {alert: Fine, expr: "job:old:sum > 1 or up == 0", for: 1m, labels: {severity: warning}}
"""
OTHER = "groups: [{name: other, rules: [{record: two, expr: vector(2)}]}]\n"
# Two series of the server's own requests, which are there once somebody has asked these paths.
ASKED = 'prometheus_http_requests_total{handler=~"/api/v1/labels|/api/v1/status/tsdb"}'
TWO = f"groups: [{{name: two, rules: [{{record: pair, expr: '{ASKED} * on (job) {ASKED}'}}]}}]\n"


@dataclass
class Existing:
    url: str
    etc: Path
    arguments: dict[str, Any]

    def get(self, path: str) -> Any:
        return requests.get(f"{self.url}{path}", timeout=10).json()["data"]

    def groups(self) -> set[str]:
        return {group["name"] for group in self.get("/api/v1/rules")["groups"]}

    def wait(self, query: str, count: int) -> None:
        """Until a query finds so many series."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = requests.get(f"{self.url}/api/v1/query", {"query": query}, timeout=10)
            if len(answer.json()["data"]["result"]) == count:
                return
            time.sleep(0.2)
        pytest.fail(f"no {count} series of {query} within 60 s")

    def wait_for_error(self, name: str) -> None:
        """Until the rules of a group have failed."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            groups = self.get("/api/v1/rules")["groups"]
            rules = [rule for group in groups if group["name"] == name for rule in group["rules"]]
            if all(rule.get("lastError") for rule in rules):
                return
            time.sleep(0.2)
        pytest.fail(f"the rules of {name} do not fail within 60 s")

    def make_two_series(self) -> None:
        self.get("/api/v1/labels")
        self.get("/api/v1/status/tsdb")
        self.wait(ASKED, 2)


@pytest.fixture
def existing(tmp_path, container, free_port, service_image, wait_for, request) -> Existing:
    """With samples that are two hours old, unless it is to be a new server."""
    etc = tmp_path / "etc" / "prometheus"
    etc.mkdir(parents=True)
    (etc / "prometheus.yml").write_text(CONFIG)
    (etc / "own.yml").write_text(OWN)
    (etc / "old.om").write_text(
        "# TYPE seen_two_hours_ago gauge\n"
        f'seen_two_hours_ago{{job="a"}} 1 {time.time() - 7200:.0f}\n'
        "# EOF\n"
    )
    backfill = "promtool tsdb create-blocks-from openmetrics /etc/prometheus/old.om /tmp/data && "
    start = (
        "exec prometheus --config.file=/etc/prometheus/prometheus.yml --web.enable-lifecycle "
        "--storage.tsdb.path=/tmp/data"
    )
    started = container(
        "prometheus",
        entrypoint=["sh", "-c", ("" if hasattr(request, "param") else backfill) + start],
        volumes={str(etc): {"bind": "/etc/prometheus", "mode": "ro"}},
        ports={"9090/tcp": ("127.0.0.1", free_port)},
    )
    url = f"http://127.0.0.1:{free_port}"
    wait_for(f"{url}/-/ready", started)
    arguments = {
        "path": str(etc / "rules" / "vya"),
        "image": service_image("prometheus"),
        "url": url,
        "container": started.name,
        "wait_timeout": 60,
        "files": {"collector.yml": COLLECTOR, "other.yml": OTHER},
    }
    return Existing(url, etc, arguments)


def with_files(arguments: dict[str, Any], **files: str) -> dict[str, Any]:
    return {**arguments, "files": {f"{name}.yml": text for name, text in files.items()}}


def test_without_an_image_the_word_of_the_server_is_the_proof(module, existing):
    """Where it has no container that is known; `promtool` may be on this machine or not."""
    alone = {**existing.arguments, "image": "", "container": None}
    # It sees the directory elsewhere.
    alone["mount_path"] = "/etc/prometheus/rules/vya"
    first = module("prometheus_rules", **alone)
    assert (first["proven"], first["reloaded"]) == (True, True), first
    assert {"own", "collector", "other"} == existing.groups()
    assert not module("prometheus_rules", **alone)["changed"]
    wrong = module("prometheus_rules", **{**alone, "files": {"other.yml": "groups: [{x: 2}]"}})
    assert wrong["code"] in ("config.refused", "server.refused")
    assert {"own", "collector", "other"} == existing.groups()


def test_a_set_is_installed_beside_what_others_have(module, existing):
    predicted = module("prometheus_rules", check=True, **existing.arguments)
    assert not (existing.etc / "rules").exists()
    first = module("prometheus_rules", **existing.arguments)
    for key in ("changed", "written", "removed", "reloaded", "diff"):
        assert first[key] == predicted[key], (key, first, predicted)
    assert first["proven"], first
    assert (first["loaded"]["rules"], first["loaded"]["rule_groups"]) == (3, ["collector", "other"])
    assert existing.groups() == {"own", "collector", "other"}
    again = module("prometheus_rules", **existing.arguments)
    assert (again["changed"], again["reloaded"], again["proven"]) == (False, False, True)
    less = module("prometheus_rules", **with_files(existing.arguments, collector=COLLECTOR))
    assert (less["removed"], less["proven"]) == (["other.yml"], True)
    assert existing.groups() == {"own", "collector"}
    assert (existing.etc / "own.yml").read_text() == OWN


def test_a_rule_whose_metric_has_never_existed_is_warned_of(module, existing):
    existing.wait("up", 1)
    wrong = COLLECTOR.replace("up == 0", "collector_api_upp == 0")
    new = with_files(existing.arguments, collector=wrong)
    for _run in ("changed", "unchanged"):
        result = module("prometheus_rules", **new)
        assert result["proven"], result
        assert result["loaded"]["metrics_never_seen"] == ["collector_api_upp"]
        (warning,) = map(str, result["warnings"])
        assert "collector_api_upp" in warning
        assert "Fine" in warning
    result = module("prometheus_rules", **existing.arguments)
    assert result["loaded"]["metrics_never_seen"] == []
    assert "warnings" not in result


@pytest.mark.parametrize("existing", ["new"], indirect=True)
def test_a_new_server_cannot_know_what_will_exist(module, existing):
    existing.wait("up", 1)
    result = module("prometheus_rules", **existing.arguments)
    assert result["loaded"]["metrics_never_seen"] == ["seen_two_hours_ago"]
    assert "warnings" not in result


def test_a_rule_that_cannot_be_evaluated_is_put_back(module, existing):
    first = module("prometheus_rules", **existing.arguments)
    assert first["proven"], first
    existing.make_two_series()
    result = module("prometheus_rules", **with_files(existing.arguments, other=OTHER, two=TWO))
    result.fails("server.rules_not_evaluable", undone="restored")
    (rule,) = result["values"]["rules"]
    assert rule.startswith("two/pair: ")
    assert existing.groups() == {"own", "collector", "other"}
    names = {file.name for file in (existing.etc / "rules" / "vya").iterdir()}
    assert names == {"collector.yml", "other.yml"}


def test_a_rule_that_failed_before_is_no_reason_to_refuse_others(module, existing):
    first = module("prometheus_rules", **with_files(existing.arguments, two=TWO))
    assert first["proven"], first
    existing.make_two_series()
    existing.wait_for_error("two")
    result = module("prometheus_rules", **with_files(existing.arguments, other=OTHER, two=TWO))
    assert (result["changed"], result["proven"]) == (True, True), result
    existing.wait_for_error("two")
    unchanged = module("prometheus_rules", **with_files(existing.arguments, other=OTHER, two=TWO))
    (error,) = unchanged["loaded"]["rule_errors"]
    assert error.startswith("two/pair: ")
    assert any("rule evaluation fails: two/pair" in str(each) for each in unchanged["warnings"])


@pytest.mark.parametrize(
    ("expression", "kind"), [("up[5m]", "matrix"), ('"x"', "string")], ids=["range", "text"]
)
@pytest.mark.parametrize("running", [True, False])
def test_a_rule_that_can_never_be_evaluated_is_not_written(
    module, existing, directory, expression, kind, running
):
    arguments = existing.arguments if running else {**existing.arguments, "path": str(directory)}
    if not running:
        arguments = {**arguments, "url": None, "container": None}
    files = {"a": f"groups: [{{name: g, rules: [{{alert: A, expr: '{expression}'}}]}}]"}
    result = module("prometheus_rules", **with_files(arguments, **files))
    result.fails("server.rules_not_evaluable")
    assert result["values"]["rules"] == [f"g/A: a {kind}, expected a vector or a scalar"]
    assert not Path(arguments["path"]).exists()


SPELLINGS = {
    "an empty label": "{alert: A, expr: up == 0, labels: {team: ~}, annotations: {runbook_url: }}",
    "no such day": "{alert: A, expr: up == 0, labels: {since: 2024-02-30, a: =}}",
    "types": "{alert: A, expr: 1, labels: {a: yes, b: 1.0, c: 0x1F, d: 1e3, e: .inf}}",
    "units": "{alert: A, expr: up > 1e3, for: 90s, keep_firing_for: 120000ms}",
    "a folded query": "{record: 'a:b', expr: \"sum by   (job)\n\n    (up)  ==   0\"}",
    "an alias": "{alert: &a A, expr: up, labels: {name: *a}}",
    "an at sign": "{record: 'a:b', expr: 'up @ end() offset -5m'}",
}


@pytest.mark.parametrize("rule", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_that_prometheus_takes_is_proven(module, existing, rule):
    files = with_files(
        existing.arguments, a=f"groups: [{{name: g, interval: 1m30s, rules: [{rule}]}}]"
    )
    result = module("prometheus_rules", **files)
    assert (result.failed, result.get("proven")) == (False, True), result
    again = module("prometheus_rules", **files)
    assert (again["changed"], again["proven"]) == (False, True), again


def test_a_directory_that_is_reached_by_a_link_is_the_same(module, existing, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "etc")
    linked = {**existing.arguments, "path": str(tmp_path / "link" / "prometheus/rules/vya")}
    result = module("prometheus_rules", reload="required", **linked)
    assert (result.failed, result.get("proven")) == (False, True), result


def test_a_server_that_does_not_read_the_directory_is_told(module, existing):
    (existing.etc / "prometheus.yml").write_text(CONFIG.replace("rules/vya/*.yml", "rules/*.yml"))
    result = module("prometheus_rules", **existing.arguments)
    result.fails(
        "server.directory_not_read",
        unread=["collector.yml", "other.yml"],
        rule_files=["/etc/prometheus/own.yml", "/etc/prometheus/rules/*.yml"],
    )
    assert existing.groups() == {"own"}
    assert list((existing.etc / "rules" / "vya").iterdir()) == []


@pytest.mark.parametrize(
    ("files", "code", "values"),
    [
        ({"collector.rule": "- a"}, "config.refused", {"program": "prometheus"}),
        ({"collector.yml": "- a"}, "config.refused", {"program": "prometheus"}),
        ({"collector.yml": "a: b: c"}, "config.refused", {"line": 1, "column": 5}),
        (
            {"collector.yml": COLLECTOR.replace("sum by", "summ by")},
            "config.refused",
            {"program": "prometheus"},
        ),
    ],
)
def test_what_is_no_rule_file_is_refused(module, directory, service_image, files, code, values):
    result = module(
        "prometheus_rules", path=str(directory), image=service_image("prometheus"), files=files
    )
    result.fails(code, **values)
    assert not directory.exists()


def test_a_rule_file_may_have_any_name_that_the_server_reads(module, existing):
    config = existing.etc / "prometheus.yml"
    config.write_text(CONFIG.replace("*.yml", "*"))
    new = {**existing.arguments, "files": {"collector.rule": COLLECTOR, "other": OTHER}}
    result = module("prometheus_rules", **new)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert not module("prometheus_rules", **new)["changed"]
    config.write_text(CONFIG)
    new["files"]["third.conf"] = OTHER.replace("other", "third")
    module("prometheus_rules", **new).fails("server.directory_not_read", undone="not_loaded")


def test_a_container_that_has_another_directory_there_is_found(module, existing, tmp_path):
    other = {**existing.arguments, "path": str(tmp_path / "elsewhere" / "vya")}
    result = module("prometheus_rules", reload="required", **{**other, "wait_timeout": 1})
    result.fails("server.absent", path=other["path"])
    assert f"{existing.etc}/rules/vya" in result["values"]["absent"]
