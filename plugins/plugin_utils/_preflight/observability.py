# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all roles need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...module_utils._docker.client import docker_argument_spec
from ...module_utils._services.options import read
from .._fleet.own import own_services
from . import rules
from .fault import Fault

# Those of observability_urls that playbooks and roles read in each fleet.
_URLS = ("alertmanager", "prometheus", "pushgateway")


def faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong."""
    for name, pattern, expected in (
        (
            "observability_registry",
            "|[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._/-]+)?",
            "host[:port][/path] without a scheme, or nothing",
        ),
        (
            "observability_image_name",
            "[a-z0-9]+([._/-][a-z0-9]+)*",
            "the name of an image without a tag",
        ),
        ("observability_image_version", "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "a tag"),
    ):
        yield from rules.matches(v, name, pattern, expected)
    name, labels = "observability_domain", r"|[\w-]+([.][\w-]+)*[.]?(:[0-9]+)?"
    if not re.fullmatch(labels, str(v[name])):
        expected = "a DNS name, without a scheme and a path"
        yield Fault("name.invalid", name, expected, repr(v[name]))
    for name in (each for each in _URLS if each not in v["observability_urls"]):
        expected = "a value, as the variable replaces its default as a whole"
        step = f"Add it, or set {name}_url instead of observability_urls"
        yield Fault("value.missing", f"observability_urls.{name}", expected, "nothing", step)
    for name, value in v["observability_urls"].items():
        yield from rules.url(f"observability_urls.{name}", value)
    yield from _storage_faults(v)
    yield from _service_faults(v)


def _storage_faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong with the store of samples."""
    names = ("observability_storage_write_url", "observability_storage_read_url")
    yield from rules.urls(v, *names, optional=names)
    yield from rules.pair(v, "observability_storage_username", "observability_storage_password")
    yield from rules.urls(v, "observability_loki_url", optional=["observability_loki_url"])
    yield from rules.pair(v, "observability_loki_username", "observability_loki_password")
    if v["observability_storage_kind"] == "victoriametrics_cluster":
        name, expected = "observability_storage_tenant", "accountID or accountID:projectID"
        yield from rules.matches(v, name, "([0-9]+(:[0-9]+)?)?", expected)
    if not v["observability_storage_write_url"]:
        return
    if v["observability_storage_kind"] == "prometheus" and not v["observability_storage_read_url"]:
        expected = "the URL that /api/v1/query follows: it is another than that of remote write"
        yield Fault("value.missing", "observability_storage_read_url", expected, "empty")


def _service_faults(v: rules.Variables) -> Iterator[Fault]:
    """Yield what is wrong with the user's own services."""
    shared = {name: option.get("default") for name, option in docker_argument_spec().items()}
    shared["state_directory"] = v["observability_state_directory"]
    _services, problems = read(own_services(v), shared, set())
    for name, problem in problems:
        variable = f"observability_services[{name}]"
        yield Fault("service.invalid", variable, "options of container_services", problem)
    for entry in v["observability_services"] or ():
        scrape, name = entry.get("scrape") or {}, entry["release"].get("name")
        if scrape and not {"port", "target"} & {*scrape}:
            variable = f"observability_services[{name}].scrape"
            yield Fault("value.missing", variable, "a port or a target", "neither")
