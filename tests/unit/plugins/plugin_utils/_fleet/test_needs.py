# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is left out because another host does not answer."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.plugin_utils._fleet.needs import left_out

from .fleets import fleet

ALONE: dict[str, Any] = {
    "collector_ca_path": "",
    "collector_ca_host": "edge",
    "observability_registry": "",
    "image_build_host": "one",
}
EXPORTER: dict[str, Any] = {
    "n8n_exporter_ca_path": "",
    "n8n_exporter_victoriametrics_url": "",
    "observability_registry": "",
}
EDGE: dict[str, Any] = {"traefik_certificate_source": "files"}
TRUSTING = {**ALONE, "collector_ca_path": "/ca.crt"}
PULLING = {**ALONE, "observability_registry": "registry.example.com"}


def codes(lost: list[str], **groups: Any) -> dict[str, str]:
    """Code, and the host that does not answer, by the host that is left out."""
    known = fleet(**groups)
    among = sorted({host for hosts in groups.values() for host in hosts})
    found = left_out(known, lost, among)
    return {
        host: f"{checks[0]['code']} {checks[0]['values']['root']}" for host, checks in found.items()
    }


@pytest.mark.parametrize(
    ("lost", "groups", "expected"),
    [
        (["one"], {"collector": {"one": ALONE, "two": ALONE}}, {}),
        (
            ["hub"],
            {"pushgateway": {"hub": {}}, "collector": {"one": ALONE}, "prometheus": {"far": {}}},
            {"one": "reach.needs.gateway hub"},
        ),
        # Nothing of an existing gateway is deployed.
        (
            ["hub"],
            {"pushgateway": {"hub": {"pushgateway_mode": "existing"}}, "collector": {"one": ALONE}},
            {},
        ),
        (
            ["hub"],
            {"pushgateway": {"hub": {}}, "n8n_exporter": {"one": EXPORTER}},
            {"one": "reach.needs.gateway hub"},
        ),
        (
            ["hub"],
            {
                "pushgateway": {"hub": {}},
                "n8n_exporter": {
                    "one": {**EXPORTER, "n8n_exporter_victoriametrics_url": "http://v"}
                },
            },
            {},
        ),
        (
            ["edge"],
            {"traefik": {"edge": EDGE}, "collector": {"one": TRUSTING, "two": ALONE}},
            {"one": "reach.needs.ca edge"},
        ),
        # The CA is brought from the host that makes it.
        (
            ["edge"],
            {
                "traefik": {"edge": {"traefik_certificate_source": "local"}},
                "collector": {"one": {**TRUSTING, "collector_ca_host": "one"}, "two": ALONE},
            },
            {"one": "reach.needs.ca edge"},
        ),
        (
            ["one"],
            {"collector": {"one": PULLING, "two": PULLING}},
            {"two": "reach.needs.image one"},
        ),
        # One that is left out takes those with it that need it.
        (
            ["edge"],
            {
                "pushgateway": {"hub": {}},
                "collector": {"hub": TRUSTING, "two": ALONE},
                "traefik": {"edge": EDGE},
            },
            {"hub": "reach.needs.ca edge", "two": "reach.needs.gateway edge"},
        ),
    ],
)
def test_who_needs_whom(lost: list[str], groups: Any, expected: dict[str, str]) -> None:
    assert codes(lost, **groups) == expected
