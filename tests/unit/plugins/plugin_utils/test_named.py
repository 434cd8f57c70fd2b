# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in messages become the variables that set them."""

from __future__ import annotations

from typing import Any

from ansible_collections.vya.observability.plugins.plugin_utils._named import named, variables_of

TASK = {
    "name": "Check",
    "vya.observability.pipeline_check": {
        "ca_path": "{{ validate_ca_path | default(omit, true) }}",
        "timeout": "{{ validate_timeout_seconds }}",
        "url": "{{ validate_prometheus_url }}{{ validate_grafana_url }}",
        "timeout_hops": "{{ drill_timeout_seconds | default(1800) }}",
        "pings": 3,
        "fail_on": "validate_fail_on",
        "name": "{{ item.name }}",
    },
}
VARIABLES = {
    "ca_path": "validate_ca_path",
    "timeout": "validate_timeout_seconds",
    "timeout_hops": "drill_timeout_seconds",
}


def test_the_variable_of_each_option() -> None:
    for action in ("vya.observability.pipeline_check", "pipeline_check"):
        assert variables_of(TASK, action) == VARIABLES
    assert variables_of(TASK, "vya.observability.service_check") == {}
    assert variables_of({"service_check": "url=x"}, "service_check") == {}


def test_a_failure_names_the_variable() -> None:
    values = {"option": "ca_path"}
    failure = {"failed": True, "code": "http.option", "values": values, "msg": "option ca_path: x"}
    found = named(failure, VARIABLES)
    assert found["variable"] == "validate_ca_path"
    assert found["msg"] == "option validate_ca_path: x"
    assert (found["code"], found["values"]) == ("http.option", values)


def test_a_check_names_the_variable() -> None:
    check: dict[str, Any] = {
        "id": "ca_path",
        "seen": "a timeout of timeout_hops",
        "fix": "raise the option timeout",
        "cause": "mude a opção timeout",
    }
    (found,) = named({"checks": [check]}, VARIABLES)["checks"]
    assert found == {
        "id": "ca_path",
        "seen": "a timeout of drill_timeout_seconds",
        "fix": "raise the option validate_timeout_seconds",
        "cause": "mude a opção validate_timeout_seconds",
    }


def test_what_is_run_alone_names_its_options() -> None:
    assert named({"failed": True, "msg": "ca_path"}, {}) == {"failed": True, "msg": "ca_path"}
