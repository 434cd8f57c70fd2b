# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collector's settings and secrets."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._content import collector

DATABASE = {"name": "n8n", "type": "postgresql", "host": "db", "port": "5432", "password": "secret"}
LEAST: dict[str, Any] = {
    "collector_host": "wf001",
    "collector_region": "usa",
    "collector_location": "usa",
    "collector_api_keys": ["one", "two"],
    "collector_databases": [],
    "collector_ca_mounted": "",
    "collector_pushgateway_url": "https://gateway.example.com",
    "collector_pushgateway_interval_seconds": "60",
    "collector_pushgateway_timeout_seconds": 10,
    "collector_pushgateway_username": "",
    "collector_pushgateway_password": "",
    "collector_victoriametrics_url": "",
    "collector_victoriametrics_username": "",
    "observability_ports": {"collector_api": "5001", "collector_metrics": 9102},
}
WHOLE = {
    **LEAST,
    "collector_databases": [DATABASE, {"name": "old", "password": "other"}],
    "collector_ca_mounted": "/etc/collector/ca.crt",
    "collector_pushgateway_username": "push",
    "collector_pushgateway_password": "pass-word",
    "collector_victoriametrics_url": "http://vm:8428",
    "collector_victoriametrics_username": "writer",
    "collector_victoriametrics_password": "write-word",
}


def test_the_least() -> None:
    assert collector.settings(LEAST) == {
        "host": "wf001",
        "region": "usa",
        "location": "usa",
        "api": {"port": 5001, "keys_file": "/run/secrets/api_keys"},
        "metrics": {"port": 9102},
        "databases": [],
        "pushgateway": {
            "url": "https://gateway.example.com",
            "interval_seconds": 60.0,
            "timeout_seconds": 10.0,
        },
        "victoriametrics": None,
    }
    assert collector.secrets(LEAST) == [{"path": "/run/secrets/api_keys", "content": "one\ntwo\n"}]


def test_all_of_it_and_no_secret_in_the_settings() -> None:
    found = collector.settings(WHOLE)
    assert found["databases"][0] == {
        "name": "n8n",
        "type": "postgresql",
        "host": "db",
        "port": 5432,
        "password_file": "/run/secrets/database_n8n",
    }
    assert found["pushgateway"]["ca_file"] == "/etc/collector/ca.crt"
    assert found["pushgateway"]["password_file"] == "/run/secrets/pushgateway_password"
    assert found["victoriametrics"] == {
        "url": "http://vm:8428",
        "spool_directory": "/var/lib/collector/spool",
        "username": "writer",
        "password_file": "/run/secrets/victoriametrics_password",
    }
    secrets = {each["path"]: each["content"] for each in collector.secrets(WHOLE)}
    assert secrets == {
        "/run/secrets/api_keys": "one\ntwo\n",
        "/run/secrets/pushgateway_password": "pass-word",
        "/run/secrets/victoriametrics_password": "write-word",
        "/run/secrets/database_n8n": "secret",
        "/run/secrets/database_old": "other",
    }
    assert not any(f"'{content}'" in str(found) for content in secrets.values())
