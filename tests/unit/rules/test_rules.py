# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules ask for what is exported, and follow the inventory and its variables."""

from __future__ import annotations

import re

import yaml

from ansible_collections.vya.observability.plugins.module_utils._api.promql import metric_names

from ..dashboards.promql import CATALOGUE, COMMON, Asked, ask
from .rendered import SERVERS, Rendered

# What Prometheus and Traefik export about themselves, with the labels that rules use.
OTHERS: dict[str, set[str]] = {
    "up": set(),
    "prometheus_rule_evaluation_failures_total": {"rule_group"},
    "prometheus_notifications_errors_total": {"alertmanager"},
    "prometheus_notifications_dropped_total": set(),
    "traefik_tls_certs_not_after": {"cn", "sans", "serial"},
}
# Labels that an expression makes itself.
MADE = {"DuplicateCollection": {"start"}}

DRILL = "drill"  # every rule keeps it


def known(rendered: Rendered) -> dict[str, set[str]]:
    """Every series there may be, with its labels; what the rules record has what they group by."""
    series = {**CATALOGUE, **OTHERS}
    for rule in rendered.rules:
        if "record" in rule:
            series[rule["record"]] = set(ask(rule["expr"]).grouped) - {"le"}
    return {name: labels | COMMON for name, labels in series.items()}


def check(asked: Asked, series: dict[str, set[str]]) -> set[str]:
    """The labels that are known of what is asked for; fails for what is unknown."""
    labels: set[str] = set()
    assert asked.selectors
    for selector in asked.selectors:
        assert selector.name in series, f"{selector.name}: nobody exports it"
        unknown = selector.labels - series[selector.name]
        assert not unknown, f"{selector.name} has no label {sorted(unknown)}"
        labels |= series[selector.name]
    return labels


def test_each_rule_asks_for_what_is_exported(rendered: dict[str, Rendered]) -> None:
    for server in ("whole", "alone"):
        series = known(rendered[server])
        for rule in rendered[server].rules:
            asked = ask(rule["expr"])
            labels = check(asked, series) | MADE.get(rule.get("alert", ""), set())
            assert asked.grouped - {DRILL} <= labels, rule
            said = " ".join(rule.get("annotations", {}).values())
            assert set(re.findall(r"\$labels\.(\w+)", said)) <= labels, rule


def test_the_list_of_others_has_no_more_than_is_used(rendered: dict[str, Rendered]) -> None:
    used = {name for rule in rendered["whole"].rules for name in metric_names(rule["expr"])}
    assert set(OTHERS) <= used
    assert not set(OTHERS) & set(CATALOGUE)


def test_pings_of_the_validation_are_left_out(rendered: dict[str, Rendered]) -> None:
    for rule in rendered["whole"].rules:
        for name in ("network_latency_rtt_seconds_bucket", "network_clock_offset_seconds"):
            for selected in re.findall(name + r"\{([^}]*)\}", rule["expr"]):
                assert 'source_location!="validation"' in selected
            assert name + "[" not in rule["expr"]


def test_each_alert_says_all_that_it_has_to_say(rendered: dict[str, Rendered]) -> None:
    for rule in rendered["whole"].alerts.values():
        assert rule["labels"].keys() == {"severity"}
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        keys = ["summary", "description", "action", "runbook_url"]
        assert list(rule["annotations"]) == keys
        assert all(text.strip() == text != "" for text in rule["annotations"].values())
        assert re.fullmatch(r"\d+[smh]", rule["for"])


def test_an_alert_knows_its_host_where_it_has_one(rendered: dict[str, Rendered]) -> None:
    # Routes and inhibitions go by `instance`; these are about lines and certificates.
    hostless = {"PingMissing", "PingRttHigh", "PingRttCritical", "CertificateExpiresSoon"}
    hostless |= {"PingCircuitOpen", "PingBufferGrowing", "PingsDropped"}
    for name, rule in rendered["whole"].alerts.items():
        assert ("$labels.instance" in str(rule["annotations"])) != (
            name in hostless | {"ClockOffsetHigh", "RuleEvaluationFailing"}
        ), name


