# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault, one accusation: what fails only because of another check is listed under it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._follows.linked import linked


def check(told: str, **values: Any) -> dict[str, Any]:
    """`STATUS CODE SUBJECT`, whose name is its code's first part unless it is `NAME=CODE`."""
    status, code, *subject = told.split(" ")
    name, _, code = code.rpartition("=")
    name, of = name or code.split(".")[0], " ".join(subject)
    made = f"{name.replace('_', ' ')} {of}".strip()
    return {
        "id": made,
        "status": status,
        "name": name,
        "subject": of,
        "code": code,
        "values": values,
    }


def service(title: str, url: str, code: str = "http.refused", **more: Any) -> dict[str, Any]:
    wanted = {"code": "service_ready", "values": {"title": title, "url": url}}
    values = {"request": f"GET {url}/x", "wanted": wanted, **more}
    return check(f"fail service={code} {title}", **values)


def firing(*names: str) -> dict[str, Any]:
    alerts = [{"code": "firing_alert", "values": {"alert": name}} for name in names]
    return check("warn alerts.firing", alerts=alerts)


def down(*targets: str) -> dict[str, Any]:
    """Targets that are down: `JOB INSTANCE`."""
    pairs = [target.split() for target in targets]
    found = [
        {"code": "down_target", "values": {"job": job, "instance": instance}}
        for job, instance in pairs
    ]
    return check("fail targets.down", targets=found)


def parts(host: str, **parts: str) -> dict[str, Any]:
    """Databases (with their hosts) and push targets (without) that are down for a collector."""
    found = [
        {"code": "health_database", "values": {"name": name, "host": at}}
        if at
        else {"code": "health_target", "values": {"name": name}}
        for name, at in parts.items()
    ]
    return check(f"fail health.part_down collector {host}", parts=found)


def off_network(release: str) -> dict[str, Any]:
    drift = {"code": "drift.connect", "values": {"network": "n"}}
    differs = [{"code": "differs.drift", "values": {"action": drift}}]
    return check(f"fail configuration.changed {release}", differences=differs)


def by_hand(container: str, path: str, how: str = "changed") -> dict[str, Any]:
    files = [{"code": f"written.{how}", "values": {"path": f"/etc/x/{path}"}}]
    return check(f"fail written.by_hand wfdb01 {container}", files=files)


def collector(host: str) -> dict[str, Any]:
    made = service("collector", f"http://{host}:5001", "http.status.502")
    return {**made, "id": f"service collector {host}", "subject": f"collector {host}"}


GATEWAY = service("Pushgateway", "http://g:9091", address="g")
CLOSED, GRAFANA = {"address": "10.0.0.1", "port": 443}, ["service Grafana"]
TARGET = check("fail target.down.refused pushgateway")


