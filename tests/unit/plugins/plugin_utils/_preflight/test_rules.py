# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the variables of several roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._preflight import rules
from ansible_collections.vya.observability.plugins.plugin_utils._preflight.fault import Fault


def codes(found: Iterable[Fault]) -> list[str]:
    return [fault.code for fault in found]


@pytest.mark.parametrize("value", [1, "9091", 65535])
def test_a_port(value: Any) -> None:
    assert codes(rules.port({"p": value}, "p")) == []


@pytest.mark.parametrize("value", [0, -1, 65536, "many", None, True, 80.5, "", "80.5"])
def test_no_port(value: Any) -> None:
    assert codes(rules.port({"p": value}, "p")) == ["port.invalid"]


def test_port_0_where_it_may_be_left_unpublished() -> None:
    assert codes(rules.port({"p": 0}, "p", lowest=0)) == []


@pytest.mark.parametrize(
    ("address", "private", "expected"),
    [
        ("127.0.0.1", False, []),
        ("0.0.0.0", False, []),
        ("::1", True, []),
        ("10.1.2.3", True, []),
        ("0.0.0.0", True, ["address.public"]),
        ("::", True, ["address.public"]),
        ("8.8.8.8", True, ["address.public"]),
        ("localhost", False, ["address.invalid"]),
        ("", True, ["address.invalid"]),
    ],
)
def test_an_address(address: str, private: bool, expected: list[str]) -> None:
    assert codes(rules.listens({"a": address}, "a", private=private)) == expected


@pytest.mark.parametrize(
    "value",
    [
        "http://h",
        "https://h.example.com:8443/path",
        "http://[::1]:80/",
        "http://127.0.0.1/a?b=c",
    ],
)
def test_a_url(value: str) -> None:
    assert codes(rules.urls({"u": value}, "u")) == []


@pytest.mark.parametrize(
    "value",
    ["", None, "h", "h:80", "ftp://h", "http://", "http://h:0", "http://h:99999", "http://a b"],
)
def test_no_url(value: Any) -> None:
    (fault,) = rules.urls({"u": value}, "u")
    assert (fault.code, fault.variable) == ("url.invalid", "u")
    assert codes(rules.urls({"u": value}, "u", optional=["u"])) == (
        ["url.invalid"] if value else []
    )


@pytest.mark.parametrize(
    "value", ["http://user:pass-word@h", "user:pass-word@h", "http://:pass-word@"]
)
def test_credentials_are_not_shown(value: str) -> None:
    for found in (rules.urls({"u": value}, "u"), rules.targets({"u": value}, "u")):
        (fault,) = found
        assert "pass-word" not in fault.message
        assert "pass-word" not in str(fault)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("h:1", 0),
        ("[::1]:65535", 0),
        (["a:9093", "b:9093"], 0),
        ([], 0),
        ("h", 1),
        ("h:0", 1),
        ("h:65536", 1),
        ("http://h:80", 1),
        (["a:9093", "b:0", "c"], 2),
    ],
)
def test_targets(value: Any, count: int) -> None:
    assert codes(rules.targets({"t": value}, "t")) == ["target.invalid"] * count


@pytest.mark.parametrize(
    ("one", "other", "missing"), [("", "", None), ("a", "b", None), ("a", "", "y"), ("", "b", "x")]
)
def test_a_pair(one: str, other: str, missing: str | None) -> None:
    found = [fault.variable for fault in rules.pair({"x": one, "y": other}, "x", "y")]
    assert found == ([missing] if missing else [])


def test_a_secret_is_not_shown() -> None:
    (fault,) = rules.matches({"s": "short-secret"}, "s", "[0-9]+", "digits", secret=True)
    assert "short-secret" not in fault.message


@pytest.mark.parametrize(
    ("path", "fine"),
    [("/etc/rules", True), ("/a/b/c", True), ("/etc", False), ("/", False), ("a/b", False)],
)
def test_a_deep_path(path: str, fine: bool) -> None:
    assert codes(rules.deep_path({"p": path}, "p")) == ([] if fine else ["path.invalid"])


def test_names_that_are_there_twice() -> None:
    (fault,) = rules.once("v", ["a", "b", "a", "b", "c"])
    assert (fault.code, fault.seen) == ("name.twice", "a, b twice")
