# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules lean on: the log, the faults, the assumptions, the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from ...grafana_stand_in import Behaviour, queries, serve
from ...grafana_stand_in.passing_on import passing_on

PROJECT = Path(__file__).parents[3]
LOGIN = ("admin", "admin")
V1 = "/api/v1/provisioning"


def ask(url: str, method: str, path: str, body: Any = None) -> requests.Response:
    return requests.request(method, url + path, json=body, auth=LOGIN, timeout=30)


def rule(uid: str, title: str = "") -> dict[str, Any]:
    query = {"refId": "A", "relativeTimeRange": {"from": 60, "to": 0}, "datasourceUid": "p"}
    return {
        "uid": uid,
        "title": title or uid,
        "folderUID": "f",
        "ruleGroup": "g",
        "condition": "A",
        "noDataState": "OK",
        "execErrState": "OK",
        "for": "1m",
        "data": [{**query, "model": {"expr": "up"}}],
    }


def test_writes_fail_from_one_on(make_grafana: Callable[..., Any]) -> None:
    grafana = make_grafana()
    grafana.recorder.fail(429, after=1, only_writes=True, headers={"Retry-After": "7"})
    first = ask(grafana.url, "POST", "/api/folders", {"uid": "one", "title": "One"})
    second = ask(grafana.url, "POST", "/api/folders", {"uid": "two", "title": "Two"})
    read = ask(grafana.url, "GET", "/api/folders/two")
    assert [first.status_code, second.status_code, read.status_code] == [200, 429, 404]
    assert second.headers["Retry-After"] == "7"
    seen = [(request.method, request.path, request.status) for request in grafana.recorder.writes]
    assert seen == [("POST", "/api/folders", 200), ("POST", "/api/folders", 429)]
    assert grafana.recorder.writes[1].body == {"uid": "two", "title": "Two"}


def test_an_answer_is_lost_after_the_write(make_grafana: Callable[..., Any]) -> None:
    grafana = make_grafana()
    grafana.recorder.fail(504, times=1, written=True, body="<html>")
    lost = ask(grafana.url, "POST", "/api/folders", {"uid": "one", "title": "One"})
    assert (lost.status_code, lost.text) == (504, "<html>")
    assert ask(grafana.url, "GET", "/api/folders/one").json()["title"] == "One"


def test_what_a_test_prepares_is_not_seen(make_grafana: Callable[..., Any]) -> None:
    grafana = make_grafana()
    grafana.recorder.fail(503)
    assert grafana.api("GET", "/api/org")["id"] == 1
    assert grafana.recorder.requests == []


def test_requests_to_another_server_are_seen() -> None:
    """As they go to a real one."""
    with serve() as server, passing_on(server.url) as (url, recorder):
        ask(url, "POST", "/api/folders", {"uid": "f", "title": "F"})
        ask(url, "POST", f"{V1}/alert-rules", {**rule("r"), "ruleGroup": "a/b c"})
        group = ask(url, "GET", f"{V1}/folder/f/rule-groups/a%2Fb%20c")
        gone = ask(url, "DELETE", f"{V1}/alert-rules/r")
    assert group.json()["title"] == "a/b c"
    assert (gone.status_code, gone.content) == (204, b"")
    assert [request.status for request in recorder.requests] == [200, 201, 200, 204]


@pytest.mark.parametrize("whole", [False, True])
def test_rule_groups_as_a_whole(whole: bool) -> None:
    group, path = {"interval": 60, "rules": [rule("b"), rule("a")]}, f"{V1}/folder/f/rule-groups/g"
    with serve(Behaviour("11.6.0", whole_groups=whole)) as server:
        put = ask(server.url, "PUT", path, group)
        if not whole:
            assert put.status_code == 500
            assert "because could not find alert rule" in put.json()["message"]
            return
        rules = ask(server.url, "GET", path).json()["rules"]
        assert [each["uid"] for each in rules] == ["b", "a"]
        ask(server.url, "PUT", path, {"interval": 60, "rules": []})
        assert ask(server.url, "GET", path).status_code == 404


@pytest.mark.parametrize("nested", [False, True])
def test_folders_in_folders(nested: bool) -> None:
    with serve(Behaviour("11.6.0", nested_folders=nested)) as server:
        ask(server.url, "POST", "/api/folders", {"uid": "p", "title": "Parent"})
        ask(server.url, "POST", "/api/folders", {"uid": "c", "title": "Child", "parentUid": "p"})
        below = ask(server.url, "GET", "/api/folders?parentUid=p").json()
        circle = ask(server.url, "POST", "/api/folders/p/move", {"parentUid": "c"})
        ask(server.url, "DELETE", "/api/folders/p")
        left = ask(server.url, "GET", "/api/folders/c").status_code
    assert [folder["uid"] for folder in below] == (["c"] if nested else ["c", "p"])
    assert left == (404 if nested else 200)
    assert circle.status_code == (400 if nested else 404)


@pytest.mark.parametrize("port", [None, 9])
def test_health_of_a_source(prometheus: str, port: int | None) -> None:
    source = {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy"}
    source["url"] = f"http://127.0.0.1:{port}" if port else prometheus
    with serve(Behaviour("11.6.0", source_health=True)) as server:
        ask(server.url, "POST", "/api/datasources", source)
        health = ask(server.url, "GET", "/api/datasources/uid/p/health")
    assert (health.status_code, health.json()["status"]) == (
        (400, "ERROR") if port else (200, "OK")
    )


def test_queries_know_a_data_source_for_some_seconds(
    prometheus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the real server does: a client that has just changed one says that it wants it anew."""
    monkeypatch.setattr(queries, "CACHE_SECONDS", 3600)
    source = {"name": "P", "uid": "p", "type": "prometheus", "access": "proxy"}
    path = "/api/datasources/uid/p/resources/api/v1/query?query=up"
    with serve() as server:
        ask(server.url, "POST", "/api/datasources", {**source, "url": "http://127.0.0.1:9"})
        assert ask(server.url, "GET", path).status_code == 500
        ask(server.url, "PUT", "/api/datasources/uid/p", {**source, "url": prometheus})
        assert ask(server.url, "GET", path).status_code == 500
        anew = {"X-Grafana-NoCache": "true"}
        assert requests.get(server.url + path, auth=LOGIN, headers=anew, timeout=30).ok


def test_the_command() -> None:
    command = [sys.executable, "-m", "tests.grafana_stand_in", "--token", "given"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        url = next(word for word in words if word.startswith("http"))
        headers = {"Authorization": "Bearer given"}
        org = requests.get(f"{url}/api/org", headers=headers, timeout=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert org.json()["name"] == "Main Org."
