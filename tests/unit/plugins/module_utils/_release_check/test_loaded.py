# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server says that it has loaded, beside what it said after the deploy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._config.rehearsal import digest
from ansible_collections.vya.observability.plugins.module_utils._release_check import loaded

from .tools import NEW, OLD, look

WORDS = {"version": "3.12.0", "groups": {}}
ASKED = {"program": "prometheus", "container": "app", "url": "http://127.0.0.1:9", "mount_path": ""}
KNOWN = {"image": OLD, "said": digest(WORDS), "unjudged": "", "asked": ASKED}


@pytest.mark.parametrize(
    ("known", "words", "code"),
    [
        ({}, WORDS, "loaded.ok"),
        ({}, {**WORDS, "groups": {"a": 1}}, "loaded.other"),
        # What the deploy could not judge is what it says since then, too.
        ({"unjudged": "external labels"}, WORDS, "loaded.ok"),
        ({"unjudged": "external labels"}, {**WORDS, "groups": {"a": 1}}, "loaded.other"),
        ({"image": NEW}, WORDS, None),
        ({"asked": {**ASKED, "container": "other"}}, WORDS, None),
    ],
)
def test_what_is_loaded(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, Any], words: Any, code: str | None
) -> None:
    directory = SimpleNamespace(last_said=lambda: {**KNOWN, **known})
    monkeypatch.setattr(loaded, "Directory", lambda _path: directory)
    monkeypatch.setattr(loaded, "mounted", lambda _container: ["/etc/x"])
    monkeypatch.setattr(loaded, "_words", lambda *_arguments: words)
    check = loaded.loaded_check(look())
    assert (check.code if check else None) == code
