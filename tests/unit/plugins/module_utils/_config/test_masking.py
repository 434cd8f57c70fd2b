# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of a configuration are secrets, in every style of YAML."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config.masking import (
    hidden_by,
    masked,
    secrets_in,
    words_of,
)

WORD = "zzSECRETzz"


@pytest.mark.parametrize(
    "text",
    [
        "password: zzSECRETzz\n",
        "password: 'zzSECRETzz'\n",
        'auth_password: "zzSECRETzz"\n',
        '"api_key": "zzSECRETzz"\n',
        "{username: u, auth_password: zzSECRETzz}\n",
        "[{user_key: zzSECRETzz, token: zzSECRETzz}]\n",
        "password: |\n  zzSECRETzz\n  zzSECRETzz\nother: a\n",
        "password: >-\n  zzSECRETzz\n  and zzSECRETzz\n\n",
        "password: zzSECRETzz\n  zzSECRETzz\n",
        "password: &p zzSECRETzz\nother: *p\n",
        "x-word: &p zzSECRETzz\npassword: *p\n",
        "a: &m {token: zzSECRETzz}\nb: {<<: *m}\n",
        "a: {users: [me:zzSECRETzz, 'you:zzSECRETzz']}\n",
        "? password\n: zzSECRETzz\n",
        "password: !!str zzSECRETzz\n",
        "--- {secretKey: zzSECRETzz}\n--- {client-secret: zzSECRETzz}\n",
        "url: https://me:zzSECRETzz@h.example/\n",
        "urls: ['https://zzSECRETzz@h.example/a?b=c']\n",
        "url: https://h.example/alert?a=b&token=zzSECRETzz&c=d\n",
        "url: 'https://h.example/alert?k=0123456789abcdefghij-zzSECRETzz'\n",
        "url: https://h.example/hooks/0123456789abcdefghij-zzSECRETzz\n",
        "webhook_configs: [{url: https://h.example/zzSECRETzz}]\n",
        "webhook_configs:\n  - send_resolved: true\n    url: https://h.example/zzSECRETzz\n",
        "slack_configs: [{api_url: https://h.example/zzSECRETzz}]\n",
        "discord_configs: [{webhook_url: 'https://h.example/zzSECRETzz'}]\n",
        "http_headers: {X: {secrets: [zzSECRETzz]}}\n",
        "authorization: {type: Bearer, credentials: zzSECRETzz}\n",
        "headers: {customRequestHeaders: {Authorization: Basic zzSECRETzz}}\n",
        "headers: {X-Api-Key: zzSECRETzz, Cookie: 'a=zzSECRETzz'}\n",
        "# password: zzSECRETzz\na: b\n",
        "a: b\n  # old {token: zzSECRETzz}\n",
        "tls: {key: |-\n  -----BEGIN PRIVATE KEY-----\n  zzSECRETzz\n  }\n",
        '\ufeffpassword: "zzSECRETzz"\n',
        "since: 2024-02-30\nseparator: =\ntoken: zzSECRETzz\n",
        '{"remote_write": [{"basic_auth": {"password": "zzSECRETzz"}}]}',
        "password: {{ env `zzSECRETzz`\n  : [\n",
        "url: https://me:word@zzSECRETzz@h.example/\n",
        "url: 'https://me:half/zzSECRETzz@h.example/a'\n",
        "url: 'https://me:half#zzSECRETzz@h.example/a'\n",
        "proxy_connect_header: {Proxy-Authorization: [Basic zzSECRETzz], X-Any: [zzSECRETzz]}\n",
        "headers: {Cookie: [zzSECRETzz]}\n",
        "x-hook: &h {url: https://h.example/zzSECRETzz}\nwebhook_configs: [*h]\n",
    ],
)
def test_a_secret_is_found_in_every_style(text):
    shown = masked("a.yml", text)
    assert WORD not in shown
    assert any(WORD in one.value for one in secrets_in("a.yml", text)[0]) or "(not shown" in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("alertmanager.conf", "global: {smtp_auth_password: zzSECRETzz}\n"),
        ("alertmanager", "global:\n  smtp_auth_password: >-\n    zzSECRETzz\n"),
        ("jobs", "- job_name: a\n  basic_auth: {password: zzSECRETzz}\n"),
        ("broken.conf", "a: [\npassword: zzSECRETzz\n"),
        ("broken.conf", "a: [\npassword: |\n  zzSECRETzz\n"),
        ("settings.env", "DB_PASSWORD=zzSECRETzz\n"),
        ("tls.key", "-----BEGIN EC PRIVATE KEY-----\nzzSECRETzz\n-----END EC PRIVATE KEY-----\n"),
        ("tls.pem", "-----BEGIN PRIVATE KEY-----\nzzSECRETzz\n"),
        ("users", "admin:$apr1$ab$zzSECRETzz\nme:{SHA}zzSECRETzz\n"),
        ("a.tmpl", "see https://me:zzSECRETzz@h.example/\n"),
    ],
)
def test_a_secret_is_found_whatever_the_file_is_called(name, text):
    shown = masked(name, text)
    assert WORD not in shown
    assert any(WORD in one.value for one in secrets_in(name, text)[0]) or "(not shown" in shown


