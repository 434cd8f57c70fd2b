# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any check, and who answers at an address: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "separators": ",.",
    "more": "{items} and {n} more",
    "deadline.passed": {
        "seen": "did not answer within {deadline:.1f} s",
        "cause": "the service hangs, or the deadline is shorter than the waits and timeouts inside it",
        "fix": "find out what hangs, or raise deadline",
    },
    "defect.raised": {
        "seen": "{error}",
        "cause": "a defect in the check itself ({function}, line {line})",
        "fix": "report it",
    },
    "defect.no_result": {
        "seen": "no result",
        "cause": "a defect in the check itself",
        "fix": "report it",
    },
    "result": {
        "expected": "the checks of this task",
        "cause": "the task failed before it could check anything",
        "fix": "read its error above",
    },
    "result.failed": {
        "seen": "{message}",
    },
    "result.empty": {
        "seen": "no checks in its result",
    },
    "address.other_service": {
        "seen": "{name} answers there",
        "cause": "this is the address of {title}",
        "fix": "give the service's own host and port, or the path that the proxy routes to it",
    },
    "address.other_service.prometheus_for_pushgateway": {
        "cause": "the Pushgateway's URL points at Prometheus, which answers a push with 404 or 405",
    },
    "address.other_service.pushgateway_for_prometheus": {
        "cause": "Prometheus's URL points at the Pushgateway, which keeps no history",
    },
    "address.unknown_service": {
        "seen": "{status} from {url}: {body}",
        "cause": "another service, or a proxy's own page, answers at this address",
        "fix": "check host, port and path",
    },
}
