# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of service: backed up, its volume destroyed, restored, and what came back."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure

from ..conftest import Service, answer, execute, wait_until
from .conftest import Subject

PROMETHEUS = [
    "--config.file=/etc/prometheus/prometheus.yml",
    "--storage.tsdb.path=/prometheus",
    "--web.listen-address=:9090",
]
VICTORIA = [
    "-storageDataPath=/victoria-metrics-data",
    "-httpListenAddr=:8428",
    "-search.latencyOffset=1s",
]
SCRAPE = """
global: {scrape_interval: 1s}
scrape_configs: [{job_name: self, static_configs: [{targets: ["127.0.0.1:9090"]}]}]
"""


def start_prometheus(subject: Subject, *more: str) -> Service:
    config = subject.path / "prometheus.yml"
    config.write_text(SCRAPE)
    target = {str(config): {"bind": "/etc/prometheus/prometheus.yml", "mode": "ro"}}
    return subject.start("prometheus", [*PROMETHEUS, *more], "/prometheus", more_volumes=target)


def scalar(service: Service, query: str, at: float) -> float:
    params: dict[str, Any] = {"query": query, "time": at}
    found = requests.get(f"{service.url()}/api/v1/query", params=params, timeout=30).json()
    result = found["data"]["result"]
    return float(result[0]["value"][1]) if result else 0.0


def scrapes(service: Service) -> float:
    return scalar(service, "count_over_time(up[1h])", time.time())


@pytest.mark.parametrize("admin", [False, True])
def test_prometheus(subject: Subject, admin: bool) -> None:
    more = ["--web.enable-admin-api"] if admin else []
    service = start_prometheus(subject, *more)
    wait_until(lambda: scrapes(service) >= 20, 60, "twenty scrapes")
    done = subject.back_up("prometheus")
    manifest = done["backup"]
    assert manifest["method"] == ("snapshot" if admin else "paused")
    assert (manifest["paused_seconds"] > 0) is not admin
    counted = manifest["figures"]
    assert not manifest["unjudged"]
    assert counted["samples"] > 500
    assert manifest["proven"]["figures"]["samples"] == counted["samples"]
    assert not subject.leftovers()
    execute(subject.container(), "sh", "-c", 'test -z "$(ls /prometheus/snapshots 2>/dev/null)"')

    subject.destroy()
    service = start_prometheus(subject, *more)
    with pytest.raises(Failure) as refused:
        subject.restore(done["path"])
    assert refused.value.code == "backup.not_empty"
    restored = subject.restore(done["path"], replace=True)
    assert restored["started"]
    assert restored["proven"]["figures"] == manifest["proven"]["figures"]
    at = counted["at"]
    wait_until(lambda: scrapes(service) > 0, 30, "it serves again")
    assert scalar(service, 'count({__name__!=""})', at) == counted["series"]
    assert counted["newest"] == pytest.approx(scalar(service, "max(timestamp(up))", at), abs=0.1)
    assert not subject.leftovers()


def test_victoriametrics(subject: Subject) -> None:
    service = subject.start("victoriametrics", VICTORIA, "/victoria-metrics-data")
    now = time.time()
    lines = "".join(
        f'm{{n="{n}"}} {n} {int((now - 100 - i) * 1000)}\n' for n in range(50) for i in range(60)
    )
    sent = requests.post(f"{service.url()}/api/v1/import/prometheus", data=lines, timeout=30)
    assert sent.ok
    wait_until(
        lambda: scalar(service, "sum(count_over_time(m[1h]))", now - 61) == 3000, 30, "it is there"
    )
    done = subject.back_up("victoriametrics")
    counted = done["backup"]["figures"]
    assert done["backup"]["method"] == "snapshot"
    assert counted["samples"] == 3000
    assert requests.get(f"{service.url()}/snapshot/list", timeout=5).json()["snapshots"] == []

    subject.destroy()
    restored = subject.restore(done["path"])  # before any container is there
    assert not restored["started"]
    service = subject.start("victoriametrics", VICTORIA, "/victoria-metrics-data")
    assert scalar(service, 'sum(count_over_time({__name__!=""}[2h]))', counted["at"]) == 3000
    assert scalar(service, 'count({__name__!=""})', counted["at"]) == 50
    assert not subject.leftovers()


def groups(service: Service) -> dict[str, Any]:
    data = requests.get(f"{service.url()}/api/v1/metrics", timeout=5).json()["data"]
    return {
        json.dumps(group["labels"], sort_keys=True): {
            name: [
                (
                    m.get("labels"),
                    m.get("value"),
                    m.get("buckets"),
                    m.get("quantiles"),
                    m.get("count"),
                )
                for m in family["metrics"]
            ]
            for name, family in group.items()
            if isinstance(family, dict) and name not in ("labels", "push_time_seconds")
        }
        for group in data
    }


PUSHED = """\
# TYPE size histogram
size_bucket{path="a\\"b\\\\c",le="1"} 1
size_bucket{path="a\\"b\\\\c",le="+Inf"} 2
size_sum{path="a\\"b\\\\c"} 3.5
size_count{path="a\\"b\\\\c"} 2
# TYPE wait summary
wait{quantile="0.5"} NaN
wait_sum 4
wait_count 2
# HELP up two\\nlines
# TYPE up gauge
up 1e-07
plain 17
"""


