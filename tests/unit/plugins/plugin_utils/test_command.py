# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that catches up: as the run was started, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible import constants

from ansible_collections.vya.observability.plugins.plugin_utils._command import next_command

DEPLOY: dict[str, Any] = {"args": ("vya.observability.deploy",), "tags": ["all"]}
HERE = str(Path.cwd() / "inventories/mine")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "ansible-playbook vya.observability.deploy"),
        ({"inventory": constants.DEFAULT_HOST_LIST}, "ansible-playbook vya.observability.deploy"),
        (
            {"inventory": [HERE, "one,two"], "become_ask_pass": True},
            "ansible-playbook -i inventories/mine -i one,two -K vya.observability.deploy",
        ),
        (
            {"tags": ["collector"], "skip_tags": ["proof"], "vault_password_files": ["/a b"]},
            "ansible-playbook --vault-password-file '/a b' --tags collector --skip-tags proof "
            "vya.observability.deploy",
        ),
        # One may be a secret.
        (
            {"extra_vars": ["password=secret", "@more.yml"]},
            "ansible-playbook -e … -e @more.yml vya.observability.deploy",
        ),
    ],
)
def test_a_run_for_other_hosts(given: dict[str, Any], expected: str) -> None:
    assert next_command(given={**DEPLOY, **given}) == expected
    limited = next_command(hosts=["one", "two"], given={**DEPLOY, **given})
    assert limited == f"{expected} --limit one,two"


def test_another_playbook() -> None:
    given = {**DEPLOY, "inventory": [HERE], "tags": ["collector"]}
    expected = "ansible-playbook -i inventories/mine vya.observability.drill"
    assert next_command("vya.observability.drill", given=given) == expected
