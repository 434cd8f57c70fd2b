# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server shows as loaded, in its own words, against what was written."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._api.times import seconds
from ansible_collections.vya.observability.plugins.module_utils._config.compare import (
    differences,
    patterns_match,
    texts,
)


def compare(written: str, loaded: str) -> list[str]:
    pairs = differences(texts(written), texts(loaded), "/etc/prometheus")
    return [f"{where}: {seen}" for where, seen in pairs]


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ("interval: 60s", "interval: 1m"),
        ("interval: 1h30m", "interval: 90m"),
        ("limit: 10MB", "limit: 10MiB"),
        ("limit: 1024KB", "limit: 1MiB"),
        ("on: yes", "on: true"),
        ("on: true", "on: true\nother: default"),
        ("honor_labels: false", "{}"),
        ("rule_files: []", "{}"),
        ("tls: {skip: false}", "{}"),
        ("offset: 0s", "{}"),
        ("password: hunter2", "password: <secret>"),
        ("files: [rules/*.yml]", "files: [/etc/prometheus/rules/*.yml]"),
        ("labels: {replica: 1}", 'labels: {replica: "1"}'),
        ("action: Keep", "action: keep"),
        ("modulus: 8.0", "modulus: 8"),
        ("url: http://me:pw@a.example.org", "url: http://me:xxxxx@a.example.org/"),
        ("bearer_token: abc", "authorization: {type: Bearer, credentials: <secret>}"),
        ("bearer_token_file: t", "authorization: {credentials_file: /etc/prometheus/t}"),
        ("external_labels: {host: '${HOSTNAME}'}", "external_labels: {host: web}"),
        ("timeout:", "timeout: 10s"),
        ("a: &x {b: 1}\nc: {<<: *x}", "a: {b: 1}\nc: {b: 1}"),
    ],
)
def test_the_same_in_other_words(written, loaded):
    assert compare(written, loaded) == []


@pytest.mark.parametrize(
    ("written", "loaded", "where"),
    [
        ("interval: 60s", "interval: 61s", "interval: another value"),
        ("interval: 60s", "{}", "interval: not there"),
        ("on: yes", "on: false", "on: another value"),
        ("on: true", "{}", "on: not there"),
        ("limit: 10MB", "limit: 11MiB", "limit: another value"),
        ("jobs: [{name: a}, {name: b}]", "jobs: [{name: a}]", "jobs: 1 entries instead of 2"),
        ("jobs: [{name: a}]", "jobs: [{name: c}]", "jobs[0].name: another value"),
        ("jobs: [{name: a}]", "jobs: {name: a}", "jobs: another kind of value"),
        ("url: http://a.example.org/x", "url: http://a.example.org/y", "url: another value"),
        ("site: North", "site: south", "site: another value"),
        (
            "external_labels: {site: a}",
            "external_labels: {site: b}",
            "external_labels.site: another value",
        ),
        ("bearer_token: abc", "{}", "bearer_token: not there"),
        ("rule_files: [a.yml]", "{}", "rule_files: not there"),
    ],
)
def test_something_else(written, loaded, where):
    assert compare(written, loaded) == [where]


def test_no_value_is_ever_in_a_difference():
    assert "hunter2" not in str(compare("password: hunter2", "password: hunter3"))


@pytest.mark.parametrize(
    ("text", "value"), [("1d12h", 129600), ("90s", 90), ("150ms", 0.15), ("0", 0), ("x5m", None)]
)
def test_durations(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize(
    ("pattern", "name", "meant"),
    [
        ("rules/*.yml", "rules/a.yml", True),
        ("/etc/prometheus/rules/*.yml", "rules/a.yml", True),
        ("/etc/prometheus/*.yml", "rules/a.yml", False),
        ("/elsewhere/rules/*.yml", "rules/a.yml", False),
        ("rules/a.yml", "rules/a.yaml", False),
    ],
)
def test_globs_do_not_cross_slashes(pattern, name, meant):
    assert patterns_match([pattern], name, "/etc/prometheus") is meant
