# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the user of an image is, whatever its account files are."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._failure import Failure
from ansible_collections.vya.observability.plugins.module_utils._release import user
from ansible_collections.vya.observability.plugins.module_utils._release.user import NotFound

PASSWD = b"root:x:0:0::/:\napp:x:10:20::/:\nbad:x:ten:1::/:\nbig:x:99999999999:1::/:\n"


def member(kind: bytes = tarfile.REGTYPE, content: bytes = b"", link: str = "") -> bytes:
    info = tarfile.TarInfo("passwd")
    info.type, info.linkname, info.size = kind, link, len(content)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


class Image:
    """Docker's API, for the files of one image; the daemon never leaves the image."""

    timeout = 60

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def get_archive(self, _container: str, path: str) -> tuple[Any, None]:
        if path not in self.files:
            raise NotFound("no such file")
        data = self.files[path]
        return (data[start : start + 700] for start in range(0, len(data), 700)), None


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"/etc/passwd": member(content=PASSWD)}, ["root", "app"]),
        ({"/etc/passwd": member(tarfile.SYMTYPE, link="../usr/lib/passwd"),
          "/usr/lib/passwd": member(content=PASSWD)}, ["root", "app"]),
        ({"/etc/passwd": member(tarfile.SYMTYPE, link="passwd")}, []),
        ({"/etc/passwd": member(tarfile.SYMTYPE, link="../../../../outside")}, []),
        ({"/etc/passwd": member(tarfile.LNKTYPE, link="shadow")}, []),
        ({"/etc/passwd": member(tarfile.FIFOTYPE)}, []),
        ({"/etc/passwd": member(tarfile.CHRTYPE)}, []),
        ({"/etc/passwd": member(tarfile.DIRTYPE)}, []),
        ({"/etc/passwd": b"no archive"}, []),
        ({"/etc/passwd": b""}, []),
        ({}, []),
        ({"/etc/passwd": member(content=b"a:x:1:1::/:\n" + b"x" * (3 << 20))}, ["a"]),
    ],
)  # fmt: skip
def test_account_files(files: dict[str, bytes], found: list[str]) -> None:
    lines = user._lines(user._read(Image(files), "c", "/etc/passwd"))
    assert [line[0] for line in lines if len(line) > 4] == found


@pytest.mark.parametrize("wanted", ["bad", "big", "99999999999", "nobody"])
def test_a_user_that_has_no_number(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = user._lines(PASSWD.decode())
    monkeypatch.setattr(user, "_accounts", lambda *_arguments: [lines, []])

    class Given:
        image = "i"
        settings = {"user": wanted}  # noqa: RUF012

    with pytest.raises(Failure) as error:
        user.file_owner(None, Given, {})  # type: ignore[arg-type]
    assert error.value.code == "release.user_unknown"
