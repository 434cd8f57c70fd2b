# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of test_preflights.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from .tools import certificate, pem

HASH = "$2y$04$cnz4lbmD07nIFYLJu6nRUOzlp9G1XY1WgG9Yn3z.iL7xNSGFY.gyW"
KEY = "key-of-the-test-0123456789"
# What each role needs to be content.
GOOD: dict[str, dict[str, Any]] = {
    "collector": {
        "collector_region": "usa",
        "collector_api_keys": [KEY],
        "collector_pushgateway_url": "http://127.0.0.1:9",
    },
    "pushgateway": {},
    "prometheus": {},
    "victoriametrics": {},
    "traefik": {},
    "observability": {},
    "probe_databases": {
        "probe_databases_password": "probe-0123456789",
        "probe_databases_admin_password": "admin-0123456789",
    },
}


ONE, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _number in range(2))
HOST = "prometheus.example.com"
ROUTES = [{"name": "one", "host": HOST, "servers": ["http://127.0.0.1:9"]}]


def files(text: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """Traefik with this certificate and key."""
    return {
        "traefik_certificate_source": "files",
        "traefik_certificate": text,
        "traefik_certificate_key": pem(key),
        "traefik_routes": ROUTES,
    }


def users(**variables: Any) -> dict[str, Any]:
    """Pushgateway with a user."""
    return {"pushgateway_basic_auth_users": {"push": HASH}, **variables}


# Name: role, variables, what is to be said (nothing: the preflight is content).
CASES: dict[str, tuple[str, Mapping[str, Any], str]] = {
    **{f"{role} as it is": (role, {}, "") for role in GOOD},
    # Where they listen
    "two ports": (
        "collector",
        {"collector_api_port": 9102, "collector_metrics_port": 9102},
        "two different ports",
    ),
    "a port of letters": ("prometheus", {"prometheus_port": "many"}, "prometheus_port"),
    "a port below 0": (
        "traefik",
        {"traefik_http_port": -1},
        "traefik_http_port: expected a port from 0",
    ),
    "port 0": (
        "probe_databases",
        {"probe_databases_mariadb_port": 0},
        "probe_databases_mariadb_port: expected a port",
    ),
    "no address": (
        "pushgateway",
        {"observability_bind_address": "127.0.0.300"},
        "pushgateway_bind_address: expected an IP address",
    ),
    "public, IPv6": (
        "traefik",
        {"traefik_api_bind_address": "::"},
        "must not be public; seen: '::'",
    ),
    "public": (
        "traefik",
        {"traefik_api_bind_address": "0.0.0.0"},
        "traefik_api_bind_address: expected a loopback or private",
    ),
    # Names, keys and hashes
    "no region": ("collector", {"collector_region": ""}, "collector_region in lower case letters"),
    "an address as name": (
        "collector",
        {"collector_host": "0.0.0.0"},
        "collector_host to be a name, not an address (seen: 0.0.0.0)",
    ),
    "no key": ("collector", {"collector_api_keys": []}, "one or two collector_api_keys"),
    "a short key": ("collector", {"collector_api_keys": ["short"]}, "at least 16 characters"),
    "a plain password": (
        "pushgateway",
        {"pushgateway_basic_auth_users": {"push": "plain text"}},
        "bcrypt hash",
    ),
    "a short password": (
        "probe_databases",
        {"probe_databases_password": "short"},
        "probe_databases_password",
    ),
    "a retention of words": (
        "victoriametrics",
        {"victoriametrics_retention": "for ever"},
        "victoriametrics_retention",
    ),
    # Shared facts
    "no such way to an image": (
        "observability",
        {"observability_image_source": "registy"},
        "observability_image_source",
    ),
    "a registry with a scheme": (
        "observability",
        {"observability_registry": "https://registry.example.com"},
        "observability_registry empty or host[:port][/path] without a scheme",
    ),
    "a registry with a path": (
        "observability",
        {"observability_registry": "registry.example.com:5000/team/images"},
        "",
    ),
    "a domain of two words": (
        "observability",
        {"observability_domain": "example com"},
        "URLs in observability_urls",
    ),
    # Alerts
    "no such alert": (
        "prometheus",
        {"prometheus_alerts": {"ColectorStale": {"for": "1m"}}},
        "prometheus_alerts.ColectorStale.",
    ),
    "no duration": (
        "prometheus",
        {"prometheus_alerts": {"TargetDown": {"for": "5 min"}}},
        "durations such as 5m in each",
    ),
    "a name of the collection's": (
        "prometheus",
        {"prometheus_rules": {"vya-own": []}},
        "no name in prometheus_rules that begins with vya-",
    ),
    "a relative directory": (
        "prometheus",
        {"prometheus_existing_rules_directory": "rules"},
        "an absolute path of two levels or more (seen: 'rules')",
    ),
    # Certificates and keys
    "a certificate alone": (
        "pushgateway",
        {"pushgateway_tls_certificate": "only this"},
        "both or neither",
    ),
    "no certificate": (
        "traefik",
        {"traefik_certificate_source": "files"},
        "traefik_certificate and traefik_certificate_key",
    ),
    "no such source": (
        "traefik",
        {"traefik_certificate_source": "lets"},
        "traefik_certificate_source",
    ),
    "nobody for ACME": ("traefik", {"traefik_certificate_source": "acme"}, "traefik_acme_email"),
    "traefik's pair": ("traefik", files(certificate(ONE, HOST), ONE), ""),
    "traefik, another key": (
        "traefik",
        files(certificate(ONE, HOST), OTHER),
        "do not belong together",
    ),
    "traefik, another name": (
        "traefik",
        files(certificate(ONE, "grafana.example.com"), ONE),
        f"the certificate is not for {HOST}; it is for grafana.example.com.",
    ),
    "traefik, expired": ("traefik", files(certificate(ONE, HOST, -1), ONE), "expired on"),
    "pushgateway's pair": (
        "pushgateway",
        {"pushgateway_tls_certificate": certificate(ONE, HOST), "pushgateway_tls_key": pem(ONE)},
        "",
    ),
    "pushgateway, another key": (
        "pushgateway",
        {"pushgateway_tls_certificate": certificate(ONE, HOST), "pushgateway_tls_key": pem(OTHER)},
        "pushgateway_tls_certificate: the certificate (for prometheus.example.com) and the key ",
    ),
    "pushgateway, expired": (
        "pushgateway",
        {
            "pushgateway_tls_certificate": certificate(ONE, HOST, -1),
            "pushgateway_tls_key": pem(ONE),
        },
        "pushgateway_tls_certificate: the certificate expired on",
    ),
    # Who may push
    "users, one of them given": (
        "pushgateway",
        users(observability_pushgateway_username="push", observability_pushgateway_password="p"),
        "",
    ),
    "users, none given": ("pushgateway", users(), "observability_pushgateway_username"),
    "users, another given": (
        "pushgateway",
        users(observability_pushgateway_username="pusher", observability_pushgateway_password="p"),
        "(push) in observability_pushgateway_username (seen: 'pusher')",
    ),
    # URLs
    "no such port": (
        "collector",
        {"collector_pushgateway_url": "http://h:99999"},
        "collector_pushgateway_url: expected http:// or https://",
    ),
    "no scheme": (
        "collector",
        {"collector_pushgateway_url": "prometheus.example.com"},
        "collector_pushgateway_url: expected http:// or https://",
    ),
    "another scheme": (
        "collector",
        {"collector_victoriametrics_url": "ftp://vm.example.com"},
        "seen: 'ftp://vm.example.com'",
    ),
    "a blank": ("collector", {"collector_url": "http://a b"}, "collector_url: expected http://"),
    "credentials": (
        "collector",
        {"collector_victoriametrics_url": "http://user:pass-word@h"},
        "collector_victoriametrics_url: expected http://",
    ),
    "pushgateway's URL": ("pushgateway", {"pushgateway_url": "h:1"}, "pushgateway_url: expected"),
    "victoriametrics's URL": (
        "victoriametrics",
        {"victoriametrics_url": "http://h:0"},
        "victoriametrics_url: expected",
    ),
    "prometheus's URL": ("prometheus", {"prometheus_url": "//h"}, "prometheus_url: expected"),
    "where Prometheus writes": (
        "prometheus",
        {"prometheus_remote_write_url": "http://h:99999/write"},
        "prometheus_remote_write_url: expected",
    ),
    "no path to write to": (
        "prometheus",
        {"prometheus_remote_write_url": "http://vm:8428"},
        "prometheus_remote_write_url empty or a URL with a path",
    ),
    "the target's port": (
        "prometheus",
        {"prometheus_pushgateway_target": "pushgateway:99999"},
        "prometheus_pushgateway_target: expected host:port, the port from 1 to 65535",
    ),
    "the alertmanagers' ports": (
        "prometheus",
        {"prometheus_alertmanager_targets": ["a:9093", "b:0"]},
        "_alertmanager_targets: expected host:port, the port from 1 to 65535; seen: 'b:0'",
    ),
    "the servers of a route": (
        "traefik",
        {"traefik_routes": [{"name": "one", "host": HOST, "servers": ["http://h:99999"]}]},
        "servers of the route one in traefik_routes: expected",
    ),
    # The collector's own settings
    "a key twice": ("collector", {"collector_api_keys": [KEY, KEY]}, "collector_api_keys"),
    "a key with a blank": ("collector", {"collector_api_keys": [KEY + " "]}, "collector_api_keys"),
    "two keys": ("collector", {"collector_api_keys": [KEY, KEY + "-new"]}, ""),
    "an unknown setting": (
        "collector",
        {"collector_settings": {"api": {"prot": 5001}}},
        "collector_settings",
    ),
    "a setting of another type": (
        "collector",
        {"collector_settings": {"victoriametrics": {"interval_seconds": "often"}}},
        "interval_seconds",
    ),
    "settings": (
        "collector",
        {"collector_settings": {"api": {"burst": 10}, "log_level": "debug"}},
        "",
    ),
    "a file without its slash": (
        "collector",
        {"collector_extra_files": [{"path": "database_ca.crt", "content": "x"}]},
        "collector_extra_files",
    ),
    "a file in the role's own place": (
        "collector",
        {"collector_extra_secrets": [{"path": "/run/secrets/api_keys", "content": "pass-word"}]},
        "collector_extra_secrets",
    ),
    # The gateway is asked from a host that is still without Python's requests.
    "from a clean host": ("collector", {"validate_from": "clean"}, ""),
    # Targets
    "targets": ("prometheus", {"prometheus_targets": {"web": [{"targets": ["a:80"]}]}}, ""),
    "targets in a directory": (
        "prometheus",
        {"prometheus_targets": {"../web": [{"targets": ["a:80"]}]}},
        "prometheus_targets",
    ),
}
