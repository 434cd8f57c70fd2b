# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""prometheus_config against a real Prometheus in Docker."""

from __future__ import annotations

import copy
import io
import json
import os
import re
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.tests.http_stand_in import between, passed_on

MODULE = "ansible_collections.vya.observability.plugins.modules.prometheus_config"
SECRET = "correct-horse-battery"
CONFIG = """\
global:
  scrape_interval: 60s
  evaluation_interval: 1h
  external_labels: {site: test, replica: 1}
rule_files: [rules/*.yml]
scrape_configs:
  - job_name: gateway
    honor_labels: yes
    scrape_timeout: 10000ms
    basic_auth: {username: reader, password_file: secrets/password}
    static_configs: [{targets: ["gateway.example.org:9091"]}]
  - job_name: files
    file_sd_configs: [{files: [/etc/prometheus/targets/*.json]}]
    relabel_configs:
      - {source_labels: [__address__], action: Keep, regex: .+}
remote_write:
  - url: http://victoria.example.org:8428/api/v1/write
    basic_auth: {username: writer, password: inline-password}
"""
RULES = """\
groups:
  - name: collector
    interval: 30s
    rules:
      - record: job:up:sum
        expr: sum(up) by (job)
      - alert: CollectorDown
        expr: up{job="gateway"}    ==   0
        for: 3m
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.instance }} is down"}
"""
OTHER_RULES = """\
groups:
  - {name: other, rules: [{record: one, expr: vector(1)}]}
"""


# The key, and its value at the top of a file, of what Prometheus prints in other words.
SPELLINGS = {
    "an equals sign": "relabel_configs: [{source_labels: [a], separator: =, target_label: b}]",
    "old bearer token": "bearer_token: one-two-three",
    "aliases": "params: {a: &p [b], c: *p}",
    "no value": "params: ~",
    "sizes and times": "body_size_limit: 10MB, scrape_interval: 90s, scrape_timeout: 1m0s",
    "defaults": "honor_labels: no, follow_redirects: On, metrics_path: /metrics, scheme: http",
    "actions": "relabel_configs: [{action: LabelDrop, regex: 2024-02-30}]",
    "a file that is not there": "basic_auth: {username: u, password_file: secrets/none}",
    "a url with a password": "proxy_url: 'http://me:pass-word@127.0.0.1:9'",
}


@dataclass
class Prometheus:
    url: str
    container: Any

    def rule_groups(self) -> set[str]:
        answer = requests.get(f"{self.url}/api/v1/rules", timeout=5).json()
        return {group["name"] for group in answer["data"]["groups"]}


@pytest.fixture
def arguments(directory: Path, free_port: int, service_image) -> dict[str, Any]:
    return {
        "path": str(directory),
        "image": service_image("prometheus"),
        "url": f"http://127.0.0.1:{free_port}",
        "wait_timeout": 60,
        "files": {
            "prometheus.yml": CONFIG,
            "rules/collector.yml": RULES,
            "rules/other.yml": OTHER_RULES,
            "targets/web.json": [{"targets": ["a.example.org:80", "b.example.org:80"]}],
        },
        "secrets": [{"path": "secrets/password", "content": SECRET}],
    }


@pytest.fixture
def as_agent(version, arguments) -> list[str]:
    """The arguments that make an agent of it, whose configuration has no rules."""
    text = CONFIG.replace("rule_files: [rules/*.yml]\n", "").replace(
        "  evaluation_interval: 1h\n", ""
    )
    arguments["files"] = {
        "prometheus.yml": text,
        "targets/web.json": arguments["files"]["targets/web.json"],
    }
    return ["--enable-feature=agent"] if version < (3, 0) else ["--agent"]


@pytest.fixture
def server(module, arguments, directory, container, wait_for, request):
    """The first deployment: written, then started."""
    first = module("prometheus_config", **arguments)
    assert first["changed"], first
    assert not first["proven"]
    port = arguments["url"].rpartition(":")[2]
    kind = getattr(request, "param", "")
    lifecycle = [] if kind == "sighup" else ["--web.enable-lifecycle"]
    storage = ["--storage.tsdb.path=/tmp/data"]
    if kind == "agent":
        storage = ["--storage.agent.path=/tmp/data", *request.getfixturevalue("as_agent")]
    started = container(
        "prometheus",
        command=[
            "--config.file=/etc/prometheus/prometheus.yml",
            *storage,
            *lifecycle,
        ],
        volumes={str(directory): {"bind": "/etc/prometheus", "mode": "ro"}},
        ports={"9090/tcp": ("127.0.0.1", int(port))},
    )
    wait_for(f"{arguments['url']}/-/ready", started)
    arguments["container"] = started.name
    arguments["reload"] = "required"
    return Prometheus(arguments["url"], started)


