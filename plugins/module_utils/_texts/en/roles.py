# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles prove: who is notified of alerts, a run of the exporter: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "receiver": {
        "expected": "a receiver that notifies someone",
    },
    "receiver.alertmanager_none": {
        "seen": "none: Alertmanager drops alerts that match no route",
        "cause": "alertmanager_receivers or alertmanager_default_receiver is empty, or the receivers have only a name",
        "fix": "configure a webhook, an e-mail address, a Slack or a Telegram channel (docs/alerting.md)",
    },
    "receiver.grafana_nobody": {
        "seen": "{names}: no one is notified",
        "cause": "no contact point has been configured yet",
        "fix": "set grafana_alerts_to_alertmanager, or grafana_contact_points and grafana_notification_policy (docs/grafana.md)",
    },
    "exporter_run": {
        "expected": "one run that reads from n8n and delivers",
        "seen": "it has read and delivered",
    },
    "exporter_run.failed": {
        "seen": "exit code {exit_code}",
        "cause": "{error}",
        "fix": "repair it and deploy again; {directory}/run-{exporter} on that host shows a whole run. Until then cron keeps its jobs",
    },
    "exporter_run.failed.silent": {
        "cause": "the run said nothing",
    },
    "foresight": {
        "expected": "check mode asks a Docker engine",
        "seen": "{engine}; Python modules missing: {modules}",
        "cause": "a run installs and starts it first",
        "fix": "not judged: which images a registry has, whether containers start, whether a port or a name "
        "is taken by another container. Everything else below is foreseen; after --tags docker all is",
    },
    "foresight.engine": {},
    "foresight.packages": {
        "cause": "a run installs and starts it first; whether its packages can be had is not judged: {packages}",
    },
}