@pytest.mark.parametrize(
    ("checks", "roots"),
    [
        # The gateway is down: everything else follows from it.
        (
            [
                GATEWAY,
                parts("wf001", pushgateway=""),
                check("fail push.refused wf001"),
                check("fail pushgateway=http.refused", request="GET http://g:9091/y", address="g"),
                TARGET,
                down("pushgateway g:9091"),
                check("fail roundtrip=http.refused gateway", request="PUT http://g:9091/z"),
                firing("TargetDown"),
            ],
            ["service Pushgateway"],
        ),
        # A container that was stopped is one of the targets, by its name or its job; a third has
        # a fault of its own.
        (
            [
                check("fail running.stopped wfdb01 alertmanager"),
                check("fail running.stopped wf001 node-exporter"),
                down("alertmanager alertmanager:9093", "node-exporter 192.0.2.7:9100"),
            ],
            ["running wfdb01 alertmanager", "running wf001 node-exporter"],
        ),
        (
            [TARGET, down("pushgateway g:9091", "cadvisor 192.0.2.7:8080")],
            ["target pushgateway", "targets"],
        ),
        # What a collector does not push cannot be said of one that refuses to.
        (
            [
                check("fail push.wrong_key wf001"),
                check("fail families.not_pushed wf001"),
                check("fail families.not_pushed wf008"),
            ],
            ["push wf001", "families wf008"],
        ),
        # A database that is down and a push that is refused follow from what is not there.
        (
            [
                parts("wf001", n8n="postgresql", victoriametrics=""),
                parts("wf008", n8n="192.0.2.9"),
                service("VictoriaMetrics", "http://v:8428"),
                check("fail running.stopped wfdb01 victoriametrics"),
                check("fail running.stopped wfdb01 postgresql"),
            ],
            [
                "health collector wf008",
                "running wfdb01 victoriametrics",
                "running wfdb01 postgresql",
            ],
        ),
        # A collector that has lost its network does not answer, and publishes no port.
        (
            [
                collector("wf001"),
                check("fail ping=http.timeout wf001"),
                check("fail ping=http.timeout wf008"),
                check("fail ports.not_published wfdb01 collector-api-wf001"),
                off_network("wfdb01 collector-api-wf001"),
            ],
            ["ping wf008", "configuration wfdb01 collector-api-wf001"],
        ),
        # A scrape that fails, and an alert that has nothing to do with it.
        (
            [
                TARGET,
                check("fail prometheus.not_arrived wf001"),
                check("fail counted.missing wf001"),
                check("fail roundtrip=target.down.refused Prometheus"),
                check("fail roundtrip.see_prometheus VictoriaMetrics"),
                firing("TargetDown", "DiskFull"),
            ],
            ["target pushgateway", "alerts"],
        ),
        # One host's push is no cause of another's.
        (
            [check("fail push.refused wf001"), check("fail pushed.old wf008")],
            ["push wf001", "pushed wf008"],
        ),
        (
            [
                check("fail remote_write.refused http://store"),
                check("fail victoriametrics.not_arrived wf001"),
                check("fail families.dropped wf001 in VictoriaMetrics"),
                check("fail roundtrip.not_written VictoriaMetrics"),
            ],
            ["remote write http://store"],
        ),
        # Prometheus itself is down, by the request of another check or by its own.
        (
            [
                check("fail prometheus=http.refused", request="GET http://p:9090/a", address="p"),
                check("fail victoriametrics.not_arrived wf001"),
                check("fail victoriametrics.not_arrived wf008"),
            ],
            ["prometheus"],
        ),
        (
            [
                service("Prometheus", "http://p:9090", address="p"),
                check("fail victoriametrics.not_arrived.older wf001"),
            ],
            ["service Prometheus"],
        ),
        # One collector's push is none of another's.
        (
            [
                check("fail prometheus.not_arrived wf001"),
                check("fail victoriametrics.not_arrived wf008"),
            ],
            ["prometheus wf001", "victoriametrics wf008"],
        ),
        (
            [
                check("fail prometheus=labels.no_honor_labels wf001"),
                check("fail labels.no_honor_labels wf001"),
                check("fail labels.no_honor_labels wf008"),
                check("fail roundtrip.no_honor_labels Prometheus"),
            ],
            ["prometheus wf001"],
        ),
        # A wrong certificate: the services behind the name follow.
        (
            [
                service("Prometheus", "https://p", "http.tls_expired"),
                check("fail certificate=http.tls_expired p:443"),
                check("fail told=http.tls_expired", request="GET https://p/api"),
            ],
            ["certificate p:443"],
        ),
        # Also where more was found out about its chain.
        (
            [
                service("Prometheus", "https://p", "certificate.other_authority"),
                service("Alertmanager", "https://a", "certificate.other_authority"),
                check("fail certificate=certificate.other_authority p:443"),
                check("fail certificate=certificate.other_authority a:443"),
                by_hand("traefik", "tls.crt"),
            ],
            ["written wfdb01 traefik"],
        ),
        # The proxy is down for all names; the container that does not run is why.
        (
            [
                service("Prometheus", "https://p", address="10.0.0.1"),
                service("Grafana", "https://g", address="10.0.0.1"),
                service("Traefik", "https://t", address="10.0.0.1"),
                check("fail running.stopped wfdb01 traefik"),
            ],
            ["running wfdb01 traefik"],
        ),
        # A proxy that tells what it is at another port: what nobody answers at a port that its
        # stopped container publishes follows, what is refused elsewhere does not.
        *(
            (
                [
                    service("Grafana", "https://g", address="10.0.0.1"),
                    check("fail health=http.refused wf001", request="GET https://c", address=at),
                    service("Prometheus", "http://p:9090", address="10.0.0.1"),
                    service("Traefik", "http://t:8081", address="127.0.0.1"),
                    check(f"fail running.{how} wfdb01 traefik", closed_ports=published),
                    *more,
                ],
                [*others, "service Prometheus", "running wfdb01 traefik"],
            )
            for how, published, at, more, others in (
                ("stopped", [CLOSED], "10.0.0.1", [], []),
                ("paused", [CLOSED], "10.0.0.1", [], []),
                ("removed", [CLOSED], "10.0.0.1", [], []),
                # Somebody else's address may have that port, too.
                ("stopped", [{**CLOSED, "address": "0.0.0.0"}], "10.0.0.1", [], GRAFANA),
                ("stopped", [{**CLOSED, "port": 444}], "10.0.0.1", [], GRAFANA),
                ("stopped", [CLOSED], "10.0.0.2", [], ["health wf001"]),
                # It runs.
                ("no_healthcheck", [], "10.0.0.1", [], GRAFANA),
                # Two proxies: nothing tells which of them served the names.
                (
                    "stopped",
                    [CLOSED],
                    "10.0.0.1",
                    [check("pass running.ok wf001 traefik")],
                    GRAFANA,
                ),
            )
        ),
        # What it was made to load by hand is why, also when the file was put back.
        (
            [
                check("fail loaded.other wfdb01 prometheus"),
                check("fail rules_deployed.differ"),
                check("fail remote_write.none"),
                check("fail told.dropped"),
            ],
            ["loaded wfdb01 prometheus"],
        ),
        # What was changed by hand is why what is loaded is not what was deployed.
        (
            [
                by_hand("prometheus", "rules/collector.yml"),
                check("fail rules_deployed.differ"),
            ],
            ["written wfdb01 prometheus"],
        ),
        (
            [
                by_hand("prometheus", "prometheus.yml"),
                check("fail reload.refused Prometheus"),
                check("fail labels.no_honor_labels wf001"),
                check("fail prometheus=labels.no_honor_labels wf001"),
                check("fail alertmanagers.none"),
                check("fail remote_write.none"),
                check("fail target.twice pushgateway"),
                check("fail told.dropped"),
                # The file does not decide these.
                check("fail remote_write.refused http://store"),
                TARGET,
            ],
            ["written wfdb01 prometheus", "remote write http://store", "target pushgateway"],
        ),
        (
            [
                by_hand("traefik", "routes.yml"),
                service("Alertmanager", "https://a", "route.missing.told"),
                service("Collector", "https://c", "service.other_collector"),
            ],
            ["written wfdb01 traefik"],
        ),
        (
            [
                by_hand("traefik", "tls.crt"),
                service("Prometheus", "https://p", "http.tls_expired"),
                check("fail certificate=http.tls_expired p:443"),
            ],
            ["written wfdb01 traefik"],
        ),
        # Another file, or only its mode, or another server's.
        (
            [
                by_hand("prometheus", "prometheus.yml"),
                by_hand("traefik", "tls.crt", "permissions"),
                by_hand("alertmanager", "rules/alerts.yml"),
                check("fail rules_deployed.differ"),
                check("fail certificate=http.tls_expired p:443"),
            ],
            [
                "written wfdb01 prometheus",
                "written wfdb01 traefik",
                "written wfdb01 alertmanager",
                "rules deployed",
                "certificate p:443",
            ],
        ),
        # The container of a collector, on its host or on one that stands for it; not another's.
        *(
            (
                [
                    collector("wf001"),
                    check("fail ping=http.status.502 wf001", request="GET http://wf001:5001/x"),
                    check("warn ping_service.circuit brazil", targets=["usa"]),
                    check(f"fail running.stopped {container}"),
                ],
                [f"running {container}"],
            )
            for container in ("wf001 prod-collector-api", "wfdb01 collector-api-wf001")
        ),
        (
            [collector("wf001"), check("fail running.stopped wf008 prod-collector-api")],
            ["service collector wf001", "running wf008 prod-collector-api"],
        ),
        # A slow database is not why a collector does not answer, nor the other way round.
        (
            [check("fail health=http.status.502 collector wf001"), firing("DatabaseSlow")],
            ["health collector wf001", "alerts"],
        ),
        # What one server did not answer in time has taken the time of the others.
        (
            [
                check("fail sampled=http.timeout wf001", request="GET http://v:8428/a"),
                check("fail victoriametrics=http.timeout", request="GET http://v:8428/b"),
                check("fail told=deadline.passed"),
                check("fail notified=deadline.passed"),
            ],
            ["sampled wf001"],
        ),
        ([check("fail told=deadline.passed"), check("fail x=deadline.passed")], ["told"]),
        # A database is not down because names are swapped, or a push is refused.
        (
            [
                check("fail service.other_collector collector wf001"),
                check("fail push.refused wf001"),
                parts("wf001", pushgateway="", victoriametrics=""),
            ],
            ["service collector wf001"],
        ),
        (
            [
                check("fail service.other_collector collector wf001"),
                check("fail health.part_down.authentication collector wf001"),
                check("fail push.refused wf008"),
                check("fail health.part_down.timeout collector wf008"),
            ],
            [
                "service collector wf001",
                "health collector wf001",
                "push wf008",
                "health collector wf008",
            ],
        ),
        # What a collector cannot push is told elsewhere, and its database is another fault.
        (
            [
                off_network("wfdb01 pushgateway"),
                {**GATEWAY, "code": "http.status.502"},
                check("fail push.refused wf001"),
                parts("wf001", n8n="postgresql", pushgateway=""),
                parts("wf008", pushgateway=""),
            ],
            ["configuration wfdb01 pushgateway", "health collector wf001"],
        ),
        (
            [
                check("fail running.stopped wfdb01 postgresql"),
                check("fail push.refused wf001"),
                parts("wf001", n8n="postgresql", pushgateway=""),
                check("fail sampled.queued wf008"),
                parts("wf008", n8n="postgresql", victoriametrics=""),
            ],
            ["running wfdb01 postgresql", "push wf001", "sampled wf008"],
        ),
        # Whom Alertmanager tells is said by the file that somebody has changed.
        (
            [
                check("fail told.muted"),
                check("fail notified.refused"),
                by_hand("alertmanager", "alertmanager.yml"),
            ],
            ["written wfdb01 alertmanager"],
        ),
        # A warning is no cause of a failure.
        (
            [check("warn push.refused wf001"), check("fail pushed.old wf001")],
            ["push wf001", "pushed wf001"],
        ),
        ([check("pass push.ok wf001"), {"id": "own", "status": "fail"}], ["own"]),
    ],
)
def test_roots(checks: list[dict[str, Any]], roots: list[str]) -> None:
    found = linked(checks)
    assert [c["id"] for c in found if c["status"] in ("warn", "fail") and "follows" not in c] == (
        roots
    )
    # Told again, of all hosts together, it is the same.
    assert linked(found) == found
    for one in found:
        if "follows" in one:
            root = next(c for c in found if c["id"] == one["follows"]["id"])
            assert one["follows"] == {"id": root["id"], "code": root["code"]}
            assert "follows" not in root
