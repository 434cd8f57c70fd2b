# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CAs that a build is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.vya.observability.plugins.module_utils._image import build


@pytest.mark.parametrize(
    ("wish", "named", "own", "content"),
    [
        ("auto", False, False, None),
        # A machine behind a proxy that intercepts TLS.
        ("auto", False, True, "system"),
        ("auto", True, True, "named"),
        ("", True, True, None),
    ],
)
def test_the_bundle_of_a_build(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wish: str,
    named: bool,
    own: bool,
    content: str | None,
) -> None:
    for name in ("named", "system"):
        (tmp_path / name).write_text(name)
    for variable in build.CA_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    if named:
        monkeypatch.setenv("PIP_CERT", str(tmp_path / "named"))
    (tmp_path / "authorities").mkdir()
    if own:
        (tmp_path / "authorities/proxy.crt").touch()
    monkeypatch.setattr(build, "OWN_AUTHORITIES", tmp_path / "authorities")
    monkeypatch.setattr(build, "SYSTEM_AUTHORITIES", str(tmp_path / "system"))
    build.add_authorities(tmp_path, wish)
    bundle = tmp_path / build.CA_FILE
    assert (bundle.read_text() if bundle.exists() else None) == content
