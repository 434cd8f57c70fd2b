#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_services
short_description: Converge several services of a Docker host in one task
version_added: 0.2.0
author: Vya Digital (@vya-digital)
description:
  - Ensures that each service of a list runs as described. A service is a container
    (M(vya.observability.container_release)) and, if it has one, the configuration directory that
    its server reads (M(vya.observability.prometheus_config),
    M(vya.observability.alertmanager_config) or M(vya.observability.traefik_config)).
  - The services are converged in the order of the list. One that has not changed is left alone, and
    its configuration is proven. One that has changed goes through the transaction of its modules -
    checked, rehearsed, written, swapped, proven.
  - If the container cannot be deployed, or does not load the new configuration, the previous
    configuration is restored. The services after it are not touched, and the task fails. It returns
    what was done before.
  - All options of all services are validated before anything is touched.
extends_documentation_fragment:
  - vya.observability.docker
  - vya.observability.docker.state
  - vya.observability.attributes
options:
  services:
    description: The services of the host, in the order in which they are converged.
    type: list
    elements: dict
    required: true
    suboptions:
      state:
        description: Whether the service runs, or its container, releases and files are removed.
        type: str
        choices: [present, absent]
        default: present
      release:
        description:
          - The container, in the options of M(vya.observability.container_release). Those that are
            options of this module, too, and C(state), are not accepted here. To remove a service,
            its C(name) is enough.
        type: dict
        required: true
      certificate:
        description:
          - A certificate of a local CA that the configuration takes with C(src), in the options of
            M(vya.observability.certificate_local). It is made or renewed before the configuration.
        type: dict
      config:
        description:
          - The configuration directory, in the options of the module that C(kind)
            stands for. The defaults of C(image) and C(container) are the image and the name of
            O(services[].release).
          - The option C(kind) is required. It is V(alertmanager), V(prometheus) or V(traefik).
        type: dict
      gated:
        description:
          - Whether each new release of the service must be validated before a deploy goes on. The
            id of the release that was validated last is read from C(NAME.proven) in
            O(state_directory).
        type: bool
        default: false
  state:
    description:
      - V(present) converges the services.
      - V(planned) changes nothing, also outside of check mode, and returns in RV(pending) what
        V(present) would change. It makes all checks that V(present) makes before it touches
        anything, and reports everything that prevents it at once.
      - V(rehearsed) rehearses the containers that V(present) would replace, as C(state=rehearsed)
        of M(vya.observability.container_release) does. Services with a configuration are only
        planned.
    type: str
    choices: [present, planned, rehearsed]
    default: present
  private_directories:
    description:
      - Directories above the configurations, which are created if needed, and which only root may
        enter.
    type: list
    elements: path
    default: []
seealso:
  - module: vya.observability.container_release
  - module: vya.observability.certificate_local
  - module: vya.observability.prometheus_config
  - module: vya.observability.alertmanager_config
  - module: vya.observability.traefik_config
"""

EXAMPLES = r"""
- name: Deploy Alertmanager and two exporters
  vya.observability.container_services:
    services:
      - release:
          name: alertmanager
          image: prom/alertmanager:v0.28.1
          ports: [127.0.0.1:9093:9093]
          volumes:
            - source: /etc/vya-observability/alertmanager
              target: /etc/alertmanager
              read_only: true
          healthcheck:
            test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:9093/-/ready"]
        config:
          kind: alertmanager
          path: /etc/vya-observability/alertmanager
          url: http://127.0.0.1:9093
          files:
            alertmanager.yml: "{{ alertmanager_configuration }}"
      - release: "{{ node_exporter_release }}"
      - release: "{{ cadvisor_release }}"

- name: See which services would change
  vya.observability.container_services:
    services: "{{ my_services }}"
    state: planned
  register: planned
"""

RETURN = r"""
pending:
  description:
    - With O(state=planned), names of the services that would change or wait for validation.
  returned: always
  type: list
  elements: str
  sample: [alertmanager]
releases:
  description:
    - With O(state=planned), names of all releases that have files in O(state_directory), also of
      services that are not among O(services).
  returned: always
  type: list
  elements: str
  sample: [alertmanager, node-exporter]
services:
  description: The result of each service, by its name. If the task fails, of those before.
  returned: always
  type: dict
  sample:
    alertmanager:
      changed: true
      actions: [create container alertmanager]
      config: {changed: true, proven: true, written: [alertmanager.yml]}
      validated: true
      seconds: 4.2
"""

from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._services.module import run_module
from ..module_utils._services.options import argument_spec


def main() -> None:
    """Run the module."""
    run_module(Module(argument_spec=argument_spec(), free=("services",), supports_check_mode=True))


if __name__ == "__main__":
    main()
