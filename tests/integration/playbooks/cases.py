# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of test_preflights.py."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography import x509

from ...certificates import Key, new_key, pem
from ...certificates import certificate as signed

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


ONE, OTHER = (new_key() for _number in range(2))
HOST = "prometheus.example.com"
ROUTES = [{"name": "one", "host": HOST, "servers": ["http://127.0.0.1:9"]}]


def certificate(key: Key, name: str, days: float = 30) -> str:
    return pem(signed(key, name, [x509.DNSName(name)], days=days))


def files(text: str, key: Key) -> dict[str, Any]:
    """Traefik with this certificate and key."""
    return {
        "traefik_certificate_source": "files",
        "traefik_certificate": text,
        "traefik_certificate_key": pem(key),
        "traefik_routes": ROUTES,
    }


def chain() -> dict[str, str]:
    """A server's certificate with an intermediate, and what may be wrong with that."""
    root, middle, other = (new_key() for _number in range(3))
    authority = signed(root, "Root", days=300, authority=True)
    by = {"issuer": (authority, root), "authority": True}
    links = {
        "root": authority,
        "middle": signed(middle, "Middle", **by),
        "expired": signed(middle, "Middle", days=-1, **by),
        "other": signed(other, "Other", **by),
    }
    links["leaf"] = signed(ONE, HOST, [x509.DNSName(HOST)], issuer=(links["middle"], middle))
    links["nameless"] = signed(ONE, HOST, issuer=(links["middle"], middle))
    return {name: pem(link) for name, link in links.items()}


CHAIN = chain()
CA_FILE = Path(tempfile.mkdtemp(prefix="cases-")) / "ca.pem"
CA_FILE.write_text(CHAIN["root"])
WRONG_CHAINS = {
    "an expired intermediate": (CHAIN["leaf"] + CHAIN["expired"], "intermediate_expired"),
    "another intermediate": (CHAIN["leaf"] + CHAIN["other"], "wrong_intermediate"),
    "no alternative name": (CHAIN["nameless"] + CHAIN["middle"], "no_name"),
}


def users(**variables: Any) -> dict[str, Any]:
    """Pushgateway with a user."""
    return {"pushgateway_basic_auth_users": {"push": HASH}, **variables}


