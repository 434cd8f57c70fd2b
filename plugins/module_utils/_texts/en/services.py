# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services, their health and certificates: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "service": {
        "expected": "{wanted}",
        "seen": "{name}, in {seconds:ms}",
    },
    "service_ready": "{title} at {url}, ready",
    "service_answers": "{url} answers {statuses:/}",
    "service_contains": '{url} answers {statuses:/} with the text "{contains}"',
    "service.slow": {
        "seen": "{name}, in {seconds:ms}; the limit is {limit:g} s",
        "cause": "the service, the proxy before it or the network is overloaded",
        "fix": "compare with the latency on the service's own host",
    },
    "service.not_ready": {
        "seen": "{name}, not ready: {path} answers {status} {body}",
        "cause": "it is starting or stopping, or a dependency is missing",
        "fix": "read the log of {title}",
    },
    "service.login_page": {
        "seen": "{status}, a page that asks for a password",
        "cause": "a login page answers; the service behind it was not checked",
        "fix": "set contains to a text that only the right page has",
    },
    "route": {
        "expected": "a route to it",
        "seen": "it has one",
    },
    "route.missing": {
        "seen": "{request}: the proxy before {host} answers 404 page not found on each path, also where its certificate is not verified",
        "cause": "Traefik has no route for {host}, or only for other paths or entry points; without one it presents its default certificate",
        "fix": "add {host} to traefik_routes and deploy with --tags traefik; for an existing Traefik, read its /api/http/routers",
    },
    "route.missing.told": {
        "cause": "Traefik at {api} has no router for {host}",
    },
    "health": {
        "expected": "every database is up, and every push target accepts pushes",
        "seen": "databases: {databases}; push targets: {targets}",
    },
    "health.part_down": {
        "seen": "{parts:; }",
        "cause": "it is down, or the collector has the wrong address or password for it",
        "fix": "check {names} from the collector's host; {url} has the details",
    },
    "health_database": "database {name}: {error}",
    "health_target": "push to {name}: {error}",
    "health_task": "task {name}: {error}",
    "not_yet": "not yet",
    "untold": "it tells only who has its key",
    "none": "none",
    "health.no_target": {
        "seen": "it has no push target",
        "cause": "its settings name neither pushgateway nor victoriametrics",
        "fix": "deploy it with a push target",
    },
    "health.not_probed": {
        "seen": "it does not probe {missing}; it probes: {databases}",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "health.not_expected": {
        "seen": "it also probes {more}, which is not in the inventory",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "certificate": {
        "expected": "trusted, for {host}, at least {days:g} days left, TLS 1.2 or newer",
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}",
    },
    "issuer_no_name": "an issuer without a name",
    "certificate_refused": "{seen}; certificate for {names}, issued by {issuer}, valid until {until} UTC",
    "certificate_unread": "{seen}; the certificate could not be read ({error})",
    "certificate_no_name": "no name ({subject})",
    "certificate.not_verified": {
        "seen": "not verified",
        "cause": "the option validate_certs is off",
        "fix": "turn it on, with the CA in ca_path",
    },
    "certificate.expires_soon": {
        "cause": "the certificate has not been renewed in time",
        "fix": "renew the certificate of {host}, and find out why automatic renewal failed",
    },
    "certificate.old_protocol": {
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}; {old} is accepted too",
        "cause": "the server, or the proxy before it, accepts protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    "certificate.only_old_protocol": {
        "seen": "{error}; nothing newer than {old} is accepted",
        "cause": "the server, or the proxy before it, only allows protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
}