def with_job(text: str) -> str:
    return CONFIG.replace(
        "remote_write:", f"  - {{job_name: more, static_configs: [], {text}}}\nremote_write:"
    )


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_that_prometheus_takes_is_proven(module, arguments, server, text):
    new = changed(arguments, prometheus_yml=with_job(text))
    result = module("prometheus_config", **new)
    assert (result.failed, result.get("proven")) == (False, True), result
    again = module("prometheus_config", **new)
    assert (again["changed"], again["proven"]) == (False, True), again


def test_what_was_proven_is_proven_again_without_starting_anything(module, arguments, server):
    """The Docker daemon is not even asked."""
    new = changed(arguments, rules__other_yml=None)
    assert module("prometheus_config", **new)["proven"]
    without = {**new, "container": None, "docker_host": "unix:///nowhere.sock"}
    result = module("prometheus_config", **without)
    assert (result["changed"], result["proven"]) == (False, True), result
    assert "warnings" not in result


def test_what_is_not_remembered_is_proven_anew(module, arguments, server, directory):
    """As after an upgrade from a version that remembers nothing; in check mode nothing is kept."""
    assert module("prometheus_config", **arguments)["proven"]
    memory = directory.parent / f".{directory.name}.proven"
    memory.unlink()
    assert module("prometheus_config", check=True, **arguments)["proven"]
    assert not memory.exists()
    assert module("prometheus_config", **arguments)["proven"]
    assert memory.exists()


def test_another_version_than_the_servers_is_no_judge(module, arguments, server, docker_client):
    """A server without a container's name may be of any version."""
    version = requests.get(f"{server.url}/api/v1/status/buildinfo", timeout=5).json()["data"]

    def other(method: str, path: str, *asked: Any) -> tuple[int, bytes]:
        status, body = passed_on(server.url, method, path, *asked)
        return status, body.replace(version["version"].encode(), b"0.0.1")

    with between(other) as url:
        new = {**changed(arguments, rules__other_yml=None), "url": url, "container": None}
        result = module("prometheus_config", **new)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert "0.0.1" in str(result["warnings"])


@pytest.fixture
def version(arguments, docker_client) -> tuple[int, ...]:
    """The image's version of Prometheus."""
    said = docker_client.containers.run(
        arguments["image"], ["--version"], entrypoint=["prometheus"], remove=True, stderr=True
    ).decode()
    match = re.search(r"version (\d+)\.(\d+)", said)
    return tuple(map(int, match.groups())) if match else (99, 0)  # built from source


@pytest.mark.parametrize("main", ["scrape_configs: [{job_name: a}]\n", ""])
def test_jobs_and_targets_of_further_files_are_proven(module, arguments, server, version, main):
    if version < (2, 43):
        pytest.skip("Prometheus 2.43 has scrape_config_files")
    new = changed(
        arguments,
        prometheus_yml=f"scrape_config_files: [scrapes/*.yml]\n{main}",
        scrapes__b_yml="scrape_configs: [{job_name: b, file_sd_configs: "
        "[{files: [/etc/prometheus/targets/web.json]}]}]",
    )
    result = module("prometheus_config", **new)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert result["loaded"]["scrape_jobs"] == [*(["a"] if main else []), "b"]
    assert result["loaded"]["file_targets"] == 2
    again = module("prometheus_config", **new)
    assert (again["changed"], again["proven"]) == (False, True), again


@pytest.mark.parametrize("server", ["sighup"], indirect=True)
def test_what_needs_a_feature_is_judged_with_the_servers_own(module, arguments, server, version):
    """The function is known behind a flag only, which this server does not have."""
    if version < (3, 0):
        pytest.skip("Prometheus 3 has functions behind a flag")
    rule = "groups: [{name: q, rules: [{record: 'q:t', expr: 'sort_by_label(up, \"instance\")'}]}]"
    new = changed(arguments, rules__other_yml=rule)
    result = module("prometheus_config", **new)
    result.fails("config.refused", program="prometheus")
    assert "sort_by_label" in result["values"]["output"]
    del new["container"]
    unknown = {**new, "url": "http://127.0.0.1:9", "reload": "auto"}
    unknown["path"] += "-first"
    result = module("prometheus_config", **unknown)
    assert (result.failed, result.get("changed")) == (False, True), result
    assert "--enable-feature" in str(result["warnings"])


