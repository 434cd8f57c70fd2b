# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the URLs and targets that a service shall reach."""

from __future__ import annotations

DOCUMENTATION = r"""
name: url_problems
short_description: What is wrong with URLs, and with addresses of the form host:port
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - For checks before a deploy. One sentence per problem, none when all is well.
  - A URL is right when it is of C(http) or C(https), has a host, a port from 1 to 65535 if any,
    no blank, and no credentials.
  - A value that may hold a password is not shown.
options:
  _terms:
    description: Names of variables that hold a URL, or a list of URLs.
    type: list
    elements: str
    default: []
  targets:
    description: Names of variables that hold C(host:port), or a list of such.
    type: list
    elements: str
    default: []
  optional:
    description: Names of those variables that may be empty.
    type: list
    elements: str
    default: []
  named:
    description: URLs that are no variable of their own, a URL or a list of URLs by their name.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Check the URLs
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ query('vya.observability.url_problems', 'server_url', 'mirror_url',
               optional=['mirror_url'], targets=['scraped_target']) }}
"""

RETURN = r"""
_raw:
  description: One sentence per problem, with the variable's name, the expected and the seen.
  type: list
  elements: str
"""

import re
from typing import Any

from ansible.plugins.lookup import LookupBase

from ..module_utils._http.error import HttpError
from ..module_utils._http.options import check_url

URL = "http:// or https://, a host, perhaps a port and a path"
TARGET = "host:port, the port from 1 to 65535"
_TARGET = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):([0-9]{1,5})")


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[str]:
        """Return a sentence per problem."""
        self.set_options(var_options=variables, direct=kwargs)
        templar: Any = self._templar

        def value(name: str) -> Any:
            return templar.template((variables or {})[name])

        found = []
        for name in terms:
            found += self._problems(name, value(name), _url)
        for name, urls in self.get_option("named").items():
            found += self._problems(name, urls, _url)
        for name in self.get_option("targets"):
            found += self._problems(name, value(name), _target)
        return found

    def _problems(self, name: str, value: Any, judge: Any) -> list[str]:
        if not value and name in self.get_option("optional"):
            return []
        found = (judge(each) for each in (value if isinstance(value, (list, tuple)) else [value]))
        return [f"{name}: expected {problem}." for problem in found if problem]


def _url(value: Any) -> str:
    text = str(value)
    try:
        check_url(text)
    except HttpError as error:
        # Whatever stands before an @ may be a password, also where the rest is no URL.
        seen = "user name or password inside it (not shown)" if "@" in text else error.seen
        return f"{URL}; seen: {seen}"
    return ""


def _target(value: Any) -> str:
    text = str(value)
    found = _TARGET.fullmatch(text)
    if found and 1 <= int(found.group(2)) <= 65535:
        return ""
    return f"{TARGET}; seen: {'text with an @ (not shown)' if '@' in text else repr(text)}"
