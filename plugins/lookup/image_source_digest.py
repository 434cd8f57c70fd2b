# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of an image's source, as image_build notes it on the image."""

from __future__ import annotations

DOCUMENTATION = r"""
name: image_source_digest
short_description: Digest of an image's source on the controller
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Computes the same digest that M(vya.observability.image_build) records in the image's label
    C(io.vya.observability.source-digest). M(vya.observability.release_check) uses it to find out
    whether an image was built from today's source.
options:
  _terms:
    description:
      - Directories with a C(Dockerfile), absolute or below C(files/) of the role or playbook.
    type: list
    elements: str
    required: true
seealso:
  - module: vya.observability.image_build
  - module: vya.observability.release_check
"""

EXAMPLES = r"""
- name: Ensure that the collector was built from today's source
  vya.observability.release_check:
    releases:
      - name: prod-collector-api
        source_digest: "{{ lookup('vya.observability.image_source_digest', collector_source) }}"
"""

RETURN = r"""
_raw:
  description: A digest (C(sha256:...)) per directory.
  type: list
  elements: str
  sample: ["sha256:3f8df50bd37afdc3bc6e887e69a518b9b659981e13fbebc5b0a5b59d58306040"]
"""

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ..module_utils._image.source import source_digest, source_files


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[str]:
        """Return the digest of each directory."""
        self.set_options(var_options=variables, direct=kwargs)
        return [_digest(self._source(term, variables or {})) for term in terms]

    def _source(self, term: str, variables: dict[str, Any]) -> Path:
        found = self.find_file_in_search_path(variables, "files", term, ignore_missing=True)
        path = Path(found or term)
        if not (path / "Dockerfile").is_file():
            raise AnsibleLookupError(
                f"image_source_digest: expected a directory with a Dockerfile, absolute or below "
                f"files/, got {term!r}"
            )
        return path


def _digest(source: Path) -> str:
    return source_digest(source, source_files(source))
