# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of every module that talks to Grafana."""

from __future__ import annotations


class ModuleDocFragment:
    """Which server, and which organisation of it."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - URL of Grafana, with the path prefix if a proxy routes to it.
    type: str
    required: true
  org_id:
    description:
      - Id of the organisation, sent with each request as C(X-Grafana-Org-Id). The user's current
        organisation does not change, so tasks may run at the same time.
      - The default is the organisation of the credentials. A token belongs to one organisation.
    type: int
notes:
  - Grafana 9.3 or newer. Older servers are refused.
"""
