# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""image_source_digest: what the action plugin of image_build would note."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.vya.observability.plugins.lookup import image_source_digest
from ansible_collections.vya.observability.plugins.module_utils._image.source import (
    source_digest,
    source_files,
)


def digests(*terms: str, base: Path | None = None) -> list[str]:
    plugin = image_source_digest.LookupModule(loader=DataLoader())
    plugin.set_options = lambda **_given: None
    return plugin.run(list(terms), {"ansible_search_path": [str(base)]} if base else {})


def test_the_digest_is_the_one_of_image_build(tmp_path: Path) -> None:
    source = tmp_path / "files/app"
    source.mkdir(parents=True)
    (source / "Dockerfile").write_text("FROM scratch\n")
    (source / ".dockerignore").write_text("*.pyc\n")
    before = digests(str(source))
    assert before == [source_digest(source, source_files(source))]
    # As a role finds it, and as one that was run.
    (source / "ignored.pyc").write_text("")
    assert digests("app", base=tmp_path) == before
    (source / "app.py").write_text("")
    assert digests(str(source)) != before


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    for term in (str(tmp_path), "nowhere"):
        with pytest.raises(AnsibleLookupError, match="Dockerfile"):
            digests(term)
