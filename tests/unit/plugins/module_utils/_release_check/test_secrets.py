# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a container's environment looks like a secret, and what only sounds like one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._check import Ask
from ansible_collections.vya.observability.plugins.module_utils._docker.environment import exposed
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release_check.release import (
    no_daemon,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check.secrets import (
    read_accepted,
    secrets_check,
)
from ansible_collections.vya.observability.plugins.module_utils._texts.text import text

VALUE = "s3cret-of-the-test"


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "PGPASSWORD",
        "DB_POSTGRESDB_PASSWORD",
        "MYSQL_PWD",
        "SMTP_PASS",
        "key_passphrase",
        "JWT_SECRET",
        "GITHUB_TOKEN",
        "X_API_KEY",
        "N8N_APIKEY",
        "AWS_SECRET_ACCESS_KEY",
        "N8N_ENCRYPTION_KEY",
        "TLS_PRIVATE_KEY",
        "GOOGLE_CREDENTIALS",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert exposed({name: VALUE}) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD_FILE", "/run/secrets/password"),
        ("API_KEY", "/run/secrets/key"),
        ("GF_SECURITY_ADMIN_PASSWORD", "$__file{/run/secrets/admin}"),
        ("ADMIN_PASSWORD", ""),
        ("REQUIRE_TOKEN", "true"),
        ("SEND_PASSWORD", "No"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("MAX_TOKENS", "100"),
        # Of the official Python image: the key that signed it, which is public.
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
        ("PWD", "/srv"),
        ("OLDPWD", "/"),
        ("COMPASS", "north"),
        ("PROXY", "http://proxy.example.com:3128"),
        ("DATABASE_URL", "postgresql://probe@db.example.com/app"),
        ("DATABASE_URL", "postgresql://probe:@db.example.com/app"),
    ],
)
def test_what_only_sounds_like_one(name: str, value: str) -> None:
    assert exposed({name: value}) == []


@pytest.mark.parametrize(
    "value",
    [
        f"postgresql://probe:{VALUE}@db.example.com/app",
        f"redis://:{VALUE}@cache.example.com",
        f"host=db.example.com user=probe password={VALUE}",
        f"https://hooks.example.com/?a=1&token={VALUE}",
    ],
)
def test_a_password_within_a_value(value: str) -> None:
    assert exposed({"DATABASE": value}) == ["DATABASE"]


HAS_TWO = {"n8n": {"DB_PASSWORD": VALUE, "TZ": "UTC", "JWT_SECRET": VALUE}, "app": {}}
TWO = ["n8n DB_PASSWORD", "n8n JWT_SECRET"]


@pytest.mark.parametrize(
    ("environments", "accepted", "code", "values"),
    [
        (
            {"app": {"TZ": "UTC"}, "other": {}},
            [],
            "ok",
            {"containers": 2, "accepted": text("none")},
        ),
        (HAS_TWO, [], "exposed", {"variables": TWO, "first": "n8n:DB_PASSWORD"}),
        # What is accepted is still told.
        (HAS_TWO, ["n8n:DB_*", "*:JWT_SECRET"], "ok", {"accepted": TWO}),
        (HAS_TWO, ["app:DB_*", "*:JWT_SECRET"], "exposed", {"variables": TWO[:1]}),
    ],
)
def test_each_is_named_and_none_is_shown(
    environments: dict[str, dict[str, str]], accepted: list[str], code: str, values: dict[str, Any]
) -> None:
    found = secrets_check("h", environments, [read_accepted(each) for each in accepted])
    assert found.id == "secrets h"
    assert (found.status, found.code) == ("pass" if code == "ok" else "warn", f"secrets.{code}")
    assert {name: found.values[name] for name in values} == values
    assert VALUE not in str(found)


@pytest.mark.parametrize("given", ["", "n8n", ":DB_PASSWORD", "n8n:", "a b:C", "a:b:c"])
def test_a_pattern_that_cannot_be_read(given: str) -> None:
    with pytest.raises(ValueError, match="expected CONTAINER:VARIABLE"):
        read_accepted(given)


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (FileNotFoundError(2, "no such file"), "docker.no_socket"),
        (Failure("docker.no_answer", "", docker_host="x", error="y"), "docker.no_answer"),
        (Failure("release.unknown", "it has ended"), "docker.no_answer"),
    ],
)
def test_a_daemon_that_has_gone_away_meanwhile(raised: Exception, code: str) -> None:
    found = no_daemon(Ask("secrets", "h"), "unix:///var/run/docker.sock", raised)
    assert (found.id, found.status, found.code) == ("secrets h", "fail", code)
    assert found.values["error"]
