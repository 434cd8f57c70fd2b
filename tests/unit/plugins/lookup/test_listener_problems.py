# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listener_problems: what may be listened on, and what may not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vya.observability.plugins.lookup import listener_problems


def problems(value: Any, name: str = "x_port", **options: list[str]) -> list[str]:
    plugin = listener_problems.LookupModule(templar=Templar(DataLoader(), {}))
    # Ansible's plugin loader would read the defaults from the documentation.
    documented = yaml.safe_load(listener_problems.DOCUMENTATION)["options"]
    plugin.set_options = lambda **_given: None
    plugin.get_option = lambda option: options.get(option, documented[option].get("default"))
    return plugin.run([name], {name: value})


@pytest.mark.parametrize("port", [1, "9090", 65535])
def test_a_port_passes(port: Any) -> None:
    assert problems(port) == []


@pytest.mark.parametrize("port", [0, 65536, -1, "many", "", None, True, 1.5])
def test_no_port_is_named_with_what_was_seen(port: Any) -> None:
    assert problems(port) == [f"x_port: expected a port from 1 to 65535; seen: {port!r}."]


def test_zero_where_it_may_be() -> None:
    assert problems(0, optional=["x_port"]) == []
    assert problems(-1, optional=["x_port"]) != []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::", "::1", "8.8.8.8"])
def test_an_address_passes(address: str) -> None:
    assert problems(address, "x_bind_address") == []


@pytest.mark.parametrize("address", ["127.0.0.300", "localhost", "", "127.0.0.1:80", "[::1]"])
def test_what_is_no_address(address: str) -> None:
    assert "expected an IP address" in problems(address, "x_bind_address")[0]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "8.8.8.8"])
def test_a_private_listener_refuses_public_addresses(address: str) -> None:
    name = "x_bind_address"
    assert "must not be public" in problems(address, name, private=[name])[0]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.7", "192.168.1.1", "fd00::1"])
def test_a_private_listener_takes_private_addresses(address: str) -> None:
    assert problems(address, "x_bind_address", private=["x_bind_address"]) == []
