# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of test_wrong_inventories.py: what an inventory says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

KEY = "key-of-the-test-0123456789"
DATABASE = {
    "name": "n8n",
    "type": "postgresql",
    "host": "192.0.2.4",
    "port": 5432,
    "database": "n8n",
    "user": "probe",
    "password": "pass-word",
}
ROUTE = {"name": "one", "host": "one.example.com", "servers": ["http://192.0.2.1:5001"]}
# An inventory of which nothing is wrong. Its hosts do not answer.
GROUPS: dict[str, list[str]] = {
    "collector": ["one", "two"],
    "ping": ["two"],
    "n8n_exporter": ["one"],
    "pushgateway": ["hub"],
    "prometheus": ["hub"],
    "alertmanager": ["hub"],
    "victoriametrics": ["hub"],
    "traefik": ["hub"],
    "grafana": ["hub"],
    "unmanaged": ["db"],
}
ALL: dict[str, Any] = {
    "ansible_host": "127.0.0.1",
    "ansible_port": 1,
    "ansible_user": "nobody",
    "observability_domain": "example.com",
    "observability_state_directory": "STATE",
    "observability_pushgateway_username": "",
    "collector_api_keys": [KEY],
    "collector_databases": [DATABASE],
    "collector_metrics_port": 9102,
    "grafana_mode": "managed",
    "grafana_password": "pass-word-of-grafana",
    "prometheus_remote_write_url": "http://victoriametrics:8428/api/v1/write",
    "n8n_exporter_url": "http://192.0.2.4:5678",
    "n8n_exporter_api_key": "key",
    "n8n_exporter_database_host": "192.0.2.4",
    "n8n_exporter_database_user": "reader",
    "n8n_exporter_database_password": "pass-word",
    "traefik_routes": [ROUTE],
}
HOSTS: dict[str, dict[str, Any]] = {
    "one": {
        "observability_address": "10.0.0.1",
        "collector_region": "usa",
        "collector_url": "https://one.example.com",
    },
    "two": {
        "ansible_host": "127.0.0.2",
        "observability_address": "10.0.0.2",
        "collector_region": "brazil",
        "collector_url": "https://two.example.com",
    },
    "hub": {"ansible_host": "127.0.0.3", "observability_address": "10.0.0.3"},
    "db": {},
}


class Case(NamedTuple):
    """What differs, and what is found: code and variable of each fault.

    Args:
        hosts: Variables by host.
        groups: Groups; None removes one.
    """

    expected: list[str]
    all: Mapping[str, Any] = {}
    hosts: Mapping[str, Mapping[str, Any]] = {}
    groups: Mapping[str, list[str] | None] = {}


def one(expected: str, **variables: Any) -> Case:
    """One fault of a variable of all hosts."""
    return Case([expected], variables)