@pytest.mark.parametrize("server", ["agent"], indirect=True)
def test_an_agent_has_no_rules_and_is_proven(as_agent, module, arguments, server):
    new = changed(arguments)
    new["files"]["prometheus.yml"] += "    name: other\n"
    result = module("prometheus_config", **new)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert (result["loaded"]["rules"], result["loaded"]["file_targets"]) == (0, 2)
    new["files"]["prometheus.yml"] += "rule_files: [rules/*.yml]\n"
    result = module("prometheus_config", **new)
    result.fails("config.refused", program="prometheus")
    assert "agent" in result["values"]["output"]


def on_disk(directory: Path) -> dict[str, bytes]:
    return {
        p.relative_to(directory).as_posix(): p.read_bytes()
        for p in directory.rglob("*")
        if p.is_file()
    }


def nothing_left_beside(directory: Path) -> bool:
    names = {p.name for p in directory.parent.iterdir()}
    own = {f".{directory.name}.{kind}" for kind in ("proven", "written")}
    return names - own == {directory.name}


def changed(arguments: dict[str, Any], **files: str | None) -> dict[str, Any]:
    new = copy.deepcopy(arguments)
    for name, content in files.items():
        name = name.replace("__", "/").replace("_yml", ".yml")
        if content is None:
            del new["files"][name]
        else:
            new["files"][name] = content
    return new


@pytest.fixture
def newer(docker_client, arguments):
    """Another version of the server's image: here the same one under another id."""
    tag = "vya-test/config:newer"
    dockerfile = f"FROM {arguments['image']}\nLABEL version=newer\n".encode()
    docker_client.images.build(fileobj=io.BytesIO(dockerfile), tag=tag, rm=True)
    yield tag
    docker_client.images.remove(tag, force=True)


def test_an_upgrade_is_checked_with_the_new_version_and_not_loaded_by_the_old(
    module, server, arguments, directory, newer
):
    before = on_disk(directory)
    upgrade = {**changed(arguments, rules__other_yml=None), "image": newer, "reload": "auto"}
    predicted = module("prometheus_config", check=True, **upgrade)
    written = module("prometheus_config", **upgrade)
    for answer in (predicted, written):
        assert (answer["changed"], answer["reloaded"], answer["proven"]) == (True, False, False)
        assert "another image" in answer["unproven"]
    assert predicted["diff"] == written["diff"]
    assert server.rule_groups() == {"collector", "other"}
    assert on_disk(directory) != before
    # The upgrade fails: the old server, should it start anew, must find what it knows.
    foreseen = module("prometheus_config", check=True, state="restored", **upgrade)
    assert on_disk(directory) != before
    restored = module("prometheus_config", state="restored", **upgrade)
    assert on_disk(directory) == before
    assert nothing_left_beside(directory)
    assert foreseen["changed"]
    assert restored["changed"]
    assert foreseen["diff"] == restored["diff"]
    assert SECRET not in restored.output
    assert module("prometheus_config", **arguments)["proven"]
    assert not module("prometheus_config", state="restored", **upgrade)["changed"]


def test_first_deployment_writes_and_the_second_run_changes_nothing(module, arguments, directory):
    predicted = module("prometheus_config", check=True, **arguments)
    assert not directory.parent.exists()
    first = module("prometheus_config", **arguments)
    assert first["changed"] is predicted["changed"] is True
    assert first["written"] == predicted["written"]
    assert first["diff"] == predicted["diff"]
    modes = {name: stat.S_IMODE((directory / name).stat().st_mode) for name in on_disk(directory)}
    assert modes.pop("secrets/password") == 0o440
    assert set(modes.values()) == {0o640}
    assert (directory / "prometheus.yml").stat().st_uid == 0
    assert nothing_left_beside(directory)
    assert "does not answer: connection refused" in first["unproven"]
    second = module("prometheus_config", **arguments)
    assert (second["changed"], second["written"], second["diff"]) == (False, [], [])


def test_everything_written_is_proven_to_be_loaded(module, arguments, server):
    result = module("prometheus_config", **arguments)
    assert (result["changed"], result["proven"], result["reloaded"]) == (False, True, False), result
    loaded = result["loaded"]
    assert loaded["scrape_jobs"] == ["gateway", "files"]
    assert loaded["rule_groups"] == ["collector", "other"]
    assert (loaded["rules"], loaded["rule_errors"], loaded["file_targets"]) == (3, [], 2)
    assert "check" not in result["seconds"]


