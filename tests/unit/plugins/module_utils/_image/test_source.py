# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source of an image: what belongs to it, and when it is another."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._image.source import (
    source_digest,
    source_files,
    source_revision,
    write_tar,
)


def make(root: Path, *names: str) -> Path:
    """Files whose content is their name."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


@pytest.mark.parametrize(
    ("patterns", "path", "kept"),
    [
        ("", "a", True),
        ("a", "a", False),
        ("/a", "a", False),
        ("a", "b/a", True),
        ("a", "a/b/c", False),
        ("a/", "a/b", False),
        ("*.md", "x.md", False),
        ("*.md", "docs/x.md", True),
        ("**/*.md", "x.md", False),
        ("**/*.md", "a/b/x.md", False),
        ("a/**", "a/b/c", False),
        ("a/**/z", "a/z", False),
        ("a/**/z", "a/b/c/z", False),
        ("a?c", "abc", False),
        ("a?c", "a/c", True),
        ("[ab].txt", "b.txt", False),
        ("[^a].txt", "a.txt", True),
        ("x.+", "xyz", True),
        ("# note\n\n  a  ", "a", False),
        ("*.md\n!keep.md", "keep.md", True),
        ("*.md\n!keep.md", "other.md", False),
        ("!keep.md\n*.md", "keep.md", False),
        ("./a/../b", "b", False),
        ("**/__pycache__", "a/__pycache__/x.pyc", False),
        (".dockerignore", "a", True),
        ("*", "Dockerfile", True),
        ("*", "prepare.sh", True),
    ],
)
def test_dockerignore(tmp_path: Path, patterns: str, path: str, kept: bool) -> None:
    make(tmp_path, path)
    (tmp_path / ".dockerignore").write_text(patterns)
    assert source_files(tmp_path) == ([path] if kept else [])


def test_digest_is_of_names_kinds_modes_and_contents(tmp_path: Path) -> None:
    def digest() -> str:
        return source_digest(tmp_path, source_files(tmp_path))

    make(tmp_path, "a", "b/c")
    seen = {digest()}
    os.utime(tmp_path / "a", (1, 1))
    (tmp_path / "a").chmod(0o600)
    (tmp_path / "empty").mkdir()
    assert digest() in seen

    def is_new() -> bool:
        new = digest() not in seen
        seen.add(digest())
        return new

    (tmp_path / "a").write_text("other")
    assert is_new()
    (tmp_path / "a").chmod(0o755)
    assert is_new()
    (tmp_path / "a").rename(tmp_path / "d")
    assert is_new()
    (tmp_path / "link").symlink_to("d")
    assert is_new()
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b")
    assert is_new()


def test_tar_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one", "a", "b/c/d"), make(tmp_path / "two", "b/c/d", "a")
    for root in (one, two):
        (root / "a").chmod(0o700)
        (root / "link").symlink_to("a")
    (two / "b/c/d").chmod(0o660)
    tars = []
    for root in (one, two):
        buffer = io.BytesIO()
        write_tar(root, source_files(root), buffer)
        tars.append(buffer.getvalue())
    assert tars[0] == tars[1]
    with tarfile.open(fileobj=io.BytesIO(tars[0])) as tar:
        entries = {entry.name: entry for entry in tar}
    assert {name: oct(entry.mode) for name, entry in entries.items() if not entry.issym()} == {
        "b": "0o755",
        "b/c": "0o755",
        "a": "0o755",
        "b/c/d": "0o644",
    }
    assert entries["link"].linkname == "a"
    assert {entry.mtime for entry in entries.values() if not entry.issym()} == {315532800}


def test_revision_without_git(tmp_path: Path) -> None:
    assert source_revision(make(tmp_path, "a")) == ""
