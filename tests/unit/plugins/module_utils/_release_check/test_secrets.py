# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a container's environment looks like a secret, and what only sounds like one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.vya.observability.plugins.module_utils._docker.environment import exposed
from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release_check.module import (
    _secrets,
)
from ansible_collections.vya.observability.plugins.module_utils._release_check.secrets import (
    read_accepted,
    secrets_check,
)

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


def test_none_is_found() -> None:
    found = secrets_check("h", {"app": {"TZ": "UTC"}, "other": {}}, [])
    assert (found.id, found.status) == ("secrets h", "pass")
    assert found.seen == "none in 2 containers"


def test_each_is_named_and_none_is_shown() -> None:
    environments = {"n8n": {"DB_PASSWORD": VALUE, "TZ": "UTC", "JWT_SECRET": VALUE}, "app": {}}
    found = secrets_check("h", environments, [])
    assert found.status == "warn"
    assert found.seen == "n8n DB_PASSWORD, n8n JWT_SECRET"
    assert "docker inspect" in found.cause
    assert "n8n:DB_PASSWORD" in found.fix
    assert VALUE not in str(found)


def test_what_is_accepted_is_still_told() -> None:
    environments = {"n8n": {"DB_PASSWORD": VALUE, "JWT_SECRET": VALUE}}
    accepted = [read_accepted("n8n:DB_*"), read_accepted("*:JWT_SECRET")]
    found = secrets_check("h", environments, accepted)
    assert found.status == "pass"
    assert found.seen == "none in 1 container; accepted: n8n DB_PASSWORD, n8n JWT_SECRET"
    other = secrets_check("h", {"app": {"DB_PASSWORD": VALUE}}, accepted)
    assert other.status == "warn"


@pytest.mark.parametrize("text", ["", "n8n", ":DB_PASSWORD", "n8n:", "a b:C", "a:b:c"])
def test_a_pattern_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="expected CONTAINER:VARIABLE"):
        read_accepted(text)


def test_a_daemon_that_has_gone_away_meanwhile() -> None:
    address = "unix:///var/run/docker.sock"

    def client() -> None:
        raise Failure(
            "docker.unreachable",
            f"expected a Docker daemon at {address}, got no answer: it has ended.",
        )

    params = {"docker_host": address}
    found = _secrets(SimpleNamespace(client=client), "h", params, [{"Id": "c1"}], [])
    assert (found.id, found.status, found.seen) == ("secrets h", "fail", "got no answer")
    assert found.cause == "it has ended"