def test_changed_and_removed_rules_are_loaded(module, arguments, server, directory):
    new = changed(
        arguments,
        rules__collector_yml=RULES.replace("3m", "180s").replace("==   0", "< 1"),
        rules__other_yml=None,
    )
    new["files"]["targets/web.json"] = [{"targets": ["c.example.org:80"]}]
    new["files"]["targets/db.json"] = [{"targets": ["d.example.org:80"]}]
    predicted = module("prometheus_config", check=True, **new)
    assert server.rule_groups() == {"collector", "other"}
    result = module("prometheus_config", **new)
    for key in ("changed", "written", "removed", "reloaded", "diff"):
        assert result[key] == predicted[key], key
    assert result["removed"] == ["rules/other.yml"]
    assert result["written"] == ["rules/collector.yml", "targets/db.json", "targets/web.json"]
    assert result["proven"]
    assert server.rule_groups() == {"collector"}
    assert module("prometheus_config", check=True, **new)["changed"] is False

    # A file of targets that nobody removes would be scraped for ever.
    del new["files"]["targets/web.json"]
    assert module("prometheus_config", check=True, **new)["removed"] == ["targets/web.json"]
    result = module("prometheus_config", **new)
    assert (result["removed"], result["proven"]) == (["targets/web.json"], True)
    assert not (directory / "targets" / "web.json").exists()
    answer = requests.get(f"{server.url}/api/v1/targets", timeout=5).json()
    instances = [target["labels"]["instance"] for target in answer["data"]["activeTargets"]]
    assert sorted(instances) == ["d.example.org:80", "gateway.example.org:9091"]


def test_a_broken_rule_is_refused_before_anything_is_written(module, arguments, server, directory):
    before = on_disk(directory)
    broken = changed(arguments, rules__collector_yml=RULES.replace("sum(up)", "sum(up"))
    for check in (True, False):
        result = module("prometheus_config", check=check, **broken)
        result.fails("config.refused", program="prometheus")
        assert "/etc/prometheus/rules/collector.yml: " in result["values"]["output"]
    assert on_disk(directory) == before
    assert nothing_left_beside(directory)


def refused_at_reload() -> str:
    """A file that only the server's own container could have: one aside cannot judge it."""
    return CONFIG + "    tls_config: {ca_file: /none/missing-ca.pem}\n"


def test_what_only_the_server_can_open_hides_no_broken_rule(module, arguments, server, directory):
    """It can write its log of queries; one aside has a read-only root."""
    config = CONFIG.replace("global:\n", "global:\n  query_log_file: /var/tmp/queries.log\n")
    one = changed(arguments, prometheus_yml=config)
    before = on_disk(directory)
    broken = changed(one, rules__collector_yml=RULES.replace("sum(up)", "sum(up"))
    module("prometheus_config", **broken).fails("config.refused", program="promtool")
    assert on_disk(directory) == before
    result = module("prometheus_config", **one)
    assert (result.failed, result["changed"], result["proven"]) == (False, True, True), result
    assert not module("prometheus_config", **one)["changed"]


def test_what_the_server_refuses_is_put_back(module, arguments, server, directory):
    before = on_disk(directory)
    result = module("prometheus_config", **changed(arguments, prometheus_yml=refused_at_reload()))
    result.fails("server.refused", undone="restored")
    assert "missing-ca.pem" in result["values"]["answer"] + result["values"]["log"]
    assert on_disk(directory) == before
    assert nothing_left_beside(directory)
    assert module("prometheus_config", **arguments)["changed"] is False


def test_a_server_that_missed_a_reload_is_found(module, arguments, server, directory):
    rules = directory / "rules" / "collector.yml"
    rules.write_text(RULES.replace("3m", "4m"))
    requests.post(f"{server.url}/-/reload", timeout=10).raise_for_status()
    rules.write_text(RULES)
    predicted = module("prometheus_config", check=True, **arguments)
    assert (predicted["changed"], predicted["reloaded"]) == (True, True)
    assert "before" in predicted["unproven"]
    result = module("prometheus_config", **arguments)
    assert (result["changed"], result["reloaded"], result["written"]) == (True, True, [])
    assert result["proven"]


def test_a_server_that_reads_another_directory_is_found(module, arguments, server, directory):
    other = {**arguments, "path": str(directory.parent / "other")}
    result = module("prometheus_config", **other)
    result.fails("server.absent", path=other["path"])
    assert str(directory) in result["values"]["absent"]
    assert not Path(other["path"]).exists()
    del other["container"]
    result = module("prometheus_config", **changed(other, rules__other_yml=None))
    result.fails("server.groups_left", groups=["other"])
    assert on_disk(Path(other["path"])) == {}


