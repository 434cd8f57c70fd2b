# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each role refuses, on top of its defaults; tests/integration/playbooks asks whole roles."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import trust_as_template

from ansible_collections.vya.observability.plugins.plugin_utils._preflight.run import (
    ROLES,
    collected,
    role_faults,
)
from ansible_collections.vya.observability.plugins.plugin_utils._variables import (
    UnreadableVariableError,
)

# What follows from the groups is computed by a lookup, which only Ansible can load.
DERIVED: dict[str, Any] = {
    **{
        f"{role}_bind_address": "127.0.0.1"
        for role in (
            "alertmanager",
            "collector",
            "grafana",
            "ping",
            "prometheus",
            "pushgateway",
            "traefik",
            "victoriametrics",
        )
    },
    "collector_url": "https://api-wf001.example.com",
    "collector_victoriametrics_url": "",
    "grafana_alertmanager_url": "",
    "grafana_prometheus_url": "http://prometheus:9090",
    "grafana_victoriametrics_url": "",
    "observability_ca_path": "",
    "prometheus_alertmanager_targets": [],
    "prometheus_pushgateway_target": "pushgateway:9091",
    "prometheus_remote_write_url": "",
    "prometheus_traefik_target": "",
    "traefik_routes": [],
}
HOST = {"inventory_hostname": "wf001", "groups": {}, **DERIVED}
KEY = "key-of-the-test-0123456789"
TARGET = {"name": "a", "location": "A", "url": "https://a.example.com", "api_key": KEY}
# What has no default that would do.
NEEDED: dict[str, dict[str, Any]] = {
    "collector": {"collector_region": "usa", "collector_api_keys": [KEY]},
    "grafana": {"grafana_password": "password-0123"},
    "image": {"image_key": "base", "image_definitions": {"base": {}}},
    "log_shipper": {"observability_loki_url": "https://loki.example.com"},
    "n8n_exporter": {
        "n8n_exporter_url": "http://n8n:5678",
        "n8n_exporter_api_key": "key",
        "n8n_exporter_database_host": "db",
        "n8n_exporter_database_user": "reader",
        "n8n_exporter_database_password": "password",
    },
    "ping": {"ping_targets": [TARGET]},
    "probe_databases": {
        "probe_databases_password": "probe-0123456789",
        "probe_databases_admin_password": "admin-0123456789",
    },
}
CHAT = {"bot_token": "token", "chat_id": 1}
DATABASE = {"name": "n8n", "type": "mysql", "host": "db", "database": "n8n", "user": "probe"}
MAIL = {"name": "mail", "emails": [{"to": "ops@example.com"}]}


def found(role: str, **variables: Any) -> list[str]:
    """Code and variable of each fault."""
    known = {**HOST, **NEEDED.get(role, {}), **variables}
    of = collected([(role, lambda: role_faults(DataLoader(), known, role))])[role]
    return [f"{fault.code} {fault.variable}" for fault in of]


def test_urls_that_each_fleet_needs() -> None:
    urls = {"grafana": "https://grafana.example.com", "prometheus": "https://p.example.com"}
    assert found("observability", observability_urls=urls) == [
        "value.missing observability_urls.alertmanager",
        "value.missing observability_urls.pushgateway",
    ]


def test_keys_that_a_default_reads_and_the_inventory_has_not() -> None:
    assert found("pushgateway", observability_ports={"prometheus": 9095}) == [
        "value.missing observability_ports.pushgateway"
    ]
    # Another role's default, or none of them, reads the others.
    assert found("prometheus", observability_ports={"prometheus": 9095}) == []
    assert found("pushgateway", observability_ports={}, pushgateway_port=9091) == []


def test_what_is_wrong_with_a_part_hides_no_other_part() -> None:
    ports = {"pushgateway": 9091, "prometheus": 70000}
    assert found("prometheus", observability_ports=ports) == ["port.invalid observability_ports"]


