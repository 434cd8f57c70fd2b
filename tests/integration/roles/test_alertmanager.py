# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role alertmanager: receivers, their secrets and messages, the route tree, inhibitions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import docker
import pytest
import requests

from ..conftest import answer, free_port, wait_until
from ..deployment import Deployment, has_fault
from .message_sinks import ANNOTATIONS, FIRING, RESOLVED, listening, told

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.add_host: {name: wf008, groups: [ping], ping_location: sao.paulo}
      changed_when: false
    - ansible.builtin.include_role:
        name: vya.observability.alertmanager
"""
SECRETS = {
    "slack": "https://hooks.example.com/services/slack-secret",
    "telegram": "123456:telegram-secret",
    "webhook": "https://chat.example.com/webhook-secret",
    "bearer": "bearer-secret",
    "smtp": "smtp-secret",
}
TELEGRAM = {"bot_token": SECRETS["telegram"], "chat_id": -42, "api_url": "api.example.com"}
RECEIVERS = [
    {
        "name": "operators",
        "webhooks": [
            {"url": "http://hook.example.com/", "bearer_token": SECRETS["bearer"]},
            {"secret_url": SECRETS["webhook"]},
        ],
        "emails": [{"to": "operators@example.com"}],
    },
    {
        "name": "on-call",
        "slack": [{"api_url": SECRETS["slack"], "channel": "#alerts"}],
        "telegram": [{"bot_token": SECRETS["telegram"], "chat_id": -42}],
    },
    {"name": "brazil", "webhooks": [{"url": "http://br.example.com/"}]},
]


# The code of the check, in the results that -vvv prints.
NOBODY = '"code": "receiver.alertmanager_none"'


@pytest.fixture(scope="module")
def alertmanager(
    deployment: Callable[..., Deployment], service_image: Callable[[str], str]
) -> Deployment:
    port = free_port()
    return deployment(
        PLAYBOOK,
        alertmanager_container_name="{{ deployment_name }}",
        alertmanager_volume="{{ deployment_name }}",
        alertmanager_port=port,
        alertmanager_url=f"http://127.0.0.1:{port}",
        image_references={"alertmanager": service_image("alertmanager")},
    )


@pytest.mark.long
def test_without_a_receiver_the_deploy_says_that_alerts_go_nowhere(
    alertmanager: Deployment,
) -> None:
    said = alertmanager.ok()
    assert NOBODY in said
    assert "changed=0" in alertmanager.ok()


def test_all_receivers_and_the_route_tree(
    alertmanager: Deployment, docker_client: docker.DockerClient
) -> None:
    variables = {
        "alertmanager_receivers": RECEIVERS,
        "alertmanager_severities": {"critical": {"receiver": "on-call", "group_wait": "5s"}},
        "alertmanager_hosts": {"wf008": {"receiver": "brazil"}},
        "alertmanager_smtp": {
            "smarthost": "mail.example.com:587",
            "from": "alerts@example.com",
            "username": "alerts",
            "password": SECRETS["smtp"],
        },
        "alertmanager_templates": {"more": '{{ "{{" }} define "more" }}{{ "{{" }} end }}'},
    }
    foreseen = alertmanager.ok("--check", "--diff", **variables)
    said = alertmanager.ok("--diff", **variables)
    assert NOBODY not in said
    assert "changed=1" in said
    assert "changed=0" in alertmanager.ok(**variables)

    container = docker_client.containers.get(alertmanager.name)
    # Debian's 0.25 takes some from no file; 0.26 and newer do.
    # What was built from its Go module does not know its version, and is a newer one.
    version = answer(container, "amtool", "--version")
    old = re.search(r"version 0\.([01]\d|2[0-5])\.", version) is not None
    config = alertmanager.directory / "config/alertmanager/alertmanager.yml"
    for late in (SECRETS["telegram"], SECRETS["webhook"]):
        assert (late in config.read_text()) is old
    if old:
        refused = alertmanager.run(**variables, alertmanager_inline_secrets=False)
        assert refused.returncode != 0
        assert "field bot_token_file not found" in refused.stdout
        assert SECRETS["telegram"] in config.read_text()

    inspected = json.dumps(container.attrs)
    for secret in SECRETS.values():
        assert secret not in inspected
        assert secret not in foreseen + said
    files = sorted((alertmanager.directory / "config/alertmanager").rglob("*"))
    for file in (each for each in files if each.is_file()):
        hidden = any(secret in file.read_text() for secret in SECRETS.values())
        assert (file.stat().st_mode & 0o777) == (0o440 if hidden else 0o640), file

    def receivers(*labels: str) -> str:
        file = "--config.file=/etc/alertmanager/alertmanager.yml"
        return answer(container, "amtool", "config", "routes", "test", file, *labels).strip()

    assert receivers("severity=critical", "instance=wf001") == "on-call"
    assert receivers("severity=warning", "instance=wf001") == "operators"
    assert receivers("severity=critical", "instance=wf008") == "brazil"
    assert receivers("severity=warning", "instance=wf008") == "brazil"
    # Its pings, by the name that its ping service gives them, and by its own.
    for source in ("sao.paulo", "wf008"):
        assert receivers("severity=critical", f"source_location={source}") == "brazil"
        assert receivers("severity=warning", f"source_location={source}") == "brazil"
    assert receivers("severity=critical", "source_location=wf005") == "on-call"
    # A clock of which another host tells.
    clock = ("alertname=ClockOffsetHigh", "instance=wf001", "source_location=sao.paulo")
    assert receivers(*clock, "severity=warning") == "brazil"


def test_inhibition(alertmanager: Deployment) -> None:
    """What cannot be known, or is told already, is not told."""
    url = alertmanager.variables["alertmanager_url"]
    warning, critical = {"severity": "warning"}, {"severity": "critical"}

    def send(*alerts: dict[str, str]) -> None:
        sent = [{"labels": labels} for labels in alerts]
        requests.post(f"{url}/api/v2/alerts", json=sent, timeout=10).raise_for_status()

    def inhibited() -> set[str]:
        found = requests.get(f"{url}/api/v2/alerts?inhibited=true", timeout=10).json()
        order = ("alertname", "instance", "source_location", "severity")
        return {
            " ".join(each["labels"][name] for name in order if name in each["labels"])
            for each in found
            if each["status"]["inhibitedBy"]
        }

    send(
        {"alertname": "CollectorStale", "instance": "wf001", **critical},
        {"alertname": "CollectorAbsent", "instance": "wf005", **critical},
        {"alertname": "DatabaseDown", "instance": "wf001", **critical},
        {"alertname": "PingsRefused", "instance": "wf005", **warning},
        {"alertname": "DatabaseDown", "instance": "wf008", **critical},
        {"alertname": "PingRttCritical", "source_location": "a", **critical},
        {"alertname": "PingRttHigh", "source_location": "a", **warning},
        {"alertname": "PingRttHigh", "source_location": "b", **warning},
        # The rules of pings ask only collectors that are heard of.
        {"alertname": "PingMissing", "source_location": "wf001", **critical},
        # Somebody's rules that tell of the same twice.
        {"alertname": "DiskFull", "instance": "wf001", **critical},
        {"alertname": "DiskFull", "instance": "wf001", **warning},
        {"alertname": "DiskFull", "instance": "wf008", **warning},
        {"alertname": "DiskSlow", "instance": "wf001", **warning},
        {"alertname": "N8nExporterStale", "instance": "wf001", **warning},
        {"alertname": "TargetDown", "job": "node", "instance": "wf001:9100", **critical},
    )
    first = {
        "DatabaseDown wf001 critical",
        "PingsRefused wf005 warning",
        "PingRttHigh a warning",
        "DiskFull wf001 warning",
    }
    wait_until(lambda: inhibited() == first, 60, "the first ones")
    send({"alertname": "TargetDown", "job": "pushgateway", "instance": "a:9091", **critical})
    blind = {
        "CollectorStale wf001 critical",
        "CollectorAbsent wf005 critical",
        "PingMissing wf001 critical",
        "PingRttCritical a critical",
        "PingRttHigh b warning",
        "N8nExporterStale wf001 warning",
    }
    wait_until(lambda: inhibited() == first | blind, 60, "what is blind without the gateway")


def test_messages_arrive_with_their_text_and_the_secrets_are_used(
    alertmanager: Deployment, docker_client: docker.DockerClient
) -> None:
    (network,) = docker_client.networks.list(names=[alertmanager.name])
    with listening(network.attrs["IPAM"]["Config"][0]["Gateway"]) as sinks:
        web = f"http://{sinks.web}"
        receiver = {
            "name": "everything",
            "webhooks": [
                {"url": f"{web}/hook", "bearer_token": SECRETS["bearer"]},
                {"secret_url": f"{web}/webhook-secret"},
            ],
            "emails": [{"to": "operators@example.com"}],
            "slack": [{"api_url": f"{web}/slack-secret", "channel": "#alerts"}],
            "telegram": [{"bot_token": SECRETS["telegram"], "chat_id": -42, "api_url": web}],
        }
        alertmanager.ok(
            alertmanager_receivers=[receiver],
            alertmanager_severities={},
            alertmanager_group_wait="0s",
            alertmanager_group_interval="1s",
            alertmanager_smtp={
                "smarthost": sinks.mail,
                "from": "alerts@example.com",
                "require_tls": False,
                "username": "alerts",
                "password": SECRETS["smtp"],
            },
        )
        labels = {"alertname": "DatabaseDown", "instance": "wf009", "severity": "critical"}
        alert: dict[str, Any] = {"labels": labels, "annotations": ANNOTATIONS}
        url = f"{alertmanager.variables['alertmanager_url']}/api/v2/alerts"
        requests.post(url, json=[alert], timeout=10).raise_for_status()
        wait_until(
            lambda: all(texts for _titles, texts in told(sinks, SECRETS["telegram"]).values()),
            20,
            "firing",
        )
        ended = {**alert, "endsAt": datetime.now(UTC).isoformat()}
        requests.post(url, json=[ended], timeout=10).raise_for_status()
        wait_until(
            lambda: all(
                "resolved" in str(told(sinks, SECRETS["telegram"])[way]).lower()
                for way in told(sinks, SECRETS["telegram"])
            ),
            20,
            "resolved",
        )
        came = told(sinks, SECRETS["telegram"])

    for way in ("mail", "slack", "telegram"):
        texts = [text.rstrip("\n") + "\n" for text in came[way][1]]
        assert (texts[0], texts[-1]) == (FIRING, RESOLVED), way
    for way in ("mail", "slack"):
        titles = came[way][0]
        assert titles[0] == "[FIRING 1] DatabaseDown on wf009", way
        assert titles[-1] == "[RESOLVED] DatabaseDown on wf009", way
    assert all(value in text for text in came["webhook"][1] for value in ANNOTATIONS.values())
    assert ("alerts", SECRETS["smtp"]) in sinks.logins
    tokens = {one.authorization for one in sinks.posts if one.path == "/hook"}
    assert tokens == {f"Bearer {SECRETS['bearer']}"}
    assert any(one.path == "/webhook-secret" and "wf009" in one.text for one in sinks.posts)


@pytest.mark.parametrize(
    ("wrong", "code", "variable"),
    [
        (
            {"alertmanager_default_receiver": "nobody-known"},
            "reference.unknown",
            "alertmanager_default_receiver",
        ),
        (
            {"alertmanager_receivers": [{"name": "drill"}]},
            "name.reserved",
            "alertmanager_receivers",
        ),
        (
            {"alertmanager_receivers": [{"name": "a", "emails": [{"to": "a@example.com"}]}]},
            "smtp.incomplete",
            "alertmanager_smtp",
        ),
        (
            {"alertmanager_receivers": [{"name": "a", "webhooks": [{}]}]},
            "webhook.url",
            "alertmanager_receivers[a].webhooks",
        ),
        (
            {"alertmanager_drill_webhook_url": "host:80"},
            "url.invalid",
            "alertmanager_drill_webhook_url",
        ),
        (
            {"alertmanager_receivers": [{"name": "a", "telegram": [TELEGRAM]}]},
            "url.invalid",
            "alertmanager_receivers[a].telegram.api_url",
        ),
        (
            {"alertmanager_existing_config_directory": "/etc", "alertmanager_mode": "existing"},
            "path.invalid",
            "alertmanager_existing_config_directory",
        ),
        ({"alertmanager_port": 70000}, "port.invalid", "alertmanager_port"),
    ],
)
def test_wrong_variables_are_refused_before_anything_is_touched(
    alertmanager: Deployment, wrong: dict[str, object], code: str, variable: str
) -> None:
    done = alertmanager.run(**wrong)
    assert done.returncode != 0
    assert has_fault(done.stdout, code, variable)
    assert "changed=0" in done.stdout