def test_no_secret_is_shown(module, arguments, server, directory):
    new = copy.deepcopy(arguments)
    new["secrets"][0]["content"] = "another-secret"
    new["files"]["prometheus.yml"] = CONFIG.replace("inline-password", "next-password")
    for check in (True, False):
        output = module("prometheus_config", check=check, **new).output
        for secret in (SECRET, "another-secret", "inline-password", "next-password"):
            assert secret not in output
        assert "secrets/password" in output
    assert (directory / "secrets" / "password").read_text() == "another-secret"
    new["files"]["prometheus.yml"] = CONFIG.replace("{username: writer", "{user: writer")
    result = module("prometheus_config", **new)
    assert result.failed
    assert "inline-password" not in result.output


@pytest.mark.parametrize("same", [True, False])
def test_a_killed_run_is_undone_or_overtaken_by_the_next(
    module, arguments, server, directory, same
):
    """Killed after the files were written, before the server's answer was known."""
    before = on_disk(directory)
    broken = changed(arguments, prometheus_yml=refused_at_reload())
    told, killed = threading.Event(), threading.Event()

    def held(method: str, *asked: Any) -> tuple[int, bytes]:
        if method == "POST":
            told.set()
            killed.wait(120)
            return 503, b""
        return passed_on(server.url, method, *asked)

    with between(held) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": {**broken, "url": url}}))
        process.stdin.close()
        assert told.wait(120)
        assert (directory / "prometheus.yml").read_text() != CONFIG
        process.kill()
        process.wait()
        killed.set()
    assert (directory.parent / f".{directory.name}.previous").is_dir()
    (directory.parent / f".{directory.name}.staging-dead").mkdir()
    result = module("prometheus_config", **(broken if same else arguments))
    if same:
        result.fails("server.refused", undone="restored")
    else:
        assert result["proven"], result
    assert on_disk(directory) == before
    assert nothing_left_beside(directory)


@pytest.mark.parametrize(
    ("wrong", "code", "values"),
    [
        ({"path": "/etc"}, "config.path_too_short", {"path": "/etc"}),
        ({"files": {"../prometheus.yml": "a: b"}}, "config.name", {"name": "../prometheus.yml"}),
        ({"files": {"rules.yml": "groups: []"}}, "config.file_missing", {"option": "config_file"}),
        ({"files": {"prometheus.yml": "a: b: c"}}, "config.refused", {"line": 1, "column": 5}),
        ({"files": {"prometheus.yml": None}}, "config.no_content", {"name": "prometheus.yml"}),
        # The server's own words tell the place, or that it is no UTF-8.
        ({"files": {"prometheus.yml": "nonsense: {}\n---\n{}"}}, "config.refused", {}),
        ({"files": {"prometheus.yml": "global:\n  a: \udce3"}}, "config.refused", {}),
        ({"image": "test-config/none:at-all"}, "config.image_missing", {}),
        ({"url": "gateway:9090"}, "http.option", {"option": "url"}),
        ({"secrets": [{"path": "a", "content": ""}]}, "config.secret_empty", {"name": "a"}),
        ({"secrets": [{"path": "a", "src": "/no/key"}]}, "config.source_missing", {"name": "a"}),
        ({"secrets": [{"path": "prometheus.yml", "content": "x"}]}, "config.twice", {}),
        ({"config_file": "other.yml"}, "config.file_missing", {"name": "other.yml"}),
        ({"docker_host": "unix:///nowhere.sock"}, "docker.no_socket", {}),
    ],
)
def test_wrong_options_are_named_and_nothing_is_written(
    module, arguments, directory, wrong, code, values
):
    module("prometheus_config", **{**arguments, **wrong}).fails(code, **values)
    assert not directory.exists()


def test_a_foreign_directory_is_refused(module, arguments, directory):
    directory.mkdir(parents=True)
    (directory / "passwd").write_text("root")
    result = module("prometheus_config", **arguments)
    result.fails("config.foreign_files", files=["passwd"])
    assert on_disk(directory) == {"passwd": b"root"}


def test_strays_in_an_own_directory_are_removed(module, arguments, directory):
    module("prometheus_config", **arguments)
    (directory / "rules" / "old").mkdir()
    (directory / "rules" / "old" / "stray.yml").write_text("groups: []")
    result = module("prometheus_config", **arguments)
    assert result["removed"] == ["rules/old/", "rules/old/stray.yml"]
    assert not (directory / "rules" / "old").exists()


def test_another_service_at_the_url_is_said(module, arguments, server, container, wait_for):
    wrong = {**arguments, "url": f"{arguments['url']}/pushgateway"}
    result = module("prometheus_config", **wrong)
    result.fails("http.status.404")
