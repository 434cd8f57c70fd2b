# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Prometheus that scrapes nothing, and has samples of the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
import yaml

from .conftest import Service, running

START = """
promtool tsdb create-blocks-from openmetrics /tmp/past.txt /tmp/data
exec prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/tmp/data
"""


@contextmanager
def prometheus_with(
    client: Any, image: Any, metric: str, samples: Iterable[str], *rules: dict[str, str]
) -> Iterator[str]:
    """Its URL, when it shows all that was written: gauges C(metric), lines as in OpenMetrics."""
    group = {"name": "of the past", "rules": list(rules)}
    files = {
        "past.txt": "\n".join([f"# TYPE {metric} gauge", *samples, "# EOF", ""]),
        "rules.yml": yaml.safe_dump({"groups": [group]}),
        "prometheus.yml": yaml.safe_dump({"rule_files": ["/tmp/rules.yml"]}),
    }
    script = "".join(f"cat > /tmp/{name} <<'END'\n{text}END\n" for name, text in files.items())

    def shown(service: Service) -> Any:
        query = f"{service.url()}/api/v1/query?query=last_over_time({metric}[1d])"
        return requests.get(query, timeout=5).json()["data"]["result"]

    with running(client, image) as run:
        command, user = ["-c", script + START], "65534:65534"
        yield run("prometheus", shown, command=command, entrypoint="sh", user=user).url()