def test_variables_change_the_rules(rendered: dict[str, Rendered]) -> None:
    default, changed = rendered["whole"].alerts, rendered["changed"].alerts
    memory = changed["CollectorMemoryHigh"]
    assert "> 300500000 " in memory["expr"]
    assert (memory["for"], memory["labels"]["severity"]) == ("1h", "critical")
    assert memory["annotations"]["runbook_url"] == (
        "https://wiki.example.com/alerts/CollectorMemoryHigh.md"
    )
    assert changed["PingRttHigh"]["expr"].endswith("> 0.08")
    assert changed["PingRttHigh"]["for"] == default["PingRttHigh"]["for"]
    assert changed["N8nErrorRateHigh"]["expr"].endswith("> 0.125")
    assert "[30m]" in changed["N8nErrorRateHigh"]["expr"]
    # Three intervals of 90 s, the slower of two collectors; five of them.
    assert default["CollectorStale"]["expr"].endswith("> 270")
    assert changed["CollectorStale"]["expr"].endswith("> 450")
    assert "< 450" in changed["DatabaseDown"]["expr"]
    assert set(default) - set(changed) == {"TargetDown", "CollectorAbsent"}


def test_who_is_expected_comes_from_the_inventory(rendered: dict[str, Rendered]) -> None:
    alerts = rendered["whole"].alerts
    for group in (
        'job="collector_api_wf001_usa", instance="wf001"',
        'job="collector_api_wf008.example.com_brazil", instance="wf008.example.com"',
    ):
        assert f"absent(push_time_seconds{{{group}}})" in alerts["CollectorAbsent"]["expr"]
    for source in ("sao.paulo", "wf005"):
        assert f'source_location="{source}"' in alerts["PingMissing"]["expr"]
    for exporter in ("executions", "nodes"):
        expected = f'instance="wf001", exporter="{exporter}"'
        assert expected in alerts["N8nExporterStale"]["expr"]


def test_what_is_absent_is_told_only_while_others_are_heard_of(
    rendered: dict[str, Rendered],
) -> None:
    """With the gateway's scrape all series end at once; TargetDown tells of that later."""
    alerts = rendered["whole"].alerts
    for name in ("CollectorAbsent", "N8nExporterStale"):
        absences = re.findall(r"absent\w*\(.*?\) (and on .*? == 1)", alerts[name]["expr"])
        assert absences == ['and on () up{job="pushgateway"} == 1'] * 2, name
    heard = re.findall(
        r"and on \(\) \(time\(\) - push_time_seconds\{(.*?)\} < 270\)",
        alerts["PingMissing"]["expr"],
    )
    assert heard == [
        'job="collector_api_wf001_usa", instance="wf001"',
        'job="collector_api_wf008.example.com_brazil", instance="wf008.example.com"',
    ]
    # Where nobody is expected, any collector will do.
    anybody = 'and on () (time() - push_time_seconds{job=~"collector_api_.+"} < 450)'
    assert rendered["changed"].alerts["PingMissing"]["expr"].endswith(anybody)


def test_what_is_not_there_has_no_rules(rendered: dict[str, Rendered]) -> None:
    missing = set(rendered["whole"].alerts) - set(rendered["alone"].alerts)
    assert missing == {
        "CollectorAbsent",
        "PingMissing",
        "N8nExporterStale",
        "N8nErrorRateHigh",
        "ValidationFailing",
        "ValidationStale",
        "CertificateExpiresSoon",
        "AlertNotificationsFailing",
    }
    used = {name for rule in rendered["alone"].rules for name in metric_names(rule["expr"])}
    assert not any(name.startswith(("n8n_", "traefik_")) for name in used)
    assert "job_name: traefik" not in rendered["alone"].files["prometheus.yml"]
    assert "alerting:" not in rendered["alone"].files["prometheus.yml"]
    assert rendered["without"].rule_files == {}


def test_the_servers_configuration_has_what_the_rules_need(rendered: dict[str, Rendered]) -> None:
    config = yaml.safe_load(rendered["whole"].files["prometheus.yml"])
    assert config["alerting"]["alertmanagers"] == [
        {"static_configs": [{"targets": ["alertmanager:9093"]}]}
    ]
    (traefik,) = [job for job in config["scrape_configs"] if job["job_name"] == "traefik"]
    assert traefik["static_configs"] == [{"targets": ["traefik:8081"]}]
    # With honor_labels the gateway's series have no `up` of their own job: rules ask for this one.
    (gateway,) = [job for job in config["scrape_configs"] if job["job_name"] == "pushgateway"]
    assert gateway["honor_labels"]


def test_rules_of_ones_own_are_kept_beside(rendered: dict[str, Rendered]) -> None:
    own = yaml.safe_load(rendered["changed"].files["rules/own.yml"])
    (group,) = SERVERS["changed"]["prometheus_rules"]["own"]
    assert own == {"groups": [group]}
    assert len(rendered["changed"].rule_files) == 5
