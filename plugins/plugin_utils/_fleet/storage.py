# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where samples are kept beyond Prometheus, and read again: the managed VictoriaMetrics, its
cluster, or any store that takes remote write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .inventory import Fleet
from .topology import service_url, storage_url

KINDS = ("victoriametrics", "victoriametrics_cluster", "prometheus")


def storage(fleet: Fleet, host: str) -> dict[str, Any]:
    """Return the URLs of the store as a host's containers use them; empty if there is none.

    Returns:
        `remote_write` (whole), `import` (of VictoriaMetrics; samples with their own time), `read`
        (below which /api/v1/query is), `delete`, and `headers`.
    """
    of = fleet[host]
    if not of["observability_storage_write_url"]:
        url = service_url(fleet, host, "victoriametrics")
        return _single(url, url) if url else dict.fromkeys(URLS, "") | {"headers": {}}
    return external(of)


def external(of: Mapping[str, Any]) -> dict[str, Any]:
    """Return the URLs of the store that the variables of a host name."""
    write = str(of["observability_storage_write_url"]).rstrip("/")
    read = str(of["observability_storage_read_url"] or write).rstrip("/")
    kind, tenant = of["observability_storage_kind"], str(of["observability_storage_tenant"])
    if kind == "victoriametrics_cluster":
        # https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#url-format
        part = f"{tenant or 0}/prometheus"
        return {
            "remote_write": f"{write}/insert/{part}/api/v1/write",
            "import": f"{write}/insert/{part}",
            "read": f"{read}/select/{part}",
            "delete": f"{read}/delete/{part}",
            "headers": {},
        }
    if kind == "prometheus":
        headers = {"X-Scope-OrgID": tenant} if tenant else {}
        return {"remote_write": write, "import": "", "read": read, "delete": "", "headers": headers}
    return _single(write, read)


URLS = ("remote_write", "import", "read", "delete")


def _single(write: str, read: str) -> dict[str, Any]:
    return {
        "remote_write": f"{write}/api/v1/write",
        "import": write,
        "read": read,
        "delete": read,
        "headers": {},
    }


def checked_storage(fleet: Fleet, host: str) -> dict[str, Any]:
    """Return the store as pipeline_check takes it, without credentials; empty if there is none."""
    of = fleet[host]
    if not of["observability_storage_write_url"]:
        url = storage_url(fleet, host)
        return {"url": url} if url else {}
    urls = external(of)
    taken = "prometheus" if of["observability_storage_kind"] == "prometheus" else "victoriametrics"
    more = {"delete_url": urls["delete"]} if urls["delete"] else {}
    return {"url": urls["read"], "kind": taken, "headers": urls["headers"], **more}
