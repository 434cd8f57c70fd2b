# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own rules for one Prometheus."""

from __future__ import annotations

DOCUMENTATION = r"""
name: alert_rules
short_description: The collection's own rules for one Prometheus
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Reads the files in C(roles/prometheus/files) and returns rule groups for the fleet that the
    options describe. Leaves out groups and alerts about services that are not deployed.
options:
  alerts:
    description: Changes to the defaults, by alert, as in C(prometheus_alerts).
    type: dict
    default: {}
  runbook_url:
    description: Base URL of the runbooks, without a slash at the end.
    type: str
    required: true
  push_interval:
    description: Seconds between two pushes of the slowest collector.
    type: int
    required: true
  collectors:
    description: Expected collectors, each with C(job) and C(instance).
    type: list
    elements: dict
    default: []
  ping_sources:
    description: Expected values of the label C(source_location).
    type: list
    elements: str
    default: []
  n8n_exporters:
    description: Expected exporters, each with C(instance) and C(exporter).
    type: list
    elements: dict
    default: []
  validations:
    description: Expected labels C(instance) of published validations.
    type: list
    elements: str
    default: []
  traefik:
    description: Whether Prometheus scrapes Traefik.
    type: bool
    default: false
  alertmanagers:
    description: Whether Prometheus sends its alerts to an Alertmanager.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the rules for a server without any services around it
  ansible.builtin.debug:
    msg: >-
      {{ query('vya.observability.alert_rules', push_interval=60,
               runbook_url='https://wiki.example.com/alerts') }}
"""

RETURN = r"""
_raw:
  description: Rule groups in Prometheus's own form.
  type: list
  elements: dict
  sample:
    - name: collector
      rules:
      - {alert: CollectorStale, expr: time() - push_time_seconds > 180, for: 1m}
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ..plugin_utils._alerts.rules import rule_groups

FACTS = ("collectors", "ping_sources", "n8n_exporters", "validations", "traefik", "alertmanagers")


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self,
        terms: list[str],  # noqa: ARG002
        variables: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> list[dict[str, Any]]:
        """Return the rule groups in Prometheus's own form."""
        self.set_options(var_options=variables, direct=kwargs)
        return rule_groups(
            self.get_option("alerts"),
            self.get_option("runbook_url"),
            self.get_option("push_interval"),
            {name: self.get_option(name) for name in FACTS},
        )