@pytest.mark.parametrize("interval", ["1h", "1s"])
def test_pushgateway(subject: Subject, interval: str) -> None:
    command = ["--persistence.file=/pushgateway/groups", f"--persistence.interval={interval}"]
    service = subject.start("pushgateway", command, "/pushgateway")
    for path in ("job/one/instance/wf001", "job/two/path@base64/YS9i"):
        sent = requests.put(f"{service.url()}/metrics/{path}", data=PUSHED, timeout=5)
        assert sent.ok, sent.text
    before = groups(service)
    done = subject.back_up("pushgateway")
    assert done["backup"]["figures"]["groups"] == 2
    subject.destroy()
    service = subject.start("pushgateway", command, "/pushgateway")
    assert groups(service) == {}
    subject.restore(done["path"], replace=True)
    wait_until(lambda: groups(service) == before, 10, "the groups are back")


def silence(service: Service, comment: str, hours: int = 1) -> None:
    now = time.time()
    body = {
        "matchers": [{"name": "alertname", "value": "X", "isRegex": False, "isEqual": True}],
        "startsAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "endsAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + hours * 3600)),
        "createdBy": "test",
        "comment": comment,
    }
    assert requests.post(f"{service.url()}/api/v2/silences", json=body, timeout=5).ok


def comments(service: Service) -> list[str]:
    found = requests.get(f"{service.url()}/api/v2/silences", timeout=5).json()
    return sorted(each["comment"] for each in found if each["status"]["state"] == "active")


def test_alertmanager(subject: Subject) -> None:
    config = subject.path / "alertmanager.yml"
    config.write_text("route: {receiver: r}\nreceivers: [{name: r}]\n")
    mount = {str(config): {"bind": "/etc/alertmanager/alertmanager.yml", "mode": "ro"}}
    command = [
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
    ]
    start = lambda: subject.start("alertmanager", command, "/alertmanager", more_volumes=mount)  # noqa: E731
    service = start()
    silence(service, "one")
    silence(service, "two", 2)
    done = subject.back_up("alertmanager")
    subject.destroy()
    service = start()
    assert comments(service) == []
    subject.restore(done["path"], replace=True)
    wait_until(lambda: comments(service) == ["one", "two"], 10, "the silences are back")


def secret_file(subject: Subject, name: str, text: str) -> dict[str, Any]:
    path = subject.path / name
    path.write_text(text)
    path.chmod(0o644)
    return {str(path): {"bind": f"/run/secrets/{name}", "mode": "ro"}}


def test_postgresql(subject: Subject) -> None:
    mount = secret_file(subject, "admin", "a secret of the test")
    start = lambda: subject.start(  # noqa: E731
        "postgresql",
        ["postgres"],
        "/var/lib/postgresql/data",
        environment={
            "POSTGRES_PASSWORD_FILE": "/run/secrets/admin",
            "POSTGRES_DB": "n8n",
            "PGDATA": "/var/lib/postgresql/data/pgdata",
        },
        more_volumes=mount,
    )
    service = start()
    sql = (
        'create table "odd ""name" as select generate_series(1, 1234) as n;'
        " create role app login password 'of the app'; create database other;"
    )
    for statement in sql.split(";")[:-1]:
        execute(service.container, "psql", "-U", "postgres", "-d", "n8n", "-c", statement)
    done = subject.back_up("postgresql")
    manifest = done["backup"]
    assert manifest["method"] == "dump"
    assert manifest["figures"] == {'n8n.public.odd "name': 1234}
    assert manifest["proven"]["figures"] == manifest["figures"]
    secret_is_nowhere(done["path"], "a secret of the test")

    subject.destroy()
    service = start()
    subject.restore(done["path"], replace=True)
    count = ["psql", "-U", "postgres", "-d", "n8n", "-Atc", 'select count(*) from "odd ""name"']
    wait_until(lambda: answer(service.container, *count).strip() == "1234", 30, "the rows are back")
    # Users came back with their passwords, and so did the first one's.
    url = "host=127.0.0.1 user={} password='{}' dbname=other"
    for user, password in (("app", "of the app"), ("postgres", "a secret of the test")):
        login = url.format(user, password)
        assert answer(service.container, "psql", login, "-Atc", "select 1").strip() == "1"


def secret_is_nowhere(path: str, secret: str) -> None:
    for each in Path(path).iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
        assert secret.encode() not in each.read_bytes(), each


def test_mariadb(subject: Subject) -> None:
    mount = secret_file(subject, "admin", "root of the test")
    start = lambda: subject.start(  # noqa: E731
        "mariadb",
        ["mariadbd"],
        "/var/lib/mysql",
        environment={
            "MARIADB_ROOT_PASSWORD_FILE": "/run/secrets/admin",
            "MARIADB_DATABASE": "site",
        },
        more_volumes=mount,
    )
    service = start()

    def sql(text: str) -> str:
        login = 'MYSQL_PWD="root of the test" exec mariadb -u root -N -B -e "$1"'
        return execute(service.container, "sh", "-c", login, "x", text)[0].strip()

    sql("create table site.`odd'name` as select seq as n from site.seq_1_to_777")
    sql("create user app@'%' identified by 'of the app'; grant select on site.* to app@'%'")
    done = subject.back_up("mariadb")
    manifest = done["backup"]
    assert manifest["figures"] == {"site.odd'name": 777}
    assert manifest["proven"]["figures"] == manifest["figures"]
    secret_is_nowhere(done["path"], "root of the test")

    subject.destroy()
    service = start()
    subject.restore(done["path"], replace=True)
    wait_until(
        lambda: sql("select count(*) from site.`odd'name`") == "777", 30, "the rows are back"
    )
    rows = r"select count(*) from site.\`odd'name\`"
    login = f'MYSQL_PWD="of the app" exec mariadb -h 127.0.0.1 -u app -N -B -e "{rows}"'
    assert answer(service.container, "sh", "-c", login).strip() == "777"
