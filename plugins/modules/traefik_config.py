#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: traefik_config
short_description: Install Traefik's dynamic configuration as one set and prove that it is served
version_added: 0.1.0
author: Vya Digital (@vya-digital)
description:
  - The new set (routers, services, middlewares, certificates) is checked before it is written.
    Certificates have to fit their keys, to be valid today and to be for the hosts of the routers.
    A Traefik of its own, in a container of the given image, then loads the set and says what it
    cannot use. It is reached through a port of the loopback address that Docker chooses.
  - The files are then renamed into place and files that are no longer in the set are removed.
    Traefik watches the directory (C(providers.file.directory) with C(watch)).
  - Traefik is proven to serve what was written. Its API shows each router, service and middleware
    of the set, enabled, with the content that was written, and none that is not in the set; the
    certificates are those that it has loaded and presents.
  - When it does not, the previous set is put back, and the task fails with the reason.
  - An unchanged set is not checked again, but it is proven.
notes:
  - Needs Traefik's API (C(api.insecure) on an address that is not public, or behind a router).
  - Configuration is YAML. A certificate's C(certFile) and C(keyFile) name files of the set, by
    their path below O(mount_path).
  - Until the last file of a change is in place Traefik may see some of the new files only, for
    milliseconds; files that others refer to come first.
extends_documentation_fragment:
  - vya.observability.config
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
requirements:
  - cryptography 38 or newer (C(python3-cryptography) on Debian and Ubuntu)
options:
  mount_path:
    description:
      - Where the container sees O(path).
    type: path
    default: /etc/traefik/dynamic
  entry_points:
    description:
      - Names of the server's entry points (TCP). A router that names another one is refused.
    type: list
    elements: str
    default: [websecure]
  tls_address:
    description:
      - C(address:port) of the TLS entry point, as the target reaches it. With it the certificate
        that is presented for each name is compared with the one that was written.
    type: str
"""

EXAMPLES = r"""
- name: Install Traefik's routes and certificates and prove that they are served
  vya.observability.traefik_config:
    path: /etc/vya-observability/traefik
    image: traefik:v3.7
    container: traefik
    url: http://127.0.0.1:8081
    tls_address: 127.0.0.1:8443
    files:
      routes.yml: "{{ lookup('ansible.builtin.template', 'routes.yml.j2') }}"
    secrets:
      - path: tls.crt
        src: /var/lib/vya-observability/certificates/server.crt
      - path: tls.key
        src: /var/lib/vya-observability/certificates/server.key
"""

RETURN = r"""
written:
  description: Files (and, with a slash, directories) that were, or would be, written.
  returned: success
  type: list
  elements: str
  sample: [routes.yml]
removed:
  description: Files and directories that were, or would be, removed.
  returned: success
  type: list
  elements: str
  sample: []
reloaded:
  description: Whether Traefik had, or would have, to load the set anew.
  returned: success
  type: bool
proven:
  description: Whether Traefik has been seen to serve this very set.
  returned: success
  type: bool
unproven:
  description: Why it has not; empty when RV(proven).
  returned: success
  type: str
  sample: no container traefik runs
loaded:
  description:
    - What Traefik has loaded of the set; empty unless RV(proven).
    - Names by section of its API, such as C(routers), C(services), C(middlewares), C(tcpRouters).
  returned: success
  type: dict
  contains:
    routers:
      description: Names of the HTTP routers.
      type: list
      elements: str
    certificates:
      description: SHA-256 of the certificates, hexadecimal.
      type: list
      elements: str
seconds:
  description: What the check and the proof took, in seconds; without steps that were not needed.
  returned: success
  type: dict
  sample: {check: 1.1, proof: 0.3}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._config.options import config_argument_spec
from ..module_utils._config.traefik import run_module


def main() -> None:
    """Entry point."""
    run_module(
        AnsibleModule(
            argument_spec={
                **config_argument_spec("/etc/traefik/dynamic"),
                "entry_points": {"type": "list", "elements": "str", "default": ["websecure"]},
                "tls_address": {"type": "str"},
            },
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