@pytest.mark.parametrize(
    "text",
    [
        "url: https://h.example/a@b:c\nother: 'http://[2001:db8::1]:9090/a@b'\n",
        "url: http://h.example:9090/teams/@ops\n",
        "password_file: secrets/password\n",
        "token_url: https://h.example/token\n",
        "annotations: {runbook_url: 'https://h.example/alerts?page=disk#token'}\n",
        "static_configs: [{targets: ['h.example:9090']}]\n",
        "remote_write: [{url: http://h.example:8428/api/v1/write}]\n",
        "authorization: {credentials_file: a}\n",
    ],
)
def test_what_is_no_secret_is_shown(text):
    assert masked("a.yml", text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "a: {user: u, password: 'x y', b: c}\nd: e\n",
            "a: {user: u, password: <secret>, b: c}\nd: e\n",
        ),
        ("token: |\n  one\n  two\nb: c\n", "token: <secret>\nb: c\n"),
        (
            "url: https://me:word@h.example/a?token=t-t-t&b=c # x\n",
            "url: https://me:<secret>@h.example/a?token=<secret>&b=c # x\n",
        ),
        (
            "url: https://word:word@h.example/a?token=token\n",
            "url: https://word:<secret>@h.example/a?token=<secret>\n",
        ),
    ],
)
def test_a_line_is_shown_with_its_value_replaced(text, shown):
    assert masked("a.yml", text) == shown


def test_a_known_secret_is_hidden_wherever_it_stands():
    assert masked("short.tmpl", "say hunter2\n", {"hunter2"}) == "say <secret>\n"


def test_what_the_server_prints_as_a_secret_is_one():
    printed = {"a": [{"key": "<secret>", "b": "1"}], "c": "<secret>", "d": "e"}
    written = {"a": [{"key": "one", "b": "1"}], "c": "two", "d": "<secret>"}
    assert sorted(hidden_by(printed, written)) == ["one", "two"]


def test_words_that_are_too_short_would_garble_everything():
    assert words_of({"abc", "long enough\n  and more\n", "a%2Fbcd", "prometheus"}) == {
        *("long enough", "long en...", "and more"),
        *("a%2Fbcd", "a/bcd"),
    }


def test_words_are_hidden_as_programs_print_them():
    assert words_of({'one\\two"three'}) >= {
        'one\\two"three',
        'one\\\\two\\"three',
        'one\\\\\\\\two\\\\\\"three',
        "one\\two...",
    }


def test_a_bomb_of_aliases_is_read_once():
    text = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert secrets_in("a.yml", text + "token: *k\n")[1]