CASES: dict[str, Case] = {
    # Names
    "retension": one("variable.unknown prometheus_retension", prometheus_retension="30d"),
    "memmory": one("variable.unknown collector_memmory", collector_memmory="256m"),
    "colector_": one("variable.unknown colector_bind_address", colector_bind_address="192.0.2.1"),
    "grafna_": one("variable.unknown grafna_url", grafna_url="https://g.example.com"),
    "deploy_gat": one("variable.unknown deploy_gat", deploy_gat=False),
    "victoriametrics_retention_period": one(
        "variable.unknown victoriametrics_retention_period", victoriametrics_retention_period="1y"
    ),
    "of one host": Case(
        ["variable.unknown collector_datbases"], hosts={"one": {"collector_datbases": []}}
    ),
    "what a role computes": one("variable.computed prometheus_services", prometheus_services=[]),
    "a key of a database": one(
        "variable.unknown collector_databases[n8n].tpe",
        collector_databases=[{**DATABASE, "tpe": "mysql"}],
    ),
    "a setting": one(
        "variable.unknown collector_settings.api.prot", collector_settings={"api": {"prot": 1}}
    ),
    # Groups and hosts
    "colector": Case(
        ["group.unknown colector"],
        groups={"collector": ["two"], "colector": ["one"], "ping": [], "unmanaged": ["db"]},
    ),
    "pings": Case(["group.unknown pings"], groups={"ping": None, "pings": ["one"]}),
    "no group": Case(["host.no_role db"], groups={"unmanaged": []}),
    "no Traefik": Case(["group.missing traefik"], groups={"traefik": None}),
    "two Prometheus": Case(["group.unused prometheus"], groups={"prometheus": ["hub", "one"]}),
    "a CA of no host": one("reference.unknown collector_ca_host", collector_ca_host="hup"),
    "checks from no host": one("reference.unknown validate_from", validate_from="hup"),
    # Choices and types
    "mode": one("value.invalid pushgateway_mode", pushgateway_mode="managd"),
    "image source": one("value.invalid observability_image_source", observability_image_source="x"),
    "type of a database": one(
        "value.invalid collector_databases[n8n].type",
        collector_databases=[{**DATABASE, "type": "oracle"}],
    ),
    "cpus": one("value.invalid prometheus_cpus", prometheus_cpus="many"),
    "a dictionary that is a list": one("value.invalid prometheus_targets", prometheus_targets=[1]),
    "memory": one("value.invalid collector_memory", collector_memory="12 gigs"),
    "days without a unit": one("duration.invalid prometheus_retention", prometheus_retention=15),
    "batches": one("value.invalid deploy_serial", deploy_serial="fast"),
    "a gate": one("value.invalid deploy_gate", deploy_gate="perhaps"),
    "seconds": one("value.invalid validate_reach_seconds", validate_reach_seconds="soon"),
    "retention": one("value.invalid victoriametrics_retention", victoriametrics_retention="long"),
    "region": Case(
        ["value.invalid collector_region"], hosts={"one": {"collector_region": "USA East"}}
    ),
    "an undefined variable": one(
        "variable.unreadable prometheus_runbook_url", prometheus_runbook_url="{{ no_such_name }}/x"
    ),
    "a placeholder": one("placeholder observability_domain", observability_domain="FILL-IN.com"),
    # Addresses, ports, URLs
    "address of all": one(
        "address.invalid observability_bind_address", observability_bind_address="10.0.0.300"
    ),
    "address of one": one(
        "address.invalid victoriametrics_bind_address", victoriametrics_bind_address="localhost"
    ),
    "a public address": one(
        "address.public traefik_api_bind_address", traefik_api_bind_address="0.0.0.0"
    ),
    "port": one("port.invalid alertmanager_port", alertmanager_port=70000),
    "two services on a port": one("port.conflict prometheus_port", prometheus_port=9091),
    "two ports of one": one("port.twice collector_metrics_port", collector_metrics_port=5001),
    "domain": one("name.invalid observability_domain", observability_domain="example com"),
    "a port of a URL": one("url.invalid grafana_url", grafana_url="https://g.example.com:99999"),
    "ports as a whole": Case(
        [
            f"value.missing observability_ports.{role}"
            for role in (
                "collector_api",
                "alertmanager",
                "victoriametrics",
                "traefik_api",
                "grafana",
            )
        ],
        # What a lookup reads of another host is told as it is there.
        {"observability_ports": {"prometheus": 9090, "pushgateway": 9091, "ping": 9101}},
    ),
    "URLs as a whole": Case(
        [f"value.missing observability_urls.{name}" for name in ("pushgateway", "grafana")],
        {
            "observability_urls": {
                name: f"https://{name}.example.com" for name in ("prometheus", "alertmanager")
            }
        },
    ),
    "gateway": one("url.invalid collector_pushgateway_url", collector_pushgateway_url="gateway"),
    "remote write": one(
        "url.no_path prometheus_remote_write_url", prometheus_remote_write_url="http://vm:8428"
    ),
    "a URL of two collectors": Case(
        ["url.twice collector_url"], hosts={"two": {"collector_url": "https://one.example.com"}}
    ),
    "a URL that is pinged twice": one(
        "url.twice ping_targets",
        ping_targets=[
            {"name": n, "location": n, "url": "https://one.example.com", "api_key": KEY}
            for n in ("a", "b")
        ],
    ),
    "target": one(
        "target.invalid prometheus_alertmanager_targets", prometheus_alertmanager_targets=["a:0"]
    ),
    "a route's server": one(
        "url.invalid traefik_routes[one].servers",
        traefik_routes=[{**ROUTE, "servers": ["192.0.2.1:5001"]}],
    ),
    # Secrets and certificates
    "no key": one("key.count collector_api_keys", collector_api_keys=[]),
    "a short key": Case(
        ["key.weak collector_api_keys"], hosts={"one": {"collector_api_keys": ["x"]}}
    ),
    "a plain password": one(
        "hash.invalid pushgateway_basic_auth_users.push",
        pushgateway_basic_auth_users={"push": "pass-word"},
        observability_pushgateway_username="push",
        observability_pushgateway_password="pass-word",
    ),
    "a short password": one("password.weak grafana_password", grafana_password="short"),
    "no key of n8n": one("key.invalid n8n_exporter_api_key", n8n_exporter_api_key=""),
    "a user alone": one(
        "pair.incomplete observability_pushgateway_password",
        observability_pushgateway_username="push",
    ),
    "a certificate alone": one(
        "value.missing traefik_certificate_key",
        traefik_certificate_source="files",
        traefik_certificate="PEM",
    ),
    "nobody for ACME": one("value.invalid traefik_acme_email", traefik_certificate_source="acme"),
    "a CA that is not there": one(
        "file.missing observability_ca_path",
        observability_ca_path="/none/ca.crt",
        validate_from="localhost",
        traefik_certificate_source="acme",
        traefik_acme_email="ops@example.com",
    ),
    # Receivers of alerts
    "no such receiver": one(
        "reference.unknown alertmanager_default_receiver", alertmanager_default_receiver="ops"
    ),
    "e-mail without a server": one(
        "smtp.incomplete alertmanager_smtp",
        alertmanager_receivers=[{"name": "mail", "emails": [{"to": "ops@example.com"}]}],
    ),
    "a duration": one(
        "duration.invalid prometheus_alerts.TargetDown.for",
        prometheus_alerts={"TargetDown": {"for": "5 min"}},
    ),
}
THREE: dict[str, Case] = {
    "three variables": Case(
        [
            "port.invalid alertmanager_port",
            "value.invalid pushgateway_mode",
            "variable.unknown prometheus_retension",
        ],
        {"prometheus_retension": "1d", "alertmanager_port": 0, "pushgateway_mode": "manged"},
    ),
    "three hosts": Case(
        [
            "address.invalid traefik_bind_address",
            "name.invalid collector_host",
            "value.invalid collector_region",
        ],
        hosts={
            "one": {"collector_region": "1"},
            "two": {"collector_host": "192.0.2.2"},
            "hub": {"traefik_bind_address": "all"},
        },
    ),
    "three of one host": Case(
        [
            "key.count collector_api_keys",
            "variable.unknown collector_memmory",
            "url.invalid collector_victoriametrics_url",
        ],
        hosts={
            "one": {
                "collector_api_keys": [],
                "collector_memmory": "1g",
                "collector_victoriametrics_url": "vm",
            }
        },
    ),
    "a group, a fleet and a role": Case(
        [
            "group.unknown grafanna",
            "reference.unknown validate_from",
            "password.weak grafana_password",
        ],
        {"validate_from": "hup"},
        {"hub": {"grafana_password": "x"}},
        {"grafanna": ["one"]},
    ),
    "inside dictionaries": Case(
        [
            "url.invalid traefik_routes[one].servers",
            "value.invalid collector_databases[n8n].type",
            "variable.unknown collector_settings.log_levle",
        ],
        {
            "collector_settings": {"log_levle": "debug"},
            "collector_databases": [{**DATABASE, "type": "x"}],
            "traefik_routes": [{**ROUTE, "servers": ["x"]}],
        },
    ),
}
