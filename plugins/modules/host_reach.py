#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin host_reach."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_reach
short_description: Find out in limited time whether a host can be worked on
version_added: 0.2.0
description:
  - Runs one command on the host that tells whether it answers, whether its privileges can be had
    (C(become)), and whether it has Python. A host that does not is a failed check; the task itself
    succeeds.
  - A connection that is open and does not answer is given up in time. One that an earlier run has
    left open and that is dead is replaced.
  - Of a host that is reached by ssh, it returns options with which a later task notices that the
    host stops answering.
author: Vya Digital (@vya-digital)
attributes:
  check_mode:
    support: full
    description: Changes nothing, so it does the same in C(check_mode).
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing.
options:
  seconds:
    description: How long the host has to answer, in seconds.
    type: float
    default: 30.0
"""

EXAMPLES = r"""
- name: Reach the host
  vya.observability.host_reach:
  become: true
  register: reached

- name: Notice a connection that stops answering later
  ansible.builtin.set_fact:
    ansible_ssh_extra_args: "{{ reached.ssh_extra_args }}"
  when: reached.ssh_extra_args is defined
"""

RETURN = r"""
checks:
  description:
    - The failed check C(reach) of a host that cannot be worked on; empty if it can. It has the keys
      of RV(vya.observability.pipeline_check#module:checks).
    - Its code is V(reach.refused), V(reach.silent), V(reach.become.refused),
      V(reach.become.silent) or V(reach.python).
  returned: always
  type: list
  elements: dict
  sample:
    - {id: reach wf001, name: reach, subject: wf001, status: fail, code: reach.silent, seconds: 0.0}
ssh_extra_args:
  description: Options for C(ansible_ssh_extra_args), those that it has now included.
  returned: if the connection is C(ssh)
  type: str
  sample: -o ServerAliveInterval=7 -o ServerAliveCountMax=3
"""
