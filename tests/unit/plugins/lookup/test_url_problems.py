# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""url_problems: what is a URL, and what is not; a password is never shown."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vya.observability.plugins.lookup import url_problems


def problems(*terms: str, variables: dict[str, Any], **options: Any) -> list[str]:
    plugin = url_problems.LookupModule(templar=Templar(DataLoader(), {}))
    # Ansible's plugin loader would read the defaults from the documentation.
    documented = yaml.safe_load(url_problems.DOCUMENTATION)["options"]
    plugin.set_options = lambda **_given: None
    plugin.get_option = lambda option: options.get(option, documented[option].get("default"))
    return plugin.run(list(terms), variables)


@pytest.mark.parametrize(
    "url", ["http://h", "https://h.example.com:8443/path/", "http://[::1]:9", "http://h:65535"]
)
def test_a_url_passes(url: str) -> None:
    assert problems("x_url", variables={"x_url": url}) == []


@pytest.mark.parametrize(
    "url",
    ["http://h:99999", "http://h:0", "http://h:many", "http://a b", "ftp://h", "h:80", "", None],
)
def test_what_is_none_is_named(url: Any) -> None:
    (said,) = problems("x_url", variables={"x_url": url})
    assert said.startswith("x_url: expected http:// or https://, a host,")


@pytest.mark.parametrize(
    "url", ["http://user:pass-word@h", "user:pass-word@h", "ftp://u:pass-word@h"]
)
def test_credentials_are_refused_and_not_shown(url: str) -> None:
    (said,) = problems("x_url", variables={"x_url": url})
    assert "user name or password inside it" in said
    assert "pass-word" not in said


def test_what_may_be_empty() -> None:
    assert problems("x_url", variables={"x_url": ""}, optional=["x_url"]) == []
    assert problems("x_url", variables={"x_url": "h"}, optional=["x_url"]) != []


@pytest.mark.parametrize("target", ["h:1", "a-b.example.com:65535", "[::1]:9091", ["h:1", "i:2"]])
def test_a_target_passes(target: Any) -> None:
    assert problems(variables={"x": target}, targets=["x"]) == []


@pytest.mark.parametrize("target", ["h:99999", "h:0", "h", ":80", "http://h:80", "a b:80", "h:80/"])
def test_what_is_no_target(target: str) -> None:
    assert problems(variables={"x": ["h:1", target]}, targets=["x"]) == [
        f"x: expected host:port, the port from 1 to 65535; seen: {target!r}."
    ]


def test_urls_without_a_variable_of_their_own() -> None:
    named = {"routes of one": ["http://h:1", "http://h:99999"], "routes of two": "http://h"}
    (said,) = problems(variables={}, named=named)
    assert said.startswith("routes of one: expected")