# Name: role, variables, and what is found: nothing, code and variable of a fault, or a variable
# that the role's argument specification refuses.
CASES: dict[str, tuple[str, Mapping[str, Any], str]] = {
    **{f"{role} as it is": (role, {}, "") for role in GOOD},
    # Where they listen
    "two ports": (
        "collector",
        {"collector_api_port": 9102, "collector_metrics_port": 9102},
        "port.twice collector_metrics_port",
    ),
    "a port of letters": ("prometheus", {"prometheus_port": "many"}, "prometheus_port"),
    "a port below 0": (
        "traefik",
        {"traefik_http_port": -1},
        "port.invalid traefik_http_port",
    ),
    "port 0": (
        "probe_databases",
        {"probe_databases_mariadb_port": 0},
        "port.invalid probe_databases_mariadb_port",
    ),
    "no address": (
        "pushgateway",
        {"observability_bind_address": "127.0.0.300"},
        "address.invalid observability_bind_address",
    ),
    "public, IPv6": (
        "traefik",
        {"traefik_api_bind_address": "::"},
        "address.public traefik_api_bind_address",
    ),
    "public": (
        "traefik",
        {"traefik_api_bind_address": "0.0.0.0"},
        "address.public traefik_api_bind_address",
    ),
    # Names, keys and hashes
    "no region": ("collector", {"collector_region": ""}, "value.invalid collector_region"),
    "an address as name": (
        "collector",
        {"collector_host": "0.0.0.0"},
        "name.invalid collector_host",
    ),
    "no key": ("collector", {"collector_api_keys": []}, "key.count collector_api_keys"),
    "a short key": ("collector", {"collector_api_keys": ["short"]}, "key.weak collector_api_keys"),
    "a plain password": (
        "pushgateway",
        {"pushgateway_basic_auth_users": {"push": "plain text"}},
        "hash.invalid pushgateway_basic_auth_users.push",
    ),
    "a short password": (
        "probe_databases",
        {"probe_databases_password": "short"},
        "value.invalid probe_databases_password",
    ),
    "a retention of words": (
        "victoriametrics",
        {"victoriametrics_retention": "for ever"},
        "value.invalid victoriametrics_retention",
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
        "value.invalid observability_registry",
    ),
    "a registry with a path": (
        "observability",
        {"observability_registry": "registry.example.com:5000/team/images"},
        "",
    ),
    "a domain of two words": (
        "observability",
        {"observability_domain": "example com"},
        "name.invalid observability_domain",
    ),
    # Alerts
    "no such alert": (
        "prometheus",
        {"prometheus_alerts": {"ColectorStale": {"for": "1m"}}},
        "variable.unknown prometheus_alerts.ColectorStale",
    ),
    "no duration": (
        "prometheus",
        {"prometheus_alerts": {"TargetDown": {"for": "5 min"}}},
        "duration.invalid prometheus_alerts.TargetDown.for",
    ),
    "a name of the collection's": (
        "prometheus",
        {"prometheus_rules": {"vya-own": []}},
        "name.reserved prometheus_rules",
    ),
    "a relative directory": (
        "prometheus",
        {"prometheus_existing_rules_directory": "rules"},
        "path.invalid prometheus_existing_rules_directory",
    ),
    # Certificates and keys
    "a certificate alone": (
        "pushgateway",
        {"pushgateway_tls_certificate": "only this"},
        "pair.incomplete pushgateway_tls_key",
    ),
    "no certificate": (
        "traefik",
        {"traefik_certificate_source": "files"},
        "value.missing traefik_certificate",
    ),
    "no such source": (
        "traefik",
        {"traefik_certificate_source": "lets"},
        "traefik_certificate_source",
    ),
    "nobody for ACME": (
        "traefik",
        {"traefik_certificate_source": "acme"},
        "value.invalid traefik_acme_email",
    ),
    "traefik's pair": ("traefik", files(certificate(ONE, HOST), ONE), ""),
    "traefik, another key": (
        "traefik",
        files(certificate(ONE, HOST), OTHER),
        "certificate.other_key traefik_certificate",
    ),
    "traefik, another name": (
        "traefik",
        files(certificate(ONE, "grafana.example.com"), ONE),
        "certificate.name traefik_certificate",
    ),
    "traefik, expired": (
        "traefik",
        files(certificate(ONE, HOST, -1), ONE),
        "certificate.expired traefik_certificate",
    ),
    **{
        f"traefik, {name}": (
            "traefik",
            files(text, ONE),
            f"certificate.{found} traefik_certificate",
        )
        for name, (text, found) in WRONG_CHAINS.items()
    },
    "traefik, with its intermediate": ("traefik", files(CHAIN["leaf"] + CHAIN["middle"], ONE), ""),
    "traefik, signed by an authority that is not known here": (
        "traefik",
        files(CHAIN["leaf"], ONE),
        "",
    ),
    "traefik, without its intermediate": (
        "traefik",
        {**files(CHAIN["leaf"], ONE), "observability_ca_path": str(CA_FILE)},
        "certificate.issuer_missing traefik_certificate",
    ),
    "traefik, with the intermediate of its authority": (
        "traefik",
        {
            **files(CHAIN["leaf"] + CHAIN["middle"], ONE),
            "observability_ca_path": str(CA_FILE),
        },
        "",
    ),
    "pushgateway's pair": (
        "pushgateway",
        {"pushgateway_tls_certificate": certificate(ONE, HOST), "pushgateway_tls_key": pem(ONE)},
        "",
    ),
    "pushgateway, another key": (
        "pushgateway",
        {"pushgateway_tls_certificate": certificate(ONE, HOST), "pushgateway_tls_key": pem(OTHER)},
        "certificate.other_key pushgateway_tls_certificate",
    ),
    "pushgateway, expired": (
        "pushgateway",
        {
            "pushgateway_tls_certificate": certificate(ONE, HOST, -1),
            "pushgateway_tls_key": pem(ONE),
        },
        "certificate.expired pushgateway_tls_certificate",
    ),
    # Who may push
    "users, one of them given": (
        "pushgateway",
        users(observability_pushgateway_username="push", observability_pushgateway_password="p"),
        "",
    ),
    "users, none given": (
        "pushgateway",
        users(),
        "reference.unknown observability_pushgateway_username",
    ),
    "users, another given": (
        "pushgateway",
        users(observability_pushgateway_username="pusher", observability_pushgateway_password="p"),
        "reference.unknown observability_pushgateway_username",
    ),
    # URLs
    "no such port": (
        "collector",
        {"collector_pushgateway_url": "http://h:99999"},
        "url.invalid collector_pushgateway_url",
    ),
    "no scheme": (
        "collector",
        {"collector_pushgateway_url": "prometheus.example.com"},
        "url.invalid collector_pushgateway_url",
    ),
    "another scheme": (
        "collector",
        {"collector_victoriametrics_url": "ftp://vm.example.com"},
        "url.invalid collector_victoriametrics_url",
    ),
    "a blank": ("collector", {"collector_url": "http://a b"}, "url.invalid collector_url"),
    "credentials": (
        "collector",
        {"collector_victoriametrics_url": "http://user:pass-word@h"},
        "url.invalid collector_victoriametrics_url",
    ),
    "pushgateway's URL": ("pushgateway", {"pushgateway_url": "h:1"}, "url.invalid pushgateway_url"),
    "victoriametrics's URL": (
        "victoriametrics",
        {"victoriametrics_url": "http://h:0"},
        "url.invalid victoriametrics_url",
    ),
    "prometheus's URL": ("prometheus", {"prometheus_url": "//h"}, "url.invalid prometheus_url"),
    "where Prometheus writes": (
        "prometheus",
        {"prometheus_remote_write_url": "http://h:99999/write"},
        "url.invalid prometheus_remote_write_url",
    ),
    "no path to write to": (
        "prometheus",
        {"prometheus_remote_write_url": "http://vm:8428"},
        "url.no_path prometheus_remote_write_url",
    ),
    "the target's port": (
        "prometheus",
        {"prometheus_pushgateway_target": "pushgateway:99999"},
        "target.invalid prometheus_pushgateway_target",
    ),
    "the alertmanagers' ports": (
        "prometheus",
        {"prometheus_alertmanager_targets": ["a:9093", "b:0"]},
        "target.invalid prometheus_alertmanager_targets",
    ),
    "the servers of a route": (
        "traefik",
        {"traefik_routes": [{"name": "one", "host": HOST, "servers": ["http://h:99999"]}]},
        "url.invalid traefik_routes[one].servers",
    ),
    # The collector's own settings
    "a key twice": (
        "collector",
        {"collector_api_keys": [KEY, KEY]},
        "key.twice collector_api_keys",
    ),
    "a key with a blank": (
        "collector",
        {"collector_api_keys": [KEY + " "]},
        "key.weak collector_api_keys",
    ),
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
        "path.invalid collector_extra_files",
    ),
    "a file in the role's own place": (
        "collector",
        {"collector_extra_secrets": [{"path": "/run/secrets/api_keys", "content": "pass-word"}]},
        "path.reserved collector_extra_secrets",
    ),
    # The gateway is asked from a host without any Python module.
    "from a clean host": ("collector", {"validate_from": "clean"}, ""),
    # Targets
    "targets": ("prometheus", {"prometheus_targets": {"web": [{"targets": ["a:80"]}]}}, ""),
    "targets in a directory": (
        "prometheus",
        {"prometheus_targets": {"../web": [{"targets": ["a:80"]}]}},
        "name.invalid prometheus_targets",
    ),
}
