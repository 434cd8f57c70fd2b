# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role alertmanager: all receivers, their secrets, the route tree, and nobody to be told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import docker
import pytest
import requests

from ..conftest import free_port
from ..deployment import Deployment

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
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


def test_without_a_receiver_the_deploy_says_that_alerts_go_nowhere(
    alertmanager: Deployment,
) -> None:
    said = alertmanager.ok()
    assert "none; alerts go nowhere" in said
    assert "changed=0" in alertmanager.ok()


def test_all_receivers_and_the_route_tree(
    alertmanager: Deployment, docker_client: docker.DockerClient
) -> None:
    variables = {
        "alertmanager_receivers": RECEIVERS,
        # Debian's version takes some from no file; another one is a newer one.
        "alertmanager_inline_secrets": "TEST_IMAGE_ALERTMANAGER" not in os.environ,
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
    assert "alerts go nowhere" not in said
    assert "changed=1" in said
    assert "changed=0" in alertmanager.ok(**variables)

    container = docker_client.containers.get(alertmanager.name)
    inspected = json.dumps(container.attrs)
    for secret in SECRETS.values():
        assert secret not in inspected
        assert secret not in foreseen + said
    files = sorted((alertmanager.directory / "config/alertmanager").rglob("*"))
    for file in (each for each in files if each.is_file()):
        hidden = any(secret in file.read_text() for secret in SECRETS.values())
        assert (file.stat().st_mode & 0o777) == (0o400 if hidden else 0o640), file

    def receivers(*labels: str) -> str:
        code, output = container.exec_run(
            [
                *("amtool", "config", "routes", "test"),
                *("--config.file=/etc/alertmanager/alertmanager.yml", *labels),
            ],
            demux=True,
        )
        assert code == 0, output
        return output[0].decode().strip()

    assert receivers("severity=critical", "instance=wf001") == "on-call"
    assert receivers("severity=warning", "instance=wf001") == "operators"
    assert receivers("severity=critical", "instance=wf008") == "brazil"
    assert receivers("severity=warning", "instance=wf008") == "brazil"


def test_inhibition(alertmanager: Deployment) -> None:
    """What a silent collector cannot know is not told; another collector's is."""
    url = alertmanager.variables["alertmanager_url"]
    alerts = [
        {"alertname": "CollectorStale", "instance": "wf001", "severity": "critical"},
        {"alertname": "DatabaseDown", "instance": "wf001", "severity": "critical"},
        {"alertname": "DatabaseDown", "instance": "wf008", "severity": "critical"},
        {"alertname": "PingRttCritical", "source_location": "a", "severity": "critical"},
        {"alertname": "PingRttHigh", "source_location": "a", "severity": "warning"},
        {"alertname": "PingRttHigh", "source_location": "b", "severity": "warning"},
    ]
    sent = [{"labels": labels} for labels in alerts]
    requests.post(f"{url}/api/v2/alerts", json=sent, timeout=10).raise_for_status()

    def inhibited() -> set[tuple[str, str]]:
        found = requests.get(f"{url}/api/v2/alerts?inhibited=true", timeout=10).json()
        return {
            (
                each["labels"]["alertname"],
                each["labels"].get("instance") or each["labels"]["source_location"],
            )
            for each in found
            if each["status"]["inhibitedBy"]
        }

    assert inhibited() == {("DatabaseDown", "wf001"), ("PingRttHigh", "a")}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"alertmanager_default_receiver": "nobody-known"}, "seen: nobody-known"),
        ({"alertmanager_receivers": [{"name": "drill"}]}, "neither nobody nor drill"),
        (
            {"alertmanager_receivers": [{"name": "a", "emails": [{"to": "a@example.com"}]}]},
            "expected smarthost and from in alertmanager_smtp",
        ),
        ({"alertmanager_receivers": [{"name": "a", "webhooks": [{}]}]}, "either url or secret_url"),
        ({"alertmanager_drill_webhook_url": "host:80"}, "seen: 'host:80'"),
        ({"alertmanager_port": 70000}, "70000"),
    ],
)
def test_wrong_variables_are_refused_before_anything_is_touched(
    alertmanager: Deployment, wrong: dict[str, object], message: str
) -> None:
    done = alertmanager.run(**wrong)
    assert done.returncode != 0
    assert message in " ".join(done.stdout.replace("\\n", " ").split())
    assert "changed=0" in done.stdout
