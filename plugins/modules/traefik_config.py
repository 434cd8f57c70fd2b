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
  - First checks the new set (routers, services, middlewares, certificates). Certificates must match
    their keys, be valid now, and cover the hosts of the routers. A Traefik of the given image, with
    the entry points of the running one and without a network, then loads the set and reports what
    it cannot use.
  - The files are then renamed into place, and files that are no longer in the set are removed.
    Traefik watches the directory (C(providers.file.directory) with C(watch)).
  - Finally proves that Traefik serves what was written. Its API must show the routers, services and
    middlewares that the one aside showed, enabled, and no others. It must have loaded the
    certificates, and present them.
  - Files are YAML or TOML, and may have Go templates (C(env), C(range)), which Traefik reads
    itself. In what only Traefik can read, and for files elsewhere in its container, certificates
    are not checked.
  - If it does not, the previous set is restored, and the task fails with the reason.
  - What was proven is remembered in C(.NAME.proven) beside O(path), so that an unchanged set is
    proven without starting anything.
notes:
  - Needs Traefik's API (C(api.insecure) on an address that is not public, or behind a router).
  - A certificate's C(certFile) and C(keyFile) name files of the set by their path below
    O(mount_path), or files elsewhere in the container.
  - While the files of a change are being renamed, Traefik may see only some of the new files for
    milliseconds. Files that others refer to are renamed first.
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
      - Where the container mounts O(path).
    type: path
    default: /etc/traefik/dynamic
  entry_points:
    description:
      - Names of the server's TCP entry points, for as long as there is no running one to ask. A
        router with any other entry point is refused.
    type: list
    elements: str
    default: [websecure]
  tls_address:
    description:
      - C(address:port) of the TLS entry point, as the target reaches it. If set, the certificate
        that Traefik presents for each name is compared with the one that was written.
    type: str
"""

EXAMPLES = r"""
- name: Install Traefik's routes and certificates and prove that they are served
  vya.observability.traefik_config:
    path: /etc/vya-observability/traefik
    image: traefik:v3.7.14
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
  description: Whether Traefik reloaded, or would reload, the set.
  returned: success
  type: bool
  sample: true
proven:
  description: Whether Traefik was proven to serve this set.
  returned: success
  type: bool
  sample: true
unproven:
  description: Why nothing was proven. Empty if RV(proven).
  returned: success
  type: str
  sample: no container traefik runs
loaded:
  description:
    - What Traefik has loaded from the set. Empty unless RV(proven).
    - Names by section of its API, such as C(routers), C(services), C(middlewares), C(tcpRouters).
  returned: success
  type: dict
  contains:
    routers:
      description: Names of the HTTP routers.
      type: list
      elements: str
      sample: [grafana@file, pushgateway@file]
    certificates:
      description: SHA-256 of the certificates, hexadecimal.
      type: list
      elements: str
      sample: [3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040]
seconds:
  description: Duration of each step that was needed, in seconds.
  returned: success
  type: dict
  sample: {check: 1.1, proof: 0.3}
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._config.kinds import KINDS


def main() -> None:
    """Run the module."""
    kind = KINDS["traefik"]
    kind.run(Module(argument_spec=kind.spec, free=("files",), supports_check_mode=True))


if __name__ == "__main__":
    main()
