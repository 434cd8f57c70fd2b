#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin inventory_init."""

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_init
short_description: Write an inventory to start from, with generated secrets
version_added: 0.2.0
description:
  - Writes the files of a directory as a new inventory on the controller. In each of them,
    C(GENERATED) becomes a secret of 40 letters and digits; a file that has one is encrypted.
  - The vault password is the one that Ansible was given. If it was given none, one is
    generated into C(.vault_password) in the inventory's directory, and a C(.gitignore) beside it
    names that file.
  - Nothing is overwritten. If one of the files exists, nothing is written.
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Says what would be written, and generates nothing.
  diff_mode:
    support: full
    description: Secrets are not shown.
  idempotent:
    support: none
    description: A second run is refused.
options:
  directory:
    description:
      - The directory of the inventory. It may exist, without the files. A relative path
        begins where Ansible was started.
    type: path
    required: true
  src:
    description: The directory of the files, below C(files/) of the role or playbook.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Write the inventory
  vya.observability.inventory_init:
    directory: inventories/mine
    src: inventory
"""

RETURN = r"""
files:
  description: Paths of the files.
  returned: success
  type: list
  elements: str
  sample: [inventories/mine/hosts.yml, inventories/mine/group_vars/all/vault.yml]
vault_password_file:
  description: Path of the generated vault password. Empty if Ansible was given one.
  returned: success
  type: str
  sample: inventories/mine/.vault_password
commands:
  description: The next commands.
  returned: success
  type: list
  elements: str
  sample:
    [ansible-playbook -i inventories/mine --vault-password-file=inventories/mine/.vault_password
        vya.observability.plan]
"""