def test_a_variable_of_another_host_is_told_as_its_own() -> None:
    def read(v: Any) -> Any:
        raise UnreadableVariableError("victoriametrics_port", "wfdb02", "'nope' is undefined")
        yield

    of = {"wfdb02": {"victoriametrics_port": "{{ nope }}"}}
    known = {**HOST, "hostvars": SimpleNamespace(raw_get=of.__getitem__)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ROLES, "pushgateway", read)
        (fault,) = role_faults(DataLoader(), known, "pushgateway")
    assert (fault.code, fault.variable, fault.host) == (
        "variable.unreadable",
        "victoriametrics_port",
        "wfdb02",
    )


def test_what_is_made_of_a_variable_that_is_wrong_is_not_told_besides() -> None:
    wrong = {"observability_domain": "https://obs.example.com"}
    assert found("observability", **wrong) == ["name.invalid observability_domain"]
    both = {**wrong, "observability_urls": {"prometheus": "no URL", "alertmanager": "neither"}}
    assert set(found("observability", **both)) == {
        "name.invalid observability_domain",
        "url.invalid observability_urls.prometheus",
        "url.invalid observability_urls.alertmanager",
        "value.missing observability_urls.pushgateway",
    }


def test_a_choice_that_is_nearly_right_is_told_once() -> None:
    known = {**HOST, "prometheus_mode": "manged"}
    (fault,) = [
        each
        for each in role_faults(DataLoader(), known, "prometheus")
        if each.variable == "prometheus_mode"
    ]
    assert fault.expected.count("managed") == 1


def test_what_the_argument_specification_refuses_beside_the_role() -> None:
    wrong = {"collector_cpus": "many", "collector_api_keys": [], "collector_settings": "text"}
    assert sorted(found("collector", **wrong)) == [
        "key.count collector_api_keys",
        "value.invalid collector_cpus",
        "value.invalid collector_settings",
    ]
    assert found("prometheus", prometheus_mode="manged") == ["value.invalid prometheus_mode"]


def test_what_cannot_be_judged_hides_nothing_else() -> None:
    """Whatever a check stumbles over, the others are made."""
    wrong = {
        "collector_api_port": [1],
        "collector_host": trust_as_template("{{ no_such_variable }}"),
        "collector_databases": [{"name": "a"}, {"name": "a"}],
        "collector_extra_files": "text",
        "collector_region": "USA",
        "collector_api_keys": [],
    }
    told = set(found("collector", **wrong))
    assert told >= {
        "value.invalid collector_api_port",
        "variable.unreadable collector_host",
        "value.missing collector_databases[a].password",
        "value.invalid collector_extra_files",
        "value.invalid collector_region",
        "key.count collector_api_keys",
    }


def test_braces_for_another_program_are_told_how_to_be_marked() -> None:
    for text, marked in (("{{ $labels.instance }}", True), ("{{ no_such_variable }}", False)):
        rules = {"own": [{"name": "g", "rules": [{"expr": trust_as_template(text)}]}]}
        known = {**HOST, "prometheus_rules": rules}
        faults = list(role_faults(DataLoader(), known, "prometheus"))
        told = [each for each in faults if each.variable == "prometheus_rules"]
        assert [each.code for each in told] == ["variable.unreadable"]
        assert ("!unsafe" in told[0].fix) is marked


def test_what_is_wrong_inside_a_dictionary_is_named_by_its_place() -> None:
    settings = {"api": {"prot": 5001, "burst": "many"}, "log_levle": "debug"}
    database = {**DATABASE, "type": "oracle", "pasword": "p"}
    assert sorted(
        found("collector", collector_settings=settings, collector_databases=[database])
    ) == [
        "value.invalid collector_databases[n8n].type",
        "value.invalid collector_settings.api.burst",
        "value.missing collector_databases[n8n].password",
        "variable.unknown collector_databases[n8n].pasword",
        "variable.unknown collector_settings.api.prot",
        "variable.unknown collector_settings.log_levle",
    ]


