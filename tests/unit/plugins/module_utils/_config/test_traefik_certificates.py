# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a certificate of Traefik's set is said to expire soon."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._certificate import sign
from ansible_collections.vya.observability.plugins.module_utils._certificate.x509 import days_of
from ansible_collections.vya.observability.plugins.module_utils._config.directory import Entry
from ansible_collections.vya.observability.plugins.module_utils._config.traefik_certificates import (  # noqa: E501
    Certificates,
    Served,
    check_hosts,
    hosts_of,
    resolved_names,
)


@pytest.mark.parametrize(
    ("left", "life", "warned"),
    [
        (6.0, 7.0, False),
        (1.9, 6.0, True),
        (20.0, 90.0, False),
        (13.0, 90.0, True),
        (13.0, 365.0, True),
        (15.0, 45.0, False),
        (0.2, 1.0, True),
    ],
)
def test_it_is_judged_by_its_own_life(left: float, life: float, warned: bool) -> None:
    served = Served("a", ("a.example",), "x", left, life)
    assert bool(Certificates([served], complete=True).warnings()) is warned


def test_the_life_of_a_certificate() -> None:
    key, name = sign.new_key(), sign.name_of("CA")
    authority = sign.sign_authority(name, key, 6)
    assert 5.9 < days_of(authority) < 6.1


@pytest.mark.parametrize(
    ("rule", "hosts"),
    [
        ("Host(`a.example`) && PathPrefix(`/x`)", ["a.example"]),
        ('Host("a.example", `b.example`)', ["a.example", "b.example"]),
        ("PathPrefix(`/`) && !Host(`b.example`)", []),
        ("Host(`a.example`) && ! Host(`b.example`)", ["a.example"]),
        ("!(Host(`b.example`) || Host(`c.example`)) || Host(`a.example`)", ["a.example"]),
        ("!((Host(`b.example`)) && Path(`/)`)) || Host(`a.example`)", ["a.example"]),
        ("!!Host(`a.example`) && (!Path(`/`) || Host(`b.example`))", ["a.example", "b.example"]),
        ("HostRegexp(`.+`) || HostSNI(`x`)", []),
    ],
)
def test_the_hosts_of_a_rule(rule: str, hosts: list[str]) -> None:
    assert hosts_of(rule) == hosts


def test_certificates_that_a_resolver_has_made_serve_other_routers_too() -> None:
    routers = {
        "a": {"rule": "Host(`a.example`)", "tls": {"certResolver": "le"}},
        "b": {
            "rule": "Host(`b.example`)",
            "tls": {
                "certResolver": "le",
                "domains": [{"main": "w.example", "sans": ["*.w.example"]}],
            },
        },
        "c": {"rule": "Host(`c.w.example`) || Host(`a.example`)", "tls": {}},
    }
    names = resolved_names(routers)
    assert names == {"a.example", "w.example", "*.w.example"}
    served = Certificates([Served("x", ("x.example",), "x", 90, 90)], complete=True)
    assert check_hosts(routers, served, names) == []


@pytest.mark.parametrize(
    "text",
    [
        "tls: x",
        "tls: [x]",
        "tls: {certificates: x}",
        "tls: {certificates: {certFile: x}}",
        "tls: {certificates: [x, {certFile: [x], keyFile: {}}, null]}",
        "tls: {stores: [default]}",
        "tls: {stores: {default: x}}",
        "tls: {stores: {default: {defaultCertificate: [x]}}}",
        "- x",
    ],
)
def test_another_shape_is_left_to_traefik(text: str) -> None:
    files = {"a.yml": Entry(text.encode(), 0o644, 0, 0)}
    assert Certificates.of(files, "/etc/traefik/dynamic").served == []


@pytest.mark.parametrize(
    "text",
    [
        "tls: {certificates: [{certFile: /d/../d/a.crt, keyFile: /d/./a.key}]}",
        "tls: {certificates: [{certFile: /d//a.crt, keyFile: /d/a.key}]}",
        "TLS: {Certificates: [{CERTFILE: /d/a.crt, keyfile: /d/a.key}]}",
        "tls: {STORES: {default: {defaultcertificate: {certFile: /d/a.crt, keyFile: /d/a.key}}}}",
    ],
)
def test_every_spelling_of_a_path_and_a_key_is_found(text: str) -> None:
    key, name = sign.new_key(), sign.name_of("CA")
    made = sign.sign_server(name, ["a.example"], key, 90, name, key)
    files = {
        "a.yml": Entry(text.encode(), 0o644, 0, 0),
        "a.crt": Entry(sign.certificate_pem(made), 0o644, 0, 0),
        "a.key": Entry(sign.key_pem(key), 0o600, 0, 0, secret=True),
    }
    found = Certificates.of(files, "/d")
    assert [one.names for one in found.served] == [("a.example",)]
    text = "tls: {certificates: [{certFile: /d/../c, keyFile: /k}]}"
    outside = {**files, "a.yml": Entry(text.encode(), 0o644, 0, 0)}
    assert Certificates.of(outside, "/d") == Certificates([], complete=False)
