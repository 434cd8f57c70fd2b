# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of a target, while its file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.ping.key import Key


def test_it_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("one\n")
    key = Key(str(path))
    assert (key.changed(), key.value) == (True, "one")
    assert not key.changed()
    # Replaced, as a deployment does it; then touched, with the same key.
    (tmp_path / "new").write_text("another\n")
    (tmp_path / "new").replace(path)
    assert (key.changed(), key.value) == (True, "another")
    (tmp_path / "new").write_text("another\n")
    (tmp_path / "new").replace(path)
    assert not key.changed()


def test_a_file_that_is_gone_leaves_the_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("one\n")
    key = Key(str(path))
    key.changed()
    path.unlink()
    assert (key.changed(), key.value, bool(key.error)) == (False, "one", True)
    path.write_text("another\n")
    assert (key.changed(), key.value, key.error) == (True, "another", None)


@pytest.mark.parametrize("content", ["", "two\nlines", "schlüssel", "a key", "bell\x07"])
def test_what_no_header_can_hold_leaves_the_key_and_is_not_shown(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "key"
    path.write_text("one\n")
    key = Key(str(path))
    key.changed()
    (tmp_path / "new").write_text(content)
    (tmp_path / "new").replace(path)
    assert (key.changed(), key.value, bool(key.error)) == (False, "one", True)
    assert not content or content not in str(key.error)
