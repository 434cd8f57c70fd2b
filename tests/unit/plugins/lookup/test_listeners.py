# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listeners: who publishes what, and who is in whose way."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vya.observability.plugins.lookup import listeners

VARIABLES = {
    "inventory_hostname": "one",
    "proxy_bind_address": "0.0.0.0",
    "proxy_https_port": "443",
    "proxy_http_port": 0,
    "proxy_api_bind_address": "127.0.0.1",
    "proxy_api_port": 8081,
    "proxy_retries": 3,
    "gateway_mode": "existing",
    "gateway_bind_address": "127.0.0.1",
    "gateway_port": 9091,
}


def of(**variables: Any) -> list[Any]:
    plugin = listeners.LookupModule(templar=Templar(DataLoader(), {}))
    plugin.set_options = lambda **_given: None
    plugin.get_option = lambda _option: None
    found: list[Any] = plugin.run(["proxy", "gateway"], {**VARIABLES, **variables})
    return found


def test_each_port_has_its_own_address_or_the_roles() -> None:
    assert of() == [
        {"host": "one", "variable": "proxy_api_port", "address": "127.0.0.1", "port": 8081},
        {"host": "one", "variable": "proxy_https_port", "address": "0.0.0.0", "port": 443},
    ]


def test_what_is_managed_counts() -> None:
    assert of(gateway_mode="managed")[0]["variable"] == "gateway_port"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("127.0.0.1", "127.0.0.1", 1),
        ("0.0.0.0", "10.0.0.1", 1),
        ("10.0.0.1", "0.0.0.0", 1),
        ("::", "10.0.0.1", 1),
        ("127.0.0.1", "10.0.0.1", 0),
    ],
)
def test_two_on_one_port(one: str, other: str, count: int) -> None:
    first = {"host": "a", "variable": "a_port", "address": one, "port": 80}
    second = {"host": "b", "variable": "b_port", "address": other, "port": 80}
    found = listeners.conflicts([first, second, {**first, "port": 81}])
    assert len(found) == count
    for said in found:
        assert said.endswith("seen: a_port of a and b_port of b.")
