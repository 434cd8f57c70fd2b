# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role installs, as data."""

from __future__ import annotations

DOCUMENTATION = r"""
name: content
short_description: Configuration that a role installs, generated from its variables
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Generates configuration with several parts from the variables of a role of this collection, for
    use in that role. Names and defaults of the variables are those of the role.
options:
  _terms:
    description:
      - What to generate.
      - V(alertmanager) is a dictionary with C(config), in Alertmanager's own form, and C(secrets),
        the path and content of each file that it reads.
      - V(collector_settings) are the settings of the collector, V(collector_secrets) the path and
        content of each file that they name.
      - V(grafana_datasources), V(grafana_rule_groups) and V(grafana_dashboards) are data sources,
        alert rules and dashboards (from the texts in O(value)) as
        M(vya.observability.grafana_bundle) takes them.
      - V(grafana_file_dashboards) are all dashboards, including those read from files.
      - V(grafana_provisioning) is the text of each provisioning file, by path; V(grafana_unread)
        is what Grafana has not made from them.
      - V(grafana_marks) are the annotations for the dashboards.
      - V(images) are the images with the keys in O(value), as M(vya.observability.image_build)
        takes several; V(images_looked) are the same for a look that changes nothing;
        V(images_foreseen) is what is known of them on a host without Docker; V(image_definitions)
        are all images that can be asked for.
      - V(n8n_exporter_checks) are the checks of the runs in O(value), the results of a loop.
      - V(ping_settings) are the settings of the ping service, V(ping_secrets) the path and content
        of each file that they name.
      - V(prometheus_files) are the texts of Prometheus's files, by path. That of C(prometheus.yml)
        is taken from O(value).
      - V(traefik_acme_services) are the names that get certificates, as
        M(vya.observability.service_check) takes them.
    type: list
    elements: str
    required: true
  value:
    description: What the content is generated from, beside the variables; mostly texts.
    type: list
    elements: raw
    default: []
"""

EXAMPLES = r"""
- name: Show the data sources that the role grafana installs
  ansible.builtin.debug:
    msg: "{{ query('vya.observability.content', 'grafana_datasources') }}"
"""

RETURN = r"""
_raw:
  description: The elements of the content, or the content itself if it is not a list.
  type: list
  elements: raw
  sample: [{name: pushgateway, type: prometheus, url: "http://prometheus:9090"}]
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._content import (
    alertmanager,
    collector,
    grafana,
    grafana_provisioning,
    grafana_rules,
    images,
    n8n_exporter,
    ping,
    prometheus,
    traefik,
)
from ..plugin_utils._fleet.inventory import Fleet
from ..plugin_utils._fleet.read import fleet_of

# Functions of the host's variables, the fleet, and the option value.
CONTENT: dict[str, Callable[[Mapping[str, Any], Fleet, list[Any]], Any]] = {
    "alertmanager": lambda v, fleet, _: alertmanager.configuration(v, fleet),
    "collector_secrets": lambda v, _f, _: collector.secrets(v),
    "collector_settings": lambda v, _f, _: collector.settings(v),
    "grafana_dashboards": lambda v, _f, value: grafana.dashboards(v, value),
    "grafana_datasources": lambda v, _f, _: grafana.datasources(v),
    "grafana_file_dashboards": lambda v, _f, _: grafana.file_dashboards(v),
    "grafana_marks": lambda v, fleet, _: grafana.marks(v, fleet),
    "grafana_provisioning": lambda v, _f, _: grafana_provisioning.files(v),
    "grafana_rule_groups": lambda v, _f, _: grafana_rules.rule_groups(v),
    "grafana_unread": lambda v, _f, _: grafana_provisioning.unread(v),
    "image_definitions": lambda v, _f, _: images.definitions(v),
    "images": lambda v, _f, value: images.images(v, value),
    "images_looked": lambda v, _f, value: images.looked(v, value),
    "images_foreseen": lambda v, _f, value: images.foreseen(v, value),
    "n8n_exporter_checks": lambda v, _f, value: n8n_exporter.run_checks(
        str(v["inventory_hostname"]), str(v["n8n_exporter_directory"]), value
    ),
    "ping_secrets": lambda v, _f, _: ping.secrets(v),
    "ping_settings": lambda v, _f, _: ping.settings(v),
    "prometheus_files": lambda v, _f, value: prometheus.files(v, value[0]),
    "traefik_acme_services": lambda v, _f, _: traefik.acme_services(v),
}


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the content.

        Raises:
            AnsibleError: The term is not a key of ``CONTENT``.
        """
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1 or terms[0] not in CONTENT:
            raise AnsibleError(f"content: expected one of {', '.join(CONTENT)}; seen: {terms}")
        known = variables or {}
        fleet = fleet_of(self._loader, known)
        made = CONTENT[terms[0]](
            fleet[str(known["inventory_hostname"])], fleet, self.get_option("value")
        )
        return made if isinstance(made, list) else [made]
