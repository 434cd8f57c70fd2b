# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the ping service, which its own check takes, and its secrets."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._content import ping

V: dict[str, Any] = {
    "ping_host": "wf008",
    "ping_location": "brazil",
    "ping_datacenter": "dc1",
    "ping_country": "BR",
    "ping_interval_seconds": "30",
    "ping_timeout_seconds": 10,
    "ping_ca_mounted": "/etc/collector/ca.crt",
    "observability_ports": {},
    "ping_targets": [
        {"name": "a", "location": "A", "url": "https://a.example.com", "api_key": "secret-a"},
        {
            "name": "b",
            "location": "B",
            "url": "http://b.example.com",
            "api_key": "secret-b",
            "timeout_seconds": "5",
        },
    ],
}


def test_settings_and_secrets() -> None:
    found = ping.settings(V)
    assert found == {
        "host": "wf008",
        "source": {"location": "brazil", "datacenter": "dc1", "country": "BR"},
        "targets": [
            {
                "name": "a",
                "location": "A",
                "url": "https://a.example.com",
                "api_key_file": "/run/secrets/api_key_a",
                "timeout_seconds": 10.0,
                "ca_file": "/etc/collector/ca.crt",
            },
            {
                "name": "b",
                "location": "B",
                "url": "http://b.example.com",
                "api_key_file": "/run/secrets/api_key_b",
                "timeout_seconds": 5.0,
            },
        ],
        "interval_seconds": 30.0,
        "buffer": {"directory": "/var/lib/collector"},
        "metrics": {"port": 9101},
    }
    assert ping.secrets(V) == [
        {"path": "/run/secrets/api_key_a", "content": "secret-a\n"},
        {"path": "/run/secrets/api_key_b", "content": "secret-b\n"},
    ]
    assert "secret-" not in str(found)