@pytest.mark.parametrize("role", ["collector", "ping", "n8n_exporter"])
def test_the_ca_of_a_host_that_is_none(role: str) -> None:
    groups = {"all": ["wf001"]}
    name = f"{role}_ca_host"
    assert found(role, **{"groups": groups, name: "wf002"}) == [f"reference.unknown {name}"]
    assert found(role, **{"groups": groups, name: "localhost"}) == []


def test_a_default_is_named_by_what_it_is_made_of() -> None:
    wrong = {"observability_bind_address": "127.0.0.300"}
    assert found("probe_databases", **wrong) == ["address.invalid observability_bind_address"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_as_it_is(role: str) -> None:
    assert found(role) == []


@pytest.mark.parametrize(
    ("role", "variables", "expected"),
    [
        (
            "alertmanager",
            {"alertmanager_receivers": [MAIL]},
            ["smtp.incomplete alertmanager_smtp"],
        ),
        (
            "alertmanager",
            {"alertmanager_smtp": {"username": "u"}},
            ["pair.incomplete alertmanager_smtp"],
        ),
        (
            "alertmanager",
            {
                "alertmanager_receivers": [
                    {"name": "drill"},
                    {"name": "a b"},
                    {"name": "drill"},
                ]
            },
            [
                "name.twice alertmanager_receivers",
                "name.reserved alertmanager_receivers",
                "name.invalid alertmanager_receivers",
                "name.reserved alertmanager_receivers",
            ],
        ),
        (
            "alertmanager",
            {
                "alertmanager_severities": {"warning": {"receiver": "nobody-known"}},
                "alertmanager_hosts": {
                    "wf001": {"receiver": "ops"},
                    "wf008": {"group_wait": "1m"},
                },
                "alertmanager_default_receiver": "ops",
            },
            [
                "reference.unknown alertmanager_default_receiver",
                "reference.unknown alertmanager_severities.warning",
                "reference.unknown alertmanager_hosts.wf001",
            ],
        ),
        (
            "alertmanager",
            {
                "alertmanager_receivers": [{"name": "a"}],
                "alertmanager_time_intervals": [{"name": "days"}],
                "alertmanager_routes": [
                    {"receiver": "a", "mute_time_intervals": ["nights"], "routes": "odd"},
                    {"routes": [{"receiver": "b", "active_time_intervals": ["days", "noon"]}]},
                    {"receiver": "nobody", "mute_time_intervals": "nights"},
                ],
            },
            ["reference.unknown alertmanager_routes"] * 3,
        ),
        (
            "alertmanager",
            {
                "alertmanager_receivers": [
                    {"name": "a", "webhooks": [{}, {"url": "x", "secret_url": "y"}]}
                ]
            },
            ["webhook.url alertmanager_receivers[a].webhooks"] * 2,
        ),
        (
            "alertmanager",
            {
                "alertmanager_receivers": [
                    {"name": "a", "telegram": [{**CHAT, "api_url": "h"}, CHAT]}
                ]
            },
            ["url.invalid alertmanager_receivers[a].telegram.api_url"],
        ),
        (
            "alertmanager",
            {
                "alertmanager_existing_config_directory": "/etc",
                "alertmanager_existing_mount_path": "config",
                "alertmanager_existing_config_file": "main.json",
            },
            [
                "path.invalid alertmanager_existing_config_directory",
                "path.invalid alertmanager_existing_mount_path",
                "value.invalid alertmanager_existing_config_file",
            ],
        ),
        (
            "collector",
            {
                "collector_databases": [
                    {**DATABASE, "password": ""},
                    {**DATABASE, "password": "p"},
                ]
            },
            [
                "name.twice collector_databases",
                "password.missing collector_databases[n8n].password",
            ],
        ),
        (
            "collector",
            {
                "collector_extra_files": [{"path": "/a", "content": "a"}],
                "collector_extra_secrets": [{"path": "/a", "content": "a"}],
            },
            ["name.twice collector_extra_secrets"],
        ),
        (
            "collector",
            {"collector_host": trust_as_template("{{ no_such_variable }}")},
            ["variable.unreadable collector_host"],
        ),
        (
            "collector",
            {"collector_host": "drill-01", "collector_region": "drill"},
            ["name.reserved collector_host", "name.reserved collector_region"],
        ),
        ("collector", {"collector_host": "validation"}, ["name.reserved collector_host"]),
        ("collector", {"collector_host": "drills", "collector_region": "drilling"}, []),
        (
            "grafana",
            {"grafana_password": "short", "grafana_settings": {"server_root": "x"}},
            ["name.invalid grafana_settings", "password.weak grafana_password"],
        ),
        (
            "grafana",
            {
                "grafana_mode": "existing",
                "grafana_password": "",
                "grafana_loki_username": "u",
            },
            [
                "credentials.missing grafana_token",
                "pair.incomplete grafana_loki_password",
            ],
        ),
        (
            "grafana",
            {
                "grafana_mode": "existing",
                "grafana_token": "t",
                "grafana_prometheus_url": "",
                "grafana_loki_url": "loki:3100",
                "grafana_client_key": "/key",
            },
            [
                "url.invalid grafana_prometheus_url",
                "url.invalid grafana_loki_url",
                "pair.incomplete grafana_client_cert",
            ],
        ),
        *(
            ("grafana", {"grafana_token": "t", name: value}, [f"url.invalid {name}"])
            for name, value in (
                ("grafana_url", "https://grafana.example.com:99999"),
                ("grafana_prometheus_url", "http://prometheus:0"),
                ("grafana_loki_url", "http://loki example.com"),
            )
        ),
        *(
            (role, {name: value}, [f"value.invalid {name}"])
            for role, name, value in (
                ("alertmanager", "alertmanager_memory", "lots"),
                ("collector", "collector_memory", "12 gigs"),
                ("grafana", "grafana_memory", "4m"),
                ("probe_databases", "probe_databases_memory", "1,5g"),
            )
        ),
        ("collector", {"collector_memory": "256MB", "collector_cpus": "1.5"}, []),
        *(
            (role, {name: value}, [f"duration.invalid {name}"])
            for role, name, value in (
                ("prometheus", "prometheus_retention", 15),
                ("prometheus", "prometheus_retention", "fortnight"),
                ("prometheus", "prometheus_retention", "12h1d"),
                ("alertmanager", "alertmanager_retention", "5d"),
                ("pushgateway", "pushgateway_persistence_interval", "30"),
            )
        ),
        ("prometheus", {"prometheus_retention": "1y2w"}, []),
        ("alertmanager", {"alertmanager_retention": "1.5h"}, []),
        *(
            (
                "observability",
                {"observability_domain": value},
                [f"name.invalid {name}"] * bool(name),
            )
            for value, name in (
                ("obs example.com", "observability_domain"),
                ("https://obs.example.com", "observability_domain"),
                ("obs.example.com/grafana", "observability_domain"),
                ("obs..example.com", "observability_domain"),
                ("obs.example.com:443", ""),
                ("obs.example.com.", ""),
                ("", ""),
                ("Obs_2.Example.com", ""),
                ("münchen.example", ""),
                ("lan", ""),
            )
        ),
        # What nothing uses is not judged.
        (
            "prometheus",
            {
                "prometheus_mode": "existing",
                "prometheus_retention": "50GB",
                "prometheus_memory": "lots",
            },
            [],
        ),
        # Grafana takes them there itself.
        (
            "grafana",
            {"grafana_loki_url": "https://user:pass@loki.example.com"},
            [],
        ),
        *(
            ("n8n_exporter", {"n8n_exporter_memory": value}, ["value.invalid n8n_exporter_memory"])
            for value in ("512 MB", "", None, "128m\n")
        ),
        ("n8n_exporter", {"n8n_exporter_memory": "1.5g"}, []),
        ("image", {"image_key": "promtheus"}, ["reference.unknown image_key"]),
        (
            "n8n_exporter",
            {
                "n8n_exporter_api_key": "a b",
                "n8n_exporter_database_user": "",
                "n8n_exporter_url": "",
            },
            [
                "url.invalid n8n_exporter_url",
                "key.invalid n8n_exporter_api_key",
                "value.missing n8n_exporter_database_user",
            ],
        ),
        (
            "n8n_exporter",
            {
                "n8n_exporter_exporters": [],
                "n8n_exporter_url": "",
                "n8n_exporter_api_key": "",
                "n8n_exporter_database_host": "",
            },
            [],
        ),
        (
            "n8n_exporter",
            {"n8n_exporter_nodes_settings": {"limits": {"data_bytes": 4194304}}},
            ["value.invalid n8n_exporter_memory"],
        ),
        (
            "n8n_exporter",
            {
                "n8n_exporter_nodes_settings": {"limits": {"data_bytes": 4194304}},
                "n8n_exporter_executions_settings": {"limits": {"workflows": 10000}},
                "n8n_exporter_memory": "256MB",
            },
            [],
        ),
        (
            "n8n_exporter",
            {"n8n_exporter_memory": "much"},
            ["value.invalid n8n_exporter_memory"],
        ),
        (
            "n8n_exporter",
            {"n8n_exporter_schedule": "often", "n8n_exporter_host": "10.0.0.1"},
            ["name.invalid n8n_exporter_host", "value.invalid n8n_exporter_schedule"],
        ),
        ("ping", {"ping_targets": []}, ["targets.none ping_targets"]),
        ("ping", {"ping_targets": [], "ping_mode": "existing"}, []),
        (
            "ping",
            {"ping_targets": [TARGET, {**TARGET, "name": "b", "location": "B"}]},
            ["url.twice ping_targets"],
        ),
        (
            "ping",
            {"ping_targets": [TARGET, {**TARGET, "url": "a.example.com", "api_key": ""}]},
            [
                "name.twice ping_targets",
                "name.twice ping_targets",
                "url.invalid ping_targets[a].url",
                "key.invalid ping_targets[a].api_key",
            ],
        ),
        (
            "ping",
            {
                "ping_bind_address": "0.0.0.0",
                "ping_host": "10.0.0.1",
                "ping_country": "",
                "ping_scrape_target": "ping",
                "ping_timeout_seconds": 31,
            },
            [
                "address.public ping_bind_address",
                "name.invalid ping_host",
                "value.invalid ping_country",
                "target.invalid ping_scrape_target",
                "value.invalid ping_timeout_seconds",
            ],
        ),
        (
            "prometheus",
            {"prometheus_runbook_url": "http://h/"},
            ["url.slash prometheus_runbook_url"],
        ),
        *(
            ("prometheus", {"prometheus_alerts": changed}, [fault])
            for changed, fault in (
                (
                    {"PingRttHigh": {"for": "5 min"}},
                    "duration.invalid prometheus_alerts.PingRttHigh.for",
                ),
                ({"PingRtHigh": {}}, "variable.unknown prometheus_alerts.PingRtHigh"),
                (
                    {"PingRttHigh": {"seconds": 1}},
                    "variable.unknown prometheus_alerts.PingRttHigh.seconds",
                ),
                (
                    {"PingRttHigh": {"milliseconds": "slow"}},
                    "value.invalid prometheus_alerts.PingRttHigh.milliseconds",
                ),
                (
                    {"PingRttHigh": {"severity": "high"}},
                    "value.invalid prometheus_alerts.PingRttHigh.severity",
                ),
                (
                    {"PingRttHigh": {"enabled": "perhaps"}},
                    "value.invalid prometheus_alerts.PingRttHigh.enabled",
                ),
                ({"PingRttHigh": "off"}, "value.invalid prometheus_alerts.PingRttHigh"),
            )
        ),
        (
            "validate",
            {
                "validate_compare_with": "/none.json",
                "validate_report_formats": ["html"],
            },
            [
                "file.missing validate_compare_with",
                "value.invalid validate_report_formats",
                "value.missing validate_report_directory",
            ],
        ),
        (
            "validate",
            {
                "validate_compare_with": __file__,
                "validate_report_formats": ["json"],
                "validate_report_directory": str(Path(__file__).parent),
            },
            [],
        ),
        (
            "validate",
            {
                "validate_compare_with": "/reports/../reports/validation.json",
                "validate_report_formats": ["json"],
                "validate_report_directory": "/reports",
            },
            ["file.missing validate_compare_with", "file.same validate_compare_with"],
        ),
    ],
)
def test_what_a_role_refuses(role: str, variables: dict[str, Any], expected: list[str]) -> None:
    assert found(role, **variables) == expected


SEEN = {
    "daemon": {"error": "", "version": "20.10.24"},
    "python_missing": [],
    "sdk_version": "5.0.3",
    "disk_free_bytes": 10 * 1024**3,
    "disk_path": "/var/lib/docker",
    "ports_taken": [],
    "service_manager": "",
}
DOWN = {
    "daemon": {"error": "no such file", "version": ""},
    "python_missing": ["docker"],
    "sdk_version": "",
}
TAKEN = {
    "address": "0.0.0.0",
    "port": 80,
    "variable": "traefik_http_port",
    "reason": "is taken by nginx",
}


@pytest.mark.parametrize(
    ("seen", "installed", "expected"),
    [
        ({}, False, []),
        ({"disk_free_bytes": 1024**3}, False, ["disk.full docker_engine_disk_minimum"]),
        ({"ports_taken": [TAKEN]}, False, ["port.taken traefik_http_port"]),
        (
            {"ports_taken": [{**TAKEN, "absent": True}]},
            False,
            ["address.absent traefik_bind_address"],
        ),
        (
            {"ports_taken": [{**TAKEN, "variable": "collector_api_port", "absent": True}]},
            False,
            ["address.absent collector_bind_address"],
        ),
        (
            {"ports_taken": [{**TAKEN, "variable": "", "absent": True}]},
            False,
            ["address.absent docker_engine_ports"],
        ),
        (
            {"daemon": {"error": "", "version": "19.03.1-ce"}, "sdk_version": "4.4"},
            False,
            [
                "engine.old docker_engine_packages",
                "sdk.old docker_engine_python_packages",
            ],
        ),
        ({"daemon": {"error": "", "version": "library-import"}, "sdk_version": "dev"}, False, []),
        ({"daemon": {"error": "", "version": ""}}, False, []),
        (DOWN, False, []),
        (
            DOWN,
            True,
            [
                "engine.down docker_engine_install",
                "python.missing docker_engine_python_modules",
            ],
        ),
    ],
    ids=[
        "well",
        "disk",
        "port",
        "address",
        "of a part",
        "of nothing",
        "old",
        "a word",
        "no version",
        "to be installed",
        "installed in vain",
    ],
)
def test_the_engine(seen: dict[str, Any], installed: bool, expected: list[str]) -> None:
    known = {
        "docker_engine_seen": {**SEEN, **seen},
        "docker_engine_installed": installed,
    }
    assert found("docker_engine", **known) == expected


@pytest.mark.parametrize(
    ("port", "address"),
    [
        ("victoriametrics_port", "victoriametrics_bind_address"),
        ("collector_api_port", "collector_bind_address"),
        ("collector_metrics_port", "collector_metrics_bind_address"),
    ],
)
def test_an_address_that_the_host_does_not_have(port: str, address: str) -> None:
    taken = {**TAKEN, "variable": port, "address": "192.0.2.1", "absent": True}
    known = {"docker_engine_seen": {**SEEN, "ports_taken": [taken]}, address: "192.0.2.1"}
    assert found("docker_engine", **known) == [f"address.absent {address}"]
